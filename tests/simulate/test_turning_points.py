"""Turning points of a run are found, and each names its cause."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tiny
from narrows.evidence import load
from narrows.network import from_case, from_mrio
from narrows.simulate import (
    CapacityLoss,
    DemandChange,
    Recovery,
    Rules,
    Scenario,
    TradeCut,
    guard,
    run,
    turning_points,
)
from narrows.simulate.vertices import turns_of
from narrows.terms import BadInput, UnknownName
from tables import balanced

PLACES, ITEMS = ["CHN", "TWN", "USA"], ["mining", "electronics", "cars"]
RECIPES = {  # (buyer, input): part of the buyer's output
    ("mining", "electronics"): 0.1,
    ("electronics", "mining"): 0.25,
    ("electronics", "electronics"): 0.2,
    ("cars", "electronics"): 0.3,
    ("cars", "mining"): 0.15,
}
SHARES = {
    "mining": [0.7, 0.1, 0.2],
    "electronics": [0.2, 0.6, 0.2],
    "cars": [0.3, 0.1, 0.6],
}
WANTED = {"mining": 20, "electronics": 60, "cars": 100}


def three_by_three():
    units = pd.MultiIndex.from_product([PLACES, ITEMS])
    uses = pd.MultiIndex.from_product([PLACES, ["final"]])
    share = pd.Series({(p, i): SHARES[i][n] for n, p in enumerate(PLACES) for i in ITEMS})[units]
    y = pd.DataFrame({use: share * [WANTED[i] for _, i in units] for use in uses})
    recipe = [[RECIPES.get((buyer, item), 0.0) for _, buyer in units] for _, item in units]
    a = np.array(recipe) * share.to_numpy()[:, None]
    x = np.linalg.solve(np.eye(9) - a, y.sum(axis=1))
    return from_mrio(pd.DataFrame(a * x, index=units, columns=units), y, pd.Series(x, index=units))


NET = three_by_three()


def chain(folder):
    return from_case(load(tiny.write(folder)))


def test_the_peak_of_orders_on_day_400_is_explained():
    """A shock of 92 days in Taiwan, stocks refilled in one day, a peak of orders about day 400.

    The question is of a user of BoARIO (its issue 18), which gives the curve and no reason.
    """
    loss = CapacityLoss(
        place="TWN",
        items="electronics",
        lost=0.5,
        start=5,
        days=92,
        recovery=Recovery("linear", 300),
    )
    rules = replace(Rules.boario("noalt"), restocking_days=1, cover_days=365)
    scenario = Scenario(name="taiwan", days=600, shocks=[loss], rules=rules)
    cautions = {each.check: each for each in guard(NET, scenario).cautions}
    assert "restocking_days of 62 or more" in cautions["restocking"].instead
    found = run(NET, scenario)
    table = turning_points(found, NET, "TWN/mining", series="orders")
    asked = found.to_dataset()["orders"].sel(unit="TWN/mining").to_numpy()
    highest = int(asked.argmax())
    assert 390 <= highest <= 405
    near = table[(table["day"] - highest).abs() <= 3]
    assert set(near["cause"]) == {"restocking"}
    assert set(near["unit"]) == {"TWN/electronics"}
    told = " ".join(near["sentence"])
    assert "its stock of mining" in told
    assert "asked for in 1 day" in told
    calm = replace(scenario, rules=replace(rules, restocking_days=62))
    assert "restocking" not in {each.check for each in guard(NET, calm).cautions}
    quiet = run(NET, calm).to_dataset()["orders"].sel(unit="TWN/mining").to_numpy()
    assert quiet.max() / quiet[0] < 1.5 < asked.max() / asked[0]


def test_a_stock_that_runs_short_is_named_with_its_day_and_what_emptied_it(tmp_path):
    net = chain(tmp_path)
    loss = CapacityLoss(place="KOR", items="memory", lost=1.0, start=5)
    scenario = Scenario(name="x", days=120, shocks=[loss], rules=Rules(sourcing="fixed"))
    table = turning_points(run(net, scenario), net, "World/phone")
    first = table.iloc[0]
    assert (first["cause"], first["item"]) == ("stock", "memory")
    assert first["unit"].endswith("/phone")
    assert "loss of 100 % of capacity (KOR, memory)" in first["sentence"]
    limited = run(net, scenario).to_dataset()["limited_by"].sel(unit=first["unit"]).to_numpy()
    day = int(np.argmax(limited >= 2))
    assert f"too short from day {day}" in first["sentence"]


def test_the_begin_and_the_end_of_a_shock_are_named():
    loss = CapacityLoss(place="TWN", items="cars", lost=0.4, start=10, days=30)
    found = run(NET, Scenario(name="x", days=90, shocks=[loss]))
    table = turning_points(found, NET, "TWN/cars").set_index("day")
    assert table.loc[10, "turn"] == "drops"
    assert table.loc[10, "level"] == pytest.approx(0.6)
    assert "begins on day 10" in table.loc[10, "sentence"]
    assert table.loc[40, "turn"] == "jumps"
    assert "is over on day 40" in table.loc[40, "sentence"]


def test_a_cut_of_trade_is_named_behind_the_stock_it_empties():
    cut = TradeCut(from_="TWN", to="USA", items="electronics", start=5)
    rules = Rules(sourcing="fixed", cover_days=20)
    found = run(NET, Scenario(name="x", days=100, shocks=[cut], rules=rules))
    table = turning_points(found, NET, "USA/cars")
    first = table[table["cause"] == "stock"].iloc[0]
    assert (first["unit"], first["item"]) == ("USA/cars", "electronics")
    assert (
        "60 % of it came over links under the cut of 100 % of trade (TWN to USA)"
        in (first["sentence"])
    )


def test_a_change_of_demand_is_named():
    less = DemandChange(market="USA", items="cars", change=-0.5, start=10, days=30)
    found = run(NET, Scenario(name="x", days=90, shocks=[less]))
    table = turning_points(found, NET, "USA/cars", series="orders")
    assert table.iloc[0]["cause"] == "demand"
    assert "change of demand by -50 %" in table.iloc[0]["sentence"]


def test_orders_above_what_a_unit_can_make_are_rationing():
    more = DemandChange(market="*", items="cars", change=0.5, start=10, days=30)
    found = run(NET, Scenario(name="x", days=60, shocks=[more]))
    table = turning_points(found, NET, "USA/cars", series="orders")
    assert "change of demand by +50 %" in table.iloc[0]["sentence"]


@pytest.mark.parametrize("of", ["all", "R00", "s01", "R01/s02", "R02/final"])
def test_every_kind_of_series_is_explained_without_an_unknown_cause(of):
    net = from_mrio(*balanced(3, 4, seed=2))
    loss = CapacityLoss(place="R00", items="s01", lost=0.8, start=5, days=60)
    found = run(net, Scenario(name="x", days=250, shocks=[loss], rules=Rules(cover_days=20)))
    table = turning_points(found, net, of)
    assert len(table)
    assert (table["cause"] != "unknown").all()
    assert table["sentence"].str.startswith("Day ").all()


def test_a_quiet_run_has_no_turning_point():
    assert turning_points(run(NET, Scenario(name="x", days=60)), NET).empty


def test_wrong_names_and_another_network_are_refused():
    found = run(NET, Scenario(name="x", days=20))
    with pytest.raises(UnknownName, match="TWN"):
        turning_points(found, NET, "TWM")
    with pytest.raises(UnknownName, match="production"):
        turning_points(found, NET, "TWN", series="demand_met")
    with pytest.raises(BadInput, match="another network"):
        turning_points(found, from_mrio(*balanced(2, 2)))


@given(st.lists(st.floats(0, 2), min_size=3, max_size=40))
def test_the_lines_between_turning_points_follow_the_curve(values):
    curve = np.array(values)
    turns = turns_of(curve, most=100)
    assert [turn.day for turn in turns] == sorted(turn.day for turn in turns)
    assert all(0 < turn.day < len(curve) for turn in turns)
    if np.ptp(curve) <= 0.0005:
        assert turns == []
