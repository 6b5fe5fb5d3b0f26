"""Build a network from an input-output table."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from narrows.network.closing import Closed, close
from narrows.network.network import Needs, Network, Units
from narrows.network.sourcing import Sourcing
from narrows.network.table_input import Flows, flows_of
from narrows.terms import Basis, UnknownName

__all__ = ["from_mrio"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Labels = NDArray[np.str_]
Pair = tuple[str, str]

_DAYS = 365
_FINAL = ("category", "region")
NEGATIVE = " (negative)"


def from_mrio(
    Z: object,  # noqa: N803 - names of pymrio
    Y: object = None,  # noqa: N803
    x: object = None,
    *,
    final: str = "category",
    unit: str | None = None,
) -> Network:
    """Build the network of an input-output table of many regions.

    A sector is an item, a sector of a region a unit, labelled ``region/sector``; flows are those
    of the table a day (a year's divided by 365). Units are sorted by sector and then by region,
    whatever the order of the table.

    Every unit and every market has a need for every item, so that the needs of an item are one
    block. Where a buyer does not use an item, the recipe is 0 and its column of sourcing is 0.

    Negative final use is kept: the negative cells of a market form a market of their own, with a
    demand below 0, named ``region/category (negative)``. All shares are then 0 or more, and
    demand summed over the markets is the final use of the table.

    Parameters
    ----------
    Z
        Purchases of industries a year: a table whose rows and columns are labelled (region,
        sector), as pymrio holds them. Or one object with the attributes `Z`, `Y` and `x`, such
        as an `InputOutputTable` or a `pymrio.IOSystem`.
    Y
        Final use: rows as `Z`, columns (region, category).
    x
        Output, labelled as the rows of `Z`; where it is None, the row sums.
    final
        ``category``: a market for each region and category. ``region``: one for each region.
    unit
        Unit of the flows of a year, such as ``million USD``; taken from the table where it
        tells.

    Returns
    -------
    Network
        With `report`, which says what was closed and listed. Cover and headroom are neutral (0
        and 1): rules of behaviour set them.

    Raises
    ------
    BadInput
        When labels are doubled or do not match, a cell is no finite number, `Z` or `x` is
        negative, or rows miss the output by more than the limits `ROW_GAP` and `TABLE_GAP`; the
        worst rows are named.
    UnknownName
        For another `final`.

    References
    ----------
    W. Leontief (1936), Review of Economics and Statistics 18(3); R. Miller and P. Blair (2022),
    Input-Output Analysis, 3rd edition, chapter 3.
    """
    if final not in _FINAL:
        raise UnknownName("final", final, _FINAL, where="final")
    flows = flows_of(Z, Y, x)
    blocks = _blocks(flows, final)
    closed = close(blocks.flows, blocks.x, blocks.units, blocks.labels, blocks.markets)
    return _network(blocks, closed, flows.unit if unit is None else unit, flows.year)


@dataclass(frozen=True, eq=False)
class _Blocks:
    """Flows of each item in the order of the network: units of the item x all buyers."""

    items: tuple[str, ...]
    units: list[slice]
    item: Numbers
    place: Labels
    labels: Labels
    markets: Labels
    x: Array | None
    flows: list[Array]


def _blocks(flows: Flows, final: str) -> _Blocks:
    order = np.lexsort((flows.place, flows.item))
    items, item = np.unique(flows.item[order], return_inverse=True)
    ends = np.searchsorted(item, np.arange(len(items) + 1))
    units = [slice(int(a), int(b)) for a, b in pairwise(ends)]
    place = flows.place[order]
    y, markets = _markets(flows, final)
    columns = flows.columns[order]
    size = len(order)
    blocks = []
    for mine in units:
        block = np.empty((mine.stop - mine.start, size + len(markets)))
        block[:, :size] = flows.z[np.ix_(order[mine], columns)]
        block[:, size:] = y[order[mine]]
        blocks.append(block)
    return _Blocks(
        items=tuple(items.tolist()),
        units=units,
        item=item,
        place=place,
        labels=np.array([f"{a}/{b}" for a, b in zip(place, flows.item[order], strict=True)]),
        markets=np.array([f"{region}/{kind}" for region, kind in markets]),
        x=None if flows.x is None else flows.x[order],
        flows=blocks,
    )


def _markets(flows: Flows, final: str) -> tuple[Array, list[Pair]]:
    """Give final use by market, sorted, with negative cells in markets of their own."""
    if final == "region":
        regions, codes = np.unique([region for region, _ in flows.markets], return_inverse=True)
        y = np.zeros((len(flows.y), len(regions)))
        np.add.at(y.T, codes, flows.y.T)
        pairs = [(str(region), "final") for region in regions]
    else:
        numbers = sorted(range(len(flows.markets)), key=flows.markets.__getitem__)
        y = flows.y[:, numbers]
        pairs = [flows.markets[number] for number in numbers]
    below = np.flatnonzero((y < 0).any(axis=0))
    drawn = np.minimum(y[:, below], 0.0)
    names = [(pairs[number][0], pairs[number][1] + NEGATIVE) for number in below]
    return np.concatenate([np.maximum(y, 0.0), drawn], axis=1), pairs + names


def _network(blocks: _Blocks, closed: Closed, unit: str, year: str) -> Network:
    size, buyers = len(blocks.labels), len(blocks.labels) + len(blocks.markets)
    demand = closed.use[:, size:].sum(axis=0)
    base = np.concatenate([closed.output, demand])
    with np.errstate(divide="ignore", invalid="ignore"):
        recipe = np.where(base != 0, closed.use / base, 0.0)
        for block, use in zip(blocks.flows, closed.use, strict=True):
            np.divide(block, use, out=block, where=use != 0)
    count = len(blocks.items) * buyers
    return Network(
        items=blocks.items,
        units=Units(
            item=blocks.item,
            place=blocks.place,
            owner=np.full(size, ""),
            basis=np.full(size, str(Basis.LOCATION)),
            output=closed.output / _DAYS,
            headroom=np.ones(size),
            headroom_days=np.zeros(size),
            process_days=np.zeros(size),
            stand_in=np.zeros(size, dtype=np.bool_),
        ),
        needs=Needs(
            item=np.repeat(np.arange(len(blocks.items)), buyers),
            buyer=np.tile(np.arange(buyers), len(blocks.items)),
            recipe=recipe.ravel(),
            stops_fraction=np.ones(count),
            essential=np.ones(count, dtype=np.bool_),
            cover=np.zeros(count),
            substitute_days=np.full(count, np.inf),
        ),
        sourcing=tuple(Sourcing(block) for block in blocks.flows),
        markets=np.full(len(blocks.markets), -1),
        market_names=blocks.markets,
        demand=demand / _DAYS,
        weight=demand / _DAYS,
        weight_unit=f"{unit or 'units of the table'} a day",
        combine="nested",
        period=year,
        basis=str(Basis.LOCATION),
        sourcing_rule="table",
        groups={},
        origins=None,
        report=closed.report(unit),
    )
