"""Results on the screen: prose, JSON, CSV, and progress on long work."""

import json
import os
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

import narrows as nw

if TYPE_CHECKING:
    import pandas as pd

    from narrows.evidence import Case
    from narrows.network import Network

__all__ = [
    "console",
    "print_csv",
    "print_json",
    "printed",
    "progress",
    "records",
    "say",
    "say_first",
    "width",
    "wrapped",
]


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Let the reader of a pipe go: `narrows.cli.app.run` ends the program quietly."""
        raise BrokenPipeError


def console(*, error: bool = False) -> Console:
    """Give the console of results, or of errors and progress; a pipe gets no colour."""
    return _Console(stderr=error, highlight=False, markup=False, emoji=False)


def width() -> int | None:
    """Give the columns to write into; None where lines may be as long as they like (a pipe)."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit():
        return console().width
    return None


def say(text: str, *, style: str = "") -> None:
    """Print prose, broken between words where the window ends."""
    room = width()
    lines = text.splitlines()
    if room is not None:
        lines = [part for line in lines for part in wrapped(line, room, hyphens=False)]
    console().print(Text("\n".join(lines), style=style), soft_wrap=True)


def wrapped(line: str, room: int, *, hyphens: bool = True) -> list[str]:
    """Break a line to fit.

    An arrow stays with what it points from and a percentage with its owner, where there is room
    for it; a word that is too long alone is broken after a hyphen, or left whole.
    """
    if cell_len(line) <= room:
        return [line]
    glued = re.sub(r" (?=[\d.]+ %)", "\0", line.replace("<- ", "<-\0")).replace(" %", "\0%")
    for text in (glued, line):
        if all(cell_len(word) <= room for word in text.split()):
            return [part.replace("\0", " ") for part in _wrap(text, room, hyphens=False)]
    return _wrap(line, room, hyphens=hyphens)


def _wrap(text: str, room: int, *, hyphens: bool) -> list[str]:
    return textwrap.wrap(text, room, break_on_hyphens=hyphens, break_long_words=hyphens)


def records(frame: "pd.DataFrame") -> Iterator[Any]:
    """Give the rows of a table, each with its cells by name of the column."""
    yield from frame.itertuples(index=False)


def print_json(result: Mapping[str, Any]) -> None:
    """Print one JSON object."""
    sys.stdout.write(json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def print_csv(frame: "pd.DataFrame") -> None:
    """Print a table as CSV."""
    sys.stdout.write(frame.to_csv(index=False, lineterminator="\n"))


def printed(
    name: str,
    frame: "pd.DataFrame",
    case: "Case | None",
    settings: Mapping[str, Any],
    *,
    net: "Network | None" = None,
    as_json: bool,
    as_csv: bool,
) -> bool:
    """Print JSON or CSV where asked: the whole result, whatever `--top` says.

    Where a table will follow, what the user set and a period outside the case are said first.
    """
    if as_json:
        print_json(nw.measure.as_json(name, frame, case, settings=settings, net=net))
    elif as_csv:
        print_csv(frame)
    elif case is not None:
        say_first(case, str(settings.get("period", case.info.default_period)))
    return as_json or as_csv


def say_first(case: "Case", period: str) -> None:
    """Say what the user set, and that a period is none of the case's own."""
    if case.settings:
        given = ", ".join(f"{path} = {value:g}" for path, value in case.settings.items())
        say(f"Assumed by user: {given}.")
    if period not in case.periods:
        say(
            f"{period} is no period of this case ({', '.join(case.periods)}): "
            "each figure is of the nearest period that has one."
        )


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on the error stream while work goes on; nothing where that is no terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    screen = console(error=True)
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
