"""Small pieces of SVG, in points, with text as text.

Colours are written as attributes (the PDF reads those) and named by a class where the dark style
of the HTML page replaces them.
"""

from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

__all__ = ["FONTS", "Drawn", "drawing", "group", "hatch", "line", "path", "rect", "text"]

FONTS = (
    "'Libertinus Serif', 'Linux Libertine O', 'Times New Roman', Tinos, 'Liberation Serif', serif"
)


class Drawn(NamedTuple):
    """A drawing and its size in points."""

    svg: str
    width: float
    height: float


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _attributes(**given: float | str | None) -> str:
    parts = []
    for key, value in given.items():
        if value is None or value == "":
            continue
        shown = value if isinstance(value, str) else _number(value)
        parts.append(f" {key.rstrip('_').replace('_', '-')}={quoteattr(shown)}")
    return "".join(parts)


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float,
    fill: str,
    anchor: str = "",
    weight: int = 400,
    italic: bool = False,
    kind: str = "",
) -> str:
    """Give a line of text with its baseline at `y`."""
    given = _attributes(
        class_=kind,
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        text_anchor=anchor,
        font_weight=weight if weight != 400 else None,
        font_style="italic" if italic else None,
    )
    return f"<text{given}>{escape(_clean(words))}</text>"


def _clean(words: str) -> str:
    """Take out signs that XML does not allow."""
    return "".join(sign for sign in words if sign >= " " or sign in "\t\n")


def rect(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str,
    stroke: str = "",
    stroke_width: float = 0.5,
    dash: str = "",
    radius: float = 0,
    kind: str = "",
) -> str:
    """Give a rectangle."""
    given = _attributes(
        class_=kind,
        x=x,
        y=y,
        width=width,
        height=height,
        rx=radius or None,
        fill=fill,
        stroke=stroke,
        stroke_width=stroke_width if stroke else None,
        stroke_dasharray=dash,
    )
    return f"<rect{given}/>"


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    stroke: str,
    width: float = 0.5,
    dash: str = "",
    kind: str = "",
) -> str:
    """Give a straight line."""
    given = _attributes(
        class_=kind,
        x1=x1,
        y1=y1,
        x2=x2,
        y2=y2,
        stroke=stroke,
        stroke_width=width,
        stroke_dasharray=dash,
    )
    return f"<line{given}/>"


def path(
    d: str, *, fill: str = "none", stroke: str = "", width: float = 0.8, kind: str = ""
) -> str:
    """Give a path."""
    given = _attributes(
        class_=kind, d=d, fill=fill, stroke=stroke, stroke_width=width if stroke else None
    )
    return f"<path{given}/>"


def hatch(name: str, stroke: str, *, kind: str = "") -> str:
    """Give a pattern of slanting lines, to be used as ``fill="url(#name)"``."""
    mark = path("M-1,1 l2,-2 M0,4 l4,-4 M3,5 l2,-2", stroke=stroke, width=0.45, kind=kind)
    return (
        f'<pattern id="{name}" width="4" height="4" patternUnits="userSpaceOnUse">{mark}</pattern>'
    )


def group(parts: list[str], *, kind: str = "") -> str:
    """Put pieces together."""
    return f"<g{_attributes(class_=kind)}>{''.join(parts)}</g>"


def drawing(width: float, height: float, parts: list[str], *, patterns: str = "") -> str:
    """Give a whole drawing of `width` by `height` points."""
    size = f'width="{_number(width)}" height="{_number(height)}"'
    box = f'viewBox="0 0 {_number(width)} {_number(height)}"'
    defs = f"<defs>{patterns}</defs>" if patterns else ""
    font = f'font-family="{FONTS}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} {font}>'
    return f"{head}{defs}{''.join(parts)}</svg>"
