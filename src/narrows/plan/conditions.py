"""Conditions on plans: export controls in force, and floors that must be kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["Control", "Floor"]


@dataclass(frozen=True, kw_only=True)
class Control:
    """An export control in force in every branch; it also bars capacity for `items` at `to`."""

    id: str
    items: Sequence[str]
    from_: Sequence[str]
    to: Sequence[str]
    lost: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Floor:
    """A condition that a plan must keep.

    Parameters
    ----------
    id
        Short name.
    kind
        ``met``: whatever begins, `item` (an end use) is met at least to `least` of demand.
        ``capacity``: the places have at least `least` of the world's base output of `item`.
    places
        Of kind ``capacity``.
    from_year
        First year in which it holds; None: from the first.
    """

    id: str
    kind: str
    item: str
    least: float
    places: Sequence[str] = ()
    from_year: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("met", "capacity"):
            raise UnknownName("kind", self.kind, ("met", "capacity"), where=f"floor {self.id}")
        if self.least < 0 or (self.kind == "met" and self.least > 1):
            raise BadInput(Fault(f"floor {self.id}", None, "least", f"{self.least:g}", "0 to 1"))

    def holds_in(self, year: int) -> bool:
        """Tell whether it holds in a year, or for what begins in it."""
        return self.from_year is None or year >= self.from_year
