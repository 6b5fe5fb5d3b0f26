"""What a chain of stage gates is worth: a compound option without market risk.

``V_k = max(0, -I_k + p_k exp(-r T_k) V_{k+1})`` with ``V_{n+1}`` the worth of the technology: at
each gate one goes on only while that pays. Without market risk this is the decision tree.

References
----------
Boer (2000), Valuation of technology using real options, Research Technology Management 43(4):26-30.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["gates_value"]

Array = NDArray[np.float64]


def gates_value(
    cost: Array, success: Array, years: Array, worth: float, *, rate: float = 0.0
) -> Array:
    """Give the worth before each gate, shape (gates,); the first is that of the whole.

    Parameters
    ----------
    cost, success, years
        Of each gate: money, probability to pass, time.
    worth
        Of the technology once all gates are passed.
    rate
        Discount rate a year.

    Examples
    --------
    >>> gates_value(np.array([1.0, 4.0]), np.array([0.5, 0.8]), np.array([1.0, 1.0]), 10.0)
    array([1., 4.])
    """
    out = np.zeros(len(cost))
    ahead = worth
    for gate in range(len(cost) - 1, -1, -1):
        discounted = float(np.exp(-rate * years[gate])) * ahead
        ahead = max(0.0, float(success[gate]) * discounted - float(cost[gate]))
        out[gate] = ahead
    return out
