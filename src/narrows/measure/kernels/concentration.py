"""Concentration of shares.

All functions take shares on the last axis, from 0 to 1 and adding to 1, of shape (..., providers);
a share of zero counts as no provider.

References
----------
Hannah and Kay (1977), Concentration in Modern Industry, ch. 4 (the family of effective numbers).
Theil (1967), Economics and Information Theory, ch. 4.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["bounds", "effective_number", "hannah_kay", "hhi", "largest", "theil"]

Array = NDArray[np.float64]


def hhi(shares: Array) -> Array:
    """Give the Herfindahl-Hirschman index, the sum of squared shares.

    Examples
    --------
    >>> float(hhi(np.array([0.92, 0.08])).round(4))
    0.8528
    """
    return np.asarray((shares**2).sum(axis=-1))


def hannah_kay(shares: Array, alpha: float) -> Array:
    """Give the effective number of providers of order alpha.

    ``(sum s^alpha)^(1 / (1 - alpha))``; alpha 2 is 1 / HHI, alpha to 1 is exp(entropy), alpha to
    infinity is 1 / largest share.

    Examples
    --------
    >>> float(hannah_kay(np.array([0.92, 0.08]), 2).round(3))
    1.173
    """
    if np.isinf(alpha):
        return np.asarray(1 / shares.max(axis=-1))
    if alpha == 1:
        return np.asarray(np.exp(_entropy(shares)))
    powers = np.where(shares > 0, np.where(shares > 0, shares, 1.0) ** alpha, 0.0)
    return np.asarray(powers.sum(axis=-1) ** (1 / (1 - alpha)))


def effective_number(shares: Array) -> Array:
    """Give how many equal providers would be as concentrated, 1 / HHI."""
    return np.asarray(1 / hhi(shares))


def theil(shares: Array) -> Array:
    """Give Theil's index, ln n minus the entropy, n being the providers with a share.

    Examples
    --------
    >>> float(theil(np.array([0.92, 0.08])).round(4))
    0.4144
    """
    return np.asarray(np.log((shares > 0).sum(axis=-1)) - _entropy(shares))


def largest(shares: Array, k: int) -> Array:
    """Give the sum of the k largest shares."""
    return np.asarray(np.sort(shares, axis=-1)[..., ::-1][..., :k].sum(axis=-1))


def bounds(named: Array, rest: float, most: float | None = None) -> tuple[float, float]:
    """Give the least and the greatest HHI when a rest hides unknown providers.

    Parameters
    ----------
    named
        Known shares, shape (providers,).
    rest
        Share of the unknown ones.
    most
        Most that one unknown provider can have; the whole rest where nothing is known.

    Returns
    -------
    tuple of float
        The rest spread over endlessly many; the rest in as few hands as `most` allows.

    Examples
    --------
    >>> tuple(round(bound, 3) for bound in bounds(np.array([0.5, 0.3]), 0.2, 0.15))
    (0.34, 0.365)
    """
    low = float((named**2).sum())
    cap = min(rest if most is None else most, rest)
    if cap <= 0:
        return low, low
    whole = np.floor(rest / cap + 1e-12)
    left = max(rest - whole * cap, 0.0)
    return low, low + float(whole * cap**2 + left**2)


def _entropy(shares: Array) -> Array:
    logs = np.log(np.where(shares > 0, shares, 1.0))
    return np.asarray(-(shares * logs).sum(axis=-1))
