"""Balanced input-output tables, to be altered by tests."""

import numpy as np
import pandas as pd


def balanced(regions=3, sectors=4, seed=0, *, missing=0.15):
    """Make a balanced synthetic table: Z, Y, x with (region, sector) labels, yearly flows."""
    random = np.random.default_rng(seed)
    names = [f"R{number:02d}" for number in range(regions)]
    kinds = [f"s{number:02d}" for number in range(sectors)]
    size = regions * sectors
    weight = random.lognormal(0, 1, regions)
    trade = weight[:, None] * random.uniform(0.2, 1.0, (regions, regions))
    trade[np.arange(regions), np.arange(regions)] *= 8
    share = np.repeat(np.repeat(trade, sectors, 0), sectors, 1) * random.uniform(
        0.5, 1.5, (size, size)
    )
    home = np.kron(np.eye(regions), np.ones((sectors, sectors))) > 0
    share[(random.random((size, size)) < missing) & ~home] = 0.0
    recipe = random.gamma(0.5, 1.0, (sectors, size))
    recipe *= random.uniform(0.3, 0.6, size) / recipe.sum(0)
    by_input = share.reshape(regions, sectors, size)
    a = (by_input / by_input.sum(0) * recipe).reshape(size, size)
    final = random.lognormal(5, 1, (size, regions)) * np.repeat(trade, sectors, 0) / weight.sum()
    x = np.linalg.solve(np.eye(size) - a, final.sum(1))
    index = pd.MultiIndex.from_product([names, kinds], names=["region", "sector"])
    uses = pd.MultiIndex.from_product([names, ["final"]], names=["region", "category"])
    return (
        pd.DataFrame(a * x, index=index, columns=index),
        pd.DataFrame(final, index=index, columns=uses),
        pd.Series(x, index=index, name="indout"),
    )
