"""Amounts with their bands, one bar a row."""

from dataclasses import dataclass

from narrows.brief.figures import colour, svg
from narrows.brief.figures.metrics import fit, text_width

__all__ = ["BarRow", "draw_bars"]

_ROW, _HEAD = 11.9, 12.5
_SIZE, _NUMBER = 7.4, 6.8
_NAMES = (60.0, 110.0)  # least and most width of the column of names
_THICK = 6.4


@dataclass(frozen=True, slots=True)
class BarRow:
    """A name with its amount, the ends of its band, and how the amount is printed."""

    name: str
    low: float
    middle: float
    high: float
    shown: str
    marked: bool = False


def draw_bars(rows: tuple[BarRow, ...], *, width: float, words: str) -> svg.Drawn:
    """Draw one bar a row, with a line from the low to the high end of its band.

    Parameters
    ----------
    rows
        What to draw, in order; amounts below 0 are drawn as 0.
    width
        Width of the drawing in points.
    words
        What the bars show.
    """
    widest = max((text_width(row.name, _SIZE, 700) for row in rows), default=0.0)
    label = min(max(widest + 5, _NAMES[0]), _NAMES[1])
    number = max((text_width(row.shown, _NUMBER, 700) for row in rows), default=0.0) + 4
    most = max((max(row.high, row.middle) for row in rows), default=0.0) or 1.0
    scale = (width - label - number) / most
    parts = [svg.text(0, 7, words, size=6.6, fill=colour.MUTED, italic=True, kind="muted")]
    for place, row in enumerate(rows):
        parts += _row(row, _HEAD + _ROW * (place + 0.5), label, scale)
    height = _HEAD + _ROW * len(rows) + 2
    return svg.Drawn(svg.drawing(width, height, parts), width, height)


def _row(row: BarRow, y: float, label: float, scale: float) -> list[str]:
    low, middle, high = (max(each, 0.0) * scale for each in (row.low, row.middle, row.high))
    weight = 700 if row.marked else 400
    fill, kind = (colour.ACCENT, "accent") if row.marked else (colour.SHADES[3], "bar")
    name = fit(row.name, label - 3, _SIZE, weight)
    return [
        svg.text(0, y + 2.5, name, size=_SIZE, fill=colour.INK, weight=weight, kind="ink"),
        svg.rect(label, y - _THICK / 2, max(middle, 0.4), _THICK, fill=fill, kind=kind),
        svg.line(label + low, y, label + high, y, stroke=colour.INK, width=0.8, kind="whisker"),
        svg.text(
            label + max(high, middle) + 3,
            y + 2.4,
            row.shown,
            size=_NUMBER,
            fill=colour.INK,
            weight=weight,
            kind="ink",
        ),
    ]
