"""What a plan answers beside its portfolio: frontier, next billion, regret, other scenarios."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from narrows.plan.asking import asked_again
from narrows.plan.kernels.answers import Answers
from narrows.plan.kernels.information import value_of_information
from narrows.plan.kernels.lshaped import Limits
from narrows.plan.kernels.risk import weighed
from narrows.plan.master import BILLION
from narrows.plan.model import against
from narrows.plan.result import Plan
from narrows.simulate import Scenario
from narrows.terms import BadInput, Fault

__all__ = [
    "Worth",
    "asked_again",
    "frontier",
    "next_billion",
    "robustness",
    "spend",
    "value_of_knowing",
]

Progress = Callable[[int, int], None]
_POINTS = 11


def frontier(
    plan: Plan,
    budgets_usd: Sequence[float] | None = None,
    *,
    gap: float = 1e-3,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Give how far loss can be brought down by what money.

    Each point spends its budget on the least loss; cost is not weighed against loss.

    Parameters
    ----------
    plan
        A plan whose question is asked again with other budgets.
    budgets_usd
        Budgets; by default eleven from 0 to the plan's, or to three times its cost.
    gap
        Relative distance of each point from the best there can be.
    progress
        Called with points done and points in all.

    Returns
    -------
    DataFrame
        budget_usd, cost_usd, expected_loss_usd, tail_loss_usd, weighed_loss_usd, gap, options
        (those started).
    """
    if budgets_usd is None:
        total = plan.question.terms.budget.total
        most = max(3 * plan.cost_usd, 1e9) if total is None else total
        budgets_usd = np.linspace(0.0, most, _POINTS).tolist()
    rows, one = [], plan
    for number, budget in enumerate(sorted(budgets_usd)):
        one = _spent(one, budget, gap)  # its cuts hold those of the plans before
        rows.append(
            (
                budget,
                one.cost_usd,
                one.expected_loss_usd,
                one.tail_loss_usd,
                _weighed(one),
                one.gap,
                ", ".join(sorted(set(one.portfolio()["option"]))),
            )
        )
        if progress:
            progress(number + 1, len(budgets_usd))
    columns = ["budget_usd", "cost_usd", "expected_loss_usd", "tail_loss_usd", "weighed_loss_usd"]
    return pd.DataFrame(rows, columns=[*columns, "gap", "options"])


def spend(plan: Plan, budget_usd: float, *, gap: float = 1e-3) -> Plan:
    """Give the plan that brings loss down most for a budget; cost is not weighed against loss.

    Parameters
    ----------
    plan
        A plan whose question is asked again.
    budget_usd
        Most that payers spend in all, whatever research brings.
    gap
        Relative distance from the best there can be.
    """
    return _spent(plan, budget_usd, gap)


def _spent(plan: Plan, budget: float, gap: float) -> Plan:
    """Spend a budget on the least loss, with the cuts of a plan."""
    terms = plan.question.terms
    money = replace(terms.budget, total=budget)
    wanted = replace(terms, budget=money, cost_weight=0.0)
    return asked_again(plan, terms=wanted, limits=Limits(gap=gap))


def _weighed(plan: Plan) -> float:
    problem = plan.question.problem
    risk = problem.risk
    return weighed(plan.loss, problem.probability, risk.weight, risk.level) * BILLION


def next_billion(plan: Plan, *, step_usd: float = 1e9, gap: float = 1e-4) -> pd.DataFrame:
    """Give what the next sum of money brings: less loss when the budget is larger by a step.

    Returns
    -------
    DataFrame
        One row: budget_usd, step_usd, expected_gain_usd, tail_gain_usd, weighed_gain_usd, starts
        (options started more), stops (options started less).
    """
    total = plan.question.terms.budget.total
    budget = plan.cost_usd if total is None else total
    before = _spent(plan, budget, gap)
    after = _spent(before, budget + step_usd, gap)
    had, has = (each.portfolio().groupby("option")["steps"].sum() for each in (before, after))
    change = has.sub(had, fill_value=0.0)
    row = {
        "budget_usd": budget,
        "step_usd": step_usd,
        "expected_gain_usd": before.expected_loss_usd - after.expected_loss_usd,
        "tail_gain_usd": before.tail_loss_usd - after.tail_loss_usd,
        "weighed_gain_usd": _weighed(before) - _weighed(after),
        "starts": ", ".join(sorted(change.index[change > 1e-9])),
        "stops": ", ".join(sorted(change.index[change < -1e-9])),
    }
    return pd.DataFrame([row])


