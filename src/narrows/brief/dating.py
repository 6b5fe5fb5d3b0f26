"""How old the brief is: the date of the evidence, and the oldest figure in use with its source."""

from collections.abc import Iterator

from narrows.brief import words
from narrows.brief.facts import Facts
from narrows.brief.tree import Cite, Name, Oldest, Run, Runs, Text
from narrows.terms import Grade, Period

__all__ = ["meta", "oldest"]


def oldest(facts: Facts) -> Oldest | None:
    """Give the oldest figure that the answers rest on; None where all of them are assumed.

    Looked through are the shares of every item of the chain and of the items in front, the spare
    capacity of the items, and the values of the end uses. Of figures of one period the first is
    that of the narrowest item.
    """
    found = (*_shares(facts), *_single(facts))
    return min(found, key=lambda each: Period.parse(each.period), default=None)


def _shares(facts: Facts) -> Iterator[Oldest]:
    for item in dict.fromkeys((*facts.rows, *facts.focus_items)):
        for row in facts.shares(item):
            if row["grade"] != Grade.ASSUMED:
                period, source = str(row["period"]), str(row["source_id"])
                yield Oldest(item, facts.name(item), str(row["measure"]), period, source)


def _single(facts: Facts) -> Iterator[Oldest]:
    weight = facts.case.info.weights.get("measure", "")
    pairs = [(item, "headroom") for item in facts.rows]
    pairs += [(item, weight) for item in facts.end_uses if weight]
    for item, measure in pairs:
        value = facts.case.value(item, measure, period=facts.results.period)
        if value is not None and value.grade is not Grade.ASSUMED:
            yield Oldest(item, facts.name(item), measure, value.period, value.source_id)


def meta(facts: Facts) -> tuple[Runs, ...]:
    """Give the line under the title: dates, the oldest figure, period and case."""
    info, period = facts.case.info, facts.results.period
    parts: list[Run] = [
        Text("Evidence of "),
        Name(words.date(info.evidence_date)),
        *_oldest_said(facts),
        Text(" · period shown "),
        Name(words.year_of(period)),
        *(() if period in facts.case.periods else (Text(" (none of the case: nearest figures)"),)),
        Text(" · case "),
        Name(f"{info.name} {info.version}"),
    ]
    return (tuple(parts),)


def _oldest_said(facts: Facts) -> Runs:
    found = oldest(facts)
    if found is None:
        return ()
    source = facts.case.package.sources.get(found.source)
    return (
        Text(" · oldest figure in use: "),
        Name(words.in_sentence(found.name)),
        Text(", "),
        Name(words.year_of(found.period)),
        Text(", "),
        Name(source.publisher if source and source.publisher else found.source),
        Cite((found.source,)),
    )
