"""A plan in draws of everything that has a range: what it avoids in each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network, redrawn
from narrows.plan.master import BILLION
from narrows.simulate import Scenario
from narrows.simulate.drawn import prepare_draws
from narrows.simulate.ensemble import estimates_of
from narrows.simulate.prepare import Prepared
from narrows.simulate.run import SLACK
from narrows.simulate.sampling import design, ranges_of, with_values
from narrows.simulate.stepping import stepper

__all__ = ["Pair", "losses_of_draws"]

Array = NDArray[np.float64]
Change = Callable[[Network, Scenario], tuple[Network, Scenario]]
_DAYS = 365.0
_WIDTH = 16  # draws side by side


@dataclass(frozen=True)
class Pair:
    """Losses without and with a plan, US dollars, one a draw."""

    without: Array
    planned: Array


def losses_of_draws(
    net: Network,
    scenario: Scenario,
    change: Change,
    *,
    draws: int,
    seed: int,
    progress: Callable[[int], None] | None = None,
) -> Pair:
    """Run a scenario in draws, each on the network as it is and as a plan changes it.

    Parameters
    ----------
    net, scenario
        The draws are those that an ensemble of them would take with the same seed.
    change
        What the plan does to the network and to the scenario of a draw.
    draws, seed
        How many, and where their streams start.
    progress
        Called with the draws done.
    """
    paths, estimates = tuple(ranges_of(scenario)), estimates_of(net)
    quantiles = design([*paths, *estimates], draws=draws, seed=seed)
    without, planned = [], []
    for first in range(0, draws, _WIDTH):
        part = quantiles[:, first : first + _WIDTH]
        scenarios = [
            with_values(scenario, dict(zip(paths, u, strict=True)))
            for u in part[: len(paths)].T.tolist()
        ]
        nets = _nets(net, estimates, part[len(paths) :])
        pairs = [change(one, each) for one, each in zip(nets, scenarios, strict=True)]
        without.append(_losses(nets, scenarios))
        planned.append(_losses([one for one, _ in pairs], [each for _, each in pairs]))
        if progress:
            progress(min(first + _WIDTH, draws))
    return Pair(np.concatenate(without), np.concatenate(planned))


def _nets(net: Network, estimates: Sequence[str], quantiles: Array) -> list[Network]:
    if not estimates:
        return [net] * quantiles.shape[1]
    case = net.made_from.case
    draws = (dict(zip(estimates, u, strict=True)) for u in quantiles.T.tolist())
    return [redrawn(net, case.draw(u)) for u in draws]


def _losses(nets: Sequence[Network], scenarios: Sequence[Scenario]) -> Array:
    """Give what the markets go without in each draw, US dollars."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        parts = prepare_draws(nets, scenarios, slack=SLACK["float64"])
        missing = np.concatenate([_missing(part) for part in parts], axis=1)
    value = np.stack([_value(net) for net in nets], axis=1)
    return np.asarray((value * missing).sum(axis=0) * BILLION, dtype=np.float64)


def _missing(part: Prepared) -> Array:
    """Give what each market need misses over the days, (needs, draws)."""
    move = stepper(part, precision="float64")
    gaps = (move(part.drive.day(number))[1] for number in range(part.drive.days))
    missing = sum(np.clip(report.wished - report.arrived, 0.0, None) for report in gaps)
    return np.asarray(missing, dtype=np.float64)


def _value(net: Network) -> Array:
    """Give the value of a unit of each market need, in billions of US dollars."""
    size = len(net.units.item)
    mine = np.flatnonzero(net.needs.buyer >= size)
    market = net.needs.buyer[mine] - size
    flow = net.needs.recipe[mine] * net.demand[market]
    bought = np.bincount(market, weights=flow, minlength=len(net.demand))[market]
    return np.asarray(net.weight[market] / _DAYS / bought, dtype=np.float64)
