"""Why there is no plan, in words."""

import numpy as np

from narrows.plan.kernels.lshaped import Found
from narrows.plan.kernels.programme import Programme
from narrows.plan.master import BILLION
from narrows.plan.question import Question

__all__ = ["floors_missed", "why_infeasible", "why_unbounded"]

_NOTHING = 1e-6


def why_infeasible(question: Question) -> str:
    """Say why no decisions are allowed: only what is already started can break the limits."""
    low = question.problem.choice.low[: len(question.decisions)]
    for decision, steps in zip(question.decisions, low, strict=True):
        if steps > decision.option.steps:
            return (
                f"{decision.option.id} at {decision.place} is started {steps:g} times; "
                f"there are {decision.option.steps} steps"
            )
    spent = np.einsum("d,dly->ly", low, question.master.costs)  # (leaves, years), billions
    budget, years = question.terms.budget, question.terms.calendar
    limits = [(spent.sum(axis=1).max(), budget.total, "in all", "the budget")]
    limits += [
        (spent[:, years.index(year)].max(), most, f"in {year}", "the budget of that year")
        for year, most in budget.by_year.items()
        if year in years
    ]
    for payer, most in budget.by_payer.items():
        limits.append((_paid(question, payer, None), most, f"to {payer}", "the budget of it"))
    for (payer, year), most in budget.by_payer_year.items():
        if year in years:
            cost = _paid(question, payer, year)
            limits.append((cost, most, f"to {payer} in {year}", "the budget of it then"))
    for cost, limit, where, what in limits:
        if limit is not None and cost > limit / BILLION + _NOTHING:
            return (
                f"what is already started costs {cost:,.3g} billion US dollars {where}; {what} is "
                f"{limit / BILLION:,.3g} billion and does not allow it"
            )
    return "what is already started costs more than its payers may pay together"


def _paid(question: Question, payer: str, year: int | None) -> float:
    """Give what a payer alone has to pay for what is started, billions of US dollars."""
    low = question.problem.choice.low[: len(question.decisions)]
    mine = [each.payers == (payer,) for each in question.decisions]
    spent = np.einsum("d,dly->ly", low * mine, question.master.costs)
    if year is None:
        return float(spent.sum(axis=1).max())
    return float(spent[:, question.terms.calendar.index(year)].max())


def why_unbounded(question: Question) -> str:
    """Say which decisions bring money without end."""
    choice = question.problem.choice
    endless = [
        f"{each.option.id} at {each.place} in {each.year}"
        for number, each in enumerate(question.decisions)
        if choice.cost[number] < 0 and not np.isfinite(choice.high[number])
    ]
    what = ", ".join(endless[:5]) or "something on the list"
    return f"there is no best plan: {what} costs less than nothing, and its steps have no limit"


def floors_missed(question: Question, found: Found) -> str:
    """Say which floors a plan misses, in which year or episode; empty: none."""
    master = question.master
    slack = found.decisions[master.first_slack :]
    missed = [
        f"floor {floor.id}: {floor.item} at {', '.join(floor.places)} reaches "
        f"{floor.least - short:.3g} of the world's output in {year}, not {floor.least:.3g}"
        for (floor, _, year), short in zip(master.slack, slack, strict=True)
        if short > _NOTHING
    ]
    missed += _missed_in_branches(question, found)
    if not missed:
        return ""
    rest = f"; and {len(missed) - 5} more" if len(missed) > 5 else ""
    money = question.terms.budget.total
    within = "" if money is None else f" within {money / BILLION:,.4g} billion US dollars"
    return f"no plan{within} keeps every floor: {'; '.join(missed[:5])}{rest}"


def _missed_in_branches(question: Question, found: Found) -> list[str]:
    columns = question.layout.columns
    if not columns.keys["slack"]:
        return []
    out = []
    for (episode, _), branch in zip(question.episodes, question.problem.branches, strict=True):
        if branch.known is not None:
            continue
        solved: Programme = question.problem.programme(branch, found.decisions)
        values = solved.solve().values
        for (number,) in columns.keys["slack"]:
            item = question.layout.chain.market_label[number]
            short = values[columns.of("slack", (number,))]
            demand = question.layout.chain.demand[number]
            if short.max() > _NOTHING * demand:
                floors = [each for each in question.options.floors if each.kind == "met"]
                mine = [each for each in floors if each.item == item]
                floor = max(
                    (each for each in mine if each.holds_in(episode.year)),
                    key=lambda each: each.least,
                )
                met = floor.least - short.max() / demand
                out.append(
                    f"floor {floor.id}: {item} is met to {met:.3g}, not {floor.least:.3g}, "
                    f"in {branch.name}"
                )
    return out
