"""Flows as series of equal periods, with what a reporter has not reported kept apart from zero."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.screen.diversion.flows import Flows
from narrows.screen.diversion.windows import Calendar
from narrows.terms import BadInput, Fault

__all__ = ["Board", "board", "lasting"]

Array = NDArray[np.float64]
_MOSTLY = 0.8  # of the value of a usual period that a reported one has at least


@dataclass(frozen=True, eq=False)
class Board:
    """The flows of some items, ready to be added up by reporter, partner and period.

    Attributes
    ----------
    places
        Names of all reporters and partners; rows hold their numbers.
    calendar
        All periods.
    rows
        reporter, partner, flow (whether an export) and `at`, the place of the period.
    amounts
        value_usd, weight_kg, weighed_usd (value of what has a weight), one figure a row.
    covered
        By kind of flow: (places, periods), whether a place reported anything at all, of any item.
    """

    places: tuple[str, ...]
    calendar: Calendar
    rows: Mapping[str, NDArray[Any]]
    amounts: Mapping[str, Array]
    covered: Mapping[str, NDArray[np.bool_]]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number of each place."""
        return {name: at for at, name in enumerate(self.places)}

    @cached_property
    def partners(self) -> tuple[str, ...]:
        """Partners of these items, in order."""
        return tuple(sorted(self.places[at] for at in np.unique(self.rows["partner"])))

    def reporting(self, flow: str, periods: NDArray[np.int64]) -> set[str]:
        """Give who reported in every one of some periods."""
        whole = self.covered[flow][:, periods].all(1)
        return {self.places[at] for at in np.flatnonzero(whole)}

    def values(
        self,
        flow: str,
        rows: Sequence[str],
        others: Iterable[str],
        *,
        turned: bool = False,
        column: str = "value_usd",
    ) -> Array:
        """Add up flows: (rows, periods); not a number where one of those who report did not.

        Parameters
        ----------
        flow
            ``export`` or ``import``.
        rows
            One series each: partners, or reporters where `turned`.
        others
            Summed over: reporters, or partners where `turned`.
        column
            Which of `amounts`.
        """
        one, two = ("reporter", "partner") if turned else ("partner", "reporter")
        place = np.full(len(self.places), -1)
        known = [(at, self.numbers[name]) for at, name in enumerate(rows) if name in self.numbers]
        for at, number in known:
            place[number] = at
        summed = np.zeros(len(self.places), dtype=bool)
        summed[[self.numbers[name] for name in others if name in self.numbers]] = True
        row = place[self.rows[one]]
        mask = (row >= 0) & summed[self.rows[two]] & (self.rows["export"] == (flow == "export"))
        length = len(self.calendar)
        cells = row[mask] * length + self.rows["at"][mask]
        flat = np.bincount(cells, self.amounts[column][mask], minlength=len(rows) * length)
        out = flat.astype(np.float64).reshape(len(rows), length)
        if turned:
            there = np.zeros(out.shape, dtype=bool)
            for at, number in known:
                there[at] = self.covered[flow][number]
            out[~there] = np.nan
        else:
            out[:, ~self.covered[flow][summed].all(0)] = np.nan
        return out


def board(flows: Flows, items: Sequence[str], *, start: str, monthly: bool) -> Board:
    """Give the flows of some items in periods of one length.

    Parameters
    ----------
    flows
        All flows read; those of other items still tell who has reported when.
    items
        HS codes; longer codes below them count.
    start
        First period after the control.
    monthly
        Months, else years.

    Raises
    ------
    BadInput
        When no flow of that length lies on either side of the control.
    """
    frame = flows.frame
    frame = frame[frame["period"].str.contains("-") == monthly]
    kind = "months" if monthly else "years"
    if frame.empty or not frame["period"].min() < start <= frame["period"].max():
        span = f"{frame['period'].min()} to {frame['period'].max()}" if len(frame) else "none"
        expected = f"{kind} before and from {start} on"
        raise BadInput(Fault("flows", None, "period", f"{kind} {span}", expected))
    calendar = Calendar.of([frame["period"].min(), frame["period"].max()])
    names = {name: calendar.at(name) for name in frame["period"].unique()}
    at = frame["period"].map(names).to_numpy(np.int64)
    places = tuple(sorted({*frame["reporter"].unique(), *frame["partner"].unique()}))
    index = pd.Index(places)
    reporter = index.get_indexer(pd.Index(frame["reporter"]))
    export = (frame["flow"] == "export").to_numpy(bool)
    covered = {}
    for flow, mask in (("export", export), ("import", ~export)):
        covered[flow] = np.zeros((len(places), len(calendar)), dtype=bool)
        covered[flow][reporter[mask], at[mask]] = True
    kept = frame["item"].str.startswith(tuple(items)).to_numpy(bool)
    rows = {"reporter": reporter[kept], "export": export[kept], "at": at[kept]}
    rows["partner"] = index.get_indexer(pd.Index(frame["partner"][kept]))
    value = frame["value_usd"].to_numpy(np.float64)[kept]
    weight = np.nan_to_num(frame["weight_kg"].to_numpy(np.float64)[kept])
    weighed = np.where(weight > 0, value, 0.0)
    amounts = {"value_usd": value, "weight_kg": weight, "weighed_usd": weighed}
    return Board(places, calendar, rows, amounts, covered)


def lasting(seen: Board, cut: int, origins: set[str], longest: int) -> int:
    """Give how many periods after the cut are reported by most of the origins.

    The end of a data set is often thin: the last period counted is one in which origins that
    report had at least 80 percent of the exports of the time before the control.
    """
    names = sorted(origins & set(seen.places))
    usual = np.nansum(seen.values("export", names, seen.places, turned=True)[:, :cut], axis=1)
    there = seen.covered["export"][[seen.numbers[name] for name in names]]
    width = 0
    for at in range(cut, min(cut + longest, len(seen.calendar))):
        if usual.sum() > 0 and usual[there[:, at]].sum() < _MOSTLY * usual.sum():
            break
        width += 1
    return width
