"""One walk over the document tree for every format: a method a kind of block and of run."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from narrows.brief.tree import (
    Answer,
    Block,
    Bullets,
    Callout,
    Cite,
    Columns,
    Emphasis,
    Figure,
    Name,
    Paragraph,
    Run,
    SourceList,
    Strong,
    Table,
    Text,
    Value,
)

__all__ = ["Renderer"]

Made = TypeVar("Made")


class Renderer(ABC, Generic[Made]):
    """What every format must say how to write; `block` and `run` choose the method."""

    def block(self, block: Block) -> Made:  # noqa: PLR0911 - one case a kind of block
        """Give a block in this format."""
        match block:
            case Paragraph():
                return self.paragraph(block)
            case Bullets():
                return self.bullets(block)
            case Table():
                return self.table(block)
            case Figure():
                return self.figure(block)
            case Callout():
                return self.callout(block)
            case Columns():
                return self.columns(block)
            case Answer():
                return self.answer(block)
            case SourceList():
                return self.source_list(block)

    def run(self, run: Run) -> Made:
        """Give a run in this format."""
        match run:
            case Value():
                return self.value(run)
            case Cite():
                return self.cite(run)
            case Strong():
                return self.strong(run.text)
            case Emphasis():
                return self.emphasis(run.text)
            case Text() | Name():
                return self.words(run.text)

    @abstractmethod
    def paragraph(self, block: Paragraph) -> Made:
        """Write sentences."""

    @abstractmethod
    def bullets(self, block: Bullets) -> Made:
        """Write a list of short points."""

    @abstractmethod
    def table(self, block: Table) -> Made:
        """Write a table."""

    @abstractmethod
    def figure(self, block: Figure) -> Made:
        """Write a drawing with its caption."""

    @abstractmethod
    def callout(self, block: Callout) -> Made:
        """Write blocks set apart under a heading of their own."""

    @abstractmethod
    def columns(self, block: Columns) -> Made:
        """Write blocks side by side."""

    @abstractmethod
    def answer(self, block: Answer) -> Made:
        """Write a question with its answer, support and drawings."""

    @abstractmethod
    def source_list(self, block: SourceList) -> Made:
        """Write the sources."""

    @abstractmethod
    def value(self, run: Value) -> Made:
        """Write a number with its marks."""

    @abstractmethod
    def cite(self, run: Cite) -> Made:
        """Write the numbers of sources."""

    @abstractmethod
    def strong(self, text: str) -> Made:
        """Write words that carry the sentence."""

    @abstractmethod
    def emphasis(self, text: str) -> Made:
        """Write words set apart."""

    @abstractmethod
    def words(self, text: str) -> Made:
        """Write plain words."""
