"""What is left against what is spent: lines that fall in steps, with a mark at what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from narrows.brief.figures import colour, svg

__all__ = ["Stair", "draw_stairs"]

_LEFT, _RIGHT, _TOP, _FOOT = 19.0, 20.0, 12.0, 20.0
_SIZE, _TICK = 7.0, 6.3


@dataclass(frozen=True, slots=True)
class Stair:
    """A name and its points (across, up), from left to right; `strong` is drawn in the accent."""

    name: str
    points: Sequence[tuple[float, float]]
    strong: bool = False


def draw_stairs(
    stairs: tuple[Stair, ...], mark: float, *, width: float, height: float, across: str
) -> svg.Drawn:
    """Draw lines that stay until the next point and then fall.

    Parameters
    ----------
    stairs
        What to draw, on one scale from 0.
    mark
        Where across the line at what is shown stands.
    width, height
        Size of the drawing in points.
    across
        Words for the axis at the foot.
    """
    most_x = max((x for stair in stairs for x, _ in stair.points), default=0.0) or 1.0
    most_y = max((y for stair in stairs for _, y in stair.points), default=0.0) or 1.0
    right, foot = width - _RIGHT, height - _FOOT

    def place(x: float, y: float) -> tuple[float, float]:
        return _LEFT + x / most_x * (right - _LEFT), foot - y / most_y * (foot - _TOP)

    parts = [svg.rect(_LEFT, _TOP, right - _LEFT, foot - _TOP, fill=colour.WASH, kind="wash")]
    for part in (0.0, 0.5, 1.0):
        x, y = place(part * most_x, part * most_y)
        parts.append(svg.line(_LEFT, y, right, y, stroke=colour.RULE, width=0.4, kind="rule"))
        parts.append(_small(_plain(part * most_y), _LEFT - 2.5, y + 2.2, "end"))
        parts.append(_small(_plain(part * most_x), x, foot + 7.5, "middle"))
    parts.append(_small(across, (_LEFT + right) / 2, foot + 16.5, "middle"))
    x, _ = place(mark, 0.0)
    parts.append(
        svg.line(x, _TOP, x, foot, stroke=colour.EDGE, width=0.6, dash="2 1.5", kind="edge")
    )
    for stair in stairs:
        parts += _stair(stair, [place(*point) for point in stair.points], right)
    return svg.Drawn(svg.drawing(width, height, parts), width, height)


def _stair(stair: Stair, spots: list[tuple[float, float]], right: float) -> list[str]:
    stroke, kind = (colour.ACCENT, "accent-line") if stair.strong else (colour.SHADES[5], "median")
    line = f"M{spots[0][0]:.1f},{spots[0][1]:.1f}"
    line += "".join(f" H{x:.1f} V{y:.1f}" for x, y in spots[1:])
    parts = [svg.path(f"{line} H{right:.1f}", stroke=stroke, width=1.1, kind=kind)]
    x, y = spots[0]
    ends = (stair.points[0][1], stair.points[-1][1])
    ink = {"size": _SIZE, "fill": colour.INK, "kind": "ink"}
    parts.append(svg.text(x + 2, y - 2.6, stair.name, **ink))  # type: ignore[arg-type]
    parts.append(_small(_plain(ends[1]), right + 2.5, spots[-1][1] + 2.2, ""))
    return parts


def _plain(number: float) -> str:
    return f"{number:.0f}" if number >= 9.95 or number == 0 else f"{number:.1f}"


def _small(words: str, x: float, y: float, anchor: str) -> str:
    return svg.text(x, y, words, size=_TICK, fill=colour.MUTED, anchor=anchor, kind="muted")
