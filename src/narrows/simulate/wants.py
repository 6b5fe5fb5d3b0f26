"""What needs ask for on a day: what is used, and what refills their stocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.events import Reach
from narrows.simulate.prepare import prepare
from narrows.simulate.scenario import Scenario
from narrows.simulate.values import best

__all__ = ["NEAR", "Wants"]

Array = NDArray[np.float64]
NEAR = 2
"""Days within which a change counts as the same."""


@dataclass(frozen=True)
class Wants:
    """What the needs of a run asked for.

    Attributes
    ----------
    net, scenario
        What was run.
    level
        Output over normal, (days, units).
    stock
        Stock in days of normal use, (days, needs); None where it was not kept.
    reaches
        Whom each shock hits.
    """

    net: Network
    scenario: Scenario
    level: Array
    stock: Array | None
    reaches: Sequence[Reach]

    def use(self, needs: NDArray[np.int64], day: int) -> Array:
        """Give the use of needs on a day; of markets what they want."""
        buyer = self.net.needs.buyer[needs]
        size = len(self.net.units.item)
        level = np.where(buyer < size, self.level[day][np.minimum(buyer, size - 1)], 1.0)
        for number, reach in enumerate(self.reaches):
            shock = self.scenario.shocks[number]
            if reach.markets.any() and hasattr(shock, "change"):
                hit = np.zeros(len(self.net.needs.item), dtype=np.bool_)
                hit[np.flatnonzero(self.net.needs.buyer >= size)] = reach.markets
                force = shock.in_force(len(self.level), peer=self.scenario.rules.peer)[day]
                level = level * np.where(hit[needs], 1.0 + best(shock.change) * force, 1.0)
        return np.asarray(self.normal[needs] * level)

    def restocks(self, needs: NDArray[np.int64], day: int) -> Array:
        """Give what needs ask for on top of their use, to refill stocks, on a day."""
        if self.stock is None:
            return np.zeros(len(needs))
        buyer = self.net.needs.buyer[needs]
        size = len(self.net.units.item)
        level = np.where(buyer < size, self.level[day][np.minimum(buyer, size - 1)], 0.0)
        gap = self.cover[needs] * level - np.nan_to_num(self.stock[day, needs])
        return np.asarray(self.normal[needs] * np.clip(gap, 0.0, None) * self.rate[needs])

    def gap_days(self, need: int, day: int) -> float:
        """Give the largest gap of a stock about a day, in days of normal use."""
        first, last = max(day - NEAR, 0), min(day + NEAR, len(self.level))
        one = np.array([need])
        most = max(self.restocks(one, each)[0] for each in range(first, last))
        usual, rate = self.normal[need], self.rate[need]
        return float(most / (usual * rate)) if usual * rate > 0 else 0.0

    def restocking_days(self, need: int) -> float:
        """Give the days in which a gap is closed; 0 where it never is."""
        return float(1.0 / self.rate[need]) if self.rate[need] > 0 else 0.0

    @cached_property
    def normal(self) -> Array:
        """Use of each need in normal times."""
        base = np.concatenate([self.net.units.output, self.net.demand])
        return np.asarray(self.net.needs.recipe * base[self.net.needs.buyer])

    @cached_property
    def cover(self) -> Array:
        """Stock aimed at by each need, in days of use."""
        return self._by_need("goal")

    @cached_property
    def rate(self) -> Array:
        """Part of a gap that is ordered a day."""
        return self._by_need("restock")

    def _by_need(self, name: str) -> Array:
        out = np.zeros(len(self.net.needs.item))
        prepared = prepare(self.net, [self.scenario])
        for block, needs in zip(prepared.model.blocks, prepared.blocks, strict=True):
            if block.market:
                continue
            recipe = np.where(block.recipe > 0, block.recipe, 1.0)
            value = getattr(block, name) / (recipe if name == "goal" else 1.0)
            out[needs] = np.broadcast_to(value, block.recipe.shape)[:, 0]
        return out