@dataclass(frozen=True)
class Worth:
    """What knowing is worth.

    Attributes
    ----------
    evpi_usd
        Expected value of perfect information.
    vss_usd
        Value of the stochastic solution: what planning for the mean future would lose.
    regret
        One row a branch: threat, year, outcome, probability, loss_usd and cost_usd under the plan
        in that outcome of research, foreseen_usd (least cost and loss had it been known; least
        loss alone where a budget is spent), regret_usd.
    """

    evpi_usd: float
    vss_usd: float
    regret: pd.DataFrame


def value_of_knowing(plan: Plan, *, gap: float = 1e-4) -> Worth:
    """Give what it is worth to know the future, what to plan for all of it, and the regrets.

    Where the worst outcomes weigh (`risk` above 0), the two values are differences of the weighed
    objective.
    """
    question = plan.question
    master, weight = question.master, question.terms.cost_weight
    costs = np.array(
        [
            question.problem.choice.cost if leaf < 0 else master.cost_in(leaf, weight)
            for _, leaf in question.episodes
        ]
    )
    found = value_of_information(question.problem, plan.found, costs=costs, gap=gap)
    by_leaf = plan.steps @ master.costs.sum(axis=2) * BILLION
    spent = [plan.cost_usd if leaf < 0 else by_leaf[leaf] for _, leaf in question.episodes]
    table = plan.losses()
    table = table.drop(columns="without_usd").assign(
        cost_usd=spent,
        foreseen_usd=found.foreseen * BILLION,
    )
    table["regret_usd"] = table["loss_usd"] + weight * table["cost_usd"] - table["foreseen_usd"]
    return Worth(found.evpi * BILLION, found.vss * BILLION, table)


def robustness(
    plan: Plan, scenarios: Sequence[Scenario], *, year: int | None = None
) -> pd.DataFrame:
    """Follow a plan under scenarios that it was not made for.

    Parameters
    ----------
    plan
        The plan.
    scenarios
        Other scenarios; each begins in `year`, the last of the plan by default.

    Returns
    -------
    DataFrame
        scenario, title, loss_usd, without_usd (means over outcomes of research), avoided (part of
        the loss), worst first.
    """
    if not scenarios:
        raise BadInput(Fault("scenarios", None, "", "none", "one or more"))
    question = plan.question
    when = question.terms.calendar[-1] if year is None else year
    problem, shown = against(question, scenarios, when)
    answers = Answers(problem)
    values = {
        name: np.array([each.value for each in answers(decisions)])
        for name, decisions in (
            ("loss_usd", plan.found.decisions),
            ("without_usd", np.zeros(len(problem.choice.cost))),
        )
    }
    leaf = np.array([question.leaves[number].probability for _, number in shown])
    names = [episode.name for episode, _ in shown]
    titles = {scenario.name: scenario.title or scenario.name for scenario in scenarios}
    frame = pd.DataFrame(
        {"scenario": names, **{name: leaf * each * BILLION for name, each in values.items()}}
    )
    frame = frame.groupby("scenario", sort=False, as_index=False).sum()
    frame.insert(1, "title", frame["scenario"].map(titles))
    lost = frame["without_usd"]
    frame["avoided"] = np.where(lost > 0, 1 - frame["loss_usd"] / lost.where(lost > 0, 1.0), 0.0)
    return frame.sort_values("without_usd", ascending=False, kind="stable", ignore_index=True)
