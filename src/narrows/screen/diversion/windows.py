"""Periods as numbers, and the spans of time that are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from narrows.terms import BadInput, Fault

__all__ = ["Calendar", "Windows", "first_after"]

_MIDDLE_DAY = 16  # a month counts as after the control where most of it is
_MIDDLE_MONTH = 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods of one length, counted from a first one.

    Attributes
    ----------
    monthly
        Months, else years.
    first, last
        Number of the first and the last period: years, or twelve times the year plus the month.

    Examples
    --------
    >>> calendar = Calendar.of(["2021-11", "2022-02"])
    >>> len(calendar), calendar.name(0), calendar.at("2022-01")
    (4, '2021-11', 2)
    """

    monthly: bool
    first: int
    last: int

    @classmethod
    def of(cls, periods: Sequence[str]) -> "Calendar":
        """Give the calendar that spans some periods of one length."""
        numbers = [_number(period) for period in periods]
        return cls("-" in periods[0], min(numbers), max(numbers))

    def __len__(self) -> int:
        return self.last - self.first + 1

    @property
    def season(self) -> int:
        """Periods in a year."""
        return 12 if self.monthly else 1

    def at(self, period: str) -> int:
        """Give the place of a period in the calendar."""
        return _number(period) - self.first

    def name(self, at: int) -> str:
        """Write a period of the calendar."""
        number = self.first + at
        return f"{number // 12}-{number % 12 + 1:02d}" if self.monthly else str(number)


@dataclass(frozen=True, slots=True)
class Windows:
    """What is compared: some periods after a cut with the same ones of the years before.

    Attributes
    ----------
    season
        Periods in a year.
    width
        Periods after the cut.
    years
        Years before it that the baseline is the mean of.

    Examples
    --------
    >>> windows = Windows(season=12, width=3, years=2)
    >>> windows.before(24).tolist()
    [[12, 13, 14], [0, 1, 2]]
    """

    season: int
    width: int
    years: int

    def after(self, cut: int) -> NDArray[np.int64]:
        """Give the periods after a cut."""
        return np.arange(cut, cut + self.width)

    def before(self, cut: int) -> NDArray[np.int64]:
        """Give the same periods of the years before, (years, width); negative where none is."""
        steps = np.arange(self.width)
        back = -(-(steps + 1) // self.season)  # whole years, so that no period after is met
        lags = back[None, :] + np.arange(self.years)[:, None]
        return np.asarray(cut + steps[None, :] - lags * self.season)

    def placebos(self, cut: int) -> list[int]:
        """Give earlier cuts whose whole span lies before the real one."""
        found = []
        other = cut - self.width
        while self.before(other).min() >= 0:
            found.append(other)
            other -= self.width
        return found


def first_after(after: date, *, monthly: bool) -> str:
    """Give the first period that lies mostly after a date.

    Examples
    --------
    >>> first_after(date(2022, 2, 24), monthly=True), first_after(date(2022, 2, 24), monthly=False)
    ('2022-03', '2022')
    """
    late_day = after.day >= _MIDDLE_DAY
    if monthly:
        number = after.year * 12 + after.month - 1 + late_day
        return f"{number // 12}-{number % 12 + 1:02d}"
    return str(after.year + (after.month >= _MIDDLE_MONTH))


def _number(period: str) -> int:
    year, _, month = period.partition("-")
    try:
        return int(year) * 12 + int(month) - 1 if month else int(year)
    except ValueError:
        fault = Fault("period", None, "", repr(period), "a year or a month such as 2022-03")
        raise BadInput(fault) from None
