"""What a replay file says of capacity, licences and demand, day by day."""

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.replay.case import Event
from narrows.simulate.replay.chain import FINAL, Chain
from narrows.simulate.values import best

__all__ = [
    "capacity_left",
    "closed",
    "days_of",
    "days_to_qualify",
    "demand_by_day",
    "expected_gap",
    "licensed",
    "loss_as_stated",
    "moved",
    "not_bought",
    "passed",
    "path_of",
    "wanted_by_day",
    "withheld",
]

Array = NDArray[np.float64]


def capacity_left(chain: Chain, provider: str) -> Array:
    """Give the part of its capacity that a provider has by day, growth left out.

    An item of a kind with many types at once stands for that many. A product that needs n of them
    can be made of a part p to the n where a part p is there. Products differ in n:
    each needs one type, and of the many others some by chance (Poisson, m - 1 in the mean). Over
    all products p exp(-(m - 1) (1 - p)) is left. What one provider alone made is in part made
    elsewhere in time.
    """
    lost = np.clip(loss_as_stated(chain, provider), 0.0, 1.0) * (1.0 - moved(chain, provider))
    item = chain.case.provider(provider).item
    types = best(chain.kind_of(item).types_at_once)
    return np.asarray((1.0 - lost) * np.exp(-(types - 1.0) * lost))


def moved(chain: Chain, provider: str) -> Array:
    """Give the part of what a provider has lost that is made elsewhere, by day.

    Only where nobody else makes the item: else the buyers go to the others that are named.
    """
    case = chain.case
    item = case.provider(provider).item
    starts = [
        each.start
        for each in case.events
        if each.kind == "capacity" and provider in case.members(each.hits)
    ]
    if len(case.makers(item)) > 1 or not starts:
        return np.zeros(case.horizon)
    kind = chain.kind_of(item)
    since = days_of(chain) - min(starts)
    days = max(days_to_qualify(chain, item), 1.0)
    return np.asarray(best(kind.moved) * np.clip(since / days, 0.0, 1.0))


def days_to_qualify(chain: Chain, item: str) -> float:
    """Give the days until all users of an item can take it from another maker."""
    users = chain.case.users(item)
    own = [best(each.qualification_days) for each in users if each.qualification_days is not None]
    return max(own) if own else best(chain.kind_of(item).qualification_days)


def loss_as_stated(chain: Chain, provider: str) -> Array:
    """Give the part of its capacity that a provider has lost by day, as the file says."""
    left = np.ones(chain.case.horizon)
    for event in chain.case.events:
        if event.kind == "capacity" and provider in chain.case.members(event.hits):
            left *= 1.0 - _loss(chain, event)
    return 1.0 - left


def licensed(chain: Chain, provider: str) -> Array:
    """Give the part of its normal shipments that licences allow a provider, by day."""
    left = np.ones(chain.case.horizon)
    for event in chain.case.events:
        if event.kind == "licence" and provider in chain.case.members(event.hits):
            left *= 1.0 - withheld(chain, event)
    return left


def demand_by_day(chain: Chain, item: str) -> Array:
    """Give the factor on what final users want of an item, by day."""
    factor = np.ones(chain.case.horizon)
    for event in chain.case.events:
        if event.kind == "demand" and item in event.hits:
            factor *= path_of(chain, event)
    return factor


def wanted_by_day(chain: Chain) -> dict[str, Array]:
    """Give what is wanted of each item by day, over normal; changes of demand in proportion."""
    out: dict[str, Array] = {}
    for item in reversed(chain.case.upstream_first):
        own = demand_by_day(chain, item)
        users = chain.case.users(item)
        if not users:
            out[item] = own
            continue
        sold = chain.sold(item)
        used = np.asarray(sum(chain.parts[item, each.buyer] * out[each.buyer] for each in users))
        whole = sum(chain.parts[item, each.buyer] for each in users) + chain.parts[item, FINAL]
        of_final = chain.parts[item, FINAL] * own
        out[item] = (used + of_final if sold else used * own) / whole
    return out


def days_of(chain: Chain) -> Array:
    """Give the days of the run, counted from day zero."""
    first, last = chain.case.days
    return np.arange(first, last + 1, dtype=np.float64)


def path_of(chain: Chain, event: Event) -> Array:
    """Give the factors of a path by day, on straight lines between its days."""
    factors = [best(each) for each in event.path]
    return np.asarray(np.interp(days_of(chain), event.path_days, factors))


