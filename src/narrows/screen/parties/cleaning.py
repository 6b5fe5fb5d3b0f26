"""Text of a name made plain: what is invisible goes, what only looks different becomes equal."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from narrows.screen.parties.wordlists import confusables

__all__ = [
    "LONGEST",
    "clean",
    "disguised",
    "letters_from_signs",
    "marks_to_letters",
    "other_names",
    "repaired",
]

LONGEST = 400
"""Characters of a name that are read; the rest of a longer one is left out and said so."""

_APOSTROPHES = dict.fromkeys(map(ord, "’‘`´ʼʻʹ′ʾʿˈ＇‛ʽ"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－_/\\|・·‧∙•"), "-")
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»″〝〞「」『』《》"), '"')
_PLAIN = {**_APOSTROPHES, **_DASHES, **_QUOTES, ord("|"): "|", ord("№"): " no "}
_SIGNS = {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "9": "g",
    "2": "z",
    "6": "g",
}
_INNER = re.compile(r"[a-z][0-9]+[a-z]")
_MARKS = {"@": "a", "$": "s", "!": "i", "|": "l", "€": "e", "£": "l", "+": "t"}
_MARK = re.compile(r"(?<=\w)[@$!|€£+](?=\w)|(?<!\S)[@$](?=[^\W\d]{2})|(?<=[^\W\d]{2})[@$](?!\S)")
_FORMER = re.compile(
    r"\s*[\(\[,;]?\s*\b(?:a\.?k\.?a\.?|f\.?k\.?a\.?|n\.?k\.?a\.?|d\.?b\.?a\.?|also known as|"
    r"formerly known as|now known as|doing business as|formerly)(?![a-z])[\s:,]*",
    re.IGNORECASE,
)
_SLASH = re.compile(r"(?<=[^\W\d_]{3})\s*/\s*(?=[^\W\d_]{3})")
_AND_ITS = re.compile(
    r"[;,]?\s*(?:and|including)\s+(?:any|all)\s+(?:successors?|subsidiar|sub-?units?|affiliat).*$",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=4096)
def _invisible(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cf", "Cc", "Co", "Cn", "Cs"}


def clean(text: str) -> str:
    """Give a name in one Unicode form, without signs that nobody sees.

    Full width, ligatures and mathematical letters become plain letters; zero-width signs, marks
    of direction and soft hyphens go; apostrophes, dashes and quotes become one each.

    >>> clean("Ｈｕａ\u200bｗｅｉ")
    'Huawei'
    """
    text = text[:LONGEST]
    if text.isascii() and text.isprintable():
        return text.translate(_PLAIN) if ("_" in text or "/" in text or "`" in text) else text
    text = unicodedata.normalize("NFKC", text.translate(_PLAIN)).translate(_PLAIN)
    return "".join(
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or not _invisible(letter)
    )


def other_names(text: str) -> tuple[str, ...]:
    """Give the names that one entry writes as one text ("X, f.k.a. Y"), the first one first.

    >>> other_names("Orion Trading (f.k.a. Vega Trading)")
    ('Orion Trading', 'Vega Trading')
    """
    text = _AND_ITS.sub("", text)
    parts = [_bare(part) for part in _FORMER.split(text)]
    parts += [side for part in parts if _SLASH.search(part) for side in _SLASH.split(part)]
    return tuple(dict.fromkeys(part for part in parts if part)) or (text.strip(),)


def _bare(part: str) -> str:
    part = part.strip(" ,;:")
    if part.count(")") > part.count("("):
        part = part.rstrip(") ")
    return part.lstrip("( ") if part.count("(") > part.count(")") else part


def repaired(token: str, *, among_latin: bool) -> str:
    """Give a token with letters of other scripts that pose as Latin ones put right.

    A token that mixes scripts is repaired; one all of look-alike letters only where the name has
    Latin words beside it.

    >>> repaired("huаwei", among_latin=True)  # the first a is Cyrillic
    'huawei'
    """
    if token.isascii():
        return token
    known = confusables()
    alike = [letter in known for letter in token]
    latin = any(letter.isascii() and letter.isalpha() for letter in token)
    if not any(alike) or not (latin or (among_latin and all(alike))):
        return token
    return "".join(known.get(letter, letter) for letter in token)


def disguised(words: Sequence[str]) -> bool:
    """Whether digits stand for letters in a name: one word has them between letters.

    >>> disguised(["5h3nzh3n", "84nk"]), disguised(["route", "66"]), disguised(["b2b", "4ever"])
    (True, False, False)
    """
    return any(len(word) > 3 and _INNER.search(word) for word in words)


def letters_from_signs(token: str) -> str:
    """Give a word with the letters that its digits stand for; one is read as i.

    >>> letters_from_signs("5h3nzh3n")
    'shenzhen'
    """
    return "".join(_SIGNS.get(letter, letter) for letter in token)


def marks_to_letters(text: str) -> str:
    """Give text with signs inside words ("Hu@wei") as the letters they stand for."""
    if not any(mark in text for mark in _MARKS):
        return text
    return _MARK.sub(lambda found: _MARKS[found.group()], text)
