"""The Word document and the workbook: opened again, complete, typed, marked, without the clock."""

import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import docx as word
import openpyxl
import pytest
from docx.oxml.ns import qn

from brief.conftest import SOURCE
from narrows.brief.about import about
from narrows.brief.reading import blocks_of, plain
from narrows.brief.render.pictures import figures_of
from narrows.brief.render.sheets import sheet_of
from narrows.brief.render.to_docx import docx
from narrows.brief.render.to_xlsx import xlsx
from narrows.brief.render.widths import widths_of
from narrows.brief.tree import Cell, Column, Figure, Name, Section, Table, Text, Value
from narrows.brief.values import part, tally
from narrows.brief.words import NARROW
from narrows.terms import Grade

MARKING = "ONLY <b>US</b> & 2 friends"


@pytest.fixture(scope="module")
def marked(document):
    return replace(document, marking=MARKING)


@pytest.fixture(scope="module")
def data(marked):
    return docx(marked)


@pytest.fixture(scope="module")
def opened(data):
    return word.Document(io.BytesIO(data))


@pytest.fixture(scope="module")
def book(marked, case, results):
    return openpyxl.load_workbook(io.BytesIO(xlsx(marked, about(marked, case, results))))


def tables_of(document):
    return [b for s in document.sections for b in blocks_of(s.blocks) if isinstance(b, Table)]


# ---------------------------------------------------------------- Word


def test_the_word_document_has_the_headings_of_the_brief_in_order(opened, marked):
    heads = [p.text for p in opened.paragraphs if p.style.name.startswith("Heading")]
    wanted = ["Where is it narrow?", "What stops if it closes?", "Who holds whom?"]
    assert [head for head in heads if head in wanted] == wanted
    titles = [s.title for s in (*marked.second, *marked.annex) if s.title]
    assert [head for head in heads if head in titles] == titles
    assert [p.text for p in opened.paragraphs if p.style.name == "Title"] == [marked.title]


def test_every_table_has_a_head_that_repeats_and_a_caption(opened, marked):
    wanted = tables_of(marked)
    assert len(opened.tables) == len(wanted)
    for made, table in zip(opened.tables, wanted, strict=True):
        assert len(made.rows) == len(table.rows) + 1
        assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert made._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    captions = [p.text for p in opened.paragraphs if p.style.name == "Caption"]
    assert sum(text.startswith("Table") for text in captions) == len(wanted)
    assert sum(text.startswith("Figure") for text in captions) == len(figures_of(marked))


def test_cells_say_what_the_tree_says(opened, marked):
    for made, table in zip(opened.tables, tables_of(marked), strict=True):
        for row, cells in zip(made.rows[1:3], table.rows[:2], strict=False):
            for shown, cell in zip(row.cells, cells, strict=True):
                text = shown.text.replace(NARROW, " ").replace("\u00a0", " ")
                assert text.startswith(plain(cell.runs).strip()[:6])


def test_every_picture_is_drawn_and_said_in_words(opened, marked, data):
    figures = figures_of(marked)
    assert len(opened.inline_shapes) == len(figures)
    told = [shape._inline.docPr.get("descr") for shape in opened.inline_shapes]
    assert told == [" ".join(figure.alt.split()) for figure in figures]
    ids = [shape._inline.docPr.get("id") for shape in opened.inline_shapes]
    assert len(set(ids)) == len(ids)
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert sum(name.endswith(".png") for name in names) == len(figures)


def test_page_language_properties_and_page_numbers(opened, marked):
    section = opened.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    known = opened.core_properties
    assert (known.title, known.language, known.keywords) == (marked.title, "en", MARKING)
    assert known.created.date().isoformat() == marked.date
    footer = section.footer._element.xml
    assert "NUMPAGES" in footer
    assert 'w:instr="PAGE"' in footer


def test_the_marking_stands_in_header_and_footer_of_the_word_document(opened, document):
    section = opened.sections[0]
    for part_ in (section.header, section.footer):
        assert MARKING in [p.text for p in part_.paragraphs]
    bare = word.Document(io.BytesIO(docx(document))).sections[0]
    for part_ in (bare.header, bare.footer):
        assert all(p.text for p in part_.paragraphs)


def test_no_clock_is_in_the_files(data, book, marked, case, results):
    for file in (data, xlsx(marked, about(marked, case, results))):
        with zipfile.ZipFile(io.BytesIO(file)) as packed:
            assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert book.properties.modified.date().isoformat() == marked.date
    assert book.properties.created.date().isoformat() == marked.date


def test_every_reference_leads_to_a_source_of_the_list(data):
    body = ET.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))  # noqa: S314
    links = {each.get(qn("w:anchor")) for each in body.iter(qn("w:hyperlink"))} - {None}
    marks = [each.get(qn("w:name")) for each in body.iter(qn("w:bookmarkStart"))]
    assert links
    assert links <= set(marks)
    assert len(marks) == len(set(marks))


