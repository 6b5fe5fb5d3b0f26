"""Which missing facts can still change what is required."""

from collections import Counter
from collections.abc import Iterator

from narrows.screen.items.trying import values_around
from narrows.screen.rules.conditions import atoms
from narrows.screen.rules.deciding import Decision, decide
from narrows.screen.rules.leaves import Atom, Column, Condition, InSet
from narrows.screen.rules.packs import Outcome, Pack
from narrows.screen.rules.vocabulary import Fact, vocabulary

__all__ = ["missing_facts", "trial_values"]


def missing_facts(decision: Decision) -> tuple[str, ...]:
    """Give the missing facts that can change the outcome, the most decisive first.

    Every fact that leaves a rule open is tried with values on both sides of every bound that the
    pack asks for; it is kept where the least or the most required moves. Where no single fact
    moves it, all that leave a rule open are given. Nothing is asked where all is settled.

    Parameters
    ----------
    decision
        What was decided.
    """
    if decision.settled or decision.low is Outcome.PROHIBITED:
        return ()
    counted = Counter(leaf.fact for step in decision.open for leaf in set(step.leaves) if leaf.fact)
    counted |= Counter(
        leaf.fact
        for step in decision.fired
        if step.lifted is None
        for rule in decision.under.exceptions.get(step.rule.reason, ())
        for other in decision.open
        if other.rule is rule
        for leaf in other.leaves
        if leaf.fact
    )
    ordered = [name for name, _ in counted.most_common() if name not in decision.facts]
    span = (decision.low, decision.high)
    found = tuple(
        name
        for name in ordered
        if any(_span(decision, name, value) != span for value in trial_values(decision.pack, name))
    )
    return found or tuple(ordered)


def _span(decision: Decision, name: str, value: object) -> tuple[Outcome, Outcome]:
    tried = decide(decision.pack, {**decision.facts, name: value}, decision.day)
    return tried.low, tried.high


def trial_values(pack: Pack, name: str) -> tuple[object, ...]:
    """Give values of a fact that fall on every side of what a pack asks of it."""
    fact = vocabulary()[name]
    leaves = [leaf for leaf in _leaves(pack) if getattr(leaf, "fact", "") == name]
    if fact.type in ("place", "places"):
        return _places(pack, fact, leaves)
    return values_around(fact, [leaf for leaf in leaves if isinstance(leaf, Atom)])


def _places(pack: Pack, fact: Fact, leaves: list[Condition]) -> tuple[object, ...]:
    found: dict[str, None] = {"JPN": None, "USA": None, "CHN": None}
    for leaf in leaves:
        if isinstance(leaf, Atom):
            found |= dict.fromkeys(sorted(leaf.value if leaf.sign == "in" else {leaf.value}))
        if isinstance(leaf, InSet):
            for each in pack.sets:
                if each.name in leaf.sets:
                    found |= dict.fromkeys(sorted(each.members)[:1])
    if any(isinstance(leaf, Column) for leaf in leaves):
        marked = {columns: place for place, columns in pack.columns.items()}
        found |= dict.fromkeys(marked.values())
    return tuple((each,) for each in found) if fact.type == "places" else tuple(found)


def _leaves(pack: Pack) -> Iterator[Condition]:
    """Give every leaf of a pack and of its control list."""
    for rule in pack.rules:
        yield from atoms(rule.when)
    for condition in pack.conditions.values():
        yield from atoms(condition)
    for entry in pack.controls.entries:
        yield from atoms(entry.when)
