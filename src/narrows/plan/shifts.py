"""What a scenario does to a chain, period by period from its first shock."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.plan.chain import Chain
from narrows.plan.periods import Periods
from narrows.simulate import CapacityLoss, Rules, Scenario
from narrows.simulate.behaviour import OfUnits
from narrows.simulate.routes import ALL, names
from narrows.simulate.targets import items_named, places_named
from narrows.simulate.values import Number, best

__all__ = ["Shifts", "qualification_days"]

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Shifts:
    """A scenario in the form of a plan; `binding` makes it.

    Attributes
    ----------
    chain, scenario, periods
        What is bound to what; scenario None: nothing happens.
    force
        Part of each shock in force by day.
    hit
        Day on which each item is first hit, inf: never, (items,).
    units
        Headroom and its days, process and finished days of each unit under the rules.
    capacity
        What can be made a day, (items, blocs, periods).
    demand
        Part of normal demand, (market needs, periods); 0 after the end of the scenario.
    pipeline
        Part of the goods in process that comes out, (items, blocs, periods).
    finished
        Finished goods that makers hold at the start, in units of flow times days, (items, blocs).
    held, released
        Stock of inputs at the start, and what comes to it later, in units of flow times days,
        (items, blocs[, periods]).
    saved
        Part of the recipe that is saved, (periods,), by input, user and bloc.
    trade
        Most trade a day: (items, blocs, periods) out and in through the pool, or (items, blocs,
        blocs, periods); inf where free.
    """

    chain: Chain
    scenario: Scenario | None
    periods: Periods
    force: Mapping[int, Array]
    hit: Array
    units: OfUnits
    capacity: Array
    demand: Array
    pipeline: Array
    finished: Array
    held: Array
    released: Array
    saved: Mapping[tuple[int, int, int], Array]
    trade: Mapping[str, Array]

    def kept(self, place: str, item: int) -> Array:
        """Give what is left of capacity for an item at a place, there or not yet, (periods,)."""
        left = np.ones(self.periods.days * self.periods.count)
        for number, shock in enumerate(self.scenario.shocks if self.scenario else ()):
            if isinstance(shock, CapacityLoss):
                part = _lost_at(self.chain, shock, place, item)
                left *= 1.0 - part * self.force[number]
        return self.periods.mean(left)

    def ready(self, item: int, unit_days: float, saved: float = 0.0) -> Array:
        """Give how far headroom of an item is in use, (periods,).

        Parameters
        ----------
        item
            Number of the item.
        unit_days
            Days that headroom takes.
        saved
            Days of qualification that are saved.
        """
        hit = float(self.hit[item])
        return headroom_used(
            self.chain, self.scenario, self.periods, item, hit, unit_days=unit_days, saved=saved
        )


def headroom_used(
    chain: Chain,
    scenario: Scenario | None,
    periods: Periods,
    item: int,
    hit: float,
    *,
    unit_days: float,
    saved: float = 0.0,
) -> Array:
    """Give how far headroom of an item is in use when it is hit on a day, (periods,)."""
    days = np.arange(periods.days * periods.count) + 1.0
    ramp = max(unit_days, 1.0)
    if not np.isfinite(hit) or scenario is None:
        return periods.mean(np.clip(days / ramp, 0.0, 1.0))
    rules = scenario.rules
    wait = max(qualification_days(chain.net, rules, item) - saved, 0.0)
    since = days - hit
    at_once = _of_input(chain.net, rules, item, "redirected", rules.redirected)
    if at_once is None or not np.isfinite(wait):
        return periods.mean(np.clip((since - wait) / ramp, 0.0, 1.0))
    first = best(at_once)
    part = first + (1.0 - first) * np.clip(since / max(wait, 1.0), 0.0, 1.0)
    return periods.mean(np.minimum(part, np.clip(since / ramp, 0.0, 1.0)))


def qualification_days(net: Network, rules: Rules, item: int) -> float:
    """Give the days until an item may be re-sourced; inf: never."""
    if rules.sourcing == "fixed":
        return float("inf")
    found = _of_input(net, rules, item, "qualification_days", rules.qualification_days)
    return 0.0 if found is None else float(best(found))


def _of_input(
    net: Network, rules: Rules, item: int, name: str, usual: Number | None
) -> Number | None:
    """Give a number of the rules for an input; the last special that names it counts."""
    found = usual
    for special in rules.special:
        value: Number | None = getattr(special, name)
        if value is not None and items_named(net, special.inputs, where="rules")[item]:
            found = value
    return found


def _lost_at(chain: Chain, shock: CapacityLoss, place: str, item: int) -> float:
    """Give the part that a new unit of an item at a place would lose."""
    lost, name = best(shock.lost), chain.net.items[item]
    label = f"{place}/{name}"
    if shock.table:
        return dict(shock.table).get(label, 0.0)
    if shock.unit:
        return lost if label in names(shock.unit) else 0.0
    if shock.firm:
        return 0.0
    if not any(fnmatchcase(name, pattern) for pattern in names(shock.items)):
        return 0.0
    if ALL in names(shock.place):
        return lost
    return lost if place in places_named(chain.net, shock.place) else 0.0
