"""The most that can be made when everything left is re-routed at best.

Level of items: x is the output of an item as a multiple of base, c what its remaining units can
make with their headroom, a the part of an input that goes to an item. An item that makes x needs
``a max(0, 1 - (1 - x) / f)`` of the input's base output. Two questions are answered: the most of
one end use if all others give way (`alone`), and the most value of all end uses together
(`together`), a linear programme.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from narrows.terms import CouldNotFinish

__all__ = ["Edges", "alone", "together"]

Array = NDArray[np.float64]
_HALVINGS = 44


@dataclass(frozen=True)
class Edges:
    """Binding recipe entries between items, users after their inputs.

    Attributes
    ----------
    user, input
        Numbers of the items, shape (edges,).
    part
        Part of the input's base output that goes to the user.
    fraction
        Part of the user's output that stops without the input, above 0.
    """

    user: NDArray[np.int64]
    input: NDArray[np.int64]
    part: Array
    fraction: Array


def alone(capacity: Array, edges: Edges, ends: NDArray[np.int64]) -> Array:
    """Give the most of each end use when all others give way.

    Parameters
    ----------
    capacity
        What each item's units can make, as a multiple of base, shape (items, cases).
    edges
        Binding recipe entries; items are numbered inputs first.
    ends
        Items of the end uses.

    Returns
    -------
    ndarray
        Shape (end uses, cases), from 0 to 1, within 1e-12.
    """
    items, cases = capacity.shape
    low = np.zeros((len(ends), cases))
    high = np.minimum(1.0, capacity[ends])
    order = np.argsort(-edges.user, kind="stable")
    tried = high.copy()
    for _ in range(_HALVINGS):
        output = np.zeros((items, len(ends), cases))
        output[ends, np.arange(len(ends))] = tried
        for edge in order:
            made = output[edges.user[edge]]
            need = 1.0 - (1.0 - made) / edges.fraction[edge]
            output[edges.input[edge]] += edges.part[edge] * np.maximum(need, 0.0)
        fits = (output <= capacity[:, None, :] + 1e-12).all(axis=0)
        low, high = np.where(fits, tried, low), np.where(fits, high, tried)
        if np.all(high - low < 1e-13):
            break
        tried = (low + high) / 2
    return low


def together(
    capacity: Array, edges: Edges, ends: NDArray[np.int64], weight: Array
) -> tuple[float, Array]:
    """Give the greatest value of all end uses together, as a part of base, and each one's part.

    Parameters
    ----------
    capacity
        Shape (items,).
    weight
        Value of each end use at base, shape (end uses,).

    Raises
    ------
    CouldNotFinish
        When the solver does not report an optimum.
    """
    items, count = len(capacity), len(edges.user)
    columns = items + count  # output of each item, then what goes along each edge
    cost = np.zeros(columns)
    cost[ends] = -weight / weight.sum()
    rows = np.arange(count)
    # user's needs: part / f * x - y <= part / f - part
    slope = edges.part / edges.fraction
    needs = sparse.csr_array(
        (
            np.concatenate([slope, -np.ones(count)]),
            (np.concatenate([rows, rows]), np.concatenate([edges.user, items + rows])),
        ),
        shape=(count, columns),
    )
    # an item cannot send out more than it makes; end uses keep nothing back for the markets
    sends = sparse.csr_array(
        (
            np.concatenate([np.ones(count), -np.ones(items)]),
            (
                np.concatenate([edges.input, np.arange(items)]),
                np.concatenate([items + rows, np.arange(items)]),
            ),
        ),
        shape=(items, columns),
    )
    inner = np.setdiff1d(np.arange(items), ends)
    upper = np.concatenate([capacity, np.full(count, np.inf)])
    upper[ends] = np.minimum(upper[ends], 1.0)
    most = np.concatenate([slope - edges.part, np.zeros(len(inner))])
    solved = milp(
        cost,
        constraints=LinearConstraint(sparse.vstack([needs, sends[inner]]), ub=most),
        bounds=Bounds(np.zeros(columns), upper),
    )
    if solved.status != 0:
        message = f"the linear programme was not solved: {solved.message}"
        raise CouldNotFinish(message)
    return max(float(-solved.fun), 0.0), np.asarray(solved.x[ends])
