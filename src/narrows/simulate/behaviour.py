"""Rules of behaviour, need by need and unit by unit."""

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.rules import Rules, Special
from narrows.simulate.targets import items_named, market_needs, units_at
from narrows.simulate.values import Number, best

__all__ = ["of_needs", "of_units"]

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
_TABLE_COVER = 90.0
_LEAST_COVER = 1.0


def of_needs(net: Network, rules: Rules) -> tuple[Array, Array, Array]:
    """Give cover in days, restocking time in days and psi of each need, (needs,) each.

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
        return np.where(cover <= 1, 2.0, cover), tau, psi
    cover = np.maximum(cover, _LEAST_COVER)
    return cover, np.minimum(tau, np.where(np.isfinite(cover), cover, tau)), psi


def of_units(net: Network, rules: Rules) -> tuple[Array, Array, Array]:
    """Give headroom, days to reach it and process time in days of each unit, (units,) each."""
    units = net.units
    size = units.output.shape
    most = units.headroom if rules.headroom is None else np.full(size, float(best(rules.headroom)))
    days = units.headroom_days
    if rules.headroom_days is not None:
        days = np.full(size, float(best(rules.headroom_days)))
    process = units.process_days
    if rules.process_days is not None:
        process = np.full(size, float(best(rules.process_days)))
    for special in rules.special:
        hit = units_at(net, special.places, special.items, where="rules")
        most = _set(most, hit, special.headroom)
        days = _set(days, hit, special.headroom_days)
        process = _set(process, hit, special.process_days)
    return most, np.maximum(days, 1.0), np.zeros(size) if rules.peer else process


def _set(values: Array, hit: Flags, value: Number | None) -> Array:
    return values if value is None else np.where(hit, float(best(value)), values)


def _needs_of(net: Network, special: Special) -> Flags:
    """Tell which needs are meant: what the named units, or markets, buy of the named inputs."""
    size = len(net.units.item)
    chosen = units_at(net, special.places, special.items, where="rules")
    unit = net.needs.buyer < size
    hit = np.zeros(len(net.needs.item), dtype=np.bool_)
    hit[unit] = chosen[net.needs.buyer[unit]]
    if special.markets:
        hit[~unit] = market_needs(net, special.markets, "*", where="rules")
    return np.asarray(hit & items_named(net, special.inputs, where="rules")[net.needs.item])
