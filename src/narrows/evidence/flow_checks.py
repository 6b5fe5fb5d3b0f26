"""What the flows of an input-output table must hold before anything is computed from them."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from narrows.terms import Fault

__all__ = ["ROW_GAP", "TABLE_GAP", "check_flows", "gap_faults", "in_percent"]

Array = NDArray[np.float64]
Labels = Sequence[str] | NDArray[np.str_]

# How far a row may miss the output and still be closed. Tuned once on the 17 years of WIOD 2013,
# whose cells are whole millions: its worst row misses by 0.28 % of a mean row, all rows together
# by 0.093 % of world output (1998). The limits leave about twice that.
ROW_GAP = 0.005  # of the row's output, or of the mean output of a row where that is larger
TABLE_GAP = 0.002  # of world output, all gaps added without their sign

_WORST = 8


def check_flows(
    z: NDArray[np.generic],
    y: NDArray[np.generic],
    x: Array | None,
    *,
    units: Labels,
    users: Labels,
    markets: Labels,
    where: str,
) -> list[Fault]:
    """Give every reason why flows cannot be used.

    Parameters
    ----------
    z
        Purchases of industries, shape (units, users): finite, not negative.
    y
        Final use, shape (units, markets): finite.
    x
        Output, shape (units,): finite, not negative, the sum of its row within the limits
        `ROW_GAP` and `TABLE_GAP`. None where the table has none.
    units, users, markets
        Labels of the rows of `z`, of its columns, and of the columns of `y`.
    where
        What to name in a fault: a file or an argument.
    """
    faults = list(_cells(z, units, users, where, "Z", lowest=0.0))
    faults += _cells(y, units, markets, where, "Y", lowest=-np.inf)
    if x is None:
        return faults
    faults += _cells(x[:, None], units, ["output"], where, "x", lowest=0.0)
    if not faults:
        rows = z.sum(axis=1, dtype=np.float64) + y.sum(axis=1, dtype=np.float64)
        faults += gap_faults(rows, x, units, where, "the row sum")
    return faults


def _cells(
    cells: NDArray[np.generic],
    rows: Labels,
    columns: Labels,
    where: str,
    name: str,
    *,
    lowest: float,
) -> Iterator[Fault]:
    """Name the cells that are no number or too low, the worst of each row."""
    if not cells.size:
        return
    low, high = cells.min(axis=1), cells.max(axis=1)
    with np.errstate(invalid="ignore"):
        # a NaN makes both ends NaN, and no comparison holds for it
        bad = np.flatnonzero(~((low >= lowest) & np.isfinite(low) & np.isfinite(high)))
    order = np.argsort(np.nan_to_num(low[bad].astype(np.float64), nan=-np.inf), kind="stable")
    for row in bad[order][:_WORST]:
        line = cells[row].astype(np.float64)
        column = int(np.flatnonzero(~np.isfinite(line) | (line < lowest))[0])
        if np.isfinite(line).all():
            column = int(line.argmin())
        field = f"{name}: {rows[row]} to {columns[column]}"
        expected = "a finite number" if lowest < 0 else "a finite number, 0 or more"
        yield Fault(where, None, field, f"{line[column]:g}", expected)
    if bad.size > _WORST:
        found = f"{bad.size - _WORST} more rows with such cells"
        yield Fault(where, None, name, found, "finite numbers; only final use may be negative")


def gap_faults(
    sums: Array, x: Array, labels: Labels, where: str, what: str, *, against: str = "output"
) -> Iterator[Fault]:
    """Name the worst rows where sums miss the output by more than can be closed.

    Parameters
    ----------
    sums, x
        What should be equal, shape (units,).
    labels
        Labels of the units.
    where, what, against
        What to name: the file, the sums, and what they are held against.
    """
    gap = np.abs(sums - x)
    mean = float(x.mean()) if x.size else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(gap > 0, gap / np.maximum(x, mean), 0.0)
        total = gap.sum() / x.sum() if gap.any() else 0.0
    worst = np.argsort(-part, kind="stable")[:_WORST]
    large = worst[part[worst] > ROW_GAP]
    limit = f"{in_percent(ROW_GAP)} of the {against} of the row, or of a mean row if larger"
    for row in large:
        found = f"{what} {sums[row]:,.6g}, {against} {x[row]:,.6g} ({in_percent(part[row])} apart)"
        yield Fault(where, None, str(labels[row]), found, f"at most {limit} apart")
    if (more := int((part > ROW_GAP).sum()) - large.size) > 0:
        yield Fault(where, None, "", f"{more} more rows like these", f"at most {limit} apart")
    if total > TABLE_GAP:
        rows = ", ".join(str(labels[row]) for row in np.argsort(-gap, kind="stable")[:3])
        found = f"gaps of {in_percent(total)} of world output in all, the largest at {rows}"
        yield Fault(where, None, what, found, f"at most {in_percent(TABLE_GAP)}")


def in_percent(part: float) -> str:
    """Give a part as percent with three digits.

    Examples
    --------
    >>> in_percent(0.005)
    '0.5 %'
    """
    return f"{100 * part:.3g} %"
