"""Bring a network into the form of the kernels, once for many closures."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.measure.kernels.cascade import Block, cascade
from narrows.measure.kernels.rerouted import Edges
from narrows.network import Network, Sourcing

__all__ = ["WITHIN_DAYS", "Chain"]

Array = NDArray[np.float64]
WITHIN_DAYS = 365.0


@dataclass(frozen=True)
class Chain:
    """A network with the inputs that bind within a time.

    An input binds when it is in use, essential, and its stock used up within `within_days`: tools
    and licences in place go on working, so a stop of their makers is no stop of today's output.

    Attributes
    ----------
    net
        The network.
    within_days
        Stocks that last longer do not run out.
    binding
        For each need whether it binds.
    blocks
        The items in the form of the cascade.
    edges, rows, cover
        Binding recipe entries between items, their rows in the layout, and their days of stock.
    local
        For each item whether it is bought at home only.
    """

    net: Network
    within_days: float
    binding: NDArray[np.bool_]
    blocks: tuple[Block, ...]
    edges: Edges
    rows: NDArray[np.int64]
    cover: Array
    local: NDArray[np.bool_]

    @classmethod
    def of(cls, net: Network, within_days: float = WITHIN_DAYS) -> "Chain":
        """Prepare a network."""
        needs = net.needs
        stops = needs.essential & (needs.stops_fraction > 0) & (needs.recipe > 0)
        binding = stops & (needs.cover <= within_days)
        blocks = tuple(_block(net, item, binding) for item in range(len(net.items)))
        edges, rows, cover = _edges(net, binding)
        layout = net.made_from.layout
        local = np.zeros(len(net.items), dtype=np.bool_)
        local[np.unique(layout.need_item[layout.home_unit >= 0])] = True
        return cls(net, within_days, binding, blocks, edges, rows, cover, local)

    def left(self, loss: Array) -> Array:
        """Give what is left of units and markets, nothing re-routed; (units + markets, cases)."""
        return cascade(
            loss,
            self.blocks,
            markets=len(self.net.markets),
            nested=self.net.combine == "nested",
            acyclic=True,
        )

    def ends(self, left: Array) -> Array:
        """Give what reaches the markets, shape (markets, cases)."""
        return left[len(self.net.units.item) :]

    def by_item(self, left: Array) -> Array:
        """Give what is left of each item's output, shape (items, cases)."""
        output = self.net.units.output
        return np.stack(
            [
                output[units] @ left[units] / output[units].sum()
                if output[units].sum() > 0
                else np.ones(left.shape[1])
                for units in self.net.unit_slices
            ]
        )

    def capacity(self, loss: Array) -> Array:
        """Give what the remaining units of each item can make, as a multiple of base.

        A unit whose local inputs are out at its place counts only as far as these reach.
        """
        net = self.net
        usable = 1.0 - loss
        for item in np.flatnonzero(self.local):
            mine = np.arange(net.need_slices[item].start, net.need_slices[item].stop)
            mine = mine[self.binding[mine] & (net.needs.buyer[mine] < len(loss))]
            buyers = net.needs.buyer[mine]
            homes = net.made_from.layout.home_unit[mine]
            fraction = net.needs.stops_fraction[mine][:, None]
            usable[buyers] = np.minimum(usable[buyers], 1 - fraction * (1 - usable[homes]))
        most = (net.units.output * net.units.headroom)[:, None] * usable
        base = np.array([net.units.output[units].sum() for units in net.unit_slices])
        sums = np.stack([most[units].sum(axis=0) for units in net.unit_slices])
        return np.where(base[:, None] > 0, sums / np.where(base > 0, base, 1.0)[:, None], np.inf)


def _block(net: Network, item: int, binding: NDArray[np.bool_]) -> Block:
    needs = net.need_slices[item]
    kept = np.flatnonzero(binding[needs])
    numbers = kept + needs.start
    return Block(
        units=net.unit_slices[item],
        buyers=net.needs.buyer[numbers],
        fraction=net.needs.stops_fraction[numbers][:, None],
        deliver=_delivery(net.sourcing[item], kept),
    )


def _delivery(sourcing: Sourcing, kept: NDArray[np.int64]) -> Callable[[Array], Array]:
    """Give the deliveries of an item to the needs kept."""
    mine = sourcing if sourcing.is_pooled else Sourcing(sourcing.shares[:, kept])
    return lambda left: mine.deliveries(left, len(kept))


def _edges(net: Network, binding: NDArray[np.bool_]) -> tuple[Edges, NDArray[np.int64], Array]:
    """Give the binding recipe entries between items, their rows and their days of stock."""
    layout = net.made_from.layout
    sent = layout.need_edge >= 0
    first = {int(layout.need_edge[need]): int(need) for need in np.flatnonzero(sent)[::-1]}
    rows = [(edge, need) for edge, need in sorted(first.items()) if binding[need]]
    number = {name: at for at, name in enumerate(net.items)}
    needs = np.array([need for _, need in rows], dtype=np.int64)
    edges = Edges(
        user=np.array([number[layout.edges[edge].item] for edge, _ in rows], dtype=np.int64),
        input=np.array([number[layout.edges[edge].input] for edge, _ in rows], dtype=np.int64),
        part=net.needs.recipe[needs],
        fraction=net.needs.stops_fraction[needs],
    )
    return edges, np.array([edge for edge, _ in rows], dtype=np.int64), net.needs.cover[needs]
