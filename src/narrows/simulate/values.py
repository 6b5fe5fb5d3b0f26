"""Values of a scenario: a number, or a number with a range."""

from dataclasses import dataclass

from narrows.terms import BadInput, Fault

__all__ = ["LONGEST", "Number", "Range", "best", "checked"]

LONGEST = 36_525  # days of a run or a shock, a hundred years: more is a slip of the pen


@dataclass(frozen=True, slots=True)
class Range:
    """A value with its range.

    A single run takes the best value; an ensemble draws from the range.

    Parameters
    ----------
    low, best, high
        From the lowest to the highest.

    Examples
    --------
    >>> Range(0.8, 0.95, 1.0).best
    0.95
    """

    low: float
    best: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.best <= self.high:
            found = f"low {self.low:g}, best {self.best:g}, high {self.high:g}"
            raise BadInput(Fault("range", None, "", found, "low <= best <= high"))


Number = float | Range


def best(value: Number) -> float:
    """Give the best value of a number.

    Examples
    --------
    >>> best(0.3), best(Range(0, 1, 2))
    (0.3, 1)
    """
    return value.best if isinstance(value, Range) else value


def checked(
    value: Number, name: str, low: float, high: float = float("inf"), *, where: str = ""
) -> None:
    """Refuse a number out of range.

    Raises
    ------
    BadInput
        When any of its values is below `low`, above `high`, or not a number.
    """
    parts = (value.low, value.best, value.high) if isinstance(value, Range) else (value,)
    for part in parts:
        wrong: object = part  # what a file or a caller gave may be anything
        right = isinstance(wrong, int | float) and not isinstance(wrong, bool)
        if not right or not low <= part <= high:
            limits = f"from {low:g} to {high:g}" if high < float("inf") else f"{low:g} or more"
            if not right:
                limits = f"a number {limits}"
            elif (low, high) == (0, 1) and 1 < part <= 100:
                limits = f"a part {limits}, {part:g} % being {part / 100:g}"
            found = repr(part) if isinstance(wrong, str) else f"{part}"
            raise BadInput(Fault(where or name, None, name if where else "", found, limits))
