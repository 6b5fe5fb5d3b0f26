"""Autonomy against indispensability: who relies on whom for what."""

from dataclasses import dataclass

from narrows.brief.figures import colour, svg
from narrows.brief.figures.labels import place_labels
from narrows.brief.figures.metrics import fit, text_width

__all__ = ["Corners", "Point", "draw_scatter"]

_LEFT, _TOP, _BOTTOM, _RIGHT = 24.0, 11.0, 22.0, 2.0
_SIZE = 6.8
_TICK = 6.3
_LONGEST = 84.0  # room for a label
_INSET = 5.0

_Field = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """An item: our reliance (across) and theirs (up), 0 to 1; labelled where `main`."""

    name: str
    across: float
    up: float
    main: bool = False


@dataclass(frozen=True, slots=True)
class Corners:
    """Words for the four corners and the two axes."""

    top_left: str
    top_right: str
    bottom_left: str
    bottom_right: str
    across: str
    up: str


def draw_scatter(
    points: tuple[Point, ...], corners: Corners, *, width: float, height: float
) -> svg.Drawn:
    """Draw the field; the names of its corners stand outside, labels of points inside."""
    field = (_LEFT, _TOP, width - _RIGHT, height - _BOTTOM)
    parts = [*_frame(field), *_words(field, corners)]
    spots = [(point, *_spot(point, field)) for point in points]
    main = [spot for spot in spots if spot[0].main]
    labels = place_labels(
        [(point.name, x, y) for point, x, y in main],
        field,
        size=_SIZE,
        longest=_LONGEST,
        others=[(x, y) for point, x, y in spots if not point.main],
    )
    parts.extend(
        svg.line(*label.leader, stroke=colour.EDGE, width=0.45, kind="edge")
        for label in labels.values()
        if label.leader
    )
    named = [main[number] for number in labels]
    parts.extend(_dot(x, y, main=False) for point, x, y in spots if (point, x, y) not in named)
    parts.extend(_dot(x, y, main=True) for _, x, y in named)
    parts.extend(
        svg.text(label.x, label.y, label.words, size=_SIZE, fill=colour.INK, kind="ink")
        for label in labels.values()
    )
    return svg.Drawn(svg.drawing(width, height, parts), width, height)


def _spot(point: Point, field: _Field) -> tuple[float, float]:
    left, top, right, bottom = field
    x = left + _INSET + point.across * (right - left - 2 * _INSET)
    y = bottom - _INSET - point.up * (bottom - top - 2 * _INSET)
    return x, y


def _dot(x: float, y: float, *, main: bool) -> str:
    radius = 2.2 if main else 1.5
    turn = f"a{radius},{radius} 0 1,0"
    d = f"M{x - radius:.2f},{y:.2f} {turn} {2 * radius},0 {turn} {-2 * radius},0 z"
    fill = colour.SHADES[5] if main else colour.SHADES[2]
    return svg.path(
        d, fill=fill, stroke=colour.PAPER, width=0.5, kind="mark-strong" if main else "mark-soft"
    )


def _frame(field: _Field) -> list[str]:
    left, top, right, bottom = field
    parts = [svg.rect(left, top, right - left, bottom - top, fill=colour.WASH, kind="wash")]
    middle_x, middle_y = _spot(Point("", 0.5, 0.5), field)
    parts.append(
        svg.line(middle_x, top, middle_x, bottom, stroke=colour.RULE, width=0.7, kind="rule")
    )
    parts.append(
        svg.line(left, middle_y, right, middle_y, stroke=colour.RULE, width=0.7, kind="rule")
    )
    for part in (0.0, 0.5, 1.0):
        x, y = _spot(Point("", part, part), field)
        parts.append(_tick(f"{100 * part:.0f}", x, bottom + 7.5, "middle"))
        parts.append(_tick(f"{100 * part:.0f}", left - 2.5, y + 2.2, "end"))
    return parts


def _tick(words: str, x: float, y: float, anchor: str) -> str:
    return svg.text(x, y, words, size=_TICK, fill=colour.MUTED, anchor=anchor, kind="muted")


def _words(field: _Field, corners: Corners) -> list[str]:
    left, top, right, bottom = field
    places = (
        (corners.top_left, left, top - 3, ""),
        (corners.top_right, right, top - 3, "end"),
        (corners.bottom_left, left, bottom + 17, ""),
        (corners.bottom_right, right, bottom + 17, "end"),
    )
    parts = [
        svg.text(
            x, y, words, size=_SIZE, fill=colour.ACCENT, italic=True, anchor=anchor, kind="accent"
        )
        for words, x, y, anchor in places
    ]
    begin = left + text_width(corners.bottom_left, _SIZE)
    end = right - text_width(corners.bottom_right, _SIZE)
    across = fit(corners.across, end - begin - 8, _SIZE)
    parts.append(_centred((begin + end) / 2, bottom + 17, across))
    up = _centred(0, 0, fit(corners.up, bottom - top, _SIZE))
    middle = (top + bottom) / 2
    parts.append(f'<g transform="translate(6.5,{middle:.2f}) rotate(-90)">{up}</g>')
    return parts


def _centred(x: float, y: float, words: str) -> str:
    return svg.text(x, y, words, size=_SIZE, fill=colour.INK, anchor="middle", kind="ink")
