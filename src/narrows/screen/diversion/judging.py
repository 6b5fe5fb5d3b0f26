"""How unusual a change is, beside what never had a reason to change. Arrays in, arrays out.

Every pair of an origin and a third country has a change at the control date, and one at each of
some earlier dates when nothing happened (placebos). A change is judged in four steps:

1. the median change of all countries at that date is taken off (a difference in differences);
2. the usual growth of the pair itself is taken off, as far as its placebos are many enough;
3. what is left is divided by the usual size of such a rest: that of the pair and that of pairs of
   like size, since small flows jump more;
4. the probability of so high a value comes from a Student t fitted to the placebos of all pairs.

References
----------
Benjamini, Y. and Hochberg, Y. (1995), Controlling the False Discovery Rate, Journal of the Royal
Statistical Society B 57(1), 289-300. Abadie, A., Diamond, A. and Hainmueller, J. (2010), Synthetic
Control Methods for Comparative Case Studies, JASA 105(490), section 2.4 (placebo tests).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Judged", "false_discovery", "judge"]

Array = NDArray[np.float64]
_MAD = 1.4826  # median absolute deviation of a normal distribution, as standard deviation
_TREND = 2.0  # placebos that the own growth of a pair has to outweigh
_POOL = 1.0  # placebos that its own noise has to outweigh
_AHEAD = 2.0  # the control lies at the end, placebos lie between others: harder to foresee
_NEAR = 25  # pairs of like size whose noise is looked at
_COUNTED = 5  # placebos as high from which their part is surer than the fitted curve
_LEAST = 8  # pairs without which nothing can be said
_SMALLEST = 1e-3  # noise of a change in logarithms below which nothing is taken to be
_TAIL = 5.0  # degrees of freedom where there is no history to fit them to
_TAILS = (2.5, 30.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """Changes with how unusual they are; one value a pair.

    Attributes
    ----------
    change
        Change at the control date, in natural logarithms.
    others
        Median change of all pairs at that date (one number).
    trend
        Usual growth of the pair beyond the others, shrunk.
    score
        What is left, in units of the usual noise.
    p_value
        Probability of so high a score where nothing happened.
    placebo_share
        Part of all placebos with at least this score; missing where there are none.
    placebos
        How many placebos there are in all.
    """

    change: Array
    others: float
    trend: Array
    score: Array
    p_value: Array
    placebo_share: Array
    placebos: int


def judge(changes: Array, size: Array, pool: NDArray[np.bool_]) -> Judged:
    """Judge changes.

    Parameters
    ----------
    changes
        (pairs, 1 + placebos), in natural logarithms; the first column is the control date; not a
        number where there is none.
    size
        (pairs,), usual size of the flow: noise is compared among pairs of like size.
    pool
        (pairs,), whether a pair counts for the median and for the noise.

    Returns
    -------
    Judged
        Not a number where a pair has no change, or where fewer than eight pairs can be compared.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> changes = rng.normal(0, 0.2, (40, 7))
    >>> changes[3, 0] += 2.0
    >>> found = judge(changes, np.ones(40), np.ones(40, dtype=bool))
    >>> int(np.argmin(found.p_value)), bool(found.p_value[3] < 1e-3)
    (3, True)
    """
    beside = np.where(pool[:, None], changes, np.nan)
    enough = np.isfinite(beside).sum(0) >= _LEAST
    level = np.full(changes.shape[1], np.nan)
    level[enough] = np.nanmedian(beside[:, enough], axis=0)
    rest = changes - level
    past = rest[:, 1:]
    trend, own, known = _history(past)
    left = rest[:, 0] - trend
    from scipy import stats  # slow to load, and only needed here

    history = int(np.isfinite(past[pool]).sum())
    use_history = history >= 2 * _LEAST
    noises = past - trend[:, None] if use_history else left[:, None]
    typical = _typical(np.where(pool[:, None], noises, np.nan), size, alone=not use_history)
    score = left / (_blend(typical, own, known) * np.sqrt(1 + _AHEAD / np.maximum(known, 1)))
    if not use_history:
        p_value = stats.t.sf(score, _TAIL)
        missing = np.full(len(score), np.nan)
        return Judged(changes[:, 0], float(level[0]), trend, score, p_value, missing, 0)
    placebo = _placebo_scores(past, typical)[pool]
    placebo = np.sort(placebo[np.isfinite(placebo)])
    tail, scale = _fitted(placebo)
    above = len(placebo) - np.searchsorted(placebo, score, side="left")
    share = np.where(np.isfinite(score), above / len(placebo), np.nan)
    fitted = stats.t.sf(score / scale, tail)
    p_value = np.where(above >= _COUNTED, np.maximum(fitted, share), fitted)
    return Judged(changes[:, 0], float(level[0]), trend, score, p_value, share, len(placebo))


def false_discovery(p_values: Array) -> Array:
    """Give q-values: the false discovery rate if this p-value and all lower ones are flagged.

    Parameters
    ----------
    p_values
        Any shape; not a number where nothing was tested, and there the q-value is none too.

    Examples
    --------
    >>> false_discovery(np.array([0.01, 0.5, np.nan, 0.02])).round(3).tolist()
    [0.03, 0.5, nan, 0.03]
    """
    flat = p_values.ravel()
    out = np.full(flat.shape, np.nan)
    known = np.flatnonzero(np.isfinite(flat))
    order = known[np.argsort(flat[known], kind="stable")]
    count = len(order)
    raw = flat[order] * count / np.arange(1, count + 1)
    out[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return out.reshape(p_values.shape)


def _history(past: Array) -> tuple[Array, Array, Array]:
    """Give the usual growth, the usual squared rest around it, and the number of placebos."""
    known = np.isfinite(past).sum(1).astype(np.float64)
    middle = np.zeros(len(past))
    some = known > 0
    if past.shape[1] and some.any():
        middle[some] = np.nanmedian(past[some], axis=1)
    trend = middle * known / (known + _TREND)
    squares = np.where(np.isfinite(past), (past - trend[:, None]) ** 2, 0.0).sum(1)
    return trend, squares, known


def _blend(typical: Array, squares: Array, known: Array) -> Array:
    """Give the noise of each pair: its own as far as known, else that of pairs of like size."""
    blended = np.sqrt((_POOL * typical**2 + squares) / (_POOL + known))
    return np.maximum(blended, _SMALLEST)


def _typical(noises: Array, size: Array, *, alone: bool) -> Array:
    """Give the usual noise among pairs of like size; without the pair itself where `alone`."""
    usable = np.flatnonzero(np.isfinite(noises).any(1))
    out = np.full(len(noises), np.nan)
    if len(usable) < _LEAST:
        return out
    order = usable[np.argsort(size[usable], kind="stable")]
    sizes = size[order]
    for pair in range(len(noises)):
        middle = int(np.searchsorted(sizes, size[pair]))
        start = min(max(middle - _NEAR // 2, 0), max(len(order) - _NEAR, 0))
        near = order[start : start + _NEAR]
        if alone:
            near = near[near != pair]
        values = np.abs(noises[near])
        out[pair] = _MAD * np.nanmedian(values)
    return out


def _placebo_scores(past: Array, typical: Array) -> Array:
    """Score each placebo as if it were the control date: by the other placebos of its pair."""
    scores = np.full(past.shape, np.nan)
    for at in range(past.shape[1]):
        trend, squares, known = _history(np.delete(past, at, axis=1))
        scores[:, at] = (past[:, at] - trend) / _blend(typical, squares, known)
    return scores


def _fitted(placebo: Array) -> tuple[float, float]:
    """Fit a Student t around zero: degrees of freedom and scale, the likeliest of a grid."""
    from scipy import stats

    tails = np.geomspace(*_TAILS, 12)
    best, found = -np.inf, (_TAIL, 1.0)
    for tail in tails:
        scale = _scale(placebo, tail)
        likely = float(stats.t.logpdf(placebo / scale, tail).sum() - len(placebo) * np.log(scale))
        if likely > best:
            best, found = likely, (float(tail), scale)
    return found


def _scale(values: Array, tail: float) -> float:
    """Give the likeliest scale of a Student t by repeated weighting (Lange et al. 1989)."""
    square = max(float(np.median(values**2)), _SMALLEST**2)
    for _ in range(30):
        weight = (tail + 1) / (tail + values**2 / square)
        square = max(float(np.mean(weight * values**2)), _SMALLEST**2)
    return float(np.sqrt(square))
