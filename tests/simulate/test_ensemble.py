"""Ensembles: draws side by side, the store that keeps them, and what is told about them."""

import errno
import multiprocessing
import os
import shutil
import tracemalloc

import numpy as np
import pytest

import tiny
from narrows.evidence import load
from narrows.network import from_case, from_mrio, redrawn
from narrows.simulate import (
    CapacityLoss,
    DemandChange,
    Ensemble,
    Onset,
    Range,
    RecipeChange,
    Recovery,
    Rules,
    Scenario,
    StockChange,
    TradeCut,
    ensemble,
    run,
)
from narrows.simulate.batches import Queue, Work
from narrows.simulate.processes import in_processes
from narrows.simulate.sampling import with_values
from narrows.simulate.store import Store
from narrows.terms import BadInput, CouldNotFinish, CouldNotWrite, UnknownName
from tables import balanced

RULES = Rules(qualification_days=Range(5, 10, 40), psi=Range(0.5, 0.8, 0.9))


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    return from_case(load(tiny.write(tmp_path_factory.mktemp("tiny"))))


def scenario(**changes):
    loss = CapacityLoss(
        place="TWN",
        lost=Range(0.2, 0.5, 0.9),
        start=3,
        days=20,
        recovery=Recovery("linear", days=Range(2, 10, 30)),
    )
    given = {"name": "loss", "days": 60, "shocks": [loss], "rules": RULES, **changes}
    return Scenario(**given)


def every_shock():
    return scenario(
        shocks=[
            CapacityLoss(place="KOR", lost=Range(0.1, 0.3, 0.6), start=2, days=15),
            TradeCut(between=["UKR", "*"], lost=Range(0.3, 0.7, 1.0), start=4, days=30),
            DemandChange(items="phone", change=Range(-0.2, 0.3, 0.5), start=5, days=9),
            StockChange(items="gas", lost=Range(0.1, 0.2, 0.5), start=6),
            StockChange(items="chip", released_days=Range(1, 2, 5), start=8),
            RecipeChange(items="chip", inputs="gas", change=Range(-0.3, 0.1, 0.2), start=9, days=9),
        ]
    )


def alone(net, scenario, found, draw):
    """Run one draw by itself, with the quantiles that the ensemble tells."""
    data = found.to_dataset()
    u = dict(zip(data["input"].values.tolist(), data["quantile"][:, draw].values, strict=True))
    case = None if net.origins is None else net.origins.case
    known = () if case is None else set(case.estimates()["id"])
    drawn = redrawn(net, case.draw({name: u[name] for name in u if name in known})) if case else net
    return run(drawn, with_values(scenario, u)).to_dataset()


@pytest.mark.parametrize("sourcing", ["pooled", "home_first"])
@pytest.mark.parametrize("rules", [RULES, Rules(sourcing="fixed", cover_days=Range(5, 20, 40))])
def test_each_draw_equals_a_run_of_its_own(net, sourcing, rules):
    net = from_case(net.origins.case, sourcing=sourcing)
    wanted = Scenario(name="x", days=50, shocks=every_shock().shocks, rules=rules)
    found = ensemble(net, wanted, 6, 3, batch=4)
    data = found.to_dataset()
    assert data["production"].dims == ("draw", "day", "unit")
    for draw in range(6):
        one = alone(net, wanted, found, draw)
        by_item = one["production"].groupby("unit_item").sum()
        mine = data["production_of_item"][draw].sel(item=by_item["unit_item"].values)
        assert np.allclose(mine, by_item, rtol=1e-10, atol=1e-12)
        assert np.allclose(data["production"][draw], one["production"], rtol=1e-10, atol=1e-12)
        met = np.nansum(one["demand_met"], axis=2)
        assert np.allclose(data["demand_met"][draw], met, rtol=1e-10, atol=1e-12)


def test_draws_whose_links_differ_run_one_by_one(net, monkeypatch):
    together = ensemble(net, every_shock(), 5, 3)
    monkeypatch.setattr("narrows.simulate.drawn._alike", lambda parts: False)
    apart = ensemble(net, every_shock(), 5, 3)
    assert np.allclose(together.store.series, apart.store.series, rtol=1e-12, atol=1e-14)


