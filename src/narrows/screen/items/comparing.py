"""Control lists against each other: who controls more, and what exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from narrows.screen.decision_json import table_json
from narrows.screen.items.boxes import Box, boxes, difference, words
from narrows.screen.items.entries import ControlEntry, ControlList
from narrows.screen.items.reading import control_list
from narrows.screen.rules.conditions import atoms
from narrows.screen.rules.leaves import Atom
from narrows.screen.rules.notice import NOTICE
from narrows.terms import UnknownName

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ListComparison", "SpineComparison", "compare_lists"]

_READINGS = ("primary", "secondary", "memory")
Lists = str | ControlList | Sequence[str | ControlList]


@dataclass(frozen=True)
class SpineComparison:
    """What two sides control of one kind of thing.

    Parameters
    ----------
    spine
        The kind of thing.
    first, second
        The entries of each side.
    only_first, only_second
        Items that only one side controls, as boxes of parameters.
    """

    spine: str
    first: tuple[ControlEntry, ...]
    second: tuple[ControlEntry, ...]
    only_first: tuple[Box, ...]
    only_second: tuple[Box, ...]

    @property
    def verdict(self) -> str:
        """One word: same, first_more, second_more, both_differ, only_first or only_second."""
        if not self.second:
            return "only_first"
        if not self.first:
            return "only_second"
        if self.only_first and self.only_second:
            return "both_differ"
        if self.only_first:
            return "first_more"
        return "second_more" if self.only_second else "same"

    @property
    def unread(self) -> tuple[str, ...]:
        """Parameters that stand for a text that was not read: the comparison is open there."""
        leaves = (leaf for each in (*self.first, *self.second) for leaf in atoms(each.when))
        found = (leaf.name for leaf in leaves if isinstance(leaf, Atom) and ".read_" in leaf.name)
        return tuple(dict.fromkeys(found))

    @property
    def read(self) -> str:
        """The weakest reading of the entries compared."""
        return max((each.read for each in (*self.first, *self.second)), key=_READINGS.index)


@dataclass(frozen=True)
class ListComparison:
    """Two sides' control lists on a day, one row a kind of thing.

    Parameters
    ----------
    as_of
        The day to which both sides were read: the earlier one.
    """

    first: str
    second: str
    on: date
    as_of: date
    spines: tuple[SpineComparison, ...]
    notice: str = NOTICE

    def __getitem__(self, spine: str) -> SpineComparison:
        """Give the comparison of one kind of thing.

        Raises
        ------
        UnknownName
            When neither side has an entry for it.
        """
        for each in self.spines:
            if each.spine == spine:
                return each
        raise UnknownName("kind of thing", spine, [each.spine for each in self.spines])

    def to_frame(self) -> "pd.DataFrame":
        """Give one row a kind of thing: who controls more, and what only one side controls."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def rows(self) -> list[dict[str, Any]]:
        """Give the rows of `to_frame`."""
        return [self._row(each) for each in self.spines]

    def as_json(self) -> dict[str, Any]:
        """Give the JSON form; its schema is `narrows.screen.decision_schema("lists")`."""
        return table_json("lists", self.on, self.rows())

    def _row(self, each: SpineComparison) -> dict[str, Any]:
        return {
            "spine": each.spine,
            "first": self.first,
            "second": self.second,
            "verdict": each.verdict,
            "first_entries": "; ".join(entry.id for entry in each.first),
            "second_entries": "; ".join(entry.id for entry in each.second),
            "only_first": " | ".join(words(box) for box in each.only_first),
            "only_second": " | ".join(words(box) for box in each.only_second),
            "open_for": "; ".join(each.unread),
            "read": each.read,
            "on": self.on.isoformat(),
            "lists_as_of": self.as_of.isoformat(),
        }


def compare_lists(
    first: Lists, second: Lists, *, on: date, spine: str | None = None
) -> ListComparison:
    """Compare what two sides control, by interval arithmetic on their entries.

    Every entry is a union of boxes: an interval or a set of choices for each parameter. What only
    one side controls is the difference of the two unions, and is exact for the entries held here.

    Parameters
    ----------
    first, second
        A control list, its name, or several that hold together (``["eu", "nl"]``).
    on
        The day.
    spine
        Only one kind of thing.

    Returns
    -------
    ListComparison
        A row a kind of thing. It speaks of items, not of destinations: a listed item may be free
        to some places under one law and to none under another.

    Examples
    --------
    >>> found = compare_lists("jp", "us", on=date(2026, 1, 1), spine="euv-pellicle")
    >>> found["euv-pellicle"].verdict
    'same'
    """
    one, other = _entries(first, on), _entries(second, on)
    spines = dict.fromkeys(entry.spine for entry in (*one, *other) if entry.spine)
    chosen = [name for name in spines if spine in (None, name)]
    return ListComparison(
        first=_name(first),
        second=_name(second),
        on=on,
        as_of=min(each.as_of for given in (first, second) for each in _several(given)),
        spines=tuple(_compare(name, one, other) for name in chosen),
    )


def _compare(
    spine: str, one: Sequence[ControlEntry], other: Sequence[ControlEntry]
) -> SpineComparison:
    first = tuple(entry for entry in one if entry.spine == spine)
    second = tuple(entry for entry in other if entry.spine == spine)
    here = [box for entry in first for box in boxes(entry.when)]
    there = [box for entry in second for box in boxes(entry.when)]
    return SpineComparison(
        spine=spine,
        first=first,
        second=second,
        only_first=tuple(difference(here, there)),
        only_second=tuple(difference(there, here)),
    )


def _several(given: Lists) -> list[ControlList]:
    named = [given] if isinstance(given, str | ControlList) else list(given)
    return [each if isinstance(each, ControlList) else control_list(each) for each in named]


def _entries(given: Lists, on: date) -> list[ControlEntry]:
    return [entry for each in _several(given) for entry in each.in_force(on)]


def _name(given: Lists) -> str:
    return "+".join(each.id for each in _several(given))
