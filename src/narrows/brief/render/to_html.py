"""The web page: the document tree as one HTML file that loads nothing from anywhere."""

import re
from collections.abc import Mapping
from html import escape
from importlib.resources import files

from narrows.brief.reading import plain
from narrows.brief.render.marks import letter, numbering, numbers, runs_of_numbers
from narrows.brief.render.scripts import clean
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
    Emphasis,
    Figure,
    Paragraph,
    Run,
    Runs,
    Section,
    SourceEntry,
    SourceList,
    Strong,
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


class _Page:
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
            '<a class="skip" href="#brief">To the brief</a>\n'
            '<header class="head"><div class="masthead"><strong>NARROWS</strong>'
            f"<span>{_text(tree.subject)}</span></div>\n<h1>{_text(tree.title)}</h1>{meta}</header>\n"
            f'<main id="brief">\n{"".join(body)}'
            f'<section id="annex" aria-labelledby="annex-title"><h2 id="annex-title">Annex</h2>\n'
            f"{''.join(annex)}</section>\n</main>\n"
            f"<footer><p>{self.runs(tree.legend)}</p></footer>\n</body>\n</html>\n"
        )

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

    def block(self, block: Block) -> str:  # noqa: PLR0911 - one case a kind of block
        match block:
            case Paragraph():
                kind = "" if block.role == "body" else f' class="{block.role}"'
                return f"<p{kind}>{self.runs(block.runs)}</p>"
            case Bullets():
                points = "".join(f"<li>{self.runs(point)}</li>" for point in block.points)
                return f"<ul>{points}</ul>"
            case Table():
                return f'<div class="scroll">{self.table(block)}</div>'
            case Figure():
                return self.figure(block)
            case Callout():
                inner = f"<h3>{_text(block.title)}</h3>{self.blocks(block.blocks)}"
                return f'<div class="callout">{inner}</div>'
            case Columns():
                widths = " ".join(f"minmax(0,{width:g}fr)" for width in block.widths)
                parts = "".join(self.part(part) for part in block.parts)
                return f'<div class="beside" style="grid-template-columns:{widths}">{parts}</div>'
            case Answer():
                return self.answer(block)
            case SourceList():
                entries = "".join(self.source(entry) for entry in block.entries)
                return f'<ol class="sources">{entries}</ol>'

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        return "".join(self.block(block) for block in blocks)

    def part(self, blocks: tuple[Block, ...]) -> str:
        if len(blocks) == 1 and isinstance(blocks[0], Callout):
            return self.block(blocks[0])
        return f"<div>{self.blocks(blocks)}</div>"

    def answer(self, answer: Answer) -> str:
        name = _text(answer.id)
        support = [self.block(part) for part in answer.support]
        figures = [self.figure(figure) for figure in answer.figures]
        head = f'<h2 id="answer-{name}">{_text(answer.question)}</h2>'
        said = f'{head}<p class="sentence">{self.runs(answer.sentence)}</p>'
        kind = ("answer plain", "answer")[len(figures)] if len(figures) < 2 else "answer two"
        opening = f'<article class="{kind}" aria-labelledby="answer-{name}">'
        if len(figures) > 1:
            parts = "".join(f"<div>{part}</div>" for part in (*support, *figures))
            return f'{opening}<div class="said">{said}</div>{parts}</article>'
        return (
            f"{opening}<div>{said}{''.join(support)}</div><div>{''.join(figures)}</div></article>"
        )

    def figure(self, figure: Figure) -> str:
        name = f"figure-{_text(figure.id)}"
        head = f'<svg class="chart" role="img" aria-labelledby="{name}-title {name}-about" '
        words = (
            f'<title id="{name}-title">{_text(plain(figure.caption))}</title>'
            f'<desc id="{name}-about">{_text(figure.alt)}</desc>'
        )
        drawn = re.sub(r"^<svg ", head, figure.svg, count=1)
        drawn = drawn.replace(">", f">{words}", 1)
        wide = figure.width > _WIDE
        least = f' style="--least:{figure.width / 10.7:.1f}rem"'
        scroll = f' class="scroll wide" tabindex="0" role="group"{least}' if wide else ""
        label = f' aria-label="{_text(plain(figure.caption))}"' if wide else ""
        return (
            f'<figure id="{name}"><figcaption>{self.runs(figure.caption)}</figcaption>'
            f"<div{scroll}{label}>{drawn}</div><details><summary>The numbers as a table</summary>"
            f'<div class="scroll">{self.table(figure.twin)}</div></details></figure>'
        )

    def table(self, table: Table) -> str:
        head = "".join(
            f'<th scope="col"{_aligned(column)}>{_text(column.title) or _hidden("rank")}</th>'
            for column in table.columns
        )
        rows = "".join(
            "<tr>"
            + "".join(
                self.cell(cell, column) for cell, column in zip(row, table.columns, strict=True)
            )
            + "</tr>"
            for row in table.rows
        )
        fine = ' class="fine"' if table.small else ""
        heard = ' class="heard"' if table.caption == self.title else ""
        caption = f"<caption{heard}>{_text(table.caption)}</caption>"
        return f"<table{fine}>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

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

    def run(self, run: Run) -> str:
        match run:
            case Value():
                number = "" if run.number is None else f' data-number="{run.number:.10g}"'
                key = f' data-key="{_text(run.key)}" data-grade="{run.grade}"'
                return (
                    f'<span class="value"{key}{number}>{_text(run.printed)}{self.marks(run)}</span>'
                )
            case Cite():
                return self.marks(run)
            case Strong():
                return f"<strong>{_text(run.text)}</strong>"
            case Emphasis():
                return f"<em>{_text(run.text)}</em>"
            case _:
                return _text(run.text)

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
