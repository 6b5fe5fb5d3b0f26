"""Whom a shock hits: names of a scenario against the labels of a network."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.routes import ALL, Names, names
from narrows.simulate.shocks import CapacityLoss
from narrows.terms import Basis, UnknownName

__all__ = ["items_named", "losses_of", "market_needs", "places_named", "unit_of", "units_at"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def items_named(net: Network, wanted: Names, *, where: str = "") -> Flags:
    """Tell which items of the network a name or pattern means, shape (items,).

    Raises
    ------
    UnknownName
        When a name means none.
    """
    return _matched(net.items, names(wanted), "item", where)


def places_named(net: Network, wanted: Names, *, where: str = "") -> frozenset[str]:
    """Give the places that names or groups mean; ``*`` gives an empty set.

    Raises
    ------
    UnknownName
        When a name is no place and no group of the network.
    """
    buyers = {label.partition("/")[0] for label in net.market_names.tolist()}
    known = set(net.units.place.tolist()) | buyers
    found: set[str] = set()
    for name in names(wanted):
        if name == ALL:
            continue
        members = {name, *net.groups.get(name, ())} & known
        if not members:
            raise UnknownName("place", name, sorted(known | set(net.groups)), where=where)
        found |= members
    return frozenset(found)


def units_at(net: Network, place: Names, items: Names, *, where: str = "") -> Flags:
    """Tell which units make some items at some places, shape (units,).

    Raises
    ------
    UnknownName
        When a name means nothing, or no item named is made at the places named.
    """
    chosen = items_named(net, items, where=where)[net.units.item]
    if ALL in names(place):
        return np.asarray(chosen)
    places = places_named(net, place, where=where)
    hit = chosen & np.isin(net.units.place, sorted(places)) & _reached(net)
    if not hit.any():
        here = np.isin(net.units.place, sorted(places))
        made = sorted({net.items[item] for item in net.units.item[here]})
        raise UnknownName("item made there", ", ".join(names(items)), made, where=where)
    return np.asarray(hit)


def losses_of(net: Network, shock: CapacityLoss, lost: float) -> Array:
    """Give the part of capacity each unit loses at the plateau, shape (units,)."""
    out = np.zeros(len(net.units.item))
    if shock.table:
        for label, part in shock.table:
            out[unit_of(net, label, shock.where)] = part
        return out
    if shock.unit:
        for label in names(shock.unit):
            out[unit_of(net, label, shock.where)] = lost
        return out
    if shock.firm:
        owners = sorted(set(net.units.owner.tolist()) - {""})
        hit = np.zeros(len(out), dtype=np.bool_)
        for firm in names(shock.firm):
            if firm not in owners:
                raise UnknownName("firm", firm, owners, where=shock.where)
            hit |= net.units.owner == firm
        out[hit & items_named(net, shock.items, where=shock.where)[net.units.item]] = lost
        return out
    out[units_at(net, shock.place, shock.items, where=shock.where)] = lost
    return out


def market_needs(net: Network, market: Names, items: Names, *, where: str = "") -> Flags:
    """Tell which market needs are meant, shape (market needs,), in the order of the needs."""
    size = len(net.units.item)
    labels = net.market_names.tolist()
    groups = {
        name: members for name in names(market) if (members := net.groups.get(name)) is not None
    }
    wanted = [each for name in names(market) for each in groups.get(name, (name,))]
    patterns = [name if "/" in name or name == ALL else f"{name}/*" for name in wanted]
    known = [*labels, *{label.partition("/")[0] for label in labels}]
    chosen = np.zeros(len(labels), dtype=np.bool_)
    for name, pattern in zip(wanted, patterns, strict=True):
        mine = np.array([fnmatchcase(label, pattern) for label in labels])
        if not mine.any() and name in names(market):
            raise UnknownName("market", name, known, where=where)
        chosen |= mine
    needs = np.flatnonzero(net.needs.buyer >= size)
    of_item = items_named(net, items, where=where)[net.needs.item[needs]]
    return np.asarray(chosen[net.needs.buyer[needs] - size] & of_item)


def unit_of(net: Network, label: str, where: str = "") -> int:
    """Give the number of a unit by its label.

    Raises
    ------
    UnknownName
        When there is none.
    """
    found = np.flatnonzero(net.labels == label)
    if not found.size:
        raise UnknownName("unit", label, net.labels.tolist(), where=where)
    return int(found[0])


def _reached(net: Network) -> Flags:
    """Tell which units a shock at their place reaches (see the two bases)."""
    if net.basis == Basis.HEADQUARTERS:
        return np.ones(len(net.units.item), dtype=np.bool_)
    return np.asarray((net.units.basis == Basis.LOCATION) | net.units.stand_in)


def _matched(known: Sequence[str], wanted: Sequence[str], kind: str, where: str) -> Flags:
    out = np.zeros(len(known), dtype=np.bool_)
    for pattern in wanted:
        mine = np.array([name == pattern or fnmatchcase(name, pattern) for name in known])
        if not mine.any():
            raise UnknownName(kind, pattern, list(known), where=where)
        out |= mine
    return out
