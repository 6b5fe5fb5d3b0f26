"""Why an end use falls, and how long stocks last on the way."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from narrows.measure.chain import Chain
from narrows.measure.closures import Closure

__all__ = ["Reason", "Reasons"]

Array = NDArray[np.float64]
_SAME = 1e-9
_MOST = 4


@dataclass(frozen=True)
class Reason:
    """The chain of reasons from an end use back to what was dropped.

    Attributes
    ----------
    text
        ``smartphone <- logic-lt10nm <- TWN 92 %``, one chain for each input that fails, the worst
        first and at most four, joined by a semicolon; empty where nothing is lost.
    days
        Shortest sum of cover along the worst chain; infinite where nothing is lost.
    """

    text: str
    days: float


@dataclass(frozen=True)
class Reasons:
    """The reasons in one closure.

    Attributes
    ----------
    chain
        The prepared network.
    closure
        What was dropped.
    left
        What is left of each unit and market, shape (units + markets,).
    """

    chain: Chain
    closure: Closure
    left: Array

    def of(self, end: int) -> Reason:
        """Follow the inputs of an end use back to the units that were dropped.

        Parameters
        ----------
        end
            Item of the end use.
        """
        edges, lost = self._lost(end)
        starts = [(float(loss), [int(edge)]) for edge, loss in zip(edges, lost, strict=True)]
        starts.append((self._own(end), []))
        starts = [start for start in starts if start[0] > _SAME]
        starts.sort(key=lambda start: -round(start[0] / _SAME))  # equal ones stay in order
        if not starts:
            return Reason("", np.inf)
        paths = [self._path(first) for _, first in starts]
        worst = [at for at, (loss, _) in enumerate(starts) if loss > starts[0][0] - _SAME]
        days = min(float(self.chain.cover[paths[at]].sum()) for at in worst)
        return Reason("; ".join(self._told(end, path) for path in paths[:_MOST]), days)

    @cached_property
    def _hit(self) -> NDArray[np.bool_]:
        hit = np.zeros(len(self.left), dtype=np.bool_)
        hit[self.closure.hit] = True
        return hit

    def _lost(self, item: int) -> tuple[NDArray[np.int64], Array]:
        """Give the binding inputs of an item, and what the lack of each takes from it."""
        edges = np.flatnonzero(self.chain.edges.user == item)
        return edges, self._lost_by[edges]

    @cached_property
    def _lost_by(self) -> Array:
        """What the lack of each binding input takes from the makers that go on.

        Each maker is counted with what reaches it, which differs where buyers differ (home first,
        local inputs).
        """
        net = self.chain.net
        sent = np.flatnonzero(net.made_from.layout.need_edge >= 0)
        row, buyers = net.made_from.layout.need_edge[sent], net.needs.buyer[sent]
        works = net.units.output[buyers] * ~self._hit[buyers]
        lost = works * net.needs.stops_fraction[sent] * self._short[sent]
        sums, base = np.bincount(row, weights=lost), np.bincount(row, weights=works)
        return np.asarray((sums / np.where(base > 0, base, 1.0))[self.chain.rows])

    @cached_property
    def _short(self) -> Array:
        """What is missing of each need."""
        net = self.chain.net
        out = np.empty(len(net.needs.item))
        for item, units in enumerate(net.unit_slices):
            needs = net.need_slices[item]
            gone = 1 - self.left[units][:, None]
            out[needs] = net.sourcing[item].deliveries(gone, needs.stop - needs.start)[:, 0]
        return out

    def _own(self, item: int) -> float:
        """Give the part of an item's output that was dropped itself."""
        units = self.chain.net.units
        mine = self.closure.hit[units.item[self.closure.hit] == item]
        total = units.output[self.chain.net.unit_slices[item]].sum()
        return float(units.output[mine].sum() / total) if total > 0 else 0.0

    def _path(self, first: list[int]) -> list[int]:
        """Follow the worst input on until the item's own units are what is missing."""
        path = list(first)
        while path:
            item = int(self.chain.edges.input[path[-1]])
            edges, lost = self._lost(item)
            worst = lost.max(initial=0.0)
            if worst <= self._own(item) + _SAME:
                break
            ties = edges[lost >= worst - _SAME]
            path.append(int(ties[np.argmin(self.chain.cover[ties])]))
        return path

    def _told(self, end: int, path: list[int]) -> str:
        items = [end, *self.chain.edges.input[path].tolist()]
        names = [self.chain.net.items[number] for number in items]
        return " <- ".join([*names, self._holders(items[-1])])

    def _holders(self, item: int) -> str:
        """Name the dropped units of an item with their shares, the largest first."""
        units = self.chain.net.units
        mine = self.closure.hit[units.item[self.closure.hit] == item]
        mine = mine[np.argsort(-units.output[mine], kind="stable")]
        total = units.output[self.chain.net.unit_slices[item]].sum()
        names = []
        for unit in mine[:3]:
            name = units.owner[unit].removeprefix("firm:") or units.place[unit]
            names.append(f"{name} {100 * units.output[unit] / total:.3g} %")
        more = f" and {len(mine) - 3} more" if len(mine) > 3 else ""
        return ", ".join(names) + more
