"""The fixed part of a network built from a case: which units, needs and markets there are.

The values (shares, days, fractions) are filled in by `build`, once for the best estimates and
again for each draw, over the same layout.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.evidence import Case, RecipeRow, Shares
from narrows.terms import FIRM, OTHER, BadInput, Basis, Criticality, Fault, ItemKind, is_firm

__all__ = ["Layout"]

_NOT_PHYSICAL = (ItemKind.DESIGN, ItemKind.SOFTWARE, ItemKind.SERVICE)


@dataclass(frozen=True)
class Layout:
    """Structure of a network.

    Attributes
    ----------
    items
        Ids, inputs before the items that need them.
    edges
        Recipe rows in use, sorted by input and then by item.
    unit_item, place, owner, basis, stand_in
        One entry a unit, sorted by item.
    unit_row
        Row of the unit in the set of its item; -1 a local item, -2 makers unknown.
    need_edge
        Edge of each need, -1 for the need of a market.
    need_item, buyer
        Item bought, and the unit (or units + market) that buys.
    home_unit
        For the need of a local item, the unit at the buyer's place; else -1.
    markets
        Items the markets buy: those that no other item needs.
    """

    items: tuple[str, ...]
    edges: tuple[RecipeRow, ...]
    unit_item: NDArray[np.int64]
    place: NDArray[np.str_]
    owner: NDArray[np.str_]
    basis: NDArray[np.str_]
    stand_in: NDArray[np.bool_]
    unit_row: NDArray[np.int64]
    need_edge: NDArray[np.int64]
    need_item: NDArray[np.int64]
    buyer: NDArray[np.int64]
    home_unit: NDArray[np.int64]
    markets: NDArray[np.int64]
    measures: tuple[tuple[str, str | None], ...]

    @classmethod
    def of(cls, case: Case, *, period: str, basis: str) -> "Layout":
        """Find the structure of the network of a case in one period."""
        recipe = case.recipe(period)
        if not recipe:
            fault = Fault("recipes.csv", None, "", "no recipe", "at least one, to build a network")
            raise BadInput(fault)
        items = _ordered(case, recipe)
        return _Builder(case, items, recipe, period, basis).layout()

    @property
    def size(self) -> int:
        """Number of units."""
        return len(self.unit_item)


def in_use(case: Case, item: str, measure: tuple[str, str | None], period: str) -> Shares | None:
    """Give the set that the units of an item are made of."""
    name, basis = measure
    return case.in_use(item, name, period=period, basis=basis, rest="split") if name else None


def _measure(case: Case, item: str, basis: str) -> tuple[str, str | None]:
    """Choose the measure and the basis of an item's units, by what the case has."""
    found = case.package.items[item]
    sets = case.package.index.sets
    own, other = found.measure, found.measure_headquarters
    wishes: list[tuple[str, str | None]] = [(own, Basis.LOCATION), (own, None), (other, None)]
    if basis == Basis.HEADQUARTERS:
        wishes = [(other, Basis.HEADQUARTERS), (own, Basis.HEADQUARTERS), (other, None), *wishes]
    for name, wished in wishes:
        if name and any(
            each.key.status == "actual" and wished in (None, each.key.basis)
            for each in sets.get((item, name), [])
        ):
            return name, wished
    return "", None


