"""Periods in which a scenario is followed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Periods"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Periods:
    """Periods from the first day of a shock; all but the last of the same length.

    Attributes
    ----------
    days
        Length of one.
    count
        How many.
    """

    days: int
    count: int

    @property
    def middles(self) -> Array:
        """Days from the first shock to the middle of each period."""
        return np.asarray((np.arange(self.count) + 0.5) * self.days, dtype=np.float64)

    @property
    def starts(self) -> Array:
        """Days from the first shock to the start of each period."""
        return np.asarray(np.arange(self.count) * float(self.days), dtype=np.float64)

    def mean(self, daily: Array) -> Array:
        """Give means over the periods of what changes by day, along the last axis."""
        shape = (*daily.shape[:-1], self.count, self.days)
        return np.asarray(daily.reshape(shape).mean(axis=-1), dtype=np.float64)
