"""Changes of series at a cut and at earlier ones. Arrays in, arrays out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from narrows.screen.diversion.windows import Windows

__all__ = ["log_changes", "means", "small_amount"]

Array = NDArray[np.float64]


def means(series: Array, windows: Windows, cut: int) -> tuple[Array, Array]:
    """Give the mean of a period after a cut and before it.

    Parameters
    ----------
    series
        (pairs, periods), not a number where nothing was reported.
    windows, cut
        What is compared.

    Returns
    -------
    tuple
        After and before, (pairs,); not a number where a period is missing.

    Examples
    --------
    >>> series = np.array([[1.0, 3.0, 10.0]])
    >>> after, before = means(series, Windows(season=1, width=1, years=2), 2)
    >>> float(after[0]), float(before[0])
    (10.0, 2.0)
    """
    return series[:, windows.after(cut)].mean(1), series[:, windows.before(cut).ravel()].mean(1)


def log_changes(
    series: Array, windows: Windows, cuts: Sequence[int], *, small: float = 0.0
) -> Array:
    """Give the change of series at each of some cuts, in natural logarithms, (pairs, cuts).

    Parameters
    ----------
    series, windows
        As in `means`.
    cuts
        The control date first, then earlier dates.
    small
        Added on both sides, so that a flow from nothing has a finite change. With none, a change
        from or to nothing is not a number. Two periods without any flow have no change either.
    """
    columns = []
    for cut in cuts:
        after, before = (side + small for side in means(series, windows, cut))
        change = np.full(len(series), np.nan)
        known = (after > small) | (before > small) if small else (after > 0) & (before > 0)
        change[known] = np.log(after[known]) - np.log(before[known])
        columns.append(change)
    return np.column_stack(columns)


def small_amount(series: Array, windows: Windows, cut: int) -> float:
    """Give the median flow before a cut: it scales with the unit of the flows.

    Added to both sides of a change, it makes a few lone deliveries to a small country weigh
    little, and leaves a lasting surge to it in sight. Smaller amounts let the noise of the
    smallest countries hide planted diversion in real monthly trade (docs/methods/diversion.md).

    Examples
    --------
    >>> small_amount(np.full((5, 2), 50.0), Windows(season=1, width=1, years=1), 1)
    50.0
    """
    before = means(series, windows, cut)[1]
    positive = before[np.isfinite(before) & (before > 0)]
    return float(np.median(positive)) if positive.size else 1.0
