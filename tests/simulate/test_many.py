"""Many scenarios on one network: each as if alone, whoever computes."""

import numpy as np
import pytest

from narrows.network import from_mrio
from narrows.simulate import (
    CapacityLoss,
    Range,
    Rules,
    Runs,
    Scenario,
    TradeCut,
    ensemble,
    run,
    run_many,
)
from narrows.simulate import stepping as stepping_module
from narrows.terms import BadInput, CouldNotFinish, UnknownName
from tables import balanced

NET = from_mrio(*balanced(4, 5, seed=2))
RULES = [Rules(headroom=1.2, headroom_days=30), Rules(sourcing="fixed")]


def scenarios(count, days=60):
    shocks = [
        CapacityLoss(place="R01", lost=0.8, start=4, days=20),
        TradeCut(between=["R02", "*"], lost=0.9, start=9, days=15),
        CapacityLoss(items="s03", lost=0.5, start=2),
    ]
    return [
        Scenario(
            name=f"s{n}", days=days, rules=RULES[n % 5 == 4], shocks=shocks[n % 3 :][: 1 + n % 2]
        )
        for n in range(count)
    ]  # fmt: skip


@pytest.fixture(params=[0, 10**12], ids=["fused", "plain"])
def kernel(request, monkeypatch):
    """Take the fused day always, and then never."""
    monkeypatch.setattr(stepping_module, "_LEAST_FUSED", request.param)


def test_each_scenario_is_what_it_is_alone(kernel):
    found = run_many(NET, scenarios(7), workers=2)
    data, losses = found.to_dataset(), found.losses("place")
    for scenario in scenarios(7):
        alone = run(NET, scenario)
        made = alone.to_dataset()["production"].groupby("unit_place").sum()
        together = data["production_of_place"].sel(scenario=scenario.name)
        assert np.allclose(together, made, rtol=1e-9)
        mine = losses[losses["scenario"] == scenario.name].set_index("place")["lost"]
        assert np.allclose(mine, alone.losses("place").set_index("place")["lost"][mine.index])


def test_the_bits_are_the_same_whoever_computes(kernel):
    one, two = (run_many(NET, scenarios(9), workers=workers, batch=2) for workers in (1, 3))
    assert one.to_dataset().identical(two.to_dataset())


def test_outcomes_count_from_the_first_shock_of_each_scenario():
    found = run_many(NET, scenarios(6, days=100)).outcomes()
    alone = run(NET, scenarios(6, days=100)[1]).summary()
    mine = found[(found["scenario"] == "s1") & (found["market"] != "all")].set_index("market")
    shortfall = alone.groupby("market")["shortfall"].sum() / alone.groupby("market")["demand"].sum()
    assert np.allclose(mine["shortfall_days"], shortfall[mine.index])
    assert set(found["scenario"]) == {f"s{n}" for n in range(6)}
    assert (found["market"] == "all").sum() == 6
    calm = run_many(NET, [Scenario(name="calm", days=40)]).outcomes()
    assert calm["shortfall_days"].max() < 1e-9
    assert calm["survive_days"].isna().all()


def test_production_by_unit_is_kept_when_asked_for():
    found = run_many(NET, scenarios(2), by_unit=True)
    alone = run(NET, scenarios(2)[1]).to_dataset()["production"]
    assert np.allclose(found.to_dataset()["production"].sel(scenario="s1"), alone, rtol=1e-9)
    assert found.losses("unit")["lost"].max() > 0


def test_runs_are_saved_and_read(tmp_path):
    found = run_many(NET, scenarios(3))
    again = Runs.load(found.save(tmp_path / "runs.nc"))
    assert again.outcomes().equals(found.outcomes())
    with pytest.raises(BadInput, match="many runs"):
        Runs.load(tmp_path / "nothing.nc")


def test_single_precision_is_near_double():
    one, two = (run_many(NET, scenarios(4), precision=each) for each in ("float64", "float32"))
    a, b = (each.to_dataset()["production_of_place"] for each in (one, two))
    assert np.abs(a - b).max() < 1e-3 * a.max()


def test_progress_is_told_in_scenarios():
    seen = []
    run_many(NET, scenarios(5), batch=2, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (5, 5)
    assert sorted(done for done, _ in seen) == [done for done, _ in seen]


def test_what_cannot_be_run_together_is_refused():
    other = [Scenario(name="a", days=10), Scenario(name="a", days=20)]
    with pytest.raises(BadInput) as found:
        run_many(NET, other, workers=0)
    for word in ("workers", "twice", "20 (a)"):
        assert word in str(found.value)
    with pytest.raises(BadInput, match="none"):
        run_many(NET, [])
    with pytest.raises(UnknownName, match="precision"):
        run_many(NET, other[:1], precision="float16")
    with pytest.raises(UnknownName, match="item, place"):
        run_many(NET, other[:1]).losses("country")
    with pytest.raises(UnknownName, match="R01"):
        run_many(NET, [Scenario(name="a", days=9, shocks=[CapacityLoss(place="R1", lost=1)])])


def test_a_number_that_is_none_ends_the_run():
    sick = CapacityLoss(place="R01", lost=0.5, start=2)
    object.__setattr__(sick, "lost", float("nan"))
    with pytest.raises(CouldNotFinish, match="sick"):
        run_many(NET, [Scenario(name="fine", days=9), Scenario(name="sick", days=9, shocks=[sick])])


def test_an_ensemble_of_a_dense_table_gives_the_same_bits_in_threads(kernel, monkeypatch):
    monkeypatch.setattr(
        "narrows.simulate.processes.takes_fused", lambda *_: True
    )  # fmt: skip
    loss = CapacityLoss(place="R01", lost=Range(0.2, 0.5, 0.9), start=3, days=10)
    scenario = Scenario(name="drawn", days=30, shocks=[loss])
    one, two = (ensemble(NET, scenario, 10, batch=4, workers=workers) for workers in (1, 2))
    for name in ("production_of_place", "demand_met"):
        assert (one.to_dataset()[name] == two.to_dataset()[name]).all()
