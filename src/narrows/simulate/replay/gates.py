"""What keeps goods from leaving: licences, with the orders ahead of them, and closed lanes."""

from collections.abc import Iterator

import numpy as np

from narrows.simulate.replay.by_day import CutByDay, StockpilingByDay
from narrows.simulate.replay.chain import Chain
from narrows.simulate.replay.timing import closed, days_to_qualify, expected_gap, not_bought
from narrows.simulate.routes import Names
from narrows.simulate.shocks import Shock
from narrows.simulate.values import best

__all__ = ["lanes", "licences", "names_of"]


def licences(chain: Chain) -> Iterator[Shock]:
    """Caps on shipments, and what buyers order ahead of them once they are announced.

    They look ahead as long as they need to qualify another maker. From the announcement to the
    first shipment an order takes its time. Who has moved to another maker stays there in part.
    """
    case = chain.case
    for event in (each for each in case.events if each.kind == "licence"):
        start = event.start - case.days[0]
        for maker in case.members(event.hits):
            force = tuple(not_bought(chain, event, maker).tolist())
            yield CutByDay(from_=(maker,), to="*", start=start, force=force)
        ordered = event.announced + round(best(chain.behaviour.order_days))
        begins = max(1, ordered - case.days[0] + 1)
        items = {case.provider(maker).item for maker in case.members(event.hits)}
        for item in sorted(items):
            buyers = [each for each in chain.buyers(item) if each != "final"]
            gap = expected_gap(chain, event, days_to_qualify(chain, item))
            ahead = best(chain.behaviour.front_loaded) * gap if start > begins else 0.0
            begins = min(begins, start - 1)
            if buyers and event.announced < event.start - 1:
                yield StockpilingByDay(
                    force=_rising(case.horizon, begins, start),
                    place=tuple(buyers),
                    items=names_of(chain, item),
                    stock_days=ahead,
                    start=begins,
                    days=start - begins,
                )


def lanes(chain: Chain) -> Iterator[Shock]:
    """Give lanes that are closed: goods wait at the maker, finished ones too."""
    case = chain.case
    for event in (each for each in case.events if each.kind == "lane"):
        force = tuple(closed(chain, event).tolist())
        for maker in case.members(event.hits):
            yield CutByDay(
                from_=(maker,),
                to=case.members(event.to) or "*",
                start=max(1, event.start - case.days[0]),
                force=force,
            )


def _rising(horizon: int, first: int, end: int) -> tuple[float, ...]:
    """Give weights that rise evenly from the first day to the last before the end; mean 1."""
    force = np.zeros(horizon)
    days = np.arange(1.0, end - first + 1.0)
    force[first:end] = days / days.mean()
    return tuple(force.tolist())


def names_of(chain: Chain, item: str) -> Names:
    """Give the names in the network of the lines of an item."""
    return tuple(line.name for line in chain.lines if line.item == item)
