"""Control lists: entries as conditions on typed parameters, each with citation and dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from narrows.screen.rules.leaves import Condition

__all__ = ["READINGS", "ControlEntry", "ControlList", "covers"]

READINGS = ("primary", "secondary", "memory")
"""How a text was read: itself, through somebody who quotes it, or not at all."""


@dataclass(frozen=True, slots=True, eq=False)
class ControlEntry:
    """An entry, or a paragraph of one.

    Parameters
    ----------
    id
        Number in its list, such as ``3B001.f.1.a``.
    spine
        Name of what it controls, the same in every list; entries with one name are compared.
    when
        What an item must meet.
    read
        How the text was read: primary, secondary or memory.
    """

    id: str
    title: str
    spine: str
    when: Condition
    cite: str
    read: str
    from_: date | None
    until: date | None
    note: str = ""
    line: int = 0

    def in_force(self, day: date) -> bool:
        """Tell whether it is in force on a day."""
        return (self.from_ is None or day >= self.from_) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True, eq=False)
class ControlList:
    """The entries of one list that Narrows holds; a list has more than these.

    Parameters
    ----------
    as_of
        The day to which it was read.
    """

    id: str
    title: str
    as_of: date
    source: str
    entries: tuple[ControlEntry, ...]
    file: str = ""
    digest: str = ""

    def in_force(self, day: date) -> Iterator[ControlEntry]:
        """Give the entries in force on a day."""
        return (entry for entry in self.entries if entry.in_force(day))


def covers(wanted: str, entry: str) -> bool:
    """Tell whether an identifier covers an entry: itself or a paragraph of it.

    Examples
    --------
    >>> covers("3B001.f", "3B001.f.1.a"), covers("3B001.f.1", "3B001.f.2")
    (True, False)
    """
    return entry == wanted or entry.startswith(wanted + ".")
