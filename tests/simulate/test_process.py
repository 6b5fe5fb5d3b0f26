"""Goods in process: shipments lag capacity, and what waits or is lost is accounted for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrows import evidence, network
from narrows.network import from_mrio
from narrows.simulate import CapacityLoss, Range, Rules, Scenario, Special, ensemble, run
from narrows.simulate.prepare import prepare
from narrows.simulate.run import days
from tables import balanced

NET = from_mrio(*balanced(3, 3, seed=4))
UNIT = "R02/s01"


def finished(*shocks, horizon=200, **rules):
    """Give goods finished of one unit, as a part of normal."""
    found = run(NET, Scenario(name="x", days=horizon, shocks=shocks, rules=Rules(**rules)))
    return (
        found.to_dataset()["production"].sel(unit=UNIT).to_numpy()
        / NET.units.output[NET.unit(UNIT)]
    )


def stop(**more):
    return CapacityLoss(unit=[UNIT], lost=1.0, start=10, days=20, **more)


def test_what_is_started_is_finished_after_the_process_time():
    made = finished(stop(), process_days=30, headroom=1.0, psi=0.0)
    assert np.allclose(made[:40], 1)
    assert np.allclose(made[40:60], 0)
    assert made[60] == pytest.approx(1)


def test_a_process_time_between_two_days_is_split():
    made = finished(stop(), process_days=30.25, headroom=1.0, psi=0.0)
    assert made[40] == pytest.approx(0.25)
    assert np.allclose(made[41:60], 0)
    assert made[60] == pytest.approx(0.75)


def test_goods_that_wait_come_out_later():
    made = finished(stop(process_waits=True), process_days=30, headroom=1.0, psi=0.0)
    assert np.allclose(made[10:30], 0)
    assert np.allclose(made[30:60], 1)


def test_goods_lost_in_process_do_not_come_out():
    shock = stop(process_waits=True, process_lost=0.25)
    made = finished(shock, process_days=30, headroom=1.0, psi=0.0, sourcing="fixed")
    assert np.allclose(made[10:30], 0)
    assert np.allclose(made[30:60], 0.75)
    assert made[60] == pytest.approx(1)


def test_half_a_capacity_moves_goods_at_half_speed():
    half = CapacityLoss(unit=[UNIT], lost=0.5, start=10, days=20, process_waits=True)
    made = finished(half, process_days=30, headroom=1.0, psi=0.0)
    assert np.allclose(made[10:30], 0.5)
    assert np.allclose(made[30:50], 1)  # started before the shock
    assert made[50:60] == pytest.approx(1)  # 20 days of half starts, 10 days of finishing


@settings(max_examples=5)
@given(st.floats(0.5, 60), st.floats(0, 1), st.booleans(), st.floats(0, 1))
def test_goods_in_process_are_conserved(time, lost, waits, spoiled):
    shock = CapacityLoss(
        place="R02", lost=lost, start=7, days=25, process_waits=waits, process_lost=spoiled
    )
    rules = Rules(process_days=time, headroom=1.1)
    prepared = prepare(NET, [Scenario(name="x", days=90, shocks=[shock], rules=rules)])
    before = prepared.state.line.within
    worst = 0.0
    for number, (state, report) in enumerate(days(prepared)):
        now, rows = state.line.within, prepared.model.process.rows
        kept = before
        if number == shock.start and lost > 0:
            kept = before * np.where(NET.units.place[rows] == "R02", 1 - spoiled, 1)[:, None]
        gap = kept + state.produced[rows] - report.made[rows] - now
        worst = max(worst, np.abs(gap / NET.units.output[rows][:, None]).max())
        before = now
    assert worst < 1e-9


@pytest.mark.parametrize("sourcing", ["fixed", "adaptive"])
def test_without_a_shock_a_chain_with_process_times_does_not_move(sourcing):
    net = network.from_case(evidence.load("semiconductors"))
    assert (net.units.process_days > 0).sum() > 100
    found = run(net, Scenario(name="x", days=500, rules=Rules(sourcing=sourcing)))
    some = net.units.output > 0
    made = found.to_dataset()["production"].to_numpy()[:, some]
    assert np.abs(made / net.units.output[some] - 1).max() < 1e-9


@settings(max_examples=3)
@given(st.integers(0, 1000), st.sampled_from([5, 20, 60]))
def test_after_a_shock_production_with_process_times_returns(seed, time):
    net = from_mrio(*balanced(3, 3, seed=seed))
    shock = CapacityLoss(place="R01", lost=0.9, start=5, days=60)
    rules = Rules(process_days=time, headroom=1.25, headroom_days=60)
    found = run(net, Scenario(name="x", days=1500, shocks=[shock], rules=rules))
    made = found.to_dataset()["production"].to_numpy()
    assert np.abs(made[-1] / made[0] - 1).max() < 1e-3


def test_draws_side_by_side_equal_draws_alone():
    rules = Rules(
        process_days=Range(5, 20, 60), special=[Special(items="s01", psi=Range(0, 0.3, 1))]
    )
    scenario = Scenario(name="x", days=80, shocks=[stop(process_waits=True)], rules=rules)
    wide = ensemble(NET, scenario, draws=6, seed=3, batch=6).to_dataset()
    narrow = ensemble(NET, scenario, draws=6, seed=3, batch=1).to_dataset()
    for name in ("production", "demand_met"):
        assert np.allclose(wide[name], narrow[name], rtol=1e-10, atol=1e-12)
