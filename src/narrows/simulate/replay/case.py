"""What a replay file says: a small network, a shock as known at the time, what was seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812 - a field is called date

from narrows.simulate.values import Number, Range

__all__ = [
    "Event",
    "Figure",
    "Item",
    "Measure",
    "Observation",
    "Provider",
    "Recipe",
    "ReplayCase",
    "Source",
    "Sourced",
]


@dataclass(frozen=True)
class Figure(Range):
    """A number with its range and where it comes from.

    Parameters
    ----------
    grade
        ``stated`` (a source prints it), ``derived`` or ``assumed``.
    src, reason
        Ids of sources; how it was derived or why it was assumed.
    """

    grade: str = ""
    src: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Item:
    """Something made and used."""

    id: str
    kind: str
    name: str


@dataclass(frozen=True)
class Provider:
    """A unit: who makes a share of an item, where, with what slack and stocks.

    What is None is taken from the behaviour of the kind of item.
    """

    id: str
    item: str
    place: str
    share: Number
    firm: str = ""
    headroom: Number | None = None
    ramp_days: Number | None = None
    process_days: Number | None = None
    wip_usable: Number | None = None
    finished_days: Number | None = None
    growth_per_year: Number = 0.0


@dataclass(frozen=True)
class Sourced:
    """The shares in which one buyer takes an item from providers."""

    buyer: str
    providers: tuple[str, ...]
    shares: tuple[Number, ...]


@dataclass(frozen=True)
class Recipe:
    """Who needs what: `buyer` (an item) needs `needs` (an item)."""

    buyer: str
    needs: str
    essential: bool = True
    cover_days: Number | None = None
    cover_buyers: tuple[str, ...] = ()
    cover_by: tuple[Number, ...] = ()
    transit_days: Number = 0.0
    qualification_days: Number | None = None
    part_of_item: Number | None = None
    sourcing: tuple[Sourced, ...] = ()
    substitute_share: Number = 0.0
    substitute_days: Number = 0.0

    def cover_of(self, provider: str) -> Number | None:
        """Give the cover of one buyer."""
        own = dict(zip(self.cover_buyers, self.cover_by, strict=True))
        return own.get(provider, self.cover_days)


@dataclass(frozen=True)
class Event:
    """A shock as known at the time; days count from day zero.

    Parameters
    ----------
    kind
        ``capacity``, ``demand``, ``licence`` or ``lane``.
    to
        Of a lane: the buyers to whom nothing can be shipped, providers or items; none: all.
    lost
        None: all; of a lane to some buyers only, all but what leaks.
    path_days, path
        Factors on days, straight lines between them; in place of the plateau and its recovery.
    announced
        Of a licence: the day on which it became known.
    first_days, first_share, ramp_days, covered
        Of a licence; what is None is taken from the behaviour.
    """

    id: str
    kind: str
    hits: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    start: int = 0
    lost: Number | None = None
    hold_days: Number = 0.0
    shape: str = "step"
    recovery_days: Number = 0.0
    path_days: tuple[int, ...] = ()
    path: tuple[Number, ...] = ()
    announced: int = 0
    first_days: Number | None = None
    first_share: Number | None = None
    ramp_days: Number | None = None
    covered: Number | None = None
    known: Date | None = None


@dataclass(frozen=True)
class Measure:
    """How an observation is read off a run; days count from day zero."""

    kind: str
    of: tuple[str, ...] = ()
    window: tuple[int, int] = (0, 0)
    over: tuple[int, int] | None = None
    base_factor: Number = 1.0
    day: int = 0
    level: float = 0.97
    scale: float = 1.0
    use: str = ""
    buyer: str = ""
    item: str = ""
    take: str = "mean"
    planned_per_day: Number = 1.0
    base_weeks: Number = 1.0

    @property
    def whom(self) -> str:
        """Name all that is measured."""
        return " + ".join(self.of)


@dataclass(frozen=True)
class Observation:
    """What was seen: a band, and how it is read off a run.

    Parameters
    ----------
    score
        ``volume`` and ``null`` are scored; ``price`` and ``time`` are shown; ``context`` is
        neither.
    """

    id: str
    measure: Measure
    low: float
    high: float
    unit: str
    src: str
    score: str = "volume"
    note: str = ""

    @property
    def middle(self) -> float:
        """Middle of the observed band."""
        return (self.low + self.high) / 2

    @property
    def scored(self) -> bool:
        """Whether it counts for the score."""
        return self.score in ("volume", "null")


@dataclass(frozen=True)
class Source:
    """Who says so, and where."""

    who: str
    address: str = ""


@dataclass(frozen=True)
class ReplayCase:
    """A replay file, read and checked.

    Parameters
    ----------
    day_zero
        Day from which all days count.
    as_of
        No input became known after it.
    days
        First and last day of the run.
    """

    name: str
    title: str
    day_zero: Date
    as_of: Date
    days: tuple[int, int]
    items: tuple[Item, ...]
    providers: tuple[Provider, ...]
    recipes: tuple[Recipe, ...]
    events: tuple[Event, ...]
    observations: tuple[Observation, ...]
    role: str = ""
    event: str = ""
    flow: str = ""
    leaks: str = ""
    assumptions: tuple[tuple[str, str, str], ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    file: str = ""

    @property
    def horizon(self) -> int:
        """Days of the run."""
        return self.days[1] - self.days[0] + 1

    def kind(self, item: str) -> str:
        """Give the kind of an item."""
        return next(each.kind for each in self.items if each.id == item)

    def makers(self, item: str) -> tuple[Provider, ...]:
        """Give the providers of an item."""
        return tuple(each for each in self.providers if each.item == item)

    def provider(self, name: str) -> Provider:
        """Give a provider by its id."""
        return next(each for each in self.providers if each.id == name)

    def members(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Give the ids of the providers that names of items and providers mean."""
        return tuple(each.id for each in self.providers if each.id in names or each.item in names)

    def users(self, item: str) -> tuple[Recipe, ...]:
        """Give the recipes that need an item."""
        return tuple(each for each in self.recipes if each.needs == item)

    @property
    def upstream_first(self) -> tuple[str, ...]:
        """Items, inputs before the items that need them."""
        left, done = [each.id for each in self.items], list[str]()
        while left:
            ready = [
                item
                for item in left
                if not any(each.buyer == item and each.needs in left for each in self.recipes)
            ]
            if not ready:
                return ()
            done += ready
            left = [item for item in left if item not in ready]
        return tuple(done)

    @property
    def null(self) -> bool:
        """Whether all scored points say that nothing happened."""
        return any(each.score == "null" for each in self.observations)
