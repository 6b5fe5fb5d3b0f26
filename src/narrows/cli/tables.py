"""Tables that fit the window: no number is cut, text runs over, spare columns give way."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from narrows.cli.printing import console, say, width, wrapped

__all__ = ["Column", "number", "print_table", "print_tables", "text"]

_GAP = 2
_LONGEST = 24  # a longer word may be broken
_SHORTEST = 8  # of a column of text in a very narrow window
_PIECES = re.compile(r"[^-]+-*|-+").findall
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    head
        What stands above it.
    least
        Width down to which it may be broken over several lines with ease; 0 where it never is.
    spare
        Where the window is too narrow the column with the highest number goes first; one with 0
        always stays.
    right
        Whether it is set to the right, as numbers are.
    """

    head: str
    least: int = 0
    spare: int = 0
    right: bool = False


def number(head: str, *, spare: int = 0) -> Column:
    """Give a column of numbers."""
    return Column(head, spare=spare, right=True)


def text(head: str, least: int = 14, *, spare: int = 0) -> Column:
    """Give a column of text that may run over several lines."""
    return Column(head, least=least, spare=spare)


def print_table(rows: Sequence[Row], columns: Sequence[Column], *, title: str = "") -> None:
    """Print one table."""
    print_tables([(title, rows)], columns)


def print_tables(parts: Sequence[tuple[str, Sequence[Row]]], columns: Sequence[Column]) -> None:
    """Print tables of the same columns under each other, each under its title.

    Parameters
    ----------
    parts
        Title and rows of each table; cells are text, and may hold line ends.
    columns
        Columns of all of them.
    """
    every = [row for _, rows in parts for row in rows]
    room = width()
    kept = _kept(every, columns, room)
    widths = _widths(every, columns, kept, room)
    screen = console()
    for at, (title, rows) in enumerate(parts):
        if at:
            screen.print()
        if title:
            say(title, style="bold")
        heads = "\n".join(_lines([column.head for column in columns], columns, kept, widths))
        screen.print(Text(heads, style="underline"), soft_wrap=True)
        body = [line for row in rows for line in _lines(row, columns, kept, widths)]
        screen.print(Text("\n".join(body)), soft_wrap=True)
    gone = [column.head for at, column in enumerate(columns) if at not in kept]
    if gone:
        told = f"Left out, the window is narrow: {', '.join(gone)}; --json has all."
        say(told, style="dim")


def _kept(rows: Sequence[Row], columns: Sequence[Column], room: int | None) -> list[int]:
    """Choose the columns that fit."""
    kept = list(range(len(columns)))
    while room is not None:
        needed = sum(_least(rows, columns, at) + _GAP for at in kept) - _GAP
        spare = max(kept, key=lambda at: columns[at].spare)
        if needed <= room or not columns[spare].spare:
            break
        kept.remove(spare)
    return kept


def _widths(
    rows: Sequence[Row], columns: Sequence[Column], kept: Sequence[int], room: int | None
) -> dict[int, int]:
    """Give each column its least width, then share what is left, the smallest want first."""
    whole = {at: _whole(rows, columns, at) for at in kept}
    if room is None:
        return whole
    widths = {at: _least(rows, columns, at) for at in kept}
    left = room - sum(widths.values()) - _GAP * (len(kept) - 1)
    if left < 0:
        return _squeezed(widths, columns, -left)
    wanting = sorted((at for at in kept if whole[at] > widths[at]), key=lambda at: whole[at])
    for position, at in enumerate(wanting):
        more = min(whole[at] - widths[at], math.ceil(left / (len(wanting) - position)))
        widths[at] += more
        left -= more
    return widths


def _squeezed(widths: dict[int, int], columns: Sequence[Column], much: int) -> dict[int, int]:
    """Take room from text, its words broken now, where nothing else is left to give way."""
    out = dict(widths)
    least = {at: max(columns[at].least // 2, _SHORTEST) for at in out if columns[at].least}
    for _ in range(much):
        at = max(least, key=lambda at: out[at] - least[at], default=None)
        if at is None or out[at] <= least[at]:
            break
        out[at] -= 1
    return out


def _whole(rows: Sequence[Row], columns: Sequence[Column], at: int) -> int:
    cells = [columns[at].head, *(row[at] for row in rows)]
    return max(cell_len(line) for cell in cells for line in cell.splitlines() or [""])


def _least(rows: Sequence[Row], columns: Sequence[Column], at: int) -> int:
    """Give the width below which a column is not squeezed: no number, no word is broken."""
    whole = _whole(rows, columns, at)
    if not columns[at].least:
        return whole
    pieces = {piece for row in rows for word in row[at].split() for piece in _PIECES(word)}
    longest = max((cell_len(piece) for piece in pieces), default=0)
    return min(whole, max(columns[at].least, min(longest, _LONGEST), cell_len(columns[at].head)))


def _lines(
    row: Row, columns: Sequence[Column], kept: Sequence[int], widths: dict[int, int]
) -> Iterator[str]:
    """Give the lines of one row."""
    cells = [_broken(row[at], widths[at]) for at in kept]
    for line in range(max(len(cell) for cell in cells)):
        out = []
        for at, cell in zip(kept, cells, strict=True):
            part = cell[line] if line < len(cell) else ""
            blank = " " * (widths[at] - cell_len(part))
            out.append(blank + part if columns[at].right else part + blank)
        yield (" " * _GAP).join(out).rstrip()


def _broken(cell: str, room: int) -> list[str]:
    """Break a cell where it reads best, and after a hyphen where a word alone is too long."""
    return [part for line in cell.splitlines() or [""] for part in wrapped(line, room)]
