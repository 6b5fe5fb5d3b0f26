"""Which links of which blocks trade cuts may close."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.kernels.blocks import Cut
from narrows.simulate.routes import ALL, Route
from narrows.simulate.targets import items_named, places_named

__all__ = ["Gate", "Links", "rectangles"]

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Gate:
    """A full rectangle of links: some sellers' places to some buyers' places.

    Attributes
    ----------
    shock
        Number of the shock that closes it, or of the route.
    items
        Items concerned, (items,).
    sellers, buyers
        Units, (units,), and buyers, (units + markets,).
    """

    shock: int
    items: Flags
    sellers: Flags
    buyers: Flags


def rectangles(net: Network, cut: Route, number: int) -> list[Gate]:
    """Give the links of a route as rectangles."""
    items = items_named(net, cut.items, where=cut.where)
    market = np.array([label.partition("/")[0] for label in net.market_names.tolist()], dtype=str)
    units = net.units.place.astype(str)
    buyers = np.concatenate([units, market])
    everywhere = frozenset(buyers.tolist())
    found = []
    for sellers, takers in cut.ways():
        ours = everywhere if ALL in sellers else places_named(net, sellers, where=cut.where)
        theirs = everywhere if ALL in takers else places_named(net, takers, where=cut.where)
        inside = set(sellers) & set(takers)
        twice = (ours & theirs) - inside
        pairs = [(ours - twice, theirs)]
        pairs += [(frozenset({place}), theirs - {place}) for place in sorted(twice)]
        for one, other in pairs:
            seller, buyer = np.isin(units, sorted(one)), np.isin(buyers, sorted(other))
            if seller.any() and buyer.any():
                found.append(Gate(number, items, seller, buyer))
    return found


class Links:
    """Collects the links of all cuts; each combination of cuts gets one number.

    Attributes
    ----------
    members
        For each number the shocks that close these links together.
    """

    def __init__(self, gates: Sequence[Gate]) -> None:
        self.gates = tuple(gates)
        self.members: list[frozenset[int]] = []

    def of_block(
        self,
        item: int,
        units: slice,
        buyers: NDArray[np.int64],
        shares: Sequence[NDArray[np.float64]],
    ) -> tuple[Cut, ...]:
        """Give the cuts of a block: classes of units against classes of buyers, lane by lane."""
        mine = [gate for gate in self.gates if gate.items[item]]
        if not mine or not len(buyers):
            return ()
        seller, of_seller = _classes(np.stack([gate.sellers[units] for gate in mine]))
        taker, of_taker = _classes(np.stack([gate.buyers[buyers] for gate in mine]))
        found = []
        for one, sells in enumerate(seller.T):
            merged: dict[frozenset[int], list[int]] = {}
            for other, takes in enumerate(taker.T):
                shocks = frozenset(
                    gate.shock for gate, hit in zip(mine, sells & takes, strict=True) if hit
                )
                if shocks:
                    merged.setdefault(shocks, []).append(other)
            rows = np.flatnonzero(of_seller == one)
            for shocks, classes in merged.items():
                columns = np.flatnonzero(np.isin(of_taker, classes))
                found += [
                    self._cut(shocks, rows, columns, lane, number)
                    for number, lane in enumerate(shares)
                ]
        return tuple(cut for cut in found if cut is not None)

    def _cut(
        self,
        shocks: frozenset[int],
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        shares: NDArray[np.float64],
        lane: int,
    ) -> Cut | None:
        own: Any = shares[rows]
        if shares.ndim > 1:
            own = own[:, columns]
        if not abs(own).sum():
            return None
        if shocks not in self.members:
            self.members.append(shocks)
        total = np.reshape(np.asarray(own.sum(axis=0)), (-1, 1))
        return Cut(self.members.index(shocks), rows, columns, own, total, lane)


def _classes(membership: Flags) -> tuple[Flags, NDArray[np.int64]]:
    """Give the distinct columns, and for each column which it is."""
    packed = np.ascontiguousarray(np.packbits(membership, axis=0).T)
    words = packed.view(np.dtype((np.void, packed.shape[1])))[:, 0]
    _, first, number = np.unique(words, return_index=True, return_inverse=True)
    return membership[:, first], np.ravel(number)
