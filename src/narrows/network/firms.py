"""Build a network of firms from a table of who sells what to whom."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from narrows.network.firm_tables import CRITICALITIES, FirmTables, read_tables, sum_by
from narrows.network.network import Needs, Network, Units
from narrows.network.sourcing import Sourcing
from narrows.terms import FIRM, Basis

__all__ = ["from_firms"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
_DAYS = 365.0
_NON_ESSENTIAL, _ESSENTIAL = 1, 2


def from_firms(
    links: pd.DataFrame | Path | str,
    firms: pd.DataFrame | Path | str,
    *,
    essential: pd.DataFrame | Path | str,
) -> Network:
    """Build the network of firms, one unit a firm, its sector being the item.

    Parameters
    ----------
    links
        Table or CSV file: supplier, buyer, value (a year, any one currency).
    firms
        Table or CSV file: id, sector; revenue (a year, may be empty) and place where known.
        Without revenue a firm's output is what it sells to firms, or what it buys if it sells
        nothing to firms. Revenue beyond the sales to firms goes to final use.
    essential
        What the lack of an input does to the buyer: table or CSV file with a row for each
        supplier sector (the first column of a file) and a column for each buyer sector, of
        ``essential``, ``non-essential``, ``irrelevant``; or one of these words for all.

    Returns
    -------
    Network
        Units sorted by sector and id, with CSR sourcing, in money a day. A need that is essential
        has `stops_fraction` 1; a non-essential one its part of the buyer's purchases; an
        irrelevant one 0. `notes` says what was added up, left out or closed.

    Raises
    ------
    BadInput
        With every fault of the tables: missing columns, unknown firms or sectors, loops, values
        that are no number or negative.

    Examples
    --------
    >>> firms = pd.DataFrame({"id": ["mine", "mill", "car"], "sector": ["ore", "steel", "cars"]})
    >>> links = pd.DataFrame(
    ...     {"supplier": ["mine", "mill"], "buyer": ["mill", "car"], "value": [10.0, 30.0]}
    ... )
    >>> net = from_firms(links, firms, essential="essential")
    >>> net.labels.tolist()
    ['World:car/cars', 'World:mine/ore', 'World:mill/steel']
    """
    tables = read_tables(links, firms, essential)
    sales = sum_by(tables.supplier, tables.value, len(tables.ids))
    purchases = sum_by(tables.buyer, tables.value, len(tables.ids))
    output, notes = _output(tables.revenue, sales, purchases)
    final = np.maximum(output - sales, 0.0)
    markets = int(final.sum() > 0)
    buyer, seller, value = _with_market(tables, final)
    keys, of = np.unique(tables.sector[seller] * (len(output) + 1) + buyer, return_inverse=True)
    item, need_buyer = np.divmod(keys, len(output) + 1)
    bought = sum_by(of, value, len(keys))
    return Network(
        items=tables.sectors,
        units=_units(tables, output),
        needs=_needs(tables, item, need_buyer, bought, np.append(output, final.sum())),
        sourcing=_sourcing(tables, item, seller, of, value / bought[of]),
        markets=np.full(markets, -1, dtype=np.int64),
        market_names=np.array(["World/final use"] * markets, dtype=np.str_),
        demand=np.full(markets, final.sum() / _DAYS),
        weight=np.full(markets, final.sum() / _DAYS),
        weight_unit="value a day",
        combine="nested",
        period="",
        basis=str(Basis.LOCATION),
        sourcing_rule="links",
        groups={},
        origins=None,
        notes=(*tables.notes, *notes),
    )


def _output(revenue: Array, sales: Array, purchases: Array) -> tuple[Array, tuple[str, ...]]:
    """Give yearly output: revenue where known and large enough, else sales, else purchases."""
    known = ~np.isnan(revenue)
    output = np.where(known, np.maximum(revenue, sales), sales)
    short = known & (revenue < sales * (1 - 1e-9))
    notes = []
    if short.any():
        notes.append(
            f"{int(short.sum())} firms sell more to firms than their revenue "
            f"({(sales - revenue)[short].sum() / sales.sum():.3%} of all sales): sales were taken."
        )
    bare = (output == 0) & (purchases > 0)
    if bare.any():
        notes.append(
            f"{int(bare.sum())} firms have purchases and neither sales nor revenue: "
            "purchases were taken as output."
        )
    return np.where(bare, purchases, output), tuple(notes)


def _with_market(tables: FirmTables, final: Array) -> tuple[Numbers, Numbers, Array]:
    """Give buyer, seller and value of all links, those to the market at the end."""
    sold = np.flatnonzero(final > 0)
    return (
        np.concatenate([tables.buyer, np.full(len(sold), len(final), dtype=np.int64)]),
        np.concatenate([tables.supplier, sold]),
        np.concatenate([tables.value, final[sold]]),
    )


def _units(tables: FirmTables, output: Array) -> Units:
    size = len(output)
    return Units(
        item=tables.sector,
        place=tables.place,
        owner=np.char.add(FIRM, tables.ids),
        basis=np.full(size, str(Basis.LOCATION)),
        output=output / _DAYS,
        headroom=np.ones(size),
        headroom_days=np.zeros(size),
        process_days=np.zeros(size),
        stand_in=np.zeros(size, dtype=np.bool_),
    )


def _needs(tables: FirmTables, item: Numbers, buyer: Numbers, bought: Array, base: Array) -> Needs:
    """Give the needs; what a market lacks is essential to it."""
    firm = buyer < len(tables.ids)
    kind = np.full(len(item), _ESSENTIAL)
    kind[firm] = tables.criticality[item[firm], tables.sector[buyer[firm]]]
    all_bought = sum_by(buyer, bought, len(base))
    part = bought / all_bought[buyer]
    return Needs(
        item=item,
        buyer=buyer,
        recipe=bought / base[buyer],
        stops_fraction=np.select([kind == _ESSENTIAL, kind == _NON_ESSENTIAL], [1.0, part], 0.0),
        essential=kind == _ESSENTIAL,
        cover=np.zeros(len(item)),
        substitute_days=np.where(kind == CRITICALITIES.index("irrelevant"), 0.0, np.inf),
    )


def _sourcing(
    tables: FirmTables, item: Numbers, seller: Numbers, need: Numbers, share: Array
) -> tuple[Sourcing, ...]:
    """Give one CSR block for each sector, units x needs."""
    count = len(tables.sectors)
    first_unit = np.searchsorted(tables.sector, np.arange(count + 1))
    first_need = np.searchsorted(item, np.arange(count + 1))
    order = np.lexsort((need, seller))
    ends = np.searchsorted(seller[order], first_unit)
    blocks = []
    for at in range(count):
        mine = order[ends[at] : ends[at + 1]]
        shape = (int(first_unit[at + 1] - first_unit[at]), int(first_need[at + 1] - first_need[at]))
        rows, columns = seller[mine] - first_unit[at], need[mine] - first_need[at]
        blocks.append(Sourcing(sparse.csr_array((share[mine], (rows, columns)), shape=shape)))
    return tuple(blocks)
