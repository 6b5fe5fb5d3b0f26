"""Solve a two-stage programme by cuts (the L-shaped method), with a proved gap.

The master programme holds the decisions and, for each branch, a value theta that cuts push up from
below. First the decisions may be fractions: cuts are cheap and good there. Then they are whole.
Each round asks the branches at the decisions of the master; in the fractional rounds half-way to
the best decisions so far, which keeps the method from jumping about.

References
----------
Van Slyke and Wets (1969); Birge and Louveaux (1988), A multicut algorithm for two-stage stochastic
linear programs, European J. Operational Research 34(3):384-392.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.plan.kernels.answers import Answer, Answers
from narrows.plan.kernels.programme import Programme, Solved
from narrows.plan.kernels.risk import weighed
from narrows.plan.kernels.two_stage import TwoStage
from narrows.terms import CouldNotFinish

__all__ = ["Cut", "Found", "Limits", "Round", "solve_by_cuts"]

Array = NDArray[np.float64]
_MOVE = 0.5
_TINY = 1e-9
_ROUGH = 0.02


@dataclass(frozen=True)
class Cut:
    """``theta >= constant + prices x effects x decisions``, kept by prices of bounds.

    Attributes
    ----------
    branch
        Number of the branch.
    answer
        Prices; they stay valid when the effects of decisions change.
    constant
        Value at no decision.
    """

    branch: int
    answer: Answer
    constant: float


@dataclass(frozen=True)
class Round:
    """How far the work is: what `progress` is called with."""

    number: int
    lower: float
    upper: float
    gap: float
    seconds: float


@dataclass(frozen=True)
class Limits:
    """When to stop.

    Attributes
    ----------
    gap
        Relative distance of the bounds.
    rounds, seconds
        Most rounds and seconds.
    """

    gap: float = 1e-4
    rounds: int = 400
    seconds: float = np.inf


@dataclass(frozen=True)
class Found:
    """The best decisions found.

    Attributes
    ----------
    decisions, values
        Decisions, and the value of each branch under them.
    objective, bound, gap
        Value of the decisions, proved lower bound of the best, relative distance.
    ended
        ``optimal`` (within the gap), ``interrupted``, ``time`` or ``rounds``.
    rounds
        Rounds made.
    cuts
        All cuts, to begin a like problem with.
    """

    decisions: Array
    values: Array
    objective: float
    bound: float
    gap: float
    ended: str
    rounds: int
    cuts: tuple[Cut, ...] = field(repr=False)


Progress = Callable[[Round], bool | None]


def solve_by_cuts(
    problem: TwoStage,
    answers: Answers | None = None,
    *,
    limits: Limits | None = None,
    cuts: tuple[Cut, ...] = (),
    progress: Progress | None = None,
) -> Found:
    """Solve a two-stage programme.

    Parameters
    ----------
    problem
        The problem; its second stage must have an answer to every decision.
    answers
        What answers the branches; by default one programme here.
    limits
        When to stop.
    cuts
        Cuts of a problem with the same branches and recourse, whose decisions, costs and effects
        may have differed.
    progress
        Called after each round; when it returns True, or on Ctrl-C, the best so far is kept.

    Raises
    ------
    Infeasible, Unbounded
        When no decisions meet the conditions, or there is no end to gains.
    """
    return _Work(problem, answers or Answers(problem), limits or Limits(), cuts, progress).run()


class _Work:
    def __init__(
        self,
        problem: TwoStage,
        answers: Answers,
        limits: Limits,
        cuts: tuple[Cut, ...],
        progress: Progress | None,
    ) -> None:
        self.problem, self.answers, self.limits, self.progress = problem, answers, limits, progress
        self.size, self.count = len(problem.choice.cost), len(problem.branches)
        self.master = _master(problem)
        self.cuts: list[Cut] = []
        self.began = time.monotonic()
        self.best: tuple[float, Array, Array] | None = None
        self.lower, self.number = -np.inf, 0
        self._add(list(cuts), [each.answer.slope(problem.branches[each.branch]) for each in cuts])

    def run(self) -> Found:
        whole, begun = len(self.problem.choice.whole) > 0, False
        try:
            ended = self._fractional()
            if whole and ended is None:
                begun = True
                ended = self._whole()
        except KeyboardInterrupt:
            ended = "interrupted"
        if whole and not begun and ended is not None:
            self._whole_at_once()
        ended = ended or "optimal"
        if self.best is None:
            message = "stopped before a first plan was found"
            raise CouldNotFinish(message)
        objective, decisions, values = self.best
        bound = min(self.lower, objective)
        gap = _gap(bound, objective)
        return Found(decisions, values, objective, bound, gap, ended, self.number, tuple(self.cuts))

    def _fractional(self) -> str | None:
        """Cut with fractional decisions until they are good; the answer where none is whole."""
        whole = bool(len(self.problem.choice.whole))
        goal = self.limits.gap * (1.0 if not whole else 0.5)
        centre, upper, lower = None, np.inf, -np.inf
        while True:
            found = self.master.solve()
            stuck = found.objective <= lower + goal * abs(lower)
            lower = max(lower, found.objective)
            self.lower = max(self.lower, lower)
            point = found.values[: self.size]
            asked = point if centre is None or stuck else centre + _MOVE * (point - centre)
            value, values = self._ask(asked)
            if value < upper:
                upper, centre = value, asked
                if not whole or self._is_whole(asked):
                    self._keep(value, asked, values)
            if ended := self._ended(lower, upper):
                return ended
            if _gap(lower, upper) <= goal or (
                np.abs(asked - point).max(initial=0) < 1e-7 and value <= lower + _TINY
            ):
                return None

    def _whole(self) -> str | None:
        """Cut with whole decisions until the bounds meet."""
        self.master.set_integer(self.problem.choice.whole, wanted=True)
        for name in ("mip_abs_gap", "mip_feasibility_tolerance"):
            self.master.option(name, _TINY)  # their 1e-6 would keep the bounds apart
        seen: set[bytes] = set()
        rough = _ROUGH
        while True:
            upper = self.best[0] if self.best else np.inf
            near = min(rough, max(_gap(self.lower, upper) / 4, self.limits.gap / 4))
            self.master.option("mip_rel_gap", near)
            left = self.limits.seconds - (time.monotonic() - self.began)
            if np.isfinite(left):
                self.master.option("time_limit", max(left, 1.0) + 1e9 * (self.best is None))
            found = self.master.solve()
            self.lower = max(self.lower, found.bound)
            point = self._rounded(found)
            if point.tobytes() in seen:
                rough = near / 10
            else:
                seen.add(point.tobytes())
                value, values = self._ask(point)
                self._keep(value, point, values)
            upper = self.best[0] if self.best else np.inf
            if ended := self._ended(self.lower, upper):
                return ended
            if _gap(self.lower, upper) <= self.limits.gap:
                return None
            if rough < self.limits.gap * 1e-6:
                return "rounds"

    def _whole_at_once(self) -> None:
        """Take what looks best by the cuts so far, or nothing, where time ran out."""
        choice = self.problem.choice
        self.master.set_integer(choice.whole, wanted=True)
        self.master.option("mip_rel_gap", _ROUGH)
        for point in (self._rounded(self.master.solve()), choice.low.copy()):
            rows = choice.matrix @ point
            if (rows >= choice.row_low - _TINY).all() and (rows <= choice.row_high + 1e-6).all():
                value, values = self._ask(point)
                self._keep(value, point, values)

    def _rounded(self, found: Solved) -> Array:
        point = found.values[: self.size].copy()
        whole = self.problem.choice.whole
        point[whole] = np.round(point[whole])
        return point

    def _is_whole(self, point: Array) -> bool:
        part = point[self.problem.choice.whole]
        return bool(np.abs(part - np.round(part)).max(initial=0) < _TINY)

    def _keep(self, value: float, decisions: Array, values: Array) -> None:
        if self.best is None or value < self.best[0]:
            self.best = value, decisions.copy(), values

    def _ask(self, decisions: Array) -> tuple[float, Array]:
        """Answer all branches, add their cuts, give the objective and the values."""
        found = self.answers(decisions)
        slopes = [a.slope(b) for a, b in zip(found, self.problem.branches, strict=True)]
        fresh = [
            Cut(number, answer, answer.value - float(slope @ decisions))
            for number, (answer, slope) in enumerate(zip(found, slopes, strict=True))
        ]
        self._add(fresh, slopes)
        values = np.array([answer.value for answer in found])
        risk = self.problem.risk
        loss = weighed(values, self.problem.probability, risk.weight, risk.level)
        return float(self.problem.choice.cost @ decisions) + loss, values

    def _add(self, cuts: list[Cut], each_slope: list[Array]) -> None:
        if not cuts:
            return
        self.cuts += cuts
        slopes = np.stack(each_slope)
        slopes[np.abs(slopes) < 1e-11] = 0.0
        rows = np.arange(len(cuts))
        theta = sparse.csr_array(
            (np.ones(len(cuts)), (rows, [each.branch for each in cuts])),
            shape=(len(cuts), self.count),
        )
        rest = sparse.csr_array((len(cuts), self.count + 1))
        matrix = sparse.hstack([sparse.csr_array(-slopes), theta, rest]).tocsr()
        low = np.array([each.constant for each in cuts])
        self.master.add_rows(sparse.csr_array(matrix), low, np.full(len(cuts), np.inf))

    def _ended(self, lower: float, upper: float) -> str | None:
        """Tell the caller how far it is; give why to stop, if so."""
        self.number += 1
        seconds = time.monotonic() - self.began
        told = Round(self.number, lower, upper, _gap(lower, upper), seconds)
        if self.progress and self.progress(told) and self.best:
            return "interrupted"
        if seconds > self.limits.seconds and self.best:
            return "time"
        return "rounds" if self.number >= self.limits.rounds and self.best else None


def _master(problem: TwoStage) -> Programme:
    """Write the master: decisions, theta and excess of each branch, the value at risk."""
    choice, risk, weights = problem.choice, problem.risk, problem.probability
    size, count = len(choice.cost), len(problem.branches)
    eye = sparse.eye_array(count)
    tail = sparse.hstack(  # eta + z - theta >= 0
        [sparse.csr_array((count, size)), -eye, eye, sparse.csr_array(np.ones((count, 1)))]
    )
    first = sparse.hstack(
        [sparse.csr_array(choice.matrix), sparse.csr_array((len(choice.row_low), 2 * count + 1))]
    )
    cost: list[Array] = [
        choice.cost,
        (1 - risk.weight) * weights,
        risk.weight / (1 - risk.level) * weights,
        np.array([risk.weight]),
    ]
    least = np.full(count, risk.least)
    return Programme(
        np.concatenate(cost),
        sparse.csc_array(sparse.vstack([first, tail])),
        np.concatenate([choice.row_low, np.zeros(count)]),
        np.concatenate([choice.row_high, np.full(count, np.inf)]),
        np.concatenate([choice.low, least, np.zeros(count), [risk.least]]),
        np.concatenate([choice.high, np.full(2 * count + 1, np.inf)]),
    )


def _gap(lower: float, upper: float) -> float:
    if not np.isfinite(lower) or not np.isfinite(upper):
        return np.inf
    return max(upper - lower, 0.0) / max(abs(upper), 1e-10)
