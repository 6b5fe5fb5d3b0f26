"""The second stage of many branches: one programme a worker, warm from the branch before.

Between branches and rounds only bounds change, so a basis stays dual feasible and the dual simplex
method needs few steps. Each branch begins with its own basis of the round before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.plan.kernels.programme import Programme
from narrows.plan.kernels.two_stage import Branch, Recourse, TwoStage

__all__ = ["Answer", "Answers", "Part", "Pool"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """The value of a branch and what changes it.

    Attributes
    ----------
    value
        Q of the decisions.
    row_price, high_price
        Price of the rows and of the upper bounds of columns, where decisions can move them.
    row_support, high_support
        Numbers of those rows and columns.
    """

    value: float
    row_price: Array
    high_price: Array
    row_support: NDArray[np.int64]
    high_support: NDArray[np.int64]

    def slope(self, branch: Branch) -> Array:
        """Give the change of the value for one unit more of each decision."""
        out = np.zeros(branch.row_effect.shape[1])
        for turned, support, price in (
            (branch.turned[0], self.row_support, self.row_price),
            (branch.turned[1], self.high_support, self.high_price),
        ):
            whole = np.zeros(turned.shape[1])
            whole[support] = price
            out += turned @ whole
        return out


class Pool(Protocol):
    """What answers elsewhere: processes beside this one, or a Dask cluster."""

    def submit(self, part: "Part", decisions: Array) -> Any:  # noqa: ANN401 - a future
        """Have a part answer, and give the future of its answers."""

    def close(self) -> None:
        """Let go of what was held for it."""


class Answers:
    """Answers all branches for given decisions.

    Parameters
    ----------
    problem
        The problem.
    pool
        Where to compute; None: here, with one programme.
    parts
        Number of parts that the branches are dealt into.
    """

    def __init__(self, problem: TwoStage, pool: Pool | None = None, parts: int = 1) -> None:
        name = uuid4().hex  # workers that live on must not take it for another problem
        self._parts = [
            Part(f"{name}-{part}", problem.recourse, problem.branches[part::parts])
            for part in range(min(parts, len(problem.branches)))
        ]
        self._pool, self._count = pool, len(problem.branches)

    def __call__(self, decisions: Array) -> list[Answer]:
        """Give the answer of each branch, in their order."""
        if self._pool is None:
            found = [part.answer(decisions) for part in self._parts]
        else:
            futures = [self._pool.submit(part, decisions) for part in self._parts]
            found = [future.result() for future in futures]
        out: list[Any] = [None] * self._count
        for number, answers in enumerate(found):
            out[number :: len(self._parts)] = answers
        return out


class Part:
    """Some branches and, once asked, their programme; only the branches travel."""

    def __init__(self, key: str, recourse: Recourse, branches: Sequence[Branch]) -> None:
        self.key, self.recourse, self.branches = key, recourse, tuple(branches)
        self._programme: Programme | None = None
        self._bases: dict[str, Any] = {}
        rows = np.concatenate([_touched(each.row_effect) for each in branches])
        columns = np.concatenate([_touched(each.high_effect) for each in branches])
        self._support = np.unique(rows), np.unique(columns)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_programme": None, "_bases": {}}

    def answer(self, decisions: Array) -> list[Answer]:
        """Give the answers of its branches."""
        return [self._one(branch, decisions) for branch in self.branches]

    def _one(self, branch: Branch, decisions: Array) -> Answer:
        rows, columns = self._support
        if branch.known is not None:
            return Answer(branch.known, np.zeros(len(rows)), np.zeros(len(columns)), rows, columns)
        row_low, row_high, high = branch.bounds(decisions)
        low = np.zeros(len(high))
        if self._programme is None:
            self._programme = Programme(
                self.recourse.cost, self.recourse.matrix, row_low, row_high, low, high
            )
            self._programme.option("solver", "simplex")
            self._programme.option("simplex_scale_strategy", 0)  # a fifth of the time, measured
        else:
            self._programme.set_rows(row_low, row_high)
            self._programme.set_columns(low, high)
            if branch.name in self._bases:
                self._programme.basis = self._bases[branch.name]
        found = self._programme.solve()
        self._bases[branch.name] = self._programme.basis
        at_high = np.minimum(found.column_price[columns], 0.0)
        return Answer(found.objective, found.row_price[rows], at_high, rows, columns)


def _touched(effect: sparse.csr_array) -> NDArray[np.int64]:
    """Give the rows that hold any entry, one of 0 too."""
    return np.flatnonzero(np.diff(effect.indptr))
