"""The document tree: what a brief says, before any page or format.

A figure of the world (a number) stands in a sentence only as a `Value`, which carries its result
key, its grade and its sources. Renderers turn the tree into PDF, HTML, JSON, a Word document and
a workbook; they add nothing.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from narrows.terms import Grade

__all__ = [
    "BESIDE",
    "Answer",
    "Block",
    "Bullets",
    "Callout",
    "Cell",
    "Cite",
    "Column",
    "Columns",
    "Document",
    "Emphasis",
    "Figure",
    "Name",
    "Oldest",
    "Paragraph",
    "Role",
    "Run",
    "Runs",
    "Section",
    "SourceEntry",
    "SourceList",
    "Strong",
    "Table",
    "Text",
    "Unit",
    "Value",
]

BESIDE = 214.0
"""Width in points up to which drawings stand beside the words of an answer."""
Unit = Literal["", "part", "percent", "index", "days", "count"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a template."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name from the case (item, place, stage, period); it may hold digits."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that carry the sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words set apart."""

    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """A number as it is printed, with where it comes from.

    Parameters
    ----------
    text
        The number with its unit, rounded for reading.
    key
        Where the number stands in the results, ``measure/row/column``.
    grade
        How it came about; the weakest grade of its parts.
    sources
        Ids of the sources it rests on.
    number
        The number before rounding, None where it is a range of words.
    span
        Its interval as printed, empty where there is none.
    bare
        Whether it is printed without marks: a count of rows, or a number whose neighbour in the
        row carries them.
    unit
        What `number` and `ends` count: a part of one, percent, an index, days, a count.
    ends
        The interval before rounding, None where none is printed.
    """

    text: str
    key: str
    grade: Grade
    sources: tuple[str, ...] = ()
    number: float | None = None
    span: str = ""
    bare: bool = False
    unit: Unit = ""
    ends: tuple[float, float] | None = None

    @property
    def printed(self) -> str:
        """The number with its interval."""
        return f"{self.text} ({self.span})" if self.span else self.text


@dataclass(frozen=True, slots=True)
class Cite:
    """A reference to sources without a number."""

    sources: tuple[str, ...]


Run: TypeAlias = Text | Name | Strong | Emphasis | Value | Cite
Runs: TypeAlias = tuple[Run, ...]
Role = Literal["body", "small", "meta", "chain"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    runs: Runs
    role: Role = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short points."""

    points: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a table column.

    Parameters
    ----------
    title
        What stands above it.
    align
        How its cells are set.
    width
        Its part of the table, 0 as wide as its content.
    parts
        What the runs of a cell that carry something are, one after the other, where a cell holds
        more than one thing; a workbook gives each a column of its own.
    """

    title: str
    align: Literal["left", "right", "center"] = "left"
    width: float = 0
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; `head` marks the cell that names its row."""

    runs: Runs
    head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows and columns; `small` sets it smaller, as in the annex; `short` names a sheet."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    small: bool = False
    short: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with what it shows in words and in numbers.

    Parameters
    ----------
    id
        Name of the drawing, unique in the document.
    svg
        The drawing, of `width` by `height` points.
    alt
        What it shows, in sentences, for those who do not see it.
    caption
        The line that goes with it.
    twin
        The numbers drawn, as a table.
    """

    id: str
    svg: str
    width: float
    height: float
    alt: str
    caption: Runs
    twin: Table


@dataclass(frozen=True, slots=True)
class Callout:
    """Blocks set apart under a heading of their own."""

    title: str
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side; `widths` are parts of the line."""

    parts: "tuple[tuple[Block, ...], ...]"
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, its answer in one sentence, what supports it, and its drawings."""

    id: str
    question: str
    sentence: Runs
    support: tuple[Paragraph, ...]
    figures: tuple[Figure, ...]

    @property
    def below(self) -> bool:
        """Whether its drawings stand side by side below the words, being too wide to go beside."""
        return len(self.figures) > 1 and any(each.width > BESIDE for each in self.figures)


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source under the number by which the text refers to it."""

    number: int
    id: str
    publisher: str
    title: str
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class Oldest:
    """The oldest figure that the answers rest on: of what, from when, by which source."""

    item: str
    name: str
    measure: str
    period: str
    source: str


@dataclass(frozen=True, slots=True)
class SourceList:
    """Every source used."""

    entries: tuple[SourceEntry, ...]


Block: TypeAlias = Paragraph | Bullets | Table | Figure | Callout | Columns | Answer | SourceList


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; an empty title has no heading."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    lead: Runs = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A brief: two pages and an annex.

    `marking` stands at the top and the bottom of every page, empty by default.
    """

    title: str
    subject: str
    meta: tuple[Runs, ...]
    first: tuple[Section, ...]
    second: tuple[Section, ...]
    annex: tuple[Section, ...]
    legend: Runs
    sources: tuple[SourceEntry, ...]
    date: str
    about: str = ""
    language: str = "en"
    answers: tuple[str, ...] = field(default=())
    oldest: Oldest | None = None
    marking: str = ""

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every section, in the order of reading."""
        return (*self.first, *self.second, *self.annex)
