"""The annex on the scenario: losses by end use and place, drivers, shocks and rules, the record."""

from collections.abc import Iterable

from narrows.brief.amounts import days_of, money, money_unit, part_of, when
from narrows.brief.facts import Facts, records
from narrows.brief.pictures import cells
from narrows.brief.record import record_section
from narrows.brief.scenario_words import Assumed, input_words, rules_of, shocks_of
from narrows.brief.standing_out import LEAST_DRAWS
from narrows.brief.stress import Stress
from narrows.brief.tree import (
    Block,
    Cell,
    Column,
    Name,
    Paragraph,
    Runs,
    Section,
    Strong,
    Table,
    Text,
)
from narrows.brief.values import index, part, tally
from narrows.terms import Grade

__all__ = ["closing_sections"]

_DRIVERS = 12
_PLACES = 24
_ACROSS = 8  # items beside each other in a table
_ASSUMED = (
    Column("What", width=0.09),
    Column("For", width=0.24),
    Column("Numbers (range)", width=0.3, parts=("Which", "Number")),
    Column("Reason", width=0.37),
)


def closing_sections(facts: Facts) -> tuple[Section, ...]:
    """Give the sections on the scenario; none where there is no scenario."""
    stress = facts.results.stress
    if stress is None:
        return ()
    scenario = stress.scenario
    about: Runs = (
        Name(" ".join(scenario.reasoning.split()) + " "),
        Text("Losses are counted over "),
        tally(scenario.days, "stress/days"),
        Text(" days; the first shock begins on day "),
        tally(stress.first, "stress/first"),
        Text(". Median of "),
        tally(stress.draws, "stress/draws"),
        Text(" draws (seed "),
        tally(stress.seed, "stress/seed"),
        Text("); in brackets the 10 and 90 percent points. Losses follow from the scenario, the "),
        Text("rules and the stocks assumed; they are no forecast. By end use losses are gross: "),
        Text(
            "what buyers go without on a day counts even if they get it later. By place they are "
        ),
        Text("net: what a maker makes up later is taken off. The two do not add up to the same."),
    )
    tables: tuple[Block, ...] = (
        _end_uses(facts, stress),
        _places(facts, stress),
        *_by_place(facts, stress),
        *_drivers(facts, stress),
        _assumed("Shocks of the scenario", facts, shocks_of(facts, scenario)),
        _assumed("Rules of behaviour", facts, rules_of(facts, scenario)),
    )
    kept = tuple(each for each in tables if not isinstance(each, Table) or each.rows)
    title = f"What if it closes: {scenario.title or scenario.name}"
    section = Section("stress", title, (Paragraph(about, role="small"), *kept))
    return (section, record_section())


def _end_uses(facts: Facts, stress: Stress) -> Table:
    unit, horizon = money_unit(stress.unit), stress.scenario.days
    columns = (
        Column("End use", width=0.2),
        Column("Days lost", "right", 0.13),
        *((Column(f"Lost, {unit}", "right", 0.13),) if unit else ()),
        Column("Deepest", "right", 0.13),
        Column("First short after", "right", 0.14),
        Column("Whole again after", "right", 0.15),
        Column("Never short", "right", 0.06),
        Column("Not back", "right", 0.06),
    )
    rows = []
    for name, row in stress.rows.items():
        head = f"stress/{name}"
        title = "All, by value" if name == "all" else facts.name(stress.markets[name])
        values: list[Runs] = [
            (days_of(row, "shortfall_days", f"{head}/shortfall_days_50", bare=True, unit=False),),
            *([(money(row, "value", f"{head}/value_50", bare=True),)] if unit else []),
            (part_of(row, "deepest", f"{head}/deepest_50", bare=True),),
            (when(row, "survive_days", f"{head}/survive_days_50", horizon, bare=True),),
            (when(row, "recover_days", f"{head}/recover_days_50", horizon, bare=True),),
            (part(float(row["never_short"]), f"{head}/never_short", Grade.ASSUMED, bare=True),),
            (part(float(row["never_back"]), f"{head}/never_back", Grade.ASSUMED, bare=True),),
        ]
        rows.append(cells(title, *values))
    title = "Lost by end use, gross"
    return Table(title, columns, tuple(rows), small=True, short=title)


def _places(facts: Facts, stress: Stress) -> Table:
    """Tabulate what places lose of the end uses that they make."""
    what = money_unit(stress.unit) or "value"
    columns = (
        Column("Place", width=0.4),
        Column(f"Lost, {what}", "right", 0.3),
        Column("Days of own output", "right", 0.3),
    )
    rows = tuple(
        cells(
            facts.place(str(row["place"])),
            (money(row, "lost", f"stress/places/{row['place']}/lost_50", bare=True),),
            (days_of(row, "days", f"stress/places/{row['place']}/days_50", bare=True, unit=False),),
        )
        for row in records(stress.places)[:_PLACES]
    )
    title = "End uses not made, by place, net of what is made up later"
    return Table(title, columns, rows, small=True, short="End uses by place")


