"""Country codes of trade statistics: numbers of UN M49, Comtrade and BACI as place codes."""

import csv
from functools import cache
from importlib.resources import files

from narrows.terms import OTHER, WORLD, UnknownName, places

__all__ = ["number_to_place", "numeric_codes", "place_code"]

_ISO = {"S19": "TWN", "W00": WORLD, "WLD": WORLD, "N/A": OTHER, "_X": OTHER}


@cache
def numeric_codes() -> dict[int, str]:
    """Give the place of each number that Comtrade or BACI uses.

    Examples
    --------
    >>> codes = numeric_codes()
    >>> codes[490], codes[842], codes[757], codes[417]
    ('TWN', 'USA', 'CHE', 'KGZ')
    """
    text = files("narrows.screen.diversion").joinpath("numeric_codes.csv").read_text("utf-8")
    return {int(row["number"]): row["place"] for row in csv.DictReader(text.splitlines())}


def number_to_place(number: int) -> str:
    """Give the place of a number, `Other` for one that no list knows.

    Examples
    --------
    >>> number_to_place(398), number_to_place(12345)
    ('KAZ', 'Other')
    """
    return numeric_codes().get(number, OTHER)


@cache
def place_code(name: str) -> str:
    """Give the code of a place written as a code, a number or a short English name.

    Parameters
    ----------
    name
        Such as ``KGZ``, ``417``, ``Kyrgyzstan`` or Comtrade's ``S19``.

    Raises
    ------
    UnknownName
        When nothing known is called so; the nearest names are offered.

    Examples
    --------
    >>> place_code("S19"), place_code("417"), place_code("kyrgyzstan"), place_code("World")
    ('TWN', 'KGZ', 'KGZ', 'World')
    """
    text = name.strip()
    if text.isdigit() and int(text) in numeric_codes():
        return numeric_codes()[int(text)]
    known = places()
    for code in (text, text.upper()):
        if code in known or code in (WORLD, OTHER):
            return code
        if code in _ISO:
            return _ISO[code]
    names = {title.casefold(): code for code, title in known.items()}
    names |= {word.casefold(): word for word in (WORLD, OTHER)}
    if text.casefold() in names:
        return names[text.casefold()]
    raise UnknownName("place", text, [*known, *known.values()], where="place")
