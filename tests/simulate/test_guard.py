"""The guard: settings that would speak louder than the shock are told, with the nearest better."""

import re
from dataclasses import replace

import numpy as np
import pytest

import tiny
from narrows.evidence import load
from narrows.network import from_case, from_mrio
from narrows.simulate import (
    CapacityLoss,
    DemandChange,
    Guard,
    Rules,
    Run,
    Scenario,
    Transit,
    ensemble,
    guard,
    run,
)
from tables import balanced

NET = from_mrio(*balanced(6, 8, seed=1))


def scenario(days=200, shock=None, **rules):
    shock = shock or CapacityLoss(place="R00", lost=0.6, start=5, days=60)
    return Scenario(name="x", days=days, shocks=[shock], rules=Rules(**rules))


def checks(found):
    return {each.check for each in found.cautions}


def matrix(net):
    """Write out the recipes between units."""
    size = len(net.units.item)
    a = np.zeros((size, size))
    for item, units in enumerate(net.unit_slices):
        needs = net.need_slices[item]
        buyers = net.needs.buyer[needs]
        own = buyers < size
        a[units, buyers[own]] = net.sourcing[item].shares[:, own] * net.needs.recipe[needs][own]
    return a


@pytest.mark.parametrize(("cover", "tau"), [(90, 60), (90, 10), (20, 60)])
def test_the_surge_gain_is_the_spectral_radius_times_one_plus_cover_by_tau(cover, tau):
    radius = np.abs(np.linalg.eigvals(matrix(NET))).max()
    found = guard(NET, scenario(cover_days=cover, restocking_days=tau))
    assert found.surge_gain == pytest.approx(radius * (1 + cover / min(tau, cover)), rel=1e-3)


def test_the_usual_settings_are_quiet():
    assert guard(NET, scenario()).cautions == ()


def test_a_chain_without_loops_has_no_gain(tmp_path):
    net = from_case(load(tiny.write(tmp_path)))
    lost = CapacityLoss(place="TWN", lost=0.5, start=5)
    found = guard(net, Scenario(name="x", days=900, shocks=[lost], rules=Rules(restocking_days=1)))
    assert found == Guard(0.0, ())


def test_fast_restocking_is_told_and_the_setting_named_is_quiet():
    fast = scenario(restocking_days=1)
    (caution,) = guard(NET, fast).cautions
    assert caution.check == "restocking"
    days = int(re.search(r"restocking_days of (\d+)", caution.instead)[1])
    assert guard(NET, scenario(restocking_days=days)).cautions == ()
    assert checks(guard(NET, scenario(restocking_days=days - 2))) == {"restocking"}


def swings(given):
    """Give how far output of some unit still moves over the last 100 days."""
    made = run(NET, given).to_dataset()["production"].to_numpy()
    level = made[-100:] / made[0]
    return float((level.max(axis=0) - level.min(axis=0)).max())


def test_overproduction_that_is_told_swings_and_the_setting_named_does_not():
    drop = DemandChange(change=-0.3, start=5, days=60)
    wild = scenario(days=500, shock=drop, headroom=3, headroom_days=1)
    (caution,) = guard(NET, wild).cautions
    assert caution.check == "overproduction"
    days = int(re.search(r"headroom_days of (\d+)", caution.instead)[1])
    calm = replace(wild, rules=replace(wild.rules, headroom_days=days))
    assert guard(NET, calm).cautions == ()
    assert swings(wild) > 0.5
    assert swings(calm) < 0.05


def test_restocking_short_against_a_lag_is_told():
    short = scenario(process_days=100, restocking_days=40, headroom=1.25, headroom_days=30)
    (caution,) = guard(NET, short).cautions
    assert caution.check == "lag"
    days = int(re.search(r"restocking_days of (\d+)", caution.instead)[1])
    longer = replace(short, rules=replace(short.rules, restocking_days=days))
    assert guard(NET, longer).cautions == ()
    at_sea = Rules(
        transit=[Transit(between=["R00", "*"], days=60)],
        restocking_days=20,
        headroom=1.2,
        headroom_days=30,
    )
    assert "lag" in checks(guard(NET, replace(short, rules=at_sea)))
    assert checks(guard(NET, scenario(process_days=10))) == set()


def test_a_table_with_long_process_times_comes_to_rest_after_a_shock():
    for process, restocking in ((60, 10), (120, 10), (120, 30)):
        rules = {"process_days": process, "restocking_days": restocking, "headroom": 1.2}
        assert swings(scenario(days=1500, headroom_days=30, **rules)) < 0.02


def test_a_lasting_loss_beyond_a_year_drifts_and_is_told():
    lasting = CapacityLoss(place="R00", lost=0.6, start=5)
    found = guard(NET, scenario(days=500, shock=lasting))
    assert checks(found) == {"drift"}
    assert "370 or fewer" in found.cautions[0].instead
    assert guard(NET, scenario(days=370, shock=lasting)).cautions == ()
    data = run(NET, scenario(days=1500, shock=lasting, sourcing="fixed")).to_dataset()
    own = data["production"].to_numpy()[:, data["unit_place"].to_numpy() == "R00"].sum(axis=1)
    assert own[-1] < 0.6 * own[370] < 0.6 * 0.4 * own[0]


def test_the_result_carries_what_the_guard_found(tmp_path):
    given = scenario(days=30, restocking_days=1)
    found = run(NET, given)
    assert found.guard == guard(NET, given)
    assert Run.load(found.save(tmp_path / "run.nc")).guard == found.guard
    assert ensemble(NET, given, 2).guard == found.guard
    assert found.guard.to_frame()["check"].tolist() == ["restocking"]
    assert "Instead: restocking_days of" in str(found.guard.cautions[0])
