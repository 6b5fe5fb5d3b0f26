"""Losses of capital bound to a network: who lost how much, and who rebuilds it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.kernels.blocks import Rebuilding
from narrows.simulate.routes import names
from narrows.simulate.shocks import CapitalLoss, Shock
from narrows.simulate.targets import items_named, unit_of, units_at
from narrows.simulate.values import best
from narrows.terms import BadInput, Fault

__all__ = ["capital_lost", "rebuildings"]

Array = NDArray[np.float64]
_YEAR = 365.0


def rebuildings(
    net: Network, shocks: Sequence[tuple[int, Shock]], width: int
) -> tuple[Rebuilding, ...]:
    """Give the capital to be rebuilt.

    Parameters
    ----------
    shocks
        Each with the number of its scenario.
    width
        Number of scenarios.
    """
    found = []
    for column, shock in shocks:
        if isinstance(shock, CapitalLoss) and shock.rebuilt_with:
            size = np.zeros(width)
            size[column] = best(shock.lost)
            found.append(_rebuilding(net, shock, size))
    return tuple(found)


def capital_lost(net: Network, shock: CapitalLoss) -> Array:
    """Give the part of its capital each unit loses if `lost` is 1, shape (units,).

    Raises
    ------
    BadInput
        When the network has no value added, or a unit would lose more capital than it has.
    """
    capital = _capital(net, shock)
    if not shock.table:
        hit = np.zeros(len(capital), dtype=np.bool_)
        for label in names(shock.unit):
            hit[unit_of(net, label, shock.where)] = True
        if not shock.unit:
            hit = units_at(net, shock.place, shock.items, where=shock.where)
        return np.where(hit & (capital > 0), 1.0, 0.0)
    lost = np.zeros(len(capital))
    for label, value in shock.table:
        lost[unit_of(net, label, shock.where)] += value
    worst = int(np.argmax(lost - capital))
    if lost[worst] > capital[worst]:
        found = f"{lost[worst]:g} lost of the capital of {net.labels[worst]}"
        expected = f"at most {capital[worst]:g}"
        raise BadInput(Fault(shock.where or "CapitalLoss", None, "table", found, expected))
    return np.divide(lost, capital, out=np.zeros_like(lost), where=capital > 0)


def _capital(net: Network, shock: CapitalLoss) -> Array:
    """Give the capital of each unit in the unit of the table: years of value added."""
    if net.origins is not None:
        found = "a chain in normal flow, which has no value added"
        raise BadInput(Fault(shock.where or "CapitalLoss", None, "", found, "a table"))
    size = len(net.units.item)
    unit = net.needs.buyer < size
    used = np.bincount(net.needs.buyer[unit], weights=net.needs.recipe[unit], minlength=size)
    added = net.units.output * (1.0 - used)
    return np.asarray(np.clip(added, 0.0, None) * _YEAR * shock.capital_years)


def _rebuilding(net: Network, shock: CapitalLoss, size: Array) -> Rebuilding:
    part = capital_lost(net, shock)
    columns = np.flatnonzero(part)
    capital = _capital(net, shock)[columns]
    goods = np.zeros((len(net.units.item), len(columns)))
    for item, share in shock.rebuilt_with.items():
        for number in np.flatnonzero(items_named(net, item, where=shock.where)).tolist():
            goods[net.unit_slices[number]] += share * _suppliers(net, number, columns)
    goods *= shock.rebuild_cost * part[columns] * capital
    rows = np.flatnonzero(goods.any(axis=1))
    return Rebuilding(
        start=shock.start,
        begins=shock.start + (shock.days or 1),
        rows=rows,
        columns=columns,
        goods=goods[rows],
        capital=(shock.rebuild_cost * capital)[:, None],
        size=size,
        rate=np.array([1.0 / best(shock.rebuild_days)]),
    )


def _suppliers(net: Network, item: int, columns: NDArray[np.int64]) -> Array:
    """Give from which makers of an item the losers buy, (makers, losers)."""
    shares = net.sourcing[item].shares
    if not isinstance(shares, np.ndarray):
        shares = shares.toarray()
    if shares.ndim == 1:
        return np.repeat(shares[:, None], len(columns), axis=1)
    needs = net.need_slices[item]
    buyers = net.needs.buyer[needs]
    place = {buyer: number for number, buyer in enumerate(buyers.tolist())}
    usual = shares.sum(axis=1) / shares.sum()
    found = [shares[:, place[each]] if each in place else usual for each in columns.tolist()]
    return np.stack(found, axis=1)
