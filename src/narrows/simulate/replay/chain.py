"""The network of a replay: units by provider and buyer, who takes what from whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from narrows.network import Needs, Network, Sourcing, Units
from narrows.simulate.replay.behaviour import Behaviour, Kind
from narrows.simulate.replay.case import Provider, Recipe, ReplayCase
from narrows.simulate.values import best
from narrows.terms import Basis

__all__ = ["FINAL", "Chain", "Line"]

Array = NDArray[np.float64]
FINAL = "final"
_RAMP = 2.302585
"""ln 10: a unit that can fill next to none of its orders is 90 % up on the last day of its ramp."""
_LEAST = 1e-9  # output or demand that stands for none
_LEFT = 0.02  # part of its share that a provider keeps for buyers without shares of their own


@dataclass(frozen=True)
class Line:
    """An item as made for one buyer, or for all: an item of the network.

    Attributes
    ----------
    item, buyer
        Item of the file; provider it is dedicated to, `FINAL`, or empty where it serves all.
    """

    item: str
    buyer: str = ""

    @property
    def name(self) -> str:
        """Name of the item in the network."""
        return f"{self.item}@{self.buyer}" if self.buyer else self.item


@dataclass(frozen=True)
class Chain:
    """A replay file with the behaviour that belongs to it, both of plain numbers or ranges.

    Its shape (lines, units, needs) hangs on names only, so that draws differ in numbers alone.
    """

    case: ReplayCase
    behaviour: Behaviour

    def kind_of(self, item: str) -> Kind:
        """Give the behaviour around an item."""
        return self.behaviour.of(self.case.kind(item))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Items of the network, inputs first."""
        out: list[Line] = []
        for item in self.case.upstream_first:
            buyers = self.buyers(item)
            if self.kind_of(item).dedicated and buyers:
                out += [Line(item, buyer) for buyer in buyers]
            else:
                out.append(Line(item))
        return tuple(out)

    def buyers(self, item: str) -> tuple[str, ...]:
        """Give the providers that buy an item, and `FINAL` where a part of it is sold."""
        users = [
            maker.id for each in self.case.users(item) for maker in self.case.makers(each.buyer)
        ]
        return (*users, FINAL) if users and self.sold(item) else tuple(users)

    def sold(self, item: str) -> bool:
        """Tell whether final users take some of an item."""
        return all(each.part_of_item is not None for each in self.case.users(item))

    @cached_property
    def units(self) -> tuple[tuple[Provider, Line], ...]:
        """Units of the network, sorted by line: who makes, and for whom."""
        return tuple((maker, line) for line in self.lines for maker in self.case.makers(line.item))

    def line(self, item: str, buyer: str) -> int:
        """Give the number of the line from which a buyer takes an item."""
        for number, each in enumerate(self.lines):
            if each.item == item and each.buyer in ("", buyer):
                return number
        raise KeyError(item)

    def label(self, maker: Provider, line: Line) -> str:
        """Give the label of a unit."""
        return f"{maker.id}/{line.name}"

    def market(self, line: Line) -> str:
        """Give the label of the market of a line."""
        return f"{FINAL}/{line.name}"

    @cached_property
    def markets(self) -> tuple[int, ...]:
        """Numbers of the lines that final users take."""
        return tuple(
            number
            for number, each in enumerate(self.lines)
            if (self.sold(each.item) and each.buyer in ("", FINAL))
        )

    @cached_property
    def parts(self) -> Mapping[tuple[str, str], float]:
        """Part of each item that goes to each item made of it, and to `FINAL`."""
        out: dict[tuple[str, str], float] = {}
        for item in self.case.upstream_first:
            users = self.case.users(item)
            given = {
                each.buyer: best(each.part_of_item)
                for each in users
                if each.part_of_item is not None
            }
            scale = max(1.0, sum(given.values()))
            left = max(0.0, 1.0 - sum(given.values()))
            silent = [each.buyer for each in users if each.part_of_item is None]
            for each in users:
                part = given.get(each.buyer, left / max(len(silent), 1))
                out[item, each.buyer] = max(part / scale, _LEAST)
            out[item, FINAL] = max(left, _LEAST) if self.sold(item) else 0.0
        return out

    @cached_property
    def made(self) -> Mapping[str, float]:
        """Share of each provider in its item, as its buyers take it."""
        out: dict[str, float] = {}
        for item in reversed(self.case.upstream_first):
            makers = self.case.makers(item)
            shares = self._shares(item, out)
            weights = self._weights(item, out)
            for row, maker in enumerate(makers):
                taken = sum(shares[buyer][row] * weight for buyer, weight in weights.items())
                out[maker.id] = max(float(taken), _LEAST)
        return out

    @cached_property
    def shares(self) -> Mapping[str, Mapping[str, Array]]:
        """Shares in which each buyer takes an item from its makers, by item."""
        return {each.id: self._shares(each.id, self.made) for each in self.case.items}

    @cached_property
    def uses(self) -> Mapping[str, Mapping[str, float]]:
        """What each buyer takes of an item, by item; 1 in all."""
        return {each.id: self._weights(each.id, self.made) for each in self.case.items}

    def _weights(self, item: str, made: Mapping[str, float]) -> dict[str, float]:
        out = {FINAL: self.parts[item, FINAL]} if self.sold(item) else {}
        for each in self.case.users(item):
            for maker in self.case.makers(each.buyer):
                part = self.parts[item, each.buyer] * made[maker.id]
                out[maker.id] = out.get(maker.id, 0.0) + part
        total = sum(out.values())
        return {buyer: part / total for buyer, part in out.items()}

    def _shares(self, item: str, made: Mapping[str, float]) -> dict[str, Array]:
        """Take the shares a file gives; the other buyers take what is left of each maker."""
        makers = self.case.makers(item)
        world = np.array([best(maker.share) for maker in makers])
        world = world / world.sum()
        weights = self._weights(item, made)
        own: dict[str, Array] = {}
        for recipe in self.case.users(item):
            for each in recipe.sourcing:
                given = dict(zip(each.providers, map(best, each.shares), strict=True))
                named = np.array([maker.id in given for maker in makers])
                column = np.array([given.get(maker.id, 0.0) for maker in makers])
                rest = np.where(named, 0.0, world)
                if rest.sum() > 0:
                    column = column + max(0.0, 1.0 - column.sum()) * rest / rest.sum()
                own[each.buyer] = column / column.sum()
        taken = sum((weights[buyer] * column for buyer, column in own.items()), 0.0 * world)
        left = np.maximum(world - taken, _LEFT * world)
        return {buyer: own.get(buyer, left / left.sum()) for buyer in weights}

    def until_first(self, item: str) -> float:
        """Give the part of a stock of an item that lasts until the first of its types runs out.

        An item may stand for several types. Half of a stock is there for safety; the rest comes
        and goes with orders, so that the types lie evenly between half and one and a half of the
        mean. The least of m then has 1 / 2 + 1 / (m + 1) of it: with one type all.
        """
        return 0.5 + 1.0 / (1.0 + best(self.kind_of(item).types_at_once))

    def recipes_of(self, item: str) -> tuple[Recipe, ...]:
        """Give what an item is made of."""
        return tuple(each for each in self.case.recipes if each.buyer == item)

    def network(self) -> Network:
        """Build the network; every number that has a range takes its best value."""
        outputs = self._outputs()
        needs = self._needs()
        item = np.array([self.lines.index(line) for _, line in self.units])
        size = len(self.units)
        makers = [maker for maker, _ in self.units]
        kinds = [self.kind_of(maker.item) for maker in makers]

        def of(name: str) -> Array:
            own = [getattr(maker, name) for maker in makers]
            usual = [getattr(kind, name) for kind in kinds]
            return np.array([best(b if a is None else a) for a, b in zip(own, usual, strict=True)])

        demand = np.array([self._demand(self.lines[number]) for number in self.markets])
        return Network(
            items=tuple(line.name for line in self.lines),
            units=Units(
                item=item,
                place=np.array([maker.id for maker in makers]),
                owner=np.full(size, ""),
                basis=np.full(size, str(Basis.LOCATION)),
                output=outputs,
                headroom=of("headroom"),
                headroom_days=of("ramp_days") / _RAMP,
                process_days=np.array([best(maker.process_days or 0.0) for maker in makers]),
                stand_in=np.zeros(size, dtype=np.bool_),
            ),
            needs=needs,
            sourcing=tuple(self._sourcing(number, needs) for number in range(len(self.lines))),
            markets=np.array(self.markets),
            market_names=np.array([self.market(self.lines[number]) for number in self.markets]),
            demand=demand,
            weight=demand,
            weight_unit="normal flow",
            combine="nested",
            period=str(self.case.day_zero.year),
            basis=str(Basis.LOCATION),
            sourcing_rule="replay",
            groups={},
            origins=None,
        )

    def _outputs(self) -> Array:
        out = []
        for maker, line in self.units:
            row = [each.id for each in self.case.makers(line.item)].index(maker.id)
            uses = self.uses[line.item]
            shares = self.shares[line.item]
            for_whom = [line.buyer] if line.buyer else list(uses)
            out.append(max(sum(shares[each][row] * uses[each] for each in for_whom), _LEAST))
        return np.array(out, dtype=np.float64)

    def _demand(self, line: Line) -> float:
        return float(self.uses[line.item][FINAL])

    @cached_property
    def asked(self) -> tuple[tuple[int, int, Recipe | None], ...]:
        """Needs sorted by line: line, number of the buyer (unit or market), and the recipe."""
        out: list[tuple[int, int, Recipe | None]] = []
        for number, (maker, line) in enumerate(self.units):
            out += [
                (self.line(each.needs, maker.id), number, each)
                for each in self.recipes_of(line.item)
            ]
        size = len(self.units)
        out += [(line, size + number, None) for number, line in enumerate(self.markets)]
        return tuple(sorted(out, key=lambda each: each[:2]))

    def _needs(self) -> Needs:
        recipe, stops, cover, essential = [], [], [], []
        for _, buyer, each in self.asked:
            if each is None:
                recipe.append(1.0)
                stops.append(1.0)
                cover.append(0.0)
                essential.append(True)
                continue
            maker = self.units[buyer][0]
            usual = self.kind_of(each.needs).cover_days
            own = each.cover_of(maker.id)
            whole = sum(self.uses[each.needs].get(m.id, 0.0) for m in self.case.makers(each.buyer))
            recipe.append(whole)
            at_once = best(each.substitute_days) <= 0
            stops.append(1.0 - self._without(each) if at_once else 1.0)
            cover.append(self.until_first(each.needs) * best(usual if own is None else own))
            essential.append(each.essential)
        return Needs(
            item=np.array([line for line, _, _ in self.asked]),
            buyer=np.array([buyer for _, buyer, _ in self.asked]),
            recipe=np.array(recipe),
            stops_fraction=np.array(stops),
            essential=np.array(essential),
            cover=np.array(cover),
            substitute_days=np.full(len(self.asked), np.inf),
        )

    def _without(self, recipe: Recipe) -> float:
        """Give the part of output that never needed an input: stated, or usual for its kind.

        Usual where one provider alone makes the input: it is then named after who makes it, and
        not every product has some of that. What several make is in every product.
        """
        stated = best(recipe.substitute_share)
        if stated or len(self.case.makers(recipe.needs)) > 1:
            return stated
        return best(self.kind_of(recipe.needs).without)

    def _sourcing(self, number: int, needs: Needs) -> Sourcing:
        line = self.lines[number]
        shares = self.shares[line.item]
        size = len(self.units)
        columns = [
            shares[FINAL if buyer >= size else self.units[buyer][0].id]
            for buyer in needs.buyer[needs.item == number].tolist()
        ]
        return Sourcing(np.stack(columns, axis=1))
