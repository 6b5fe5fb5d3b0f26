"""From which likelihood on anything is worth its cost, and what comes first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.plan.asking import carried
from narrows.plan.figures import Figure
from narrows.plan.kernels.lshaped import Limits
from narrows.plan.kernels.risk import weighed
from narrows.plan.master import BILLION
from narrows.plan.model import model_of
from narrows.plan.result import Plan
from narrows.plan.solving import solve_question
from narrows.plan.threats import Threat, episodes

__all__ = ["BreakEven", "break_even"]

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
_STEPS = (1.0, 4.0, 16.0, 64.0, np.inf)
_CLOSE, _FINE = 1e-3, 1e-5
_GRID = 200
_ROUNDS = 12


@dataclass(frozen=True)
class BreakEven:
    """How far a plan is from being worth its cost, or beyond it.

    Attributes
    ----------
    factor
        All likelihoods times this: from there on something is worth its cost; inf: nothing is,
        however likely.
    yearly
        Probability a year of each threat at that factor.
    first
        What is started first, as `Plan.portfolio` gives it.
    avoided_per_dollar
        Weighed loss that this avoids for each dollar at the likelihoods given; below 1 it is not
        worth its cost.
    rows
        The same as a table: threat, yearly, break_even_yearly.
    """

    factor: float
    yearly: Mapping[str, float]
    first: pd.DataFrame
    avoided_per_dollar: float
    rows: pd.DataFrame

    def sentence(self) -> str:
        """Say it."""
        if not self.rows["yearly"].any():
            return "What never comes is worth no measure: its probability a year is 0."
        if not np.isfinite(self.factor):
            return "However likely it is, nothing on the list that can be paid is worth its cost."
        dearest = self.first.sort_values("cost_usd", ascending=False, kind="stable")
        names = dearest.drop_duplicates(["option", "place"]).head(3)
        what = ", ".join(
            f"{option} at {place}"
            for option, place in zip(names["option"], names["place"], strict=True)
        )
        when = ", ".join(f"{100 * p:.2g} % a year ({name})" for name, p in self.yearly.items())
        return (
            f"The first to be worth its cost is {what}, from {when} on; at the likelihood given "
            f"it avoids {self.avoided_per_dollar:.2f} dollars of weighed loss for each dollar."
        )


def break_even(plan: Plan, *, gap: float = 1e-4, progress: Progress | None = None) -> BreakEven:
    """Find the least likelihood at which anything is worth its cost.

    The probabilities of all threats are raised or lowered together. The plan that is best at one
    likelihood pays from a lower one on; there the best plan is looked for again, until it is to do
    nothing. Budgets and payers bind as in the plan, floors do not.

    Parameters
    ----------
    plan
        The plan, empty or not.
    gap
        Relative distance of each answer from the best there can be; what is worth less than this
        part of cost and loss is not seen.
    progress
        Called with plans looked for, and with the most there can be.
    """
    search = _Search(plan, gap, progress)
    found = search.start()
    if found is None:
        never = [(name, p, np.inf) for name, p in search.yearly.items()]
        table = pd.DataFrame(never, columns=["threat", "yearly", "break_even_yearly"])
        return BreakEven(np.inf, {}, plan.portfolio().head(0), 0.0, table)
    factor, best = found
    for _ in range(_ROUNDS):
        lower = search.least(best, factor)
        again = search.at(lower)
        if factor - lower < _CLOSE * factor or search.gain(again, lower) <= 0:
            factor = lower
            break
        factor, best = lower, again
    yearly = {name: p * factor for name, p in search.yearly.items()}
    rows = [(name, p, yearly[name]) for name, p in search.yearly.items()]
    table = pd.DataFrame(rows, columns=["threat", "yearly", "break_even_yearly"])
    avoided = search.avoided(best, 1.0) / max(search.cost(best), 1e-12)
    return BreakEven(factor, yearly, best.portfolio(), avoided, table)


class _Search:
    """Plans at other likelihoods."""

    def __init__(self, plan: Plan, gap: float, progress: Progress | None) -> None:
        question = plan.question
        self.question, self.limits, self.progress = question, Limits(gap=gap), progress
        self.terms = replace(question.terms, cost_weight=1.0)
        self.options = replace(question.options, floors=())
        self.yearly = {each.name: Figure.of(each.yearly).best for each in question.threats}
        self.most = 1.0 / max(sum(self.yearly.values()), 1e-12)
        self.helper, self.done = plan, 0

    def threats(self, factor: float) -> list[Threat]:
        """Give the threats, so many times as likely."""
        return [each.with_yearly(self.yearly[each.name] * factor) for each in self.question.threats]

    def at(self, factor: float) -> Plan:
        """Find the best plan at another likelihood."""
        asked = model_of(self.question.net, self.threats(factor), self.options, self.terms)
        made = solve_question(asked, limits=self.limits, cuts=carried(self.helper, asked))
        self.helper = made  # its cuts hold those of the plans before
        self.done += 1
        if self.progress:
            self.progress(self.done, len(_STEPS) + _ROUNDS)
        return made

    def start(self) -> tuple[float, Plan] | None:
        """Find a likelihood at which something is worth its cost; None: there is none."""
        for step in _STEPS:
            factor = min(step, self.most)
            made = self.at(factor)
            if made.steps.any() and self.gain(made, factor) > 0:
                return factor, made
            if step >= self.most:
                break
        return None

    def gain(self, plan: Plan, factor: float) -> float:
        """Give weighed loss avoided less cost, billions of US dollars."""
        return self.avoided(plan, factor) - self.cost(plan) if plan.steps.any() else 0.0

    def avoided(self, plan: Plan, factor: float) -> float:
        """Give the weighed loss that a plan avoids at a likelihood, billions of US dollars."""
        terms, question = self.terms, plan.question
        when = episodes(self.threats(factor), terms.first_year, terms.years, every=terms.every)
        chance = {episode.name: episode.probability for episode in when}
        weights = np.array(
            [
                chance[episode.name] * (question.leaves[leaf].probability if leaf >= 0 else 1.0)
                for episode, leaf in question.episodes
            ]
        )
        risk = question.problem.risk
        loss, without = (
            weighed(values, weights, risk.weight, risk.level)
            for values in (plan.loss, plan.without)
        )
        return without - loss

    def cost(self, plan: Plan) -> float:
        """Give the cost, billions of US dollars."""
        return plan.cost_usd / BILLION

    def least(self, plan: Plan, factor: float) -> float:
        """Give the least factor, up to a given one, from which on a plan is worth its cost."""
        cost = self.cost(plan)
        tried = np.geomspace(factor * 1e-4, factor, _GRID)
        pays = np.array([self.avoided(plan, each) >= cost for each in tried.tolist()])
        last = int(np.flatnonzero(~pays).max(initial=-1))  # from the next on it pays throughout
        if last in (-1, len(tried) - 1):
            return float(tried[min(last + 1, len(tried) - 1)])
        low, high = float(tried[last]), float(tried[last + 1])
        while high - low > _FINE * high:
            middle = (low + high) / 2
            low, high = (low, middle) if self.avoided(plan, middle) >= cost else (middle, high)
        return high
