"""A plan: what is started where and when, who pays, and what is left to lose."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.plan.kernels.lshaped import Found
from narrows.plan.kernels.risk import tail_mean
from narrows.plan.master import BILLION
from narrows.plan.question import Question

__all__ = ["Plan"]

Array = NDArray[np.float64]
_TAKEN = 1e-6


@dataclass(frozen=True)
class Plan:
    """The answer to a question of planning.

    Attributes
    ----------
    question
        What was asked, with the network, the options and the threats.
    found
        Decisions, bounds and cuts of the solver.
    without
        Loss of each branch when nothing is done, billions of US dollars.
    """

    question: Question = field(repr=False)
    found: Found = field(repr=False)
    without: Array = field(repr=False)

    @classmethod
    def of(cls, question: Question, found: Found, without: Array) -> "Plan":
        """Put a solution into words."""
        return cls(question, found, without)

    @property
    def steps(self) -> Array:
        """Steps taken of each decision of the question."""
        count = len(self.question.decisions)
        taken = self.found.decisions[:count]
        return np.where(taken > _TAKEN, taken, 0.0)

    @property
    def loss(self) -> Array:
        """Loss of each branch of the question under the plan, billions of US dollars."""
        return self.found.values  # noqa: PD011 - no table

    def portfolio(self) -> pd.DataFrame:
        """Give what is started, one row an option, place, year and outcome of research.

        Returns
        -------
        DataFrame
            option, kind, item, place, year (of the start), works (date), steps, outcome (empty:
            whatever research brings), probability (of that outcome), payers, cost_usd (over the
            years of the plan, borne by payers; mean over outcomes).
        """
        question = self.question
        rows = []
        weights = np.array([leaf.probability for leaf in question.leaves])
        for numbers in self._alike():
            decision, steps = question.decisions[numbers[0]], float(self.steps[numbers[0]])
            mine = [leaf for number in numbers for leaf in question.decisions[number].leaves]
            spent = question.master.costs[numbers].sum(axis=(0, 2))
            mean = (weights[mine] @ spent[mine]) / weights[mine].sum()
            every = len(mine) == len(question.leaves)
            rows.append(
                {
                    "option": decision.option.id,
                    "kind": decision.option.kind,
                    "item": decision.option.item,
                    "place": decision.place,
                    "year": decision.year,
                    "works": round(decision.works, 2),
                    "steps": round(steps, 6),
                    "outcome": "" if every else self._outcome(mine),
                    "probability": float(weights[mine].sum()),
                    "payers": ", ".join(decision.payers),
                    "cost_usd": float(steps * mean * BILLION),
                }
            )
        columns = ["option", "kind", "item", "place", "year", "works", "steps", "outcome"]
        columns += ["probability", "payers", "cost_usd"]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.sort_values(["year", "option", "place"], kind="stable", ignore_index=True)

    def _alike(self) -> list[list[int]]:
        """Give the decisions taken, joined where the outcome of research makes no difference."""
        groups: dict[tuple[str, str, int, float], list[int]] = {}
        for number in np.flatnonzero(self.steps).tolist():
            each, steps = self.question.decisions[number], round(float(self.steps[number]), 6)
            groups.setdefault((each.option.id, each.place, each.year, steps), []).append(number)
        return list(groups.values())

    def _outcome(self, leaves: list[int]) -> str:
        return " or ".join(self.question.leaves[leaf].name for leaf in leaves)

    def payments(self) -> pd.DataFrame:
        """Give what each payer pays in each year, mean over outcomes of research.

        Where payers have no limits of their own, those who may pay share alike.

        Returns
        -------
        DataFrame
            payer, year, usd.
        """
        question = self.question
        weights = np.array([leaf.probability for leaf in question.leaves])
        paid: dict[tuple[str, int], float] = {}
        master = question.master
        if master.payments:
            values = self.found.decisions[master.first_payment : master.first_slack]
            for (leaf, payer, year), value in zip(master.payments, values, strict=True):
                key = payer, question.terms.calendar[year]
                paid[key] = paid.get(key, 0.0) + float(weights[leaf] * value)
        else:
            for number in np.flatnonzero(self.steps):
                decision = question.decisions[number]
                spent = self.steps[number] * (weights @ master.costs[number])
                for year, value in zip(question.terms.calendar, spent.tolist(), strict=True):
                    for payer in decision.payers:
                        key = payer, year
                        paid[key] = paid.get(key, 0.0) + value / len(decision.payers)
        rows = [(payer, year, usd * BILLION) for (payer, year), usd in sorted(paid.items()) if usd]
        return pd.DataFrame(rows, columns=["payer", "year", "usd"])

    def losses(self) -> pd.DataFrame:
        """Give the loss in every branch of the future.

        Returns
        -------
        DataFrame
            threat, year (in which it begins), outcome (of research), probability, loss_usd,
            without_usd (if nothing is done).
        """
        question = self.question
        rows = [
            (
                episode.scenario.name if episode.scenario else "calm",
                episode.year if episode.scenario else None,
                question.leaves[leaf].name if leaf >= 0 else "",
                branch.probability,
                float(loss) * BILLION,
                float(without) * BILLION,
            )
            for (episode, leaf), branch, loss, without in zip(
                question.episodes,
                question.problem.branches,
                self.loss,
                self.without,
                strict=True,
            )
        ]
        columns = ["threat", "year", "outcome", "probability", "loss_usd", "without_usd"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def cost_usd(self) -> float:
        """Cost borne by payers over the years of the plan, mean over outcomes of research."""
        master, weights = self.question.master, [leaf.probability for leaf in self.question.leaves]
        spent = master.costs.sum(axis=2) @ np.array(weights)
        return float(self.steps @ spent) * BILLION

    @property
    def expected_loss_usd(self) -> float:
        """Mean loss over all branches."""
        return float(self.question.problem.probability @ self.loss) * BILLION

    @property
    def tail_loss_usd(self) -> float:
        """Mean loss of the worst ``1 - level`` of outcomes (conditional value at risk)."""
        level = self.question.terms.level
        found = tail_mean(self.loss, self.question.problem.probability, level)
        return found * BILLION

    @property
    def expected_loss_without_usd(self) -> float:
        """Mean loss if nothing is done."""
        return float(self.question.problem.probability @ self.without) * BILLION

    @property
    def tail_loss_without_usd(self) -> float:
        """Mean loss of the worst outcomes if nothing is done."""
        level = self.question.terms.level
        return tail_mean(self.without, self.question.problem.probability, level) * BILLION

    @property
    def objective_usd(self) -> float:
        """Cost plus weighed loss, which the plan makes least."""
        return self.found.objective * BILLION

    @property
    def gap(self) -> float:
        """Proved relative distance from the best plan there can be."""
        return self.found.gap

    def started(self, before: int) -> dict[tuple[str, str, int], float]:
        """Give the steps started before a year, as `fixed` of a later plan."""
        return {
            (decision.option.id, decision.place, decision.year): float(steps)
            for decision, steps in zip(self.question.decisions, self.steps, strict=True)
            if steps and decision.year < before
        }

    def summary(self) -> dict[str, Any]:
        """Give cost, losses and how good the plan is proved to be."""
        terms = self.question.terms
        return {
            "cost_usd": self.cost_usd,
            "expected_loss_usd": self.expected_loss_usd,
            "expected_loss_without_usd": self.expected_loss_without_usd,
            "tail_loss_usd": self.tail_loss_usd,
            "tail_loss_without_usd": self.tail_loss_without_usd,
            "objective_usd": self.objective_usd,
            "bound_usd": self.found.bound * BILLION,
            "gap": self.found.gap,
            "ended": self.found.ended,
            "rounds": self.found.rounds,
            "risk": terms.risk,
            "level": terms.level,
            "first_year": terms.first_year,
            "years": terms.years,
            "budget_usd": terms.budget.total,
        }
