"""The drawings as pictures of dots, for formats that show no SVG everywhere."""

from collections.abc import Mapping

from narrows.brief.reading import blocks_of
from narrows.brief.render.typesetting import pages_of_dots, string
from narrows.brief.tree import Document, Figure

__all__ = ["EDGE", "figures_of", "pictures"]

EDGE = 1.0  # points around a drawing, for letters that reach over its edge
_DOTS = 220.0  # dots an inch: sharp in print


def figures_of(document: Document) -> tuple[Figure, ...]:
    """Give the drawings of a document in the order of reading."""
    return tuple(
        block
        for section in document.sections
        for block in blocks_of(section.blocks)
        if isinstance(block, Figure)
    )


def pictures(document: Document) -> Mapping[str, bytes]:
    """Give each drawing of a document as PNG, by its id.

    Raises
    ------
    CouldNotFinish
        When a drawing cannot be set.
    """
    figures = figures_of(document)
    pages = [
        f"#page(width: {each.width + 2 * EDGE:g}pt, height: {each.height + 2 * EDGE:g}pt, "
        f"image(bytes({string(each.svg)}), width: {each.width:g}pt))"
        for each in figures
    ]
    made = (
        pages_of_dots(f"#set page(margin: {EDGE:g}pt)\n" + "\n".join(pages), _DOTS) if pages else []
    )
    return {each.id: data for each, data in zip(figures, made, strict=True)}
