"""Turning points of a curve: the corners of the fewest straight lines that follow it."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["Turn", "turns_of"]

Array = NDArray[np.float64]
_NEAR = 0.04  # part of the range of the curve that the lines may be off
_LEAST = 0.0005
_MORE = 1.4


@dataclass(frozen=True)
class Turn:
    """A turning point.

    Attributes
    ----------
    day
        Where it lies; of a step the first day after it.
    kind
        ``drops``, ``jumps`` (within a day), ``begins to fall``, ``begins to rise``, ``lowest``,
        ``peak``, ``levels off``, ``falls faster``, ``falls slower``, ``rises faster``,
        ``rises slower``.
    value
        The curve there.
    change
        Change of its slope, or the height of the step.
    """

    day: int
    kind: str
    value: float
    change: float


def turns_of(curve: Array, most: int = 12) -> list[Turn]:
    """Give the turning points of a curve.

    The lines are found by halving at the day that lies farthest off, until none lies farther off
    than 4 % of the range of the curve, and 0.0005.

    Parameters
    ----------
    curve
        Values by day, 1 being normal.
    most
        How many at most; the lines are made coarser until they are no more.

    References
    ----------
    Ramer (1972), An iterative procedure for the polygonal approximation of plane curves, Computer
    Graphics and Image Processing 1(3):244-256.

    Examples
    --------
    >>> curve = np.concatenate([np.ones(10), np.full(10, 0.5), np.linspace(0.5, 1, 11), np.ones(9)])
    >>> [(turn.day, turn.kind) for turn in turns_of(curve)]
    [(10, 'drops'), (21, 'begins to rise'), (30, 'levels off')]
    """
    off = max(_LEAST, _NEAR * float(np.ptp(curve)))
    if np.ptp(curve) <= _LEAST:
        return []
    corners = _corners(curve, off)
    while len(corners) - 2 > most:
        off *= _MORE
        corners = _corners(curve, off)
    return _told(curve, corners, off)


def _corners(curve: Array, off: float) -> list[int]:
    found = {0, len(curve) - 1}
    waiting = [(0, len(curve) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        days = np.arange(first, last + 1)
        line = np.interp(days, [first, last], [curve[first], curve[last]])
        away = np.abs(curve[first : last + 1] - line)
        worst = int(np.argmax(away))
        if away[worst] > off:
            found.add(first + worst)
            waiting += [(first, first + worst), (first + worst, last)]
    return sorted(found)


def _told(curve: Array, corners: list[int], off: float) -> list[Turn]:
    """Name each corner by the lines on both sides; a line of one day is a step."""
    lines = [(a, b, float(curve[b] - curve[a])) for a, b in pairwise(corners)]
    out: list[Turn] = []
    for number, (start, end, rise) in enumerate(lines):
        if end - start == 1 and abs(rise) > off:
            out.append(Turn(end, "jumps" if rise > 0 else "drops", float(curve[end]), rise))
            continue
        if not number:
            continue
        before_start, before_end, before = lines[number - 1]
        slope, slope_before = rise / (end - start), before / (before_end - before_start)
        step = before_end - before_start == 1 and abs(before) > off
        kind = _kind(0.0 if step else before, rise, slope_before, slope, off)
        if kind and not (step and kind == "levels off"):
            begins = kind.startswith("begins")
            out.append(Turn(start + begins, kind, float(curve[start]), slope - slope_before))
    return out


def _kind(before: float, after: float, was: float, now: float, off: float) -> str:
    """Name a corner; empty where both lines are level."""
    down_before, down = before < -off, after < -off
    up_before, up = before > off, after > off
    if down_before and up:
        return "lowest"
    if up_before and down:
        return "peak"
    if (down_before and down) or (up_before and up):
        word = "falls" if down else "rises"
        return f"{word} {'faster' if abs(now) > abs(was) else 'slower'}"
    if down or up:
        return f"begins to {'fall' if down else 'rise'}"
    return "levels off" if down_before or up_before else ""
