"""What changes if an assumption moves: one figure at a time to the ends of its range."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from narrows.plan.asking import asked_again
from narrows.plan.figures import Figure
from narrows.plan.kernels.lshaped import Limits
from narrows.plan.result import Plan

__all__ = ["sensitivity", "without_each"]

Progress = Callable[[int, int], None]


def sensitivity(
    plan: Plan,
    *,
    options: Sequence[str] | None = None,
    gap: float = 1e-3,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Plan again with each figure at the low and at the high end of its range.

    Parameters
    ----------
    plan
        The plan.
    options
        Options whose figures move; by default those that the plan starts, and the centres that
        open them. The probability of each threat moves always.
    gap
        Relative distance of each answer from the best there can be.
    progress
        Called with figures done and figures in all.

    Returns
    -------
    DataFrame
        subject (option or threat), figure, low, best, high, objective_low_usd, objective_high_usd
        (cost and weighed loss of the best plan there), swing_usd (their distance), changes (what
        is started otherwise at the low and at the high end), grade, source_id; the largest swing
        first: the data of a tornado picture.
    """
    moves = _moves(plan, options)
    limits = Limits(gap=gap)
    usual = set(plan.portfolio()["option"])
    rows = []
    for number, (subject, name, figure) in enumerate(moves):
        ends = [_moved(plan, subject, name, value, limits) for value in (figure.low, figure.high)]
        changes = [_change(usual, end) for end in ends]
        low, high = (end.objective_usd for end in ends)
        rows.append(
            {
                "subject": subject,
                "figure": name,
                "low": figure.low,
                "best": figure.best,
                "high": figure.high,
                "objective_low_usd": low,
                "objective_high_usd": high,
                "swing_usd": abs(high - low),
                "changes": "; ".join(
                    f"{end}: {text}"
                    for end, text in zip(("low", "high"), changes, strict=True)
                    if text
                ),
                "grade": str(figure.grade),
                "source_id": figure.source_id,
            }
        )
        if progress:
            progress(number + 1, len(moves))
    columns = ["subject", "figure", "low", "best", "high", "objective_low_usd"]
    columns += ["objective_high_usd", "swing_usd", "changes", "grade", "source_id"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values("swing_usd", ascending=False, kind="stable", ignore_index=True)


def _moves(plan: Plan, options: Sequence[str] | None) -> list[tuple[str, str, Figure]]:
    """List what moves: subject, name of the figure, figure."""
    question = plan.question
    wanted = set(plan.portfolio()["option"]) if options is None else set(options)
    for name in sorted(wanted):
        wanted |= {question.options[name].opened_by} - {""}
    out = [
        (threat.name, "yearly", Figure.of(threat.yearly))
        for threat in question.threats
        if Figure.of(threat.yearly).is_open
    ]
    out += [
        (option.id, name, figure)
        for option in question.options
        if option.id in wanted
        for name, figure in option.figures().items()
        if figure.is_open
    ]
    return out


def _moved(plan: Plan, subject: str, name: str, value: float, limits: Limits) -> Plan:
    question = plan.question
    if name == "yearly":
        threats = [
            each.with_yearly(value) if each.name == subject else each for each in question.threats
        ]
        return asked_again(plan, threats=threats, limits=limits)
    options = question.options.changed(subject, name, value)
    return asked_again(plan, options=options, limits=limits)


def _change(usual: set[str], plan: Plan) -> str:
    now = set(plan.portfolio()["option"])
    more, less = sorted(now - usual), sorted(usual - now)
    parts = [f"starts {', '.join(more)}"] if more else []
    return ", ".join([*parts, *([f"leaves out {', '.join(less)}"] if less else [])])


def without_each(plan: Plan, *, gap: float = 1e-3) -> pd.DataFrame:
    """Give what each option of a plan is worth: how much worse the best plan is without it.

    Returns
    -------
    DataFrame
        option, worth_usd, the largest first.
    """
    limits = Limits(gap=gap)
    rows = [
        (name, _without(plan, name, limits) - plan.objective_usd)
        for name in sorted(set(plan.portfolio()["option"]))
    ]
    frame = pd.DataFrame(rows, columns=["option", "worth_usd"])
    return frame.sort_values("worth_usd", ascending=False, kind="stable", ignore_index=True)


def _without(plan: Plan, name: str, limits: Limits) -> float:
    kept = replace(plan.question.options, options=plan.question.options.without(name).options)
    return asked_again(plan, options=kept, limits=limits).objective_usd
