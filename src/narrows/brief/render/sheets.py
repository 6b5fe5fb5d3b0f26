"""A table of the brief as rows of a sheet: one thing a cell, numbers as numbers."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TypeAlias

from narrows.brief.facts import weakest
from narrows.brief.reading import plain
from narrows.brief.render.scripts import clean
from narrows.brief.tree import Cell, Column, Name, Runs, Strong, Table, Text, Unit, Value
from narrows.terms import ASSUMED_SOURCE, BY_USER

__all__ = ["Entry", "Sheet", "sheet_of"]

Entry: TypeAlias = str | float | int | None
_HIDDEN = (ASSUMED_SOURCE, BY_USER)  # the grade says it
_UNITS: dict[Unit, str] = {"days": "days", "percent": "percent"}
_WHOLE = re.compile(r"[1-9]\d{0,3}")  # a year or a rank


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet under their heads; `units` says what the numbers of a column count."""

    heads: tuple[str, ...]
    units: tuple[Unit, ...]
    rows: tuple[tuple[Entry, ...], ...]


@dataclass
class _Part:
    """One thing that the cells of a column hold, over all rows of the sheet."""

    title: str
    found: list[Value | str | None] = field(default_factory=list)

    @property
    def values(self) -> list[Value]:
        return [each for each in self.found if isinstance(each, Value)]

    @property
    def unit(self) -> Unit:
        units = {value.unit for value in self.values}
        return units.pop() if len(units) == 1 else ""

    def columns(self) -> Iterator[tuple[str, Unit, list[Entry]]]:
        """Give the column of the number or the words, and those of its interval."""
        unit = _UNITS.get(self.unit, "")
        tail = f" ({unit})" if unit and unit not in self.title.lower() else ""
        ranged = any(value.ends for value in self.values)
        if not ranged or any(_number(value) is not None for value in self.values):
            yield f"{self.title}{tail}", self.unit, [_entry(each) for each in self.found]
        if ranged:
            for place, end in enumerate(("from", "to")):
                ends: list[Entry] = [_end(each, place) for each in self.found]
                yield f"{self.title}, {end}{tail}", self.unit, ends


def sheet_of(table: Table) -> Sheet:
    """Give a table as a sheet.

    A cell with one number gives a number, and where there are intervals their ends in columns of
    their own. Where a column names several parts, each part has its column; a cell that holds more
    of them than the column names goes on in further rows.
    """
    parts: list[list[_Part]] = [
        [_Part(title) for title in column.parts or (column.title or "Rank",)]
        for column in table.columns
    ]
    values: list[list[Value]] = []
    for row in table.rows:
        split = [_split(cell, column) for cell, column in zip(row, table.columns, strict=True)]
        for line in range(max(map(len, split))):
            here = [group[line] if len(group) > 1 else group[0] for group in _even(split)]
            for held, group in zip(parts, here, strict=True):
                for part, each in zip_longest(held, group):
                    part.found.append(each)
            values.append([each for group in here for each in group if isinstance(each, Value)])
    columns = [column for held in parts for part in held for column in part.columns()]
    columns += _origin(values)
    heads, units, entries = zip(*columns, strict=True)
    return Sheet(heads, units, tuple(zip(*entries, strict=True)))


def _even(split: Sequence[list[list[Value | str | None]]]) -> list[list[list[Value | str | None]]]:
    """Fill up the cells that end before the longest of their row."""
    longest = max(map(len, split))
    return [
        group if len(group) == 1 else group + [[None]] * (longest - len(group)) for group in split
    ]


def _split(cell: Cell, column: Column) -> list[list[Value | str | None]]:
    """Take a cell apart into groups of what its column names; mostly one group of one."""
    found: list[Value | str | None] = [
        _held(run) for run in cell.runs if isinstance(run, Value | Name | Strong)
    ]
    size = len(column.parts)
    if size:
        return [found[start : start + size] for start in range(0, len(found), size)] or [[None]]
    if len(found) == 1 and not any(isinstance(run, Text) and run.text.strip() for run in cell.runs):
        return [[found[0]]]
    return [[_text(cell.runs) or None]]


def _held(run: Value | Name | Strong) -> Value | str:
    return run if isinstance(run, Value) else _text((run,))


def _text(runs: Runs) -> str:
    return clean(plain(runs)).strip()


def _entry(each: Value | str | None) -> Entry:
    if isinstance(each, Value):
        number = _number(each)
        return _text((each,)) if number is None and each.ends is None else number
    if each == "–":
        return None
    return int(each) if each and _WHOLE.fullmatch(each) else each


def _number(value: Value) -> float | None:
    return _round(value.number) if value.number is not None else None


def _end(each: Value | str | None, place: int) -> float | None:
    return _round(each.ends[place]) if isinstance(each, Value) and each.ends else None


def _round(number: float) -> float | None:
    """Give a number without the noise of its last bits; None where a sheet cannot hold it."""
    return float(f"{number:.12g}") if math.isfinite(number) else None


def _origin(rows: Sequence[Sequence[Value]]) -> list[tuple[str, Unit, list[Entry]]]:
    """Give the weakest grade and the sources of each row, where any row has a value with them."""
    if not any(value.unit != "count" for row in rows for value in row):
        return []
    grades: list[Entry] = []
    sources: list[Entry] = []
    for row in rows:
        told = [value for value in row if value.unit != "count"]
        names = dict.fromkeys(name for value in told for name in value.sources)
        by_user = BY_USER in names
        grades.append(
            (BY_USER if by_user else weakest([v.grade for v in told]).value) if told else None
        )
        sources.append("; ".join(name for name in names if name not in _HIDDEN) or None)
    columns: list[tuple[str, Unit, list[Entry]]] = [("Weakest grade", "", grades)]
    return [*columns, ("Sources", "", sources)] if any(sources) else columns
