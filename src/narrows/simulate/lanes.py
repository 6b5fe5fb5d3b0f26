"""Links of a block by rationing class and time at sea."""

from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.cuts import rectangles
from narrows.simulate.kernels.blocks import Lane
from narrows.simulate.rules import FINAL_DEMAND, HOME, INDUSTRY, Rules
from narrows.simulate.targets import items_named
from narrows.simulate.values import best
from narrows.terms import UnknownName

__all__ = ["Lanes"]

Numbers = NDArray[np.int64]


class Lanes:
    """Rationing classes and transit times of a network.

    Parameters
    ----------
    net
        The network.
    rules
        ``rationing`` and ``transit``.
    """

    def __init__(self, net: Network, rules: Rules) -> None:
        market = [label.partition("/")[0] for label in net.market_names.tolist()]
        self.sellers = net.units.place.astype(str)
        self.buyers = np.concatenate([self.sellers, np.array(market, dtype=str)])
        self.classes = rules.classes
        self.ranks = len(self.classes) + 1
        self.rank, self.home = self._ranked(net)
        self.routes = [
            (round(best(route.days)), gate)
            for number, route in enumerate(rules.transit)
            for gate in rectangles(net, route, number)
        ]

    def of_block(self, item: int, units: slice, buyers: Numbers, shares: Any) -> tuple[Lane, ...]:  # noqa: ANN401 - dense, pooled or sparse
        """Give the lanes of the links from the makers of an item to some buyers; none if plain."""
        ranks, days = self.rank[buyers][None], np.zeros((1, 1), dtype=np.int64)
        if self.home < self.ranks:
            here = self.sellers[units][:, None] == self.buyers[buyers][None]
            ranks = np.minimum(ranks, np.where(here, self.home, self.ranks))
        for longest, gate in self.routes:
            if gate.items[item]:
                link = gate.sellers[units][:, None] & gate.buyers[buyers][None]
                days = np.maximum(days, longest * link)
        if not ranks.any() and not days.any():
            return ()
        size = (units.stop - units.start, len(buyers))
        code = np.broadcast_to(ranks * (days.max() + 1) + days, size)
        found = []
        for each in np.unique(code).tolist():
            rank, late = divmod(each, int(days.max()) + 1)
            found.append(Lane(rank, late, _masked(shares, code == each)))
        return tuple(lane for lane in found if _some(lane.shares))

    def _ranked(self, net: Network) -> tuple[Numbers, int]:
        """Give the class of each buyer, (units + markets,), and that of links at home."""
        size = len(net.units.item)
        rank = np.full(len(self.buyers), self.ranks - 1)
        home = self.ranks
        for number in reversed(range(len(self.classes))):
            for name in self.classes[number]:
                if name == HOME:
                    home = number
                else:
                    rank[_meant(net, name, size)] = number
        return rank, home


def _meant(net: Network, name: str, size: int) -> NDArray[np.bool_]:
    """Tell which buyers a name of a class means: items made, places, markets, final demand."""
    hit = np.zeros(size + len(net.market_names), dtype=np.bool_)
    if name in (FINAL_DEMAND, INDUSTRY):
        hit[slice(size, None) if name == FINAL_DEMAND else slice(0, size)] = True
        return hit
    hit[size:] = [fnmatchcase(label, name) for label in net.market_names.tolist()]
    members = {name, *net.groups.get(name, ())}
    hit[:size] |= np.isin(net.units.place, sorted(members))
    hit[size:] |= [label.partition("/")[0] in members for label in net.market_names.tolist()]
    if any(fnmatchcase(item, name) for item in net.items):
        hit[:size] |= items_named(net, name, where="rationing")[net.units.item]
    if not hit.any():
        places = sorted(set(net.units.place.tolist()))
        known = [HOME, INDUSTRY, FINAL_DEMAND, *net.items, *places, *net.market_names.tolist()]
        raise UnknownName("buyer", name, known, where="rules.rationing")
    return hit


def _masked(shares: Any, mask: NDArray[np.bool_]) -> Any:  # noqa: ANN401 - any kind of shares
    if mask.all():
        return shares
    if isinstance(shares, np.ndarray):
        return np.where(mask, shares[:, None] if shares.ndim == 1 else shares, 0.0)
    return shares.multiply(mask).tocsr()


def _some(shares: Any) -> bool:  # noqa: ANN401 - any kind of shares
    return bool(abs(shares).sum() > 0)
