"""Small input-output tables, and their networks, to be altered by tests."""

import numpy as np
import pandas as pd

from narrows.network import Needs, Network, Sourcing, Units


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


def network_of(z, y, x):
    """Make the network of a table by plain arithmetic."""
    order = x.index.swaplevel().sort_values().swaplevel()
    z, y, x = z.loc[order, order] / 365, y.loc[order] / 365, x.loc[order] / 365
    regions = order.get_level_values(0)
    items = tuple(dict.fromkeys(order.get_level_values(1)))
    number = order.get_level_values(1).map({name: at for at, name in enumerate(items)}).to_numpy()
    demand = y.sum().to_numpy()
    use = np.concatenate([z.to_numpy(), y.to_numpy()], axis=1)
    base = np.concatenate([x.to_numpy(), demand])
    sourcing, recipe = [], []
    for item in range(len(items)):
        flows = use[number == item]
        total = flows.sum(0)
        shares = np.where(total != 0, flows / np.where(total != 0, total, 1), 0)
        sourcing.append(Sourcing(shares))
        recipe.append(np.where(base != 0, total / np.where(base != 0, base, 1), 0))
    size, buyers = len(x), len(base)
    needs = len(items) * buyers
    text = np.array(regions, dtype=str)
    return Network(
        items=items,
        units=Units(
            item=number,
            place=text,
            owner=np.full(size, ""),
            basis=np.full(size, "location"),
            output=x.to_numpy(),
            headroom=np.ones(size),
            headroom_days=np.zeros(size),
            process_days=np.zeros(size),
            stand_in=np.zeros(size, dtype=bool),
        ),
        needs=Needs(
            item=np.repeat(np.arange(len(items)), buyers),
            buyer=np.tile(np.arange(buyers), len(items)),
            recipe=np.concatenate(recipe),
            stops_fraction=np.ones(needs),
            essential=np.ones(needs, dtype=bool),
            cover=np.zeros(needs),
            substitute_days=np.full(needs, np.inf),
        ),
        sourcing=tuple(sourcing),
        markets=np.full(len(demand), -1),
        market_names=np.array([f"{place}/{kind}" for place, kind in y.columns]),
        demand=demand,
        weight=demand,
        weight_unit="USD a day",
        combine="nested",
        period="",
        basis="location",
        sourcing_rule="table",
        groups={},
        origins=None,
    )
