"""Direct and look-through reliance of buyers on sources in an input-output table.

References
----------
Baldwin, Freeman and Theodorakopoulos (2023), Hidden exposure: measuring US supply chain reliance,
Brookings Papers on Economic Activity, Fall 2023 (gross production at all tiers).
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["leontief", "reliance"]

Array = NDArray[np.float64]


def leontief(coefficients: Array) -> Array:
    """Give the Leontief inverse of input coefficients, shape (sectors, sectors).

    Examples
    --------
    >>> leontief(np.array([[0.2, 0.1], [0.3, 0.2]])).round(4)
    array([[1.3115, 0.1639],
           [0.4918, 1.3115]])
    """
    return np.asarray(np.linalg.inv(np.eye(len(coefficients)) - coefficients), dtype=np.float64)


def reliance(coefficients: Array, source: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Give each buyer's share of inputs that comes from the source sectors.

    Parameters
    ----------
    coefficients
        Inputs of each sector (rows) for one unit of output of each buyer (columns).
    source
        Sectors (rows) that belong to the source.

    Returns
    -------
    direct, look_through
        Face value: shares of direct inputs. Look-through: shares of L - I, production at all
        tiers. Shape (buyers,); NaN where a buyer has no input.

    Examples
    --------
    >>> direct, through = reliance(np.array([[0.2, 0.1], [0.3, 0.2]]), np.array([False, True]))
    >>> float(direct[0].round(3)), float(through[0].round(3))
    (0.6, 0.612)
    """
    total = leontief(coefficients) - np.eye(len(coefficients))
    with np.errstate(invalid="ignore", divide="ignore"):
        direct = coefficients[source].sum(axis=0) / coefficients.sum(axis=0)
        through = total[source].sum(axis=0) / total.sum(axis=0)
    return direct, through
