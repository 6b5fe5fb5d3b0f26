"""The extensive form: all branches as one programme, for small problems and as a check."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.plan.kernels.answers import Answers
from narrows.plan.kernels.lshaped import Found, Limits
from narrows.plan.kernels.programme import Programme, Solved
from narrows.plan.kernels.risk import weighed
from narrows.plan.kernels.two_stage import TwoStage

__all__ = ["found_whole", "solve_whole", "whole"]

Array = NDArray[np.float64]
_TINY, _NEAR = 1e-10, 1e-6


def solve_whole(problem: TwoStage, *, gap: float = 1e-6) -> tuple[Solved, Array]:
    """Solve all branches together; give the solution and the decisions in it."""
    one = whole(problem)
    one.option("mip_rel_gap", gap)
    found = one.solve()
    return found, found.values[: len(problem.choice.cost)]


def found_whole(problem: TwoStage, answers: Answers, limits: Limits) -> Found:
    """Solve all branches together, and give what the cuts would give, without cuts.

    Branches whose value is known take no part in the programme; that value is the least there is.
    """
    open_ = tuple(each for each in problem.branches if each.known is None)
    one = whole(replace(problem, branches=open_))
    one.option("mip_rel_gap", limits.gap)
    if np.isfinite(limits.seconds):
        one.option("time_limit", limits.seconds)
    solved = one.solve()
    decisions = solved.values[: len(problem.choice.cost)].copy()
    decisions[problem.choice.whole] = np.round(decisions[problem.choice.whole])
    values = np.array([answer.value for answer in answers(decisions)])
    risk = problem.risk
    loss = weighed(values, problem.probability, risk.weight, risk.level)
    objective = float(problem.choice.cost @ decisions) + loss
    bound = min(solved.bound, objective)
    gap = (objective - bound) / max(abs(objective), _TINY)
    ended = "optimal" if gap <= limits.gap + _NEAR else "time"
    return Found(decisions, values, objective, bound, gap, ended, 1, ())


def whole(problem: TwoStage) -> Programme:
    """Write all branches as one programme.

    Columns: decisions, the answers of each branch, the value at risk, the excess of each branch.
    """
    choice, recourse, risk = problem.choice, problem.recourse, problem.risk
    count, width = len(problem.branches), len(recourse.cost)
    weights = problem.probability
    answers = sparse.kron(sparse.eye_array(count), recourse.matrix)
    effects = sparse.vstack([-branch.row_effect for branch in problem.branches])
    limits, most = _column_limits(problem)
    excess = sparse.kron(sparse.eye_array(count), recourse.cost[None, :])  # q y - eta - z <= 0
    rows: list[list[Any]] = [
        [choice.matrix, None, None, None],
        [effects, answers, None, None],
        [limits, sparse.eye_array(count * width), None, None],
        [None, excess, -np.ones((count, 1)), -sparse.eye_array(count)],
    ]
    cost: list[Array] = [
        choice.cost,
        np.asarray((1 - risk.weight) * np.kron(weights, recourse.cost), dtype=np.float64),
        np.array([risk.weight]),
        risk.weight / (1 - risk.level) * weights,
    ]
    free = np.full(count * width, -np.inf)
    low = np.concatenate([choice.low, np.zeros(count * width), [risk.least], np.zeros(count)])
    row_low = [choice.row_low, *(each.row_low for each in problem.branches), free]
    row_high = [choice.row_high, *(each.row_high for each in problem.branches), most]
    made = Programme(
        np.concatenate(cost),
        sparse.csc_array(sparse.block_array(rows)),
        np.concatenate([*row_low, np.full(count, -np.inf)]),
        np.concatenate([*row_high, np.zeros(count)]),
        low,
        np.concatenate([choice.high, np.full(count * width + 1 + count, np.inf)]),
    )
    if len(choice.whole):
        made.set_integer(choice.whole, wanted=True)
    return made


def _column_limits(problem: TwoStage) -> tuple[sparse.csr_array, Array]:
    """Give ``y - U x <= u`` of all branches as rows."""
    effects = sparse.vstack([-branch.high_effect for branch in problem.branches])
    return sparse.csr_array(effects), np.concatenate([branch.high for branch in problem.branches])
