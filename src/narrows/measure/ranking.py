"""Ranks, and how often they hold when the estimates are drawn again."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from narrows.evidence import Case

__all__ = ["drawn", "holds", "ranks"]

Array = NDArray[np.float64]
_SAME = 1e-9


def ranks(score: Array) -> NDArray[np.int64]:
    """Rank scores, the least first; equal scores (within 1e-9) share the better rank.

    Examples
    --------
    >>> ranks(np.array([0.5, 0.2, 0.5]))
    array([2, 1, 2])
    """
    return rankdata(np.round(score / _SAME), method="min").astype(np.int64)


def drawn(
    case: Case,
    score: Callable[[Case], Array],
    *,
    draws: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> Array:
    """Score again in each draw of a case.

    Parameters
    ----------
    case
        The case whose estimates are drawn, one stream an estimate.
    score
        Scores of a drawn case, an array of any shape.
    draws, seed
        How many draws, and where the streams start.

    Returns
    -------
    ndarray
        Shape (draws, ...).
    """
    out = []
    for number, u in enumerate(case.quantiles(draws=draws, seed=seed)):
        out.append(score(case.draw(u)))
        if progress:
            progress(number + 1, draws)
    return np.stack(out)


def holds(rank: NDArray[np.int64], scores: Array) -> Array:
    """Give how often each rank holds, and the 10 and 90 percent points of the drawn ranks.

    Parameters
    ----------
    rank
        Ranks of the best estimates, shape (things ranked,).
    scores
        Drawn scores, the least ranking first, shape (draws, things ranked).

    Returns
    -------
    ndarray
        Shape (things ranked, 3): part of the draws with the same rank, low, high.
    """
    again = np.stack([ranks(row) for row in scores])
    low, high = np.quantile(again, [0.1, 0.9], axis=0, method="nearest")
    return np.stack([(again == rank).mean(axis=0), low, high], axis=1)
