"""How a word sounds: a key with like sounds made equal, and one without vowels."""

import re
from functools import lru_cache

__all__ = ["consonants", "sound"]

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"shch|sch|tsch|tch|tsh", "c"),
        (r"dzh|dj|zh|j", "z"),
        (r"ph", "f"),
        (r"gh", "g"),
        (r"kh|ck|cq|q", "k"),
        (r"c(?=[eiy])", "s"),
        (r"ch", "c"),
        (r"c(?!\b)(?=[^h]|$)", "k"),
        (r"ts|tz|sh|x(?=[iu])", "s"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"z", "s"),
        (r"(?<=[bdtglrm])h", ""),
        (r"ou|oo|eu|eo", "u"),
        (r"y|ee|ie|ei|ey|j", "i"),
        (r"e", "i"),
        (r"o", "u"),
        (r"h\b", ""),
        (r"(.)\1+", r"\1"),
    )
)
_VOWELS = str.maketrans(dict.fromkeys("aeiouyw'", None))
_CLASSES = str.maketrans({"p": "b", "v": "f", "q": "k", "g": "k", "z": "s", "j": "s", "c": "k"})
_PAIRS = (("kh", "h"), ("gh", "k"), ("ch", "s"), ("sh", "s"), ("th", "t"), ("dh", "d"), ("ph", "f"))
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """Give a key in which spellings of one sound are equal.

    >>> sound("mohammed") == sound("muhamed"), sound("gasprom") == sound("gazprom")
    (True, True)
    """
    key = word
    for pattern, to in _RULES:
        key = pattern.sub(to, key)
    return key


@lru_cache(maxsize=200_000)
def consonants(word: str) -> str:
    """Give the consonants of a word in coarse classes, as a script without vowels keeps them.

    >>> consonants("mhmd") == consonants("muhammad"), consonants("bwtyn") == consonants("putin")
    (True, True)
    """
    for pair, to in _PAIRS:
        word = word.replace(pair, to)
    if word.endswith("h") and len(word) > 2:
        word = word[:-1]
    word = word.replace("x", "ks").translate(_VOWELS).translate(_CLASSES)
    return _TWICE.sub(r"\1", word)
