"""The one place where the brief asks `measure` for its results, and for stress and plan."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd

from narrows.brief.beside import beside
from narrows.brief.planned import Asked, Help
from narrows.brief.planning import bought, curve_of, helped, with_curve
from narrows.brief.results import Results
from narrows.brief.stress import DRAWS, stressed
from narrows.evidence import Case
from narrows.evidence.info import Perspective
from narrows.measure import autonomy, concentration, contingency, exposure
from narrows.network import Network, from_case
from narrows.plan import NotPossible
from narrows.simulate import Scenario
from narrows.terms import BadInput, UnknownName

__all__ = ["results_of"]


def results_of(
    case: Case,
    *,
    period: str | int | None = None,
    draws: int = 200,
    seed: int = 1,
    scenario: Scenario | None = None,
    stress_draws: int = DRAWS,
    workers: int = 1,
    asked: Asked | None = None,
    plan: bool | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Results:
    """Measure a case as the brief shows it, run the scenario, and plan against it if asked.

    Sourcing is pooled throughout: no source says who buys from whom, and so every figure leads
    back to the shares of makers that a source prints. With more than one worker the plan is made
    in two processes beside this one.
    """
    wanted = case.period(period)
    with _planning(case, asked, wanted, workers, progress) as planned:
        net = from_case(case, period=wanted)
        dropped = contingency(net, k=1, draws=draws, seed=seed, progress=progress)
        focus = str(case.info.brief.get("focus_place", ""))
        if focus not in set(dropped["dropped"]):
            focus = str(dropped["dropped"].iloc[0])
        side, weighed = _autonomy(net, case)
        stress = None
        if scenario is not None:
            stress = stressed(
                case,
                scenario,
                period=wanted,
                draws=stress_draws,
                seed=seed,
                workers=workers,
                progress=progress,
            )
        ranked = _concentration(case, wanted, draws, seed)
        found, unplanned = _help(planned, strict=plan is True)
    settings: dict[str, Any] = {
        "period": wanted,
        "basis": "location",
        "sourcing": "pooled",
        "draws": draws,
        "seed": seed,
        "focus_place": focus,
    }
    if stress is not None:
        settings |= {"scenario": stress.scenario.name, "stress_draws": stress.draws}
    if found is not None:
        settings |= {"budget_usd": found.asked.budget_usd}
    return Results(
        concentration=ranked,
        contingency=dropped,
        exposure=exposure(net, on=focus),
        autonomy=weighed,
        perspective=side,
        settings=settings,
        stress=stress,
        help=found,
        unplanned=unplanned,
    )


@contextmanager
def _planning(
    case: Case,
    asked: Asked | None,
    period: str,
    workers: int,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Callable[[], Help] | None]:
    """Begin to plan; what is yielded gives the result, None where nothing is asked."""
    if asked is None:
        yield None
    elif workers > 1:
        with (
            beside(bought, case, asked, period) as one,
            beside(curve_of, case, asked, period) as other,
        ):
            yield lambda: with_curve(one(), other())
    else:
        yield lambda: helped(case, asked, period=period, progress=progress)


def _help(planned: Callable[[], Help] | None, *, strict: bool) -> tuple[Help | None, str]:
    """Give the plan, or the reason why there is none, unless a plan was insisted on."""
    if planned is None:
        return None, ""
    try:
        return planned(), ""
    except (BadInput, NotPossible) as error:
        if strict:
            raise
        return None, str(error)


def _concentration(case: Case, period: str, draws: int, seed: int) -> pd.DataFrame:
    """Rank the items of the chain among themselves; groups follow, ranked among all."""
    ranked = concentration(case, period=period, groups=False, draws=draws, seed=seed)
    every = concentration(case, period=period)
    return pd.concat([ranked, every[~every["item"].isin(ranked["item"])]], ignore_index=True)


def _autonomy(net: Network, case: Case) -> tuple[Perspective | None, pd.DataFrame]:
    """Weigh the first pair of sides of the case that the network knows."""
    for side in case.info.perspectives:
        try:
            frame = autonomy(net, us=side.us, them=side.them)
        except UnknownName:
            continue
        if len(frame.dropna(subset=["reliance", "leverage"])):
            return side, frame
    return None, pd.DataFrame()
