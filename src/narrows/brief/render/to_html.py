"""The web page: the document tree as one HTML file that loads nothing from anywhere."""

import re
from collections.abc import Mapping
from html import escape
from importlib.resources import files

from narrows.brief.reading import plain
from narrows.brief.render.marks import letter, numbering, numbers, runs_of_numbers
from narrows.brief.render.scripts import clean
from narrows.brief.render.visit import Renderer
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

__all__ = ["html"]

_GRADES = {
    "d": "derived from stated figures",
    "a": "rests on an assumption of ours",
    "u": "set by the user",
}
_WIDE = 300.0  # drawings wider than this scroll on a narrow screen


def html(document: Document) -> str:
    """Give a document as one HTML page."""
    return _Page(document).page()


def _text(text: str) -> str:
    return escape(clean(text), quote=True)


class _Page(Renderer[str]):
    def __init__(self, document: Document) -> None:
        self.tree = document
        self.title = ""
        self.known: Mapping[str, int] = numbering(document)
        self.by_number: Mapping[int, SourceEntry] = {
            entry.number: entry for entry in document.sources
        }

    def page(self) -> str:
        tree = self.tree
        style = files("narrows.brief.render").joinpath("style.css").read_text("utf-8")
        body = [self.section(section, 2) for section in (*tree.first, *tree.second)]
        annex = [self.section(section, 3) for section in tree.annex]
        meta = "".join(f'<p class="meta">{self.runs(runs)}</p>' for runs in tree.meta)
        return (
            f'<!doctype html>\n<html lang="{_text(tree.language)}">\n<head>\n'
            '<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta name="description" content="{_text(tree.about)}">\n'
            f"<title>{_text(tree.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
            f'<a class="skip" href="#brief">To the brief</a>\n{self.marking("top")}'
            '<header class="head"><div class="masthead"><strong>NARROWS</strong>'
            f"<span>{_text(tree.subject)}</span></div>\n<h1>{_text(tree.title)}</h1>{meta}</header>\n"
            f'<main id="brief">\n{"".join(body)}'
            f'<section id="annex" aria-labelledby="annex-title"><h2 id="annex-title">Annex</h2>\n'
            f"{''.join(annex)}</section>\n</main>\n"
            f"<footer><p>{self.runs(tree.legend)}</p></footer>\n"
            f"{self.marking('bottom')}</body>\n</html>\n"
        )

    def marking(self, place: str) -> str:
        if not self.tree.marking:
            return ""
        label = ' role="note" aria-label="Marking"'
        return f'<div class="marking {place}"{label}>{_text(self.tree.marking)}</div>\n'

    def section(self, section: Section, level: int) -> str:
        name = _text(section.id)
        self.title = section.title
        head = (
            f'<h{level} id="{name}-title">{_text(section.title)}</h{level}>'
            if section.title
            else ""
        )
        labelled = f' aria-labelledby="{name}-title"' if section.title else ""
        blocks = "\n".join(self.block(block) for block in section.blocks)
        return f'<section id="{name}"{labelled}>{head}\n{blocks}\n</section>\n'

    def paragraph(self, block: Paragraph) -> str:
        kind = "" if block.role == "body" else f' class="{block.role}"'
        return f"<p{kind}>{self.runs(block.runs)}</p>"

    def bullets(self, block: Bullets) -> str:
        points = "".join(f"<li>{self.runs(point)}</li>" for point in block.points)
        return f"<ul>{points}</ul>"

    def callout(self, block: Callout) -> str:
        inner = f"<h3>{_text(block.title)}</h3>{self.blocks(block.blocks)}"
        return f'<div class="callout">{inner}</div>'

    def columns(self, block: Columns) -> str:
        widths = " ".join(f"minmax(0,{width:g}fr)" for width in block.widths)
        parts = "".join(self.part(part) for part in block.parts)
        return f'<div class="beside" style="grid-template-columns:{widths}">{parts}</div>'

    def source_list(self, block: SourceList) -> str:
        entries = "".join(self.source(entry) for entry in block.entries)
        return f'<ol class="sources">{entries}</ol>'

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        return "".join(self.block(block) for block in blocks)

    def part(self, blocks: tuple[Block, ...]) -> str:
        if len(blocks) == 1 and isinstance(blocks[0], Callout):
            return self.block(blocks[0])
        return f"<div>{self.blocks(blocks)}</div>"

    def answer(self, block: Answer) -> str:
        name = _text(block.id)
        support = [self.block(part) for part in block.support]
        figures = [self.figure(figure) for figure in block.figures]
        head = f'<h2 id="answer-{name}">{_text(block.question)}</h2>'
        said = f'{head}<p class="sentence">{self.runs(block.sentence)}</p>'
        kind = "answer two" if block.below else "answer" if figures else "answer plain"
        opening = f'<article class="{kind}" aria-labelledby="answer-{name}">'
        if block.below:
            parts = "".join(f"<div>{part}</div>" for part in (*support, *figures))
            return f'{opening}<div class="said">{said}</div>{parts}</article>'
        return (
            f"{opening}<div>{said}{''.join(support)}</div><div>{''.join(figures)}</div></article>"
        )

    def figure(self, block: Figure) -> str:
        name = f"figure-{_text(block.id)}"
        head = f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-about" '
        words = (
            f'<title id="{name}-title">{_text(plain(block.caption))}</title>'
            f'<desc id="{name}-about">{_text(block.alt)}</desc>'
        )
        drawn = re.sub(r"^<svg ", head, block.svg, count=1)
        drawn = drawn.replace(">", f">{words}", 1)
        wide = block.width > _WIDE
        least = f' style="--least:{block.width / 10.7:.1f}rem"'
        scroll = f' class="scroll wide" tabindex="0" role="group"{least}' if wide else ""
        label = f' aria-label="{_text(plain(block.caption))}"' if wide else ""
        return (
            f'<figure id="{name}"><figcaption>{self.runs(block.caption)}</figcaption>'
            f"<div{scroll}{label}>{drawn}</div><details><summary>The numbers as a table</summary>"
            f"{self.table(block.twin)}</details></figure>"
        )

    def table(self, block: Table) -> str:
        head = "".join(
            f'<th scope="col"{_aligned(column)}>{_text(column.title) or _hidden("rank")}</th>'
            for column in block.columns
        )
        rows = "".join(f"<tr>{self.row(block, row)}</tr>" for row in block.rows)
        fine = ' class="fine"' if block.small else ""
        heard = ' class="heard"' if block.caption == self.title else ""
        caption = f"<caption{heard}>{_text(block.caption)}</caption>"
        return (
            f'<div class="scroll"><table{fine}>{caption}<thead><tr>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table></div>"
        )

    def row(self, table: Table, row: tuple[Cell, ...]) -> str:
        pairs = zip(row, table.columns, strict=True)
        return "".join(self.cell(cell, column) for cell, column in pairs)

    def cell(self, cell: Cell, column: Column) -> str:
        if cell.head:
            return f'<th scope="row"{_aligned(column)}>{self.runs(cell.runs)}</th>'
        return f"<td{_aligned(column)}>{self.runs(cell.runs)}</td>"

    def source(self, entry: SourceEntry) -> str:
        parts = [part for part in (entry.publisher, entry.title, entry.date) if part]
        text = _text(". ".join(part.rstrip(".") for part in parts) + ". ")
        link = _text(entry.url)
        if re.match(r"https?://", entry.url):
            link = f'<a href="{link}" rel="noreferrer">{link}</a>'
        return f'<li id="source-{entry.number}" value="{entry.number}">{text}{link}</li>'

    def runs(self, runs: Runs) -> str:
        return "".join(self.run(run) for run in runs)

    def value(self, run: Value) -> str:
        number = "" if run.number is None else f' data-number="{run.number:.10g}"'
        key = f' data-key="{_text(run.key)}" data-grade="{run.grade}"'
        return f'<span class="value"{key}{number}>{_text(run.printed)}{self.marks(run)}</span>'

    def cite(self, run: Cite) -> str:
        return self.marks(run)

    def strong(self, text: str) -> str:
        return f"<strong>{_text(text)}</strong>"

    def emphasis(self, text: str) -> str:
        return f"<em>{_text(text)}</em>"

    def words(self, text: str) -> str:
        return _text(text)

    def marks(self, run: Value | Cite) -> str:
        parts = []
        sign = letter(run) if isinstance(run, Value) else ""
        if sign:
            about = _GRADES[sign]
            parts.append(f'<abbr class="grade {sign}" title="{about}">{sign}</abbr>')
        links = []
        for shown, number in runs_of_numbers(numbers(run, self.known)):
            entry = self.by_number[number]
            about = _text(f"Source {number}: {entry.publisher}, {entry.title}, {entry.date}")
            links.append(f'<a href="#source-{number}" title="{about}">{shown}</a>')
        if links:
            parts.append(",".join(links))
        return f"<sup>{' '.join(parts)}</sup>" if parts else ""


def _aligned(column: Column) -> str:
    return "" if column.align == "left" else f' class="{column.align}"'


def _hidden(text: str) -> str:
    return f'<span aria-label="{text}">#</span>'
