"""The network: units, needs, sourcing and markets as arrays with labels, checked and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.network.origin import Origins, Trace
from narrows.network.sourcing import Sourcing
from narrows.network.table_report import TableReport
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["Needs", "Network", "Units"]

Array = NDArray[np.float64]
Labels = NDArray[np.str_]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Units:
    """Who makes what, sorted by item; all arrays have shape (units,).

    Attributes
    ----------
    item
        Number of the item in `Network.items`.
    place, owner, basis
        Where it is; ``firm:NAME`` or empty; ``location`` or ``headquarters``.
    output
        Base output a day: part of the world's output of the item (normal flow), or money (a
        network from a table).
    headroom, headroom_days
        Most it can make as a multiple of base output, and the days to get there.
    process_days
        Days from start to finished output.
    stand_in
        Whether the place stands in for a location that nobody publishes.
    """

    item: Numbers
    place: Labels
    owner: Labels
    basis: Labels
    output: Array
    headroom: Array
    headroom_days: Array
    process_days: Array
    stand_in: Flags


@dataclass(frozen=True)
class Needs:
    """One item bought by one buyer, sorted by item; all arrays have shape (needs,).

    Attributes
    ----------
    item
        Number of the item bought.
    buyer
        Number of the unit that buys, or units + number of the market.
    recipe
        Use of the input for one unit of the buyer's output (normal flow).
    stops_fraction
        Part of the buyer's output that stops without the input.
    essential
        Whether nothing replaces the input.
    cover, substitute_days
        Days of stock in normal use; days until a substitute works (inf: never).
    """

    item: Numbers
    buyer: Numbers
    recipe: Array
    stops_fraction: Array
    essential: Flags
    cover: Array
    substitute_days: Array


@dataclass(frozen=True)
class Network:
    """A supply network: in normal flow from a case, in money a day from a table.

    Attributes
    ----------
    items
        Item ids, inputs before the items that need them.
    units, needs
        Arrays with one entry a unit and a need.
    sourcing
        One for each item.
    markets
        Item of each market, -1 where it buys many; its label is in `market_names`.
    demand, weight
        Base demand of each market a day and its value (see `weight_unit`).
    combine
        How the lack of several inputs combines: ``nested`` or ``independent``.
    period, basis, sourcing_rule
        As built.
    notes
        What was changed in the data of firms on the way, as sentences.
    report
        What was closed and listed in a table; None for a network from a case.
    """

    items: tuple[str, ...]
    units: Units
    needs: Needs
    sourcing: tuple[Sourcing, ...]
    markets: Numbers
    market_names: Labels
    demand: Array
    weight: Array
    weight_unit: str
    combine: str
    period: str
    basis: str
    sourcing_rule: str
    groups: Mapping[str, frozenset[str]]
    origins: Origins | None = field(repr=False)
    notes: tuple[str, ...] = ()
    report: TableReport | None = field(default=None, repr=False)

    @cached_property
    def labels(self) -> Labels:
        """Label of each unit: ``place/item``, or ``place:FIRM/item`` for a firm."""
        firms = [owner.removeprefix("firm:") for owner in self.units.owner]
        return np.array(
            [
                f"{place}:{firm}/{self.items[item]}" if firm else f"{place}/{self.items[item]}"
                for place, firm, item in zip(self.units.place, firms, self.units.item, strict=True)
            ]
        )

    @cached_property
    def buyers(self) -> Labels:
        """Label of each possible buyer: the units, then the markets."""
        return np.concatenate([self.labels, self.market_names])

    @cached_property
    def unit_slices(self) -> tuple[slice, ...]:
        """Units of each item."""
        return _slices(self.units.item, len(self.items))

    @cached_property
    def need_slices(self) -> tuple[slice, ...]:
        """Needs of each item."""
        return _slices(self.needs.item, len(self.items))

    @cached_property
    def needs_of(self) -> Mapping[int, Numbers]:
        """Numbers of the needs of each buyer."""
        order = np.argsort(self.needs.buyer, kind="stable")
        buyers, starts = np.unique(self.needs.buyer[order], return_index=True)
        return dict(zip(buyers.tolist(), np.split(order, starts[1:]), strict=True))

    @property
    def end_uses(self) -> tuple[str, ...]:
        """What each market buys for: an item, or a kind of final use in a table."""
        return tuple(name.partition("/")[2] for name in self.market_names.tolist())

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Places that can be dropped by name."""
        return tuple(sorted(set(self.units.place.tolist()) - {"Other", "World"}))

    @property
    def made_from(self) -> Origins:
        """What a network from a case was made from.

        Raises
        ------
        BadInput
            For a network from a table.
        """
        if self.origins is None:
            fault = Fault("network", None, "", "a network from a table", "a network from a case")
            raise BadInput(fault)
        return self.origins

    @cached_property
    def source_ids(self) -> tuple[str, ...]:
        """Every source that a value of the network rests on."""
        return self.origins.source_ids() if self.origins else ()

    def number(self, item: str) -> int:
        """Give the number of an item.

        Raises
        ------
        UnknownName
            When the network has no such item.
        """
        try:
            return self.items.index(item)
        except ValueError:
            raise UnknownName("item", item, self.items, where="network") from None

    def unit(self, label: str) -> int:
        """Give the number of a unit by its label, such as ``TWN/logic-lt10nm``.

        Raises
        ------
        UnknownName
            When there is no such unit.
        """
        return self._buyer(label, self.labels)

    def _buyer(self, label: str, labels: Labels) -> int:
        found = np.flatnonzero(labels == label)
        if not found.size:
            raise UnknownName("unit", label, labels.tolist(), where="network")
        return int(found[0])

    def frame(self) -> pd.DataFrame:
        """Give the units as a table, one row a unit."""
        units = self.units
        return pd.DataFrame(
            {
                "unit": self.labels,
                "item": [self.items[item] for item in units.item],
                "place": units.place,
                "owner": units.owner,
                "basis": units.basis,
                "output": units.output,
                "headroom": units.headroom,
                "headroom_days": units.headroom_days,
                "process_days": units.process_days,
                "stand_in": units.stand_in,
            }
        )

    def needs_frame(self) -> pd.DataFrame:
        """Give the needs as a table, one row a need."""
        needs = self.needs
        return pd.DataFrame(
            {
                "buyer": self.buyers[needs.buyer],
                "item": [self.items[item] for item in needs.item],
                "recipe": needs.recipe,
                "stops_fraction": needs.stops_fraction,
                "essential": needs.essential,
                "cover": needs.cover,
                "substitute_days": needs.substitute_days,
            }
        )

    def trace(self, what: str, *, unit: str, item: str | None = None) -> Trace:
        """Tell where a value of the network comes from.

        Parameters
        ----------
        what
            ``output``, ``headroom``, ``headroom_days``, ``process_days`` of a unit; ``recipe``,
            ``cover``, ``stops_fraction``, ``substitute_days`` of a need; ``weight`` of a market.
        unit
            Label of the unit or market, such as ``TWN/logic-lt10nm`` or ``World/smartphone``.
        item
            The input, for values of a need.

        Returns
        -------
        Trace
            Value, formula, observation ids, grade and sources.

        Raises
        ------
        UnknownName
            When there is no such unit, input or value.
        """
        origins = self.made_from
        if what in origins.unit_fields:
            number = self.unit(unit)
            return origins.of_unit(what, number, float(getattr(self.units, what)[number]))
        if what not in (*origins.need_fields, "weight"):
            known = [*origins.unit_fields, *origins.need_fields, "weight"]
            raise UnknownName("value", what, known, where="trace")
        number = self._buyer(unit, self.market_names if what == "weight" else self.buyers)
        if what == "weight":
            return origins.of_market(number, float(self.weight[number]))
        if item is None:
            raise BadInput(Fault("trace", None, "item", "nothing", f"the input whose {what} it is"))
        for need in self.needs_of.get(number, np.array([], dtype=np.int64)):
            if self.items[self.needs.item[need]] == item:
                value = float(getattr(self.needs, what)[need])
                return origins.of_need(what, int(need), value, period=self.period)
        mine = [self.items[self.needs.item[need]] for need in self.needs_of.get(number, [])]
        raise UnknownName("input", item, mine, where=unit)

    def check(self) -> dict[str, float]:
        """Give the items whose base flows do not balance, with the gap as part of world output.

        World output is that of the item. A gap means that the recipes use more (positive) or
        less (negative) than is made.
        """
        base = np.concatenate([self.units.output, self.demand])
        flows = self.needs.recipe * base[self.needs.buyer]
        use = np.bincount(self.needs.item, weights=flows, minlength=len(self.items))
        made = np.bincount(self.units.item, weights=self.units.output, minlength=len(self.items))
        world = np.where(made > 0, made, np.abs(use))
        gaps = (use - made) / np.where(world > 0, world, 1.0)
        return {
            self.items[number]: float(gaps[number])
            for number in np.flatnonzero(np.abs(gaps) > 1e-9)
        }


def _slices(sorted_numbers: Numbers, size: int) -> tuple[slice, ...]:
    ends = np.searchsorted(sorted_numbers, np.arange(size + 1))
    return tuple(slice(int(a), int(b)) for a, b in pairwise(ends))
