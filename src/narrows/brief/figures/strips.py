"""Who makes an item, as strips of one length cut by share."""

from dataclasses import dataclass

from narrows.brief.figures import colour, svg
from narrows.brief.figures.metrics import fit, text_width

__all__ = ["Piece", "Strip", "draw_strips"]

_ROW = 22.6
_BAR = 10.5
_ORDER = (5, 3, 2, 1)  # shades of the largest piece and those after it


@dataclass(frozen=True, slots=True)
class Piece:
    """One maker: its name, its code, its share; `rest` hatches the part nobody names."""

    name: str
    code: str
    part: float
    rest: bool = False
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """One item with its makers, the largest first."""

    name: str
    note: str
    pieces: tuple[Piece, ...]


def draw_strips(strips: tuple[Strip, ...], *, width: float) -> svg.Drawn:
    """Draw one strip an item."""
    parts: list[str] = []
    for number, strip in enumerate(strips):
        parts.extend(_strip(strip, number * _ROW, width))
    height = _ROW * len(strips) - (_ROW - _BAR - 10.5)
    patterns = svg.hatch("strips-rest", colour.HATCH)
    return svg.Drawn(svg.drawing(width, height, parts, patterns=patterns), width, height)


def _strip(strip: Strip, y: float, width: float) -> list[str]:
    note = text_width(strip.note, 6.5)
    name = fit(strip.name, width - note - 6, 7.6, 700)
    parts = [
        svg.text(0, y + 7, name, size=7.6, fill=colour.INK, weight=700, kind="ink"),
        svg.text(width, y + 7, strip.note, size=6.5, fill=colour.MUTED, anchor="end", kind="muted"),
    ]
    x = 0.0
    for order, piece in enumerate(strip.pieces):
        room = piece.part * width
        parts.extend(_piece(piece, order, x, y + 10, room))
        x += room
    return parts


def _piece(piece: Piece, order: int, x: float, y: float, width: float) -> list[str]:
    if width < 0.8:
        return []
    inner = max(width - 0.7, 0.3)
    if piece.rest:
        fill, edge = "url(#strips-rest)", colour.EDGE
        return [svg.rect(x, y, inner, _BAR, fill=fill, stroke=edge, stroke_width=0.4, kind="rest")]
    number = _ORDER[min(order, len(_ORDER) - 1)]
    fill, edge = colour.SHADES[number], colour.EDGE if number < 2 else ""
    frame = svg.rect(x, y, inner, _BAR, fill=fill, stroke=edge, stroke_width=0.4, kind="cell")
    return [frame, *_named(piece, order, number, x, y, inner)]


def _named(piece: Piece, order: int, number: int, x: float, y: float, room: float) -> list[str]:
    """Write the name and share of a piece, shorter where there is less room."""
    percent = str(int(100 * piece.part + 0.5))
    tried = (f"{piece.name} {percent}", f"{piece.code} {percent}", percent)
    words = next((words for words in tried if text_width(words, 7, 700) <= room - 5), "")
    if not words:
        return []
    ink, weight = colour.ink_on(number), 700 if order == 0 else 400
    shown = svg.text(
        x + 3, y + 7.9, words, size=7, fill=ink, weight=weight, italic=piece.assumed, kind="on"
    )
    return [shown]
