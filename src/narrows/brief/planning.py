"""The one place where the brief asks `plan`: what a budget buys against the scenario."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from narrows.brief.planned import Asked, Curve, Help
from narrows.evidence import Case
from narrows.network import from_case
from narrows.plan import (
    Figure,
    Plan,
    Worth,
    as_json,
    break_even,
    frontier,
    prove,
    sensitivity,
    solve,
    spend,
    value_of_knowing,
)
from narrows.plan.asking import asked_again

__all__ = [
    "EVERY",
    "GAP",
    "LEAST_RETURN",
    "PERIOD_DAYS",
    "PROOF_DRAWS",
    "bought",
    "curve_of",
    "helped",
    "with_curve",
]

FIRST_YEAR, YEARS, EVERY, PERIOD_DAYS = 2027, 10, 2, 60
GAP = 1e-2
EVEN_GAP, EVEN_DAYS = 1e-3, 30
"""Whether anything pays, and from when on, is reckoned in finer steps: longer ones mislead."""
SPENT_GAP = 1e-4
PROOF_DRAWS = 16
POINTS = 11
"""Budgets from none to the whole at which the least loss is looked for."""
LEAST_RETURN = 0.05
"""Weighed loss avoided for each dollar below which an option is left out of a spent budget."""
MOVED_PART = 0.1
"""Part of the cost from which on the figures of an option are moved."""
_OF_CURVE = ("frontier", "break_even", "first")
_HARDLY = 1e6  # US dollars: less is nothing


def helped(
    case: Case,
    asked: Asked,
    *,
    period: str,
    progress: Callable[[int, int], None] | None = None,
) -> Help:
    """Plan under the budget, and read off what the brief shows.

    Where nothing is worth its cost the budget is spent on the least loss, as `frontier` does, and
    options that hardly lower it are left out.

    Raises
    ------
    BadInput
        When the scenario cannot be planned against.
    CouldNotFinish
        When no plan keeps a floor.
    """
    told = _Told(progress, 6)
    first, fine = _first(case, asked, period), _first(case, asked, period, EVEN_DAYS)
    told.next()
    return with_curve(_bought(asked, first, fine, told), _curve(asked, first, fine, told))


def bought(case: Case, asked: Asked, period: str) -> Help:
    """Give the part of `helped` that does not need other budgets and likelihoods."""
    first, fine = _first(case, asked, period), _first(case, asked, period, EVEN_DAYS)
    return _bought(asked, first, fine, _Told(None, 6))


def curve_of(case: Case, asked: Asked, period: str) -> Curve:
    """Give the other part of `helped`: what other budgets buy, and when anything pays."""
    first, fine = _first(case, asked, period), _first(case, asked, period, EVEN_DAYS)
    return _curve(asked, first, fine, _Told(None, 6))


def with_curve(help_: Help, curve: Curve) -> Help:
    """Put the two parts together."""
    form = {**help_.form, **{name: curve.form[name] for name in _OF_CURVE}}
    form["values"] = {**help_.form["values"], **curve.form["values"]}
    return replace(
        help_, frontier=curve.frontier, even=curve.even, even_mean=curve.even_mean, form=form
    )


def _first(case: Case, asked: Asked, period: str, days: int = PERIOD_DAYS) -> Plan:
    """Find what is worth its cost."""
    return solve(
        from_case(case, period=period),
        [asked.threat],
        asked.options,
        budget_usd=asked.budget_usd,
        first_year=FIRST_YEAR,
        years=YEARS,
        payers=asked.payers,
        period_days=days,
        every=EVERY,
        gap=GAP,
    )


def _bought(asked: Asked, first: Plan, fine: Plan, told: "_Told") -> Help:
    pays = not (first.portfolio().empty or fine.portfolio().empty)
    plan = first if pays else _spent(first)
    started = not plan.portfolio().empty
    proof = prove(plan, draws=PROOF_DRAWS) if started else None
    told.next()
    moves = sensitivity(plan, options=_large(plan), gap=GAP) if started else pd.DataFrame()
    told.next()
    worth = value_of_knowing(plan, gap=GAP)
    told.next()
    tables = {"sensitivity": moves} if started else {}
    return Help(
        asked=asked,
        pays=pays,
        summary=plan.summary(),
        portfolio=_joined(plan.portfolio()),
        payments=plan.payments(),
        losses=plan.losses(),
        knowing=_knowing(plan, worth),
        evpi_usd=worth.evpi_usd,
        vss_usd=worth.vss_usd,
        moves=moves,
        proof=proof,
        form=as_json(plan, proof=proof, worth=worth, tables=tables),
    )


def _curve(asked: Asked, first: Plan, fine: Plan, told: "_Told") -> Curve:
    budgets = [asked.budget_usd * number / (POINTS - 1) for number in range(POINTS)]
    found = frontier(first, budgets, gap=GAP)
    told.next()
    even = break_even(fine, gap=EVEN_GAP)
    told.next()
    form = as_json(first, even=even, tables={"frontier": found})
    return Curve(found, even, _even_mean(found, first), form)


class _Told:
    """Counts steps for a progress bar."""

    def __init__(self, progress: Callable[[int, int], None] | None, steps: int) -> None:
        self.progress, self.steps, self.done = progress, steps, 0

    def next(self) -> None:
        self.done += 1
        if self.progress:
            self.progress(self.done, self.steps)


def _spent(plan: Plan) -> Plan:
    """Spend the budget on the least loss, and no more of it than helps."""
    terms = plan.question.terms
    near = asked_again(plan, terms=replace(terms, cost_weight=LEAST_RETURN))
    return spend(near, near.cost_usd + _HARDLY, gap=SPENT_GAP)


def _large(plan: Plan) -> list[str]:
    """Name the options that take most of the money."""
    rows = plan.portfolio()
    cost = (rows["cost_usd"] * rows["probability"]).groupby(rows["option"]).sum()
    return [str(name) for name in cost.index[cost >= MOVED_PART * cost.sum()]]


def _joined(rows: pd.DataFrame) -> pd.DataFrame:
    """Join rows that differ in the outcome of research only; costs are means over the outcomes."""
    if rows.empty:
        return rows
    whole = rows.assign(weight=rows["cost_usd"] * rows["probability"])
    keys = ["option", "kind", "item", "place", "year", "steps", "payers"]
    found = whole.groupby(keys, as_index=False, sort=False).agg(
        works=("works", "min"),
        outcome=("outcome", " or ".join),
        probability=("probability", "sum"),
        weight=("weight", "sum"),
    )
    found["cost_usd"] = found["weight"] / found["probability"]
    found.loc[found["probability"] > 1 - 1e-9, "outcome"] = ""
    found = found.drop(columns="weight")
    order = ["year", "cost_usd"]
    return found.sort_values(order, ascending=[True, False], kind="stable", ignore_index=True)


def _knowing(plan: Plan, worth: Worth) -> pd.DataFrame:
    """Give loss and regret by the year in which it begins."""
    rows = worth.regret.merge(
        plan.losses()[["threat", "year", "outcome", "without_usd"]],
        on=["threat", "year", "outcome"],
    )
    rows = rows[rows["threat"] != "calm"]
    columns = ["without_usd", "loss_usd", "foreseen_usd", "regret_usd"]
    for name in columns:
        rows[name] = rows[name] * rows["probability"]
    found = rows.groupby("year", as_index=False)[["probability", *columns]].sum()
    for name in columns:
        found[name] = (found[name] / found["probability"]).where(found[name].abs() > _HARDLY, 0.0)
    found["year"] = found["year"].astype(int)
    return found


def _even_mean(curve: pd.DataFrame, plan: Plan) -> float | None:
    """Give the probability a year at which the best point of a frontier breaks even in the mean.

    Losses avoided are taken to grow with the probability that it begins at all in the years of
    the plan.
    """
    terms = plan.question.terms
    (threat,) = plan.question.threats
    yearly = Figure.of(threat.yearly).best
    ever = 1 - (1 - yearly) ** terms.years
    avoided = plan.expected_loss_without_usd - curve["expected_loss_usd"]
    bought = curve["cost_usd"] > _HARDLY
    ratio = (avoided[bought] / curve["cost_usd"][bought]).max() if bought.any() else 0.0
    needed = ever / ratio if ratio > 0 else float("inf")
    return float(1 - (1 - needed) ** (1 / terms.years)) if needed < 1 else None
