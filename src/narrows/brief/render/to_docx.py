"""The Word document: the document tree in one column, with real headings, tables and captions."""

import io
import re
from collections.abc import Mapping

from docx.shared import Pt

from narrows.brief.render.marks import letter, numbering, numbers, runs_of_numbers
from narrows.brief.render.packing import packed
from narrows.brief.render.pictures import EDGE, pictures
from narrows.brief.render.visit import Renderer
from narrows.brief.render.widths import widths_of
from narrows.brief.render.word_elements import (
    Element,
    anchored,
    element,
    field,
    grid,
    linked,
    paragraph,
    words,
)
from narrows.brief.render.word_page import FINE, PLAIN, TEXT_WIDTH, WASH, fresh
from narrows.brief.tree import (
    Answer,
    Block,
    Bullets,
    Callout,
    Cell,
    Cite,
    Column,
    Columns,
    Document,
    Figure,
    Paragraph,
    Runs,
    Section,
    SourceEntry,
    SourceList,
    Table,
    Value,
)

__all__ = ["docx"]

_NARROW = 300.0  # points; narrower drawings stand beside text in the PDF, here alone and larger
_LARGER = 1.25
_STYLE = {"body": "Normal", "chain": "Normal", "small": "BriefSmall", "meta": "BriefSmall"}


def docx(document: Document) -> bytes:
    """Give a document as a Word file; the same document gives the same bytes.

    Raises
    ------
    CouldNotFinish
        When a drawing cannot be set.
    """
    return packed(_Writer(document).file())


class _Writer(Renderer[list[Element]]):
    def __init__(self, document: Document) -> None:
        self.tree = document
        self.known: Mapping[str, int] = numbering(document)
        self.pictures = pictures(document)
        self.word = fresh(document)
        self.counts = {"Table": 0, "Figure": 0}
        self.fill = ""

    def file(self) -> bytes:
        tree = self.tree
        body = [paragraph("Title", [words(tree.title)])]
        body += [paragraph("BriefSmall", self.runs(runs)) for runs in tree.meta]
        for section in (*tree.first, *tree.second):
            body += self.section(section, 1)
        body.append(paragraph("Heading1", [words("Annex")], new_page=True))
        for section in tree.annex:
            body += self.section(section, 2)
        held = self.word.element.body
        for block in body:
            held.insert(len(held) - 1, block)  # the last is the page itself
        out = io.BytesIO()
        self.word.save(out)
        return out.getvalue()

    def section(self, section: Section, level: int) -> list[Element]:
        head = [paragraph(f"Heading{level}", [words(section.title)])] if section.title else []
        return [*head, *self.blocks(section.blocks)]

    def blocks(self, blocks: tuple[Block, ...]) -> list[Element]:
        return [part for block in blocks for part in self.block(block)]

    def paragraph(self, block: Paragraph) -> list[Element]:
        if not block.runs:
            return []
        return [paragraph(_STYLE[block.role], self.runs(block.runs), fill=self.fill)]

    def bullets(self, block: Bullets) -> list[Element]:
        points = (self.runs(point) for point in block.points)
        return [paragraph("ListBullet", point, fill=self.fill) for point in points]

    def callout(self, block: Callout) -> list[Element]:
        self.fill = WASH
        head = paragraph("Heading2", [words(block.title)], fill=WASH)
        inner = self.blocks(block.blocks)
        self.fill = ""
        return [head, *inner]

    def columns(self, block: Columns) -> list[Element]:
        return [made for part in block.parts for made in self.blocks(part)]

    def answer(self, block: Answer) -> list[Element]:
        head = paragraph("Heading1", [words(block.question)])
        said = paragraph("BriefAnswer", self.runs(block.sentence))
        return [head, said, *self.blocks(block.support), *self.blocks(block.figures)]

    def caption(self, kind: str, runs: list[Element]) -> Element:
        self.counts[kind] += 1
        number = field(f"SEQ {kind} \\* ARABIC", str(self.counts[kind]))
        return paragraph("Caption", [words(f"{kind} "), number, words(". "), *runs])

    def figure(self, block: Figure) -> list[Element]:
        most = TEXT_WIDTH / (block.width + 2 * EDGE)
        scale = _LARGER if block.width < _NARROW else min(1.0, most)
        sides = (Pt(scale * (side + 2 * EDGE)) for side in (block.width, block.height))
        data = io.BytesIO(self.pictures[block.id])
        drawn = self.word.part.new_pic_inline(data, *sides)
        for side in ("distL", "distR"):
            drawn.set(side, "0")
        about = drawn.docPr
        about.set("id", str(len(self.tree.sources) + self.counts["Figure"] + 1))
        about.set("name", block.id)
        about.set("descr", " ".join(block.alt.split()))
        picture = element("w:r", element("w:drawing", drawn))
        return [
            self.caption("Figure", self.runs(block.caption)),
            paragraph("Normal", [picture]),
        ]

    def table(self, block: Table) -> list[Element]:
        style = "BriefFineCell" if block.small else "BriefCell"
        widths = widths_of(block, TEXT_WIDTH, FINE if block.small else PLAIN)
        head = [
            paragraph(style, [words(column.title or "#", "w:b")], align=_aligned(column))
            for column in block.columns
        ]
        rows = [
            [
                self.cell(cell, column, style)
                for cell, column in zip(row, block.columns, strict=True)
            ]
            for row in block.rows
        ]
        made = grid("BriefTable", widths, [head, *rows], block.caption)
        after = paragraph("BriefSmall", [])
        return [self.caption("Table", [words(block.caption)]), made, after]

    def cell(self, cell: Cell, column: Column, style: str) -> Element:
        return paragraph(style, self.runs(cell.runs), align=_aligned(column))

    def source_list(self, block: SourceList) -> list[Element]:
        return [self.source(entry) for entry in block.entries]

    def source(self, entry: SourceEntry) -> Element:
        parts = [part for part in (entry.publisher, entry.title, entry.date) if part]
        text = ". ".join(part.rstrip(".") for part in parts) + ". "
        number = anchored(f"source-{entry.number}", entry.number, [words(f"{entry.number}", "w:b")])
        return paragraph("BriefSource", [*number, words(f"  {text}"), *self.address(entry.url)])

    def address(self, url: str) -> list[Element]:
        if not re.match(r"https?://", url):
            return [words(url)]
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
        link = element("w:hyperlink", words(url, "w:u"), history="1")
        relation = self.word.part.relate_to(url, kind, is_external=True)
        link.set(
            "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", relation
        )
        return [link]

    def runs(self, runs: Runs) -> list[Element]:
        return [made for run in runs for made in self.run(run)]

    def value(self, run: Value) -> list[Element]:
        sign = letter(run)
        marks = [words(sign, "w:i", "w:superscript")] if sign else []
        return [words(run.printed), *marks, *self.numbers(run)]

    def cite(self, run: Cite) -> list[Element]:
        return self.numbers(run)

    def numbers(self, run: Value | Cite) -> list[Element]:
        made: list[Element] = []
        for shown, target in runs_of_numbers(numbers(run, self.known)):
            if made:
                made.append(words(",", "w:superscript"))
            made.append(linked(f"source-{target}", shown))
        return made

    def strong(self, text: str) -> list[Element]:
        return [words(text, "w:b")]

    def emphasis(self, text: str) -> list[Element]:
        return [words(text, "w:i")]

    def words(self, text: str) -> list[Element]:
        return [words(text)]


def _aligned(column: Column) -> str:
    return "" if column.align == "left" else column.align
