"""Arithmetic of the carve-out: arrays in, arrays out.

Axes: K items carved out; R regions that make the parent sector; B buyers of the items.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["fitted", "value_added_of", "within"]

Array = NDArray[np.float64]
_TRIES = 2000
_CLOSE = 1e-12
_ROUNDS = 100
_TOO_LARGE = 1e60  # factors grow without end where supply and use cannot be met


def fitted(prior: Array, supply: Array, use: Array, room: Array) -> Array:
    """Give flows nearest to a prior that meet supply and use and stay within the room of cells.

    Least change is least relative entropy; the solution is ``prior a b u`` with a factor a for
    each maker, b for each buyer and u <= 1 for each full cell, found by setting the factors in
    turn. Where supply and use cannot both be met within the room, what is given stays within the
    room and falls short of them.

    Parameters
    ----------
    prior
        Shape (R, B), 0 or more.
    supply, use
        Shape (K, R) and (K, B); equal sums for each item.
    room
        Most that all items together may take of a cell, shape (R, B).

    Returns
    -------
    ndarray
        Shape (K, R, B); summed over K it is at most `room`.

    References
    ----------
    M. Bacharach (1970), Biproportional Matrices and Input-Output Change, Cambridge University
    Press. L. Bregman (1967), USSR Computational Mathematics and Mathematical Physics 7(3):200-217.

    Examples
    --------
    >>> flows = fitted(
    ...     np.ones((2, 2)),
    ...     np.array([[3.0, 1.0]]),
    ...     np.array([[2.0, 2.0]]),
    ...     np.array([[1.6, 9.0], [9.0, 9.0]]),
    ... )
    >>> flows.round(6)
    array([[[1.5, 1.5],
            [0.5, 0.5]]])
    """
    makers, buyers = np.ones_like(supply), np.ones_like(use)
    full = np.ones_like(prior)
    scale = max(float(supply.sum()), 1e-300)
    for _ in range(_TRIES):
        open_ = prior * full
        makers = _ratio(supply, buyers @ open_.T)
        buyers = _ratio(use, makers @ open_)
        total = prior * (makers.T @ buyers)
        full = np.minimum(1.0, _ratio(room, total, empty=1.0))
        made = makers * (buyers @ (prior * full).T)
        if np.abs(made - supply).sum() + np.maximum(total * full - room, 0).sum() < _CLOSE * scale:
            break
        if max(makers.max(), buyers.max()) > _TOO_LARGE:
            break
    flows = makers[:, :, None] * (prior * full)[None] * buyers[:, None, :]
    return np.asarray(_trimmed(flows, supply, use, room))


def _trimmed(flows: Array, supply: Array, use: Array, room: Array) -> Array:
    """Scale down what is above supply, use or room."""
    flows = flows * np.minimum(1.0, _ratio(supply, flows.sum(axis=2), empty=1.0))[:, :, None]
    flows = flows * np.minimum(1.0, _ratio(use, flows.sum(axis=1), empty=1.0))[:, None, :]
    return flows * np.minimum(1.0, _ratio(room, flows.sum(axis=0), empty=1.0))[None]


def _ratio(above: Array, below: Array, *, empty: float = 0.0) -> Array:
    some = below > 0
    return np.where(some, above / np.where(some, below, 1.0), empty)


def within(wanted: Array, room: Array) -> Array:
    """Move what does not fit to others that want the same item and have room.

    Parameters
    ----------
    wanted
        Shape (K, N), 0 or more.
    room
        Most that the items together may be at each of N, shape (N,).

    Returns
    -------
    ndarray
        Shape (K, N); sums over K are at most `room`. Sums over N are those of `wanted`, or less
        where there is no room anywhere.

    Examples
    --------
    >>> within(np.array([[6.0, 2.0, 2.0]]), np.array([4.0, 9.0, 2.5])).round(3).tolist()
    [[4.0, 3.5, 2.5]]
    """
    got = wanted.copy()
    for _ in range(_ROUNDS):
        total = got.sum(axis=0)
        got = got * np.minimum(1.0, _ratio(room, total, empty=1.0))
        missing = wanted.sum(axis=1) - got.sum(axis=1)
        left = np.maximum(room - got.sum(axis=0), 0.0)
        takes = wanted * (left > _CLOSE * np.maximum(room, 1e-300))
        share = _ratio(takes, takes.sum(axis=1, keepdims=True) * np.ones_like(takes))
        if (missing * (share.sum(axis=1) > 0)).sum() <= _CLOSE * wanted.sum():
            break
        got = got + missing[:, None] * share
    return np.asarray(got * np.minimum(1.0, _ratio(room, got.sum(axis=0), empty=1.0)))


def value_added_of(
    output: Array, wanted: float, inputs: Array, value_added: Array, most: float
) -> Array:
    """Give the value added of what is carved out of the column of each region.

    It is the wanted part of output, moved where the column has not as much value added, or not as
    many inputs.

    Parameters
    ----------
    output
        Output carved out, shape (R,).
    wanted
        Part of output that is to be value added.
    inputs, value_added
        Inputs of the sector that can be carved out, and its value added, shape (R,).
    most
        Most that may be taken of either.

    Examples
    --------
    >>> value_added_of(np.array([10.0]), 0.5, np.array([40.0]), np.array([4.0]), 0.9).round(3)
    array([3.6])
    """
    low = np.maximum(output - most * inputs, 0.0)
    return np.clip(wanted * output, low, np.maximum(most * np.maximum(value_added, 0.0), low))
