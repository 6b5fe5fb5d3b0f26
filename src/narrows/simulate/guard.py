"""The guard before a run: settings under which the result would come from the rules.

A unit that wants to make one more orders ``a (1 + n / tau)`` of an input: what it uses, and a part
of the larger target stock. Over the whole network a rise of orders comes back multiplied by the
surge gain, the spectral radius of ``a_ij (1 + n_ij / tau_ij)``. Around the base flows the day is
stable exactly where the gain is below 1; above it a rise grows until capacity bounds it. A network
without loops has a gain of 0.

The limits below were found by trying: balanced tables of 16 to 1 435 units, capacity lost or demand
changed for 60 days, 500 to 800 days, all rules varied.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.behaviour import of_units
from narrows.simulate.prepare import Prepared, prepare
from narrows.simulate.scenario import Scenario
from narrows.simulate.shocks import CapacityLoss, TradeCut
from narrows.simulate.values import best

__all__ = ["Caution", "Guard", "guard"]

Array = NDArray[np.float64]
_GAIN = 2.0  # above it restocking crowded out markets by 5 % and more after a shock had ended
_CLIMB = 0.15  # headroom gained a day; above it output swung without end in looped networks
_LAGS = 0.5  # restocking in fewer lags swung by 3 to 13 % for years where units have headroom
_LAGS_BOUND = 0.1  # and where they have none
_DRIFT_DAYS = 365
_NO_LOOP = 1e-9
_TURNS = 100


@dataclass(frozen=True)
class Caution:
    """One thing to know before a result is read.

    Attributes
    ----------
    check
        ``restocking``, ``overproduction``, ``lag`` or ``drift``.
    found
        The setting, with its number.
    reason
        What it does to the result.
    instead
        The nearest setting without it.
    """

    check: str
    found: str
    reason: str
    instead: str

    def __str__(self) -> str:
        """Give it as sentences."""
        return f"{self.found} {self.reason} Instead: {self.instead}"


@dataclass(frozen=True)
class Guard:
    """What the guard found.

    Attributes
    ----------
    surge_gain
        How much a rise of orders grows on its way round the network; 0 without loops.
    cautions
        What to know before the result is read.
    """

    surge_gain: float
    cautions: tuple[Caution, ...]

    def to_frame(self) -> pd.DataFrame:
        """Give the cautions as a table: check, found, reason, instead."""
        columns = ["check", "found", "reason", "instead"]
        rows = [[getattr(each, name) for name in columns] for each in self.cautions]
        return pd.DataFrame(rows, columns=columns)

    def to_json(self) -> str:
        """Give it as text that `from_json` reads."""
        return json.dumps(
            {"surge_gain": self.surge_gain, "cautions": [asdict(c) for c in self.cautions]}
        )

    @classmethod
    def from_json(cls, text: str) -> "Guard":
        """Read what `to_json` gave."""
        found = json.loads(text)
        return cls(found["surge_gain"], tuple(Caution(**each) for each in found["cautions"]))


def guard(net: Network, scenario: Scenario, *, prepared: Prepared | None = None) -> Guard:
    """Check the settings of a run before it is made.

    Parameters
    ----------
    net
        The network.
    scenario
        Shocks, rules and days; numbers with a range take their best value.
    prepared
        The two bound to each other, where that is done already.

    Returns
    -------
    Guard
        The surge gain, and a caution for each setting that would speak louder than the shock.

    Raises
    ------
    UnknownName
        When the scenario names what the network has not.
    """
    bound = prepared or prepare(net, [scenario])
    radius = _radius(net, bound, surge=False)
    gain = _radius(net, bound, surge=True)
    looped = radius > _NO_LOOP
    found = [
        *(_restocking(bound, radius, gain) if looped else ()),
        *(_overproduction(bound) if looped else ()),
        *(_lag(net, scenario, bound) if looped else ()),
        *_drift(net, scenario),
    ]
    return Guard(gain, tuple(found))


def _restocking(bound: Prepared, radius: float, gain: float) -> Iterator[Caution]:
    if gain <= _GAIN:
        return
    tau, cover = _typical(bound)
    if radius < _GAIN:
        days = ceil(cover * radius / (_GAIN - radius))
        instead = f"restocking_days of {days} or more"
    else:
        instead = "a table whose units use less than they make"
    yield Caution(
        "restocking",
        f"Stocks of {cover:.0f} days are refilled in {tau:.0f}: the surge gain is {gain:.1f}.",
        "After a shortage buyers ask for many times their use at once; the peaks of orders that "
        "follow come from this rule, and they crowd out final demand.",
        f"{instead}, for a gain of at most {_GAIN:.0f}.",
    )


def _overproduction(bound: Prepared) -> Iterator[Caution]:
    most = np.asarray(bound.model.headroom, dtype=np.float64)
    climb = (most - 1.0) * np.asarray(bound.model.headroom_rate)
    if climb.max(initial=0.0) <= _CLIMB:
        return
    highest = float(most.max())
    days = 1.0 / float(np.max(bound.model.headroom_rate))
    yield Caution(
        "overproduction",
        f"Units reach {highest:.3g} times their output in {days:.0f} days.",
        "They overshoot and fall back in turn, so output can swing for years.",
        f"headroom_days of {ceil((highest - 1.0) / _CLIMB)} or more.",
    )


def _lag(net: Network, scenario: Scenario, bound: Prepared) -> Iterator[Caution]:
    lag = _longest_lag(net, scenario)
    tau, _ = _typical(bound)
    spare = float(np.max(bound.model.headroom)) > 1.0
    least = (_LAGS if spare else _LAGS_BOUND) * lag
    if lag <= 0 or tau > least * (1.0 - 1e-9):
        return
    yield Caution(
        "lag",
        f"Stocks are refilled in {tau:.0f} days, and goods take up to {lag:.0f} to be made or "
        "shipped.",
        "Buyers correct faster than goods come, so output can swing for years.",
        f"restocking_days of {ceil(least)} or more" + (", or headroom of 1." if spare else "."),
    )


def _drift(net: Network, scenario: Scenario) -> Iterator[Caution]:
    """Warn where all inputs are essential and a loss lasts: places drift down for ever."""
    if net.origins is not None or not bool(net.needs.essential.all()):
        return
    lasting = [
        shock.start
        for shock in scenario.shocks
        if isinstance(shock, CapacityLoss | TradeCut)
        and shock.in_force(scenario.days, peer=scenario.rules.peer)[-1] > 0
    ]
    if not lasting or scenario.days - min(lasting) <= _DRIFT_DAYS:
        return
    first = min(lasting)
    yield Caution(
        "drift",
        f"A loss lasts from day {first} to the end, {scenario.days - first} days, and every input "
        "is essential to every buyer.",
        "The least input then rules, stocks run down one after the other, and the places hit can "
        "drift towards making nothing, whatever the loss was.",
        f"days: {first + _DRIFT_DAYS} or fewer, or an end to the shock.",
    )


def _typical(bound: Prepared) -> tuple[float, float]:
    """Give restocking time and cover of the needs, weighed by their use."""
    days, cover, weight = 0.0, 0.0, 0.0
    for block in bound.model.blocks:
        if block.market:
            continue
        use = np.asarray(block.base)[:, 0]
        recipe = np.asarray(block.recipe)[:, 0]
        some = (recipe > 0) & (use > 0)
        n = np.asarray(block.goal)[some, 0] / recipe[some]
        days += float(
            (use[some] / np.broadcast_to(block.restock, recipe[:, None].shape)[some, 0]).sum()
        )
        cover += float((use[some] * n).sum())
        weight += float(use[some].sum())
    return (days / weight, cover / weight) if weight else (1.0, 0.0)


def _longest_lag(net: Network, scenario: Scenario) -> float:
    """Give the longest process or transit time of the run, in days; 0 where it has none."""
    process = of_units(net, scenario.rules).process
    ships = [best(each.days) for each in scenario.rules.transit]
    return float(max([process.max(initial=0.0), *ships]))


def _radius(net: Network, bound: Prepared, *, surge: bool) -> float:
    """Give the spectral radius of the recipes, with the surge of restocking or without."""
    size = len(net.units.item)
    weights = np.zeros(len(net.needs.item))
    for block, needs in zip(bound.model.blocks, bound.blocks, strict=True):
        if block.market:
            continue
        more = block.goal * block.restock if surge else 0.0
        weights[needs] = (np.asarray(block.recipe) + more)[:, 0]
    vector = np.ones(size) / size
    radius = 0.0
    for _ in range(_TURNS):
        after = _upstream(net, weights, vector)
        total = float(after.sum())
        if total <= _NO_LOOP:
            return 0.0
        vector, before, radius = after / total, radius, total
        if abs(radius - before) < 1e-6 * radius:
            break
    return radius


def _upstream(net: Network, weights: Array, vector: Array) -> Array:
    """Give the orders of each unit where each buyer makes as much as `vector` says."""
    size = len(vector)
    out = np.zeros(size)
    makes = np.append(vector, np.zeros(len(net.market_names)))
    needs = weights * makes[net.needs.buyer]
    for item, units in enumerate(net.unit_slices):
        mine = net.need_slices[item]
        out[units] = net.sourcing[item].orders(needs[mine][:, None])[:, 0]
    return out
