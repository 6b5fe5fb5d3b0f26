"""When shocks begin, change and end, and whom they hit, as words."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.routes import names
from narrows.simulate.scenario import Scenario
from narrows.simulate.shocks import (
    CapacityLoss,
    DemandChange,
    RecipeChange,
    Shock,
    StockChange,
    Stockpiling,
    TradeCut,
)
from narrows.simulate.targets import items_named, losses_of, market_needs, places_named, units_at
from narrows.simulate.values import best

__all__ = ["Event", "Reach", "events_of", "reach_of"]

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Event:
    """A day on which a shock begins, reaches its full size, fades or is over.

    Attributes
    ----------
    day
        First day on which it shows.
    shock
        Number of the shock in the scenario.
    change
        ``begins``, ``is full``, ``recovers``, ``is over``.
    """

    day: int
    shock: int
    change: str


@dataclass(frozen=True)
class Reach:
    """Whom a shock hits, and how it is called.

    Attributes
    ----------
    label
        Such as ``loss of 60 % of capacity (JPN, c14)``.
    units
        Units that it hits themselves.
    markets
        Market needs whose demand it changes.
    items
        Items whose trade it cuts.
    ways
        Sellers and buyers of each way it cuts; an empty side is everybody else.
    """

    label: str
    units: Flags
    markets: Flags
    items: Flags
    ways: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()

    def cuts(self, item: int, seller: str, buyer: str) -> bool:
        """Tell whether it cuts the trade of an item from one place to another."""
        if not self.items[item]:
            return False
        for sells, buys in self.ways:
            named = (seller in sells or not sells) and (buyer in buys or not buys)
            if named and (seller != buyer or (seller in sells and buyer in buys)):
                return True
        return False


def events_of(scenario: Scenario) -> list[Event]:
    """Give the days on which the shocks of a scenario change, in order."""
    found = [
        event
        for number, shock in enumerate(scenario.shocks)
        for event in _of(shock, number, scenario)
    ]
    return sorted(found, key=lambda event: event.day)


def reach_of(net: Network, shock: Shock) -> Reach:
    """Bind a shock to a network."""
    size, where = len(net.units.item), shock.where
    units = np.zeros(size, dtype=np.bool_)
    items = np.zeros(len(net.items), dtype=np.bool_)
    markets = np.zeros(int((net.needs.buyer >= size).sum()), dtype=np.bool_)
    ways: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()
    label = f"shock {shock.kind}"
    if isinstance(shock, CapacityLoss):
        units = losses_of(net, shock, best(shock.lost)) > 0
        whom = shock.unit or shock.firm or shock.place
        part = "" if shock.table else f"{_percent(best(shock.lost))} of "
        label = f"loss of {part}capacity ({_named(whom)}, {_named(shock.items)})"
    elif isinstance(shock, TradeCut):
        items = items_named(net, shock.items, where=where)
        ways = tuple(
            (places_named(net, one, where=where), places_named(net, other, where=where))
            for one, other in shock.ways()
        )
        sides = [" ".join(names(side)) for side in (shock.between or (shock.from_, shock.to))]
        said = f"{sides[0]} {'with' if shock.between else 'to'} {sides[1]}".replace("*", "all")
        label = f"cut of {_percent(best(shock.lost))} of trade ({said})"
    elif isinstance(shock, DemandChange):
        markets = market_needs(net, shock.market, shock.items, where=where)
        label = f"change of demand by {100 * best(shock.change):+.3g} % ({_named(shock.market)})"
    elif isinstance(shock, StockChange | Stockpiling):
        units = units_at(net, shock.place, "*", where=where)
        what = "change of stocks" if isinstance(shock, StockChange) else "stockpiling"
        label = f"{what} ({_named(shock.place)}, {_named(shock.items)})"
    elif isinstance(shock, RecipeChange):
        units = units_at(net, shock.place, shock.items, where=where)
        label = f"change of recipes ({_named(shock.place)}, {_named(shock.inputs)})"
    elif hasattr(shock, "place"):
        units = units_at(net, shock.place, getattr(shock, "items", "*"), where=where)
        label = f"{shock.kind} ({_named(shock.place)})"
    return Reach(label, units, markets, items, ways)


def _of(shock: Shock, number: int, scenario: Scenario) -> Iterator[Event]:
    force = shock.in_force(scenario.days, peer=scenario.rules.peer)
    if isinstance(shock, StockChange):
        yield Event(shock.start, number, "happens")
        return
    on = np.flatnonzero(force > 0)
    if not on.size:
        return
    yield Event(int(on[0]), number, "begins")
    full = np.flatnonzero(force >= force.max() - 1e-12)
    if full[0] > on[0]:
        yield Event(int(full[0]), number, "is full")
    after = int(full[-1]) + 1
    over = int(on[-1]) + 1
    if after < over:
        yield Event(after, number, "recovers")
    if over < scenario.days:
        yield Event(over, number, "is over")


def _named(whom: str | object) -> str:
    listed = names(whom)  # type: ignore[arg-type]
    said = ", ".join(listed[:3]) + (" and more" if len(listed) > 3 else "")
    return "all" if said == "*" else said


def _percent(part: float) -> str:
    return f"{100 * part:.3g} %"
