"""Results on the screen: tables, JSON, CSV, and progress on long work."""

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

__all__ = ["console", "percent", "print_csv", "print_json", "print_table", "progress", "records"]

_WIDTH_WHEN_PIPED = 160
_KEPT = 12  # characters up to which a column is never cut


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Give the rows of a table, each with its cells by name of the column."""
    yield from frame.itertuples(index=False)


def console() -> Console:
    """Give the console; a pipe gets a fixed width and no colour."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH_WHEN_PIPED, highlight=False)


def print_json(result: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    sys.stdout.write(json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def print_csv(frame: pd.DataFrame) -> None:
    """Print a table as CSV."""
    sys.stdout.write(frame.to_csv(index=False, lineterminator="\n"))


def percent(value: float | None) -> str:
    """Write a part from 0 to 1 as percent with three figures, a dash where there is none.

    Examples
    --------
    >>> percent(0.9212), percent(0.0004), percent(None)
    ('92.1', '0.04', '-')
    """
    if value is None or math.isnan(value):
        return "-"
    number = 100 * value
    return f"{number:.0f}" if number >= 99.95 else f"{number:.3g}"


def print_table(
    rows: Sequence[Sequence[str]],
    columns: Sequence[str],
    *,
    title: str = "",
    right: Sequence[str] = (),
    fold: Sequence[str] = (),
) -> None:
    """Print a table.

    Parameters
    ----------
    rows
        Cells as text.
    columns
        Heads.
    title
        Line above the table.
    right, fold
        Heads of columns set to the right, and of those that may run over several lines.
    """
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for number, name in enumerate(columns):
        whole = max([len(name), *(len(row[number]) for row in rows)])
        table.add_column(
            name,
            justify="right" if name in right else "left",
            no_wrap=name not in fold,
            overflow="fold" if name in fold else "ellipsis",
            min_width=whole if name in right or (name not in fold and whole <= _KEPT) else None,
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on the error stream while work goes on; nothing where that is no terminal."""
    screen = Console(stderr=True)
    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *parts,
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    ) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
