"""Capital destroyed and rebuilt: what is missing lowers capacity and asks for goods.

What each rebuilder still has to deliver to each loser is R_ij = R0_ij p_i: all its customers get
the same part of their orders, so one number p a rebuilder is enough.

References
----------
Hallegatte (2008), An adaptive regional input-output model, Risk Analysis 28(3):779-799.
"""

from typing import Any

from narrows.simulate.kernels.blocks import Model, Rebuilding
from narrows.simulate.kernels.states import Day, State

__all__ = ["asked_to_rebuild", "delivered_to_rebuild", "left_to_rebuild", "lost_with_capital"]

Array = Any


def lost_with_capital(model: Model, state: State, day: Day) -> Array:
    """Give the part of capacity lost today, with what the missing capital takes, (units, ...)."""
    lost = day.loss
    for each, missing in zip(model.rebuildings, state.missing, strict=True):
        if day.morning < each.start:
            continue
        part = each.size * (each.goods.T @ missing) / each.capital
        lost = lost + 0.0 * state.orders
        other = lost[each.columns]
        if model.most_counts:
            lost[each.columns] = other + (part - other) * (part > other)
        else:
            lost[each.columns] = 1.0 - (1.0 - other) * (1.0 - part)
    return lost


def asked_to_rebuild(model: Model, state: State, day: Day) -> tuple[Array, ...]:
    """Give what each rebuilder is asked for today, (rows, scenarios) each."""
    return tuple(
        each.size * each.rate * each.goods.sum(1)[:, None] * missing
        for each, missing in zip(model.rebuildings, state.missing, strict=True)
        if _begun(each, day)
    )


def delivered_to_rebuild(model: Model, before: State, filled: Array, day: Day) -> Array:
    """Give what goes to rebuilding today, (units, scenarios).

    The peer takes it out of the demand from which it sets the stocks its units aim at.
    """
    out = 0.0 * filled
    begun = [each for each in model.rebuildings if _begun(each, day)]
    for each, asked in zip(begun, asked_to_rebuild(model, before, day), strict=True):
        out[each.rows] += filled[each.rows] * asked
    return out


def left_to_rebuild(model: Model, state: State, filled: Array, day: Day) -> tuple[Array, ...]:
    """Give the part still missing tonight of the goods of each rebuilder."""
    return tuple(
        missing * (1.0 - each.rate * filled[each.rows]) if _begun(each, day) else missing
        for each, missing in zip(model.rebuildings, state.missing, strict=True)
    )


def _begun(each: Rebuilding, day: Day) -> bool:
    return day.morning >= each.begins
