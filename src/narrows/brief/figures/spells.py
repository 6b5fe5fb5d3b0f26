"""What is begun when, and from when on it works: one bar a row on an axis of years."""

from dataclasses import dataclass

from narrows.brief.figures import colour, svg
from narrows.brief.figures.metrics import fit, text_width

__all__ = ["Spell", "draw_spells"]

_ROW, _HEAD, _FOOT = 18.0, 11.5, 9.5
_SIZE, _TICK, _THICK = 7.2, 6.3, 5.0
_TICKS = (1, 2, 3, 5, 10, 20)  # years between ticks


@dataclass(frozen=True, slots=True)
class Spell:
    """A name with a note at its right, and the years in which it begins and works."""

    name: str
    note: str
    begins: float
    works: float


def draw_spells(rows: tuple[Spell, ...], first: int, last: int, *, width: float) -> svg.Drawn:
    """Draw each row from its beginning to the end of the last year, light until it works."""
    span = last + 1 - first

    def place(year: float) -> float:
        return min(max((year - first) / span, 0.0), 1.0) * width

    parts = _legend(width)
    for number, row in enumerate(rows):
        y = _HEAD + number * _ROW
        room = width - text_width(row.note, _SIZE, 700) - 5
        name = fit(row.name, room, _SIZE)
        parts.append(svg.text(0, y + 6.5, name, size=_SIZE, fill=colour.INK, kind="ink"))
        parts.append(
            svg.text(
                width,
                y + 6.5,
                row.note,
                size=_SIZE,
                fill=colour.INK,
                weight=700,
                anchor="end",
                kind="ink",
            )
        )
        top, start, works = y + 9.0, place(row.begins), place(row.works)
        parts.append(svg.rect(0, top, width, _THICK, fill=colour.WASH, kind="wash"))
        parts.append(
            svg.rect(start, top, works - start, _THICK, fill=colour.SHADES[2], kind="band")
        )
        parts.append(svg.rect(works, top, width - works, _THICK, fill=colour.SHADES[4], kind="bar"))
    foot = _HEAD + len(rows) * _ROW
    step = next((each for each in _TICKS if span / each <= 6), _TICKS[-1])
    for year in range(first, last + 1, step):
        parts.append(
            svg.text(place(year), foot + 7, str(year), size=_TICK, fill=colour.MUTED, kind="muted")
        )
    return svg.Drawn(svg.drawing(width, foot + _FOOT, parts), width, foot + _FOOT)


def _legend(width: float) -> list[str]:
    size, y, x = 6.6, 6.5, 0.0
    parts = []
    for words, fill, kind in (
        ("in preparation", colour.SHADES[2], "band"),
        ("works", colour.SHADES[4], "bar"),
    ):
        parts.append(svg.rect(x, y - 5.0, 9, 5.4, fill=fill, kind=kind))
        parts.append(svg.text(x + 11, y, words, size=size, fill=colour.INK, kind="ink"))
        x += text_width(words, size) + 19
    cost = "cost, USD billion"
    parts.append(
        svg.text(
            width, y, cost, size=size, fill=colour.MUTED, anchor="end", italic=True, kind="muted"
        )
    )
    return parts
