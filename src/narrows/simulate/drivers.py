"""Drivers: which inputs move a result, from the draws already made.

The first-order index of an input is the part of the variance of the result that goes away once
the input is known. The draws are put into bins along the input; the variance between the means of
the bins, less what chance alone puts there, is the index. The noise floor is what the best of as
many inputs without any effect reaches in 95 of 100 cases, found by shuffling the result.

References
----------
Saltelli et al. (2008), Global Sensitivity Analysis: The Primer, section 1.2.
Strong, Oakley and Chilcott (2012), Managing structural uncertainty in health economic decision
models, Journal of the Royal Statistical Society C 61(1):25-45 (indices from a given sample).
Kelley (1935), An unbiased correlation ratio measure, PNAS 21(9):554-559.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

__all__ = ["Indices", "first_order"]

Array = NDArray[np.float64]
_ROWS = 128
_SHUFFLES = 100
_LEAST_DRAWS = 30


@dataclass(frozen=True)
class Indices:
    """How much each input moves a result.

    Attributes
    ----------
    first_order
        Part of the variance that goes with the input alone, (inputs,); chance makes it a little
        more or less than 0 where there is no effect.
    direction
        Rank correlation with the result, (inputs,): above 0 where more of it gives more.
    noise_floor
        What chance alone reaches with the best of all inputs.
    """

    first_order: Array
    direction: Array
    noise_floor: float


def first_order(quantiles: Array, result: Array, *, seed: int = 0) -> Indices:
    """Give the first-order index of each input.

    Parameters
    ----------
    quantiles
        Where each draw lies in the range of each input, shape (inputs, draws).
    result
        One number a draw, shape (draws,).
    seed
        Of the shuffles for the noise floor.

    Returns
    -------
    Indices
        All 0 where the result does not vary or there are fewer than 30 draws.

    Examples
    --------
    >>> random = np.random.default_rng(1)
    >>> u = random.random((2, 4000))
    >>> found = first_order(u, 2 * u[0] + u[1])
    >>> found.first_order.round(1), found.noise_floor < 0.05
    (array([0.8, 0.2]), True)
    """
    draws = len(result)
    inputs = len(quantiles)
    spread = float(np.var(result))
    if draws < _LEAST_DRAWS or not inputs or spread <= 1e-24 * float(np.mean(result) ** 2):
        return Indices(np.zeros(inputs), np.zeros(inputs), 0.0)
    random = np.random.default_rng(seed)
    shuffled = np.stack([random.permutation(result) for _ in range(_SHUFFLES)])
    rank = rankdata(result)
    rank = (rank - rank.mean()) / rank.std()
    index, direction = np.empty(inputs), np.empty(inputs)
    best = np.full(_SHUFFLES, -np.inf)
    for rows, order in _orders(quantiles):
        index[rows] = [_explained(result[None, each])[0] for each in order]
        place = np.empty(order.shape)
        np.put_along_axis(place, order, np.arange(draws, dtype=np.float64)[None], axis=1)
        direction[rows] = (place - place.mean(1, keepdims=True)) @ rank / (draws * place.std(1))
        for each in order:
            best = np.maximum(best, _explained(shuffled[:, each]))
    return Indices(index, direction, float(np.quantile(best, 0.95)))


def _orders(quantiles: Array) -> Iterator[tuple[slice, NDArray[np.int64]]]:
    """Sort the draws along each input, some inputs at a time."""
    for first in range(0, len(quantiles), _ROWS):
        rows = slice(first, min(first + _ROWS, len(quantiles)))
        yield rows, np.argsort(np.asarray(quantiles[rows]), axis=1, kind="stable")


def _explained(ordered: Array) -> Array:
    """Give the part of the variance between bins of neighbours, less that of chance.

    Parameters
    ----------
    ordered
        Results in the order of an input, shape (results, draws).
    """
    draws = ordered.shape[1]
    bins = int(np.clip(round(draws ** (1 / 3)) * 2, 4, 64))
    edges = np.linspace(0, draws, bins + 1).astype(np.int64)
    sizes = np.diff(edges)
    means = np.add.reduceat(ordered, edges[:-1], axis=1) / sizes
    total = ordered.var(axis=1) * draws
    between = ((means - ordered.mean(axis=1, keepdims=True)) ** 2 * sizes).sum(axis=1)
    within = (total - between) / (draws - bins)
    return np.asarray(1.0 - within * (draws - 1) / total)
