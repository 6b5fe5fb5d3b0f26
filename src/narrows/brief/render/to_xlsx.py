"""The workbook: a sheet a table, the sources, and a sheet on what it is."""

import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.xml.functions import tostring

from narrows.brief.reading import blocks_of, plain
from narrows.brief.render.packing import moment, packed
from narrows.brief.render.scripts import clean
from narrows.brief.render.sheets import Entry, Sheet, sheet_of
from narrows.brief.tree import Document, Figure, Table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["xlsx"]

_FORMATS: dict[str, str] = {
    "part": "0.0%",
    "percent": "0.0",
    "index": "0.00",
    "days": "0",
    "count": "0",
}
_LONGEST_NAME = 31  # signs of the name of a sheet
_NARROWEST, _WIDEST = 8, 60  # signs
_LINE = 15.0  # points of a line of a row
_COLUMNS = (32.0, 100.0)  # of the first sheet, in signs
_HEAD = Font(name="Calibri", bold=True, color="173F67")
_MARKED = Font(name="Calibri", bold=True, color="A8401C")
_TITLE = Font(name="Calibri", bold=True, size=14, color="1D2630")
_LINK = Font(name="Calibri", underline="single", color="173F67")
_RULE = Border(bottom=Side("medium", color="1D2630"))
_WASH = PatternFill("solid", fgColor="F4F6F8")


def xlsx(document: Document, about: Sequence[tuple[str, str]]) -> bytes:
    """Give the tables of a document as a workbook; the same document gives the same bytes.

    Parameters
    ----------
    document
        The brief.
    about
        What the first sheet says beside the title: pairs of what it is and the text.
    """
    book = Workbook()
    book.remove(book.active)
    front = book.create_sheet("About")
    names = []
    for table in _tables(document):
        name = _name(table.short or table.caption, book.sheetnames)
        _fill(book.create_sheet(name), sheet_of(table), document)
        names.append((name, table.caption))
    _fill(book.create_sheet("Sources"), _sources(document), document)
    _front(front, document, about, [*names, ("Sources", "Every source used")])
    return _saved(book, document)


def _tables(document: Document) -> Iterator[Table]:
    """Give every table, the numbers behind the drawings among them."""
    for section in document.sections:
        for block in blocks_of(section.blocks):
            table = block.twin if isinstance(block, Figure) else block
            if isinstance(table, Table) and table.rows:
                yield table


def _name(wanted: str, taken: Sequence[str]) -> str:
    """Give a name that a sheet may have: short, without forbidden signs, once in the book."""
    name = " ".join(re.sub(r"[\[\]:*?/\\']", " ", clean(wanted)).split()) or "Table"
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME + 1].rpartition(" ")[0] or name[:_LONGEST_NAME]
    name = name.rstrip(" ,;.")
    known, number, found = {each.casefold() for each in taken}, 1, name
    while found.casefold() in known:
        number += 1
        found = f"{name[: _LONGEST_NAME - 4].rstrip()} ({number})"
    return found


def _sources(document: Document) -> Sheet:
    heads = ("Number", "Source", "Publisher", "Title", "Date", "Address")
    rows = tuple(
        (each.number, each.id, each.publisher, each.title, each.date, each.url)
        for each in document.sources
    )
    return Sheet(heads, ("count", "", "", "", "", ""), rows)


def _fill(page: "Worksheet", sheet: Sheet, document: Document) -> None:
    """Write a sheet: its head frozen, with filters; the marking above and below it."""
    top = 1
    if document.marking:
        _marked(page.cell(1, 1), document.marking)
        top = 2
    widths = _widths(sheet)
    _row(page, top, sheet.heads, [""] * len(widths), widths)
    for line, row in enumerate(sheet.rows, top + 1):
        _row(page, line, row, sheet.units, widths)
    for column, entries in enumerate(zip(*sheet.rows, strict=True), 1):
        _head(page.cell(top, column), numbers=any(isinstance(entry, float) for entry in entries))
    last = top + len(sheet.rows)
    if document.marking:
        _marked(page.cell(last + 2, 1), document.marking)
    page.freeze_panes = page.cell(top + 1, 2)
    page.auto_filter.ref = f"A{top}:{get_column_letter(len(sheet.heads))}{last}"
    page.print_title_rows = f"{top}:{top}"
    _printed(page, document)


