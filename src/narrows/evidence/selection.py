"""Take one set of shares, or one single figure, out of a case with everything that applies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.evidence import overrides
from narrows.evidence.records import Figure, Item
from narrows.evidence.schema import is_supply
from narrows.evidence.sets import Index, ShareSet
from narrows.terms import BY_USER, OTHER, Grade, Period, Status

if TYPE_CHECKING:
    from narrows.evidence.case import Case

__all__ = ["Shares", "Value", "preferred_measure", "select", "single"]

_PREFERRED = ("capacity_share", "production_share", "export_share", "revenue_share")


@dataclass(frozen=True)
class Shares:
    """One set of shares as it is used.

    Attributes
    ----------
    source_set
        The set in the files.
    rows
        Its rows, `Other` and split rows included.
    fractions
        Shares of the rows, adding to 1.
    filled
        Empty, or the rule that took this set for a period without one.
    by_user
        Entities whose share the user set.
    """

    source_set: ShareSet
    rows: tuple[Figure, ...]
    fractions: NDArray[np.float64]
    filled: str
    by_user: frozenset[str]
    plain: bool

    @property
    def grades(self) -> tuple[Grade, ...]:
        """Grade of each row; a share that the user moved is assumed."""
        return tuple(Grade.ASSUMED if self.by_user else row.grade for row in self.rows)

    @property
    def stand_in(self) -> NDArray[np.bool_]:
        """Whether each row stands in for location shares that nobody publishes."""
        return np.array([row.stands_in for row in self.rows], dtype=np.bool_)

    def frame(self) -> pd.DataFrame:
        """Give the rows as a table in percent, the largest first and `Other` last."""
        printed = np.array([row.value or 0.0 for row in self.rows])
        values = printed if self.plain else self.fractions * 100
        scale = values / np.where(printed > 0, printed, np.nan)
        frame = pd.DataFrame(
            {
                "entity": [row.entity for row in self.rows],
                "value": values,
                "low": self._bounds("low", scale),
                "high": self._bounds("high", scale),
                "unit": "percent",
                "basis": [str(row.basis) for row in self.rows],
                "grade": [str(grade) for grade in self.grades],
                "source_id": [row.source_id for row in self.rows],
                "locator": [row.locator for row in self.rows],
                "period": [row.period for row in self.rows],
                "measure": [row.measure for row in self.rows],
                "status": [str(row.status) for row in self.rows],
                "id": [row.id for row in self.rows],
                "note": [self._note(row) for row in self.rows],
                "filled": self.filled,
            }
        )
        last = frame["entity"] == OTHER
        order = frame.assign(last=last).sort_values(["last", "value"], ascending=[True, False])
        return order.drop(columns="last").reset_index(drop=True)

    def _bounds(self, end: str, scale: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give a bound of each row, moved with its share where that is not as printed."""
        bounds = np.array([getattr(row, end) for row in self.rows], dtype=np.float64)
        return bounds if self.plain else np.clip(bounds * scale, 0.0, 100.0)

    def _note(self, row: Figure) -> str:
        if not self.by_user:
            return row.reason or row.note
        return BY_USER if row.entity in self.by_user else f"rescaled after a share was {BY_USER}"


@dataclass(frozen=True, slots=True)
class Value:
    """A single figure with its range and origin."""

    low: float
    best: float
    high: float
    unit: str
    period: str
    grade: Grade
    source_id: str
    id: str
    filled: str


def preferred_measure(item: Item, basis: str | None, known: Sequence[str]) -> str:
    """Give the share measure to show for an item where none is asked for."""
    own = item.measure_headquarters if basis == "headquarters" else item.measure
    supply = [name for name in known if is_supply(name)]
    for name in (own, item.measure, *_PREFERRED, *supply):
        if name in supply:
            return name
    return item.measure or _PREFERRED[0]


def select(
    found: ShareSet,
    index: Index,
    *,
    period: str,
    rest: str,
    drawn: Mapping[str, float],
    case: "Case | None",
) -> Shares:
    """Apply the split of the rest, the draw and the user's settings to a set."""
    rows, weights = found.rows, [drawn.get(row.id, row.value or 0.0) for row in found.rows]
    choice = index.choice(found.key)
    split = rest == "split" and choice is not None and choice.rest == "assumed"
    if split:
        rows, weights = _split(found, index, drawn, rows, weights)
    values = np.array(weights, dtype=np.float64)
    settings = {} if case is None else overrides.shares(case.settings, found)
    if settings:
        rows, values = _with_settings(rows, values / values.sum(), settings)
    total = values.sum()
    return Shares(
        source_set=found,
        rows=rows,
        fractions=values / total if total > 0 else values,
        filled=_filled(found, period),
        by_user=frozenset(settings),
        plain=not (drawn or settings or split),
    )


