"""One look at the facts of a shipment under the rules in force on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from narrows.screen.items.entries import ControlEntry, covers
from narrows.screen.rules.conditions import All
from narrows.screen.rules.leaves import Atom, Condition, Facts, Leaf, PlaceSet
from narrows.screen.rules.packs import Effect, Pack, Rule
from narrows.screen.rules.truth import Truth

__all__ = ["Edition", "Try", "edition"]

Answer = tuple[Truth, tuple[Leaf, ...]]
FREE_OF_ENTRY = "EAR99"
"""Code of what is subject to the US rules and in no entry."""


@dataclass(frozen=True, eq=False)
class Edition:
    """A pack as it stands on one day.

    Parameters
    ----------
    rules
        Rules in force by effect.
    suspended
        Rules that are in the books and not applied on that day.
    """

    pack: Pack
    day: date
    rules: Mapping[Effect, tuple[Rule, ...]]
    by_id: Mapping[str, Rule]
    suspended: tuple[Rule, ...]
    sets: Mapping[str, PlaceSet]
    entries: tuple[ControlEntry, ...]
    exceptions: Mapping[str, tuple[Rule, ...]]
    groups: dict[tuple[str, ...], "Group"] = field(default_factory=dict)

    def group(self, ids: tuple[str, ...]) -> "Group":
        """Give the entries that some identifiers cover; kept, as every shipment asks."""
        found = self.groups.get(ids)
        if found is None:
            entries = (e for e in self.entries if any(covers(each, e.id) for each in ids))
            found = self.groups[ids] = Group.of(tuple(entries))
        return found


@dataclass(frozen=True)
class Group:
    """Control entries asked for together, by the kind of item that they are about.

    Parameters
    ----------
    none
        What to say of an item of another kind.
    """

    entries: tuple[ControlEntry, ...]
    by_kind: Mapping[str, tuple[ControlEntry, ...]]
    of_any_kind: tuple[ControlEntry, ...]
    none: tuple[Leaf, ...]

    @classmethod
    def of(cls, entries: tuple[ControlEntry, ...]) -> "Group":
        """Sort entries by kind."""
        kinds = {entry: _kinds(entry.when) for entry in entries}
        every = frozenset[str]().union(*(found or () for found in kinds.values()))
        return cls(
            entries=entries,
            by_kind={
                kind: tuple(e for e in entries if kinds[e] is None or kind in (kinds[e] or ()))
                for kind in every
            },
            of_any_kind=tuple(e for e in entries if kinds[e] is None),
            none=(Atom("item.kind", "in", every),),
        )


def _kinds(condition: Condition) -> frozenset[str] | None:
    """Give the kinds of item that a condition can hold for; None for any."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    for part in parts:
        if isinstance(part, Atom) and part.name == "item.kind":
            return part.value if part.sign == "in" else frozenset((part.value,))
    return None


@lru_cache(maxsize=512)
def edition(pack: Pack, day: date, as_written: bool = False) -> Edition:
    """Give a pack as it stands on a day; kept, as many shipments share a day.

    `as_written` takes the rules that are suspended on that day for rules in force.
    """
    rules = [r for r in pack.rules if r.force.has(day) and (as_written or r.in_force(day))]
    by_effect = {effect: tuple(r for r in rules if r.effect is effect) for effect in Effect}
    sets = {
        each.name: each
        for each in pack.sets
        if (each.from_ is None or day >= each.from_) and (each.until is None or day <= each.until)
    }
    lifts: dict[str, tuple[Rule, ...]] = {}
    for rule in by_effect[Effect.EXCEPTION]:
        for reason in rule.lifts:
            lifts[reason] = (*lifts.get(reason, ()), rule)
    return Edition(
        pack=pack,
        day=day,
        rules=by_effect,
        by_id={rule.id: rule for rule in rules},
        suspended=tuple(r for r in pack.rules if r.force.has(day) and not r.in_force(day)),
        sets=sets,
        entries=tuple(pack.controls.in_force(day)),
        exceptions=lifts,
    )


