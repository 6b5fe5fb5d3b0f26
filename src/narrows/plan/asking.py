"""A question of a plan asked again, with the cuts that still hold."""

from dataclasses import replace

import numpy as np

from narrows.plan.kernels.lshaped import Cut, Limits
from narrows.plan.model import model_of
from narrows.plan.question import Question
from narrows.plan.result import Plan
from narrows.plan.solving import solve_question

__all__ = ["asked_again", "carried"]


def asked_again(plan: Plan, **changes: object) -> Plan:
    """Solve the question of a plan with other terms, options or threats; its cuts help.

    Parameters
    ----------
    changes
        ``terms``, ``options``, ``threats``, ``limits``.
    """
    question = plan.question
    limits = changes.get("limits")
    made = model_of(
        question.net,
        changes.get("threats", question.threats),  # type: ignore[arg-type]
        changes.get("options", question.options),  # type: ignore[arg-type]
        changes.get("terms", question.terms),  # type: ignore[arg-type]
        fixed=question.fixed,
        reached=question.reached,
    )
    found = limits if isinstance(limits, Limits) else Limits(gap=max(plan.gap, 1e-4))
    return solve_question(made, limits=found, cuts=carried(plan, made))


def carried(plan: Plan, question: Question) -> tuple[Cut, ...]:
    """Give the cuts of a plan that hold in a question with the same branches and rows."""
    old = plan.question
    if old.layout.recourse.matrix.shape != question.layout.recourse.matrix.shape:
        return ()
    apart = old.layout.recourse.matrix - question.layout.recourse.matrix
    if abs(apart).max() > 0:
        return ()
    at = {branch.name: number for number, branch in enumerate(question.problem.branches)}
    return tuple(
        replace(cut, branch=at[name])
        for cut in plan.found.cuts
        if (name := old.problem.branches[cut.branch].name) in at
        and _same_bounds(old, cut.branch, question, at[name])
    )


def _same_bounds(one: Question, first: int, other: Question, second: int) -> bool:
    before, after = one.problem.branches[first], other.problem.branches[second]
    return all(
        getattr(before, name) is getattr(after, name)
        or np.array_equal(getattr(before, name), getattr(after, name))
        for name in ("row_low", "high")
    )
