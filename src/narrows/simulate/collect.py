"""What an ensemble keeps of each day: sums by item, place and market; units where they are few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.network import Network
from narrows.simulate.kernels.states import Report

__all__ = ["Collector", "slices"]

Array = NDArray[np.float64]
_MOST_MARKETS = 100  # above it markets are put together by place


@dataclass(frozen=True)
class Collector:
    """Sums the units and markets of a network.

    Parameters
    ----------
    net
        The network.
    by_unit
        Whether production is kept by unit too.
    """

    net: Network
    by_unit: bool

    @cached_property
    def groups(self) -> dict[str, str]:
        """Series, and what each is told by. Items of a chain are never added to each other."""
        units = {"production": "unit"} if self.by_unit else {}
        places = {} if self.net.origins else {"production_of_place": "place"}
        markets = {"demand": "market", "demand_met": "market"}
        return {**units, **places, "production_of_item": "item", **markets}

    @cached_property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """Names along each axis."""
        known = {
            "unit": tuple(self.net.labels.tolist()),
            "place": tuple(sorted(set(self.net.units.place.tolist()))),
            "item": self.net.items,
            "market": tuple(dict.fromkeys(self._market_names)),
        }
        return {axis: known[axis] for axis in dict.fromkeys(self.groups.values())}

    @property
    def width(self) -> int:
        """Number of columns of all series together."""
        return sum(len(self.labels[axis]) for axis in self.groups.values())

    def day(self, report: Report) -> Array:
        """Give all series of a day, (columns, draws)."""
        made = self._production @ report.made.astype(np.float64)
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
    def _production(self) -> sparse.csr_array:
        """Make the matrix from units to the columns of production."""
        units = self.net.units
        rows = {"unit": np.arange(len(units.item)), "item": units.item}
        places = self.labels.get("place", ())
        if places:
            rows["place"] = np.searchsorted(np.array(places), units.place.astype(str))
        axes = [axis for axis in self.groups.values() if axis != "market"]
        parts = [_sums(rows[axis], rows["unit"], len(self.labels[axis])) for axis in axes]
        return sparse.csr_array(sparse.vstack(parts))

    @cached_property
    def _markets(self) -> sparse.csr_array:
        size = len(self.net.units.item)
        buyers = self.net.needs.buyer[self.net.needs.buyer >= size] - size
        return _sums(self._market_rows[buyers], np.arange(len(buyers)), self._market_count)


def slices(groups: Mapping[str, str], labels: Mapping[str, Sequence[str]]) -> dict[str, slice]:
    """Give where each series lies among the columns of all series."""
    ends = np.cumsum([0, *(len(labels[axis]) for axis in groups.values())]).tolist()
    return {name: slice(ends[n], ends[n + 1]) for n, name in enumerate(groups)}


def _sums(rows: NDArray[np.int64], columns: NDArray[np.int64], height: int) -> sparse.csr_array:
    """Make the matrix that adds columns into rows."""
    shape = (height, int(columns.max(initial=-1)) + 1)
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
