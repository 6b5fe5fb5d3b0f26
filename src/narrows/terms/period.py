"""Periods as written in the files: a year, a quarter, a month, a day, or a range of these."""

import re
from dataclasses import dataclass
from functools import cache

__all__ = ["Period"]

_DAYS = 12 * 31.0  # days of a year of long months, so that no day leaves its month
_SAME = 1e-9  # years; months are no whole parts of a year in binary
_FORM = re.compile(r"(\d{4})(?:Q([1-4])|-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of time in years, `start` included and `end` not.

    Examples
    --------
    >>> Period.parse("2021Q4").start
    2021.75
    >>> Period.parse("2017/2020").gap(Period.parse("2022"))
    1.0
    """

    start: float
    end: float

    @classmethod
    @cache
    def parse(cls, text: str) -> "Period":
        """Read ``2019``, ``2021Q4``, ``2023-07``, ``2023-07-14`` or ``2017/2020``.

        Raises
        ------
        ValueError
            When the text has none of these forms.
        """
        first, ranged, last = text.partition("/")
        start, end = _span(first)
        if ranged:
            end = _span(last)[1]
            if end <= start:
                raise ValueError(text)
        return cls(start, end)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether two periods have any time in common.

        Examples
        --------
        >>> Period.parse("2021").overlaps(Period.parse("2022"))
        False
        """
        return self.start < other.end - _SAME and other.start < self.end - _SAME

    def gap(self, other: "Period") -> float:
        """Give the years between two periods; 0 where they overlap or touch."""
        return max(0.0, other.start - self.end, self.start - other.end)

    def distance(self, other: "Period") -> tuple[float, ...]:
        """Give a key by which the nearest period sorts first, the earlier one on a tie."""
        middle = abs((self.start + self.end) - (other.start + other.end)) / 2
        return float(not self.overlaps(other)), self.gap(other), middle, self.start


def _span(text: str) -> tuple[float, float]:
    found = _FORM.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, quarter, month, day = found.groups()
    start = float(year)
    if quarter:
        start += (int(quarter) - 1) / 4
        return start, start + 0.25
    if month:
        if not 1 <= int(month) <= 12 or (day and not 1 <= int(day) <= 31):
            raise ValueError(text)
        start += (int(month) - 1) / 12
        return (
            (start + (int(day) - 1) / _DAYS, start + int(day) / _DAYS)
            if day
            else (start, start + 1 / 12)
        )
    return start, start + 1
