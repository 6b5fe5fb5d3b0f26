"""Which inputs of the draws stand out from chance.

With few draws and many inputs the best of them always seems to matter. So the draws of the result
are shuffled, which cuts every tie to the inputs, and the strongest rank correlation among all
inputs is noted. An input stands out where its own is stronger than that in 99 of 100 shuffles.

References
----------
Westfall and Young (1993), Resampling-Based Multiple Testing, section 2.3 (greatest of all tests
under shuffling).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["LEAST_DRAWS", "SHUFFLES", "SURE", "standing_out"]

Array = NDArray[np.float64]
SHUFFLES, SURE = 1000, 0.99
LEAST_DRAWS = 30
"""Below it no input can be told, see `narrows.simulate.drivers`."""
_ROWS = 256


def standing_out(drivers: pd.DataFrame, quantiles: Array, *, seed: int = 0) -> pd.DataFrame:
    """Keep the inputs whose rank correlation with the result stands out from chance.

    Parameters
    ----------
    drivers
        Table of `Ensemble.drivers`.
    quantiles
        Where each draw lies in the range of each input, shape (inputs, draws).
    seed
        Of the shuffles.

    Returns
    -------
    DataFrame
        The rows that stand out, with ``chance``: the rank correlation that the strongest of all
        inputs reaches by chance in one of 100 shuffles; the strongest first. None where there are
        fewer than 30 draws.
    """
    draws = quantiles.shape[1] if quantiles.ndim == 2 else 0
    floor = _chance(quantiles, seed) if draws >= LEAST_DRAWS and len(quantiles) else np.inf
    size = drivers["direction"].abs()
    kept = drivers.assign(chance=floor, size=size)[size > floor]
    kept = kept.sort_values("size", ascending=False, kind="stable", ignore_index=True)
    return kept.drop(columns="size")


def _chance(quantiles: Array, seed: int) -> float:
    """Give the strongest rank correlation of all inputs that 99 of 100 shuffles stay below."""
    random = np.random.default_rng(seed)
    draws = quantiles.shape[1]
    order = _standard(np.arange(draws, dtype=np.float64)[None])[0]
    shuffled = np.stack([random.permutation(order) for _ in range(SHUFFLES)], axis=1)
    best = np.zeros(SHUFFLES)
    for first in range(0, len(quantiles), _ROWS):
        rows = np.asarray(quantiles[first : first + _ROWS])
        ranks = np.argsort(np.argsort(rows, axis=1, kind="stable"), axis=1).astype(np.float64)
        found = np.abs(_standard(ranks) @ shuffled) / draws
        best = np.maximum(best, found.max(axis=0))
    return float(np.quantile(best, SURE))


def _standard(ranks: Array) -> Array:
    return np.asarray((ranks - ranks.mean(1, keepdims=True)) / ranks.std(1, keepdims=True))
