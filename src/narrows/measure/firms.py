"""Bring a network of firms into the form of the systemic-risk kernel."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.measure.kernels.firm_links import Links, Markets, grouped
from narrows.network import Network, Sourcing
from narrows.terms import FIRM, BadInput, Fault, UnknownName

__all__ = ["Base", "FirmLinks"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Base = Literal["sales", "output"]
_BASES = ("sales", "output")


@dataclass(frozen=True)
class FirmLinks:
    """Links between the units of a network, each once.

    Attributes
    ----------
    net
        The network.
    seller, buyer
        Numbers of units, shape (links,).
    value
        What is sold a day, shape (links,).
    reach
        Part of the buyer's output that stops when this supplier stops, shape (links,).
    group
        Item bought + 1 where it is essential to the buyer, 0 where it is not, shape (links,).
    """

    net: Network
    seller: Numbers
    buyer: Numbers
    value: Array
    reach: Array
    group: Numbers

    @classmethod
    def of(cls, net: Network) -> "FirmLinks":
        """Take the links of a network of firms or of an input-output table.

        Raises
        ------
        BadInput
            For a network from a case: its flows are no money, so they cannot be added up.
        """
        if net.origins is not None:
            expected = "a network of firms or of an input-output table"
            raise BadInput(Fault("network", None, "", "a network from a case", expected))
        parts = [
            _entries(sourcing, units.start, needs)
            for sourcing, units, needs in zip(
                net.sourcing, net.unit_slices, net.need_slices, strict=True
            )
        ]
        seller, need, share = (np.concatenate(column) for column in zip(*parts, strict=True))
        inner = net.needs.buyer[need] < len(net.units.item)
        seller, need, share = seller[inner], need[inner], share[inner]
        buyer = net.needs.buyer[need]
        use = net.needs.recipe[need] * net.units.output[buyer]
        return cls(
            net=net,
            seller=seller,
            buyer=buyer,
            value=share * use,
            reach=share * net.needs.stops_fraction[need],
            group=np.where(net.needs.essential[need], net.needs.item[need] + 1, 0),
        )

    @cached_property
    def names(self) -> NDArray[np.str_]:
        """Id of each firm; the label of units that are no firms."""
        owners = self.net.units.owner
        ids = np.array([owner.removeprefix(FIRM) for owner in owners.tolist()], dtype=np.str_)
        return np.where(ids == "", self.net.labels, ids)

    def size(self, base: Base) -> Array:
        """Give what each firm sells to firms, or its output, shape (firms,).

        Raises
        ------
        UnknownName
            For another base.
        """
        if base not in _BASES:
            raise UnknownName("base", base, _BASES, where="base")
        output = self.net.units.output
        if base == "output":
            return output
        return np.asarray(np.bincount(self.seller, self.value, len(output)), dtype=np.float64)

    def down(self) -> Links:
        """Give what each firm reads of its suppliers."""
        kept = self.reach > 0
        return grouped(
            *(self.buyer[kept], self.group[kept], self.seller[kept], self.reach[kept]),
            firms=len(self.net.units.item),
        )

    def up(self, size: Array) -> Links:
        """Give what each firm reads of its customers, their parts of what it sells."""
        kept = self.value > 0
        seller, buyer = self.seller[kept], self.buyer[kept]
        weight = self.value[kept] / size[seller]
        return grouped(seller, np.zeros_like(seller), buyer, weight, firms=len(size))

    def markets(self, size: Array, *, replaceable: bool) -> Markets:
        """Give the firms of each sector as a market; none where nobody is replaced."""
        ends = [0, *(units.stop for units in self.net.unit_slices)] if replaceable else [0]
        return Markets(np.array(ends, dtype=np.int32), self.net.units.item.astype(np.int32), size)


def _entries(sourcing: Sourcing, first: int, needs: slice) -> tuple[Numbers, Numbers, Array]:
    """Give unit, need and share of every link of an item."""
    shares = sourcing.shares
    if isinstance(shares, np.ndarray) and shares.ndim == 1:
        shares = np.broadcast_to(shares[:, None], (len(shares), needs.stop - needs.start))
    entries = sparse.coo_array(shares)
    unit, need = (np.asarray(each, dtype=np.int64) for each in entries.coords)
    return unit + first, need + needs.start, np.asarray(entries.data, dtype=np.float64)
