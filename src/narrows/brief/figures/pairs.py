"""Two numbers a row, side by side on one scale: what is left, re-routed or not."""

from dataclasses import dataclass

from narrows.brief.figures import colour, svg
from narrows.brief.figures.metrics import fit, text_width

__all__ = ["PairRow", "draw_pairs"]

_ROW = 11.9
_SIZE = 7.4
_NUMBER = 6.8
_RADIUS = 2.3
_NAMES = (80.0, 126.0)  # least and most width of the column of names
_SIDE = 17.0  # room for a number beyond each end of the scale


@dataclass(frozen=True, slots=True)
class PairRow:
    """A name with its two parts (0 to 1); `marked` sets it off."""

    name: str
    first: float
    second: float
    marked: bool = False


def draw_pairs(
    rows: tuple[PairRow, ...], *, width: float, words: tuple[str, str, str]
) -> svg.Drawn:
    """Draw one row a pair: a full dot for the first number, a ring for the second.

    Parameters
    ----------
    rows
        What to draw, in order.
    width
        Width of the drawing in points.
    words
        Title of the scale, meaning of the full dot, meaning of the ring.
    """
    widest = max((text_width(row.name, _SIZE, 700) for row in rows), default=0.0)
    label = min(max(widest + 4, _NAMES[0]), _NAMES[1])
    left, right = label + _SIDE, width - _SIDE
    head = 12.5
    height = head + _ROW * len(rows) + 11
    parts = _head(words, width)
    bottom = head + _ROW * len(rows)
    for part in (0.0, 0.5, 1.0):
        x = left + part * (right - left)
        parts.append(
            svg.line(x, head - 1, x, bottom + 1, stroke=colour.RULE, width=0.5, kind="rule")
        )
        parts.append(
            svg.text(
                x,
                bottom + 8.5,
                f"{100 * part:.0f}",
                size=6.3,
                fill=colour.MUTED,
                anchor="middle",
                kind="muted",
            )
        )
    for number, row in enumerate(rows):
        parts.extend(_row(row, head + _ROW * (number + 0.5), label, (left, right)))
    return svg.Drawn(svg.drawing(width, height, parts), width, height)


def _head(words: tuple[str, str, str], width: float) -> list[str]:
    parts = [svg.text(0, 7, words[0], size=6.6, fill=colour.MUTED, italic=True, kind="muted")]
    y = 7.0
    size = 6.6
    second = text_width(words[2], size)
    x2 = width - second
    x1 = x2 - 13 - text_width(words[1], size)
    parts.append(svg.path(_dot(x1 - 5, y - 2.2), fill=colour.SHADES[5], kind="mark-strong"))
    parts.append(svg.text(x1, y, words[1], size=size, fill=colour.INK, kind="ink"))
    parts.append(
        svg.path(
            _dot(x2 - 5, y - 2.2), fill=colour.PAPER, stroke=colour.SHADES[5], width=1, kind="ring"
        )
    )
    parts.append(svg.text(x2, y, words[2], size=size, fill=colour.INK, kind="ink"))
    return parts


def _dot(x: float, y: float, radius: float = _RADIUS) -> str:
    turn = f"a{radius},{radius} 0 1,0"
    return f"M{x - radius:.2f},{y:.2f} {turn} {2 * radius},0 {turn} {-2 * radius},0 z"


def _row(row: PairRow, y: float, label: float, scale: tuple[float, float]) -> list[str]:
    left, right = scale
    x1, x2 = (left + part * (right - left) for part in (row.first, row.second))
    weight = 700 if row.marked else 400
    name = fit(row.name, label - 2, _SIZE, weight)
    dark = colour.ACCENT if row.marked else colour.SHADES[5]
    kinds = (
        ("accent", "accent-ring", "accent-line") if row.marked else ("mark-strong", "ring", "edge")
    )
    parts = [
        svg.text(0, y + 2.5, name, size=_SIZE, fill=colour.INK, weight=weight, kind="ink"),
        svg.line(
            x1, y, x2, y, stroke=dark if row.marked else colour.SHADES[3], width=1.4, kind=kinds[2]
        ),
    ]
    apart = abs(x2 - x1) > 2 * _RADIUS
    radius = _RADIUS if apart else _RADIUS + 1.2
    parts.append(
        svg.path(_dot(x2, y, radius), fill=colour.PAPER, stroke=dark, width=1, kind=kinds[1])
    )
    parts.append(svg.path(_dot(x1, y), fill=dark, kind=kinds[0]))
    first, second = _shown(row.first), _shown(row.second)
    if first == second:
        parts.append(_label(max(x1, x2) + radius + 2.5, y, second, "", weight))
    else:
        parts.append(
            _label(min(x1, x2) - radius - 2, y, min((first, second), key=int), "end", weight)
        )
        parts.append(_label(max(x1, x2) + radius + 2, y, max((first, second), key=int), "", weight))
    return parts


def _shown(part: float) -> str:
    return str(int(100 * part + 0.5))


def _label(x: float, y: float, words: str, anchor: str, weight: int) -> str:
    """Write a number on a patch of paper, so that no line of the scale runs through it."""
    room = text_width(words, _NUMBER, weight)
    start = x - room if anchor else x
    patch = svg.rect(start - 0.8, y - 3.4, room + 1.6, 6.8, fill=colour.PAPER, kind="paper")
    words = svg.text(
        x, y + 2.4, words, size=_NUMBER, fill=colour.INK, anchor=anchor, weight=weight, kind="ink"
    )
    return patch + words
