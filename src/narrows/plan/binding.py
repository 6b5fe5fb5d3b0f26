"""Bind a scenario and the controls in force to a chain."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from narrows.plan.chain import Chain
from narrows.plan.conditions import Control
from narrows.plan.periods import Periods
from narrows.plan.shifts import Shifts, headroom_used
from narrows.plan.threats import first_day
from narrows.plan.trade_limits import trade_limits
from narrows.simulate import (
    CapacityLoss,
    DemandChange,
    RecipeChange,
    Rules,
    Scenario,
    StockChange,
    Stockpiling,
    TradeCut,
)
from narrows.simulate.behaviour import of_units
from narrows.simulate.routes import ALL, Names
from narrows.simulate.shocks import Shock
from narrows.simulate.targets import items_named, losses_of, market_needs, units_at
from narrows.simulate.values import best
from narrows.terms import BadInput, Fault

__all__ = ["bound"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def bound(
    chain: Chain,
    scenario: Scenario | None,
    periods: Periods,
    controls: Sequence[Control] = (),
) -> Shifts:
    """Bind a scenario (None: nothing happens) and the controls in force to a chain.

    Raises
    ------
    BadInput
        When a shock cannot be planned against: capital to be rebuilt, or a recipe that needs more.
    """
    return _Binder(chain, scenario, periods, controls).shifts()


class _Binder:
    plannable: ClassVar[tuple[type[Shock], ...]] = (
        *(CapacityLoss, TradeCut, DemandChange),
        *(StockChange, Stockpiling, RecipeChange),
    )

    def __init__(
        self,
        chain: Chain,
        scenario: Scenario | None,
        periods: Periods,
        controls: Sequence[Control],
    ) -> None:
        self.chain, self.scenario, self.periods = chain, scenario, periods
        self.net = chain.net
        self.days = periods.days * periods.count
        self.first = first_day(scenario) if scenario else 0
        self.length = scenario.days - self.first if scenario else 0
        self.rules = scenario.rules if scenario else Rules()
        self.units = of_units(self.net, self.rules)
        self.shocks = tuple(scenario.shocks) if scenario else ()
        self.force = {number: self._force(shock) for number, shock in enumerate(self.shocks)}
        self.hit = self._first_hits()
        self.cuts: list[tuple[TradeCut, Array]] = [
            (shock, self.force[number])
            for number, shock in enumerate(self.shocks)
            if isinstance(shock, TradeCut)
        ]
        for each in controls:
            cut = TradeCut(from_=each.from_, to=each.to, items=each.items, lost=each.lost)
            self.cuts.append((cut, np.ones(self.days)))
        for shock in self.shocks:
            if not isinstance(shock, self.plannable):
                self._refuse(shock, repr(shock.kind), "no capital that has to be rebuilt")

    def _refuse(self, shock: Shock, found: str, expected: str) -> None:
        where = shock.where or (self.scenario.name if self.scenario else "")
        raise BadInput(Fault(where, None, "kind", found, f"{expected}, to be planned against"))

    def shifts(self) -> Shifts:
        return Shifts(
            chain=self.chain,
            scenario=self.scenario,
            periods=self.periods,
            force=self.force,
            hit=self.hit,
            units=self.units,
            capacity=self._capacity(),
            demand=self._demand(),
            pipeline=self._pipeline(),
            finished=self._finished(),
            held=self._held(),
            released=self._released(),
            saved=self._saved(),
            trade=trade_limits(self.chain, self.periods, self.cuts),
        )

    def _force(self, shock: Shock) -> Array:
        """Give the part of a shock in force on each day from the first shock on."""
        whole = shock.in_force(self.first + max(self.days, self.length))
        return whole[self.first : self.first + self.days]

    def _first_hits(self) -> Array:
        """Give the day, from the first shock, on which each item is first hit; inf: never."""
        first = np.full(len(self.net.items), np.inf)
        for number, shock in enumerate(self.shocks):
            hit = np.zeros(len(first), dtype=np.bool_)
            if isinstance(shock, CapacityLoss):
                lost = losses_of(self.net, shock, best(shock.lost)) > 0
                hit[self.net.units.item[lost]] = True
            elif isinstance(shock, TradeCut):
                hit = items_named(self.net, shock.items)
            if hit.any() and self.force[number].any():
                day = float(np.argmax(self.force[number] > 0))
                first[hit] = np.minimum(first[hit], day)
        return first

    def _capacity(self) -> Array:
        net, chain = self.net, self.chain
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
        ready: dict[tuple[int, float], Array] = {}
        for number, item in enumerate(net.units.item.tolist()):
            days = float(self.units.headroom_days[number])
            if (item, days) not in ready:
                ready[item, days] = headroom_used(
                    *(chain, self.scenario, self.periods, item, float(self.hit[item])),
                    unit_days=days,
                )
            more = 1.0 + (self.units.headroom[number] - 1.0) * ready[item, days]
            bloc = chain.blocs.of_unit[number]
            out[item, bloc] += net.units.output[number] * left[number] * more
        return out

    def _pipeline(self) -> Array:
        """Give the part of goods in process that is finished: the rest is lost or stands still."""
        net, chain = self.net, self.chain
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
        out = np.zeros(self.chain.base.shape)
        if self.scenario is not None:
            held = self.net.units.output * self.units.finished
            np.add.at(out, (self.net.units.item, self.chain.blocs.of_unit), held)
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

    def _held(self) -> Array:
        """Give the stocks of inputs at the start, less what is lost in the first period.

        What is lost later is not counted: a plan that foresees it would use it before.
        """
        stocks = self.chain.stocks
        cover = stocks.cover(self.net, self.rules)
        for shock in self.shocks:
            if isinstance(shock, StockChange) and self._period(shock) == 0:
                mine = self._stocked(shock, shock.place, shock.items)
                cover = np.where(mine, cover * (1.0 - best(shock.lost)), cover)
        return self._at_nodes(stocks.flow * cover)

    def _released(self) -> Array:
        """Give what comes to stocks later; what is ordered ahead counts in full."""
        out = np.zeros((*self.chain.base.shape, self.periods.count))
        for shock in self.shocks:
            if not isinstance(shock, StockChange | Stockpiling):
                continue
            more = shock.released_days if isinstance(shock, StockChange) else shock.stock_days
            if self._period(shock) < self.periods.count and best(more) > 0:
                mine = self._stocked(shock, shock.place, shock.items)
                days = np.where(mine, float(best(more)), 0.0)
                out[:, :, self._period(shock)] += self._at_nodes(self.chain.stocks.flow * days)
        return out

    def _period(self, shock: Shock) -> int:
        return (int(best(shock.start)) - self.first) // self.periods.days

    def _stocked(self, shock: Shock, place: Names, items: Names) -> Flags:
        """Tell which stocks are meant."""
        needs, stocks = self.net.needs, self.chain.stocks
        named = items_named(self.net, items, where=shock.where)
        buyers = units_at(self.net, place, ALL, where=shock.where)
        return np.asarray(named[needs.item[stocks.need]] & buyers[needs.buyer[stocks.need]])

    def _at_nodes(self, values: Array) -> Array:
        """Add values of stocks by item and bloc."""
        stocks = self.chain.stocks
        out = np.zeros(self.chain.base.shape)
        np.add.at(out, (self.net.needs.item[stocks.need], stocks.bloc), values)
        return out

    def _saved(self) -> dict[tuple[int, int, int], Array]:
        """Give the part of each recipe entry that is saved."""
        out: dict[tuple[int, int, int], Array] = {}
        chain, uses = self.chain, self.chain.uses
        for number, shock in enumerate(self.shocks):
            if not isinstance(shock, RecipeChange):
                continue
            change = best(shock.change)
            if change > 0:
                self._refuse(shock, f"a recipe that needs {change:+g}", "recipes that need less")
            hit = units_at(self.net, shock.place, shock.items, where=shock.where)
            inputs = items_named(self.net, shock.inputs, where=shock.where)
            output = np.zeros(chain.base.shape)
            np.add.at(
                output, (self.net.units.item, chain.blocs.of_unit), self.net.units.output * hit
            )
            for source, user, bloc in zip(
                uses.input.tolist(), uses.user.tolist(), uses.bloc.tolist(), strict=True
            ):
                if inputs[source] and output[user, bloc] > 0:
                    part = -change * output[user, bloc] / chain.base[user, bloc]
                    before = out.get((source, user, bloc), np.zeros(self.periods.count))
                    now = part * self.periods.mean(self.force[number])
                    out[source, user, bloc] = 1.0 - (1.0 - before) * (1.0 - now)
        return out
