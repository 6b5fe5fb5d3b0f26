"""Walk through a document, and read it as plain text."""

from collections.abc import Iterator

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
    Run,
    Runs,
    Table,
    Value,
)

__all__ = ["blocks_of", "plain", "runs_of"]


def plain(runs: Runs) -> str:
    """Give runs as a line of plain text, without marks and with ordinary spaces.

    Examples
    --------
    >>> from narrows.brief.tree import Text
    >>> from narrows.terms import Grade
    >>> plain((Text("Taiwan holds "), Value("92 %", "x", Grade.STATED), Text(".")))
    'Taiwan holds 92 %.'
    """
    text = "".join(_words(run) for run in runs)
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _words(run: Run) -> str:
    match run:
        case Cite():
            return ""
        case Value():
            return run.printed
        case _:
            return run.text


def blocks_of(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Walk through blocks and the blocks inside them."""
    for block in blocks:
        yield block
        if isinstance(block, Callout):
            yield from blocks_of(block.blocks)
        elif isinstance(block, Columns):
            for part in block.parts:
                yield from blocks_of(part)
        elif isinstance(block, Answer):
            yield from blocks_of((*block.support, *block.figures))


def runs_of(document: Document) -> Iterator[Runs]:
    """Walk through every line of runs of a document, the numbers behind the drawings last."""
    yield from document.meta
    yield document.legend
    figures: list[Figure] = []
    for section in document.sections:
        yield section.lead
        for block in blocks_of(section.blocks):
            match block:
                case Paragraph():
                    yield block.runs
                case Bullets():
                    yield from block.points
                case Table():
                    yield from _cells(block)
                case Figure():
                    yield block.caption
                    figures.append(block)
                case Answer():
                    yield block.sentence
                case _:
                    pass
    for figure in figures:
        yield from _cells(figure.twin)


def _cells(table: Table) -> Iterator[Runs]:
    yield from (cell.runs for row in table.rows for cell in row)
