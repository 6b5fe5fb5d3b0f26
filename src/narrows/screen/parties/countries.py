"""Countries by any of their usual names."""

import re
from functools import lru_cache

from narrows.screen.parties.wordlists import rows_of
from narrows.terms import place_name, places

__all__ = ["country_code", "country_codes", "country_names"]

_NO_LETTER = re.compile(r"[^a-z ]+")


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    found = {_plain(name): code for code, name in places().items()}
    for code, two, names in rows_of("countries.csv"):
        found |= {code.lower(): code, two.lower(): code}
        found |= {name: code for name in names.split("|") if name}
    return found


def _plain(text: str) -> str:
    return " ".join(_NO_LETTER.sub(" ", text.lower().replace("'", "")).split())


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """Give the alpha-3 code of a country; empty where the text is none that is known.

    >>> country_code("Iran, Islamic Republic of"), country_code("KR"), country_code("Utopia")
    ('IRN', 'KOR', '')
    """
    return _known().get(_plain(text), "")


def country_codes(texts: tuple[str, ...]) -> frozenset[str]:
    """Give the codes of those texts that name a country, or end with one."""
    found = {country_code(text) or country_code(text.rsplit(",", 1)[-1]) for text in texts}
    return frozenset(found - {""})


def country_names(codes: frozenset[str]) -> str:
    """Give the names of countries, for a sentence."""
    return ", ".join(sorted(place_name(code) for code in codes))
