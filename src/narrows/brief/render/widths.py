"""How wide the columns of a table are, so that numbers and years are not broken over lines."""

from narrows.brief.figures.metrics import text_width
from narrows.brief.tree import Cite, Run, Runs, Table, Value

__all__ = ["widths_of"]

_SHORT = 24  # numbers of up to so many signs are not broken over lines
_MARKS = 9.0  # points for the marks after a number
_PADDING = 7.0  # points beside the text of a cell
_BOLD = 600


def widths_of(table: Table, total: float, size: float) -> list[float]:
    """Give the widths of the columns in points, all together `total`.

    Each column gets its part of the table; where its longest unbroken piece needs more, the
    others give way by what they can spare.
    """
    parts = [column.width or 1 / len(table.columns) for column in table.columns]
    wanted = [total * part / sum(parts) for part in parts]
    needed = [_needed(table, place, size) for place in range(len(parts))]
    lacking = sum(max(need - width, 0.0) for need, width in zip(needed, wanted, strict=True))
    spare = sum(max(width - need, 0.0) for need, width in zip(needed, wanted, strict=True))
    if not lacking or lacking >= spare:
        return wanted
    kept = 1 - lacking / spare
    return [
        need if need >= width else need + kept * (width - need)
        for need, width in zip(needed, wanted, strict=True)
    ]


def _needed(table: Table, place: int, size: float) -> float:
    """Give the width of the longest unbroken piece of a column."""
    title = [text_width(word, size, _BOLD) for word in table.columns[place].title.split(" ")]
    cells = [width for row in table.rows for width in _pieces(row[place].runs, size)]
    return max((*title, *cells), default=0.0) + _PADDING


def _pieces(runs: Runs, size: float) -> list[float]:
    return [width for run in runs for width in _run_pieces(run, size)]


def _run_pieces(run: Run, size: float) -> list[float]:
    if isinstance(run, Cite):
        return [_MARKS]
    if isinstance(run, Value) and len(run.printed) <= _SHORT:
        return [text_width(run.printed, size, 400) + (0.0 if run.bare else _MARKS)]
    text = run.printed if isinstance(run, Value) else run.text
    return [text_width(word, size, 400) for word in text.split(" ")]
