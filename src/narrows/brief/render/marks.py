"""Marks after a figure: the letter of its grade and the numbers of its sources."""

from collections.abc import Iterable, Mapping

from narrows.brief.tree import Cite, Document, Value
from narrows.terms import BY_USER, Grade

__all__ = ["letter", "numbering", "numbers", "runs_of_numbers"]

_LETTERS = {Grade.STATED: "", Grade.DERIVED: "d", Grade.ASSUMED: "a"}


def letter(value: Value) -> str:
    """Give the mark of a grade: nothing for stated, d derived, a assumed, u set by the user."""
    if value.bare:
        return ""
    return "u" if BY_USER in value.sources else _LETTERS[value.grade]


def numbering(document: Document) -> Mapping[str, int]:
    """Give the number of each source."""
    return {entry.id: entry.number for entry in document.sources}


def numbers(run: Value | Cite, known: Mapping[str, int]) -> list[int]:
    """Give the numbers of the sources of a run, in order."""
    if isinstance(run, Value) and run.bare:
        return []
    return sorted({known[name] for name in run.sources if name in known})


def runs_of_numbers(given: Iterable[int]) -> list[tuple[str, int]]:
    """Join three and more numbers in a row: what is shown, and where it leads.

    Examples
    --------
    >>> runs_of_numbers([1, 2, 3, 7])
    [('1–3', 1), ('7', 7)]
    """
    groups: list[list[int]] = []
    for number in given:
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    out: list[tuple[str, int]] = []
    for group in groups:
        if len(group) > 2:
            out.append((f"{group[0]}–{group[-1]}", group[0]))
        else:
            out.extend((str(number), number) for number in group)
    return out
