"""The answer over time: what is lost if it closes, when, for how long, where, and why."""

from dataclasses import replace

from narrows.brief import words
from narrows.brief.amounts import FELT, days_of, money, money_unit, part_of, when
from narrows.brief.closing_pictures import bands, places_lost
from narrows.brief.facts import UNNAMED, Facts, records
from narrows.brief.limits import Limits
from narrows.brief.pictures import PAIR, SIDE
from narrows.brief.scenario_words import input_words
from narrows.brief.standing_out import LEAST_DRAWS
from narrows.brief.stress import Stress
from narrows.brief.tree import Answer, Name, Paragraph, Run, Runs, Strong, Text
from narrows.brief.values import part, tally
from narrows.terms import Grade

__all__ = ["closes"]

ALL = "all"
_PLACES = 3
_DRIVERS = 2


def closes(facts: Facts, limits: Limits, stress: Stress) -> Answer:
    """Answer what is lost over time in the scenario."""
    market, item = next(iter(stress.markets.items()))
    support = (
        Paragraph((*_times(facts, stress, market), *_others(facts, stress, market))),
        Paragraph((*_where(facts, stress), *_drivers(facts, stress), *_drawn(stress))),
    )
    places = places_lost(facts, stress, limits)
    figures = (bands(facts, stress, limits, PAIR if places else SIDE), *places)
    sentence = _sentence(facts, stress, market, item)
    return Answer("closes", "What if it closes, day by day?", sentence, support, figures)


def _sentence(facts: Facts, stress: Stress, market: str, item: str) -> Runs:
    row, every = stress.rows[market], stress.rows[ALL]
    title = stress.scenario.title or stress.scenario.name
    runs: Runs = (Strong(title), Text(": "))
    if float(row["shortfall_days_90"]) < FELT:
        return (*runs, Text("no end use falls short by as much as a day."))
    unit = money_unit(stress.unit)
    runs += (
        days_of(row, "shortfall_days", f"stress/{market}/shortfall_days_50"),
        Text(" of normal supply of "),
        Strong(words.in_sentence(facts.name(item))),
        Text(" are lost, and "),
    )
    if unit:
        total = money(every, "value", f"stress/{ALL}/value_50", unit)
    else:
        total = days_of(every, "shortfall_days", f"stress/{ALL}/shortfall_days_50")
    return (*runs, total, Text(" over all end uses."))


def _times(facts: Facts, stress: Stress, market: str) -> Runs:
    """Say when the worst end use falls short, how deep, and when it is whole again."""
    row, horizon = stress.rows[market], stress.scenario.days
    if float(row["shortfall_days_90"]) < FELT:
        return ()
    head = f"stress/{market}"
    return (
        Name(facts.name(stress.markets[market])),
        Text(": short "),
        when(row, "survive_days", f"{head}/survive_days_50", horizon),
        Text(" after it begins, by "),
        part_of(row, "deepest", f"{head}/deepest_50"),
        Text(" at the deepest; whole again after "),
        when(row, "recover_days", f"{head}/recover_days_50", horizon),
        Text(". "),
    )


def _others(facts: Facts, stress: Stress, worst: str) -> Runs:
    """Name the end use that is short first, and say how often one is never short or never back."""
    rows = {name: stress.rows[name] for name in stress.markets}
    early = {n: float(r["survive_days_50"]) for n, r in rows.items()}
    early = {n: day for n, day in early.items() if not words.missing(day)}
    runs: Runs = ()
    first = min(early, key=lambda name: early[name], default=worst)
    if first != worst:
        name = words.in_sentence(facts.name(stress.markets[first]))
        day = when(
            rows[first], "survive_days", f"stress/{first}/survive_days_50", stress.scenario.days
        )
        at_once = float(rows[first]["survive_days_50"]) < FELT
        joint = ", " if at_once else ", after "
        day = replace(day, text="at once") if at_once else day
        runs += (Text("First to miss anything: "), Name(name), Text(joint), day, Text(". "))
    calm = [n for n, r in rows.items() if float(r["never_short"]) > 0]
    stuck = [n for n, r in rows.items() if float(r["never_back"]) > 0]
    runs += _how_often(facts, stress, calm, "never_short", "Never short")
    return (*runs, *_how_often(facts, stress, stuck, "never_back", "Not whole again in the run"))


def _how_often(facts: Facts, stress: Stress, found: list[str], column: str, said: str) -> Runs:
    if not found:
        return (Text(f"{said}: in none of the draws. "),)
    most = max(found, key=lambda name: float(stress.rows[name][column]))
    number = float(stress.rows[most][column])
    value = part(number, f"stress/{most}/{column}", Grade.ASSUMED, bare=True)
    name = words.in_sentence(facts.name(stress.markets[most]))
    others = len(found) - 1
    more = f" and {words.count(others, 'other end use')} in up to " if others else " in "
    return (Text(f"{said}: "), Name(name), Text(more), value, Text(" of the draws. "))


def _where(facts: Facts, stress: Stress) -> Runs:
    """Say which places lose most of what they make of the end uses."""
    if stress.places.empty:
        return ()
    named = [row for row in records(stress.places) if row["place"] not in UNNAMED]
    lost = [row for row in named if float(row["lost_50"]) > 0][:_PLACES]
    if not lost:
        return ()
    runs: Runs = (Text("Makers of end uses lose most in "),)
    unit = money_unit(stress.unit)
    for number, row in enumerate(lost):
        joint = "" if number == 0 else " and " if number == len(lost) - 1 else ", "
        place = str(row["place"])
        key = f"stress/places/{place}"
        amount = money(row, "lost", f"{key}/lost_50", unit) if unit else None
        value = amount or days_of(row, "days", f"{key}/days_50")
        name = Strong(words.the(facts.place(place)))
        runs += (Text(joint), name, Text(" ("), value, Text(")"))
    return (*runs, Text(", net of what they make up later. "))


def _drivers(facts: Facts, stress: Stress) -> Runs:
    """Name the inputs that stand out from chance, or say that none does."""
    if stress.draws < LEAST_DRAWS:
        return ()
    rows = records(stress.drivers)
    if not rows:
        return (Text("With so few draws no single input stands out from chance. "),)
    shown = rows[:_DRIVERS]
    named: list[Run] = []
    for row in shown:
        said = input_words(facts, stress.scenario, str(row["input"]))
        turn = "the more, the " + ("more" if float(row["direction"]) > 0 else "less") + " is lost"
        named += [Text("; " if named else ""), Name(said), Text(f" ({turn})")]
    count = tally(len(rows), "stress/drivers/count", words.count(len(rows), "input"))
    verb = "stands out" if len(rows) == 1 else "stand out"
    head = replace(count, text=count.text[:1].upper() + count.text[1:])
    return (head, Text(f" {verb} from chance: "), *named, Text(". "))


def _drawn(stress: Stress) -> Runs:
    count = tally(stress.draws, "stress/draws")
    return (
        Text("Medians of "),
        count,
        Text(" draws; in brackets where eight of ten lie."),
    )
