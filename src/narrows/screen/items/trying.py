"""Try parameters of items: the least that a condition on an item has to see."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from narrows.screen.rules.leaves import Atom, Leaf, PlaceSet
from narrows.screen.rules.truth import Truth
from narrows.screen.rules.vocabulary import Fact

__all__ = ["ItemTrial", "values_around"]


class ItemTrial:
    """The facts of an item alone; control entries ask for nothing else."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.facts = facts

    def place_set(self, name: str) -> PlaceSet:
        """Give an empty set: entries name no places."""
        return PlaceSet(name, frozenset())

    def column(self, name: str) -> Truth:  # noqa: ARG002 - as the conditions ask
        """Give nothing: entries read no chart."""
        return None

    def entry(self, ids: tuple[str, ...]) -> tuple[Truth, tuple[Leaf, ...]]:  # noqa: ARG002
        """Give nothing: an entry asks for no other entry."""
        return None, ()

    def holds(self, name: str) -> tuple[Truth, tuple[Leaf, ...]]:  # noqa: ARG002
        """Give nothing: entries have no named conditions."""
        return None, ()

    def code_not_held(self) -> bool:
        """Give False: entries ask for no code."""
        return False

    def fires(self, rule: str) -> Truth:  # noqa: ARG002
        """Give nothing: entries know no rules."""
        return None


def values_around(fact: Fact, leaves: Iterable[Atom]) -> tuple[object, ...]:
    """Give values of a fact that fall on every side of what is asked of it.

    Parameters
    ----------
    fact
        The fact.
    leaves
        The comparisons that ask for it.
    """
    if fact.type == "flag":
        return (True, False)
    asked: dict[Any, None] = {}
    for leaf in leaves:
        asked |= dict.fromkeys(sorted(leaf.value) if leaf.sign == "in" else [leaf.value])
    if fact.type == "number":
        return tuple(_around(sorted(asked)))
    others = [each for each in fact.choices if each not in asked][:1]
    return (*asked, *others)


def _around(bounds: list[float]) -> Iterator[float]:
    """Give a value below, at, between and above some bounds."""
    if not bounds:
        return
    yield bounds[0] - 1
    for this, after in zip(bounds, [*bounds[1:], bounds[-1] + 2], strict=True):
        yield this
        yield (this + after) / 2
