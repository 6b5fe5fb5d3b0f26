"""What a scenario does to a chain, period by period from its first shock."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from narrows.plan.chain import Chain
from narrows.plan.options import Control
from narrows.plan.threats import first_day
from narrows.simulate import (
    CapacityLoss,
    DemandChange,
    Rules,
    Scenario,
    StockChange,
    TradeCut,
)
from narrows.simulate.behaviour import of_units
from narrows.simulate.cuts import rectangles
from narrows.simulate.routes import ALL, names
from narrows.simulate.shocks import Shock
from narrows.simulate.targets import items_named, losses_of, market_needs, places_named, units_at
from narrows.simulate.values import best
from narrows.terms import BadInput, Fault

__all__ = ["Periods", "Shifts"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Periods:
    """Periods from the first day of a shock; all but the last of the same length.

    Attributes
    ----------
    days
        Length of one.
    count
        How many.
    """

    days: int
    count: int

    @property
    def middles(self) -> Array:
        """Days from the first shock to the middle of each period."""
        return np.asarray((np.arange(self.count) + 0.5) * self.days, dtype=np.float64)

    @property
    def starts(self) -> Array:
        """Days from the first shock to the start of each period."""
        return np.asarray(np.arange(self.count) * float(self.days), dtype=np.float64)

    def mean(self, daily: Array) -> Array:
        """Give means over the periods of what changes by day, along the last axis."""
        shape = (*daily.shape[:-1], self.count, self.days)
        return np.asarray(daily.reshape(shape).mean(axis=-1), dtype=np.float64)


@dataclass(frozen=True)
class Shifts:
    """A scenario in the form of a plan.

    Attributes
    ----------
    force
        Part of each shock in force by day.
    hit
        Day on which each item is first hit, inf: never, (items,).
    capacity
        What can be made a day, (items, blocs, periods).
    demand
        Part of normal demand, (market needs, periods); 0 after the end of the scenario.
    pipeline
        Part of the goods in process that comes out, (items, blocs, periods).
    finished
        Finished goods that makers hold at the start, in units of flow times days, (items, blocs).
    stock
        Part of normal stock at the start, and what is released later, (items, blocs[, periods]).
    released
        See `stock`.
    trade
        Most trade a day: (items, blocs, periods) out and in through the pool, or (items, blocs,
        blocs, periods); inf where free.
    """

    chain: Chain
    scenario: Scenario | None
    periods: Periods
    force: Mapping[int, Array]
    hit: Array
    capacity: Array
    demand: Array
    pipeline: Array
    finished: Array
    stock: Array
    released: Array
    trade: Mapping[str, Array]

    @classmethod
    def of(
        cls,
        chain: Chain,
        scenario: Scenario | None,
        periods: Periods,
        controls: tuple[Control, ...],
    ) -> "Shifts":
        """Bind a scenario (None: nothing happens) and the controls in force to a chain."""
        return _Binder(chain, scenario, periods, controls).bound()

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
        days = np.arange(self.periods.days * self.periods.count) + 1.0
        ramp = max(unit_days, 1.0)
        if not np.isfinite(hit) or self.scenario is None:
            return self.periods.mean(np.clip(days / ramp, 0.0, 1.0))
        rules = self.scenario.rules
        wait = max(_qualification(self.chain, rules, item) - saved, 0.0)
        since = days - hit
        if rules.redirected is None or not np.isfinite(wait):
            return self.periods.mean(np.clip((since - wait) / ramp, 0.0, 1.0))
        first = best(rules.redirected)
        part = first + (1.0 - first) * np.clip(since / max(wait, 1.0), 0.0, 1.0)
        return self.periods.mean(np.minimum(part, np.clip(since / ramp, 0.0, 1.0)))


class _Binder:
    def __init__(
        self,
        chain: Chain,
        scenario: Scenario | None,
        periods: Periods,
        controls: tuple[Control, ...],
    ) -> None:
        self.chain, self.scenario, self.periods = chain, scenario, periods
        self.days = periods.days * periods.count
        self.first = first_day(scenario) if scenario else 0
        self.length = scenario.days - self.first if scenario else 0
        shocks = scenario.shocks if scenario else ()
        self.force = {number: self._force(shock) for number, shock in enumerate(shocks)}
        self.shocks = tuple(shocks)
        self.hit = _first_hits(chain, scenario, self.force)
        self.cuts: list[tuple[TradeCut, Array]] = [
            (shock, self.force[number])
            for number, shock in enumerate(shocks)
            if isinstance(shock, TradeCut)
        ]
        for each in controls:
            cut = TradeCut(from_=each.from_, to=each.to, items=each.items, lost=each.lost)
            self.cuts.append((cut, np.ones(self.days)))
        for shock in shocks:
            if not isinstance(shock, CapacityLoss | TradeCut | DemandChange | StockChange):
                known = "shocks of capacity, trade, demand or stock"
                where = shock.where or (scenario.name if scenario else "")
                raise BadInput(Fault(where, None, "kind", repr(shock.kind), known))

    def bound(self) -> Shifts:
        stock, released = self._stock()
        return Shifts(
            chain=self.chain,
            scenario=self.scenario,
            periods=self.periods,
            force=self.force,
            hit=self.hit,
            capacity=self._capacity(),
            demand=self._demand(),
            pipeline=self._pipeline(),
            finished=self._finished(),
            stock=stock,
            released=released,
            trade=self._trade(),
        )

    def _force(self, shock: Shock) -> Array:
        """Give the part of a shock in force on each day from the first shock on."""
        whole = shock.in_force(self.first + max(self.days, self.length))
        return whole[self.first : self.first + self.days]

    def _capacity(self) -> Array:
        net, chain = self.chain.net, self.chain
        left = np.ones((len(net.units.item), self.periods.count))
        hit = [
            (losses_of(net, shock, best(shock.lost)), self.force[number])
            for number, shock in enumerate(self.shocks)
            if isinstance(shock, CapacityLoss)
        ]
        any_hit = np.any([lost > 0 for lost, _ in hit], axis=0) if hit else np.array([])
        for unit in np.flatnonzero(any_hit).tolist():
            daily = np.prod([1.0 - lost[unit] * force for lost, force in hit], axis=0)
            left[unit] = self.periods.mean(daily)
        out = np.zeros((*chain.base.shape, self.periods.count))
        shifts = Shifts(
            chain,
            self.scenario,
            self.periods,
            self.force,
            self.hit,
            out,
            out,
            out,
            out,
            out,
            out,
            {},
        )
        ready: dict[tuple[int, float], Array] = {}
        most, takes = net.units.headroom, net.units.headroom_days
        if self.scenario is not None:
            most, takes, *_ = of_units(net, self.scenario.rules)
        for number, item in enumerate(net.units.item.tolist()):
            days = float(takes[number])
            if (item, days) not in ready:
                ready[item, days] = shifts.ready(item, days)
            more = 1.0 + (most[number] - 1.0) * ready[item, days]
            bloc = chain.blocs.of_unit[number]
            out[item, bloc] += net.units.output[number] * left[number] * more
        return out

    def _pipeline(self) -> Array:
        """Give the part of goods in process that is finished: the rest is lost or stands still."""
        net, chain = self.chain.net, self.chain
        left = np.ones((len(net.units.item), self.periods.count))
        for number, shock in enumerate(self.shocks):
            if not isinstance(shock, CapacityLoss):
                continue
            hit = losses_of(net, shock, best(shock.lost))
            left[hit > 0] *= 1.0 - best(shock.process_lost)
            if shock.process_waits:
                left *= 1.0 - hit[:, None] * self.periods.mean(self.force[number])
        out = np.zeros((*chain.base.shape, self.periods.count))
        where = net.units.item, chain.blocs.of_unit
        np.add.at(out, where, net.units.output[:, None] * left)
        base = chain.base[..., None]
        return np.where(base > 0, out / np.where(base > 0, base, 1.0), 1.0)

    def _finished(self) -> Array:
        """Give the finished goods that makers keep in normal times."""
        net, chain = self.chain.net, self.chain
        out = np.zeros(chain.base.shape)
        if self.scenario is not None:
            held = net.units.output * of_units(net, self.scenario.rules).finished
            np.add.at(out, (net.units.item, chain.blocs.of_unit), held)
        return out

    def _demand(self) -> Array:
        chain = self.chain
        daily = np.ones((len(chain.demand), self.days))
        size = len(chain.net.units.item)
        every = np.flatnonzero(chain.net.needs.buyer >= size)
        flow = chain.net.needs.recipe[every] * chain.net.demand[chain.net.needs.buyer[every] - size]
        for number, shock in enumerate(self.shocks):
            if isinstance(shock, DemandChange):
                mine = market_needs(chain.net, shock.market, shock.items, where=shock.where)
                daily[mine[flow > 0]] *= 1.0 + best(shock.change) * self.force[number]
        daily[:, max(self.length, 0) :] = 0.0
        return self.periods.mean(daily)

    def _stock(self) -> tuple[Array, Array]:
        net, chain = self.chain.net, self.chain
        kept = np.ones(chain.base.shape)
        released = np.zeros((*chain.base.shape, self.periods.count))
        for shock in self.shocks:
            if not isinstance(shock, StockChange):
                continue
            items = items_named(net, shock.items, where=shock.where)
            buyers = units_at(net, shock.place, ALL, where=shock.where)
            mine = np.flatnonzero(items[net.needs.item] & (net.needs.buyer < len(buyers)))
            mine = mine[buyers[net.needs.buyer[mine]]]
            flow = net.needs.recipe[mine] * net.units.output[net.needs.buyer[mine]]
            where = net.needs.item[mine], chain.blocs.of_buyer[net.needs.buyer[mine]]
            cover = np.where(np.isfinite(net.needs.cover[mine]), net.needs.cover[mine], 0.0)
            lost = np.zeros(chain.base.shape)
            np.add.at(lost, where, flow * np.maximum(cover, 1.0) * best(shock.lost))
            kept -= np.where(chain.stock > 0, lost / np.where(chain.stock > 0, chain.stock, 1), 0)
            period = min((int(best(shock.start)) - self.first) // self.periods.days, 10**6)
            if period < self.periods.count:
                np.add.at(released[:, :, period], where, flow * best(shock.released_days))
        return np.clip(kept, 0.0, 1.0), released

    def _trade(self) -> dict[str, Array]:
        """Give the most that can be traded, per cut day the part left of normal trade."""
        chain, count = self.chain, self.chain.blocs.count
        if not self.cuts or count == 1:
            return {}
        gates = [
            (gate, force, best(cut.lost))
            for number, (cut, force) in enumerate(self.cuts)
            for gate in rectangles(chain.net, cut, number)
        ]
        alike: dict[tuple[bool, ...], list[int]] = {}  # items that the same gates concern
        for item in np.flatnonzero(~chain.local).tolist():
            mine = tuple(bool(gate.items[item]) for gate, _, _ in gates)
            if any(mine):
                alike.setdefault(mine, []).append(item)
        shape = (len(chain.net.items), count, self.periods.count)
        kinds = (
            {"pairs": (*shape[:2], count, shape[2])}
            if chain.blocs.pairs
            else {"out": shape, "in": shape}
        )
        most = {name: np.full(size, np.inf) for name, size in kinds.items()}
        for mine, items in alike.items():
            part = np.ones((count, count, self.days))
            for (gate, force, lost), wanted in zip(gates, mine, strict=True):
                if wanted:
                    sellers = np.unique(chain.blocs.of_unit[gate.sellers])
                    buyers = np.unique(chain.blocs.of_buyer[gate.buyers])
                    part[np.ix_(sellers, buyers)] *= 1.0 - lost * force
            self._close(most, part, np.array(items))
        return most

    def _close(self, most: dict[str, Array], part: Array, items: NDArray[np.int64]) -> None:
        """Set the limits of some items; `part` is what is left of trade, (blocs, blocs, days)."""
        blocs, trade = self.chain.blocs, self.chain.trade[items]
        if blocs.pairs:
            most["pairs"][items] = self._most(part, trade)
            return
        away = ~np.eye(blocs.count, dtype=np.bool_)
        normal = np.where(away, trade, 0.0)
        closed = np.where((away & blocs.sells[:, None])[..., None], part, 0.0)
        most["out"][items] = self._most(closed.max(axis=1), normal.sum(axis=2))
        most["in"][items] = self._most(closed.max(axis=0), normal.sum(axis=1))

    def _most(self, part: Array, normal: Array) -> Array:
        """Give the mean of daily limits: on a cut day a part of normal trade, else free."""
        free = self.periods.mean((part >= 1.0).astype(np.float64))
        left = self.periods.mean(np.where(part < 1.0, part, 0.0))
        world = float(self.chain.base.sum(axis=1).max())
        return np.where(free >= 1.0, np.inf, left * normal[..., None] + free * 3.0 * world)


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


def _qualification(chain: Chain, rules: Rules, item: int) -> float:
    """Give the days until an item may be re-sourced."""
    if rules.sourcing == "fixed":
        return float("inf")
    days = float(best(rules.qualification_days))
    for special in rules.special:
        if special.qualification_days is not None:
            hit = items_named(chain.net, special.inputs, where="rules")[item]
            days = float(best(special.qualification_days)) if hit else days
    return days


def _first_hits(chain: Chain, scenario: Scenario | None, force: Mapping[int, Array]) -> Array:
    """Give the day, from the first shock, on which each item is first hit; inf: never."""
    first = np.full(len(chain.net.items), np.inf)
    for number, shock in enumerate(scenario.shocks if scenario else ()):
        hit = np.zeros(len(first), dtype=np.bool_)
        if isinstance(shock, CapacityLoss):
            lost = losses_of(chain.net, shock, best(shock.lost)) > 0
            hit[chain.net.units.item[lost]] = True
        elif isinstance(shock, TradeCut):
            hit = items_named(chain.net, shock.items)
        if hit.any() and force[number].any():
            day = float(np.argmax(force[number] > 0))
            first[hit] = np.minimum(first[hit], day)
    return first
