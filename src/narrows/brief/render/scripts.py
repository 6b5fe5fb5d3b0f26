"""Text that the embedded fonts cannot show, named instead of drawn as empty boxes."""

import re
import unicodedata

__all__ = ["clean", "within_fonts"]

_NAMED = (
    ("CJK", "Chinese characters"),
    ("HIRAGANA", "Japanese"),
    ("KATAKANA", "Japanese"),
    ("HANGUL", "Korean"),
    ("ARABIC", "Arabic"),
    ("HEBREW", "Hebrew"),
    ("THAI", "Thai"),
    ("DEVANAGARI", "Hindi"),
)
_PLAIN = re.compile(
    r"[\x20-\u036f\u0370-\u052f\u1e00-\u1fff\u2000-\u22ff\u25a0-\u25ff\ufb00-\ufb06]*"
)


def clean(text: str) -> str:
    """Take out control characters; line ends and tabs become spaces."""
    return "".join(
        sign if unicodedata.category(sign) not in ("Cc", "Cs", "Cn", "Co") else " " for sign in text
    )


def within_fonts(text: str) -> str:
    """Give text that the fonts of the page can show; other scripts are named in brackets.

    The HTML page keeps the text as it is.

    Examples
    --------
    >>> within_fonts("华为技术 (Huawei)")
    '[Chinese characters] (Huawei)'
    """
    text = clean(text)
    if _PLAIN.fullmatch(text):
        return text
    out: list[str] = []
    for sign in text:
        shown = sign if _PLAIN.fullmatch(sign) else f"[{_script(sign)}]"
        if len(shown) == 1 or not out or out[-1] != shown:
            out.append(shown)
    return "".join(out)


def _script(sign: str) -> str:
    name = unicodedata.name(sign, "")
    return next((shown for head, shown in _NAMED if name.startswith(head)), "sign")
