"""Flows as series of equal periods, with what a reporter has not reported kept apart from zero."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    frame
        The rows of the wanted items and length of period, with `at`, the place of the period.
    calendar
        All periods.
    covered
        Reporter by period and kind of flow: whether anything at all was reported.
    """

    frame: pd.DataFrame
    calendar: Calendar
    covered: pd.DataFrame

    def reporting(self, flow: str, periods: NDArray[np.int64]) -> set[str]:
        """Give who reported in every one of some periods."""
        known = self.covered[self.covered["flow"] == flow]
        wanted = np.unique(periods)
        counts = known[known["at"].isin(wanted)].groupby("reporter")["at"].nunique()
        return set(counts.index[counts == len(wanted)])

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
            ``value_usd``, ``weight_kg``, or ``weighed_usd`` (the value of what has a weight).
        """
        one, two = ("reporter", "partner") if turned else ("partner", "reporter")
        summed = set(others)
        frame = self.frame
        chosen = frame[
            (frame["flow"] == flow) & frame[one].isin(set(rows)) & frame[two].isin(summed)
        ]
        table = chosen.pivot_table(index=one, columns="at", values=column, aggfunc="sum")
        full = table.reindex(index=list(rows), columns=range(len(self.calendar)))
        out = full.fillna(0.0).to_numpy(np.float64, copy=True)
        if turned:
            out[~self._reported(flow, rows)] = np.nan
        else:
            out[:, ~self._reported(flow, sorted(summed)).all(0)] = np.nan
        return out

    def _reported(self, flow: str, reporters: Sequence[str]) -> NDArray[np.bool_]:
        """Tell who reported when, (reporters, periods)."""
        known = self.covered[
            (self.covered["flow"] == flow) & self.covered["reporter"].isin(set(reporters))
        ]
        index = pd.Index(list(reporters))
        out = np.zeros((len(index), len(self.calendar)), dtype=bool)
        out[index.get_indexer(known["reporter"]), known["at"].to_numpy()] = True
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
    places = {name: calendar.at(name) for name in frame["period"].unique()}
    frame = frame.assign(at=frame["period"].map(places).astype(int))
    covered = frame[["reporter", "flow", "at"]].drop_duplicates()
    wanted = frame[frame["item"].str.startswith(tuple(items))]
    weighed = wanted["value_usd"].where(wanted["weight_kg"] > 0, 0.0)
    return Board(wanted.assign(weighed_usd=weighed), calendar, covered)


def lasting(board_: Board, cut: int, origins: set[str], longest: int) -> int:
    """Give how many periods after the cut are reported by most of the origins.

    The end of a data set is often thin: the last period counted is one in which origins that
    report had at least 80 percent of the exports of the usual period before the control.
    """
    frame = board_.frame
    own = frame[(frame["flow"] == "export") & frame["reporter"].isin(origins) & (frame["at"] < cut)]
    usual = own.groupby("reporter")["value_usd"].sum()
    width = 0
    for at in range(cut, min(cut + longest, len(board_.calendar))):
        there = board_.reporting("export", np.array([at]))
        if usual.sum() > 0 and usual[usual.index.isin(there)].sum() < _MOSTLY * usual.sum():
            break
        width += 1
    return width