def _ordered(case: Case, recipe: Mapping[tuple[str, str], RecipeRow]) -> tuple[str, ...]:
    """Sort the items so that inputs stand before their users, in the order of the stages."""
    stages = [stage.id for stage in case.info.stages]
    rank = {
        item.id: (stages.index(item.stage), number)
        for number, item in enumerate(case.package.items.values())
    }
    inputs: dict[str, list[str]] = defaultdict(list)
    for item, name in recipe:
        inputs[item].append(name)
    ends = {item.id for item in case.package.items.values() if item.kind == ItemKind.END_USE}
    names = sorted({name for pair in recipe for name in pair} | ends, key=rank.__getitem__)
    depth: dict[str, int] = {}

    def deep(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((deep(each) for each in inputs[name]), default=-1)
        return depth[name]

    return tuple(sorted(names, key=lambda name: (deep(name), rank[name])))


class _Builder:
    """One build of a layout, from the end uses up to the first inputs."""

    def __init__(
        self,
        case: Case,
        items: tuple[str, ...],
        recipe: Mapping[tuple[str, str], RecipeRow],
        period: str,
        basis: str,
    ) -> None:
        self.case, self.items, self.period = case, items, period
        self.recipe, self.basis = recipe, basis
        self.number = {name: number for number, name in enumerate(items)}
        self.edges = tuple(
            sorted(recipe.values(), key=lambda row: (self.number[row.input], self.number[row.item]))
        )
        used = {row.input for row in self.edges}
        self.markets = [self.number[name] for name in items if name not in used]
        self.measures = tuple(_measure(case, name, basis) for name in items)
        self.units: list[list[tuple[str, str, str, bool, int]]] = [[] for _ in items]

    def layout(self) -> Layout:
        users = defaultdict(list)
        for row in self.edges:
            users[row.input].append(self.number[row.item])
        for number in reversed(range(len(self.items))):
            name = self.items[number]
            if self.case.package.items[name].local:
                self.units[number] = self._local(number, users[name])
            else:
                self.units[number] = self._made(number)
        flat = [unit for units in self.units for unit in units]
        starts = np.concatenate([[0], np.cumsum([len(units) for units in self.units])])
        edge, item, buyer = self._needs(starts)
        place = np.array([unit[0] for unit in flat])
        return Layout(
            items=self.items,
            edges=self.edges,
            unit_item=np.repeat(np.arange(len(self.items)), np.diff(starts)),
            place=place,
            owner=np.array([unit[1] for unit in flat]),
            basis=np.array([unit[2] for unit in flat]),
            stand_in=np.array([unit[3] for unit in flat]),
            unit_row=np.array([unit[4] for unit in flat]),
            need_edge=edge,
            need_item=item,
            buyer=buyer,
            home_unit=self._home(item, buyer, place, starts),
            markets=np.array(self.markets, dtype=np.int64),
            measures=self.measures,
        )

    def _local(self, number: int, users: list[int]) -> list[tuple[str, str, str, bool, int]]:
        places = sorted({unit[0] for user in users for unit in self.units[user]})
        if number in self.markets:
            places = places or ["World"]
        return [(place, "", str(Basis.LOCATION), False, -1) for place in places]

    def _made(self, number: int) -> list[tuple[str, str, str, bool, int]]:
        name = self.items[number]
        shares = in_use(self.case, name, self.measures[number], self.period)
        if shares is None:
            return [(OTHER, "", str(Basis.NONE), False, -2)]
        physical = self.case.package.items[name].kind not in _NOT_PHYSICAL
        out = []
        for row_number, row in enumerate(shares.rows):
            firm = is_firm(row.entity)
            place = self.case.seat(row.entity) if firm else row.entity
            seated = row.basis == Basis.HEADQUARTERS or (row.basis == Basis.NONE and firm)
            basis = Basis.HEADQUARTERS if seated else Basis.LOCATION
            implied = seated and physical and self.basis == Basis.LOCATION
            owner = row.entity if firm and row.entity != FIRM + OTHER else ""
            out.append((place, owner, str(basis), row.stands_in or implied, row_number))
        return out

    def _needs(
        self, starts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """List the needs by item bought: every unit of every user, then the market."""
        edges: list[int] = []
        items: list[int] = []
        buyers: list[int] = []
        by_input = defaultdict(list)
        for number, row in enumerate(self.edges):
            by_input[self.number[row.input]].append(number)
        for item in range(len(self.items)):
            for edge in by_input[item]:
                user = self.number[self.edges[edge].item]
                units = range(starts[user], starts[user + 1])
                buyers += units
                edges += [edge] * len(units)
                items += [item] * len(units)
            if item in self.markets:
                buyers.append(int(starts[-1]) + self.markets.index(item))
                edges.append(-1)
                items.append(item)
        return np.array(edges), np.array(items), np.array(buyers)

    def _home(
        self,
        item: NDArray[np.int64],
        buyer: NDArray[np.int64],
        place: NDArray[np.str_],
        starts: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        home = np.full(len(item), -1)
        for number, name in enumerate(self.items):
            if not self.case.package.items[name].local:
                continue
            units = {place[unit]: unit for unit in range(starts[number], starts[number + 1])}
            for need in np.flatnonzero(item == number):
                own = place[buyer[need]] if buyer[need] < len(place) else "World"
                home[need] = units.get(own, int(starts[number]))
        return home


def essential(row: RecipeRow) -> bool:
    """Tell whether nothing replaces the input of a recipe row."""
    return row.criticality == Criticality.ESSENTIAL