def _filled(found: ShareSet, period: str) -> str:
    if found.key.period == period or found.span.overlaps(Period.parse(period)):
        return ""
    return f"no set for {period}: the nearest one, {found.key.period}, is used"


def _split(
    found: ShareSet,
    index: Index,
    drawn: Mapping[str, float],
    rows: tuple[Figure, ...],
    weights: list[float],
) -> tuple[tuple[Figure, ...], list[float]]:
    """Divide `Other` by the assumption rows of places that the set does not name."""
    named = {row.entity for row in rows if row.entity != OTHER}
    parts = [
        row
        for row in index.splits.get((found.key.subject, found.key.measure), [])
        if row.entity not in named
        and row.basis == found.key.basis
        and row.span.overlaps(found.span)
    ]
    size = sum(w for row, w in zip(rows, weights, strict=True) if row.entity == OTHER)
    drawn_parts = [drawn.get(row.id, row.value or 0.0) for row in parts]
    total = sum(drawn_parts)
    if not parts or total <= 0 or size <= 0:
        return rows, weights
    kept = [(row, w) for row, w in zip(rows, weights, strict=True) if row.entity != OTHER]
    kept += [(row, size * w / total) for row, w in zip(parts, drawn_parts, strict=True)]
    return tuple(row for row, _ in kept), [w for _, w in kept]


def _with_settings(
    rows: tuple[Figure, ...], fractions: NDArray[np.float64], settings: Mapping[str, float]
) -> tuple[tuple[Figure, ...], NDArray[np.float64]]:
    """Set the shares the user gave and scale the others to what is left."""
    by_entity = {row.entity: number for number, row in enumerate(rows)}
    extra = [_user_row(rows[0], entity) for entity in settings if entity not in by_entity]
    rows = (*rows, *extra)
    values = np.concatenate([fractions, np.zeros(len(extra))])
    fixed = np.array([row.entity in settings for row in rows])
    left = 1.0 - sum(settings.values()) / 100
    free = values[~fixed].sum()
    values[~fixed] *= left / free if free > 0 else 0.0
    for number, row in enumerate(rows):
        if row.entity in settings:
            values[number] = settings[row.entity] / 100
    if free <= 0 < left and OTHER not in settings:
        rows = (*rows, _user_row(rows[0], OTHER))
        values = np.append(values, left)
    return rows, values


def _user_row(like: Figure, entity: str) -> Figure:
    return replace(
        like,
        id=f"user:{like.subject}:{entity}",
        entity=entity,
        value=None,
        low=None,
        high=None,
        grade=Grade.ASSUMED,
        source_id=BY_USER,
        locator="",
        note=BY_USER,
        reason="",
    )


def single(
    case: "Case", subject: str, measure: str, entity: str, rows: Sequence[Figure], period: str
) -> Value | None:
    """Give the figure of the nearest period, or what the user set."""
    user = case.settings.get(f"{measure}.{subject}")
    wanted = Period.parse(period)
    chosen, key = case.package.chosen, (subject, measure, entity, period)
    if key not in chosen:
        fits = [row for row in rows if row.entity == entity and row.status == Status.ACTUAL]
        order = {row.id: (row.period != period, *row.span.distance(wanted)) for row in fits}
        chosen[key] = min(fits, key=lambda row: order[row.id], default=None)
    row = chosen[key]
    if row is None:
        return None
    ends = [bound for bound in (row.low, row.high) if bound is not None]
    best = row.value if row.value is not None else sum(ends) / len(ends)
    best = case.drawn.get(row.id, best)
    away = row.period != period and not row.span.overlaps(wanted)
    filled = f"no figure for {period}: the nearest one, {row.period}, is used" if away else ""
    if user is not None:
        return Value(user, user, user, row.unit, row.period, Grade.ASSUMED, BY_USER, row.id, "")
    return Value(
        low=best if row.low is None else row.low,
        best=best,
        high=best if row.high is None else row.high,
        unit=row.unit,
        period=row.period,
        grade=row.grade,
        source_id=row.source_id,
        id=row.id,
        filled=filled,
    )
