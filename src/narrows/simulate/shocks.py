"""Shocks: what happens to whom, how much, and when.

Each kind says how it acts on a day; `drive.py` finds whom it hits. Several losses on one unit or
link combine as ``1 - prod(1 - loss)``; in the rules of BoARIO the largest counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.profiles import Onset, Recovery, profile
from narrows.simulate.routes import ALL, Names, Route
from narrows.simulate.values import LONGEST, Number, best, checked
from narrows.terms import BadInput, Fault, UnknownName

__all__ = [
    "CapacityLoss",
    "CapitalLoss",
    "DemandChange",
    "RecipeChange",
    "Shock",
    "StockChange",
    "Stockpiling",
    "TradeCut",
]

_GOODS = ("wait", "lost")
_SHARES = 1e-6  # by which shares may miss their sum


@dataclass(frozen=True, kw_only=True)
class Shock:
    """What all shocks share.

    Parameters
    ----------
    start
        First day; day 0 is undisturbed, so 1 or more.
    days
        Days until the recovery begins; None: to the end of the run.
    onset, recovery
        How it sets in and fades.
    why
        The reason for it and its numbers.
    where
        File and line it was read from, for messages.
    """

    kind: ClassVar[str] = ""
    late_in_peer: ClassVar[int] = 1

    start: int = 1
    days: int | None = None
    onset: Onset = field(default_factory=Onset)
    recovery: Recovery = field(default_factory=Recovery)
    why: str = field(default="", compare=False, repr=False)
    where: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        place = self.where or type(self).__name__
        self._named(place)
        start: object = self.start  # a file may give anything
        if not _whole(start) or self.start < 1:
            expected = "a whole day, 1 or more"
            raise BadInput(Fault(place, None, "start", f"{start}", expected))
        if self.days is not None:
            self._whole_days(place)
            if best(self.onset.days) > self.days:
                found = f"{best(self.onset.days):g} days of onset in {self.days} days"
                fault = Fault(place, None, "onset", found, "an onset no longer than the shock")
                raise BadInput(fault)

    def _named(self, place: str) -> None:
        """Refuse names that are no text: YAML reads NO as no, and 12 as a number."""
        for each in ("place", "items", "unit", "firm", "market", "inputs", "from_", "to"):
            value: object = getattr(self, each, "")
            listed = value if isinstance(value, list | tuple) else (value,)
            wrong = [part for part in listed if not isinstance(part, str)]
            if wrong:
                field = each.rstrip("_")
                expected = 'a name, or a list of names; in quotes where it is short, as "NO"'
                raise BadInput(Fault(place, None, field, f"{wrong[0]}", expected))

    def _whole_days(self, place: str) -> None:
        days: object = self.days  # a file may give anything
        if not _whole(days) or self.days is None or self.days < 1:
            found = f"{days!r}"
            expected = "1 or more whole days; a range belongs to onset or recovery"
            raise BadInput(Fault(place, None, "days", found, expected))
        if self.days > LONGEST:
            raise BadInput(Fault(place, None, "days", f"{days}", f"{LONGEST} or fewer"))

    def in_force(self, horizon: int, *, peer: bool = False) -> NDArray[np.float64]:
        """Give the part of the shock in force on each day, shape (horizon,)."""
        late = self.late_in_peer if peer else None
        return profile(horizon, self.start, self.days, self.onset, self.recovery, late=late)


@dataclass(frozen=True, kw_only=True)
class CapacityLoss(Shock):
    """Units lose a part of their capacity.

    Parameters
    ----------
    place
        Places or groups whose units are hit; ``*`` all.
    items
        Items they make, ``*`` and ``?`` stand for any letters.
    lost
        Part of the capacity lost, 0 to 1.
    unit
        Labels of units (``TWN/logic-lt10nm``) instead of places.
    firm
        Firms (``firm:NAME``) instead of places.
    table
        Pairs of a unit's label and the part it loses, instead of `lost`.
    process_waits
        Whether goods in process stand still as far as capacity is lost; else they are finished.
    process_lost
        Part of the goods in process that is lost on the day `start`, 0 to 1.
    """

    kind: ClassVar[str] = "capacity"

    place: Names = ALL
    items: Names = ALL
    lost: Number = 1.0
    unit: Names = ()
    firm: Names = ()
    table: Sequence[tuple[str, float]] = ()
    process_waits: bool = False
    process_lost: Number = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "table", tuple((label, part) for label, part in self.table))
        checked(self.lost, "lost", 0, 1, where=self.where or "CapacityLoss")
        checked(self.process_lost, "process_lost", 0, 1, where=self.where or "CapacityLoss")
        for label, part in self.table:
            checked(part, label, 0, 1, where=self.where or "CapacityLoss")


@dataclass(frozen=True, kw_only=True)
class CapitalLoss(Shock):
    """Units lose a part of their productive capital, and with it the same part of capacity.

    From the day `start` + `days` on it is rebuilt: what is missing is ordered within
    `rebuild_days`, from the makers of the items of `rebuilt_with`, and comes back as they deliver.
    Without `rebuilt_with` it comes back as `recovery` says. Capital is `capital_years` times the
    value added of a year; so the network must come from a table.

    Parameters
    ----------
    place, items, unit
        Units hit; see `CapacityLoss`.
    lost
        Part of the capital lost, 0 to 1.
    table
        Pairs of a unit's label and the value of the capital it loses, in the unit of the table;
        `lost` then is the part of these values.
    rebuilt_with
        Items that capital is made of and their shares, which add to 1.
    rebuild_days
        Days within which what is missing is ordered.
    rebuild_cost
        Goods needed for a unit of capital.
    capital_years
        Capital as years of value added; 4 as in BoARIO.
    """

    kind: ClassVar[str] = "capital"
    late_in_peer: ClassVar[int] = 0

    place: Names = ALL
    items: Names = ALL
    lost: Number = 1.0
    unit: Names = ()
    table: Sequence[tuple[str, float]] = ()
    rebuilt_with: Mapping[str, float] = field(default_factory=dict)
    rebuild_days: Number = 60
    rebuild_cost: float = 1.0
    capital_years: float = 4.0

    def __post_init__(self) -> None:
        super().__post_init__()
        place = self.where or "CapitalLoss"
        object.__setattr__(self, "table", tuple((label, value) for label, value in self.table))
        object.__setattr__(self, "rebuilt_with", dict(self.rebuilt_with))
        checked(self.lost, "lost", 0, 1, where=place)
        checked(self.rebuild_days, "rebuild_days", 1, where=place)
        for name in ("rebuild_cost", "capital_years"):
            checked(getattr(self, name), name, 1e-9, where=place)
        for label, value in (*self.table, *self.rebuilt_with.items()):
            checked(value, label, 0, where=place)
        total = sum(self.rebuilt_with.values())
        if self.rebuilt_with and abs(total - 1) > _SHARES:
            fault = Fault(place, None, "rebuilt_with", f"shares that add to {total:g}", "1")
            raise BadInput(fault)


@dataclass(frozen=True, kw_only=True)
class TradeCut(Shock, Route):
    """Trade between places is cut, in part or whole.

    Parameters
    ----------
    lost
        Part of the normal trade that is lost, 0 to 1.
    goods
        What becomes of finished goods that the closing gate keeps back: they ``wait`` and are
        sold first, or are ``lost``.

    Notes
    -----
    Goods already at sea arrive. Trade inside a place is cut only where the place itself is named
    on both sides. For the route see `Route`.
    """

    kind: ClassVar[str] = "trade"

    lost: Number = 1.0
    goods: str = "wait"

    def __post_init__(self) -> None:
        Shock.__post_init__(self)
        Route.__post_init__(self)
        place = self.where or "TradeCut"
        checked(self.lost, "lost", 0, 1, where=place)
        if self.goods not in _GOODS:
            raise UnknownName("goods", self.goods, _GOODS, where=place)


@dataclass(frozen=True, kw_only=True)
class DemandChange(Shock):
    """Markets want more or less.

    Parameters
    ----------
    market
        Places or labels of markets (``JPN/households``); ``*`` stands for any letters.
    items
        Items they buy.
    change
        Relative change: 0.5 is a surge by half, -0.3 a drop by three tenths.
    """

    kind: ClassVar[str] = "demand"

    market: Names = ALL
    items: Names = ALL
    change: Number = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        checked(self.change, "change", -1, where=self.where or "DemandChange")


@dataclass(frozen=True, kw_only=True)
class StockChange(Shock):
    """Stocks of inputs are lost or released, once, on the day `start`.

    Parameters
    ----------
    place
        Where the stocks are held.
    items
        Inputs in stock.
    lost
        Part lost, 0 to 1.
    released_days
        Days of normal use added.
    """

    kind: ClassVar[str] = "stock"

    place: Names = ALL
    items: Names = ALL
    lost: Number = 0.0
    released_days: Number = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        checked(self.lost, "lost", 0, 1, where=self.where or "StockChange")
        checked(self.released_days, "released_days", 0, where=self.where or "StockChange")


@dataclass(frozen=True, kw_only=True)
class Stockpiling(Shock):
    """Units order more than they use: before a measure that was announced, or out of fear.

    The days of stock are ordered evenly over the days of the shock. What is delivered of them lies
    above the usual stock and is used when less arrives.

    Parameters
    ----------
    place
        Where the buyers are.
    items
        Inputs they order.
    stock_days
        Days of normal use ordered in all.
    """

    kind: ClassVar[str] = "stockpiling"

    place: Names = ALL
    items: Names = ALL
    stock_days: Number = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        place = self.where or "Stockpiling"
        checked(self.stock_days, "stock_days", 0, where=place)
        if self.days is None:
            fault = Fault(place, None, "days", "none", "the days over which the stock is ordered")
            raise BadInput(fault)

    @property
    def a_day(self) -> float:
        """Days of normal use ordered a day."""
        return best(self.stock_days) / (self.days or 1)


@dataclass(frozen=True, kw_only=True)
class RecipeChange(Shock):
    """Units need more or less of inputs for the same output.

    Parameters
    ----------
    place, items
        Units whose recipe changes.
    inputs
        Inputs they need more or less of.
    change
        Relative change: -0.2 saves a fifth of the input.
    """

    kind: ClassVar[str] = "recipe"

    place: Names = ALL
    items: Names = ALL
    inputs: Names = ALL
    change: Number = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        checked(self.change, "change", -1, where=self.where or "RecipeChange")


def _whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
