"""What can be started where, when, and knowing what: the decisions of a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.plan.conditions import Control
from narrows.plan.figures import Figure
from narrows.plan.measures import Capacity, Centre, Option, Stockpile
from narrows.plan.options import Options
from narrows.plan.outcomes import Leaf, nodes

__all__ = ["Decision", "decisions_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Decision:
    """A number of steps of an option, begun at a place in a year, knowing what is known then.

    Attributes
    ----------
    option, place, year
        What, where, when.
    leaves
        Numbers of the outcomes of research in which it is taken.
    payers
        Who may pay.
    """

    option: Option
    place: str
    year: int
    leaves: tuple[int, ...]
    payers: tuple[str, ...]

    @property
    def works(self) -> float:
        """Date from which it works."""
        return self.year + self.option.figure("years").best

    def ready(self, dates: Array) -> Array:
        """Give how far it works at some dates, 0 to 1."""
        ramp = self.option.figure("ramp_years").best
        if ramp <= 0:
            return (dates >= self.works - 1e-9).astype(np.float64)
        return np.clip((dates - self.works) / ramp, 0.0, 1.0)

    def costs(self, years: Sequence[int], leaf: Leaf) -> Array:
        """Give the cost that payers bear in each year, US dollars, for one step."""
        public = self.option.figure("public_part").best
        last = years[-1] + 1.0
        out = np.zeros(len(years))
        if isinstance(self.option, Centre):
            for start, end, cost in leaf.outcomes[self.option.id].costs:
                out += public * cost * _spread(years, start, end)
            return out
        cost = public * Figure.of(self.option.cost_usd[self.place]).best
        out += cost * _spread(years, self.year, self.works)
        running = public * self.option.figure("yearly_usd").best
        if isinstance(self.option, Stockpile):
            life = self.option.figure("shelf_life_years").best
            running += cost / life if life > 0 else 0.0
        worked = max(last - self.works, 0.0)
        return out + running * worked * _spread(years, min(self.works, last), last)


def _spread(years: Sequence[int], start: float, end: float) -> Array:
    """Give the parts of a span that fall into each year; they add to 1 inside the years."""
    first = np.asarray(years, dtype=np.float64)
    if end - start < 1e-9:
        return ((first <= start) & (start < first + 1)).astype(np.float64)
    inside = np.minimum(first + 1, end) - np.maximum(first, start)
    return np.asarray(np.clip(inside, 0.0, None) / (end - start), dtype=np.float64)


def decisions_of(
    net: Network,
    options: Options,
    leaves: Sequence[Leaf],
    years: Sequence[int],
    *,
    payers: Sequence[str] = (),
    every: int = 1,
) -> tuple[Decision, ...]:
    """List the decisions that can matter within the years.

    Parameters
    ----------
    net
        The network, for its groups.
    options
        What can be done; controls bar places.
    leaves
        Outcomes of research.
    years
        Years of the plan.
    payers
        Who pays; empty: every place for itself and all together for what is shared.
    every
        Years between starts.
    """
    out: list[Decision] = []
    for option in options:
        for place in _open_places(option, options):
            paying = _payers(net, option, place, payers)
            if not paying or _barred(net, option, place, options.controls):
                continue
            if isinstance(option, Centre):
                start = years[0] if option.start_year is None else option.start_year
                every_leaf = tuple(range(len(leaves)))
                out.append(Decision(option, place, start, every_leaf, paying))
                continue
            for year in years[::every]:
                if year + option.figure("years").best >= years[-1] + 1:
                    continue
                for node in nodes(leaves, year):
                    if not _opened(option, leaves, node, year):
                        continue
                    out.append(Decision(option, place, year, node, paying))
    return tuple(out)


def _open_places(option: Option, options: Options) -> tuple[str, ...]:
    """Give the places an option can be at; what a centre keeps to itself, at its own place."""
    if not option.opened_by:
        return option.places
    centre = options[option.opened_by]
    if not isinstance(centre, Centre):
        return ()
    allowed = {*centre.places, *(centre.members if centre.shared else ())}
    return tuple(place for place in option.places if place in allowed)


def _payers(net: Network, option: Option, place: str, payers: Sequence[str]) -> tuple[str, ...]:
    members = {place, *net.groups.get(place, ())}
    own = set(option.payers) if option.payers else members
    if place == "World" and not option.payers:
        return tuple(payers) or ("World",)
    if not payers:
        return tuple(sorted(option.payers)) or (place,)
    return tuple(
        payer for payer in payers if payer in own or net.groups.get(payer, frozenset()) & own
    )


def _barred(net: Network, option: Option, place: str, controls: Sequence[Control]) -> bool:
    """Tell whether a control bars new capacity for an item at a place."""
    if not isinstance(option, Capacity):
        return False
    for control in controls:
        places = {name for each in control.to for name in (each, *net.groups.get(each, ()))}
        if place in places and any(fnmatchcase(option.item, name) for name in control.items):
            return True
    return False


def _opened(option: Option, leaves: Sequence[Leaf], node: tuple[int, ...], year: int) -> bool:
    if not option.opened_by:
        return True
    dates = [leaves[leaf].opened(option.opened_by) for leaf in node]
    return all(date is not None and date <= year + 1e-9 for date in dates)


def paid_by(decisions: Sequence[Decision]) -> Mapping[tuple[str, ...], list[int]]:
    """Give the decisions by who may pay for them."""
    out: dict[tuple[str, ...], list[int]] = {}
    for number, decision in enumerate(decisions):
        out.setdefault(decision.payers, []).append(number)
    return out
