"""From which units a buyer takes an item."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["Sourcing", "home_first", "home_only", "pooled"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sourcing:
    """Shares in which the needs of one item are met by its units.

    Attributes
    ----------
    shares
        Shape (units,): pooled, every buyer takes the same shares. Shape (units, needs): dense,
        one column a need, or CSR where a buyer takes from few units (firms). Columns add to 1.
    """

    shares: Array | sparse.csr_array

    @property
    def kind(self) -> Literal["pooled", "dense", "csr"]:
        """How the shares are held: ``pooled``, ``dense`` or ``csr``."""
        if sparse.issparse(self.shares):
            return "csr"
        return "pooled" if self.shares.ndim == 1 else "dense"

    @property
    def is_pooled(self) -> bool:
        """Whether all buyers take the same shares."""
        return self.kind == "pooled"

    def orders(self, needs: Array) -> Array:
        """Give what each unit is asked for.

        Parameters
        ----------
        needs
            Shape (needs, ...).

        Returns
        -------
        ndarray
            Shape (units, ...).
        """
        if isinstance(self.shares, sparse.csr_array):
            return _times(self.shares, needs)
        if self.is_pooled:
            return np.asarray(np.multiply.outer(self.shares, needs.sum(axis=0)))
        return np.tensordot(self.shares, needs, axes=1)

    def deliveries(self, filled: Array, needs: int) -> Array:
        """Give the part of each need that arrives when each unit fills a part of its orders.

        Parameters
        ----------
        filled
            Part delivered by each unit, shape (units, ...).
        needs
            Number of needs.

        Returns
        -------
        ndarray
            Shape (needs, ...).
        """
        if isinstance(self.shares, sparse.csr_array):
            return _times(self.shares.T, filled)
        if self.is_pooled:
            one = np.tensordot(self.shares, filled, axes=1)
            return np.broadcast_to(one, (needs, *one.shape))
        return np.tensordot(self.shares.T, filled, axes=1)


def _times(shares: sparse.csr_array | sparse.csc_array, values: Array) -> Array:
    """Multiply along the first axis, whatever axes follow."""
    flat = shares @ values.reshape(len(values), -1)
    return np.asarray(flat, dtype=np.float64).reshape(-1, *values.shape[1:])


def pooled(output: Array) -> Sourcing:
    """Let every buyer take the shares of world output."""
    return Sourcing(output / output.sum())


def home_only(unit_places: NDArray[np.int64], need_places: NDArray[np.int64]) -> Sourcing:
    """Let every buyer take all from the one unit at its own place (local items)."""
    return Sourcing((unit_places[:, None] == need_places[None, :]).astype(np.float64))


def home_first(
    output: Array, needs: Array, unit_places: NDArray[np.int64], need_places: NDArray[np.int64]
) -> Sourcing:
    """Let buyers take from units at home first and the rest from what other places have left.

    The flows stay balanced: every unit is asked for exactly its output when the needs add to
    the output.

    Parameters
    ----------
    output
        Base output of the units, shape (units,).
    needs
        Base needs, shape (needs,).
    unit_places, need_places
        Place of each unit and of each buyer, as numbers.

    Examples
    --------
    >>> one = home_first(
    ...     np.array([0.8, 0.2]), np.array([0.5, 0.5]), np.array([0, 1]), np.array([0, 1])
    ... )
    >>> one.shares.round(2)
    array([[1. , 0.6],
           [0. , 0.4]])
    """
    size = int(max(unit_places.max(initial=0), need_places.max(initial=0))) + 1
    supply = np.bincount(unit_places, weights=output, minlength=size)
    use = np.bincount(need_places, weights=needs, minlength=size)
    at_home = np.minimum(supply, use)
    with np.errstate(divide="ignore", invalid="ignore"):
        home_part = np.where(use > 0, at_home / use, 0.0)[need_places]
        of_place = np.where(supply[unit_places] > 0, output / supply[unit_places], 0.0)
    left = of_place * (supply - at_home)[unit_places]
    abroad = left / left.sum() if left.sum() > 0 else output / output.sum()
    same = unit_places[:, None] == need_places[None, :]
    return Sourcing(same * of_place[:, None] * home_part + abroad[:, None] * (1 - home_part))
