"""Rules of behaviour, need by need and unit by unit."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.routes import names
from narrows.simulate.rules import Rules, Special
from narrows.simulate.targets import items_named, market_needs, unit_of, units_at
from narrows.simulate.values import Number, best

__all__ = ["OfNeeds", "OfUnits", "of_needs", "of_units"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
_TABLE_COVER = 90.0
_LEAST_COVER = 1.0


class OfNeeds(NamedTuple):
    """Cover in days, restocking time in days and psi of each need, (needs,) each."""

    cover: Array
    restocking: Array
    psi: Array


class OfUnits(NamedTuple):
    """Numbers of behaviour of each unit, (units,) each.

    Attributes
    ----------
    headroom, headroom_days
        Most it can make as a multiple of base output, and the days to get there.
    process, finished
        Days from start to finish; days of normal output kept finished.
    classes_days
        Days of the run for which its rationing classes hold.
    sold_off
        Days in which it works off finished goods too many; not a number: as any gap.
    """

    headroom: Array
    headroom_days: Array
    process: Array
    finished: Array
    classes_days: Array
    sold_off: Array


def of_needs(net: Network, rules: Rules) -> OfNeeds:
    """Give the numbers of each need.

    A cover is one day at least, and a stock is refilled within its own cover; not so in the
    rules of the peer.
    """
    cover = net.needs.cover
    if rules.cover_days is not None:
        cover = np.full_like(cover, float(best(rules.cover_days)))
    elif net.origins is None:
        cover = np.where(cover > 0, cover, _TABLE_COVER)
    tau = np.full_like(cover, float(best(rules.restocking_days)))
    psi = np.full_like(cover, float(best(rules.psi)))
    for special in rules.special:
        hit = _needs_of(net, special)
        cover = _set(cover, hit, special.cover_days)
        tau = _set(tau, hit, special.restocking_days)
        psi = _set(psi, hit, special.psi)
    if rules.peer:
        return OfNeeds(np.where(cover <= 1, 2.0, cover), tau, psi)
    cover = np.maximum(cover, _LEAST_COVER)
    return OfNeeds(cover, np.minimum(tau, np.where(np.isfinite(cover), cover, tau)), psi)


def of_units(net: Network, rules: Rules) -> OfUnits:
    """Give the numbers of each unit."""
    size = net.units.output.shape
    found = {
        "headroom": net.units.headroom,
        "headroom_days": net.units.headroom_days,
        "process_days": net.units.process_days,
        "finished_days": np.zeros(size),
        "classes_days": np.full(size, np.inf),
        "sold_off_days": np.full(size, np.nan),
    }
    for name in found:
        if getattr(rules, name) is not None:
            found[name] = np.full(size, float(best(getattr(rules, name))))
    for special in rules.special:
        hit = _units_of(net, special)
        found = {name: _set(each, hit, getattr(special, name)) for name, each in found.items()}
    none = np.zeros(size)
    return OfUnits(
        headroom=found["headroom"],
        headroom_days=np.maximum(found["headroom_days"], 1.0),
        process=none if rules.peer else found["process_days"],
        finished=none if rules.peer else found["finished_days"],
        classes_days=found["classes_days"],
        sold_off=found["sold_off_days"],
    )


def _units_of(net: Network, special: Special) -> Flags:
    if not special.units:
        return units_at(net, special.places, special.items, where=special.where or "rules")
    hit = np.zeros(len(net.units.item), dtype=np.bool_)
    for label in names(special.units):
        hit[unit_of(net, label, special.where or "rules")] = True
    return hit


def _set(values: Array, hit: Flags, value: Number | None) -> Array:
    return values if value is None else np.where(hit, float(best(value)), values)


def _needs_of(net: Network, special: Special) -> Flags:
    """Tell which needs are meant: what the named units, or markets, buy of the named inputs."""
    size = len(net.units.item)
    chosen = _units_of(net, special)
    unit = net.needs.buyer < size
    hit = np.zeros(len(net.needs.item), dtype=np.bool_)
    hit[unit] = chosen[net.needs.buyer[unit]]
    if special.markets:
        hit[~unit] = market_needs(net, special.markets, "*", where="rules")
    return np.asarray(hit & items_named(net, special.inputs, where="rules")[net.needs.item])