def _by_place(facts: Facts, stress: Stress) -> tuple[Table, ...]:
    """Tabulate days lost, places against items: end uses, and what they are made from."""
    if stress.units.empty:
        return ()
    uses = list(stress.markets.values())
    inputs = dict.fromkeys(need for use, need in facts.needs if use in uses)
    chips = [item for item in inputs if item not in uses]
    return (
        _crossed(facts, stress, uses, "end uses by place"),
        _crossed(facts, stress, chips, "what end uses are made from, by place"),
    )


def _crossed(facts: Facts, stress: Stress, items: list[str], what: str) -> Table:
    """Tabulate days of output lost, places against the items that lose most."""
    lost = {str(row["unit"]): row for row in records(stress.units)}
    by_item = {
        item: {name.partition("/")[0]: row for name, row in lost.items() if _made(name) == item}
        for item in items
    }
    worst = {item: max(map(_median, rows.values()), default=0) for item, rows in by_item.items()}
    shown = sorted((item for item in items if worst[item] > 0), key=lambda each: -worst[each])
    shown = shown[:_ACROSS]
    places = dict.fromkeys(place for item in shown for place in by_item[item])
    ranked = sorted(places, key=lambda each: -max(_days(by_item, shown, each)))[:_PLACES]
    columns = (
        Column("Place", width=0.16),
        *(Column(facts.name(item), "right", 0.84 / max(len(shown), 1)) for item in shown),
    )
    rows = []
    for place in ranked:
        values: list[Runs] = []
        for item in shown:
            row, key = by_item[item].get(place), f"stress/units/{place}/{item}"
            found = None if row is None else days_of(row, "lost", key, bare=True, unit=False)
            values.append((Text("–"),) if found is None else (found,))
        rows.append(cells(facts.place(place), *values))
    return Table(
        f"Days of output lost, net, {what}",
        columns,
        tuple(rows),
        small=True,
        short=f"Days lost, {what}",
    )


def _made(unit: str) -> str:
    return unit.partition("/")[2]


def _median(row: dict[str, float]) -> float:
    return float(row["lost_50"])


def _days(
    by_item: dict[str, dict[str, dict[str, float]]], items: list[str], place: str
) -> list[float]:
    return [_median(by_item[item][place]) for item in items if place in by_item[item]]


def _drivers(facts: Facts, stress: Stress) -> tuple[Block, ...]:
    """Tabulate the inputs that stand out from chance, and say how that is told."""
    title = "What decides the days lost over all end uses"
    about: Runs = (
        Strong(f"{title}. "),
        Text("The draws vary "),
        tally(stress.inputs, "stress/inputs"),
        Text(" inputs. An input is named where its rank correlation with the days lost is "),
        Text("stronger than that of the strongest of all inputs in 99 of 100 shuffles of the "),
        Text("result. "),
    )
    if stress.draws < LEAST_DRAWS:
        return (_small((*about, Text("With so few draws none can be told."))),)
    if stress.drivers.empty:
        text = "None is: with so few draws no single input stands out from chance."
        return (_small((*about, Text(text))),)
    columns = (
        Column("Input", width=0.44),
        Column("Rank correlation", "right", 0.13),
        Column("Chance alone", "right", 0.12),
        Column("Part of the spread", "right", 0.13),
        Column("With more of it", "right", 0.18),
    )
    rows = []
    for row in records(stress.drivers)[:_DRIVERS]:
        key = f"stress/drivers/{row['input']}"
        tie, chance = (
            index(float(row[name]), f"{key}/{name}", Grade.ASSUMED, bare=True)
            for name in ("direction", "chance")
        )
        first = max(float(row["first_order"]), 0.0)
        share = part(first, f"{key}/first_order", Grade.ASSUMED, bare=True)
        turn = "more is lost" if float(row["direction"]) > 0 else "less is lost"
        said = input_words(facts, stress.scenario, str(row["input"]))
        rows.append(cells(said, (tie,), (chance,), (share,), turn))
    table = Table(title, columns, tuple(rows), small=True, short="What decides the loss")
    return (_small(about[1:]), table)


def _small(runs: Runs) -> Paragraph:
    return Paragraph(runs, role="small")


def _assumed(title: str, facts: Facts, found: Iterable[Assumed]) -> Table:
    rows = tuple(
        (
            Cell((Name(each.what),), head=True),
            Cell((Name(each.about),)),
            Cell(each.numbers),
            Cell(facts.reason(each.reason)),
        )
        for each in found
    )
    return Table(title, _ASSUMED, rows, small=True, short=title)