class Try:
    """What conditions see: the facts, and the answers already found.

    Parameters
    ----------
    under
        The rules of the day.
    facts
        What is known, by dotted name.
    """

    __slots__ = ("_code", "_coded", "_entries", "_groups", "_named", "_rules", "facts", "under")

    def __init__(self, under: Edition, facts: Facts) -> None:
        self.under = under
        self.facts: Facts = _read_as(under.pack, facts)
        name = f"item.code.{under.pack.controls.id}"
        self._code = str(facts.get(name, ""))
        self._coded: tuple[Leaf, ...] = (Atom(name, "eq", self._code),) if self._code else ()
        self._entries: dict[str, Answer] = {}
        self._groups: dict[tuple[str, ...], Answer] = {}
        self._named: dict[str, Answer] = {}
        self._rules: dict[str, Answer] = {}

    def place_set(self, name: str) -> PlaceSet:
        """Give a set of places; one that is not in force yet has no members."""
        return self.under.sets.get(name) or PlaceSet(name, frozenset())

    def column(self, name: str) -> Truth:
        """Tell whether the country chart has a mark at the destination."""
        place = self.facts.get("route.to")
        pack = self.under.pack
        if place is None or place not in pack.columns or place in pack.embargoed:
            return None
        return name in pack.columns[place]

    def entry(self, ids: tuple[str, ...]) -> Answer:
        """Tell whether the item meets one of some control entries."""
        found = self._groups.get(ids)
        if found is None:
            found = self._groups[ids] = self._entry(ids)
        return found

    def _entry(self, ids: tuple[str, ...]) -> Answer:
        group = self.under.group(ids)
        kind = None if self._code else self.facts.get("item.kind")
        entries = group.entries if kind is None else group.by_kind.get(kind, group.of_any_kind)
        if not entries:
            return False, group.none
        open_: tuple[Leaf, ...] = ()
        failed: tuple[Leaf, ...] = ()
        unknown = False
        for entry in entries:
            truth, leaves = self.one_entry(entry)
            if truth is True:
                return True, leaves
            if truth is None:
                unknown = True
                open_ += leaves
            else:
                failed += leaves
        return (None, open_) if unknown else (False, failed)

    def one_entry(self, entry: ControlEntry) -> Answer:
        """Tell whether the item meets an entry."""
        found = self._entries.get(entry.id)
        if found is None:
            found = self._by_code(entry) if self._code else entry.when.test(self)
            self._entries[entry.id] = found
        return found

    def _by_code(self, entry: ControlEntry) -> Answer:
        """Take the code that the maker or an authority has given; a broad one leaves it open."""
        if covers(entry.id, self._code):
            return True, self._coded
        return entry.when.test(self) if covers(self._code, entry.id) else (False, self._coded)

    def code_not_held(self) -> bool:
        """Tell whether the item's code names an entry that is not held here."""
        if not self._code or self._code == FREE_OF_ENTRY:
            return False
        held = (each.id.partition(".")[0] for each in self.under.pack.controls.entries)
        return self._code.partition(".")[0] not in held

    def holds(self, name: str) -> Answer:
        """Tell whether a named condition holds."""
        found = self._named.get(name)
        if found is None:
            found = self._named[name] = self.under.pack.conditions[name].test(self)
        return found

    def fires(self, rule: str) -> Truth:
        """Tell whether another rule fires; one that is not in force does not."""
        known = self.under.by_id.get(rule)
        return False if known is None else self.rule(known)[0]

    def rule(self, rule: Rule) -> Answer:
        """Tell whether a rule fires."""
        found = self._rules.get(rule.id)
        if found is None:
            found = self._rules[rule.id] = rule.when.test(self)
        return found

    def test(self, condition: Condition) -> Answer:
        """Test any condition."""
        return condition.test(self)


def _read_as(pack: Pack, facts: Facts) -> Facts:
    """Take places as the pack takes them."""
    if not pack.read_as:
        return facts
    changed: dict[str, Any] = {}
    for name in ("route.to", "route.from", "end_user.headquarters", "item.origin"):
        place = facts.get(name)
        if isinstance(place, str) and place in pack.read_as:
            changed[name] = pack.read_as[place]
    return {**facts, **changed} if changed else facts
