"""The extensive form: all branches as one programme, for small problems and as a check."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.plan.kernels.programme import Programme, Solved
from narrows.plan.kernels.two_stage import TwoStage

__all__ = ["solve_whole", "whole"]

Array = NDArray[np.float64]


def solve_whole(problem: TwoStage, *, gap: float = 1e-6) -> tuple[Solved, Array]:
    """Solve all branches together; give the solution and the decisions in it."""
    one = whole(problem)
    one.option("mip_rel_gap", gap)
    found = one.solve()
    return found, found.values[: len(problem.choice.cost)]


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
    low = np.concatenate([choice.low, np.zeros(count * width), [-np.inf], np.zeros(count)])
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
