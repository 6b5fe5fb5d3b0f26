"""A network in the form of a plan: flows of items by bloc instead of by unit.

Inside a bloc all units of an item are one source and all users of an input share its stock: what
perfect coordination could do. A plan's loss is therefore a lower bound of what a simulation gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.plan.blocs import Blocs, local_items
from narrows.plan.stocks import Stocks, binding
from narrows.simulate import Rules, Scenario
from narrows.simulate.behaviour import of_units
from narrows.terms import WORLD, BadInput, Fault

__all__ = ["Chain", "Uses"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
_DAYS = 365.0
_SAME_DAYS = 0.5


@dataclass(frozen=True)
class Uses:
    """Recipe entries that can bind, a row an input, a user item and a bloc.

    Attributes
    ----------
    input, user, bloc
        Numbers.
    recipe
        Use of the input for one unit of the user's output.
    stops
        Part of the user's output that stops without the input.
    substitute_days
        Days after which a substitute works; inf never.
    """

    input: Numbers
    user: Numbers
    bloc: Numbers
    recipe: Array
    stops: Array
    substitute_days: Array


@dataclass(frozen=True)
class Chain:
    """The network by item and bloc.

    Attributes
    ----------
    net, blocs
        What it was made from.
    base
        Output a day in normal times, (items, blocs).
    local
        Items that never leave their place.
    uses
        Recipe entries.
    stocks
        Stocks of inputs that can run out.
    process_days
        Days from start to finished goods, mean of the units, (items,).
    market_item, market_bloc, demand
        What each market need buys, where, and how much a day.
    value
        Value of one unit of each market need, in the network's unit of value.
    market_label
        Item of each market need, for results.
    trade
        Normal trade a day from bloc to bloc, (items, blocs, blocs); the diagonal stays at home.
    """

    net: Network
    blocs: Blocs
    base: Array
    local: NDArray[np.bool_]
    uses: Uses
    stocks: Stocks
    process_days: Array
    market_item: Numbers
    market_bloc: Numbers
    demand: Array
    value: Array
    market_label: tuple[str, ...]
    trade: Array

    @classmethod
    def of(
        cls,
        net: Network,
        blocs: Blocs,
        *,
        longest_days: float,
        scenarios: Sequence[Scenario] = (),
    ) -> "Chain":
        """Bring a network into this form.

        Parameters
        ----------
        longest_days
            Inputs with a cover at least this long never bind within a scenario.
        scenarios
            Whose rules say how long stocks last and goods are in process.

        Raises
        ------
        BadInput
            When the scenarios have goods in process for different times.
        """
        items, count, size = len(net.items), blocs.count, len(net.units.item)
        output = np.concatenate([net.units.output, net.demand])
        flow = net.needs.recipe * output[net.needs.buyer]
        bloc = blocs.of_buyer[net.needs.buyer]
        base = np.zeros((items, count))
        np.add.at(base, (net.units.item, blocs.of_unit), net.units.output)
        market = np.flatnonzero((net.needs.buyer >= size) & (flow > 0))
        which = net.needs.buyer[market] - size
        bought = np.bincount(which, weights=flow[market], minlength=len(net.demand))
        value = net.weight[which] / _DAYS / bought[which]
        rules = [scenario.rules for scenario in scenarios] or [Rules()]
        binds = np.any([binding(net, longest_days, each) for each in rules], axis=0)
        mine = np.flatnonzero(binds & (flow > 0))
        return cls(
            net=net,
            blocs=blocs,
            base=base,
            local=local_items(net),
            uses=_uses(net, mine, flow, bloc, base),
            stocks=Stocks(mine, bloc[mine], flow[mine], longest_days),
            process_days=_process(net, scenarios),
            market_item=net.needs.item[market],
            market_bloc=bloc[market],
            demand=flow[market],
            value=value,
            market_label=tuple(net.items[item] for item in net.needs.item[market]),
            trade=_trade(net, blocs, flow),
        )

    def at(self, place: str) -> Array:
        """Give the part of a place (or of the members of a group) in each bloc, (blocs,).

        A place where nothing is made yet belongs to where the markets are.
        """
        members = self.members(place) or {WORLD}
        places = zip(self.blocs.places, self.blocs.bloc, strict=True)
        mine = [bloc for name, bloc in places if name in members] or [0]
        out = np.bincount(mine, minlength=self.blocs.count).astype(np.float64)
        return np.asarray(out / out.sum(), dtype=np.float64)

    def made_at(self, place: str, item: int) -> Array:
        """Give the base output of an item by the units at a place, by bloc, (blocs,)."""
        units = np.arange(len(self.net.units.item))[self.net.unit_slices[item]]
        mine = units[np.isin(self.net.units.place[units], sorted(self.members(place)))]
        out = np.zeros(self.blocs.count)
        np.add.at(out, self.blocs.of_unit[mine], self.net.units.output[mine])
        return out

    def members(self, place: str) -> set[str]:
        """Give the places that a name means: itself, the members of a group, all for World."""
        if place == WORLD:
            return set(self.blocs.places)
        return {place, *self.net.groups.get(place, ())} & set(self.blocs.places)

    def use_at(self, place: str, item: int) -> Array:
        """Give the normal use a day of an item by the buyers at a place, by bloc, (blocs,)."""
        net, members = self.net, self.members(place)
        output = np.concatenate([net.units.output, net.demand])
        needs = np.arange(len(net.needs.item))[net.need_slices[item]]
        where = np.concatenate([net.units.place, [n.partition("/")[0] for n in net.market_names]])
        mine = needs[np.isin(where[net.needs.buyer[needs]], sorted(members))]
        out = np.zeros(self.blocs.count)
        use = net.needs.recipe[mine] * output[net.needs.buyer[mine]]
        np.add.at(out, self.blocs.of_buyer[net.needs.buyer[mine]], use)
        return out


def _process(net: Network, scenarios: Sequence[Scenario]) -> Array:
    """Give the process time of each item; all scenarios share the rows that hold it."""
    weight = np.where(net.units.output > 0, net.units.output, 1e-12)
    size = len(net.items)
    whole = np.bincount(net.units.item, weights=weight, minlength=size)

    def mean(rules: Rules) -> Array:
        each = of_units(net, rules).process
        days = np.bincount(net.units.item, weights=weight * each, minlength=size)
        return np.asarray(days / np.where(whole > 0, whole, 1.0), dtype=np.float64)

    if not scenarios:
        return mean(Rules())
    first = mean(scenarios[0].rules)
    for scenario in scenarios[1:]:
        other = mean(scenario.rules)
        apart = np.flatnonzero(np.abs(other - first) > _SAME_DAYS)
        if apart.size:
            item = int(apart[0])
            found = (
                f"{net.items[item]} {first[item]:g} days in process in {scenarios[0].name}, "
                f"{other[item]:g} in {scenario.name}"
            )
            expected = "the same process times in all scenarios planned against together"
            raise BadInput(Fault("scenarios", None, "process_days", found, expected))
    return first


def _uses(net: Network, mine: Numbers, flow: Array, bloc: Numbers, base: Array) -> Uses:
    """Join the needs of units of the same item in the same bloc."""
    needs = net.needs
    user = net.units.item[needs.buyer[mine]]
    keys = np.stack([needs.item[mine], user, bloc[mine]], axis=1)
    rows, number = np.unique(keys, axis=0, return_inverse=True)
    number = np.ravel(number)

    def mean(values: Array) -> Array:
        total = np.bincount(number, weights=flow[mine], minlength=len(rows))
        return np.bincount(number, weights=flow[mine] * values, minlength=len(rows)) / total

    used = np.bincount(number, weights=flow[mine], minlength=len(rows))
    made = base[rows[:, 1], rows[:, 2]]
    after = np.where(needs.essential[mine], np.inf, needs.substitute_days[mine])
    longest = np.zeros(len(rows))
    np.maximum.at(longest, number, after)
    recipe = used / np.where(made > 0, made, 1.0)
    return Uses(
        rows[:, 0], rows[:, 1], rows[:, 2], recipe, mean(needs.stops_fraction[mine]), longest
    )


def _trade(net: Network, blocs: Blocs, flow: Array) -> Array:
    """Give normal trade from bloc to bloc."""
    count = blocs.count
    out = np.zeros((len(net.items), count, count))
    for item, (units, needs) in enumerate(zip(net.unit_slices, net.need_slices, strict=True)):
        sellers, buyers = blocs.of_unit[units], blocs.of_buyer[net.needs.buyer[needs]]
        for bloc in np.unique(buyers):
            bought = np.where(buyers == bloc, flow[needs], 0.0)
            sent = net.sourcing[item].orders(bought)
            np.add.at(out[item, :, bloc], sellers, sent)
    return out
