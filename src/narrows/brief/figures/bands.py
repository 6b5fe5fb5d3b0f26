"""What is left over time, one small panel a series: the median and the band of the draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from narrows.brief.figures import colour, svg
from narrows.brief.figures.metrics import fit, text_width

__all__ = ["Panel", "draw_bands"]

_LEFT, _GAP = 15.0, 9.0
_HEAD, _LEGEND, _FOOT = 10.5, 12.5, 9.5
_SIZE, _TICK = 7.0, 6.3
_MONTH = 365 / 12
_STEPS = (3, 6, 12, 24, 48, 120)  # months between ticks
_POINTS = 120  # of a line; more cannot be seen


@dataclass(frozen=True, slots=True)
class Panel:
    """A series by day, 0 to 1, with its low and high end, and what stands at its right."""

    name: str
    note: str
    low: Sequence[float]
    middle: Sequence[float]
    high: Sequence[float]


def draw_bands(
    panels: tuple[Panel, ...],
    shock: tuple[int, int],
    *,
    width: float,
    height: float,
    columns: int = 2,
) -> svg.Drawn:
    """Draw the panels in rows on one scale.

    Parameters
    ----------
    panels
        What to draw, in order.
    shock
        First and last day of the shocks, shaded.
    width
        Width of the drawing in points.
    height
        Height of the field of a panel.
    columns
        Panels beside each other.
    """
    room = (width - _LEFT - _GAP * (columns - 1)) / columns
    parts = _legend(width)
    lines = [panels[start : start + columns] for start in range(0, len(panels), columns)]
    y = _LEGEND
    for number, line in enumerate(lines):
        for column, panel in enumerate(line):
            x = _LEFT + column * (room + _GAP)
            box = (x, y + _HEAD, x + room, y + _HEAD + height)
            below = number == len(lines) - 1 or column >= len(lines[number + 1])
            parts += _panel(panel, box, shock, left=column == 0, below=below)
        y += _HEAD + height + 2.5
    total = y + _FOOT
    return svg.Drawn(svg.drawing(width, total, parts), width, total)


_Box = tuple[float, float, float, float]


def _panel(
    panel: Panel, box: _Box, shock: tuple[int, int], *, left: bool, below: bool
) -> list[str]:
    x1, y1, x2, y2 = box
    days = max(len(panel.middle) - 1, 1)
    parts = [svg.rect(x1, y1, x2 - x1, y2 - y1, fill=colour.WASH, kind="wash")]
    first, last = (x1 + min(day, days) / days * (x2 - x1) for day in shock)
    parts.append(
        svg.rect(first, y1, max(last - first, 0.5), y2 - y1, fill=colour.RULE, kind="shock")
    )
    note = text_width(panel.note, _TICK)
    name = fit(panel.name, x2 - x1 - note - 4, _SIZE, 700)
    parts.append(svg.text(x1, y1 - 2.6, name, size=_SIZE, fill=colour.INK, weight=700, kind="ink"))
    parts.append(_small(panel.note, x2, y1 - 2.6, "end"))
    for part in (0.0, 0.5, 1.0):
        y = y2 - part * (y2 - y1)
        parts.append(svg.line(x1, y, x2, y, stroke=colour.RULE, width=0.4, kind="rule"))
        if left:
            parts.append(_small(f"{100 * part:.0f}", x1 - 2, y + 2.1, "end"))
    band = f"{_path(panel.high, box)} L{_path(panel.low, box, back=True)[1:]} z"
    parts.append(svg.path(band, fill=colour.SHADES[2], kind="band"))
    line = svg.path(_path(panel.middle, box), stroke=colour.SHADES[5], width=1.1, kind="median")
    parts.append(line)
    return [*parts, *(_months(box, days) if below else [])]


def _path(values: Sequence[float], box: _Box, *, back: bool = False) -> str:
    x1, y1, x2, y2 = box
    days = max(len(values) - 1, 1)
    step = max(1, len(values) // _POINTS)
    chosen = [*range(0, len(values), step)]
    chosen += [len(values) - 1] if chosen and chosen[-1] != len(values) - 1 else []
    points = [
        f"{x1 + day / days * (x2 - x1):.1f},{y2 - min(max(values[day], 0.0), 1.0) * (y2 - y1):.1f}"
        for day in (reversed(chosen) if back else chosen)
    ]
    return "M" + " L".join(points)


def _months(box: _Box, days: int) -> list[str]:
    x1, _, x2, y2 = box
    months = days / _MONTH
    step = next((each for each in _STEPS if months / each <= 6), _STEPS[-1])
    return [
        _small(str(month), x1 + month * _MONTH / days * (x2 - x1), y2 + 7.3, "middle")
        for month in range(0, int(months) + 1, step)
    ]


def _legend(width: float) -> list[str]:
    size, y = 6.6, 7.0
    words = ("median", "80 % of the draws", "shock")
    parts = [
        svg.text(
            0, y, "demand met, %, by month", size=size, fill=colour.MUTED, italic=True, kind="muted"
        )
    ]
    x = width - sum(text_width(each, size) + 15 for each in words) + 4
    for number, each in enumerate(words):
        if number == 0:
            parts.append(
                svg.line(
                    x, y - 2.2, x + 9, y - 2.2, stroke=colour.SHADES[5], width=1.1, kind="median"
                )
            )
        else:
            fill, kind = ((colour.SHADES[2], "band"), (colour.RULE, "shock"))[number - 1]
            parts.append(svg.rect(x, y - 5.2, 9, 6, fill=fill, kind=kind))
        parts.append(svg.text(x + 11, y, each, size=size, fill=colour.INK, kind="ink"))
        x += text_width(each, size) + 15
    return parts


def _small(words: str, x: float, y: float, anchor: str) -> str:
    return svg.text(x, y, words, size=_TICK, fill=colour.MUTED, anchor=anchor, kind="muted")