def test_markup_and_control_signs_in_names_stay_words(opened, document):
    assert SOURCE in "\n".join(p.text for p in opened.paragraphs)
    odd = Table("Odd\x0b[table]:*", (Column("A\x01"),), ((Cell((Name("=1+1\x02 < 2"),)),),))
    changed = replace(document, annex=(Section("odd", "Odd", (odd,)), *document.annex))
    assert word.Document(io.BytesIO(docx(changed))).tables
    page = openpyxl.load_workbook(io.BytesIO(xlsx(changed, ())))["Odd table"]
    assert page["A2"].data_type == "s"
    assert page["A2"].value == "=1+1  < 2"


def test_a_narrow_column_takes_room_from_a_wide_one_for_a_number():
    value = part(0.9, "a/b", Grade.ASSUMED, ends=(0.85, 0.95))
    columns = (Column("Item", width=0.9), Column("Share", width=0.1))
    table = Table("T", columns, ((Cell((Name("x"),)), Cell((value,))),))
    wide, narrow = widths_of(table, 300.0, 8.0)
    assert narrow > 50.0
    assert wide + narrow == pytest.approx(300.0)


# ---------------------------------------------------------------- workbook


def test_each_table_has_a_sheet_with_frozen_head_filter_and_all_rows(book, marked):
    figures = [b for b in figures_of(marked) if isinstance(b, Figure)]
    tables = [t for t in (*tables_of(marked), *(f.twin for f in figures)) if t.rows]
    assert book.sheetnames[0] == "About"
    assert book.sheetnames[-1] == "Sources"
    assert len(book.sheetnames) == len(tables) + 2
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "B3"
        assert page.auto_filter.ref.startswith("A2:")
        heads = [cell.value for cell in page[2]]
        assert all(heads)
        assert len(heads) == len(set(heads))


def test_numbers_are_numbers_and_percent_are_parts(book, results):
    page = book["The narrowest points"]
    heads = [cell.value for cell in page[2]]
    rows = {row[heads.index("Item")]: row for row in page.iter_rows(min_row=3, values_only=True)}
    frame = results.concentration.set_index("item")
    top = frame.sort_values("rank").iloc[0]
    shown = next(row for row in rows.values() if row[0] == 1)
    assert shown[heads.index("Share")] == pytest.approx(top["top_share"])
    assert shown[heads.index("HHI")] == pytest.approx(top["hhi"])
    formats = {head: page.cell(3, place + 1).number_format for place, head in enumerate(heads)}
    assert (formats["Share"], formats["HHI"]) == ("0.0%", "0.00")


def test_the_first_sheet_names_case_digest_dates_and_marking(book, case, marked):
    page = book["About"]
    told = {row[0]: row[1] for row in page.iter_rows(values_only=True) if row[0]}
    assert told["Digest of the case"] == case.digest
    assert told["Version of the case"] == case.info.version
    assert told["Date of the evidence"] == "23 November 2026"
    assert marked.oldest.name in told["Oldest figure in use"]
    assert marked.oldest.period in told["Oldest figure in use"]
    assert told["Marking"] == MARKING
    links = [cell.hyperlink.location for row in page.iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]


def test_the_marking_stands_on_every_sheet_and_its_print(book, case, results, document):
    for page in book:
        column = [row[0] for row in page.iter_rows(max_col=1, values_only=True)]
        assert (column[0], column[-1]) == (MARKING, MARKING)
        assert page.oddHeader.center.text == MARKING.replace("&", "&&")
        assert page.oddFooter.center.text == MARKING.replace("&", "&&")
    bare = openpyxl.load_workbook(io.BytesIO(xlsx(document, about(document, case, results))))
    assert bare["The narrowest points"].freeze_panes == "B2"
    assert bare["About"]["A1"].value == document.title


def test_sources_stand_in_a_sheet_of_their_own(book, marked):
    rows = list(book["Sources"].iter_rows(min_row=3, max_col=2, values_only=True))
    named = [row for row in rows if isinstance(row[0], int)]
    assert named == [(entry.number, entry.id) for entry in marked.sources]


def test_a_cell_with_a_range_gives_three_numbers_and_its_origin():
    value = part(0.9, "a/b", Grade.DERIVED, ("s1",), ends=(0.85, 0.95))
    rank = tally(3, "a/rank")
    columns = (Column(""), Column("Share"))
    sheet = sheet_of(Table("T", columns, ((Cell((rank,)), Cell((value,))),)))
    assert sheet.heads == ("Rank", "Share", "Share, from", "Share, to", "Weakest grade", "Sources")
    assert sheet.rows == ((3, 0.9, 0.85, 0.95, "derived", "s1"),)


def test_a_cell_with_several_makers_becomes_several_rows():
    one, two = (part(x, f"a/{x}", Grade.ASSUMED) for x in (0.6, 0.4))
    makers = Cell((Name("Japan "), one, Text(", "), Name("Taiwan "), two))
    columns = (Column("Item"), Column("Makers", parts=("Maker", "Share")))
    sheet = sheet_of(Table("T", columns, ((Cell((Name("resin"),)), makers),)))
    assert [row[:3] for row in sheet.rows] == [("resin", "Japan", 0.6), ("resin", "Taiwan", 0.4)]


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_what_no_sheet_can_hold_is_told_in_words(number):
    value = Value("no end", "a/b", Grade.STATED, (), number, unit="days")
    sheet = sheet_of(Table("T", (Column("Stock"),), ((Cell((value,)),),)))
    assert sheet.rows[0][0] == "no end"
