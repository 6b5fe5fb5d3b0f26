"""Carve what is wanted out of a table, as far as it fits."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.network.joining_fit import fitted, value_added_of, within
from narrows.network.joining_wish import Wish

__all__ = ["Cut", "carved", "tables_of"]

Array = NDArray[np.float64]
_NOTHING = 1e-12  # of the world's value of all items: a maker below makes none
_ROOM = 1 - 1e-9  # rounding


@dataclass(frozen=True, eq=False)
class Cut:
    """A table with items carved out of a sector, flows of a year.

    Attributes
    ----------
    z
        Flows among the units of the table and, after them, the carved units.
    y
        Their final use.
    item, region
        Of each carved unit, numbers of `Wish`.
    sold
        What is sold of each item from each region to each buyer, shape (K, R, B).
    output, value_added_wanted, value_added
        Of what is carved out, by region.
    """

    z: Array
    y: Array
    item: NDArray[np.int64]
    region: NDArray[np.int64]
    sold: Array
    output: Array
    value_added_wanted: Array
    value_added: Array


def carved(flows: Array, parent: slice, wish: Wish, *, pooled: bool = False) -> Cut:
    """Carve the items out of a table.

    Parameters
    ----------
    flows
        From all units to all units and markets, a year.
    parent
        Units of the parent sector.
    wish
        What is wanted.
    pooled
        Whether buyers take the world's shares, as far as the table has room, instead of who
        sells to whom in the parent sector.
    """
    size = len(flows)
    added = flows[parent].sum(axis=1) - flows[:, parent].sum(axis=0)
    sold = _sold(flows, parent, wish, pooled=pooled)
    made = sold.sum(axis=2)
    item, region = np.nonzero(made > 0)
    z = np.zeros((size + len(item), size + len(item)))
    y = np.zeros((len(z), flows.shape[1] - size))
    z[:size, :size], y[:size] = flows[:, :size], flows[:, size:]
    z[size:, wish.buyers.units] = sold[item, region]
    rest = z[parent, :size]  # a view: the sector's own row
    rest[:, wish.buyers.units] -= sold.sum(axis=0)
    output = made.sum(axis=0)
    left = z[:size, parent].sum(axis=0)  # inputs without the items
    kept = value_added_of(output, wish.value_added, left, added, wish.most)
    some = (output > 0) & (left > 0)
    taken = np.where(some, (output - kept) / np.where(some, left, 1.0), 0.0)
    share = made[item, region] / output[region]
    z[:size, size:] = z[:size, parent][:, region] * (taken[region] * share)
    z[:size, parent] *= 1.0 - taken
    return Cut(
        z=z,
        y=y,
        item=item,
        region=region,
        sold=sold,
        output=output,
        value_added_wanted=wish.value_added * output,
        value_added=np.where(output > 0, output - taken * left, 0.0),
    )


def _sold(flows: Array, parent: slice, wish: Wish, *, pooled: bool) -> Array:
    """Give what is sold of each item from each region to each buyer, as far as it fits."""
    row = flows[parent][:, wish.buyers.units]
    room = wish.most * _ROOM * row
    supply = within(wish.supply, _most_made(flows, parent, wish, room))
    use = within(wish.buyers.use, room.sum(axis=0))
    both = np.minimum(supply.sum(axis=1), use.sum(axis=1))
    prior = np.where(room > 0, 1.0, 0.0) if pooled else room
    sold = fitted(prior, _scaled(supply, both), _scaled(use, both), room)
    sold[sold.sum(axis=2) <= _NOTHING * max(float(wish.value.sum()), 1e-300)] = 0.0
    return sold


def _most_made(flows: Array, parent: slice, wish: Wish, room: Array) -> Array:
    """Give the most that may be carved out of the output of each region.

    What the rest of the sector makes must pay for the items it buys, and every carved unit must
    find its inputs and its value added in the column of the sector.
    """
    inputs, output = flows[:, parent].sum(axis=0), flows[parent].sum(axis=1)
    bought = wish.most * flows[parent, parent].sum(axis=0)  # items, at most
    column = inputs - bought + np.maximum(output - inputs, 0.0)
    limits = [room.sum(axis=1), _ROOM * (output - bought), wish.most * _ROOM * column]
    return np.asarray(np.maximum(np.min(limits, axis=0), 0.0))


def _scaled(wanted: Array, total: Array) -> Array:
    now = wanted.sum(axis=1)
    return wanted * np.where(now > 0, total / np.where(now > 0, now, 1.0), 0.0)[:, None]


def tables_of(cut: Cut, wish: Wish) -> dict[str, pd.DataFrame]:
    """Give what was wanted and what was placed, as tables of a report."""
    made, bought = cut.sold.sum(axis=2), cut.sold.sum(axis=1)
    items, regions = np.array(wish.items), np.array(wish.regions)
    k, r = np.nonzero((wish.supply > 0) | (made > 0))
    supply = pd.DataFrame(
        {"item": items[k], "region": regions[r], "wanted": wish.supply[k, r], "placed": made[k, r]}
    )
    carved_out = pd.DataFrame(
        {"item": items, "wanted": wish.value, "placed": made.sum(axis=1)}
    ).assign(left=lambda frame: frame["wanted"] - frame["placed"])
    k, b = np.nonzero((wish.buyers.use > 0) | (bought > 0))
    uses = pd.DataFrame(
        {
            "item": items[k],
            "sector": np.array(wish.buyers.sectors)[b],
            "buyer": wish.buyers.units[b],
            "wanted": wish.buyers.use[k, b],
            "placed": bought[k, b],
        }
    )
    some = np.flatnonzero(cut.output > 0)
    added = pd.DataFrame(
        {
            "region": regions[some],
            "output": cut.output[some],
            "wanted": cut.value_added_wanted[some],
            "placed": cut.value_added[some],
        }
    )
    moved = [
        (item, maker.place, maker.region, maker.part)
        for item, makers in zip(wish.items, wish.makers, strict=True)
        for maker in makers
        if maker.place != maker.region
    ]
    places = pd.DataFrame(moved, columns=["item", "place", "region", "part"])
    return {
        "carved": carved_out,
        "supply": supply,
        "uses": uses,
        "value_added": added,
        "places": places,
    }
