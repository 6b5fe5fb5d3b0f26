"""The answers: each one sentence, what supports it, and its drawing.

The sentences are templates; every number in them is a `Value` bound to a result.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from narrows.brief import pictures, words
from narrows.brief.chain import Chain, read_chains
from narrows.brief.closing import closes
from narrows.brief.facts import Facts, weakest
from narrows.brief.headlines import over_the_years
from narrows.brief.helping import helps
from narrows.brief.limits import Limits
from narrows.brief.sides import nobody, whom
from narrows.brief.tree import Answer, Figure, Name, Paragraph, Run, Runs, Strong, Text, Value
from narrows.brief.values import index, part, tally
from narrows.terms import ASSUMED_SOURCE, Grade, is_firm

__all__ = ["NARROW_SHARE", "answers"]

NARROW_SHARE = 0.65  # "one holder above 65 %", the line of SIA and BCG (2021) for a narrow point


def answers(facts: Facts, limits: Limits) -> tuple[Answer, ...]:
    """Give the answers in the order of the questions.

    Three; four with a scenario over time; five with a plan against it.
    """
    weighed = facts.results.perspective is not None and len(facts.results.autonomy)
    last = whom(facts, limits) if weighed else nobody(facts)
    stress = facts.results.stress
    help_ = facts.results.help
    over_time = () if stress is None else (closes(facts, limits, stress),)
    price = () if help_ is None else (helps(facts, limits, help_),)
    return (narrow(facts, limits), stops(facts, limits), *over_time, *price, last)


# ---------------------------------------------------------------- where is it narrow?


def narrow(facts: Facts, limits: Limits) -> Answer:
    """Answer where the chain is narrow: who holds how much of the item in front."""
    item = max(facts.focus_items, key=lambda name: facts.every[name]["hhi_low"])
    row = facts.every[item]
    holder = facts.top(item)
    subject, verb = _holder(facts.place(holder), row, firm=is_firm(holder))
    value = facts.top_value(item)
    measure = words.measure_words(str(row["measure"]))
    joint = "for" if measure == "capacity" else "of"
    sentence: Runs = (
        Strong(subject),
        Text(f" {verb} {'about ' if value.grade is Grade.ASSUMED else ''}"),
        value,
        Text(f" of the world’s {measure} {joint} "),
        Strong(words.in_sentence(facts.name(item))),
        Text(" ("),
        Name(facts.year(item)),
        Text(")."),
    )
    support = Paragraph((*_equal_makers(facts, item), *_how_many(facts), *_printed(facts, item)))
    years = Paragraph(over_the_years(facts, item))
    figure = pictures.strips(facts, limits)
    return Answer("narrow", "Where is it narrow?", sentence, (years, support), (figure,))


def _holder(name: str, row: Mapping[str, Any], *, firm: bool) -> tuple[str, str]:
    if row["basis"] == "headquarters" and not firm:
        return f"Firms seated in {words.the(name)}", "hold"
    shown = words.the(name)
    return shown[0].upper() + shown[1:], "holds"


def _equal_makers(facts: Facts, item: str) -> Runs:
    row = facts.every[item]
    grade = weakest([str(row["grade"]), Grade.DERIVED])
    sources = facts.sources_of(item)
    number = float(row["effective_number"])
    bounds = (float(row["hhi_low"]), float(row["hhi_high"]))
    head = f"concentration/{item}"
    return (
        Text("That is as if "),
        index(number, f"{head}/effective_number", grade, sources, places=1),
        Text(" equal makers shared it (HHI "),
        index(float(row["hhi"]), f"{head}/hhi", grade, sources, ends=bounds),
        Text("). "),
    )


def _how_many(facts: Facts) -> Runs:
    rows = facts.rows.values()
    narrow_ones = [row for row in rows if float(row["cr1"]) > NARROW_SHARE]
    grade = weakest([*(str(row["grade"]) for row in narrow_ones), Grade.DERIVED])
    key = f"concentration/count(cr1>{NARROW_SHARE})"
    line = words.percent(NARROW_SHARE)
    return (
        Text("Of "),
        tally(len(facts.rows), "concentration/count", words.count(len(facts.rows), "item")),
        Text(" whose makers are known, "),
        replace(tally(len(narrow_ones), key, words.number(len(narrow_ones)), grade), bare=False),
        Text(f" {'has' if len(narrow_ones) == 1 else 'have'} one holder above "),
        Name(line),
        Text("."),
    )


def _printed(facts: Facts, shown: str) -> Runs:
    """Name the narrowest point whose shares are not assumed, unless it is the one in front."""
    item = next((name for name, row in facts.rows.items() if row["grade"] != Grade.ASSUMED), shown)
    if item == shown:
        return ()
    return (
        Text(" The narrowest point that does not rest on an assumption: "),
        Name(words.in_sentence(facts.name(item))),
        Text(" ("),
        Name(facts.place(facts.top(item))),
        Text(" "),
        facts.top_value(item),
        Text(")."),
    )


# ---------------------------------------------------------------- what stops if it closes?


def stops(facts: Facts, limits: Limits) -> Answer:
    """Answer what stops when the place in front closes, both static numbers side by side."""
    place = facts.focus_place
    rows = facts.dropped(place)
    worst = min(
        facts.end_uses, key=lambda use: (rows[use]["left_fixed"], rows[use]["left_best"], use)
    )
    row = rows[worst]
    chains = read_chains(str(row["because"]))
    because = chains[0].items if chains else ()
    sentence: Runs = (
        Text("Without "),
        Strong(words.the(facts.place(place))),
        Text(", about "),
        facts.left(row, "left_fixed", because),
        Text(" of "),
        Strong(words.in_sentence(facts.name(worst))),
        Text(" can still be supplied once stocks are gone if nothing is re-routed, and at most "),
        facts.left(row, "left_best", because),
        Text(" if all that is left is re-routed to them."),
    )
    support = [Paragraph(_why(facts, row, chains), role="chain"), Paragraph(_all_uses(facts, rows))]
    figures: tuple[Figure, ...]
    if facts.results.stress is None:
        figures = (pictures.left(facts, place, limits), pictures.ranking(facts, place, limits))
    else:  # the other drawing goes to the annex
        figures = (pictures.ranking(facts, place, limits, pictures.SIDE),)
    return Answer("stops", "What stops if it closes?", sentence, tuple(support), figures)


def _why(facts: Facts, row: Mapping[str, Any], chains: tuple[Chain, ...]) -> Runs:
    if not chains:
        return ()
    links: list[Run] = [Text("The chain of reasons: ")]
    for item in chains[0].items:
        links += [Name(facts.name(item)), Text(" ← ")]
    key = f"contingency/{row['dropped']}/{row['end_use']}/because"
    last = chains[0].items[-1]
    known = facts.every.get(last)
    grade = Grade(str(known["grade"])) if known else Grade.ASSUMED
    for place, (holder, share) in enumerate(chains[0].holders):
        links += [Text(", " if place else ""), Name(facts.place(holder)), Text(" ")]
        number = float(share.removesuffix(" %")) / 100
        links.append(part(number, key, grade, facts.sources_of(last)))
    return (*links, Text(f"{chains[0].more}. "), *_stock(row))


def _stock(row: Mapping[str, Any]) -> Runs:
    number = float(row["stock_days"])
    if words.missing(number) or math.isinf(number):
        return ()
    key = f"contingency/{row['dropped']}/{row['end_use']}/stock_days"
    return (
        Text("Stocks on that way last about "),
        Value(words.days(number), key, Grade.ASSUMED, (ASSUMED_SOURCE,), number, unit="days"),
        Text(" of normal use."),
    )


def _all_uses(facts: Facts, rows: Mapping[str, Mapping[str, Any]]) -> Runs:
    total = rows.get("all")
    if total is None:
        return ()
    first = facts.places_ranked[0]
    rank = int(total["rank"])
    place = words.the(facts.place(facts.focus_place))
    parts: list[Run] = [
        Text("Over all end uses by value, "),
        facts.left(total, "left_fixed"),
        Text(" is left, and "),
        facts.left(total, "left_best"),
        Text(" with the best re-routing for all. "),
        Text(f"Of {words.count(len(facts.places_ranked), 'place')} dropped one at a time, "),
        Name(place),
    ]
    if rank == 1:
        parts += [Text(" leaves least"), *_holds(total)]
    else:
        leader = words.the(facts.place(str(first["dropped"])))
        parts += [Text(f" ranks {words.ordinal(rank)}"), *_holds(total), Text("; ")]
        parts += [Name(leader), Text(" leaves least, "), facts.left(first, "left_fixed")]
    return (*parts, Text(": exposure, not losses."))


def _holds(row: Mapping[str, Any]) -> Runs:
    holds = row.get("holds")
    if holds is None or words.missing(holds):
        return ()
    key = f"contingency/{row['dropped']}/all/holds"
    value = part(float(holds), key, Grade.DERIVED, bare=True)
    return (Text(" (a rank that holds in "), value, Text(" of the draws)"))
