"""A network as a plan makes it: what a simulation is run on to prove the plan."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.plan.enlarging import enlarged
from narrows.plan.measures import (
    Capacity,
    HeadroomContract,
    Option,
    Recycling,
    Stockpile,
    Substitution,
)
from narrows.plan.result import Plan

__all__ = ["Applied", "applied", "apply"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Applied:
    """A network after a plan.

    Attributes
    ----------
    net
        The network.
    notes
        What of the plan the network cannot show, as sentences.
    """

    net: Network
    notes: tuple[str, ...]


def apply(
    net: Network, plan: Plan, *, date: float | None = None, outcome: int | None = None
) -> Network:
    """Give the network with what works of a plan at a date.

    Parameters
    ----------
    net
        The network before.
    plan
        The plan.
    date
        In years; the end of the plan where not given.
    outcome
        Number of the outcome of research; the likeliest where not given.

    Returns
    -------
    Network
        With new units, shares, headroom and stocks. Its `trace` still tells the figures before.
        Qualification is a rule of behaviour, not of the network: `prove` adds it to the scenario.
    """
    return applied(net, plan, date=date, outcome=outcome).net


def applied(
    net: Network, plan: Plan, *, date: float | None = None, outcome: int | None = None
) -> Applied:
    """Give the network after a plan, and what of the plan it cannot show."""
    question = plan.question
    when = question.terms.calendar[-1] + 1.0 if date is None else date
    likely = int(np.argmax([leaf.probability for leaf in question.leaves]))
    leaf = likely if outcome is None else outcome
    work = _Work(net)
    for decision, steps in zip(question.decisions, plan.steps, strict=True):
        if not steps or leaf not in decision.leaves:
            continue
        size = float(steps * decision.ready(np.array([when]))[0])
        if size > 0:
            work.take(decision.option, decision.place, size)
    return work.done()


class _Work:
    def __init__(self, net: Network) -> None:
        self.net = net
        self.new: dict[tuple[str, str, str], float] = {}  # item, place, owner -> size
        self.headroom = net.units.headroom.copy()
        self.cover = net.needs.cover.copy()
        self.recipe = net.needs.recipe.copy()
        self.notes: list[str] = []

    def take(self, option: Option, place: str, steps: float) -> None:
        """Note an option that works to some steps."""
        if isinstance(option, Capacity | Recycling):
            owner = "firm:recycling" if isinstance(option, Recycling) else ""
            key = option.item, place, owner
            self.new[key] = self.new.get(key, 0.0) + steps * option.figure("size").best
        elif isinstance(option, HeadroomContract):
            mine = self._units(option.item, place)
            self.headroom[mine] += steps * option.figure("size").best
        elif isinstance(option, Stockpile):
            mine = self._needs(option.item, place)
            self.cover[mine] += steps * option.figure("days").best
            if not len(mine):
                self.notes.append(f"{option.id}: a market holds no stock in a simulation")
        elif isinstance(option, Substitution):
            makers = self._units(option.item, place)
            mine = np.flatnonzero(self.net.needs.item == self.net.number(option.input))
            mine = mine[np.isin(self.net.needs.buyer[mine], makers)]
            self.recipe[mine] *= max(1.0 - steps * option.figure("part").best, 0.0)

    def _members(self, place: str) -> set[str]:
        if place == "World":
            return {*self.net.units.place.tolist(), "World"}
        return {place, *self.net.groups.get(place, ())}

    def _units(self, item: str, place: str) -> Numbers:
        units = np.arange(len(self.net.units.item))[self.net.unit_slices[self.net.number(item)]]
        return units[np.isin(self.net.units.place[units], sorted(self._members(place)))]

    def _needs(self, item: str, place: str) -> Numbers:
        net = self.net
        needs = np.arange(len(net.needs.item))[net.need_slices[net.number(item)]]
        needs = needs[net.needs.buyer[needs] < len(net.units.item)]
        there = net.units.place[net.needs.buyer[needs]]
        return needs[np.isin(there, sorted(self._members(place)))]

    def done(self) -> Applied:
        """Give the network."""
        needs = replace(self.net.needs, cover=self.cover, recipe=self.recipe)
        units = replace(self.net.units, headroom=self.headroom)
        net = replace(self.net, units=units, needs=needs)
        return Applied(enlarged(net, self.new) if self.new else net, tuple(self.notes))
