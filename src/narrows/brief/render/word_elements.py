"""Small pieces of a Word document: runs, paragraphs, fields, links, tables."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from narrows.brief.render.scripts import clean

__all__ = [
    "Element",
    "anchored",
    "element",
    "field",
    "grid",
    "linked",
    "paragraph",
    "words",
]

Element: TypeAlias = BaseOxmlElement
_TWIPS = 20  # to a point


def element(tag: str, *children: Element, **attributes: str) -> Element:
    """Give an element with its children; attributes are those of the namespace ``w``."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    for child in children:
        made.append(child)
    return made


def words(text: str, *marks: str) -> Element:
    """Give a run of text; marks are what it is set in, such as ``w:b`` or ``w:superscript``."""
    run = element("w:r")
    if marks:
        run.append(element("w:rPr", *(_mark(mark) for mark in marks)))
    shown = element("w:t")
    shown.text = clean(text)
    shown.set(qn("xml:space"), "preserve")
    run.append(shown)
    return run


def _mark(name: str) -> Element:
    if name == "w:superscript":
        return element("w:vertAlign", val="superscript")
    return element(name, val="single") if name == "w:u" else element(name)


def paragraph(
    style: str, runs: Iterable[Element], *, fill: str = "", align: str = "", new_page: bool = False
) -> Element:
    """Give a paragraph of a style, shaded where `fill` names a colour."""
    properties = element("w:pPr", element("w:pStyle", val=style))
    if new_page:
        properties.append(element("w:pageBreakBefore"))
    if fill:
        properties.append(element("w:shd", val="clear", color="auto", fill=fill))
    if align:
        properties.append(element("w:jc", val=align))
    return element("w:p", properties, *runs)


def field(instruction: str, shown: str) -> Element:
    """Give a field, such as a page number, with what it showed last."""
    return element("w:fldSimple", words(shown), instr=instruction)


def linked(target: str, text: str) -> Element:
    """Give raised text that leads to a bookmark of the document."""
    return element("w:hyperlink", words(text, "w:superscript"), anchor=target, history="1")


def anchored(name: str, number: int, runs: Iterable[Element]) -> list[Element]:
    """Give runs between the two ends of a bookmark."""
    start = element("w:bookmarkStart", id=str(number), name=name)
    return [start, *runs, element("w:bookmarkEnd", id=str(number))]


def grid(
    style: str, widths: Sequence[float], rows: Iterable[Sequence[Element]], title: str
) -> Element:
    """Give a table of paragraphs; its first row is its head and stands on every page.

    `widths` are in points.
    """
    twips = [str(round(width * _TWIPS)) for width in widths]
    total = str(round(sum(widths) * _TWIPS))
    look = element("w:tblLook", val="0420", firstRow="1", firstColumn="1", noVBand="1")
    properties = element(
        "w:tblPr",
        element("w:tblStyle", val=style),
        element("w:tblW", w=total, type="dxa"),
        element("w:tblLayout", type="fixed"),
        look,
        element("w:tblCaption", val=clean(title)),
    )
    columns = element("w:tblGrid", *(element("w:gridCol", w=width) for width in twips))
    lines = [_row(cells, twips, head=place == 0) for place, cells in enumerate(rows)]
    return element("w:tbl", properties, columns, *lines)


def _row(cells: Sequence[Element], widths: Sequence[str], *, head: bool) -> Element:
    properties = element("w:trPr", element("w:cantSplit"))
    if head:
        properties.append(element("w:tblHeader"))
    made = (
        element("w:tc", element("w:tcPr", element("w:tcW", w=width, type="dxa")), cell)
        for cell, width in zip(cells, widths, strict=True)
    )
    return element("w:tr", properties, *made)
