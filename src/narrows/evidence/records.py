"""The rows of a case, parsed."""

from collections.abc import Mapping
from dataclasses import dataclass

from narrows.terms import Basis, Criticality, Grade, ItemKind, Period, Status

__all__ = ["RANGED", "Figure", "Item", "Member", "Range", "RecipeRow", "Source"]

RANGED = ("allocation", "stops_fraction", "substitute_days", "cover_days")


@dataclass(frozen=True, slots=True)
class Range:
    """Low, best and high of one number; `low` and `high` equal `best` where none is given."""

    low: float
    best: float
    high: float


@dataclass(frozen=True, slots=True)
class Item:
    """A row of `items.csv`."""

    id: str
    name: str
    kind: ItemKind
    stage: str
    measure: str
    measure_headquarters: str
    local: bool
    alias: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class RecipeRow:
    """A row of `recipes.csv`; numbers left empty are absent from `numbers`."""

    item: str
    input: str
    period: str
    criticality: Criticality
    grade: Grade
    source_id: str
    note: str
    numbers: Mapping[str, Range]

    @property
    def id(self) -> str:
        """Name of the row, ``item<-input`` with ``@period`` where it holds for one only."""
        return f"{self.item}<-{self.input}" + (f"@{self.period}" if self.period else "")


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of `observations.csv` or `assumptions.csv`.

    `half_step` is half a unit of the last printed digit: the range that rounding alone leaves.
    """

    id: str
    subject: str
    measure: str
    entity: str
    period: str
    span: Period
    value: float | None
    low: float | None
    high: float | None
    unit: str
    basis: Basis
    status: Status
    grade: Grade
    source_id: str
    locator: str
    note: str
    reason: str = ""
    half_step: float = 0.0

    @property
    def stands_in(self) -> bool:
        """Whether the row stands in for location shares that nobody publishes."""
        return self.reason.lower().startswith("stand-in")


@dataclass(frozen=True, slots=True)
class Source:
    """A row of `sources.csv`."""

    id: str
    publisher: str
    title: str
    date: str
    url: str
    kind: str
    terms: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Member:
    """A row of `groups.csv`."""

    group: str
    member: str
    relation: str
    source_id: str
    note: str
