"""Autonomy against indispensability: who relies on whom for what."""

from dataclasses import dataclass

from narrows.brief.figures import colour, svg
from narrows.brief.figures.metrics import fit, text_width

__all__ = ["Corners", "Point", "draw_scatter"]

_LEFT, _TOP, _BOTTOM, _RIGHT = 24.0, 4.0, 25.0, 6.0
_SIZE = 6.8
_RADIUS = 2.1
_LONGEST = 82.0  # room for a label

_Box = tuple[float, float, float, float]


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
    """Draw the field; labels are placed where they touch neither each other nor a point."""
    field = (_LEFT, _TOP, width - _RIGHT, height - _BOTTOM)
    parts = _frame(field, corners, width, height)
    spots = [(point, *_spot(point, field)) for point in points]
    for point, x, y in sorted(spots, key=lambda spot: spot[0].main):
        number = 5 if point.main else 2
        kind = "mark-strong" if point.main else "mark-soft"
        radius = _RADIUS if point.main else 1.5
        parts.append(_dot(x, y, radius, colour.SHADES[number], kind))
    taken = [(x - 2.4, y - 2.4, x + 2.4, y + 2.4) for point, x, y in spots if point.main]
    taken.extend(_corner_boxes(field, corners))
    for point, x, y in spots:
        if point.main:
            parts.extend(_label(point.name, x, y, field, taken))
    return svg.Drawn(svg.drawing(width, height, parts), width, height)


def _spot(point: Point, field: _Box) -> tuple[float, float]:
    left, top, right, bottom = field
    inset = 5.0
    x = left + inset + point.across * (right - left - 2 * inset)
    y = bottom - inset - point.up * (bottom - top - 2 * inset)
    return x, y


def _dot(x: float, y: float, radius: float, fill: str, kind: str) -> str:
    turn = f"a{radius},{radius} 0 1,0"
    d = f"M{x - radius:.2f},{y:.2f} {turn} {2 * radius},0 {turn} {-2 * radius},0 z"
    return svg.path(d, fill=fill, stroke=colour.PAPER, width=0.5, kind=kind)


def _frame(field: _Box, corners: Corners, width: float, height: float) -> list[str]:
    left, top, right, bottom = field
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    parts = [
        svg.rect(left, top, right - left, bottom - top, fill=colour.WASH, kind="wash"),
        svg.line(middle_x, top, middle_x, bottom, stroke=colour.RULE, width=0.7, kind="rule"),
        svg.line(left, middle_y, right, middle_y, stroke=colour.RULE, width=0.7, kind="rule"),
    ]
    for words, x, y, anchor in _corner_places(field, corners):
        parts.append(
            svg.text(x, y, words, size=6.8, fill=colour.MUTED, italic=True, anchor=anchor, kind="muted")
        )
    for part in (0.0, 0.5, 1.0):
        x, y = _spot(Point("", part, part), field)
        shown = f"{100 * part:.0f}"
        parts.append(
            svg.text(x, bottom + 8, shown, size=6.3, fill=colour.MUTED, anchor="middle", kind="muted")
        )
        parts.append(
            svg.text(left - 3, y + 2.2, shown, size=6.3, fill=colour.MUTED, anchor="end", kind="muted")
        )
    across = fit(corners.across, width - left, 6.8)
    parts.append(
        svg.text(right, height - 5.5, across, size=6.8, fill=colour.INK, anchor="end", kind="ink")
    )
    turned = svg.text(0, 0, fit(corners.up, bottom - top, 6.8), size=6.8, fill=colour.INK, anchor="end", kind="ink")
    parts.append(f'<g transform="translate(7,{top}) rotate(-90)">{turned}</g>')
    return parts


def _corner_places(field: _Box, corners: Corners) -> list[tuple[str, float, float, str]]:
    left, top, right, bottom = field
    return [
        (corners.top_left, left + 4, top + 8.5, ""),
        (corners.top_right, right - 4, top + 8.5, "end"),
        (corners.bottom_left, left + 4, bottom - 4.5, ""),
        (corners.bottom_right, right - 4, bottom - 4.5, "end"),
    ]


def _corner_boxes(field: _Box, corners: Corners) -> list[_Box]:
    out = []
    for words, x, y, anchor in _corner_places(field, corners):
        room = text_width(words, 6.8)
        start = x - room if anchor else x
        out.append((start, y - 6.5, start + room, y + 2))
    return out


def _label(name: str, x: float, y: float, field: _Box, taken: list[_Box]) -> list[str]:
    """Put a label near its point, or further off with a thin line; none where there is no room."""
    words = fit(name, _LONGEST, _SIZE)
    room = text_width(words, _SIZE)
    for away in (0.0, 9.0, 18.0, 27.0, 36.0, 48.0, 60.0):
        for start, base in _places(x, y, room, away):
            box = (start - 0.8, base - 5.6, start + room + 0.8, base + 1.8)
            if _inside(box, field) and not any(_touch(box, other) for other in taken):
                taken.append(box)
                parts = [svg.text(start, base, words, size=_SIZE, fill=colour.INK, kind="ink")]
                if away:
                    near = min(max(x, start), start + room)
                    edge = base + 1.5 if base < y else base - 5.2
                    parts.insert(0, svg.line(x, y, near, edge, stroke=colour.EDGE, width=0.4, kind="edge"))
                return parts
    return []


def _places(x: float, y: float, room: float, away: float) -> list[tuple[float, float]]:
    side = 4.0
    if not away:
        return [
            (x + side, y + 2.2),
            (x - side - room, y + 2.2),
            (x - room / 2, y - 4.5),
            (x - room / 2, y + 9),
            (x + 1, y - 4.5),
            (x - room - 1, y - 4.5),
            (x + 1, y + 9),
            (x - room - 1, y + 9),
        ]
    shifts = (0.0, -room / 2, -room, 12.0, -room - 12.0)
    return [(x + shift, y + sign * away + 2.2) for sign in (-1, 1) for shift in shifts]


def _inside(box: _Box, field: _Box) -> bool:
    return box[0] > field[0] and box[2] < field[2] and box[1] > field[1] and box[3] < field[3]


def _touch(box: _Box, other: _Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
