"""How concentrated the making of each item is."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from narrows.evidence import Case, Shares, is_supply
from narrows.measure.kernels import concentration as formulas
from narrows.measure.ranking import drawn, holds, ranks
from narrows.terms import FIRM, OTHER, Grade, ItemKind, UnknownName

__all__ = ["concentration"]

_BY = ("place", "firm")
_COLUMNS = (
    *("item", "name", "stage", "period", "basis", "measure", "hhi", "hhi_low", "hhi_high"),
    *("effective_number", "cr1", "cr3", "theil", "top_entity", "top_share", "n_entities"),
    *("other_share", "source_id", "grade", "filled", "rank"),
)
_DRAWN = ("holds", "rank_low", "rank_high", "top_ten")
_GRADES = (Grade.STATED, Grade.DERIVED, Grade.ASSUMED)


def concentration(
    case: Case,
    *,
    period: str | int | None = None,
    by: str = "place",
    basis: str | None = None,
    groups: bool = True,
    draws: int = 0,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Give the concentration of every item that has a set of shares.

    The named shares are as printed, divided by their sum where rounding makes them miss 100.
    `Other` counts as one provider in `hhi`, `theil` and `top_share`; `hhi_low` spreads it over
    endlessly many and `hhi_high` leaves it in one hand, so the truth lies between.

    Parameters
    ----------
    case
        The case.
    period
        Period; the default one of the case where not given. A period without a set takes the
        nearest one, and `filled` says so.
    by
        ``place`` or ``firm``: what the shares are shares of.
    basis
        ``location`` or ``headquarters``; the set in use where not given.
    groups
        Whether to list and rank totals and overlapping classes (items of kind ``group``) too.
    draws, seed
        Draws of the estimates to see how often a rank holds; none by default.
    progress
        Called with draws done and draws in all.

    Returns
    -------
    DataFrame
        One row an item, the most concentrated (by `hhi_low`) first: item, name, stage, period,
        basis, measure, hhi, hhi_low, hhi_high, effective_number, cr1, cr3 (named providers),
        theil, top_entity, top_share (0 to 1; `Other` where the unnamed rest is largest),
        n_entities (named), other_share, source_id, grade, filled, rank and, with draws, holds,
        rank_low, rank_high (10 and 90 percent), top_ten (part of draws within the first ten).

    Raises
    ------
    UnknownName
        For another value of `by`.
    """
    if by not in _BY:
        raise UnknownName("level", by, _BY, where="by")
    wanted = case.period(period)
    names = [
        name
        for name, item in case.package.items.items()
        if (groups or item.kind != ItemKind.GROUP)
        and _shares(case, name, wanted, by, basis) is not None
    ]
    rows = [_row(case, name, _shares(case, name, wanted, by, basis)) for name in names]
    frame = pd.DataFrame(rows, columns=[column for column in _COLUMNS if column != "rank"])
    frame["rank"] = ranks(-frame["hhi_low"].to_numpy(np.float64))
    if draws:

        def score(again: Case) -> np.ndarray[Any, np.dtype[np.float64]]:
            sets = (_shares(again, name, wanted, by, basis) for name in names)
            return np.array([-_named(shares)[0] if shares else 0.0 for shares in sets])

        each = drawn(case, score, draws=draws, seed=seed, progress=progress)
        frame[list(_DRAWN[:3])] = holds(frame["rank"].to_numpy(), each)
        frame["top_ten"] = np.mean([ranks(row) <= 10 for row in each], axis=0)
    return frame.sort_values(["rank", "top_share"], ascending=[True, False]).reset_index(drop=True)


def _shares(case: Case, name: str, period: str, by: str, basis: str | None) -> Shares | None:
    """Give the set of an item: its own measure, else another one that it has."""
    item = case.package.items[name]
    known = case.package.index.measures(name)
    first = (item.measure, item.measure_headquarters)
    for measure in (*first, *known):
        if measure in known and is_supply(measure):
            found = case.in_use(name, measure, period=period, basis=basis, firms=by == "firm")
            if found is not None:
                return found
    return None


def _named(shares: Shares) -> tuple[float, float]:
    """Give the squared named shares summed, and the share of `Other`."""
    other = np.array([row.entity in (OTHER, FIRM + OTHER) for row in shares.rows])
    named = shares.fractions[~other]
    return float((named**2).sum()), float(shares.fractions[other].sum())


def _row(case: Case, name: str, shares: Shares | None) -> tuple[Any, ...]:
    assert shares is not None  # noqa: S101 - only items with a set are listed
    other = np.array([row.entity in (OTHER, FIRM + OTHER) for row in shares.rows])
    named, rest = shares.fractions[~other], float(shares.fractions[other].sum())
    whole = np.append(named, rest) if rest > 0 else named
    low, high = formulas.bounds(named, rest)
    top = int(np.argmax(shares.fractions))
    key, item = shares.source_set.key, case.package.items[name]
    head = (name, item.name, item.stage, key.period, str(key.basis), key.measure)
    index = float(formulas.hhi(whole))
    return (
        *head,
        *(index, low, high, 1 / index),
        float(formulas.largest(named, 1)) if named.size else 0.0,
        float(formulas.largest(named, 3)) if named.size else 0.0,
        float(formulas.theil(whole)),
        shares.rows[top].entity,
        float(shares.fractions[top]),
        int((named > 0).sum()),
        *(rest, key.source_id, str(max(shares.grades, key=_GRADES.index)), shares.filled),
    )
