"""Shares of many items at once, each bought from one pool: everybody takes the same mix.

In a chain from world shares each item is small. Item by item a day is thousands of small products;
together it is two sums by item.
"""

import sys
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

__all__ = ["Pool", "gathered"]

Array = Any


@dataclass(frozen=True)
class Pool:
    """Shares of the makers of some items in all purchases of the item.

    Attributes
    ----------
    weights
        Share of each maker, (makers, 1 or scenarios).
    maker_item, buyer_item
        Number of the item, among those of the pool, of each maker and of each need.
    maker_starts, buyer_starts
        First maker and first need of each item; both lie item by item, and no item lacks one.
    """

    weights: Array
    maker_item: Array
    buyer_item: Array
    maker_starts: Array
    buyer_starts: Array

    @property
    def shape(self) -> tuple[int, int]:
        """Makers and needs."""
        return len(self.maker_item), len(self.buyer_item)

    def down(self, of_makers: Array) -> Array:
        """Sum over makers, for each need: (needs, scenarios)."""
        sums: Array = gathered(self.weights * of_makers, self.maker_starts, "add")
        return sums[self.buyer_item]

    def up(self, of_needs: Array) -> Array:
        """Sum over needs, for each maker: (makers, scenarios)."""
        sums: Array = gathered(of_needs, self.buyer_starts, "add")
        return self.weights * sums[self.maker_item]


def gathered(values: Array, starts: Array, how: str) -> Array:
    """Put rows together group by group: (groups, scenarios).

    Parameters
    ----------
    values
        Rows, group by group.
    starts
        The first row of each group.
    how
        ``add``, ``minimum`` or ``multiply``.
    """
    if isinstance(values, np.ndarray):
        return getattr(np, how).reduceat(values, starts, axis=0)
    library = sys.modules[type(values).__module__.partition(".")[0]]
    first = starts.tolist()
    ends = [*first[1:], len(values)]
    groups = [list(values[a:b]) for a, b in zip(first, ends, strict=True)]
    return library.stack([reduce(getattr(library, how), rows) for rows in groups])
