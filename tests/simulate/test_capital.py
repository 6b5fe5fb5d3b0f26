"""Capital destroyed and rebuilt; parity with the peer is in test_parity."""

import numpy as np
import pytest

from narrows import evidence, network
from narrows.network import from_mrio
from narrows.simulate import CapitalLoss, Recovery, Rules, Run, Scenario, load_scenario, run
from narrows.simulate.prepare import prepare
from narrows.simulate.run import days
from narrows.terms import BadInput, UnknownName
from tables import balanced

NET = from_mrio(*balanced(3, 4, seed=2))
REBUILT = {"s01": 0.6, "s02": 0.4}


def quake(**more):
    return CapitalLoss(place="R01", lost=0.02, start=5, days=10, **more)


def made(*shocks, horizon=1500, **rules):
    found = run(NET, Scenario(name="x", days=horizon, shocks=shocks, rules=Rules(**rules)))
    return found.to_dataset()["production"].to_numpy()


def test_capacity_falls_with_capital_and_comes_back_when_it_is_rebuilt():
    found = made(quake(rebuilt_with=REBUILT, rebuild_days=60))
    mine = NET.units.place == "R01"
    assert found[10, mine].sum() / found[0, mine].sum() == pytest.approx(0.98, abs=0.002)
    assert np.abs(found[-1] / found[0] - 1).max() < 5e-3


def test_who_rebuilds_makes_more_than_usual():
    found = made(quake(rebuilt_with=REBUILT), headroom=1.3, headroom_days=20)
    builders = (NET.units.place != "R01") & np.isin(NET.units.item, [1, 2])
    assert found[20:200, builders].sum() > found[0, builders].sum() * 180.5


def test_all_that_was_lost_is_delivered():
    scenario = Scenario(name="x", days=400, shocks=[quake(rebuilt_with=REBUILT, rebuild_days=30)])
    prepared = prepare(NET, [scenario])
    each = prepared.model.rebuildings[0]
    left = []
    for state, _ in days(prepared):
        left.append(float((each.size * (each.goods.T @ state.missing[0])).sum()))
    value_added = NET.units.output - np.bincount(
        NET.needs.buyer[NET.needs.buyer < 12],
        weights=(
            NET.needs.recipe * np.concatenate([NET.units.output, NET.demand])[NET.needs.buyer]
        )[NET.needs.buyer < 12],
    )
    capital = 4 * 365 * value_added[NET.units.place == "R01"].sum()
    assert left[0] == pytest.approx(0.02 * capital)
    assert left[14] == pytest.approx(left[0])  # nothing is delivered before day 15
    assert (np.diff(left[14:]) < 0).all()
    assert left[-1] < 0.05 * left[0]


def test_without_builders_capital_follows_its_recovery():
    found = made(quake(recovery=Recovery("linear", days=40)), sourcing="fixed")
    mine = NET.units.place == "R01"
    assert found[10, mine].sum() / found[0, mine].sum() == pytest.approx(0.98, abs=0.002)
    assert found[60, mine].sum() > 0.999 * found[0, mine].sum()


def test_faults_of_a_loss_of_capital_are_told():
    with pytest.raises(BadInput, match=r"shares that add to 0\.9"):
        quake(rebuilt_with={"s01": 0.9})
    with pytest.raises(UnknownName, match="s09"):
        made(quake(rebuilt_with={"s09": 1.0}))
    with pytest.raises(BadInput, match="of the capital of R01/s00"):
        made(CapitalLoss(table=[("R01/s00", 1e12)], start=3))
    chain = network.from_case(evidence.load("batteries"))
    with pytest.raises(BadInput, match="no value added"):
        run(chain, Scenario(name="x", days=10, shocks=[CapitalLoss(start=3)]))


def test_a_file_names_who_rebuilds(tmp_path):
    file = tmp_path / "s.yaml"
    file.write_text(
        "name: x\ndays: 90\nshocks:\n"
        "  - {kind: capital, place: JPN, lost: 0.1, start: 3,\n"
        "     rebuilt_with: {c18: 0.8, c13: 0.2}}\n",
        "utf-8",
    )
    assert load_scenario(file).shocks[0].rebuilt_with == {"c18": 0.8, "c13": 0.2}


def test_a_saved_run_keeps_who_rebuilds(tmp_path):
    scenario = Scenario(name="x", days=30, shocks=[quake(rebuilt_with=REBUILT)])
    saved = run(NET, scenario).save(tmp_path / "run.nc")
    assert Run.load(saved).scenario.shocks[0].rebuilt_with == REBUILT
