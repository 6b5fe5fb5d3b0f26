"""Sums over the links of a block, and the library an array belongs to."""

import sys
from types import ModuleType
from typing import Any

from narrows.simulate.kernels.pool import Pool

__all__ = ["NOTHING", "down", "namespace", "ratio", "up"]

Array = Any
NOTHING = 1e-30
"""What is below this is none: also a normal number in float32."""


def down(shares: Array, of_units: Array) -> Array:
    """Sum over units, for each need: (needs or 1, scenarios)."""
    if isinstance(shares, Pool):
        return shares.down(of_units)
    if shares.ndim == 1:
        return (shares @ of_units)[None]
    if shares.ndim == 3:
        return (shares * of_units[:, None]).sum(0)
    return shares.T @ of_units


def up(shares: Array, of_needs: Array) -> Array:
    """Sum over needs, for each unit: (units, scenarios)."""
    if isinstance(shares, Pool):
        return shares.up(of_needs)
    if shares.ndim == 1:
        return shares[:, None] * of_needs.sum(0)[None]
    if shares.ndim == 3:
        pooled = shares.shape[1] == 1
        return shares[:, 0] * of_needs.sum(0)[None] if pooled else (shares * of_needs[None]).sum(1)
    return shares @ of_needs


def ratio(part: Array, whole: Array) -> Array:
    """Give part / whole, at most 1; 1 where there is no whole."""
    xp = namespace(whole)
    real = whole > NOTHING
    return xp.where(real, xp.clip(part / xp.where(real, whole, 1.0), None, 1.0), 1.0)


def namespace(array: Array) -> ModuleType:
    """Give the library of an array: numpy, torch or CuPy."""
    return sys.modules[type(array).__module__.partition(".")[0]]
