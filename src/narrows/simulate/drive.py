"""What the shocks of scenarios do on each day."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.capital import capital_lost
from narrows.simulate.cuts import Links
from narrows.simulate.kernels.blocks import Block, Model
from narrows.simulate.kernels.pool import Pool
from narrows.simulate.kernels.states import Day
from narrows.simulate.ripening import Ripening
from narrows.simulate.scenario import Scenario
from narrows.simulate.shocks import (
    CapacityLoss,
    CapitalLoss,
    DemandChange,
    RecipeChange,
    Shock,
    StockChange,
    Stockpiling,
    TradeCut,
)
from narrows.simulate.targets import items_named, losses_of, market_needs, units_at
from narrows.simulate.values import best

__all__ = ["Drive"]

Array = NDArray[np.float64]
_DECIMALS = 6  # to which the peer rounds a loss while it recovers


class Drive:
    """The shocks of some scenarios, bound to a network; the scenarios are columns.

    Parameters
    ----------
    net
        The network.
    scenarios
        Same days; rules that differ in numbers only.
    model
        The constant part.
    links
        The links of all cuts, with the numbers of the cuts as members.
    """

    def __init__(
        self, net: Network, scenarios: Sequence[Scenario], model: Model, links: Links
    ) -> None:
        self.net, self.blocks, self.links = net, model.blocks, links
        self.rules = scenarios[0].rules
        self.days, self.width = scenarios[0].days, len(scenarios)
        self.shocks: list[tuple[int, Shock, Array]] = [
            (column, shock, shock.in_force(self.days, peer=self.rules.peer))
            for column, scenario in enumerate(scenarios)
            for shock in scenario.shocks
        ]
        size = len(net.units.item)
        self._lost = {
            number: losses_of(net, shock, best(shock.lost))
            for number, (_, shock, _) in enumerate(self.shocks)
            if isinstance(shock, CapacityLoss)
        } | {
            number: best(shock.lost) * capital_lost(net, shock)
            for number, (_, shock, _) in enumerate(self.shocks)
            if isinstance(shock, CapitalLoss) and not shock.rebuilt_with
        }
        self._market = np.flatnonzero(net.needs.buyer >= size)
        self._asked = {
            number: market_needs(net, shock.market, shock.items, where=shock.where)
            for number, (_, shock, _) in enumerate(self.shocks)
            if isinstance(shock, DemandChange)
        }
        self._hit = {
            number: self._needs_hit(shock)
            for number, (_, shock, _) in enumerate(self.shocks)
            if isinstance(shock, StockChange | RecipeChange | Stockpiling)
        }
        self._wait = self._waits(scenarios)
        self._any_waits = bool((self._wait > 0).any())
        self._first = self._first_hit()
        self._at_once = self._redirected(scenarios)
        self._ripening = (
            None
            if model.process is None
            else Ripening(model.process, self.shocks, self._lost, self.days, self.width)
        )
        self.ring = self._ripening.ring if self._ripening else 0

    def day(self, number: int) -> Day:
        """Give what the shocks do on a day."""
        kept, added = self._stock(number)
        return Day(
            loss=self._loss(number),
            demand=self._demand(number),
            open=self._open(number),
            adaptive=tuple(self._rho(block, number) for block in self.blocks),
            surge=number > 1 or not self.rules.peer,
            stock_kept=kept,
            stock_added=added,
            recipe=self._recipe(number),
            hoarded=self._hoarded(number),
            waits=self._waiting(),
            morning=number,
            **(self._ripening.day(number) if self._ripening else {}),
        )

    def _rho(self, block: Block, day: int) -> Array:
        """Give the part of the orders of a block that may be re-sourced, (..., scenarios)."""
        if not block.adaptive:
            return np.zeros(self.width)
        if not self._any_waits:
            return np.ones(self.width)
        item = block.item
        if isinstance(block.shares, Pool):
            item = item[block.shares.buyer_starts]
        first, wait = self._first[item], self._wait[item]
        part = np.where(day >= first + wait, 1.0, 0.0)
        at_once = self._at_once[item]
        some = ~np.isnan(at_once) & (wait > 0) & (day >= first)
        done = np.divide(day - first, wait, out=np.ones_like(wait), where=some & np.isfinite(wait))
        done = np.where(np.isfinite(wait), done, 0.0)
        ramp = np.clip(at_once + (1.0 - at_once) * done, 0.0, 1.0)
        return np.where(wait > 0, np.where(some, ramp, part), 1.0)

    def _loss(self, day: int) -> Array:
        """Combine the losses of capacity: 1 - prod(1 - loss), for the peer the largest."""
        left = np.ones((len(self.net.units.item), self.width))
        for number, lost in self._lost.items():
            column, shock, force = self.shocks[number]
            if not force[day]:
                continue
            value = lost * force[day]
            if not self.rules.peer:
                left[:, column] *= 1.0 - value
                continue
            capacity = isinstance(shock, CapacityLoss)
            if capacity and shock.days is not None and day >= shock.start + shock.days + 2:
                value = np.round(value, _DECIMALS)
            left[:, column] = np.minimum(left[:, column], 1.0 - value)
        return 1.0 - left

    def _demand(self, day: int) -> Array:
        factor = np.ones((len(self._market), self.width))
        for number, hit in self._asked.items():
            column, shock, force = self.shocks[number]
            if isinstance(shock, DemandChange):
                factor[hit, column] *= 1.0 + best(shock.change) * force[day]
        return factor

    def _open(self, day: int) -> Array:
        out = np.ones((len(self.links.members), self.width))
        for row, members in enumerate(self.links.members):
            for number in members:
                column, shock, force = self.shocks[number]
                if isinstance(shock, TradeCut):
                    out[row, column] *= 1.0 - best(shock.lost) * force[day]
        return out

    def _waiting(self) -> Array | None:
        """Tell what part of the goods that a gate keeps back waits: all, unless a cut loses them.

        Where several cuts close the same links, the goods are lost if one of them says so.
        """
        out = np.ones((len(self.links.members), self.width))
        for row, members in enumerate(self.links.members):
            for number in members:
                column, shock, _ = self.shocks[number]
                if isinstance(shock, TradeCut) and shock.goods == "lost":
                    out[row, column] = 0.0
        return None if out.all() else out

    def _stock(self, day: int) -> tuple[dict[int, Array], dict[int, Array]]:
        kept: dict[int, Array] = {}
        added: dict[int, Array] = {}
        for number, hits in self._hit.items():
            column, shock, _ = self.shocks[number]
            if not isinstance(shock, StockChange) or shock.start != day:
                continue
            for block, hit in hits.items():
                shape = (len(hit), self.width)
                kept.setdefault(block, np.ones(shape))[hit, column] *= 1.0 - best(shock.lost)
                base = self.blocks[block].base
                usual = base[hit, column if base.shape[1] > 1 else 0]
                more = best(shock.released_days) * usual
                added.setdefault(block, np.zeros(shape))[hit, column] += more
        return kept, added

    def _recipe(self, day: int) -> dict[int, Array]:
        out: dict[int, Array] = {}
        for number, hits in self._hit.items():
            column, shock, force = self.shocks[number]
            if not isinstance(shock, RecipeChange) or not force[day]:
                continue
            for block, hit in hits.items():
                factor = out.setdefault(block, np.ones((len(hit), self.width)))
                factor[hit, column] *= 1.0 + best(shock.change) * force[day]
        return out

    def _hoarded(self, day: int) -> dict[int, Array]:
        """Give what is ordered beyond use and restocking, as a part of the use in normal times."""
        out: dict[int, Array] = {}
        for number, hits in self._hit.items():
            column, shock, force = self.shocks[number]
            if not isinstance(shock, Stockpiling):
                continue
            for block, hit in hits.items():
                more = out.setdefault(block, np.zeros((len(hit), self.width)))
                more[hit, column] += shock.a_day * force[day]
        return out

    def _needs_hit(
        self, shock: StockChange | RecipeChange | Stockpiling
    ) -> dict[int, NDArray[np.bool_]]:
        """Tell which needs of each block of unit buyers a shock to stocks or recipes hits."""
        inputs = shock.inputs if isinstance(shock, RecipeChange) else shock.items
        makes = shock.items if isinstance(shock, RecipeChange) else "*"
        buyers = units_at(self.net, shock.place, makes, where=shock.where)
        wanted = items_named(self.net, inputs, where=shock.where)
        hits = {
            number: buyers[block.buyers] & wanted[block.item]
            for number, block in enumerate(self.blocks)
            if not block.market
        }
        return {number: hit for number, hit in hits.items() if hit.any()}

    def _first_hit(self) -> Array:
        """Give the first day an item is lost or cut, (items, scenarios); infinity where never."""
        first = np.full((len(self.net.items), self.width), np.inf)
        for number, (column, shock, force) in enumerate(self.shocks):
            hit = np.zeros(len(self.net.items), dtype=np.bool_)
            if number in self._lost:
                hit[self.net.units.item[self._lost[number] > 0]] = True
            elif isinstance(shock, CapitalLoss):
                hit[self.net.units.item[capital_lost(self.net, shock) > 0]] = True
            elif isinstance(shock, TradeCut):
                hit = items_named(self.net, shock.items, where=shock.where)
            if hit.any() and force.any():
                start = float(np.argmax(force > 0))
                first[hit, column] = np.minimum(first[hit, column], start)
        return first

    def _waits(self, scenarios: Sequence[Scenario]) -> Array:
        """Give the qualification time of each item in days, (items, scenarios)."""
        out = np.empty((len(self.net.items), self.width))
        for column, scenario in enumerate(scenarios):
            out[:, column] = best(scenario.rules.qualification_days)
            for special in scenario.rules.special:
                if special.qualification_days is not None:
                    hit = items_named(self.net, special.inputs, where="rules")
                    out[hit, column] = best(special.qualification_days)
        return out

    def _redirected(self, scenarios: Sequence[Scenario]) -> Array:
        """Give the part of the orders of each item that can move at once, (items, scenarios)."""
        out = np.full((len(self.net.items), self.width), np.nan)
        for column, scenario in enumerate(scenarios):
            if scenario.rules.redirected is not None:
                out[:, column] = best(scenario.rules.redirected)
            for special in scenario.rules.special:
                if special.redirected is not None:
                    hit = items_named(self.net, special.inputs, where="rules")
                    out[hit, column] = best(special.redirected)
        return out
