"""A two-stage programme: choose now, answer each branch of the future later.

    min  c x + (1 - weight) E[Q] + weight CVaR[Q]      x in X, some whole
    Q_s(x) = min q y   so that   r_s + T_s x <= W y <= R_s + T_s x,   0 <= y <= u_s + U_s x

W and q are the same in all branches (fixed recourse), so one programme with changed bounds
answers every branch. Weight 0 gives the expected value alone.

References
----------
Van Slyke and Wets (1969), L-shaped linear programs, SIAM J. Applied Mathematics 17(4):638-663.
Birge and Louveaux (2011), Introduction to Stochastic Programming, 2nd edition, sections 1.1, 4, 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.plan.kernels.programme import Programme

__all__ = ["Branch", "Choice", "Recourse", "Risk", "TwoStage", "mean_branch"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """The first stage.

    Attributes
    ----------
    cost, low, high
        One a decision.
    matrix, row_low, row_high
        Conditions on the decisions.
    whole
        Numbers of the decisions that take whole values.
    """

    cost: Array
    matrix: sparse.csr_array
    row_low: Array
    row_high: Array
    low: Array
    high: Array
    whole: NDArray[np.int64]


@dataclass(frozen=True)
class Recourse:
    """What all branches share: W, shape (rows, columns), and q."""

    matrix: sparse.csc_array
    cost: Array


@dataclass(frozen=True)
class Branch:
    """One branch of the future.

    Attributes
    ----------
    name, probability
        Probabilities of all branches add to 1.
    row_low, row_high, high
        Bounds of rows and of columns when nothing is chosen.
    row_effect, high_effect
        T, shape (rows, decisions), and U, shape (columns, decisions).
    known
        The value where it is known without solving, whatever is decided.
    """

    name: str
    probability: float
    row_low: Array
    row_high: Array
    high: Array
    row_effect: sparse.csr_array
    high_effect: sparse.csr_array
    known: float | None = None

    @cached_property
    def turned(self) -> tuple[sparse.csc_array, sparse.csc_array]:
        """Give T and U with rows and columns changed over, which every cut needs."""
        return self.row_effect.T, self.high_effect.T

    def bounds(self, decisions: Array) -> tuple[Array, Array, Array]:
        """Give the bounds of rows and columns once decisions are made."""
        shift = self.row_effect @ decisions
        high = np.maximum(self.high + self.high_effect @ decisions, 0.0)
        return self.row_low + shift, self.row_high + shift, high


@dataclass(frozen=True)
class Risk:
    """How loss is weighed.

    Attributes
    ----------
    weight
        Of the conditional value at risk, 0 to 1.
    level
        1 minus the part of outcomes that count as worst.
    least
        A value that no branch falls below; 0 for losses.
    """

    weight: float = 0.0
    level: float = 0.9
    least: float = 0.0


@dataclass(frozen=True)
class TwoStage:
    """A whole problem."""

    choice: Choice
    recourse: Recourse
    branches: tuple[Branch, ...]
    risk: Risk = Risk()

    @property
    def probability(self) -> Array:
        """Give the probability of each branch."""
        return np.array([branch.probability for branch in self.branches])

    def programme(self, branch: Branch, decisions: Array) -> Programme:
        """Give the second stage of a branch as a programme of its own."""
        row_low, row_high, high = branch.bounds(decisions)
        return Programme(
            self.recourse.cost, self.recourse.matrix, row_low, row_high, np.zeros(len(high)), high
        )

    def only(self, branches: Sequence[Branch]) -> "TwoStage":
        """Give the same problem with other branches; probabilities are scaled to add to 1."""
        total = sum(branch.probability for branch in branches)
        scaled = [replace(each, probability=each.probability / total) for each in branches]
        return replace(self, branches=tuple(scaled))


def mean_branch(problem: TwoStage) -> Branch:
    """Give the branch of mean bounds and effects, for the problem that ignores uncertainty."""
    weights = problem.probability
    branches = problem.branches

    def mean(name: str) -> Array:
        parts = [getattr(each, name) for each in branches]
        same = all(np.array_equal(parts[0], part) for part in parts[1:])
        return (
            parts[0]
            if same
            else np.asarray(sum(w * p for w, p in zip(weights, parts, strict=True)))
        )

    def effect(name: str) -> sparse.csr_array:
        parts = [getattr(each, name) for each in branches]
        return sparse.csr_array(sum(w * p for w, p in zip(weights, parts, strict=True)))

    return Branch(
        "mean",
        1.0,
        mean("row_low"),
        mean("row_high"),
        mean("high"),
        effect("row_effect"),
        effect("high_effect"),
    )
