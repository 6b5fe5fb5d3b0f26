"""Scores of predictions against observed bands.

All are divided by the larger of the middle of the observed band and its upper end, so that points
in other units count alike.

References
----------
Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation, Journal of
the American Statistical Association 102(477):359-378.
"""

from math import isnan

from narrows.simulate.replay.case import Observation

__all__ = ["BAND", "MOST", "RIVAL", "error", "hit", "interval_score", "rival_band", "strict_hit"]

BAND = (10, 90)
"""Percentiles of the band of the draws."""
RIVAL = 0.2
"""Half-width of the band given to a rival, as a part of what it says."""
MOST = 3.0
"""Most that a miss counts, so that no single point decides."""
_PER_MISS = 10.0  # 2 / alpha of an 80 % band


def scale(seen: Observation) -> float:
    """Give what errors are divided by."""
    return max(abs(seen.middle), abs(seen.high), 1e-12)


def error(seen: Observation, median: float) -> float:
    """Give the distance of a median from the observed band; 0 inside, 3 at most.

    Examples
    --------
    >>> from narrows.simulate.replay.case import Measure
    >>> error(Observation("x", Measure("ratio"), 0.4, 0.5, "share", "s"), 0.55)
    0.1
    """
    if isnan(median):
        return MOST
    miss = max(seen.low - median, median - seen.high, 0.0)
    return round(min(miss / scale(seen), MOST), 12)


def interval_score(seen: Observation, low: float, high: float) -> float:
    """Give the width of a band plus ten times the miss of the observed middle."""
    if isnan(low) or isnan(high):
        return MOST * _PER_MISS
    miss = 0.0 if within(seen, low, high) else max(low - seen.middle, seen.middle - high, 0.0)
    width = min((high - low) / scale(seen), MOST)
    return width + _PER_MISS * min(miss / scale(seen), MOST)


def hit(seen: Observation, low: float, high: float) -> bool:
    """Tell whether the middle of the observed band is inside a band.

    A band that lies wholly inside the observed one hits too. Where nothing happened, it has to.
    """
    if seen.score == "null":
        return within(seen, low, high)
    return low <= seen.middle <= high or within(seen, low, high)


def strict_hit(seen: Observation, low: float, high: float) -> bool:
    """Tell whether the middle of the observed band is inside a band."""
    return low <= seen.middle <= high


def within(seen: Observation, low: float, high: float) -> bool:
    """Tell whether a band lies wholly inside the observed one."""
    slack = 1e-9 * scale(seen)
    return seen.low - slack <= low and high <= seen.high + slack


def rival_band(value: float) -> tuple[float, float]:
    """Give a rival the band of 20 % on either side."""
    ends = (value * (1.0 - RIVAL), value * (1.0 + RIVAL))
    return min(ends), max(ends)
