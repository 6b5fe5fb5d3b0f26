"""What bounds each unit on a day: its orders, its capacity, or its stock of an input."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.kernels.blocks import Model
from narrows.simulate.kernels.states import Day, Report, State

__all__ = ["BY_CAPACITY", "BY_ORDERS", "BY_STOCK", "limits"]

BY_ORDERS, BY_CAPACITY, BY_STOCK = 0, 1, 2
"""Codes of what bounds a unit; `BY_STOCK` and the number of an item: the stock of that input."""
_ROUNDING = 1e-6


def limits(
    model: Model, before: State, day: Day, after: State, report: Report
) -> NDArray[np.int16]:
    """Give what bounds each unit on a day, in the first scenario.

    Parameters
    ----------
    model
        The constant part.
    before, after
        The state before and after the day.
    day
        What the shocks do.
    report
        What the day shows.

    Returns
    -------
    ndarray
        Codes, shape (units,): `BY_ORDERS`, `BY_CAPACITY`, or `BY_STOCK` + number of the item.
    """
    asked = np.clip(report.orders[:, 0] - before.held[:, 0], 0.0, None)
    if report.pulled is not None:
        asked = report.pulled[:, 0]
    capacity = (model.output * (1.0 - day.loss) * after.alpha)[:, 0]
    bound = np.minimum(asked, capacity)
    code = np.where(capacity < (1.0 - _ROUNDING) * asked, BY_CAPACITY, BY_ORDERS).astype(np.int16)
    if not (after.produced[:, 0] < (1.0 - _ROUNDING) * bound).any():
        return code  # no stock was short
    wanted = bound.copy()
    for number, block in enumerate(model.blocks):
        if block.market:
            continue
        level = _level(block, number, before, day)
        mine = wanted[block.buyers]
        if block.stops is not None:
            stops = block.stops[:, 0]
            level = (1.0 - stops) * mine + stops * np.minimum(mine, level)
        if block.substitute is not None:
            replaced = after.clocks[number][:, 0] > block.substitute[:, 0]
            level = np.where(replaced, np.inf, level)
        less = level < (1.0 - _ROUNDING) * bound[block.buyers]
        worst_last = np.argsort(-level, kind="stable")  # of several needs of a buyer it stays
        worst_last = worst_last[less[worst_last]]
        buyers = np.arange(len(bound))[block.buyers][worst_last]
        code[buyers] = BY_STOCK + np.broadcast_to(block.item, level.shape)[worst_last]
        bound[buyers] = level[worst_last]
    return code


def _level(block: Any, number: int, before: State, day: Day) -> NDArray[np.float64]:  # noqa: ANN401
    """Give the output that the stock of an input allows; infinity where it does not bind."""
    stock = before.stocks[number][:, :1]
    if number in day.stock_kept:
        stock = stock * day.stock_kept[number][:, :1]
    if number in day.stock_added:
        stock = stock + day.stock_added[number][:, :1]
    level = stock * block.reach + block.never
    factor = day.recipe.get(number)
    if factor is not None:
        level = level / np.where(factor[:, :1] > 0, factor[:, :1], 1e-30)
    return np.asarray(level[:, 0])
