"""The queue at makers who sell their capacity ahead, once some buyers have cut their orders.

What they give back is booked by the other users, as far as these will grow into it. Who returns
comes last until that is worked off, and then gets its usual part again.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.replay.chain import FINAL, Chain
from narrows.simulate.replay.timing import demand_by_day, wanted_by_day
from narrows.simulate.values import best

__all__ = ["bookings", "cut_orders", "queues"]

Array = NDArray[np.float64]
_CUT = 0.8  # demand below which buyers are taken to have cancelled orders


def cut_orders(chain: Chain, item: str) -> bool:
    """Tell whether what an item goes into was wanted much less for a while."""
    if demand_by_day(chain, item).min() < _CUT:
        return True
    return any(cut_orders(chain, each.buyer) for each in chain.case.users(item))


def queues(chain: Chain) -> Iterator[tuple[str, float]]:
    """Give items of which buyers had cut orders, and the day on which the rest is worked off."""
    for item in (each.id for each in chain.case.items):
        ahead = chain.kind_of(item).booked_days
        back = [_back(chain, each.buyer) for each in chain.case.users(item)]
        if ahead is not None and any(back):
            yield item, max(back) + best(ahead)


def bookings(chain: Chain) -> Iterator[tuple[str, Array]]:
    """Give items of which others book what was given back, and how much more they want by day.

    As far as they will grow into it within the days for which they book.
    """
    wanted = wanted_by_day(chain)
    for item, end in queues(chain):
        if not chain.sold(item):
            continue
        given = np.zeros(chain.case.horizon)
        for recipe in chain.case.users(item):
            less = np.clip(1.0 - wanted[recipe.buyer], 0.0, None)
            given += chain.parts[item, recipe.buyer] * np.maximum.accumulate(less)
        own = demand_by_day(chain, item)
        ahead = round(best(chain.kind_of(item).booked_days or 0.0))
        grown = np.array([own[day : day + ahead + 1].max() for day in range(len(own))])
        booked = np.minimum(1.0 + given / chain.parts[item, FINAL], grown)
        more = np.clip(booked / np.maximum(own, 1.0) - 1.0, 0.0, None)
        more[round(end) :] = 0.0
        yield item, more


def _back(chain: Chain, item: str) -> int:
    """Give the day of the run after the last on which an item, or what it goes into, was cut."""
    cut = np.flatnonzero(demand_by_day(chain, item) < _CUT)
    own = int(cut[-1]) + 1 if cut.size else 0
    return max([own, *(_back(chain, each.buyer) for each in chain.case.users(item))])
