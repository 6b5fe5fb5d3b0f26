"""Accounts of a loss: what is lost, what is made up, when it begins and ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Account", "account", "times"]

Array = NDArray[np.float64]
_LOST = 0.01
_CALM_DAYS = 30


@dataclass(frozen=True)
class Account:
    """Losses of some series against what should have been; each has shape (series,).

    Attributes
    ----------
    shortfall
        Sum of what was missing, day by day.
    made_up_later
        Sum of what was above normal on other days.
    lost
        The difference of the two.
    missing_at_end
        What is still missing a day on the last day: the loss goes on beyond the window.
    deepest, deepest_day
        Largest part of a day missing, and the first day it was.
    """

    shortfall: Array
    made_up_later: Array
    lost: Array
    missing_at_end: Array
    deepest: Array
    deepest_day: NDArray[np.int64]


def account(normal: Array, actual: Array) -> Account:
    """Give the account of some series, each of shape (days, series).

    Examples
    --------
    >>> normal = np.ones((4, 1))
    >>> one = account(normal, np.array([[1.0], [0.5], [1.2], [1.0]]))
    >>> float(one.shortfall[0]), round(float(one.made_up_later[0]), 3), int(one.deepest_day[0])
    (0.5, 0.2, 1)
    """
    gap = normal - actual
    missing, more = np.clip(gap, 0.0, None), np.clip(-gap, 0.0, None)
    some = np.abs(normal) > 0
    part = np.where(some, missing / np.where(some, np.abs(normal), 1.0), 0.0)
    return Account(
        shortfall=missing.sum(axis=0),
        made_up_later=more.sum(axis=0),
        lost=gap.sum(axis=0),
        missing_at_end=missing[-1],
        deepest=part.max(axis=0),
        deepest_day=part.argmax(axis=0),
    )


def times(normal: Array, actual: Array, first: int) -> tuple[Array, Array]:
    """Give the time to survive and the time to recover of each series, in days.

    Parameters
    ----------
    normal, actual
        Shape (days, series).
    first
        Day on which the first shock begins.

    Returns
    -------
    survive
        Days from `first` until more than 1 % of a day's demand is missing.
    recover
        Days from `first` until it stays above 99 % for 30 days. Both missing (NaN) where not
        reached.

    Examples
    --------
    >>> actual = np.ones((60, 1))
    >>> actual[10:20] = 0.5
    >>> [float(each[0]) for each in times(np.ones((60, 1)), actual, first=5)]
    [5.0, 15.0]
    """
    horizon, width = normal.shape
    short = actual < (1.0 - _LOST) * normal
    short[:first] = False
    ever = short.any(axis=0)
    begins = np.where(ever, short.argmax(axis=0), 0)
    survive = np.where(ever, begins - first, np.nan)
    recover = np.full(width, np.nan)
    calm = np.zeros(width, dtype=np.int64)
    for day in range(horizon - 1, -1, -1):
        calm = np.where(short[day], 0, calm + 1)
        back = ever & (day > begins) & (calm >= _CALM_DAYS)
        recover = np.where(back, day - first, recover)
    return survive, recover
