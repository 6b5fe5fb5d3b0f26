"""Expected loss, and the mean of the worst part of it.

References
----------
Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk, Journal of Risk
2(3):21-41, equation 4.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["tail_mean", "weighed"]

Array = NDArray[np.float64]


def tail_mean(loss: Array, probability: Array, level: float) -> float:
    """Give the conditional value at risk: the mean loss of the worst ``1 - level`` of outcomes.

    Parameters
    ----------
    loss, probability
        One an outcome; probabilities add to 1. An outcome on the edge counts in part.
    level
        From 0 (the mean of all) to just below 1.

    Examples
    --------
    >>> round(tail_mean(np.array([0.0, 10.0, 20.0]), np.array([0.8, 0.1, 0.1]), 0.9), 6)
    20.0
    >>> round(tail_mean(np.array([0.0, 10.0, 20.0]), np.array([0.8, 0.1, 0.1]), 0.8), 6)
    15.0
    """
    order = np.argsort(-loss, kind="stable")
    tail = 1.0 - level
    before = np.concatenate([[0.0], np.cumsum(probability[order])[:-1]])
    counted = np.clip(tail - before, 0.0, probability[order])
    return float(counted @ loss[order] / tail)


def weighed(loss: Array, probability: Array, weight: float, level: float) -> float:
    """Give ``(1 - weight)`` expected loss plus `weight` conditional value at risk."""
    mean = float(probability @ loss)
    return (1.0 - weight) * mean + weight * tail_mean(loss, probability, level)
