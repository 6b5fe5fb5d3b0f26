"""What is left when units stop and nothing is re-routed.

The greatest h with ``h_u <= 1 - loss_u`` and ``h_u <= 1 - f (1 - supply)`` for each binding
input, where supply is the share-weighted h of the units the buyer takes from. Found by iteration
from 1, all cases as columns of one matrix.

Symbols: h what is left of a unit; f stops_fraction; s sourcing shares.

References
----------
Diem, Borsos, Reisch, Kertesz and Thurner (2022), Quantifying firm-level economic systemic risk
from nation-wide supply networks, Scientific Reports 12:7719 (downstream half, eq. 6-9).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Block", "cascade"]

Array = NDArray[np.float64]
_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Block:
    """One item: its units, its binding needs, and how the needs draw on the units.

    Attributes
    ----------
    units
        Slice of the units of the item.
    buyers
        Buyers of the binding needs, as numbers of units (markets come after them).
    fraction
        Their stops_fraction, shape (needs, 1).
    deliver
        From what is left of the units (units, cases) to what arrives (needs, cases).
    """

    units: slice
    buyers: NDArray[np.int64]
    fraction: Array
    deliver: Callable[[Array], Array]


def cascade(
    loss: Array, blocks: Sequence[Block], *, markets: int, nested: bool, acyclic: bool
) -> Array:
    """Give what is left of each unit and market.

    Parameters
    ----------
    loss
        Part of each unit that is out, shape (units, cases).
    blocks
        One for each item, inputs before users where the network has no cycle.
    markets
        Number of markets.
    nested
        Whether the worst input counts; otherwise what the inputs leave is multiplied.
    acyclic
        Whether one sweep in the order of the blocks is enough.

    Returns
    -------
    ndarray
        Shape (units + markets, cases), from 0 to 1.
    """
    left = np.concatenate([1.0 - loss, np.ones((markets, loss.shape[1]))])
    limit = left.copy()
    while True:
        bound = np.ones_like(left)
        before = left.copy() if not acyclic else left
        for block in blocks:
            mine = (
                np.minimum(limit[block.units], bound[block.units]) if acyclic else left[block.units]
            )
            left[block.units] = mine
            reach = 1.0 - block.fraction * (1.0 - block.deliver(mine))
            if nested:
                bound[block.buyers] = np.minimum(bound[block.buyers], reach)
            else:
                bound[block.buyers] *= reach
        left = np.asarray(np.minimum(limit, bound))
        if acyclic or np.abs(before - left).max(initial=0.0) < _TOLERANCE:
            return left