def test_a_table_is_drawn_over_rules_and_shocks():
    net = from_mrio(*balanced(3, 3, seed=4))
    rules = Rules(cover_days=Range(5, 10, 20), restocking_days=8, headroom=Range(1, 1.2, 1.4))
    shocks = [
        CapacityLoss(place="R01", lost=Range(0.2, 0.5, 0.9), start=2, days=20),
        TradeCut(between=["R00", "*"], lost=Range(0.2, 0.5, 0.9), start=4, days=20),
    ]
    wanted = Scenario(name="x", days=50, shocks=shocks, rules=rules)
    found = ensemble(net, wanted, 5, 1)
    for draw in range(5):
        one = alone(net, wanted, found, draw)["production"].groupby("unit_place").sum()
        assert np.allclose(found.to_dataset()["production_of_place"][draw], one, rtol=1e-10)


def test_the_rules_of_the_peer_are_drawn_too():
    net = from_mrio(*balanced(2, 3, seed=4))
    shocks = [CapacityLoss(place="R01", lost=Range(0.2, 0.5, 0.9), start=2, days=20)]
    wanted = Scenario(name="x", days=40, shocks=shocks, rules=Rules.boario("noalt"))
    found = ensemble(net, wanted, 3, 1)
    one = alone(net, wanted, found, 2)["production"].groupby("unit_place").sum()
    assert np.allclose(found.to_dataset()["production_of_place"][2], one, rtol=1e-10)


def test_without_ranges_all_draws_are_alike():
    net = from_mrio(*balanced(2, 3, seed=4))
    shocks = [CapacityLoss(place="R01", lost=0.5, start=2, days=20)]
    found = ensemble(net, Scenario(name="x", days=30, shocks=shocks), 3, 1)
    made = found.to_dataset()["production"].values
    assert (made == made[0]).all()
    assert found.drivers().empty


def test_units_are_left_out_where_they_are_many(net):
    found = ensemble(net, scenario(days=9), 2, 1, by_unit=False).to_dataset()
    assert set(found.data_vars) >= {"production_of_item", "demand", "demand_met"}
    assert not {"production", "production_of_place"} & set(found.data_vars)  # a chain has no sums


def test_the_estimates_left_out_move_nothing():
    net = from_case(load("semiconductors"))
    case, found = net.origins.case, ensemble(net, scenario(days=4), 1, 1)
    used = [name for name in found.to_dataset()["input"].values.tolist() if "." not in name]
    u = dict(zip(case.estimates()["id"], case.quantiles(draws=1, seed=5)[0], strict=True))
    some = redrawn(net, case.draw({name: u[name] for name in u if name in set(used)}))
    every = redrawn(net, case.draw(u))
    assert (some.units.output == every.units.output).all()
    assert (some.units.headroom == every.units.headroom).all()
    assert (some.weight == every.weight).all()
    for name in ("recipe", "stops_fraction", "cover", "substitute_days"):
        assert (getattr(some.needs, name) == getattr(every.needs, name)).all()


def test_the_same_seed_gives_the_same_bits_here_and_in_processes(net):
    here = ensemble(net, scenario(), 24, 7, batch=8)
    there = ensemble(net, scenario(), 24, 7, batch=8, workers=2)
    other = ensemble(net, scenario(), 24, 8, batch=8)
    assert (here.store.series == there.store.series).all()
    assert (here.store.weights == there.store.weights).all()
    assert not (here.store.series == other.store.series).all()
    wide = ensemble(net, scenario(), 24, 7, batch=24)
    assert np.allclose(here.store.series, wide.store.series, rtol=1e-12, atol=1e-14)


def test_a_process_that_dies_is_replaced(net):
    def progress(done, draws):
        if done == 8:
            multiprocessing.active_children()[0].kill()

    found = ensemble(net, scenario(), 48, 7, batch=8, workers=2, progress=progress)
    assert (found.store.series == ensemble(net, scenario(), 48, 7, batch=8).store.series).all()


