"""Numbers as the brief prints them: the text for reading, the number and its ends for a machine."""

from typing import TypeAlias

from narrows.brief import words
from narrows.brief.tree import Value
from narrows.terms import Grade

__all__ = ["NO_ENDS", "Ends", "index", "part", "tally"]

Ends: TypeAlias = tuple[float | None, float | None]
NO_ENDS: Ends = (None, None)


def part(
    number: float,
    key: str,
    grade: Grade,
    sources: tuple[str, ...] = (),
    *,
    ends: Ends = NO_ENDS,
    bare: bool = False,
) -> Value:
    """Give a part (0 to 1) as percent, with its range where the ends differ after rounding.

    Examples
    --------
    >>> value = part(0.92, "concentration/chip/cr1", Grade.STATED, ends=(0.9, 0.95))
    >>> value.text, value.span, value.unit
    ('92\u202f%', '90–95\u202f%', 'part')
    """
    span = words.interval(*ends)
    text, known = words.percent(number), _known(ends, span)
    return Value(text, key, grade, sources, number, span, bare=bare, unit="part", ends=known)


def index(
    number: float,
    key: str,
    grade: Grade,
    sources: tuple[str, ...] = (),
    *,
    ends: Ends = NO_ENDS,
    places: int = 2,
    bare: bool = False,
) -> Value:
    """Give an index with fixed decimals, with its bounds where they differ after rounding."""
    shown = [None if end is None else words.decimals(end, places) for end in ends]
    span = f"{shown[0]}–{shown[1]}" if None not in shown and shown[0] != shown[1] else ""
    text, known = words.decimals(number, places), _known(ends, span)
    return Value(text, key, grade, sources, number, span, bare=bare, unit="index", ends=known)


def tally(number: int, key: str, text: str = "", grade: Grade = Grade.DERIVED) -> Value:
    """Give a count, printed without marks; `text` is how it reads, digits where none is given."""
    return Value(text or str(number), key, grade, (), number, bare=True, unit="count")


def _known(ends: Ends, span: str) -> tuple[float, float] | None:
    """Give both ends of an interval that is printed."""
    low, high = ends
    return (low, high) if span and low is not None and high is not None else None
