"""Decide what one jurisdiction requires of one shipment on a day, with the reasons."""

from dataclasses import dataclass
from datetime import date

from narrows.screen.rules.leaves import Facts, Leaf
from narrows.screen.rules.packs import Effect, Outcome, Pack, Rule
from narrows.screen.rules.trial import Edition, Try, edition
from narrows.screen.rules.truth import Truth, any_of

__all__ = ["Decision", "Step", "decide"]

_LEVEL = {Effect.LICENCE: Outcome.LICENCE, Effect.PROHIBIT: Outcome.PROHIBITED}


@dataclass(frozen=True, slots=True)
class Step:
    """A rule as it was applied: whether it fires, and what decides that.

    Parameters
    ----------
    fires
        True, False, or None where a fact is missing.
    leaves
        The comparisons that decide it; where it is open, the ones that are open.
    lifted
        Whether an exception lifts it; only for licences and prohibitions.
    """

    rule: Rule
    fires: Truth
    leaves: tuple[Leaf, ...]
    lifted: Truth = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What one jurisdiction requires.

    Parameters
    ----------
    low, high
        The least and the most that can come out, whatever the missing facts turn out to be.
    steps
        Every rule in force that was applied.
    """

    pack: Pack
    day: date
    low: Outcome
    high: Outcome
    steps: tuple[Step, ...]
    facts: Facts
    under: Edition

    @property
    def settled(self) -> bool:
        """Whether the missing facts cannot change what is required."""
        return self.low is self.high

    @property
    def required(self) -> str:
        """One word: outside, nothing_found, exception, needs_facts, licence or prohibited."""
        if self.settled or self.low >= Outcome.LICENCE:
            return self.low.name.lower()
        return "needs_facts"

    @property
    def fired(self) -> tuple[Step, ...]:
        """The rules that fire."""
        return tuple(step for step in self.steps if step.fires is True)

    @property
    def open(self) -> tuple[Step, ...]:
        """The rules that a missing fact leaves open."""
        return tuple(step for step in self.steps if step.fires is None)


def decide(pack: Pack, facts: Facts, on: date, *, as_written: bool = False) -> Decision:
    """Apply the rules of a pack that are in force on a day.

    Parameters
    ----------
    pack
        The rules.
    facts
        What is known of the shipment by dotted name; what is absent is unknown.
    on
        The day.
    as_written
        Take rules that are suspended on that day for rules in force.

    Returns
    -------
    Decision
        The least and the most that may be required, and every rule with what decides it.

    Notes
    -----
    A rule that is open counts as quiet for `low` and as firing for `high`; an exception the other
    way round. So a fact that becomes unknown can only widen the span, and another rule can only
    raise it.
    """
    under = edition(pack, on, as_written)
    trial = Try(under, facts)
    steps: list[Step] = []
    nexus = []
    for rule in under.rules[Effect.SUBJECT]:
        truth, leaves = trial.rule(rule)
        nexus.append(truth)
        steps.append(Step(rule, truth, leaves))
    subject = any_of(nexus)
    if subject is False:
        return Decision(pack, on, Outcome.OUTSIDE, Outcome.OUTSIDE, tuple(steps), facts, under)
    low, high = _apply(trial, steps)
    if subject is None:
        low = Outcome.OUTSIDE
    return Decision(pack, on, low, high, tuple(steps), facts, under)


def _apply(trial: Try, steps: list[Step]) -> tuple[Outcome, Outcome]:
    """Apply all rules but the nexus; give the least and the most required."""
    under = trial.under
    low = high = Outcome.NOTHING_FOUND
    steps += [Step(rule, *trial.rule(rule)) for rule in under.rules[Effect.EXCEPTION]]
    for effect, level in _LEVEL.items():
        for rule in under.rules[effect]:
            truth, leaves = trial.rule(rule)
            lifted = _lifted(trial, rule) if truth is not False else False
            steps.append(Step(rule, truth, leaves, lifted))
            if truth is False:
                continue
            if truth is True:
                low = max(low, level if lifted is False else Outcome.EXCEPTION)
            high = max(high, Outcome.EXCEPTION if lifted is True else level)
    steps += [Step(rule, *trial.rule(rule)) for rule in under.rules[Effect.FLAG]]
    return low, high


def _lifted(trial: Try, rule: Rule) -> Truth:
    if rule.final or not rule.reason:
        return False
    lifting = trial.under.exceptions.get(rule.reason, ())
    return any_of(trial.rule(each)[0] for each in lifting)