def test_processes_that_keep_dying_end_it(net, monkeypatch):
    def progress(done, draws):
        for child in multiprocessing.active_children():
            child.kill()

    monkeypatch.setattr("narrows.simulate.processes._MOST_DEATHS", 0)
    with pytest.raises(CouldNotFinish, match="finished batches are kept"):
        ensemble(net, scenario(), 48, 7, batch=8, workers=2, progress=progress)


def test_what_fails_in_a_process_is_told(net):
    work = Work(net, scenario(), ("rules.psi",), ("no such estimate",), "float64", by_unit=False)
    queue = Queue(np.full((2, 4), np.nan), 2, frozenset())
    with pytest.raises(CouldNotFinish, match="batch"):
        list(in_processes(work, queue, 2))


def stop_at(count):
    def progress(done, draws):
        if done >= count:
            raise KeyboardInterrupt

    return progress


def test_an_interrupted_ensemble_goes_on_where_it_was(net, tmp_path):
    folder = tmp_path / "kept"
    with pytest.raises(KeyboardInterrupt):
        ensemble(net, scenario(), 24, 7, batch=8, store=folder, progress=stop_at(16))
    with pytest.raises(BadInput, match="2 of 3 batches"):
        Ensemble.load(folder)
    seen = []
    found = ensemble(
        net, scenario(), 24, 7, batch=8, store=folder, progress=lambda done, _: seen.append(done)
    )
    assert seen == [16, 24]
    whole = ensemble(net, scenario(), 24, 7, batch=8)
    assert (found.store.series == whole.store.series).all()
    assert (Ensemble.load(folder).summary() == found.summary()).to_numpy().sum() > 0


def test_a_torn_batch_is_made_again(net, tmp_path):
    folder = tmp_path / "kept"
    found = ensemble(net, scenario(), 16, 7, batch=8, store=folder)
    before = np.array(found.store.series)
    with (folder / "series.npy").open("r+b") as file:
        file.seek(-8, os.SEEK_END)
        file.write(b"\0" * 8)
    assert Store.opened(folder).finished() == {0}
    again = ensemble(net, scenario(), 16, 7, batch=8, store=folder)
    assert (again.store.series == before).all()


def test_a_full_disk_keeps_the_batches_before_it(net, tmp_path, monkeypatch):
    folder = tmp_path / "kept"
    write = Store._write

    def full(self, name, first, values):
        if first >= 8:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, name, first, values)

    monkeypatch.setattr(Store, "_write", full)
    with pytest.raises(CouldNotWrite, match="finished batches are kept"):
        ensemble(net, scenario(), 24, 7, batch=8, store=folder)
    assert Store.opened(folder).finished() == {0}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"seed": 8}, "seed"),
        ({"draws": 32}, "draws"),
        ({"batch": 4}, "batch"),
        ({"scenario": scenario(days=50)}, "digest"),
    ],
)
def test_a_store_of_other_inputs_is_refused(net, tmp_path, change, field):
    given = {"scenario": scenario(), "draws": 16, "seed": 7, "batch": 8, "store": tmp_path / "kept"}
    ensemble(net, **given)
    with pytest.raises(BadInput) as caught:
        ensemble(net, **{**given, **change})
    assert field in {fault.field for fault in caught.value.faults}


def test_a_store_cut_off_at_the_very_start_is_begun_again(net, tmp_path):
    found = ensemble(net, scenario(), 8, 7, batch=8, store=tmp_path)
    before = np.array(found.store.series)
    shutil.rmtree(tmp_path / "done")
    (tmp_path / "ensemble.json").unlink()
    again = ensemble(net, scenario(), 8, 7, batch=8, store=tmp_path)
    assert (again.store.series == before).all()


def test_the_series_of_the_draws_are_not_held_in_memory(net):
    peaks = []
    for draws in (16, 80, 320):
        tracemalloc.start()
        found = ensemble(net, scenario(), draws, 1, batch=16)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] - peaks[1] < 0.25 * 240 * found.store.series[0].nbytes


