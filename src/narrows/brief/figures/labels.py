"""Place labels beside points so that they touch neither each other, nor a point, nor a leader."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from narrows.brief.figures.metrics import fit, text_width

__all__ = ["Label", "place_labels"]

Box = tuple[float, float, float, float]
Segment = tuple[float, float, float, float]

_UP, _DOWN = 0.66, 0.22  # of the size of the text, above and below its baseline
_NEAR = ((4.2, 2.2, 0), (-4.2, 2.2, 1), (0, -4.6, 0.5), (0, 9.0, 0.5))
_AWAY = (8.0, 12.0, 17.0, 23.0, 30.0, 38.0, 47.0, 57.0, 68.0, 80.0)
_TURNS = 24
_COVERED = 4.0  # what it costs to cover a small point, in points of distance


@dataclass(frozen=True, slots=True)
class Label:
    """A label with the start of its baseline, and the leader to its point where it is far off."""

    words: str
    x: float
    y: float
    leader: Segment | None = None


@dataclass(frozen=True, slots=True)
class _Spot:
    label: Label
    box: Box
    cost: float


def place_labels(
    points: Sequence[tuple[str, float, float]],
    field: Box,
    *,
    size: float,
    longest: float,
    others: Iterable[tuple[float, float]] = (),
) -> dict[int, Label]:
    """Place a label for each point where there is room, by the number of the point.

    Parameters
    ----------
    points
        Names with their positions, those that matter most first.
    field
        Left, top, right, bottom: labels stay inside.
    size, longest
        Size of the text; longer labels are shortened.
    others
        Small points that a label had better not cover.
    """
    dots: list[Box] = [(x - 2.4, y - 2.4, x + 2.4, y + 2.4) for _, x, y in points]
    small = list(others)
    taken: list[Box] = []
    leaders: list[Segment] = []
    out: dict[int, Label] = {}
    for number, (name, x, y) in enumerate(points):
        words = fit(name, longest, size)
        rest = [dot for dot in dots if not _touch(dot, dots[number])]
        spots = (
            spot
            for spot in _spots(words, x, y, size)
            if _free(spot, field, [*taken, *dots], leaders, [*taken, *rest])
        )
        best = min(spots, key=lambda spot: spot.cost + _covers(spot.box, small), default=None)
        if best is not None:
            out[number] = best.label
            taken.append(best.box)
            if best.label.leader:
                leaders.append(best.label.leader)
    return out


def _box(x: float, y: float, room: float, size: float) -> Box:
    return (x - 0.8, y - _UP * size - 0.7, x + room + 0.8, y + _DOWN * size + 0.4)


def _spots(words: str, x: float, y: float, size: float) -> Iterable[_Spot]:
    room = text_width(words, size)
    for order, (dx, dy, back) in enumerate(_NEAR):
        start, base = x + dx - back * room, y + dy
        yield _Spot(Label(words, start, base), _box(start, base, room, size), order * 0.5)
    for away in _AWAY:
        for turn in range(_TURNS):
            angle = 2 * math.pi * turn / _TURNS
            end_x, end_y = x + away * math.cos(angle), y + away * math.sin(angle)
            start = end_x + 1.5 if math.cos(angle) > -1e-9 else end_x - room - 1.5
            base = end_y + 0.22 * size
            leader = (x, y, end_x, end_y)
            flat = abs(math.sin(angle)) * 2
            yield _Spot(
                Label(words, start, base, leader), _box(start, base, room, size), 6 + away + flat
            )


def _free(
    spot: _Spot,
    field: Box,
    boxes: list[Box],
    leaders: list[Segment],
    obstacles: list[Box],
) -> bool:
    box, leader = spot.box, spot.label.leader
    if not (field[0] < box[0] and box[2] < field[2] and field[1] < box[1] and box[3] < field[3]):
        return False
    if any(_touch(box, other) for other in boxes):
        return False
    if any(_through(other, box) for other in leaders):
        return False
    if leader is None:
        return True
    if any(_through(leader, other) for other in obstacles):
        return False
    return not any(_cross(leader, other) for other in leaders)


def _covers(box: Box, points: list[tuple[float, float]]) -> float:
    inside = sum(box[0] < x < box[2] and box[1] < y < box[3] for x, y in points)
    return _COVERED * inside


def _touch(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _through(segment: Segment, box: Box) -> bool:
    """Tell whether a line goes through a box: an end inside, or an edge crossed."""
    x1, y1, x2, y2 = segment
    left, top, right, bottom = box
    if any(left < x < right and top < y < bottom for x, y in ((x1, y1), (x2, y2))):
        return True
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return any(_cross(segment, (*start, *end)) for start, end in pairwise(corners))


def _cross(one: Segment, other: Segment) -> bool:
    def side(line: Segment, x: float, y: float) -> float:
        return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])

    first = side(one, *other[:2]) * side(one, *other[2:])
    second = side(other, *one[:2]) * side(other, *one[2:])
    return first < 0 and second < 0
