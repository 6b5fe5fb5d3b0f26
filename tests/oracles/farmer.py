"""The farmer of Birge and Louveaux, Introduction to Stochastic Programming, section 1.1."""

import numpy as np
from scipy import sparse

from narrows.plan.kernels.two_stage import Branch, Choice, Recourse, Risk, TwoStage

YIELD = np.array([2.5, 3.0, 20.0])  # tons an acre of wheat, corn, beets
FEED = np.array([200.0, 240.0])  # tons of wheat and corn the cattle need


def farmer():
    """Give the problem: acres now; buying and selling once the yield is known (-20, 0, +20 %)."""
    # columns: buy wheat, buy corn, sell wheat, sell corn, sell beets, sell beets above the quota
    matrix = np.array([[1, 0, -1, 0, 0, 0], [0, 1, 0, -1, 0, 0], [0, 0, 0, 0, -1, -1]], dtype=float)
    cost = np.array([238.0, 210.0, -170.0, -150.0, -36.0, -10.0])
    high = np.array([np.inf, np.inf, np.inf, np.inf, 6000.0, np.inf])
    branches = tuple(
        Branch(
            name,
            1 / 3,
            np.array([*FEED, 0.0]),
            np.full(3, np.inf),
            high,
            sparse.csr_array(-np.diag(YIELD * factor)),
            sparse.csr_array((6, 3)),
        )
        for name, factor in (("poor", 0.8), ("mean", 1.0), ("good", 1.2))
    )
    choice = Choice(
        cost=np.array([150.0, 230.0, 260.0]),
        matrix=sparse.csr_array(np.ones((1, 3))),
        row_low=np.array([-np.inf]),
        row_high=np.array([500.0]),
        low=np.zeros(3),
        high=np.full(3, np.inf),
        whole=np.array([], dtype=np.int64),
    )
    recourse = Recourse(sparse.csc_array(matrix), cost)
    return TwoStage(choice, recourse, branches, Risk(least=-1e6))
