"""The chain in stage lanes: the most concentrated items of each stage, shaded by concentration."""

from dataclasses import dataclass

from narrows.brief.figures import colour, svg
from narrows.brief.figures.metrics import fit, text_width, wrap

__all__ = ["Box", "Lane", "draw_lanes"]

_TITLE = 70.0  # width of the column of stage titles
_MORE = 32.0  # room at the end of a lane for "and 12 more"
_GAP = 3.0
_PAD = 3.2
_NAME = 6.5  # size of names
_PLAIN = 6.8  # size of names in a lane without figures
_TOP = 7.0  # size of the line with the largest maker
_LEGEND = 16.0


@dataclass(frozen=True, slots=True)
class Box:
    """One item: its name, its largest maker with the share, and the index that shades it.

    `index` is None where no figure on makers is known; `assumed` draws a broken edge, `open`
    hatches a box whose index unnamed makers leave open.
    """

    name: str
    top: str = ""
    index: float | None = None
    assumed: bool = False
    open: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage with the items shown and the number of those that are not."""

    title: str
    boxes: tuple[Box, ...]
    more: int = 0

    @property
    def plain(self) -> bool:
        """Whether no item of the lane has an index, so that names alone are shown."""
        return all(box.index is None for box in self.boxes)


def draw_lanes(lanes: tuple[Lane, ...], *, width: float, per_lane: int) -> svg.Drawn:
    """Draw the lanes from the start of the chain (top) to its end.

    Parameters
    ----------
    lanes
        The stages in the order of the flow.
    width
        Width of the drawing in points.
    per_lane
        Room for so many boxes in every lane.
    """
    box_width = (width - _TITLE - _MORE - _GAP * (per_lane - 1)) / per_lane
    tall = 3 if any(_name_lines(box, box_width) > 1 for lane in lanes for box in lane.boxes) else 2
    parts: list[str] = []
    y = 0.0
    for number, lane in enumerate(lanes):
        height = 7.0 + 8 * len(_lines(lane, width)) if lane.plain else 4.5 + 7.1 * tall
        parts.extend(_title(lane.title, y, height, last=number == len(lanes) - 1))
        parts.extend(_lane(lane, y, height, box_width, width))
        y += height + (5.0 if number < len(lanes) - 1 else 4.0)
    parts.extend(_legend(y + 4, width))
    return svg.Drawn(
        svg.drawing(width, y + _LEGEND, parts, patterns=svg.hatch("lanes-open", colour.RULE)),
        width,
        y + _LEGEND,
    )


def _name_lines(box: Box, width: float) -> int:
    return len(wrap(box.name, width - 2 * _PAD, _NAME))


def _title(title: str, y: float, height: float, *, last: bool) -> list[str]:
    lines = wrap(title, _TITLE - 13, 7.2, lines=3, weight=700)
    start = y + height / 2 + 2.5 - 3.9 * (len(lines) - 1)
    parts = [
        svg.text(9, start + 7.8 * row, words, size=7.2, fill=colour.INK, weight=700, kind="ink")
        for row, words in enumerate(lines)
    ]
    centre = y + height / 2
    tail = y + height + 5.0
    if not last:
        parts.append(svg.line(2.5, centre, 2.5, tail, stroke=colour.EDGE, width=0.8, kind="edge"))
    parts.append(svg.path(f"M0.7,{centre - 2:.2f} h3.6 l-1.8,3.4 z", fill=colour.EDGE, kind="mark"))
    if y > 0:
        parts.append(svg.line(2.5, y, 2.5, centre, stroke=colour.EDGE, width=0.8, kind="edge"))
    return parts


def _lane(lane: Lane, y: float, height: float, box_width: float, width: float) -> list[str]:
    if lane.plain:
        return _names(lane, y, height, width)
    parts = []
    for place, box in enumerate(lane.boxes):
        parts.extend(_box(box, _TITLE + place * (box_width + _GAP), y, box_width, height))
    if lane.more:
        parts.extend(_more(lane.more, width, y + height / 2))
    return parts


def _more(more: int, width: float, middle: float) -> list[str]:
    return [
        svg.text(
            width, middle + shift, words, size=6.5, fill=colour.MUTED, anchor="end", kind="muted"
        )
        for words, shift in ((f"and {more}", -1.4), ("more", 5.6))
    ]


def _names(lane: Lane, y: float, height: float, width: float) -> list[str]:
    """Give a lane without figures as one or two lines of names."""
    lines = _lines(lane, width)
    parts = [svg.rect(_TITLE, y, width - _TITLE, height, fill=colour.WASH, radius=1.2, kind="wash")]
    first = y + height / 2 + 2.3 - 4 * (len(lines) - 1)
    parts.extend(
        svg.text(_TITLE + _PAD, first + 8 * row, words, size=_PLAIN, fill=colour.INK, kind="ink")
        for row, words in enumerate(lines)
    )
    return parts


def _lines(lane: Lane, width: float) -> list[str]:
    """Break the names of a lane into at most two lines, the rest as "and N more"."""
    room = width - _TITLE - 2 * _PAD
    lines, shown = [""], 0
    for box in lane.boxes:
        longer = f"{lines[-1]}  ·  {box.name}" if lines[-1] else box.name
        tail = "  and 99 more" if len(lines) > 1 else ""
        if text_width(longer + tail, _PLAIN) <= room:
            lines[-1] = longer
        elif len(lines) == 1:
            lines.append(fit(box.name, room, _PLAIN))
        else:
            break
        shown += 1
    left = len(lane.boxes) - shown + lane.more
    lines[-1] += f"  and {left} more" if left else ""
    return lines


def _box(box: Box, x: float, y: float, width: float, height: float) -> list[str]:
    if box.index is None:
        fill, ink, edge = colour.PAPER, colour.INK, colour.RULE
    else:
        number = colour.shade(box.index)
        fill, ink = colour.SHADES[number], colour.ink_on(number)
        edge = colour.EDGE if number < 2 or box.assumed else fill
    dash = "2 1.4" if box.assumed else ""
    parts = [
        svg.rect(x, y, width, height, fill=fill, stroke=edge, dash=dash, radius=1.2, kind="cell")
    ]
    if box.open:
        parts.append(
            svg.rect(x, y, width, height, fill="url(#lanes-open)", radius=1.2, kind="hatch")
        )
    room = width - 2 * _PAD
    for row, words in enumerate(wrap(box.name, room, _NAME)):
        parts.append(svg.text(x + _PAD, y + 8 + 6.8 * row, words, size=_NAME, fill=ink, kind="on"))
    top = fit(box.top, room, _TOP, 700) if box.top else "makers unknown"
    known = bool(box.top)
    parts.append(
        svg.text(
            x + _PAD,
            y + height - 3.4,
            top,
            size=_TOP if known else _NAME,
            fill=ink,
            weight=700 if known else 400,
            italic=box.assumed or not known,
            kind="on",
        )
    )
    return parts


def _legend(y: float, width: float) -> list[str]:
    parts = [
        svg.text(_TITLE, y + 6, "HHI, lower bound", size=6.5, fill=colour.MUTED, kind="muted"),
    ]
    x = _TITLE + 56
    limits = ("0", *(f"{step:.2f}" for step in colour.STEPS), "1")
    for number, fill in enumerate(colour.SHADES):
        parts.append(
            svg.rect(x, y, 11, 7.5, fill=fill, stroke=colour.EDGE, stroke_width=0.3, kind="cell")
        )
        words = f"{limits[number]}–{limits[number + 1]}"
        parts.append(svg.text(x + 13, y + 6, words, size=6.5, fill=colour.MUTED, kind="muted"))
        x += 13 + text_width(words, 6.5) + 5
    parts.append(
        svg.rect(
            x + 4, y, 11, 7.5, fill=colour.PAPER, stroke=colour.EDGE, dash="2 1.4", kind="paper"
        )
    )
    words = "assumed"
    parts.append(
        svg.text(x + 18, y + 6, words, size=6.5, fill=colour.MUTED, italic=True, kind="muted")
    )
    x += 18 + text_width(words, 6.5) + 7
    words = "unnamed makers"
    if x + 14 + text_width(words, 6.5) <= width:
        parts.append(svg.rect(x, y, 11, 7.5, fill=colour.PAPER, stroke=colour.HATCH, kind="paper"))
        parts.append(svg.rect(x, y, 11, 7.5, fill="url(#lanes-open)", kind="hatch"))
        parts.append(svg.text(x + 14, y + 6, words, size=6.5, fill=colour.MUTED, kind="muted"))
    return parts
