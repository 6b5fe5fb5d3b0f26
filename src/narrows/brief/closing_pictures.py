"""The drawings of the answer over time: demand met by end use, and what places lose."""

from narrows.brief.amounts import FELT, Row, days_of, money, money_unit, part_of
from narrows.brief.facts import UNNAMED, Facts, records
from narrows.brief.figures import BarRow, Panel, draw_bands, draw_bars
from narrows.brief.limits import Limits
from narrows.brief.pictures import PAIR, cells
from narrows.brief.stress import Stress
from narrows.brief.tree import Cell, Column, Figure, Runs, Table, Text, Value
from narrows.terms import Grade

__all__ = ["bands", "places_lost"]

_STEP = 30  # days between the rows of the table behind the drawing
_FIELD = 25.0  # height of the field of a panel, in points


def bands(facts: Facts, stress: Stress, limits: Limits, width: float = PAIR) -> Figure:
    """Draw the demand met of the end uses that lose most, with the band of the draws."""
    felt = [(m, i) for m, i in stress.markets.items() if _felt(stress.rows[m])]
    shown = (felt or list(stress.markets.items())[:1])[: limits.panels]
    lost = {
        name: days_of(stress.rows[name], "shortfall_days", f"stress/{name}/shortfall_days_50")
        for name, _ in shown
    }
    series = {str(name): rows for name, rows in stress.met.groupby("market", sort=False)}
    panels = tuple(
        Panel(
            facts.name(item),
            lost[name].text,
            *(series[name][f"met_{end}"].tolist() for end in ("10", "50", "90")),
        )
        for name, item in shown
    )
    drawn = draw_bands(panels, (stress.first, stress.last), width=width, height=_FIELD)
    said = "; ".join(f"{facts.name(item)} {lost[name].printed}" for name, item in shown)
    days = range(0, stress.scenario.days, _STEP)
    rows = tuple(_day(stress, day, [name for name, _ in shown]) for day in days)
    columns = (Column("Day", "right"), *(Column(facts.name(i), "right") for _, i in shown))
    title = "Demand met over time, with the band of the draws"
    return Figure(
        id="bands",
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt=f"Part of demand met by day, for the end uses that lose most. Days lost: {said}.",
        caption=(Text("Demand met, and days of it lost (gross): the end uses that lose most"),),
        twin=Table(title, columns, rows, short="Demand met over time"),
    )


def _felt(row: Row) -> bool:
    return float(row["shortfall_days_90"]) >= FELT


def _day(stress: Stress, day: int, names: list[str]) -> tuple[Cell, ...]:
    met = stress.met[stress.met["day"] == day].set_index("market")
    count = Value(str(day), "stress/met/day", Grade.DERIVED, number=day, bare=True, unit="count")
    values: list[Runs] = [
        (part_of(dict(met.loc[name]), "met", f"stress/met/{name}/{day}", bare=True),)
        for name in names
    ]
    return cells((count,), *values)


def places_lost(facts: Facts, stress: Stress, limits: Limits) -> tuple[Figure, ...]:
    """Draw which places lose most of what they make of the end uses; nothing where none does."""
    rows = [row for row in records(stress.places) if float(row["lost_50"]) > 0]
    shown = rows[: limits.losing]
    if all(row["place"] in UNNAMED for row in shown):
        return ()
    unit = money_unit(stress.unit)
    told = []
    for row in shown:
        head = f"stress/places/{row['place']}"
        amount = money(row, "lost", f"{head}/lost_50")
        told.append((row, amount, days_of(row, "days", f"{head}/days_50", unit=False)))
    bars = tuple(
        BarRow(
            facts.place(str(row["place"])),
            low=float(row["lost_10"]),
            middle=float(row["lost_50"]),
            high=float(row["lost_90"]),
            shown=f"{amount.text} · {days.text} days",
            marked=row["place"] == facts.focus_place,
        )
        for row, amount, days in told
    )
    what = unit or "value"
    drawn = draw_bars(
        bars,
        width=PAIR,
        words=f"{what} lost, net of what is made up; days of own output; line: 80 %",
    )
    said = "; ".join(
        f"{facts.place(str(row['place']))} {amount.printed}, {days.printed} days"
        for row, amount, days in told
    )
    columns = (Column("Place"), Column(f"Lost, {what}", "right"), Column("Days of own output"))
    table = tuple(cells(facts.place(str(r["place"])), (v,), (d,)) for r, v, d in told)
    title = "End uses not made, by the place that makes them (net)"
    figure = Figure(
        id="places-lost",
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt=f"{title}: {what} lost, and days of the output of the place. {said}.",
        caption=(Text(title),),
        twin=Table(title, columns, table, short="Lost by place"),
    )
    return (figure,)
