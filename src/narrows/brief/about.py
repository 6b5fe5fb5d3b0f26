"""What a workbook of the brief says of itself: case, version, dates, settings."""

from collections.abc import Iterator
from importlib.metadata import version

from narrows.brief import words
from narrows.brief.results import Results
from narrows.brief.tree import Document
from narrows.evidence import Case

__all__ = ["about"]


def about(document: Document, case: Case, results: Results) -> tuple[tuple[str, str], ...]:
    """Give pairs of what it is and the text, those without a text left out."""
    return tuple((what, text) for what, text in _pairs(document, case, results) if text)


def _pairs(document: Document, case: Case, results: Results) -> Iterator[tuple[str, str]]:
    info = case.info
    yield "About", document.about
    yield "Case", f"{info.title} ({info.name})"
    yield "Version of the case", info.version
    yield "Digest of the case", case.digest
    yield "Date of the evidence", words.date(info.evidence_date)
    yield "Oldest figure in use", _oldest(document)
    yield "Period shown", words.year_of(results.period)
    yield "Settings", ", ".join(f"{name} {value}" for name, value in results.settings.items())
    yield "Set by the user", ", ".join(f"{path} = {v:g}" for path, v in case.settings.items())
    yield "Marking", document.marking
    yield "Terms", " ".join(info.terms.split())
    yield "Made with", f"Narrows {version('narrows')}"
    yield "How to read", "Static numbers rank exposure; they are not losses and no forecast."
    yield (
        "Numbers",
        (
            "Parts are fractions of one, shown as percent; “from” and “to” end the range. "
            "“Weakest grade” is that of the row: stated, derived from stated figures, or assumed."
        ),
    )


def _oldest(document: Document) -> str:
    found = document.oldest
    if found is None:
        return ""
    entry = next((each for each in document.sources if each.id == found.source), None)
    source = f"{entry.publisher}, {entry.title}" if entry else found.source
    measure = found.measure.replace("_", " ")
    return f"{found.name}, {measure}, {words.year_of(found.period)} ({source})"
