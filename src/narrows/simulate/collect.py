"""What an ensemble keeps of each day: sums by place, item and market, never by unit."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.network import Network
from narrows.simulate.kernels.blocks import Report

__all__ = ["GROUPS", "Collector"]

Array = NDArray[np.float64]
GROUPS = {
    "production": "place",
    "production_of_item": "item",
    "demand": "market",
    "demand_met": "market",
}
"""Series of an ensemble, and what each is summed by."""
_MOST_MARKETS = 100  # above it markets are put together by place


@dataclass(frozen=True)
class Collector:
    """Sums the units and markets of a network.

    Parameters
    ----------
    net
        The network.
    """

    net: Network

    @cached_property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """Names along each axis: place, item, market."""
        return {
            "place": tuple(sorted(set(self.net.units.place.tolist()))),
            "item": self.net.items,
            "market": tuple(dict.fromkeys(self._market_names)),
        }

    @cached_property
    def columns(self) -> dict[str, slice]:
        """Where each series lies among all columns."""
        ends = np.cumsum([0, *(len(self.labels[axis]) for axis in GROUPS.values())]).tolist()
        return {name: slice(ends[n], ends[n + 1]) for n, name in enumerate(GROUPS)}

    @property
    def width(self) -> int:
        """Number of columns of all series together."""
        return int(max(each.stop for each in self.columns.values()))

    def day(self, report: Report) -> Array:
        """Give all series of a day, (columns, draws)."""
        made = self._units @ report.made.astype(np.float64)
        wished = self._markets @ report.wished.astype(np.float64)
        arrived = self._markets @ report.arrived.astype(np.float64)
        return np.concatenate([made, wished, arrived])

    def weights(self, net: Network) -> Array:
        """Give the value of each market of the network of a draw."""
        value = np.bincount(self._market_rows, weights=net.weight, minlength=self._market_count)
        return value.astype(np.float64)

    @cached_property
    def _market_names(self) -> list[str]:
        names = [str(name) for name in self.net.market_names.tolist()]
        return names if len(names) <= _MOST_MARKETS else [each.partition("/")[0] for each in names]

    @cached_property
    def _market_rows(self) -> NDArray[np.int64]:
        known = {name: row for row, name in enumerate(self.labels["market"])}
        return np.array([known[name] for name in self._market_names], dtype=np.int64)

    @property
    def _market_count(self) -> int:
        return len(self.labels["market"])

    @cached_property
    def _units(self) -> sparse.csr_array:
        places, items = self.labels["place"], self.labels["item"]
        by_place = np.searchsorted(np.array(places), self.net.units.place.astype(str))
        rows = np.concatenate([by_place, len(places) + self.net.units.item])
        return _sums(rows, np.tile(np.arange(len(by_place)), 2), len(places) + len(items))

    @cached_property
    def _markets(self) -> sparse.csr_array:
        size = len(self.net.units.item)
        buyers = self.net.needs.buyer[self.net.needs.buyer >= size] - size
        return _sums(self._market_rows[buyers], np.arange(len(buyers)), self._market_count)


def _sums(rows: NDArray[np.int64], columns: NDArray[np.int64], height: int) -> sparse.csr_array:
    """Make the matrix that adds columns into rows."""
    shape = (height, int(columns.max(initial=-1)) + 1)
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
