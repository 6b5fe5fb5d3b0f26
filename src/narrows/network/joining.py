"""Join a chain into an input-output table: its items are carved out of a parent sector."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.evidence import Case
from narrows.network.build import from_case
from narrows.network.from_table import from_mrio
from narrows.network.joining_cut import Cut, carved, tables_of
from narrows.network.joining_report import JoinReport, final_uses_of, flows_of_net, join_report
from narrows.network.joining_settings import ENDS, read_joins
from narrows.network.joining_wish import MONEY, Wish, wish_of
from narrows.network.network import Needs, Network, Units
from narrows.network.table_report import TableReport
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["joined"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
_FILE = "joins.yaml"
_SOURCING = ("table", "pooled")
_KINDS = ("sales", "parts", "value_added", "most", "bought", "output")


def joined(
    chain: Case | Network,
    table: Network,
    *,
    joins: str | Path | None = None,
    sales: float | None = None,
    sourcing: str = "table",
    at: Mapping[str, str] | None = None,
) -> Network:
    """Carve the items of a chain out of a sector of an inter-country table.

    The result is a network in the money of the table, which the simulation runs as any other.
    Added back into the parent sector (`table_of`), it is the table it was made from, and no cell
    has turned negative. Only the carved items stop those who need them, as far as the evidence
    says; what else a sector buys does not bind.

    Parameters
    ----------
    chain
        A case (the network of its period nearest to the year of the table is taken), or the
        network of a case.
    table
        A network from `from_mrio` with its unit: USD, or thousand, million or billion USD.
    joins
        File of settings; None: ``joins.yaml`` in the folder of the case.
    sales
        Sales of all carved items in the year of the table, in the unit of the settings (billion
        USD for chips); None: the figure of the settings, or of the case, for that year.
    sourcing
        ``table``: who sells the items to whom is nearest to who sells the parent sector's goods
        to whom. ``pooled``: every buyer takes the world's shares, as far as the cells have room.
    at
        End of the range to take by kind of setting: ``sales``, ``parts``, ``value_added``,
        ``most``, ``bought``, ``output``, each ``low``, ``best`` or ``high``.

    Returns
    -------
    Network
        Its `report` is a `JoinReport`: what was placed, what was moved to fit, every assumption.

    Raises
    ------
    BadInput
        When the settings are faulty, no kind of table fits, there are no sales for the year, or
        the networks are not a chain and a table.
    UnknownName
        For an item, a place or a setting that nothing carries.

    References
    ----------
    R. Miller and P. Blair (2022), Input-Output Analysis, 3rd edition, chapter 9 (biproportional
    methods). M. Bacharach (1970), Biproportional Matrices and Input-Output Change.
    """
    _check(table)
    if sourcing not in _SOURCING:
        raise UnknownName("sourcing", sourcing, _SOURCING, where="joined")
    ends = _ends(at)
    case = chain if isinstance(chain, Case) else chain.made_from.case
    if isinstance(chain, Case):
        chain = from_case(case, period=_nearest(case, table.period))
    settings = read_joins(case.package.folder / _FILE if joins is None else Path(joins))
    for item in settings.items:
        chain.number(item)
    flows = flows_of_net(table)
    size = len(table.units.item)
    wish = wish_of(chain, table, settings, ends=ends, sales=sales, flows=flows[:, :size])
    parent = table.unit_slices[table.items.index(wish.parent)]
    cut = carved(flows, parent, wish, pooled=sourcing == "pooled")
    return _assembled(chain, table, wish, cut, sourcing)


def _check(table: Network) -> TableReport:
    report = table.report
    if report is None or isinstance(report, JoinReport):
        found = "no table" if report is None else "a table into which a chain is joined already"
        raise BadInput(Fault("table", None, "", found, "a network from `from_mrio`"))
    if report.unit not in MONEY:
        found = repr(report.unit) if report.unit else "no unit"
        expected = f"one of {', '.join(MONEY)}; give it as `from_mrio(..., unit=)`"
        raise BadInput(Fault("table", None, "unit", found, expected))
    return report


def _ends(at: Mapping[str, str] | None) -> dict[str, str]:
    given = dict(at or {})
    for kind, end in given.items():
        if kind not in _KINDS:
            raise UnknownName("setting", kind, _KINDS, where="at")
        if end not in ENDS:
            raise UnknownName("end of the range", end, ENDS, where=f"at: {kind}")
    return {kind: given.get(kind, "best") for kind in _KINDS}


def _nearest(case: Case, year: str) -> str | None:
    """Give the period of the case nearest to a year; None (the default one) without a year."""
    years = [each for each in case.periods if each.isdigit()]
    if not year.isdigit() or not years:
        return None
    return min(years, key=lambda each: abs(int(each) - int(year)))


def _assembled(chain: Network, table: Network, wish: Wish, cut: Cut, sourcing: str) -> Network:
    """Build the network of the table with the carved units, and set what the chain knows."""
    report = _check(table)
    names = np.array(wish.items)
    places = np.concatenate([table.units.place, np.array(wish.regions)[cut.region]])
    sectors = np.concatenate([np.array(table.items)[table.units.item], names[cut.item]])
    rows = pd.MultiIndex.from_arrays([places, sectors])
    z = pd.DataFrame(cut.z, rows, rows)
    y = pd.DataFrame(cut.y, rows, final_uses_of(table)).T.groupby(level=[0, 1]).sum().T
    net = from_mrio(z, y, unit=report.unit)
    found = tables_of(cut, wish)
    buyer = found["uses"].pop("buyer").to_numpy()
    found["uses"].insert(2, "region", table.units.place[buyer])
    return replace(
        net,
        units=_units(net, wish),
        needs=_needs(net, table, wish, cut),
        combine=chain.combine,
        period=table.period,
        groups=chain.groups,
        sourcing_rule="table, joined",
        notes=(
            f"{wish.join.name}: {wish.join.why}",
            f"shares, stops and cover of the chain are those of {chain.period}",
            f"who buys the items from whom: {sourcing}",
        ),
        report=join_report(
            report,
            join=wish.join.name,
            parent=wish.parent,
            items=wish.items,
            assumptions=wish.assumptions,
            **found,
        ),
    )


def _units(net: Network, wish: Wish) -> Units:
    """Give the carved units the headroom and the days of work of the chain."""
    headroom, rise = net.units.headroom.copy(), net.units.headroom_days.copy()
    work = net.units.process_days.copy()
    number = {label: row for row, label in enumerate(net.labels.tolist())}
    for k, item in enumerate(wish.items):
        for region in {maker.region for maker in wish.makers[k]}:
            unit = number.get(f"{region}/{item}")
            mine = [maker for maker in wish.makers[k] if maker.region == region]
            weight = sum(maker.part for maker in mine)
            if unit is None or weight <= 0:
                continue
            headroom[unit] = sum(each.part * each.headroom for each in mine) / weight
            rise[unit] = sum(each.part * each.headroom_days for each in mine) / weight
            work[unit] = sum(each.part * each.process_days for each in mine) / weight + wish.work[k]
    return replace(net.units, headroom=headroom, headroom_days=rise, process_days=work)


def _needs(net: Network, table: Network, wish: Wish, cut: Cut) -> Needs:
    """Name the essential inputs: the carved items, for those who buy them."""
    needs = net.needs
    essential = np.zeros(len(needs.item), dtype=np.bool_)
    stops, cover = needs.stops_fraction.copy(), needs.cover.copy()
    substitute = needs.substitute_days.copy()
    number = {label: row for row, label in enumerate(net.labels.tolist())}
    buyers = np.array([number[label] for label in table.labels[wish.buyers.units].tolist()])
    for k, item in enumerate(wish.items):
        if item not in net.items:
            continue
        block = net.need_slices[net.number(item)]
        mine = np.flatnonzero(cut.sold[k].sum(axis=0) > 0)
        rows = block.start + buyers[mine]  # a table has a need of every buyer, in their order
        essential[rows] = wish.buyers.stops[k, mine] > 0
        stops[rows] = wish.buyers.stops[k, mine]
        cover[rows] = wish.buyers.cover[k, mine]
        substitute[rows] = wish.buyers.substitute_days[k, mine]
    return replace(
        needs,
        essential=essential,
        stops_fraction=stops,
        cover=cover,
        substitute_days=substitute,
    )
