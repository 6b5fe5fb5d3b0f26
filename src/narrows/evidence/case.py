"""A case: the evidence on one technology, as one immutable object."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.evidence import overrides
from narrows.evidence.estimates import EstimateTable, as_quantiles, streams
from narrows.evidence.info import CaseInfo
from narrows.evidence.package import Package
from narrows.evidence.records import Item, RecipeRow
from narrows.evidence.selection import Shares, Value, preferred_measure, select, single
from narrows.terms import BadInput, Basis, Fault, Period, Status, UnknownName, is_firm

__all__ = ["Case"]

_SHARE_COLUMNS = (
    *("entity", "value", "low", "high", "unit", "basis", "grade", "source_id", "locator"),
    *("period", "measure", "status", "id", "note", "filled"),
)


@dataclass(frozen=True)
class Case:
    """The evidence on one technology.

    Made by `narrows.evidence.load`. `draw` and `override` give a new case; nothing is changed.

    Attributes
    ----------
    package
        The tables as read.
    drawn
        Values that replace the best estimates, by estimate id.
    settings
        What the user set, by path such as ``cover.neon-chip-grade``.
    """

    package: Package
    drawn: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, float] = field(default_factory=dict)

    @property
    def info(self) -> CaseInfo:
        """What `case.yaml` says."""
        return self.package.info

    @property
    def name(self) -> str:
        """Short name."""
        return self.info.name

    @property
    def title(self) -> str:
        """Name to show."""
        return self.info.title

    @property
    def periods(self) -> tuple[str, ...]:
        """Periods that can be chosen."""
        return self.info.periods

    @property
    def digest(self) -> str:
        """Fingerprint of the files read."""
        return self.package.digest

    @property
    def items(self) -> pd.DataFrame:
        """Table of items."""
        return self.package.frames["items"].copy()

    @property
    def recipes(self) -> pd.DataFrame:
        """Table of recipes."""
        return self.package.frames["recipes"].copy()

    @property
    def observations(self) -> pd.DataFrame:
        """Table of observations."""
        return self.package.frames["observations"].copy()

    @property
    def sources(self) -> pd.DataFrame:
        """Table of sources."""
        return self.package.frames["sources"].copy()

    @property
    def assumptions(self) -> pd.DataFrame:
        """Table of assumptions."""
        return self.package.frames["assumptions"].copy()

    @property
    def groups(self) -> pd.DataFrame:
        """Table of groups and seats."""
        return self.package.frames["groups"].copy()

    @property
    def scenarios(self) -> Mapping[str, Path]:
        """Scenario files by name."""
        return self.package.scenarios

    def item(self, name: str) -> Item:
        """Give an item by its id or an alias.

        Raises
        ------
        UnknownName
            When no item has that id; the nearest ids are named.
        """
        found = self.package.items.get(self._aliases.get(name, name))
        if found is None:
            raise UnknownName("item", name, list(self.package.items), where="item")
        return found

    def period(self, period: str | int | None) -> str:
        """Give the period asked for as text, the default one for None.

        Raises
        ------
        BadInput
            When it is no period.
        """
        text = self.info.default_period if period is None else str(period)
        try:
            Period.parse(text)
        except ValueError:
            fault = Fault("period", None, "", repr(text), "a period such as 2019 or 2021Q4")
            raise BadInput(fault) from None
        return text

    def members(self, place: str) -> frozenset[str]:
        """Give the members of a group, or the place itself."""
        return self.package.members.get(place, frozenset({place}))

    def seat(self, firm: str) -> str:
        """Give the place where a firm is seated, `Other` where it is not known."""
        return self.package.seats.get(firm, "Other")

    def shares(
        self,
        subject: str,
        measure: str | None = None,
        *,
        period: str | int | None = None,
        basis: str | None = None,
        all: bool = False,  # noqa: A002 - the published name
        status: str = "actual",
        rest: str = "visible",
    ) -> pd.DataFrame:
        """Give who makes an item, in percent, with source, grade and locator of each figure.

        Parameters
        ----------
        subject
            Item, by id or alias.
        measure
            Share measure; the item's own where not given.
        period
            Period; the default one of the case where not given. Where it has no set the
            nearest one is taken and `filled` says so.
        basis
            ``location`` or ``headquarters``; the set in use where not given.
        all
            Give every set of every source instead of the one in use; with `period`, those of
            that period only.
        status
            ``actual``, ``forecast`` or ``plan``.
        rest
            ``visible`` keeps `Other` as printed; ``split`` divides it by the assumption rows
            that `case.yaml` allows.

        Returns
        -------
        DataFrame
            entity, value, low, high (percent), unit, basis, grade, source_id, locator, period,
            measure, status, id, note, filled; the largest share first. Empty where nothing is
            known.

        Raises
        ------
        UnknownName
            When there is no such item, measure, basis, status or way with the rest.
        """
        for word, given, known in (
            ("status", status, tuple(Status)),
            ("rest", rest, ("visible", "split")),
            ("basis", basis, (None, *Basis)),
        ):
            if given not in known:
                raise UnknownName(word, given, [str(each) for each in known if each], where=word)
        item = self.item(subject)
        measure = self._measure(item, measure, basis)
        if all:
            wanted = None if period is None else self.period(period)
            frames = [
                found.frame()
                for found in self._every(item.id, measure, basis, status)
                if wanted in (None, found.source_set.key.period)
            ]
            frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
            return frame.reindex(columns=list(_SHARE_COLUMNS))
        found = self.in_use(
            item.id, measure, period=self.period(period), basis=basis, status=status, rest=rest
        )
        frame = found.frame() if found else pd.DataFrame()
        return frame.reindex(columns=list(_SHARE_COLUMNS))

    def in_use(
        self,
        subject: str,
        measure: str,
        *,
        period: str,
        basis: str | None = None,
        status: str = "actual",
        rest: str = "visible",
        firms: bool | None = None,
    ) -> Shares | None:
        """Give the set in use with its fractions, None where there is none.

        Parameters are those of `shares`; `firms` asks for a set of firms or of places.
        """
        index = self.package.index
        found = index.in_use(
            subject, measure, period=period, status=Status(status), basis=basis, firms=firms
        )
        if found is None:
            return None
        return select(found, index, period=period, rest=rest, drawn=self.drawn, case=self)

    def value(
        self,
        subject: str,
        measure: str,
        entity: str = "World",
        *,
        period: str | int | None = None,
    ) -> Value | None:
        """Give a single figure of an item, of the nearest period that has one.

        Returns
        -------
        Value or None
            Low, best, high, unit, period, grade and source; None where there is none.
        """
        item = self.item(subject)
        rows = self.package.singles.get((item.id, measure), [])
        return single(self, item.id, measure, entity, rows, self.period(period))

    def recipe(self, period: str | int | None = None) -> dict[tuple[str, str], RecipeRow]:
        """Give the recipe rows of a period by (item, input).

        A row for the period goes before one that holds for every period, and that one before a
        row for the nearest other period.
        """
        return self.package.in_period(self.period(period))

    def set_by_user(self, row: RecipeRow, name: str) -> bool:
        """Tell whether the user set a number of a recipe row."""
        return overrides.recipe(self.settings, name, row) is not None

    def number(self, row: RecipeRow, name: str) -> float | None:
        """Give a number of a recipe row as drawn or set, None where the row has none."""
        user = overrides.recipe(self.settings, name, row) if self.settings else None
        number = row.numbers.get(name)
        if user is not None or number is None:
            return user
        if number.low == number.high or not self.drawn:
            return number.best
        return self.drawn.get(f"{row.id}:{name}", number.best)

    def estimates(self) -> pd.DataFrame:
        """List everything that has a range.

        Returns
        -------
        DataFrame
            id, kind (share, value, recipe), subject, measure, entity, period, low, best, high,
            unit, grade, source_id, range_from (given, or rounding of the printed figure).
        """
        return self._estimates.frame.copy()

    def draw(self, u: Mapping[str, float] | pd.Series | NDArray[np.float64]) -> "Case":
        """Give a case of plain values, each estimate at its quantile.

        Parameters
        ----------
        u
            Quantiles in the open interval from 0 to 1: by estimate id (0.5 where an id is
            missing), or an array in the order of `estimates`.
        """
        table = self._estimates
        values = table.at(as_quantiles(u, table.ids))
        return replace(self, drawn=dict(zip(table.ids, values.tolist(), strict=True)))

    def quantiles(self, *, draws: int, seed: int) -> NDArray[np.float64]:
        """Give quantiles for `draw`, shape (draws, estimates), one stream for each estimate."""
        return streams(self._estimates.ids, seed, draws)

    def override(self, settings: Mapping[str, float]) -> "Case":
        """Give a case with values set by the user, such as ``{"cover.neon-chip-grade": 30}``.

        Raises
        ------
        BadInput
            When a path names nothing that can be set, or a value is out of range.
        """
        overrides.check(self, settings)
        return replace(self, settings={**self.settings, **settings})

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {alias: item.id for item in self.package.items.values() for alias in item.alias}

    @cached_property
    def _estimates(self) -> EstimateTable:
        return EstimateTable.of(self.package)

    def _measure(self, item: Item, measure: str | None, basis: str | None) -> str:
        known = self.package.index.measures(item.id)
        if measure is None:
            return preferred_measure(item, basis, known)
        if measure not in known and known:
            raise UnknownName("measure", measure, known, where=f"shares of {item.id}")
        return measure

    def _every(self, subject: str, measure: str, basis: str | None, status: str) -> list[Shares]:
        index = self.package.index
        sets = index.candidates(subject, measure, Status(status), basis, None)
        return [
            select(found, index, period=found.key.period, rest="visible", drawn={}, case=None)
            for found in sets
        ]

    def knows(self, entity: str) -> bool:
        """Tell whether a place, group or firm occurs anywhere in the case."""
        if is_firm(entity):
            return entity in self.package.seats or entity in self._entities
        return entity in self.package.members or entity in self._entities

    @cached_property
    def _entities(self) -> frozenset[str]:
        return frozenset(row.entity for row in self.package.figures)
