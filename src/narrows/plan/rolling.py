"""Plans made again as time moves on and research shows how it turns out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from narrows.plan.asking import carried
from narrows.plan.kernels.lshaped import Limits
from narrows.plan.model import model_of
from narrows.plan.outcomes import Leaf
from narrows.plan.question import Reached
from narrows.plan.result import Plan
from narrows.plan.solving import solve_question
from narrows.terms import BadInput, Fault

__all__ = ["Rolled", "Stage", "roll"]

Progress = Callable[[int, int], None]
Key = tuple[str, str, int]
_TAKEN = 1e-6


@dataclass(frozen=True)
class Stage:
    """The plan as made in a year, when some things are known.

    Attributes
    ----------
    year, until
        When it is made, and when it is made again (or the plan ends).
    known
        What research has shown by then; empty where nothing.
    probability
        Of getting here.
    plan
        The plan then.
    before
        Number of the stage before; None for the first.
    """

    year: int
    until: int
    known: str
    probability: float
    plan: Plan
    before: int | None


@dataclass(frozen=True)
class Rolled:
    """A tree of plans.

    Attributes
    ----------
    stages
        Parents before children.
    """

    stages: tuple[Stage, ...]

    def decisions(self) -> pd.DataFrame:
        """Give what is started in each stage, and what had been planned for it before.

        Returns
        -------
        DataFrame
            stage, made (year of the plan), known, probability, option, place, year, steps (means
            over what is still open), planned_before (steps by the stage before; missing in the
            first), decided (whether it is started before the plan is made again), changed.
        """
        rows = []
        for number, stage in enumerate(self.stages):
            now = _steps(stage.plan, stage.plan.question.leaves, stage.year)
            old = self._planned(stage)
            for key in sorted({*now, *(old or {})}):
                steps = now.get(key, 0.0)
                was = old.get(key, 0.0) if old is not None else None
                changed = was is not None and abs(steps - was) > _TAKEN
                head = (number, stage.year, stage.known, stage.probability)
                rows.append((*head, *key, steps, was, key[2] < stage.until, changed))
        columns = ["stage", "made", "known", "probability", "option", "place", "year", "steps"]
        return pd.DataFrame(rows, columns=[*columns, "planned_before", "decided", "changed"])

    def summary(self) -> pd.DataFrame:
        """Give each stage in a row.

        Returns
        -------
        DataFrame
            stage, before (number of the stage before), made, known, probability, cost_usd (with
            what is started already), expected_loss_usd, tail_loss_usd (of what is still to come),
            gap, changed (what is started otherwise than planned before).
        """
        table = self.decisions()
        rows = [
            {
                "stage": number,
                "before": stage.before,
                "made": stage.year,
                "known": stage.known,
                "probability": stage.probability,
                "cost_usd": stage.plan.cost_usd,
                "expected_loss_usd": stage.plan.expected_loss_usd,
                "tail_loss_usd": stage.plan.tail_loss_usd,
                "gap": stage.plan.gap,
                "changed": _told(table[(table["stage"] == number) & table["changed"]]),
            }
            for number, stage in enumerate(self.stages)
        ]
        return pd.DataFrame(rows).astype({"before": "Int64"})

    def _planned(self, stage: Stage) -> Mapping[Key, float] | None:
        """Give what the stage before had planned, given what is known now."""
        if stage.before is None:
            return None
        parent = self.stages[stage.before].plan
        return _steps(parent, stage.plan.question.leaves, stage.year)


def roll(
    plan: Plan, years: Sequence[int], *, gap: float = 1e-3, progress: Progress | None = None
) -> Rolled:
    """Make a plan again in later years, with what was started until then and what is known then.

    In each of the years nothing has happened yet. What the stage before started stays; what
    centres that are running have shown is known, and every case of it is planned for on its own.
    The last year and the budget stay those of the plan.

    Parameters
    ----------
    plan
        The first plan.
    years
        When it is made again, in order.
    gap
        Relative distance of each plan from the best there can be.
    progress
        Called with plans made, and plans known to be made.

    Returns
    -------
    Rolled
        The tree of plans: what each decides, and what it changes.
    """
    calendar = plan.question.terms.calendar
    ends = [calendar[0], *years, calendar[-1] + 1]
    if any(one >= other for one, other in pairwise(ends)):
        expected = f"years in order, from {calendar[0] + 1} to {calendar[-1]}"
        raise BadInput(Fault("roll", None, "years", ", ".join(map(str, years)), expected))
    stages = [Stage(ends[0], ends[1], "", 1.0, plan, None)]
    first = 0
    for year, until in pairwise(ends[1:]):
        last = len(stages)
        for number in range(first, last):
            for known, leaves in _nodes(stages[number].plan, year):
                stages.append(_moved_on(stages[number], number, year, until, known, leaves, gap))
                if progress:
                    progress(len(stages) - 1, len(stages) - 1 + len(ends) - 1 - ends.index(until))
        first = last
    return Rolled(tuple(stages))


def _moved_on(
    stage: Stage,
    number: int,
    year: int,
    until: int,
    known: str,
    leaves: tuple[Leaf, ...],
    gap: float,
) -> Stage:
    """Make a plan again for one case of what is known."""
    question = stage.plan.question
    part = sum(leaf.probability for leaf in leaves)
    left = tuple(replace(leaf, probability=leaf.probability / part) for leaf in leaves)
    taken = {**(question.fixed or {}), **_steps(stage.plan, left, stage.year, until=year)}
    asked = model_of(
        *(question.net, question.threats, question.options, question.terms),
        fixed=taken,
        reached=Reached(year, left),
    )
    made = solve_question(asked, limits=Limits(gap=gap), cuts=carried(stage.plan, asked))
    return Stage(year, until, known, stage.probability * part, made, number)


def _nodes(plan: Plan, year: int) -> list[tuple[str, tuple[Leaf, ...]]]:
    """Give the cases of what running centres have shown by a year, with their leaves."""
    taken = [
        (decision, float(steps))
        for decision, steps in zip(plan.question.decisions, plan.steps, strict=True)
        if steps
    ]
    running = sorted({each.option.id for each, _ in taken if each.option.kind == "centre"})
    groups: dict[tuple[str, tuple[tuple[Key, float], ...]], list[Leaf]] = {}
    for at, leaf in enumerate(plan.question.leaves):
        shown = {name: leaf.outcomes[name].seen(float(year)) for name in running}
        known = ", ".join(f"{name} {what}" for name, what in shown.items() if what)
        begun = tuple(
            ((each.option.id, each.place, each.year), steps)
            for each, steps in taken
            if at in each.leaves and each.year < year
        )
        groups.setdefault((known, begun), []).append(leaf)
    return [(known, tuple(leaves)) for (known, _), leaves in groups.items()]


def _steps(
    plan: Plan, leaves: Sequence[Leaf], first: int, *, until: int | None = None
) -> dict[Key, float]:
    """Give the steps a plan starts from a year on, means over some outcomes of research."""
    part = {leaf.name: leaf.probability for leaf in leaves}
    whole = sum(part.values())
    question, out = plan.question, dict[Key, float]()
    for decision, steps in zip(question.decisions, plan.steps, strict=True):
        late = until is not None and decision.year >= until
        weight = sum(part.get(question.leaves[leaf].name, 0.0) for leaf in decision.leaves) / whole
        if steps and weight and decision.year >= first and not late:
            key = decision.option.id, decision.place, decision.year
            out[key] = out.get(key, 0.0) + float(steps * weight)
    return out


def _told(changed: pd.DataFrame) -> str:
    """Say in words what is started otherwise."""
    parts = [
        f"{option} at {place} in {year}: {steps:g} instead of {was:g}"
        for option, place, year, steps, was in changed[
            ["option", "place", "year", "steps", "planned_before"]
        ].itertuples(index=False)
    ]
    return "; ".join(parts)
