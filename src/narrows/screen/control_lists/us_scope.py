"""What a licence-requirements row of the US list says: for which paragraphs, and to where."""

import re
from collections.abc import Mapping
from typing import Final

from narrows.screen.items.entries import covers
from narrows.screen.rules.truth import Truth

__all__ = ["applies", "requires"]

_TOKEN: Final = re.compile(r"^(?:\d[A-E]\d{3})?\.?((?:[a-z]|\d{1,2})(?:\.(?:[a-z]|\d{1,2}))*)?$")
_COLUMN: Final = re.compile(r"\b([A-Z]{2}):?\s+[Cc]olumn\s+(\d)")
_PREFIX: Final = re.compile(r"^(?:items controlled by\s+)?(?:ECCNs?\s+)?")
_PARTS: Final = re.compile(r",\s*(?:and\s+)?(?![^(]*\))|\s+and\s+(?![^(]*\))")
_EVERYWHERE: Final = re.compile(
    r"(any destination worldwide|worldwide control|all destinations)", re.IGNORECASE
)


def applies(control: str, code: str) -> Truth:
    """Tell whether a row applies to an item.

    Parameters
    ----------
    control
        First cell of the row, such as ``NS applies to 3B001.a.1 to a.3, b, e``.
    code
        The item's entry with its paragraph.

    Returns
    -------
    Truth
        None where the row speaks of more than paragraphs, or where the code does not say which
        paragraph it is.

    Examples
    --------
    >>> row = "NS applies to 3B001.a.1 to a.3, b, e, f.2 to f.4, g to j"
    >>> applies(row, "3B001.a.2"), applies(row, "3B001.f.1"), applies(row, "3B001")
    (True, False, None)
    """
    _, found, rest = control.partition(" applies to ")
    if not found:
        return None
    words = rest.strip().rstrip(".")
    if words.lower().removeprefix("the ").startswith("entire entry"):
        _, but, exceptions = words.partition("except")
        if not but:
            return True if len(words.split()) <= len(["the", "entire", "entry"]) else None
        named = _named(exceptions, code)
        return None if named is None else not named
    return _named(_PREFIX.sub("", words), code)


def _named(words: str, code: str) -> Truth:
    """Tell whether a list of paragraphs names the code's."""
    eccn, _, paragraph = code.partition(".")
    found: Truth = False
    for whole in _PARTS.split(words.strip(" .")):
        part, _, but = whole.partition(" (except ")
        if but and (left := _named(but.rstrip(")"), code)) is not False:
            found = None if left is None else found
            continue
        first, to, last = part.strip().partition(" to ")
        one, two = _TOKEN.match(first.strip()), _TOKEN.match(last.strip())
        if one is None or (to and two is None):
            return None
        if re.match(r"\d[A-E]\d{3}", first) and not first.startswith(eccn):
            continue
        start, end = one[1] or "", (two[1] or "") if two and to else ""
        if not start:
            return True
        truth = _within(paragraph, start, end)
        if truth:
            return True
        found = None if truth is None else found
    return found


def _within(paragraph: str, start: str, end: str) -> Truth:
    names = _range(start, end) if end else [start]
    if any(covers(name, paragraph) for name in names if paragraph):
        return True
    broader = not paragraph or any(covers(paragraph, name) for name in names)
    return None if broader else False


def _range(start: str, end: str) -> list[str]:
    """Give ``a.1`` to ``a.3`` or ``k`` to ``n``, the last part counted on."""
    head, dot, first = start.rpartition(".")
    last = end.rpartition(".")[2]
    if first.isdigit() and last.isdigit():
        found = [str(number) for number in range(int(first), int(last) + 1)]
    else:
        found = [chr(letter) for letter in range(ord(first), ord(last) + 1)]
    return [f"{head}{dot}{each}" for each in found]


def requires(
    requirement: str,
    place: str,
    columns: Mapping[str, frozenset[str]],
    embargoed: frozenset[str],
    groups: Mapping[str, frozenset[str]],
) -> Truth:
    """Tell whether a row asks for a licence to a place.

    Parameters
    ----------
    requirement
        Second cell of the row: a column of the Country Chart, or words.
    place
        The destination.
    columns, embargoed, groups
        Country Chart, the places it refers elsewhere, and Country Groups.

    Returns
    -------
    Truth
        None where the words refer to another section that is not held.
    """
    if found := _COLUMN.search(requirement):
        if place not in columns or place in embargoed:
            return None
        return f"{found[1]} {found[2]}" in columns[place]
    return _in_words(requirement.lower(), place, groups)


def _in_words(low: str, place: str, groups: Mapping[str, frozenset[str]]) -> Truth:
    """Read a requirement that names places in words; None for other words."""
    found: Truth = None
    if "united arab emirates" in low and "d:1" in low:
        near = groups["A:5"] | groups["A:6"]
        concern = groups["D:1"] | groups["D:4"] | groups["D:5"]
        found = place == "ARE" or (place in concern and place not in near)
    elif "macau or a destination specified in country group d:5" in low:
        found = place == "MAC" or place in groups["D:5"]
    elif low.startswith("china, russia"):
        found = place in ("CHN", "RUS", "VEN")
    elif _EVERYWHERE.search(low):
        found = not ("except canada" in low and place == "CAN")
    return found
