"""The one place where the brief asks `measure` for its results."""

from collections.abc import Callable

import pandas as pd

from narrows.brief.results import Results
from narrows.brief.stress import DRAWS, stressed
from narrows.evidence import Case
from narrows.evidence.info import Perspective
from narrows.measure import autonomy, concentration, contingency, exposure
from narrows.network import Network, from_case
from narrows.simulate import Scenario
from narrows.terms import UnknownName

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
    progress: Callable[[int, int], None] | None = None,
) -> Results:
    """Measure a case as the brief shows it, and run the scenario where there is one.

    Sourcing is pooled throughout: no source says who buys from whom, and so every figure leads
    back to the shares of makers that a source prints.
    """
    wanted = case.period(period)
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
    return Results(
        concentration=_concentration(case, wanted, draws, seed),
        contingency=dropped,
        exposure=exposure(net, on=focus),
        autonomy=weighed,
        perspective=side,
        settings={
            "period": wanted,
            "basis": "location",
            "sourcing": "pooled",
            "draws": draws,
            "seed": seed,
            "focus_place": focus,
            **({} if stress is None else {"scenario": stress.scenario.name}),
            **({} if stress is None else {"stress_draws": stress.draws}),
        },
        stress=stress,
    )


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
