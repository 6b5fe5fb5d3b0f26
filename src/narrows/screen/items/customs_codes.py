"""Customs codes: where to look for an item in the control lists, never what it is."""

import csv
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

__all__ = ["HsHint", "triage"]


@dataclass(frozen=True, slots=True)
class HsHint:
    """What a customs code points to.

    Parameters
    ----------
    hs
        The code in the table: a heading, subheading or national line.
    points_to
        Control entries to read, or the priority list it stands on; empty where none is known.
    basis
        How that is known: from a source, from memory, or an inference of ours.
    """

    hs: str
    description: str
    points_to: str
    basis: str
    source: str

    def as_row(self) -> dict[str, str]:
        """Give it as one row."""
        return asdict(self)


@cache
def _table() -> tuple[HsHint, ...]:
    text = files("narrows.screen.items").joinpath("customs_codes.csv").read_text("utf-8")
    return tuple(HsHint(**row) for row in csv.DictReader(text.splitlines()))


def triage(code: str) -> tuple[HsHint, ...]:
    """Give what a customs code points to: entries to read, with the basis of each.

    Codes and control entries map many to many, so this is a list of places to look at. Codes
    longer than the table's find the subheading and heading that they belong to.

    Parameters
    ----------
    code
        Customs code with or without dots, four digits or more.

    Examples
    --------
    >>> [hint.points_to for hint in triage("8486.20.00")][0]
    'ECCN family 3B; CHPL tier 4.A'
    """
    digits = "".join(filter(str.isdigit, code))
    found = [hint for hint in _table() if digits.startswith(_digits(hint.hs)) and digits[:4]]
    return tuple(sorted(found, key=lambda hint: -len(_digits(hint.hs))))


def _digits(code: str) -> str:
    return "".join(filter(str.isdigit, code))
