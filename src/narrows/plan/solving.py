"""Find the best plan."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from narrows.network import Network
from narrows.plan.budget import Budget
from narrows.plan.kernels.lshaped import Cut, Limits, Round, solve_by_cuts
from narrows.plan.kernels.pools import answering
from narrows.plan.kernels.programme import Infeasible, Unbounded
from narrows.plan.kernels.whole import found_whole
from narrows.plan.model import model_of
from narrows.plan.options import Options
from narrows.plan.question import Question, Terms
from narrows.plan.reasons import floors_missed, why_infeasible, why_unbounded
from narrows.plan.result import Plan
from narrows.plan.threats import Threat
from narrows.simulate import Scenario
from narrows.terms import CouldNotFinish, UnknownName

__all__ = ["NotPossible", "solve", "solve_question"]

Progress = Callable[[Round], bool | None]
METHODS = ("cuts", "whole")


class NotPossible(CouldNotFinish):
    """No plan keeps all conditions; the message says which one fails, where and when."""


def solve(
    net: Network,
    scenarios: Sequence[Threat | Scenario],
    options: Options,
    *,
    budget_usd: float | Budget | None = None,
    first_year: int = 2027,
    years: int = 10,
    payers: Sequence[str] = (),
    risk: float = 0.5,
    level: float = 0.9,
    period_days: int = 30,
    every: int = 1,
    gap: float = 1e-3,
    seconds: float = float("inf"),
    workers: int = 1,
    client: Any = None,  # noqa: ANN401 - the client of a Dask cluster, an optional package
    progress: Progress | None = None,
    fixed: Mapping[tuple[str, str, int], float] | None = None,
    method: str = "cuts",
) -> Plan:
    """Find what to start where and when, so that cost and loss together are least.

    Parameters
    ----------
    net
        A chain whose end uses have a value in USD billion a year.
    scenarios
        What is feared: a `Threat` with its probability a year, or a scenario whose probability
        stands under `likelihood` in the options.
    options
        What can be done.
    budget_usd
        Total in US dollars, or a `Budget` by year and payer; None: only worth limits it.
    first_year, years
        Years in which things can start and the threats can begin.
    payers
        Who pays; empty: every place for itself.
    risk, level
        Weight of the mean of the worst outcomes (conditional value at risk) against the mean of
        all, 0 to 1; the worst are the last ``1 - level``.
    period_days
        Length of the periods in which a scenario is followed.
    every
        Years that share a start and an episode.
    gap, seconds
        Stop within this relative distance of the proved bound, or after this time.
    workers
        Processes that follow the branches; more than one pays from some ten branches on.
    client
        Client of a Dask cluster to follow the branches on, instead of processes here.
    progress
        Called after each round with its bounds; stops the work when it returns True. Ctrl-C does
        the same: the best plan so far is kept.
    fixed
        Steps already started, by option, place and year (see `Plan.started`): plans roll on.
    method
        ``cuts``: branch by branch, with cuts that later questions use again. ``whole``: all
        branches as one programme (the extensive form), for small questions; it uses no workers
        and cannot be interrupted.

    Returns
    -------
    Plan
        The portfolio with dates and payers, cost, losses, and how good it is proved to be.

    Raises
    ------
    BadInput, UnknownName
        When something named does not exist, or a scenario has no probability.
    NotPossible
        When a floor or a budget cannot be kept: which one, and when.
    """
    terms = Terms(
        budget=Budget.of(budget_usd),
        first_year=first_year,
        years=years,
        payers=tuple(payers),
        risk=risk,
        level=level,
        period_days=period_days,
        every=every,
    )
    if method not in METHODS:
        raise UnknownName("method", method, list(METHODS), where="solve")
    question = model_of(net, scenarios, options, terms, fixed=fixed)
    limits = Limits(gap=gap, seconds=seconds)
    if method == "whole":
        return solve_question(question, limits=limits, method=method)
    return solve_question(
        question, limits=limits, workers=workers, client=client, progress=progress
    )


def solve_question(
    question: Question,
    *,
    limits: Limits | None = None,
    workers: int = 1,
    client: Any = None,  # noqa: ANN401 - as above
    progress: Progress | None = None,
    cuts: tuple[Cut, ...] = (),
    method: str = "cuts",
) -> Plan:
    """Solve a question that has its form; `cuts` of a like question help."""
    answers, pool = answering(question.problem, workers, client)
    try:
        if method == "whole":
            found = found_whole(question.problem, answers, limits or Limits())
        else:
            found = solve_by_cuts(
                question.problem, answers, limits=limits, cuts=cuts, progress=progress
            )
        without = answers(np.zeros(len(question.problem.choice.cost)))
    except Infeasible as error:
        raise NotPossible(why_infeasible(question)) from error
    except Unbounded as error:
        raise NotPossible(why_unbounded(question)) from error
    finally:
        if pool is not None:
            pool.close()
    if missed := floors_missed(question, found):
        raise NotPossible(missed)
    return Plan.of(question, found, np.array([answer.value for answer in without]))