def _head(cell: Cell, *, numbers: bool) -> None:
    cell.font, cell.border, cell.fill = _HEAD, _RULE, _WASH
    side, indent = ("right", 0) if numbers else ("left", 1)
    cell.alignment = Alignment(side, "bottom", wrap_text=True, indent=indent)


def _row(
    page: "Worksheet",
    line: int,
    entries: Sequence[Entry],
    units: Sequence[str],
    widths: Sequence[float],
) -> None:
    """Write a row, as high as its longest words need in columns of these widths."""
    most = 1
    for column, (entry, unit, width) in enumerate(zip(entries, units, widths, strict=True), 1):
        page.column_dimensions[get_column_letter(column)].width = width
        if entry is None:
            continue
        cell = page.cell(line, column)
        _put(cell, entry)
        if isinstance(entry, str):
            most = max(most, _lines(entry, width))
            if re.match(r"https?://", entry):
                cell.hyperlink, cell.font = entry, _LINK
        if isinstance(entry, float):
            cell.alignment = Alignment("right", "top")
            cell.number_format = _FORMATS.get(unit, "General")
        else:
            long = isinstance(entry, str) and len(entry) > width - 2
            cell.alignment = Alignment("left", "top", wrap_text=long, indent=1)
    page.row_dimensions[line].height = _LINE * most


def _lines(text: str, width: float) -> int:
    """Give how many lines a text takes, broken at spaces where it can."""
    return len(textwrap.wrap(text, max(int(width) - 1, 1))) or 1


def _put(cell: Cell, entry: Entry) -> None:
    """Write an entry; words stay words even where they begin like a formula."""
    cell.value = clean(entry) if isinstance(entry, str) else entry
    if isinstance(entry, str):
        cell.data_type = "s"


def _marked(cell: Cell, marking: str) -> None:
    _put(cell, marking)
    cell.font = _MARKED


def _widths(sheet: Sheet) -> list[float]:
    found = []
    for column, head in enumerate(sheet.heads):
        texts = [row[column] for row in sheet.rows if isinstance(row[column], str)]
        longest = max((len(str(text)) for text in texts), default=0)
        word = max(len(part) for part in head.split(" ")) + 3  # room for the button of the filter
        found.append(float(min(max(_NARROWEST, word, longest + 4, len(head) / 2 + 4), _WIDEST)))
    return found


def _printed(page: "Worksheet", document: Document) -> None:
    """Set how a sheet prints: A4 across, one page wide, marking and page at head and foot."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    marking = document.marking.replace("&", "&&")
    page.oddHeader.center.text = marking or None
    page.oddFooter.center.text = marking or None
    page.oddFooter.left.text = "&A"
    page.oddFooter.right.text = "&P / &N"


def _front(
    page: "Worksheet",
    document: Document,
    about: Sequence[tuple[str, str]],
    names: Sequence[tuple[str, str]],
) -> None:
    """Write the first sheet: what the workbook is, and where its tables are."""
    line = 1
    if document.marking:
        _marked(page.cell(line, 1), document.marking)
        line += 1
    _put(page.cell(line, 1), document.title)
    page.cell(line, 1).font = _TITLE
    line += 2
    for pair in (*about, ("Signs", plain(document.legend))):
        _row(page, line, pair, ("", ""), _COLUMNS)
        page.cell(line, 1).font = _HEAD
        line += 1
    line += 1
    _put(page.cell(line, 1), "Sheets")
    page.cell(line, 1).font = _HEAD
    for pair in names:
        line += 1
        _row(page, line, pair, ("", ""), _COLUMNS)
        leads = Hyperlink(page.cell(line, 1).coordinate, location=f"'{pair[0]}'!A1")
        page.cell(line, 1).hyperlink = leads
        page.cell(line, 1).font = _LINK
    if document.marking:
        _marked(page.cell(line + 2, 1), document.marking)
    _printed(page, document)
    page.page_setup.fitToHeight = 1


def _saved(book: Workbook, document: Document) -> bytes:
    known, day = book.properties, moment(document.date)
    known.title, known.subject = clean(document.title), clean(document.subject)
    known.creator = known.lastModifiedBy = "Narrows"
    known.description, known.keywords = clean(document.about), document.marking or None
    known.language, known.created = document.language, day
    out = io.BytesIO()
    book.save(out)
    known.modified = day  # saving sets it to now
    return packed(out.getvalue(), {"docProps/core.xml": tostring(known.to_tree())})
