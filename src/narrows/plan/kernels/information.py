"""What it is worth to know the future, and what to take uncertainty into account.

References
----------
Birge and Louveaux (2011), Introduction to Stochastic Programming, 2nd edition, chapter 4.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from narrows.plan.kernels.answers import Answers
from narrows.plan.kernels.lshaped import Cut, Found, Limits, solve_by_cuts
from narrows.plan.kernels.risk import weighed
from narrows.plan.kernels.two_stage import Branch, Risk, TwoStage, mean_branch

__all__ = ["Information", "value_of_information"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Information:
    """Values of knowing.

    Attributes
    ----------
    evpi
        Expected value of perfect information: what it is worth to know the branch beforehand.
    vss
        Value of the stochastic solution: what is lost by planning for the mean branch.
    foreseen
        Best value of each branch, had it been known.
    mean_decisions
        The decisions for the mean branch.
    mean_objective
        Their value in the problem as it is.
    """

    evpi: float
    vss: float
    foreseen: Array
    mean_decisions: Array
    mean_objective: float


def value_of_information(
    problem: TwoStage, found: Found, *, costs: Array | None = None, gap: float = 1e-6
) -> Information:
    """Give both values of a solved problem.

    Parameters
    ----------
    costs
        Cost of each decision once the branch is known, (branches, decisions), where it differs
        from the mean cost of the problem: of what is decided in some branches only.

    Notes
    -----
    Where the conditional value at risk counts, knowing the branch leaves no risk: the values are
    then differences of the weighed objective, with each foreseen branch at its own value.
    """
    limits = Limits(gap=gap)
    alone = replace(problem.risk, weight=0.0)
    cuts: list[list[Cut]] = [[] for _ in problem.branches]
    for cut in found.cuts:
        cuts[cut.branch].append(replace(cut, branch=0))
    foreseen = np.array(
        [
            solve_by_cuts(
                _known(problem, each, None if costs is None else costs[number]),
                limits=limits,
                cuts=tuple(cuts[number]),
            ).objective
            for number, each in enumerate(problem.branches)
        ]
    )
    risk: Risk = problem.risk
    mean = replace(problem, branches=(mean_branch(problem),), risk=alone)
    planned = solve_by_cuts(mean, limits=limits).decisions
    values = np.array([answer.value for answer in Answers(problem)(planned)])
    weights = problem.probability
    cost = float(problem.choice.cost @ planned)
    objective = cost + weighed(values, weights, risk.weight, risk.level)
    known = weighed(foreseen, weights, risk.weight, risk.level)
    return Information(
        evpi=found.objective - known,
        vss=objective - found.objective,
        foreseen=foreseen,
        mean_decisions=planned,
        mean_objective=objective,
    )


def _known(problem: TwoStage, branch: Branch, cost: Array | None) -> TwoStage:
    """Give the problem of who knows the branch."""
    choice = problem.choice if cost is None else replace(problem.choice, cost=cost)
    return replace(problem.only([branch]), choice=choice, risk=replace(problem.risk, weight=0.0))
