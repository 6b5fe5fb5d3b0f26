"""The drawings of the answer on what helps: loss left against money, and what is started when."""

import pandas as pd

from narrows.brief import words
from narrows.brief.facts import Facts, Row, records
from narrows.brief.figures import Spell, Stair, draw_spells, draw_stairs
from narrows.brief.helping_words import billions, option_title
from narrows.brief.limits import Limits
from narrows.brief.pictures import SIDE, cells
from narrows.brief.planned import Help
from narrows.brief.tree import Column, Figure, Name, Runs, Table, Text

__all__ = ["curve", "schedule"]

_HEIGHT = 92.0
_LINES = (
    ("tail_loss_usd", "worst tenth of outcomes", True),
    ("expected_loss_usd", "expected", False),
)


def curve(facts: Facts, help_: Help) -> Figure:  # noqa: ARG001 - drawings take facts first
    """Draw the loss left against the money spent on the least loss."""
    frame = help_.frontier
    stairs = tuple(Stair(name, _falling(frame, column), strong) for column, name, strong in _LINES)
    spent = float(help_.summary["cost_usd"]) / 1e9
    drawn = draw_stairs(
        stairs,
        spent,
        width=SIDE,
        height=_HEIGHT,
        across="spent, USD billion; dashed: the plan told",
    )
    columns = (
        Column("Spent, USD billion", "right"),
        Column("Worst tenth, loss left", "right"),
        Column("Expected loss left", "right"),
    )
    rows = tuple(
        cells(
            (billions(float(row["cost_usd"]), f"plan/frontier/{n}/cost_usd", unit=False),),
            *(
                (billions(float(row[column]), f"plan/frontier/{n}/{column}", unit=False),)
                for column, *_ in _LINES
            ),
        )
        for n, row in enumerate(records(frame))
    )
    ends = [(stair.name, stair.points[0][1], stair.points[-1][1]) for stair in stairs]
    said = "; ".join(f"{name}: from {a:.0f} to {b:.0f}" for name, a, b in ends)
    title = "Loss left against money spent, USD billion"
    return Figure(
        id="frontier",
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt=f"{title}, each sum spent on the least loss. {said}.",
        caption=(Text(title),),
        twin=Table(title, columns, rows, short="Loss left against money"),
    )


def _falling(frame: pd.DataFrame, column: str) -> list[tuple[float, float]]:
    """Give cost and loss left, both in billions, as far as more money lowers it."""
    out: list[tuple[float, float]] = []
    for cost, loss in sorted(zip(frame["cost_usd"] / 1e9, frame[column] / 1e9, strict=True)):
        if not out or loss < out[-1][1]:
            out.append((float(cost), float(loss)))
    return out


def schedule(facts: Facts, help_: Help, limits: Limits) -> Figure:
    """Draw what is started when, and from when on it works."""
    every = records(help_.portfolio)
    shown = sorted(every, key=_size)[: limits.started]
    shown = [row for row in every if row in shown]
    first = int(help_.summary["first_year"])
    costs = [
        billions(float(row["cost_usd"]), f"plan/portfolio/{n}/cost_usd", unit=False)
        for n, row in enumerate(every)
        if row in shown
    ]
    spells = tuple(
        Spell(_label(facts, help_, row), cost.text, float(row["year"]), float(row["works"]))
        for row, cost in zip(shown, costs, strict=True)
    )
    drawn = draw_spells(spells, first, help_.last_year, width=SIDE)
    more = len(every) - len(shown)
    rest = f"; {words.count(more, 'smaller one')} in the annex" if more else ""
    rest += "; * if research so turns out" if any(map(_maybe, shown)) else ""
    title = "What is started, and when it works"
    columns = (
        Column("What"),
        Column("Starts", "right"),
        Column("Works", "right"),
        Column("Cost, USD billion", "right"),
    )
    rows = tuple(
        cells(spell.name, _year(spell.begins), _year(spell.works), (cost,))
        for spell, cost in zip(spells, costs, strict=True)
    )
    said = "; ".join(
        f"{s.name}: {s.begins:.0f}, works {s.works:.0f}, USD {s.note} billion" for s in spells
    )
    return Figure(
        id="schedule",
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt=f"{title}, from {first} to {help_.last_year}. {said}.",
        caption=(Text(title), Name(rest)),
        twin=Table(title, columns, rows, short="What is started"),
    )


def _size(row: Row) -> float:
    return -float(row["cost_usd"]) * float(row["probability"])


def _maybe(row: Row) -> bool:
    return float(row["probability"]) < 1 - 1e-9


def _label(facts: Facts, help_: Help, row: Row) -> str:
    place = str(row["place"])
    several = len(help_.asked.options[str(row["option"])].places) > 1
    where = f" ({facts.place(place)})" if several else ""
    maybe = " *" if _maybe(row) else ""
    title, steps = option_title(help_, str(row["option"])), float(row["steps"])
    often = f"{steps:g} × {words.in_sentence(title)}" if steps != 1 else title
    return f"{often}{where}{maybe}"


def _year(year: float) -> Runs:
    return (Name(f"{int(year)}"),)
