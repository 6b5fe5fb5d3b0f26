"""Compose the brief: two pages and an annex out of a case and its results."""

from dataclasses import replace

from narrows.brief.annex import annex
from narrows.brief.answers import answers
from narrows.brief.caveats import assumed, static
from narrows.brief.charts import lanes, matrix
from narrows.brief.dating import meta, oldest
from narrows.brief.doubts import unknown
from narrows.brief.facts import Facts
from narrows.brief.limits import STEPS, Limits
from narrows.brief.points import narrowest
from narrows.brief.reading import plain, runs_of
from narrows.brief.results import Results
from narrows.brief.scenario_words import estimate_words
from narrows.brief.tree import (
    Answer,
    Cite,
    Columns,
    Document,
    Name,
    Runs,
    Section,
    SourceEntry,
    SourceList,
    Text,
    Value,
)
from narrows.evidence import Case
from narrows.terms import ASSUMED_SOURCE, BY_USER

__all__ = ["compose", "composed"]

_BEFORE_PLAN = 3  # answers on the first page
_LEGEND = (
    "After a figure: the number of its source in the annex; d, derived from stated figures; "
    "a, rests on an assumption of ours (annex). In brackets: the range."
)


def compose(case: Case, results: Results, limits: Limits = STEPS[0]) -> Document:
    """Compose the brief.

    Parameters
    ----------
    case
        The case; its block `brief` says what stands in front.
    results
        The results of `measure` on it.
    limits
        How much each part shows before "and N more".

    Returns
    -------
    Document
        The tree that the renderers turn into pages and tables.
    """
    facts = Facts(case, results)
    return composed(facts, limits, annex(facts))


def composed(facts: Facts, limits: Limits, back: tuple[Section, ...]) -> Document:
    """Compose the two pages and put the sections of the annex behind them."""
    case = facts.case
    found = answers(facts, limits)
    first, second = _pages(facts, limits, found)
    if facts.results.help is not None:  # what gives way to the plan
        back = (*front_of_annex(facts), *back)
    question = str(facts.brief("question", "")) or f"Where is the {case.title} chain narrow?"
    document = Document(
        title=question,
        subject=case.title,
        about=" ".join(case.info.summary.split()),
        meta=meta(facts),
        first=first,
        second=second,
        annex=back,
        legend=_legend(facts),
        sources=(),
        date=case.info.evidence_date,
        oldest=oldest(facts),
        answers=tuple(plain(answer.sentence) for answer in found),
    )
    return _numbered(document, facts)


def _pages(
    facts: Facts, limits: Limits, found: tuple[Answer, ...]
) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """Lay out the two pages: with a scenario four answers fill the first, with a plan three."""
    care = Section(
        "care", "", (Columns(((assumed(facts, limits),), (static(facts),)), (0.58, 0.42)),)
    )
    chain = Section("chain", "The chain, from start to end", (lanes(facts, limits),))
    if facts.results.help is not None:
        first = (Section("answers", "", found[:_BEFORE_PLAN]), care)
        doubts = Section("unknown", "", (unknown(facts, limits),))
        return first, (Section("price", "", found[_BEFORE_PLAN:]), chain, doubts)
    over_time = facts.results.stress is not None
    first = (Section("answers", "", found), *(() if over_time else (care,)))
    second = (
        chain,
        Section(
            "who",
            "Who makes what",
            (Columns(((matrix(facts, limits),), (unknown(facts, limits),)), (0.675, 0.325)),),
        ),
        Section("narrowest", "The narrowest points", (narrowest(facts, limits),)),
        *((care,) if over_time else ()),
    )
    return first, second


def front_of_annex(facts: Facts) -> tuple[Section, ...]:
    """Give what stands on the second page where there is no plan."""
    limits = Limits()
    return (
        Section("narrowest", "The narrowest points", (narrowest(facts, limits),)),
        Section("who", "Who makes what", (matrix(facts, limits),)),
    )


def _legend(facts: Facts) -> Runs:
    runs: Runs = (Text(_LEGEND),)
    if facts.case.settings:
        given = ", ".join(f"{path} = {value:g}" for path, value in facts.case.settings.items())
        runs += (Text(f" u: {BY_USER}: "), Name(given), Text("."))
    return runs


def _numbered(document: Document, facts: Facts) -> Document:
    """Give each source its number, in the order in which the text first refers to it."""
    ids: dict[str, None] = {}
    for runs in runs_of(document):
        for run in runs:
            if isinstance(run, Value | Cite):
                ids |= dict.fromkeys(run.sources)
    named = [name for name in ids if name not in (ASSUMED_SOURCE, BY_USER)]
    entries = tuple(_entry(facts, number, name) for number, name in enumerate(named, 1))
    section = Section("sources", "Sources", (SourceList(entries),))
    return replace(document, sources=entries, annex=(*document.annex, section))


def _entry(facts: Facts, number: int, name: str) -> SourceEntry:
    source = facts.case.package.sources.get(name)
    if name in facts.assumptions:
        row = facts.assumptions[name]
        said = estimate_words(facts, name)
        title = f"{said[:1].upper()}{said[1:]}: {' '.join(str(row['reason']).split())}"
        return SourceEntry(number, name, f"Assumption {name} of the case", title, "", "")
    help_ = facts.results.help
    if source is None and help_ is not None and name in help_.asked.sources:
        row = help_.asked.sources[name]
        parts = (row.get(key, "") for key in ("publisher", "title", "date", "url"))
        return SourceEntry(number, name, *parts)
    if source is None:
        return SourceEntry(number, name, name, "", "", "")
    return SourceEntry(number, name, source.publisher, source.title, source.date, source.url)
