"""The typst package: strings for it, its fonts, pages as pictures."""

from functools import cache
from typing import TYPE_CHECKING

from narrows.brief.render.scripts import within_fonts
from narrows.terms import CouldNotFinish

if TYPE_CHECKING:
    from typst import Fonts

__all__ = ["fonts", "pages_of_dots", "string"]


def string(text: str) -> str:
    """Give a Typst string literal, so that nothing in a text can act as markup."""
    shown = within_fonts(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown}"'


@cache
def fonts() -> "Fonts":
    """Give the fonts inside the package alone, so that pages are the same on every machine."""
    import typst

    return typst.Fonts(include_system_fonts=False)


def pages_of_dots(source: str, dots: float) -> list[bytes]:
    """Give each page as PNG with so many dots an inch.

    Raises
    ------
    CouldNotFinish
        When typst refuses the source, with its reason.
    """
    import typst

    compiler = typst.Compiler(source.encode(), font_paths=fonts())
    try:
        made = compiler.compile(format="png", ppi=dots)
    except typst.TypstError as error:
        message = f"the drawings could not be set: {error}"
        raise CouldNotFinish(message) from error
    return made if isinstance(made, list) else [made or b""]
