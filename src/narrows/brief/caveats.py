"""What was assumed, and what static numbers do not say."""

from collections import Counter

from narrows.brief import words
from narrows.brief.chain import read_chains
from narrows.brief.facts import Facts
from narrows.brief.limits import Limits
from narrows.brief.record import record_line
from narrows.brief.scenario_words import shock_words
from narrows.brief.tree import (
    Block,
    Bullets,
    Callout,
    Name,
    Paragraph,
    Run,
    Runs,
    Strong,
    Text,
    Value,
)
from narrows.brief.values import part, tally
from narrows.evidence.records import Range, RecipeRow
from narrows.terms import Grade

__all__ = ["assumed", "key_needs", "static"]

_SHOCKS = 3  # named before "and N more"


def assumed(facts: Facts, limits: Limits) -> Callout:
    """Count figures by grade and name the assumptions on the way of the second answer."""
    shares = Counter(str(share["grade"]) for item in facts.rows for share in facts.shares(item))
    needs = Counter(str(row.grade) for row in facts.needs.values())
    blocks: tuple[Block, ...] = (
        Paragraph(_counted("shares", shares, "share")),
        Paragraph(_counted("recipes", needs, "need")),
        *_happening(facts),
        Bullets(tuple(_need(facts, row) for row in key_needs(facts)[: limits.points])),
    )
    return Callout("What was assumed", blocks)


def _happening(facts: Facts) -> tuple[Bullets, ...]:
    """Name what happens in the scenario over time."""
    stress = facts.results.stress
    if stress is None:
        return ()
    shocks = tuple(shock_words(facts, stress.scenario))
    shown = shocks[:_SHOCKS]
    more = len(shocks) - len(shown)
    rest: Runs = (Text(f"{words.count(more, 'more shock').capitalize()}: see the annex."),)
    return (Bullets((*shown, rest) if more else shown),)


def _counted(key: str, grades: Counter[str], noun: str) -> Runs:
    total = sum(grades.values())
    about = " of makers" if noun == "share" else " (what needs which input, how much stock)"
    whole = tally(total, f"{key}/count", words.count(total, noun))
    if len(+grades) == 1:
        return (Text("All "), whole, Text(f"{about} are {next(iter(grades))}."))
    runs: list[Run] = [Text("Of "), whole, Text(f"{about}, ")]
    for number, grade in enumerate(Grade):
        value = grades[grade.value]
        verb = (" is " if value == 1 else " are ") if number == 0 else " "
        runs += [
            Text(("", ", ", " and ")[number]),
            tally(value, f"{key}/count/{grade}", str(value or "none")),
            Text(verb + grade.value),
        ]
    return (*runs, Text("."))


def key_needs(facts: Facts) -> tuple[RecipeRow, ...]:
    """Give the needs on the way of the chain of reasons of the place in front, the worst first."""
    rows = sorted(facts.dropped(facts.focus_place).values(), key=lambda row: row["left_fixed"])
    pairs: dict[tuple[str, str], None] = {}
    for row in rows:
        for chain in read_chains(str(row["because"]))[:1]:
            pairs |= dict.fromkeys(chain.pairs)
    found = [facts.needs[pair] for pair in pairs if pair in facts.needs]
    return tuple(row for row in found if row.grade is Grade.ASSUMED and row.numbers)


def _need(facts: Facts, row: RecipeRow) -> Runs:
    runs: list[Run] = [
        Name(facts.name(row.item)),
        Text(" ← "),
        Name(facts.name(row.input)),
        Text(": "),
    ]
    parts: list[Runs] = []
    stop, cover = row.numbers.get("stops_fraction"), row.numbers.get("cover_days")
    if stop is not None and stop.best < 1:
        value = _ranged(row, "stops_fraction", stop)
        parts.append((value, Text(" of output stops without it")))
    if cover is not None and cover.best > 0:
        value = _ranged(row, "cover_days", cover)
        parts.append((Text("stock of "), value))
    if not parts:
        parts.append((Text("all output stops without it, no stock"),))
    for number, said in enumerate(parts):
        runs += [Text("; " if number else ""), *said]
    return (*runs, Text("."))


def _ranged(row: RecipeRow, column: str, number: Range) -> Value:
    key = f"recipes/{row.id}/{column}"
    sources, ends = (row.source_id,), (number.low, number.high)
    if column != "cover_days":
        return part(number.best, key, row.grade, sources, ends=ends)
    text, span = words.days(number.best), words.span(*ends).removesuffix(" days")
    known = ends if number.low != number.high else None
    shown = span if known else ""
    return Value(text, key, row.grade, sources, number.best, shown, unit="days", ends=known)


def static(facts: Facts) -> Callout:
    """Say what the numbers do not say."""
    points: tuple[Runs, ...] = (
        (
            Strong("They rank exposure; they are not losses."),
            Text(" No day passes in them, no price moves."),
        ),
        (
            Text("“Nothing re-routed” is the day stocks end, every buyer with its old suppliers; "),
            Text(
                "“best re-routed” is the most that planning could reach. What happens lies between."
            ),
        ),
        (
            Text("A far mineral counts in full, though so far stocks and substitutes came first: "),
            Text("a place ranks high when much could stop, not because it will."),
        ),
    )
    if facts.results.stress is None:
        return Callout("What static numbers do not say", (Bullets(points),))
    over_time: tuple[Runs, ...] = (
        (
            Strong("Static numbers rank exposure; they are not losses."),
            Text(" No day passes in them."),
        ),
        (
            Strong("Losses over time are no forecast."),
            Text(" They follow from the scenario, the rules of behaviour and the stocks assumed; "),
            Text("no price moves. Draws move numbers, not the structure."),
        ),
        record_line(),
    )
    return Callout("What these numbers do not say", (Bullets(over_time),))
