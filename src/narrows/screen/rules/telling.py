"""Tell a decision in words: what is required, under which rules, why, and what is missing."""

from typing import Any

from narrows.screen.rules.deciding import Decision, Step
from narrows.screen.rules.leaves import Atom, Column, Fires, InSet, Leaf
from narrows.screen.rules.packs import Effect, Outcome
from narrows.screen.rules.questions import missing_facts
from narrows.screen.rules.trial import Try
from narrows.screen.rules.vocabulary import vocabulary

__all__ = ["NEEDS_FACTS", "as_row", "notes_on", "step_row", "words_of"]

NEEDS_FACTS = "needs facts"
_ORDER = ("primary", "secondary", "memory")


def as_row(decision: Decision) -> dict[str, Any]:
    """Give a decision as one row.

    Parameters
    ----------
    decision
        What was decided.
    """
    missing = missing_facts(decision)
    words = vocabulary()
    deciding = [step for step in decision.fired if step.rule.effect is not Effect.FLAG]
    return {
        "jurisdiction": decision.pack.id,
        "name": decision.pack.name,
        "required": decision.required,
        "in_words": words_of(decision),
        "could_be": "" if decision.settled else decision.high.name.lower(),
        "rules": "; ".join(step.rule.id for step in deciding),
        "citations": "; ".join(dict.fromkeys(step.rule.cite for step in deciding)),
        "entries": "; ".join(_entries(decision)),
        "missing": "; ".join(missing),
        "also_open": "; ".join(_open(decision, missing)),
        "questions": " | ".join(words[name].ask for name in missing),
        "notes": " | ".join(notes_on(decision)),
        "read": max((step.rule.read for step in deciding), key=_ORDER.index, default=""),
        "on": decision.day.isoformat(),
        "rules_as_of": decision.pack.as_of.isoformat(),
        "rules_digest": decision.pack.digest[:12],
    }


def words_of(decision: Decision) -> str:
    """Say what is required."""
    if decision.required == "needs_facts":
        return f"{NEEDS_FACTS}; between {decision.low.words} and {decision.high.words}"
    if not decision.settled:
        return f"{decision.low.words}, and perhaps {decision.high.words}"
    return decision.low.words


def _open(decision: Decision, missing: tuple[str, ...]) -> list[str]:
    """Give the other facts that leave a rule open; together they may count."""
    if decision.settled:
        return []
    facts = dict.fromkeys(leaf.fact for step in decision.open for leaf in step.leaves)
    known = {*missing, *decision.facts}
    return [fact for fact in facts if fact and fact not in known]


def _entries(decision: Decision) -> list[str]:
    """Give the control entries that the item meets, where the pack reaches it."""
    if decision.high is Outcome.OUTSIDE:
        return []
    trial = Try(decision.under, decision.facts)
    return [each.id for each in decision.under.entries if trial.one_entry(each)[0] is True]


def notes_on(decision: Decision) -> list[str]:
    """Give what has to be said beside a decision: flags, suspensions, dates, exceptions."""
    out = []
    for step in decision.fired:
        if step.rule.effect is Effect.FLAG:
            out.append(f"{step.rule.note or step.rule.id} ({step.rule.cite})")
        elif step.rule.effect is Effect.EXCEPTION and step.rule.conditions:
            out.append(f"exception {step.rule.id}: {'; '.join(step.rule.conditions)}")
        elif step.rule.review:
            out.append(f"applications: {step.rule.review} ({step.rule.cite})")
        late = step.rule.unchecked_after
        if late and decision.day > late:
            out.append(f"{step.rule.id} was not checked after {late}: {step.rule.note}")
        if step.rule.force.from_ is None and decision.day < decision.pack.as_of:
            out.append(f"start of {step.rule.id} was not read; it stood on {decision.pack.as_of}")
    out += _suspended(decision)
    out += _unread(decision)
    if decision.day > decision.pack.as_of:
        out.append(f"rules read up to {decision.pack.as_of}, the day asked is later")
    return list(dict.fromkeys(out))


def _suspended(decision: Decision) -> list[str]:
    trial = Try(decision.under, decision.facts)
    out = []
    for rule in decision.under.suspended:
        if trial.rule(rule)[0] is not True:
            continue
        span = next(each for each in rule.suspended if each.has(decision.day))
        until = span.until.isoformat() if span.until else "further notice"
        out.append(f"{rule.id} ({rule.cite}) is not applied until {until}: {span.cite}")
    return out


def _unread(decision: Decision) -> list[str]:
    """Give what is open because the rules held here are not whole, whatever is asked."""
    leaves = dict.fromkeys(
        leaf
        for step in decision.open
        for leaf in step.leaves
        if isinstance(leaf, InSet | Column) and leaf.fact in decision.facts
    )
    out = []
    for leaf in leaves if not decision.settled else ():
        place = decision.facts[leaf.fact]
        if isinstance(leaf, Column):
            out.append(f"the country chart says nothing of {place}")
            continue
        cites = [
            decision.under.sets[each].cite for each in leaf.sets if each in decision.under.sets
        ]
        out.append(f"whether {place} is in {' or '.join(leaf.sets)} was not read ({cites[0]})")
    return out


def step_row(decision: Decision, step: Step) -> dict[str, Any]:
    """Give a rule as it was applied, as one row."""
    rule = step.rule
    fires = {True: "yes", False: "no", None: "open"}
    return {
        "rule": rule.id,
        "effect": rule.effect.value,
        "fires": fires[step.fires],
        "lifted": fires[step.lifted] if rule.effect in (Effect.LICENCE, Effect.PROHIBIT) else "",
        "reason": rule.reason,
        "because": "; ".join(dict.fromkeys(_leaf(decision, leaf) for leaf in step.leaves)),
        "cite": rule.cite,
        "from": rule.force.from_.isoformat() if rule.force.from_ else "not read",
        "until": rule.force.until.isoformat() if rule.force.until else "",
        "read": rule.read,
        "note": rule.note,
    }


def _leaf(decision: Decision, leaf: Leaf) -> str:
    """Say what was asked and what was found."""
    if isinstance(leaf, Fires):
        return leaf.words()
    found = decision.facts.get(leaf.fact)
    if found is None:
        return f"{leaf.words()}: not known"
    unit = vocabulary()[leaf.fact].unit if isinstance(leaf, Atom) else ""
    shown = "true" if found is True else "false" if found is False else found
    if isinstance(leaf, InSet | Column) or shown is not found:
        return f"{leaf.words()}: {leaf.fact} is {shown}"
    return f"{leaf.words()}: {shown}{f' {unit}' if unit and unit != '1' else ''}"
