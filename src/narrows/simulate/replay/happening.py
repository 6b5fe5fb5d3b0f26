"""The shocks and rules of a replay: what a file says becomes losses, cuts and orders by day."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.replay.by_day import CapacityByDay, DemandByDay, RecipeByDay
from narrows.simulate.replay.case import Recipe
from narrows.simulate.replay.chain import Chain
from narrows.simulate.replay.gates import lanes, licences, names_of
from narrows.simulate.replay.queueing import bookings, cut_orders, queues
from narrows.simulate.replay.timing import capacity_left, days_of, path_of
from narrows.simulate.routes import Names
from narrows.simulate.rules import Rules, Special, Transit
from narrows.simulate.scenario import Scenario
from narrows.simulate.shocks import Shock
from narrows.simulate.values import best

__all__ = ["scenario"]

Array = NDArray[np.float64]
_YEAR = 365.0


def scenario(chain: Chain) -> Scenario:
    """Give shocks, rules and days; every number that has a range takes its best value."""
    case = chain.case
    shocks = [*_losses(chain), *_growth(chain), *licences(chain), *_demand(chain)]
    shocks += [*lanes(chain), *_savings(chain), *_bookings(chain)]
    return Scenario(
        name=case.name,
        title=case.title,
        days=case.horizon,
        shocks=shocks,
        rules=_rules(chain),
        date=case.day_zero,
    )


def _losses(chain: Chain) -> Iterator[Shock]:
    """Losses of capacity; goods in process stand still as long, and a part of them is lost."""
    case = chain.case
    for maker in case.providers:
        force = 1.0 - capacity_left(chain, maker.id)
        if not force.any():
            continue
        usable = best(chain.behaviour.wip_usable if maker.wip_usable is None else maker.wip_usable)
        waits = maker.process_days is not None
        yield CapacityByDay(
            unit=_units_of(chain, maker.id),
            start=max(1, int(np.argmax(force > 0))),
            force=tuple(force.tolist()),
            process_waits=waits,
            process_lost=(1.0 - usable) * float(force.max()) if waits else 0.0,
        )


def _growth(chain: Chain) -> Iterator[Shock]:
    """Growth of capacity as a loss below 0; it starts no clock, so its start is the last day."""
    years = np.clip(days_of(chain), 0.0, None) / _YEAR
    for maker in chain.case.providers:
        rate = best(maker.growth_per_year)
        if rate:
            yield CapacityByDay(
                unit=_units_of(chain, maker.id),
                start=chain.case.horizon - 1,
                force=tuple((-rate * years).tolist()),
            )


def _demand(chain: Chain) -> Iterator[Shock]:
    """Give changes of what final users want; of an item they do not buy, of what users need."""
    for event in (each for each in chain.case.events if each.kind == "demand"):
        force = tuple((path_of(chain, event) - 1.0).tolist())
        for item in event.hits:
            given: dict[str, Any] = {"start": 1, "change": 1.0, "force": force}
            if chain.sold(item):
                yield DemandByDay(market="*", items=_markets_of(chain, item), **given)
                continue
            for recipe in chain.case.users(item):
                made = names_of(chain, recipe.buyer)
                yield RecipeByDay(items=made, inputs=names_of(chain, item), **given)


def _savings(chain: Chain) -> Iterator[Shock]:
    """Input that users learn to save, so many days after it is first short."""
    for recipe in chain.case.recipes:
        share, after = best(recipe.substitute_share), best(recipe.substitute_days)
        begun = [
            each.start
            for each in chain.case.events
            if each.kind != "demand"
            and chain.case.members(each.hits)
            and any(
                chain.case.provider(m).item == recipe.needs for m in chain.case.members(each.hits)
            )
        ]
        if not begun or not _saves(recipe):
            continue
        since = days_of(chain) - min(begun) - after
        yield RecipeByDay(
            items=names_of(chain, recipe.buyer),
            inputs=names_of(chain, recipe.needs),
            start=1,
            change=1.0,
            force=tuple(np.where(since >= 0, -share, 0.0).tolist()),
        )


def _saves(recipe: Recipe) -> bool:
    return best(recipe.substitute_days) > 0 and best(recipe.substitute_share) > 0


def _rules(chain: Chain) -> Rules:
    return Rules(
        sourcing="adaptive",
        runs_down=True,
        psi=best(chain.behaviour.psi),
        restocking_days=best(chain.behaviour.restocking_days),
        qualification_days=1,
        redirected=0,
        rationing=_classes(chain),
        special=[*_qualified(chain), *_finished(chain), *_booked(chain)],
        transit=[each for recipe in chain.case.recipes for each in _transit(chain, recipe)],
    )


def _classes(chain: Chain) -> list[tuple[str, ...]]:
    """Name who is served first: all but those who give way."""
    late: set[str] = set()
    for number, line in enumerate(chain.lines):
        served = chain.kind_of(line.item).served
        if served == "named-first" and number in chain.markets and chain.case.users(line.item):
            late.add(chain.market(line))
        if served == "loyal-first":
            users = [each.buyer for each in chain.case.users(line.item)]
            cut = [each for each in users if cut_orders(chain, each)]
            late |= {name for each in cut for name in names_of(chain, each)}
    items = [line.name for line in chain.lines if chain.recipes_of(line.item)]
    markets = [chain.market(chain.lines[number]) for number in chain.markets]
    first = tuple(name for name in (*items, *markets) if name not in late)
    return [first] if late and first else []


def _bookings(chain: Chain) -> Iterator[Shock]:
    """Give what others book of what buyers who cut orders give back."""
    for item, more in bookings(chain):
        yield DemandByDay(
            market="*",
            items=_markets_of(chain, item),
            start=1,
            change=1.0,
            force=tuple(more.tolist()),
        )


def _booked(chain: Chain) -> Iterator[Special]:
    """Days until makers have worked off what was booked ahead of buyers who had cut orders."""
    for item, end in queues(chain):
        for maker in chain.case.makers(item):
            yield Special(units=_units_of(chain, maker.id), classes_days=end)


def _qualified(chain: Chain) -> Iterator[Special]:
    """Days until buyers can use other makers; for all buyers of an item the longest."""
    for line in chain.lines:
        users = [each for each in chain.case.users(line.item) if _takes(chain, line.buyer, each)]
        yield Special(
            inputs=(line.name,),
            qualification_days=max(_to_qualify(chain, line.item, users), 1.0),
            redirected=best(chain.kind_of(line.item).redirected),
        )


def _to_qualify(chain: Chain, item: str, users: Iterable[Recipe]) -> float:
    own = [best(each.qualification_days) for each in users if each.qualification_days is not None]
    return max(own) if own else best(chain.kind_of(item).qualification_days)


def _takes(chain: Chain, buyer: str, recipe: Recipe) -> bool:
    return not buyer or buyer in [maker.id for maker in chain.case.makers(recipe.buyer)]


def _finished(chain: Chain) -> Iterator[Special]:
    """Stocks of finished goods."""
    for maker, line in chain.units:
        usual = chain.kind_of(line.item).finished_days
        days = best(usual if maker.finished_days is None else maker.finished_days)
        days *= chain.until_first(line.item)
        if days > 0:
            slow = chain.kind_of(line.item).sold_off_days
            yield Special(
                units=(chain.label(maker, line),),
                finished_days=days,
                sold_off_days=None if slow is None else best(slow),
            )


def _transit(chain: Chain, recipe: Recipe) -> Iterator[Transit]:
    days = round(best(recipe.transit_days))
    if days > 0:
        sellers = tuple(maker.id for maker in chain.case.makers(recipe.needs))
        buyers = tuple(maker.id for maker in chain.case.makers(recipe.buyer))
        yield Transit(from_=sellers, to=buyers, items=names_of(chain, recipe.needs), days=days)


def _units_of(chain: Chain, provider: str) -> Names:
    return tuple(chain.label(maker, line) for maker, line in chain.units if maker.id == provider)


def _markets_of(chain: Chain, item: str) -> Names:
    own = [chain.lines[number] for number in chain.markets]
    return tuple(line.name for line in own if line.item == item)
