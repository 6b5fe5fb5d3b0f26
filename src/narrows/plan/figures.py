"""A figure of an option: its value, its range, and where it comes from."""

from dataclasses import dataclass
from math import isfinite

from narrows.terms import ASSUMED_SOURCE, BY_USER, BadInput, Fault, Grade

__all__ = ["Figure"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its range and its source.

    Parameters
    ----------
    best, low, high
        The value; the range is the value itself where not given.
    source_id
        Source of a stated or derived figure, ``narrows-assumption`` of an assumed one.
    reason
        Why this value (assumed), or the formula (derived).
    grade
        Stated, derived or assumed.

    Examples
    --------
    >>> Figure.of(3.0).high
    3.0
    """

    best: float
    low: float
    high: float
    source_id: str = BY_USER
    reason: str = ""
    grade: Grade = Grade.ASSUMED

    def __post_init__(self) -> None:
        ends = self.low, self.best, self.high
        if not all(map(isfinite, ends)):
            found = next(f"{each:g}" for each in ends if not isfinite(each))
            raise BadInput(Fault("figure", None, "", found, "a finite number"))
        if not self.low <= self.best <= self.high:
            found = f"low {self.low:g}, best {self.best:g}, high {self.high:g}"
            raise BadInput(Fault("figure", None, "", found, "low <= best <= high"))

    @classmethod
    def of(cls, value: "float | Figure") -> "Figure":
        """Take a plain number as the user's."""
        return value if isinstance(value, Figure) else cls(float(value), float(value), float(value))

    def at(self, value: float) -> "Figure":
        """Give the same figure with another value and no range."""
        return Figure(value, value, value, self.source_id, self.reason, self.grade)

    @property
    def is_open(self) -> bool:
        """Whether the figure has a range."""
        return self.high > self.low

    @property
    def is_ours(self) -> bool:
        """Whether the figure is an assumption of ours."""
        return self.source_id == ASSUMED_SOURCE
