"""Orders ahead of an announced measure, and orders that move at once by item."""

import numpy as np
import pandas as pd
import pytest

import narrows as nw
from narrows.simulate import Rules, Scenario, Special, Stockpiling, TradeCut
from narrows.terms import BadInput


@pytest.fixture
def net():
    units = pd.MultiIndex.from_product([["A", "B"], ["metal", "use"]])
    flows = pd.DataFrame(0.0, index=units, columns=units)
    flows.loc[("A", "metal"), ("B", "use")] = 365.0
    flows.loc[("B", "metal"), ("B", "use")] = 365.0
    final = pd.DataFrame(
        0.0, index=units, columns=pd.MultiIndex.from_product([["B"], ["households"]])
    )
    final.loc[("B", "use"), ("B", "households")] = 3650.0
    return nw.network.from_mrio(flows, final)


RULES = Rules(sourcing="fixed", cover_days=30, restocking_days=10, headroom=3.0, headroom_days=1)


def test_stock_ordered_ahead_bridges_the_measure(net):
    ahead = Stockpiling(place="B", items="metal", stock_days=40, start=5, days=20)
    cut = TradeCut(from_="A", to="B", items="metal", lost=1.0, start=25, days=60)
    without, with_it = (
        nw.simulate.run(net, Scenario(name="x", days=100, rules=RULES, shocks=shocks))
        for shocks in ([cut], [ahead, cut])
    )
    stock = [run.to_dataset()["stock_days"].max("need").to_numpy() for run in (without, with_it)]
    assert stock[0][25] + 30 < stock[1][25] < stock[0][25] + 41  # makers need days to speed up
    lost = [_lost(run) for run in (without, with_it)]
    assert lost[1] < lost[0]


def _lost(run):
    data = run.to_dataset()
    return float((data["demand"] - data["demand_met"]).clip(0).sum())


def test_without_days_it_is_refused():
    with pytest.raises(BadInput, match="the days over which the stock is ordered"):
        Stockpiling(stock_days=10)


def test_an_item_may_have_its_own_part_that_moves_at_once(net):
    cut = TradeCut(from_="A", to="B", items="metal", lost=1.0, start=2)
    made = []
    for at_once in (0.0, 0.5):
        special = Special(inputs="metal", redirected=at_once)
        rules = Rules(
            cover_days=30, headroom=3.0, headroom_days=1, qualification_days=50, special=[special]
        )
        run = nw.simulate.run(net, Scenario(name="x", days=10, rules=rules, shocks=[cut]))
        orders = run.to_dataset()["orders"].sel(unit="B/metal").to_numpy()
        made.append(orders[4])
    assert made[1] > 1.3 * made[0]
    assert np.isfinite(made).all()
