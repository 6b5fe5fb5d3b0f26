"""The one place where the brief asks `simulate`: draws of a scenario on the network of the case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from narrows.brief.standing_out import standing_out
from narrows.evidence import Case
from narrows.network import Network, from_case
from narrows.simulate import Ensemble, Scenario, as_json, ensemble, load_scenario
from narrows.simulate.spread import lost_by_place, lost_by_unit, met_by_day, value_lost
from narrows.terms import BadInput, Fault

__all__ = ["DRAWS", "NONE", "Stress", "scenario_of", "stressed"]

DRAWS = 64
NONE = "none"
"""Word for no scenario, where the case names one."""
_BATCH = 16  # the same whoever computes, so that the same draws give the same bits
_MOST_NUMBERS = 200_000_000  # of production by unit, on disk while the brief is made


@dataclass(frozen=True)
class Stress:
    """What the draws of a scenario come to.

    Attributes
    ----------
    scenario
        Shocks, rules and days.
    summary
        One row a market, ``all`` first, with bands; see `Ensemble.summary`.
    met
        Part of its demand that each market gets by day, with bands.
    value
        Value lost by market, with bands.
    places
        Value of end uses lost by the place that makes them; empty where there is none.
    units
        Production lost by unit in days, with bands; empty where not kept.
    drivers
        Inputs that decide the days lost and stand out from chance; see `standing_out`.
    inputs
        Number of inputs that the draws vary.
    unit
        Unit of the values of a year.
    draws, seed, first
        Number of draws, their seed, and the first day of the first shock.
    form
        The JSON form of the ensemble.
    """

    scenario: Scenario
    summary: pd.DataFrame
    met: pd.DataFrame
    value: pd.DataFrame
    places: pd.DataFrame
    units: pd.DataFrame
    drivers: pd.DataFrame
    inputs: int
    unit: str
    draws: int
    seed: int
    first: int
    form: Mapping[str, Any]

    @cached_property
    def markets(self) -> Mapping[str, str]:
        """End uses by the market that buys them, the one that loses most days first."""
        names = [str(name) for name in self.summary["market"] if name != "all"]
        return {name: name.rpartition("/")[2] for name in names}

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """Rows of the summary by market, with the value lost as ``value_10`` to ``value_90``."""
        values = self.value.set_index("market").add_prefix("value_").rename(columns=_short)
        frame = self.summary.set_index("market").join(values)
        return {
            str(name): {str(key): value for key, value in row.items()}
            for name, row in frame.to_dict("index").items()
        }

    @property
    def last(self) -> int:
        """Last day of the shocks, their recovery left out."""
        ends = [shock.start + (shock.days or self.scenario.days) for shock in self.scenario.shocks]
        return min(max(ends, default=0), self.scenario.days - 1)


def _short(name: str) -> str:
    return name.replace("value_lost_", "value_")


def scenario_of(case: Case, given: object) -> Scenario | None:
    """Give the scenario meant: the one given, or the one that the case names.

    Parameters
    ----------
    case
        The case; its block `brief` may name a scenario.
    given
        A scenario, a name or a file; None: that of the case; ``none``: no scenario.

    Raises
    ------
    UnknownName
        When there is no such scenario.
    BadInput
        When it is of another case, or nothing that can be a scenario.
    """
    wanted = case.info.brief.get("scenario") if given is None else given
    if wanted is None or wanted == NONE:
        return None
    if isinstance(wanted, str | Path):
        wanted = load_scenario(case.scenarios.get(str(wanted), wanted))
    if not isinstance(wanted, Scenario):
        expected = "a scenario, its name or file, None, or none"
        raise BadInput(Fault("scenario", None, "", repr(given), expected))
    if wanted.case and wanted.case != case.name:
        found = f"{wanted.name}, of the case {wanted.case}"
        raise BadInput(Fault("scenario", None, "", found, f"a scenario of the case {case.name}"))
    return wanted


def stressed(
    case: Case,
    scenario: Scenario,
    *,
    period: str,
    draws: int = DRAWS,
    seed: int = 1,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Stress:
    """Run a scenario on draws of a case and read off what the brief shows."""
    net = from_case(case, period=period)
    made = ensemble(
        net,
        scenario,
        draws=draws,
        seed=seed,
        workers=workers,
        batch=_BATCH,
        by_unit=draws * scenario.days * len(net.units.item) <= _MOST_NUMBERS,
        progress=progress,
    )
    places, units = _by_place(net, made)
    return Stress(
        scenario=scenario,
        summary=made.summary(),
        met=met_by_day(made),
        value=value_lost(made),
        places=places,
        units=units,
        drivers=standing_out(made.drivers(), made.store.quantiles, seed=seed),
        inputs=len(made.store.quantiles),
        unit=net.weight_unit,
        draws=draws,
        seed=seed,
        first=int(made.store.about["first_shock"]),
        form=as_json(made, net),
    )


def _by_place(net: Network, made: Ensemble) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the losses by place and by unit, empty where production by unit was not kept."""
    if "production" not in made.store.about["groups"]:
        return pd.DataFrame(), pd.DataFrame()
    worth = zip(net.market_names.tolist(), net.weight.tolist(), strict=True)
    value = {str(market).rpartition("/")[2]: float(weight) for market, weight in worth}
    return lost_by_place(made, value), lost_by_unit(made)
