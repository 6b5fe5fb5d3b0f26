"""A rule pack: one jurisdiction's rules, dated, cited and tested."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any

from narrows.screen.items.entries import ControlList
from narrows.screen.rules.leaves import Condition, PlaceSet

__all__ = ["EFFECTS", "Effect", "Outcome", "Pack", "PackTest", "Rule", "Span"]


class Outcome(IntEnum):
    """What a jurisdiction requires, from least to most. It never says that all is well."""

    OUTSIDE = 0
    NOTHING_FOUND = 1
    EXCEPTION = 2
    LICENCE = 3
    PROHIBITED = 4

    @property
    def words(self) -> str:
        """The outcome in words."""
        return (
            "outside the reach of these rules",
            "nothing found under these rules",
            "exception available",
            "licence required",
            "prohibited",
        )[self]


class Effect(StrEnum):
    """What a rule does when it fires."""

    SUBJECT = "subject"
    LICENCE = "licence"
    PROHIBIT = "prohibit"
    EXCEPTION = "exception"
    FLAG = "flag"


EFFECTS = tuple(each.value for each in Effect)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `from_` to `until`, both included; None leaves an end open."""

    from_: date | None
    until: date | None
    cite: str = ""

    def has(self, day: date) -> bool:
        """Tell whether a day is in it."""
        after = self.from_ is None or day >= self.from_
        return after and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule.

    Parameters
    ----------
    effect
        subject, licence, prohibit, exception or flag.
    reason
        What a licence or prohibition is for; an exception lifts reasons by name.
    lifts
        The reasons that an exception lifts.
    final
        Whether no exception lifts it.
    force
        From when until when it is in force.
    suspended
        Spans in which it is in the books and not applied.
    cite, read
        Where it is written; whether that was read as a primary or a secondary text, or not at all
        (memory).
    unchecked_after
        Day after which it was not checked whether it still stands.
    """

    id: str
    effect: Effect
    when: Condition
    cite: str
    read: str
    force: Span
    reason: str = ""
    lifts: frozenset[str] = frozenset()
    final: bool = False
    suspended: tuple[Span, ...] = ()
    note: str = ""
    conditions: tuple[str, ...] = ()
    review: str = ""
    unchecked_after: date | None = None
    line: int = 0

    def in_force(self, day: date) -> bool:
        """Tell whether it applies on a day."""
        return self.force.has(day) and not any(span.has(day) for span in self.suspended)


@dataclass(frozen=True, slots=True)
class PackTest:
    """A case that a pack carries: facts, date, and what must come out.

    `as_written` takes suspended rules for rules in force, so that they can be tested too.
    """

    name: str
    on: date
    facts: Mapping[str, Any]
    outcome: str
    fires: tuple[str, ...]
    quiet: tuple[str, ...]
    as_written: bool
    line: int


@dataclass(frozen=True, eq=False)
class Pack:
    """The rules of one jurisdiction.

    Parameters
    ----------
    as_of
        The day to which the rules were read.
    read_as
        Places that these rules treat as another (Hong Kong as China in the US rules).
    columns
        Country chart: columns by place; empty where there is none.
    embargoed
        Places that the chart refers elsewhere: its columns say nothing about them.
    sources
        What was read: publisher, title, date, address.
    digest
        Fingerprint of the pack's file; its control list has one of its own.
    """

    id: str
    name: str
    authority: str
    as_of: date
    read: str
    controls: ControlList
    rules: tuple[Rule, ...]
    sets: tuple[PlaceSet, ...] = ()
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    tests: tuple[PackTest, ...] = ()
    sources: tuple[str, ...] = ()
    read_as: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    embargoed: frozenset[str] = frozenset()
    chart_columns: frozenset[str] = frozenset()
    file: str = ""
    digest: str = ""

    def rule(self, name: str) -> Rule:
        """Give a rule by its identifier."""
        return next(each for each in self.rules if each.id == name)
