"""What a chain says about items that are carved out of a table: makers, users, stops, cover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.network.network import Network
from narrows.terms import OTHER, BadInput, Fault, UnknownName

__all__ = ["Maker", "Path", "Places", "end_uses_of", "makers_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Path:
    """How an item reaches an end use, steps between them looked through.

    Attributes
    ----------
    allocation
        Part of the item that goes to the end use.
    stops
        Part of the end use that stops without the item; 0 where it never binds.
    cover, process_days
        Days of stock, and days of work, on the way.
    substitute_days
        Days until a substitute works somewhere on the way (inf: never).
    """

    allocation: float
    stops: float
    cover: float
    process_days: float
    substitute_days: float


@dataclass(frozen=True)
class _Step:
    user: int
    path: Path


def end_uses_of(chain: Network, item: str, carved: Sequence[str]) -> dict[str, Path]:
    """Give the end uses of an item, and how it reaches each.

    Allocations and stopping fractions multiply along a way, days add. Where several ways lead to
    an end use, allocations add, the largest stopping fraction counts, and the days are those of
    the way that carries most.

    Raises
    ------
    BadInput
        When another carved item lies on the way: the one would be counted in the other.
    """
    steps = _steps(chain)
    markets = set(chain.markets.tolist())
    names = {chain.number(other): other for other in carved}
    found: dict[str, Path] = {}

    def follow(number: int, way: Path) -> None:
        if number in markets:
            name = chain.items[number]
            found[name] = _together(found[name], way) if name in found else way
        for step in steps.get(number, []):
            if step.user in names:
                text = f"{item}, and {names[step.user]} that is made from it"
                raise BadInput(Fault("joins", None, "items", text, "one of the two"))
            follow(step.user, _after(way, step.path))

    follow(chain.number(item), Path(1.0, 1.0, 0.0, 0.0, np.inf))
    return found


def _after(first: Path, then: Path) -> Path:
    return Path(
        allocation=first.allocation * then.allocation,
        stops=first.stops * then.stops,
        cover=first.cover + then.cover,
        process_days=first.process_days + then.process_days,
        substitute_days=min(first.substitute_days, then.substitute_days),
    )


def _together(one: Path, other: Path) -> Path:
    main = max(one, other, key=lambda path: path.allocation)
    return Path(
        allocation=one.allocation + other.allocation,
        stops=max(one.stops, other.stops),
        cover=main.cover,
        process_days=main.process_days,
        substitute_days=max(one.substitute_days, other.substitute_days),
    )


def _steps(chain: Network) -> dict[int, list[_Step]]:
    """List who uses each item, by item; a step is the mean over the buyers of the user."""
    needs, size = chain.needs, len(chain.units.item)
    inner = np.flatnonzero(needs.buyer < size)
    buyer = needs.buyer[inner]
    pairs, codes = np.unique(
        np.stack([needs.item[inner], chain.units.item[buyer]]), axis=1, return_inverse=True
    )
    output = chain.units.output[buyer]
    weight = np.bincount(codes, weights=output)

    def mean(values: Array, by: Array) -> Array:
        return np.bincount(codes, weights=values * by) / np.where(weight > 0, weight, 1.0)

    binds = needs.essential | ((needs.substitute_days > 0) & np.isfinite(needs.substitute_days))
    stops = mean((needs.stops_fraction * binds)[inner], output)
    cover = mean(needs.cover[inner], output)
    work = mean(chain.units.process_days[buyer], output)
    part = mean(needs.recipe[inner], output) * weight
    replaced = np.full(len(weight), np.inf)
    np.minimum.at(replaced, codes, needs.substitute_days[inner])
    out: dict[int, list[_Step]] = {}
    for n, (item, user) in enumerate(pairs.T.tolist()):
        days = float(replaced[n]) if replaced[n] > 0 else np.inf
        path = Path(float(part[n]), float(stops[n]), float(cover[n]), float(work[n]), days)
        out.setdefault(item, []).append(_Step(user, path))
    return out


@dataclass(frozen=True)
class Places:
    """Regions of a table, and how much of the parent sector each makes.

    Attributes
    ----------
    weights
        Output of the parent sector by region.
    groups
        Members of groups of places.
    rest
        Region that holds places which the table does not name, None where there is none.
    """

    weights: Mapping[str, float]
    groups: Mapping[str, frozenset[str]]
    rest: str | None

    def spread(self, place: str, named: frozenset[str]) -> dict[str, float]:
        """Give the regions that hold a place, with parts that add to 1.

        Parameters
        ----------
        place
            Place, group, or the rest of a set.
        named
            Places that the set names beside it; a group leaves them out.

        Raises
        ------
        UnknownName
            When no region can hold it.
        """
        if place in self.weights:
            return {place: 1.0}
        if place in self.groups:
            members = sorted((self.groups[place] & set(self.weights)) - named)
        elif place == OTHER:
            taken = named.union(*(self.groups.get(each, frozenset()) for each in named))
            members = sorted(set(self.weights) - taken)
        else:
            members = []
        total = sum(self.weights[each] for each in members)
        if total > 0:
            return {each: self.weights[each] / total for each in members if self.weights[each] > 0}
        if self.rest is None:
            raise UnknownName("region", place, sorted(self.weights), where="places of the table")
        return {self.rest: 1.0}


@dataclass(frozen=True, slots=True)
class Maker:
    """A unit of the chain, or the part of it that lies in a region of the table.

    Attributes
    ----------
    place, region
        Where the chain has it, and where the table does.
    part
        Part of the world's output of the item.
    headroom, headroom_days, process_days
        As the unit of the chain.
    """

    place: str
    region: str
    part: float
    headroom: float
    headroom_days: float
    process_days: float


def makers_of(chain: Network, item: str, places: Places) -> list[Maker]:
    """Give who makes an item, by region of the table; the parts add to 1."""
    units = chain.units
    mine = np.arange(len(units.item))[chain.unit_slices[chain.number(item)]]
    total = units.output[mine].sum()
    named = frozenset(units.place[mine].tolist())
    found = []
    for unit in mine.tolist():
        place = str(units.place[unit])
        times = (units.headroom[unit], units.headroom_days[unit], units.process_days[unit])
        for region, share in places.spread(place, named - {place}).items():
            part = float(units.output[unit] / total) * share
            found.append(Maker(place, region, part, *map(float, times)))
    return found
