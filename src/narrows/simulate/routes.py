"""Routes of trade: who sells to whom what."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from narrows.terms import BadInput, Fault

__all__ = ["ALL", "Names", "Route", "names"]

Names = str | Sequence[str]
ALL = "*"


def names(value: Names) -> tuple[str, ...]:
    """Give one name or several as a tuple."""
    return (value,) if isinstance(value, str) else tuple(value)


@dataclass(frozen=True, kw_only=True)
class Route:
    """Trade between places.

    Parameters
    ----------
    between
        Two sides, both ways. ``*`` is every other place.
    from_, to
        Sellers and buyers, for one way.
    items
        Items traded.
    where
        File and line it was read from, for messages.

    Raises
    ------
    BadInput
        When neither two sides nor sellers and buyers are given, or both.

    Notes
    -----
    Trade inside a place belongs to it only where the place itself is named on both sides.
    """

    between: Sequence[Names] = ()
    from_: Names = ()
    to: Names = ()
    items: Names = ALL
    where: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        one_way = bool(self.from_) and bool(self.to)
        half = bool(self.from_) != bool(self.to) or (bool(self.between) and bool(self.from_))
        if half or one_way == bool(self.between) or (self.between and len(self.between) != 2):
            found = f"between {self.between!r}, from {self.from_!r}, to {self.to!r}"
            expected = "two sides in `between`, or `from` and `to`"
            place = self.where or type(self).__name__
            raise BadInput(Fault(place, None, "", found, expected))

    def ways(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Give sellers and buyers of each way."""
        if self.between:
            one, other = (names(side) for side in self.between)
            return ((one, other),) if one == other else ((one, other), (other, one))
        return ((names(self.from_), names(self.to)),)
