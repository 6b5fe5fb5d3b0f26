"""Supply risk of a raw material by the formula of the European Commission.

``SR = [HHI_world IR / 2 + HHI_own (1 - IR / 2)] (1 - EoL_RIR) SI``, with
``HHI = sum share^2 x governance x trade`` over countries, governance from 0 (best) to 10.

References
----------
European Commission (2017), Methodology for establishing the EU list of critical raw materials,
section 3.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["governed_hhi", "supply_risk"]

Array = NDArray[np.float64]


def governed_hhi(shares: Array, governance: Array, trade: Array | float = 1.0) -> float:
    """Give the sum of squared shares weighted by governance (0 to 10, high is bad) and trade."""
    return float((shares**2 * governance * trade).sum())


def supply_risk(
    world: float, own: float, *, import_reliance: float, recycling: float, substitution: float
) -> float:
    """Give the supply risk of one stage.

    Parameters
    ----------
    world, own
        Governed HHI of world supply and of the region's own sourcing.
    import_reliance
        Net imports over apparent use, 0 to 1.
    recycling
        End-of-life recycling input rate, 0 to 1.
    substitution
        Substitution index of supply risk, 0 to 1.

    Examples
    --------
    >>> world = governed_hhi(np.array([0.9, 0.1]), np.array([5.8, 2.0]))
    >>> risk = supply_risk(world, world, import_reliance=1, recycling=0.05, substitution=0.95)
    >>> round(world, 3), round(risk, 3)
    (4.718, 4.258)
    """
    half = min(import_reliance, 1.0) / 2
    return (world * half + own * (1 - half)) * (1 - recycling) * substitution
