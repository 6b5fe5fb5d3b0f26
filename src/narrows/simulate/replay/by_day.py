"""Shocks of the engine whose part in force is given day by day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.shocks import (
    CapacityLoss,
    DemandChange,
    RecipeChange,
    Stockpiling,
    TradeCut,
)

__all__ = ["CapacityByDay", "CutByDay", "DemandByDay", "RecipeByDay", "StockpilingByDay"]

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class _ByDay:
    """The part of a shock in force on each day, given day by day."""

    force: tuple[float, ...] = ()

    def in_force(self, horizon: int, *, peer: bool = False) -> Array:
        """Give the part in force, shape (horizon,)."""
        assert len(self.force) == horizon and not peer  # noqa: S101, PT018 - made here only
        return np.array(self.force)


@dataclass(frozen=True, kw_only=True)
class CapacityByDay(_ByDay, CapacityLoss):
    """A loss of capacity, day by day."""


@dataclass(frozen=True, kw_only=True)
class CutByDay(_ByDay, TradeCut):
    """A cut of trade, day by day."""


@dataclass(frozen=True, kw_only=True)
class StockpilingByDay(_ByDay, Stockpiling):
    """Orders ahead, day by day."""


@dataclass(frozen=True, kw_only=True)
class DemandByDay(_ByDay, DemandChange):
    """A change of demand, day by day."""


@dataclass(frozen=True, kw_only=True)
class RecipeByDay(_ByDay, RecipeChange):
    """A change of recipe, day by day."""