def test_a_folder_with_other_files_is_refused(net, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(BadInput, match="other files"):
        ensemble(net, scenario(), 4, 1, store=tmp_path)
    with pytest.raises(BadInput, match="no ensemble"):
        Ensemble.load(tmp_path)


@pytest.mark.parametrize("wrong", [{"draws": 0}, {"seed": -1}, {"workers": 0}, {"batch": 0}])
def test_numbers_out_of_range_are_refused(net, wrong):
    with pytest.raises(BadInput, match=next(iter(wrong))):
        ensemble(net, scenario(), **{"draws": 4, "seed": 1, **wrong})


def test_names_that_nobody_knows_are_refused(net):
    with pytest.raises(UnknownName, match="latin-hypercube"):
        ensemble(net, scenario(), 4, 1, method="latin-square")
    with pytest.raises(UnknownName, match="float32"):
        ensemble(net, scenario(), 4, 1, precision="float16")
    found = ensemble(net, scenario(), 4, 1)
    with pytest.raises(UnknownName, match="World/phone"):
        found.drivers(market="World/fone")
    with pytest.raises(UnknownName, match="deepest"):
        found.drivers("deep")


def test_bands_and_summary_are_those_of_the_draws(net):
    found = ensemble(net, scenario(), 40, 7, batch=16)
    data, bands = found.to_dataset(), found.bands()
    assert bands["demand_met"].dims == ("quantile", "day", "market")
    expected = np.quantile(data["demand_met"].values, [0.1, 0.5, 0.9], axis=0)
    assert np.allclose(bands["demand_met"], expected, rtol=1e-14)
    summary = found.summary().set_index("market")
    gap = (data["demand"] - data["demand_met"]).clip(0).sum("day").sel(market="World/phone")
    assert summary.loc["World/phone", "shortfall_days_50"] == pytest.approx(np.median(gap))
    assert summary.index[0] == "all"
    value = data["weight"].values
    whole = (gap.values * value[:, 0] + 0) / value.sum(1)
    outcomes = found.outcomes()
    every = outcomes[outcomes["market"] == "all"]["shortfall_days"].to_numpy()
    assert (every >= whole - 1e-12).all()


def test_the_part_of_draws_that_never_recover_is_told(net):
    shocks = [CapacityLoss(place="TWN", items="chip", lost=Range(0, 0.5, 1), start=3)]
    found = ensemble(net, scenario(shocks=shocks), 20, 1).summary().set_index("market")
    assert found.loc["World/phone", "never_back"] == 1.0
    assert np.isnan(found.loc["World/phone", "recover_days_50"])


def test_the_loss_of_capacity_drives_the_loss(net):
    found = ensemble(net, scenario(), 400, 1).drivers()
    assert found.loc[0, "input"] == "shocks.0.lost"
    assert found.loc[0, "direction"] > 0.5
    assert found.loc[0, "above_noise"]
    assert found["above_noise"].mean() < 0.5


def test_the_ends_of_every_range_are_checked_before_the_first_draw(net, tmp_path):
    onset = Onset("linear", days=Range(1, 2, 30))
    shocks = [CapacityLoss(place="TWN", start=3, days=10, onset=onset)]
    with pytest.raises(BadInput, match="30 days of onset in 10 days"):
        ensemble(net, scenario(shocks=shocks), 4, 1, store=tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_temporary_store_goes_with_its_result(net):
    found = ensemble(net, scenario(days=10), 4, 1)
    folder = found.store.folder
    assert folder.is_dir()
    del found
    assert not folder.exists()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_a_cluster_gives_the_same_bits_though_a_worker_is_killed(net):
    distributed = pytest.importorskip("distributed")
    here = ensemble(net, scenario(days=200), 96, 7, batch=4)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, protocol="tcp"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        killed = []

        def progress(done, draws):
            if done >= 16 and not killed:
                killed.append(client.run(os.getpid).popitem()[1])
                os.kill(killed[0], 9)

        there = ensemble(net, scenario(days=200), 96, 7, batch=4, client=client, progress=progress)
    assert killed
    assert (here.store.series == there.store.series).all()
    assert (here.store.weights == there.store.weights).all()