def _loss(chain: Chain, event: Event) -> Array:
    """Give the part of capacity lost by day; a path gives the part that is left."""
    if event.path:
        return 1.0 - path_of(chain, event)
    since = days_of(chain) - event.start
    after = since - best(event.hold_days)
    fading = _left(event.shape, after, best(event.recovery_days))
    return np.where(since < 0, 0.0, _lost(chain, event) * np.where(after < 0, 1.0, fading))


def _lost(chain: Chain, event: Event) -> float:
    """Give the part lost at first; who alone is barred still gets some through others."""
    if event.lost is not None:
        return best(event.lost)
    return 1.0 - best(chain.behaviour.leaks) if event.kind == "lane" and event.to else 1.0


def closed(chain: Chain, event: Event) -> Array:
    """Give the part of a lane that is closed by day."""
    return _loss(chain, event)


def passed(chain: Chain, provider: str, buyer: str) -> Array:
    """Give the part of what a provider ships to a buyer that lanes let through by day."""
    left = np.ones(chain.case.horizon)
    for event in chain.case.events:
        mine = event.kind == "lane" and provider in chain.case.members(event.hits)
        if mine and (not event.to or buyer in chain.case.members(event.to)):
            left *= 1.0 - closed(chain, event)
    return left


def _left(shape: str, after: Array, length: float) -> Array:
    """Give the part of a loss left so many days into its recovery."""
    after = np.clip(after, 0.0, None)
    if shape == "exp":
        return np.exp(-after / max(length, 1e-9))
    done = np.ones_like(after) if length <= 0 or shape == "step" else np.clip(after / length, 0, 1)
    if shape == "s-curve":
        done = done * done * (3.0 - 2.0 * done)
    return np.asarray(1.0 - done)


def withheld(chain: Chain, event: Event) -> Array:
    """Give the part of shipments without a licence by day.

    None is granted in the first days; then a first share, which grows evenly to all.
    """
    return _without_licence(chain, event, days_of(chain) - event.start)


def not_bought(chain: Chain, event: Event, provider: str) -> Array:
    """Give the part of a provider's shipments that a licence keeps from its buyers by day.

    What is withheld; after that a part of what its buyers could move to others by then, as far
    as these had room and were approved: a maker once approved is kept.
    """
    away = withheld(chain, event)
    gone = np.maximum.accumulate(away * _movable(chain, event, provider))
    return np.asarray(np.maximum(away, best(chain.behaviour.stays) * gone))


def _movable(chain: Chain, event: Event, provider: str) -> Array:
    """Give the part of a provider's shipments that others can take over by day, at most all."""
    item = chain.case.provider(provider).item
    kind = chain.kind_of(item)
    since = np.clip(days_of(chain) - event.start, 0.0, None)
    first = best(kind.redirected)
    approved = np.minimum(1.0, since / max(days_to_qualify(chain, item), 1.0))
    room = np.zeros_like(since)
    for other in chain.case.makers(item):
        if other.id != provider and other.id not in chain.case.members(event.hits):
            most = best(kind.headroom if other.headroom is None else other.headroom) - 1.0
            days = best(kind.ramp_days if other.ramp_days is None else other.ramp_days)
            grown = 1.0 - 10.0 ** (-since / max(days, 1.0))
            room += chain.made[other.id] * most * grown
    room = np.minimum(1.0, room / chain.made[provider])
    return np.asarray(room * (first + (1.0 - first) * approved))


def expected_gap(chain: Chain, event: Event, days: float) -> float:
    """Give how many days of normal shipments a licence holds back within so many days."""
    return float(_without_licence(chain, event, np.arange(round(days), dtype=np.float64)).sum())


def _without_licence(chain: Chain, event: Event, since: Array) -> Array:
    """Give the part without a licence so many days after the start; what no file says is usual."""
    usual = chain.behaviour
    first, share, ramp = (
        best(usually if own is None else own)
        for own, usually in (
            (event.first_days, usual.licence_first_days),
            (event.first_share, usual.licence_first_share),
            (event.ramp_days, usual.licence_ramp_days),
        )
    )
    later = since - first
    growth = np.clip(later / max(ramp, 1e-9), 0.0, 1.0)
    granted = np.where(later < 0, 0.0, share + (1.0 - share) * growth)
    covered = best(usual.covered if event.covered is None else event.covered)
    return np.where(since < 0, 0.0, covered * (1.0 - granted))
