"""What all answers of `narrows screen` end with, and their tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from narrows.cli.printing import say
from narrows.cli.tables import Column, print_table

__all__ = ["cell", "notice", "rows_table"]

_NONE = "-"


def notice(words: str, dates: Mapping[str, str]) -> None:
    """Say what an answer is not, and the date of every list or pack of rules behind it."""
    known = ", ".join(f"{name} {when or 'without a date'}" for name, when in dates.items())
    say(f"{words}" + (f" Rules and lists of: {known}." if known else ""), style="dim")


def cell(value: object) -> str:
    """Write a cell: a dash for nothing, lists with semicolons."""
    if isinstance(value, list | tuple):
        return "; ".join(str(each) for each in value) or _NONE
    return _NONE if value is None or value == "" else str(value)


def rows_table(
    rows: Iterable[Mapping[Any, Any]],
    cells: Sequence[str],
    columns: Sequence[Column],
    *,
    title: str = "",
) -> None:
    """Print rows with the named cells under the columns."""
    print_table([[cell(row[name]) for name in cells] for row in rows], columns, title=title)
