"""The PDF: the document tree as Typst markup, set by the `typst` package as tagged PDF/UA-1.

All words enter the markup as string literals, so nothing in them can act as markup.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import NamedTuple

from narrows.brief.render.marks import letter, numbering, numbers, runs_of_numbers
from narrows.brief.render.typesetting import fonts, string
from narrows.brief.render.visit import Renderer
from narrows.brief.tree import (
    Answer,
    Block,
    Bullets,
    Callout,
    Cite,
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
from narrows.terms import CouldNotFinish

__all__ = ["Pages", "fits", "markup", "pdf"]

_SIGN = re.compile(r"the text `\"?(.+?)\"?` could not be displayed")
_TRIES = 40
_SHORT = 24  # numbers of up to so many signs are not broken over lines


class Pages(NamedTuple):
    """A PDF, and on which pages the second page and the annex begin."""

    data: bytes
    second: int
    annex: int


def fits(document: Document) -> bool:
    """Tell whether the brief proper of a document stands on two pages."""
    return _begins(markup(document)) == (2, 3)


def pdf(document: Document) -> Pages:
    """Set a document.

    Raises
    ------
    CouldNotFinish
        When typst refuses the document, with its reason.
    """
    import typst

    source = markup(document)
    for _ in range(_TRIES):
        compiler = typst.Compiler(source.encode(), font_paths=fonts())
        try:
            data = compiler.compile(
                format="pdf", pdf_standards=["ua-1"], timestamp=_timestamp(document.date)
            )
        except typst.TypstError as error:
            source = _without(source, str(error))
        else:
            assert isinstance(data, bytes)  # noqa: S101 - one PDF, not pictures of pages
            return Pages(data, *_begins(source))
    raise CouldNotFinish("the page could not be set: too many signs the fonts do not have")


def _without(source: str, error: str) -> str:
    """Take out the sign that no font has; any other error ends the work."""
    lacking = _SIGN.search(error)
    if lacking is None:
        message = f"the page could not be set: {error}"
        raise CouldNotFinish(message)
    return source.replace(lacking[1], "?")


def _begins(source: str) -> tuple[int, int]:
    """Give the pages on which the second page and the annex begin."""
    import typst

    compiler = typst.Compiler(source.encode(), font_paths=fonts())
    second, annex = json.loads(compiler.query("<begins>", field="value"))
    return int(second), int(annex)


def _timestamp(date: str) -> int:
    """Give the day of the evidence: the same brief has the same bytes on any day."""
    day = dt.date.fromisoformat(date) if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else None
    if day is None:
        return 0
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())


def markup(document: Document) -> str:
    """Give a document as Typst markup."""
    return _Writer(document).document()


class _Writer(Renderer[str]):
    def __init__(self, document: Document) -> None:
        self.tree = document
        self.known: Mapping[str, int] = numbering(document)
        self.title = ""
        self.tight = {part[0].id for part in (document.first, document.second) if part}

    def document(self) -> str:
        tree = self.tree
        template = files("narrows.brief.render").joinpath("template.typ").read_text("utf-8")
        head = (
            f"#show: brief.with(title: {string(tree.title)}, subject: {string(tree.subject)}, "
            f"marking: {string(tree.marking)}, "
            f"language: {string(tree.language)}, legend: {self.runs(tree.legend)})"
        )
        meta = "".join(f"{self.runs(runs)}, " for runs in tree.meta)
        parts = [
            template,
            head,
            f"#masthead({string(tree.subject)}, ({meta}))",
            *(self.section(section, 1) for section in tree.first),
            "#pagebreak()",
            "#context [#metadata(here().page()) <begins>]",
            *(self.section(section, 1) for section in tree.second),
            "#pagebreak()",
            "#context [#metadata(here().page()) <begins>]",
            "#heading(level: 1)[Annex]",
            *(self.section(section, 2) for section in tree.annex),
        ]
        return "\n".join(parts)

    def section(self, section: Section, level: int) -> str:
        self.title = section.title
        parts = [] if section.id in self.tight else ["#v(11pt, weak: true)"]
        if section.title:
            parts.append(f"#heading(level: {level}, {string(section.title)})")
        parts.extend(f"#{self.block(block)}" for block in section.blocks)
        return "\n".join(parts)

    def paragraph(self, block: Paragraph) -> str:
        body = self.runs(block.runs)
        return f"par({body})" if block.role == "body" else f"par({block.role}({body}))"

    def bullets(self, block: Bullets) -> str:
        return "list(" + "".join(f"{self.runs(point)}, " for point in block.points) + ")"

    def callout(self, block: Callout) -> str:
        return f"callout({string(block.title)}, {self.blocks(block.blocks)})"

    def columns(self, block: Columns) -> str:
        widths = ", ".join(f"{width:g}fr" for width in block.widths)
        parts = ", ".join(self.part(part) for part in block.parts)
        return f"beside(({widths}), {parts})"

    def source_list(self, block: SourceList) -> str:
        return "{" + "; ".join(self.source(entry) for entry in block.entries) + "}"

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        return "{" + "; ".join(self.block(block) for block in blocks) + "}"

    def part(self, blocks: tuple[Block, ...]) -> str:
        """Give one of several columns; a callout alone fills its column to the foot."""
        if len(blocks) == 1 and isinstance(blocks[0], Callout):
            callout = blocks[0]
            return f"tinted({string(callout.title)}, {self.blocks(callout.blocks)})"
        return self.blocks(blocks)

    def answer(self, block: Answer) -> str:
        support = "".join(f"{self.block(part)}, " for part in block.support)
        figures = "".join(f"{self.figure(figure)}, " for figure in block.figures)
        question, sentence = string(block.question), self.runs(block.sentence)
        below = "true" if block.below else "false"
        return f"answer({question}, {sentence}, ({support}), ({figures}), below: {below})"

    def figure(self, block: Figure) -> str:
        return (
            f"drawing(bytes({string(block.svg)}), alt: {string(block.alt)}, "
            f"width: {block.width:g}pt, caption: {self.runs(block.caption)})"
        )

    def table(self, block: Table) -> str:
        widths = ", ".join(f"{c.width:g}fr" if c.width else "auto" for c in block.columns)
        align = ", ".join(column.align for column in block.columns)
        head = "".join(f"{string(column.title)}, " for column in block.columns)
        rows = ", ".join(
            "(" + "".join(f"{self.runs(cell.runs)}, " for cell in row) + ")" for row in block.rows
        )
        small = "true" if block.small else "false"
        named = block.small and block.caption != self.title
        caption = f"heading(level: 3, {string(block.caption)})" if named else "none"
        out = f"plain-table(({widths}), ({align}), ({head}), small: {small}, {rows})"
        return "{" + f"{caption}; {out}" + "}"

    def source(self, entry: SourceEntry) -> str:
        parts = [part for part in (entry.publisher, entry.title, entry.date) if part]
        text = string(". ".join(part.rstrip(".") for part in parts) + ". ")
        link = ""
        if re.match(r"https?://", entry.url):
            link = f" + link({string(entry.url)}, {string(_breakable(entry.url))})"
        elif entry.url:
            link = f" + {string(entry.url)}"
        return f"source({entry.number}, {text}{link})"

    def runs(self, runs: Runs) -> str:
        """Give runs as one Typst content expression."""
        return "[" + "".join(f"#{self.run(run)};" for run in runs) + "]"

    def value(self, run: Value) -> str:
        kind = "number" if len(run.printed) <= _SHORT else "long-number"
        return f'{kind}({string(run.printed)}, "{letter(run)}", {self.marks(run)})'

    def cite(self, run: Cite) -> str:
        return f'mark("", {self.marks(run)})'

    def strong(self, text: str) -> str:
        return f"strong({string(text)})"

    def emphasis(self, text: str) -> str:
        return f"emph({string(text)})"

    def words(self, text: str) -> str:
        return string(text)

    def marks(self, run: Value | Cite) -> str:
        found = runs_of_numbers(numbers(run, self.known))
        return "(" + "".join(f"({string(shown)}, {target}), " for shown, target in found) + ")"


def _breakable(url: str) -> str:
    """Let a long address break after a slash and before other joints."""
    return re.sub(r"(?<=[^/:])([/?&_=-])", "\\1\u200b", url.split("://", 1)[-1])
