"""Hangul in Latin letters, syllable by syllable."""

__all__ = ["has_hangul", "syllables"]

_FIRST, _VOWEL, _LAST = (
    line.split()
    for line in (
        "g kk n d tt r m b pp s ss - j jj ch k t p h",
        "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
        "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t",
    )
)
_BASE, _END = 0xAC00, 0xD7A3


def has_hangul(text: str) -> bool:
    """Whether a text holds a hangul syllable."""
    return any(_BASE <= ord(letter) <= _END for letter in text)


def syllables(text: str) -> list[str]:
    """Give each hangul syllable in the Revised Romanisation, without sounds that run together.

    References
    ----------
    Revised Romanization of Korean, Ministry of Culture and Tourism, notice 2000-8.

    >>> syllables("김정은")
    ['gim', 'jeong', 'eun']
    """
    found = []
    for letter in text:
        place = ord(letter) - _BASE
        if 0 <= place <= _END - _BASE:
            first, rest = divmod(place, 588)
            vowel, last = divmod(rest, 28)
            found.append((_FIRST[first] + _VOWEL[vowel] + _LAST[last]).replace("-", ""))
    return found
