"""Conditions without parts: one comparison of a fact, in three values."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from narrows.screen.rules.truth import Truth

__all__ = [
    "Answer",
    "Atom",
    "Column",
    "Condition",
    "Facts",
    "Fires",
    "InSet",
    "Leaf",
    "NotHeld",
    "PlaceSet",
    "Trial",
]

Facts = Mapping[str, Any]
"""What is known of a shipment, by dotted name; a name that is absent is unknown."""
Answer = tuple[Truth, tuple["Leaf", ...]]
"""Truth, and the leaves that decide it (all open leaves where it is unknown)."""


class Trial(Protocol):
    """One look at the facts under one edition of the rules."""

    facts: Facts

    def place_set(self, name: str) -> "PlaceSet": ...  # noqa: D102
    def column(self, name: str) -> Truth: ...  # noqa: D102
    def entry(self, ids: tuple[str, ...]) -> "Answer": ...  # noqa: D102
    def holds(self, name: str) -> "Answer": ...  # noqa: D102
    def fires(self, rule: str) -> Truth: ...  # noqa: D102
    def code_not_held(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class PlaceSet:
    """A named set of places with dates.

    Parameters
    ----------
    members
        Places that are in it.
    outside
        Places known not to be in it, where the members are not all known; None: all are known.
    """

    name: str
    members: frozenset[str]
    outside: frozenset[str] | None = None
    cite: str = ""
    from_: date | None = None
    until: date | None = None

    def has(self, place: str) -> Truth:
        """Tell whether a place is in it; None where the list of members is not complete."""
        if place in self.members:
            return True
        return False if self.outside is None or place in self.outside else None


def _within(found: Any, value: Any) -> bool:  # noqa: ANN401 - whatever a fact may be
    if isinstance(found, tuple | list):
        return any(each in value for each in found)
    return found in value


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "in": _within,
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}


class Condition:
    """Anything that can be tested."""

    __slots__ = ()

    def test(self, trial: Trial) -> Answer:
        """Give truth and the leaves that decide it."""
        raise NotImplementedError


class Leaf(Condition):
    """A condition without parts."""

    __slots__ = ()

    @property
    def fact(self) -> str:
        """The fact it asks for."""
        raise NotImplementedError

    def words(self) -> str:
        """Say what is asked."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Atom(Leaf):
    """A comparison of one fact with a value.

    Parameters
    ----------
    name
        The fact.
    sign
        eq, in, at_least, above, at_most or below.
    value
        What it is compared with; a frozenset for `in`.
    """

    name: str
    sign: str
    value: Any
    _alone: tuple["Leaf", ...] = field(init=False, repr=False, compare=False)
    _holds: Callable[[Any, Any], bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep what every test needs."""
        object.__setattr__(self, "_alone", (self,))
        object.__setattr__(self, "_holds", _HOLDS[self.sign])

    @property
    def fact(self) -> str:
        """The fact it asks for."""
        return self.name

    def test(self, trial: Trial) -> Answer:
        """Compare; an absent fact is unknown."""
        found = trial.facts.get(self.name)
        if found is None:
            return None, self._alone
        return self._holds(found, self.value), self._alone

    def words(self) -> str:
        """Say what is asked, such as ``item.overlay_nm at most 1.5``."""
        if self.value is True or self.value is False:
            return f"{self.name} is {'true' if self.value else 'false'}"
        value = self.value
        shown = " or ".join(sorted(map(str, value))) if self.sign == "in" else f"{value}"
        sign = {"eq": "is", "in": "is", "at_least": "at least", "at_most": "at most"}
        return f"{self.name} {sign.get(self.sign, self.sign)} {shown}"


@dataclass(frozen=True, slots=True)
class InSet(Leaf):
    """A place that must be in one of some named sets."""

    name: str
    sets: tuple[str, ...]

    @property
    def fact(self) -> str:
        """The fact it asks for."""
        return self.name

    def test(self, trial: Trial) -> Answer:
        """Look the place up in the sets in force."""
        place = trial.facts.get(self.name)
        if place is None:
            return None, (self,)
        places = place if isinstance(place, list | tuple) else (place,)
        found: Truth = False
        for name in self.sets:
            members = trial.place_set(name)
            for each in places:
                truth = members.has(each)
                if truth:
                    return True, (self,)
                found = None if truth is None else found
        return found, (self,)

    def words(self) -> str:
        """Say what is asked."""
        return f"{self.name} in {' or '.join(self.sets)}"


@dataclass(frozen=True, slots=True)
class Column(Leaf):
    """A mark in a column of the country chart at the destination."""

    name: str

    @property
    def fact(self) -> str:
        """The fact it asks for."""
        return "route.to"

    def test(self, trial: Trial) -> Answer:
        """Look at the chart."""
        return trial.column(self.name), (self,)

    def words(self) -> str:
        """Say what is asked."""
        return f"country chart has a mark in {self.name} for route.to"


@dataclass(frozen=True, slots=True)
class NotHeld(Leaf):
    """The item's code names an entry that the control list held here does not have.

    Without a code it does not hold, as a pack speaks of the entries that it holds.
    """

    name: str

    @property
    def fact(self) -> str:
        """The fact it asks for."""
        return self.name

    def test(self, trial: Trial) -> Answer:
        """Ask the control list."""
        return trial.code_not_held(), (self,)

    def words(self) -> str:
        """Say what is asked."""
        return f"{self.name} is an entry that is not held here"


@dataclass(frozen=True, slots=True)
class Fires(Leaf):
    """Another rule of the pack fires."""

    rule: str

    @property
    def fact(self) -> str:
        """It asks for no fact itself."""
        return ""

    def test(self, trial: Trial) -> Answer:
        """Ask the other rule."""
        return trial.fires(self.rule), (self,)

    def words(self) -> str:
        """Say what is asked."""
        return f"rule {self.rule} fires"
