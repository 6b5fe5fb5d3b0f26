"""The second stage of many branches: one programme a worker, warm from the branch before.

Between branches and rounds only bounds change, so a basis stays dual feasible and the dual simplex
method needs few steps. Each branch begins with its own basis of the round before.
"""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.plan.kernels.programme import Programme
from narrows.plan.kernels.two_stage import Branch, Recourse, TwoStage

__all__ = ["Answer", "Answers", "answering"]

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
        for effect, support, price in (
            (branch.row_effect, self.row_support, self.row_price),
            (branch.high_effect, self.high_support, self.high_price),
        ):
            whole = np.zeros(effect.shape[0])
            whole[support] = price
            out += effect.T @ whole
        return out


class Pool(Protocol):
    """What runs a call elsewhere: an executor of Python, or the client of a Dask cluster."""

    def submit(self, function: Any, /, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        """Start a call and give its future."""


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
        self._parts = [
            _Part(f"{id(self)}-{part}", problem.recourse, problem.branches[part::parts])
            for part in range(min(parts, len(problem.branches)))
        ]
        self._pool, self._count = pool, len(problem.branches)

    def __call__(self, decisions: Array) -> list[Answer]:
        """Give the answer of each branch, in their order."""
        if self._pool is None:
            found = [part.answer(decisions) for part in self._parts]
        else:
            futures = [self._pool.submit(_answer, part, decisions) for part in self._parts]
            found = [future.result() for future in futures]
        out: list[Any] = [None] * self._count
        for number, answers in enumerate(found):
            out[number :: len(self._parts)] = answers
        return out


class _Part:
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


_HELD: dict[str, _Part] = {}


def _answer(part: _Part, decisions: Array) -> list[Answer]:
    """Answer in a worker, with the programme it kept from the call before."""
    return _HELD.setdefault(part.key, part).answer(decisions)


def answering(problem: TwoStage, workers: int) -> tuple[Answers, Any]:
    """Give what answers the branches with processes beside this one, and what closes them."""
    if workers <= 1 or len(problem.branches) < 2 * workers:
        return Answers(problem), None
    pool = _Workers(workers)
    return Answers(problem, pool, workers), pool


class _Workers:
    """One process a part, so that each keeps its own programme warm."""

    def __init__(self, workers: int) -> None:
        context = get_context("spawn")
        self._each = [
            ProcessPoolExecutor(1, mp_context=context, initializer=_quiet) for _ in range(workers)
        ]
        self._sent: set[str] = set()

    def submit(self, function: Any, part: _Part, decisions: Array) -> Any:  # noqa: ANN401
        """Send a part once, and from then on its name."""
        worker = self._each[int(part.key.rpartition("-")[2]) % len(self._each)]
        if part.key in self._sent:
            return worker.submit(_again, part.key, decisions)
        self._sent.add(part.key)
        return worker.submit(function, part, decisions)

    def close(self) -> None:
        """End the processes."""
        for worker in self._each:
            worker.shutdown(wait=False, cancel_futures=True)


def _again(key: str, decisions: Array) -> list[Answer]:
    return _HELD[key].answer(decisions)


def _quiet() -> None:
    """Leave Ctrl-C to who asked."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
