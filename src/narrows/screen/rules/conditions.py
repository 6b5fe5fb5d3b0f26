"""Conditions as trees: what rules and control entries ask of the facts, in three values."""

from collections.abc import Iterator
from dataclasses import dataclass

from narrows.screen.rules.leaves import Answer, Condition, Leaf, Trial

__all__ = ["All", "Any_", "Entry", "Holds", "Not", "atoms"]


@dataclass(frozen=True, slots=True)
class Entry(Condition):
    """The item meets one of some control entries (an identifier covers its paragraphs)."""

    ids: tuple[str, ...]

    def test(self, trial: Trial) -> Answer:
        """Ask the control list."""
        return trial.entry(self.ids)


@dataclass(frozen=True, slots=True)
class Holds(Condition):
    """A condition that the pack names once and uses several times."""

    name: str

    def test(self, trial: Trial) -> Answer:
        """Ask the named condition."""
        return trial.holds(self.name)


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Every part holds."""

    parts: tuple[Condition, ...]

    def test(self, trial: Trial) -> Answer:
        """One False settles it."""
        open_: tuple[Leaf, ...] = ()
        held: tuple[Leaf, ...] = ()
        unknown = False
        for part in self.parts:
            truth, leaves = part.test(trial)
            if truth is False:
                return False, leaves
            if truth is None:
                unknown = True
                open_ += leaves
            else:
                held += leaves
        return (None, open_) if unknown else (True, held)


@dataclass(frozen=True, slots=True)
class Any_(Condition):  # noqa: N801 - `Any` is a name of the language
    """One part holds."""

    parts: tuple[Condition, ...]

    def test(self, trial: Trial) -> Answer:
        """One True settles it."""
        open_: tuple[Leaf, ...] = ()
        failed: tuple[Leaf, ...] = ()
        unknown = False
        for part in self.parts:
            truth, leaves = part.test(trial)
            if truth is True:
                return True, leaves
            if truth is None:
                unknown = True
                open_ += leaves
            else:
                failed += leaves
        return (None, open_) if unknown else (False, failed)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part does not hold."""

    part: Condition

    def test(self, trial: Trial) -> Answer:
        """Turn the part around."""
        truth, leaves = self.part.test(trial)
        return (None if truth is None else not truth), leaves


def atoms(condition: Condition) -> Iterator[Condition]:
    """Give every condition in a tree that has no parts."""
    if isinstance(condition, All | Any_):
        for part in condition.parts:
            yield from atoms(part)
    elif isinstance(condition, Not):
        yield from atoms(condition.part)
    else:
        yield condition
