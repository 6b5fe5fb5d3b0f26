"""What must hold of any run."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrows import evidence, measure, network
from narrows.network import from_mrio
from narrows.simulate import (
    CapacityLoss,
    DemandChange,
    RecipeChange,
    Rules,
    Scenario,
    StockChange,
    TradeCut,
    run,
)
from tables import balanced
from tiny import FILES, write

few = settings(max_examples=3)
seeds = st.integers(0, 10_000)
ways = st.sampled_from(["fixed", "adaptive"])


def made(net, *shocks, days=200, **rules):
    found = run(net, Scenario(name="x", days=days, shocks=shocks, rules=Rules(**rules)))
    return found, found.to_dataset()["production"].to_numpy()


@few
@given(seeds, ways, st.floats(1, 1.5), st.integers(1, 120), st.integers(1, 120))
def test_without_a_shock_nothing_moves_for_1000_days(seed, sourcing, headroom, cover, tau):
    net = from_mrio(*balanced(2, 3, seed=seed))
    _, found = made(
        net,
        days=1000,
        sourcing=sourcing,
        headroom=headroom,
        cover_days=cover,
        restocking_days=tau,
        headroom_days=30,
    )
    assert np.abs(found / net.units.output - 1).max() < 1e-9


def test_without_a_shock_no_case_moves():
    net = network.from_case(evidence.load("semiconductors"))
    _, found = made(net, days=400, sourcing="fixed")
    some = net.units.output > 0
    gaps = net.check()
    assert not gaps
    assert np.abs(found[:, some] / net.units.output[some] - 1).max() < 1e-9


@few
@given(seeds, ways, st.floats(0.5, 1), st.sampled_from(["all", "one item", "one place"]))
def test_nothing_is_negative_and_nothing_is_no_number(seed, sourcing, lost, what):
    net = from_mrio(*balanced(3, 3, seed=seed))
    shocks = {
        "all": [CapacityLoss(lost=1.0, start=5, days=30)],
        "one item": [CapacityLoss(items="s01", lost=1.0, start=5, days=30)],
        "one place": [TradeCut(between=["R01", "*"], lost=lost, start=3, days=40)],
    }[what]
    shocks += [StockChange(lost=lost, start=4), DemandChange(change=-1, start=50, days=5)]
    found, _ = made(net, *shocks, sourcing=sourcing, cover_days=5, headroom=1.2)
    data = found.to_dataset()
    for name in ("production", "orders", "scarcity", "demand_met", "stock_days"):
        values = data[name].to_numpy()
        values = values[:, ~np.isnan(values[0])]
        assert np.isfinite(values).all()
        assert values.min() > -1e-9


@few
@given(seeds, ways)
def test_the_order_of_the_table_changes_nothing(seed, sourcing):
    z, y, x = balanced(3, 3, seed=seed)
    order = np.random.default_rng(seed).permutation(len(x))
    again = (z.iloc[order, order], y.iloc[order], x.iloc[order])
    shocks = [CapacityLoss(place="R01", lost=0.7, start=3, days=20)]
    shocks += [TradeCut(between=["R00", "R02"], start=10, days=20)]
    one, other = (
        made(from_mrio(*table), *shocks, sourcing=sourcing)[0].losses("unit").set_index("unit")
        for table in ((z, y, x), again)
    )
    assert np.allclose(one["lost"], other.loc[one.index, "lost"], rtol=1e-7, atol=1e-7)


def halved(table, region):
    """Split every unit of a region into two equal halves, in a region and its twin."""
    z, y, x = table
    twin = {region: region + "b"}

    def doubled(frame, axis):
        other = frame.xs(region, axis=axis, level=0, drop_level=False) / 2
        rest = frame.copy()
        mine = rest.axes[axis].get_level_values(0) == region
        rest = rest.mul(np.where(mine, 0.5, 1.0), axis=axis)
        other = other.rename(**{"columns" if axis else "index": twin}, level=0)
        return pd.concat([rest, other], axis=axis)

    return doubled(doubled(z, 0), 1), doubled(y, 0), doubled(x.to_frame(), 0)["indout"]


@few
@given(seeds, ways)
def test_splitting_units_in_two_halves_changes_nothing(seed, sourcing):
    table = balanced(3, 3, seed=seed)
    shocks = [CapacityLoss(place="R01", items="s01", lost=0.8, start=3, days=60)]
    one = made(from_mrio(*table), *shocks, sourcing=sourcing)[0].losses("item")
    other = made(from_mrio(*halved(table, "R02")), *shocks, sourcing=sourcing)[0].losses("item")
    assert np.allclose(one["lost"], other["lost"], rtol=1e-7)


@few
@given(seeds)
def test_doubling_all_values_doubles_all_losses(seed):
    table = balanced(3, 3, seed=seed)
    shocks = [CapacityLoss(place="R01", items="s01", lost=0.8, start=3, days=60)]
    shocks += [TradeCut(between=["R00", "*"], lost=0.9, start=3, days=60)]
    one = made(from_mrio(*table), *shocks)[0].losses("unit").set_index("unit")
    other = made(from_mrio(*(2 * each for each in table)), *shocks)[0].losses("unit")
    other = other.set_index("unit").loc[one.index]
    assert one["lost"].max() > 0
    assert np.allclose(2 * one["lost"], other["lost"], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("sourcing", ["fixed", "adaptive"])
def test_a_sole_supplier_cut_by_95_percent_delivers_5_percent(sourcing):
    kinds = pd.MultiIndex.from_tuples([("A", "ore"), ("B", "car")], names=["region", "sector"])
    z = pd.DataFrame([[0.0, 100.0], [0.0, 0.0]], index=kinds, columns=kinds)
    final = pd.MultiIndex.from_tuples([("B", "final")], names=["region", "category"])
    y = pd.DataFrame([[0.0], [300.0]], index=kinds, columns=final)
    net = from_mrio(z, y, pd.Series([100.0, 300.0], index=kinds))
    base = net.units.output
    _, lost = made(net, CapacityLoss(place="A", lost=0.95, start=1), sourcing=sourcing, days=1500)
    _, cut = made(
        net, TradeCut(between=["A", "B"], lost=0.95, start=1), sourcing=sourcing, days=1500
    )
    assert lost[-1] / base == pytest.approx([0.05, 0.05], rel=1e-6)
    assert cut[-1, 0] / base[0] == pytest.approx(0.05, rel=1e-6)
    assert (cut[2:10, 1] == 0).all()  # goods held at the border go first
    assert cut[-1, 1] / base[1] == pytest.approx(0.05, rel=1e-6)


def test_a_market_loses_the_imports_that_are_cut():
    net = from_mrio(*balanced(3, 3, seed=1))
    cut = TradeCut(from_="R00", to="R01", items="s02", start=5, days=100)
    found, _ = made(net, cut, sourcing="fixed", cover_days=400)
    met = found.to_dataset()["demand_met"].sel(market="R01/final", item="s02")
    seller = net.unit("R00/s02") - net.unit_slices[2].start
    buyer = int(np.flatnonzero(net.buyers == "R01/final")[0])
    left = 1 - net.sourcing[2].shares[seller, buyer]
    assert float(met[50] / met[0]) == pytest.approx(left, rel=1e-6)


@few
@given(seeds, st.sampled_from([TradeCut, CapacityLoss]))
def test_after_a_shock_production_returns(seed, kind):
    net = from_mrio(*balanced(3, 3, seed=seed))
    shock = {
        TradeCut: TradeCut(between=["R01", "*"], lost=0.95, start=5, days=60),
        CapacityLoss: CapacityLoss(place="R01", lost=0.9, start=5, days=60),
    }[kind]
    _, found = made(net, shock, days=900, headroom=1.25, headroom_days=60)
    assert np.abs(found[-1] / found[0] - 1).max() < 1e-3


def chain(tmp_path):
    """Give a chain without shared inputs, stocks up to 40 days."""
    rows = FILES["recipes.csv"].splitlines()
    keep = [rows[0]] + [row for row in rows[1:] if row.startswith(("chip,gas", "phone,chip"))]
    keep = [re.sub(r"^(chip,gas|phone,chip),(\d*),[\d.]+", r"\1,\2,1", row) for row in keep]
    case = evidence.load(write(tmp_path / "chain", recipes="\n".join(keep) + "\n"))
    return network.from_case(case)


@pytest.mark.parametrize("dropped", ["TWN", "UKR", "KOR"])
def test_the_last_day_of_a_permanent_stop_is_the_static_number(tmp_path, dropped):
    net = chain(tmp_path)  # CHN makes phones too: less demand there leaves more chips to others
    static = measure.contingency(net, drop=[dropped])
    static = static[static["end_use"] == "phone"]["left_fixed"].iloc[0]
    stop = CapacityLoss(place=dropped, start=1)
    found, _ = made(net, stop, days=1200, sourcing="fixed", headroom=1.0)
    data = found.to_dataset().sel(market="World/phone", item="phone")
    assert float(data["demand_met"][-1] / data["demand_met"][0]) == pytest.approx(static, abs=1e-6)


def test_saving_an_input_makes_its_stock_last():
    net = from_mrio(*balanced(3, 3, seed=2))
    stop = CapacityLoss(items="s00", start=5)
    save = RecipeChange(inputs="s00", change=-0.5, start=5)
    short, long = (
        made(net, *shocks, sourcing="fixed", psi=0.0)[1] for shocks in ([stop], [stop, save])
    )
    last = [int(np.argmax((each[:, 3:] < 0.5 * each[0, 3:]).any(axis=1))) for each in (short, long)]
    assert last[1] > 1.8 * last[0]


def test_a_surge_of_demand_is_met_from_headroom():
    net = from_mrio(*balanced(3, 3, seed=2))
    surge = DemandChange(market="R01", change=0.1, start=5)
    _, found = made(net, surge, days=300, headroom=2.0, headroom_days=10)
    assert found[-1].sum() > found[0].sum()
    none, _ = made(net, DemandChange(change=0.0, start=5), days=50)
    assert none.summary()["shortfall"].max() < 1e-6


def test_released_stocks_push_a_stop_back():
    net = from_mrio(*balanced(3, 3, seed=2))
    stop = CapacityLoss(items="s00", start=5)
    release = StockChange(items="s00", released_days=60, start=4)
    alone, helped = (
        made(net, *shocks, sourcing="fixed")[0].losses()["lost"].sum()
        for shocks in ([stop], [stop, release])
    )
    assert helped < 0.9 * alone


def test_goods_are_conserved_when_a_gate_closes():
    net = from_mrio(*balanced(3, 3, seed=3))
    cut = TradeCut(between=["R01", "*"], lost=1.0, start=5, days=30)
    _, found = made(net, cut, days=60, sourcing="fixed", cover_days=200, headroom=1.0)
    held = found[:5].sum() - found[0].sum() * 5
    assert abs(held) < 1e-9 * found[0].sum()
    at_border = net.units.place == "R01"
    assert (found[6][at_border] < found[0][at_border]).all()
