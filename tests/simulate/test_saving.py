"""Runs and ensembles saved as NetCDF and Zarr: shown and made again; what is refused."""

import importlib.util
from datetime import date

import pytest

from narrows.network import from_mrio
from narrows.simulate import (
    CapacityLoss,
    Ensemble,
    Range,
    Recovery,
    Rules,
    Run,
    Scenario,
    Special,
    TradeCut,
    Transit,
    ensemble,
    run,
)
from narrows.simulate.saving import scenario_from, scenario_text
from narrows.terms import BadInput, CouldNotWrite
from tables import balanced

NET = from_mrio(*balanced(3, 3, seed=4))


def scenario(**rules):
    stop = CapacityLoss(place="R00", lost=Range(0.3, 0.5, 0.9), start=3, days=5)
    given = {"psi": Range(0.5, 0.8, 0.9), **rules}
    return Scenario(name="loss", days=30, shocks=[stop], rules=Rules(**given))


@pytest.mark.parametrize("name", ["run.nc", "run.zarr"])
def test_a_run_comes_back_as_it_was_and_is_made_again(tmp_path, name):
    made = run(NET, scenario())
    made.save(tmp_path / name)
    made.save(tmp_path / name)  # over the one before
    found = Run.load(tmp_path / name)
    assert found.to_dataset().identical(made.to_dataset())
    assert run(NET, found.scenario).to_dataset().identical(made.to_dataset())
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["many.nc", "many.zarr"])
def test_an_ensemble_comes_back_as_it_was_and_is_made_again(tmp_path, name):
    made = ensemble(NET, scenario(), 35, seed=3)
    found = Ensemble.load(made.save(tmp_path / name))
    assert found.summary().equals(made.summary())
    assert found.drivers().equals(made.drivers())
    assert found.bands().identical(made.bands())
    assert found.to_dataset().load().equals(made.to_dataset().load())
    again = ensemble(NET, found.scenario, 35, seed=3)
    assert again.outcomes().equals(made.outcomes())


@pytest.mark.parametrize(
    "given",
    [
        scenario(),
        Scenario(name="peer", days=9, rules=Rules.boario(), date=date(2026, 1, 1)),
        Scenario(
            name="all",
            days=90,
            title="Ä title",
            shocks=[
                CapacityLoss(table=[("R00/s00", 0.5)], recovery=Recovery("curve", curve=(1, 0.5))),
                TradeCut(between=["R00", ("R01", "*")], lost=Range(0, 0.5, 1), start=2),
            ],
            rules=Rules(
                rationing=[["home"], ["R01"]],
                transit=[Transit(between=["R00", "*"], days=9)],
                special=[Special(items="s00", cover_days=Range(1, 2, 3))],
            ),
        ),
    ],
    ids=["ranges", "peer", "all"],
)
def test_every_part_of_a_scenario_comes_back(given):
    assert scenario_from(scenario_text(given)) == given
    assert repr(scenario_from(scenario_text(given))) == repr(given)


def test_what_is_no_result_is_refused(tmp_path):
    (tmp_path / "text.nc").write_text("nothing")
    for kind in (Run, Ensemble):
        with pytest.raises(BadInput, match=r"text\.nc"):
            kind.load(tmp_path / "text.nc")
        with pytest.raises(BadInput):
            kind.load(tmp_path / "absent.zarr")
    many = ensemble(NET, scenario(), 4).save(tmp_path / "many.nc")
    with pytest.raises(BadInput, match="a run saved"):
        Run.load(many)
    with pytest.raises(BadInput, match="an ensemble saved"):
        Ensemble.load(run(NET, scenario()).save(tmp_path / "run.nc"))
    with pytest.raises(BadInput, match="a scenario as saved"):
        scenario_from("[]")


def test_a_folder_of_other_files_is_never_replaced(tmp_path):
    other = tmp_path / "mine.zarr"
    other.mkdir()
    (other / "thesis.txt").write_text("years")
    with pytest.raises(BadInput, match="other files"):
        run(NET, scenario()).save(other)
    assert (other / "thesis.txt").read_text() == "years"
    folder = tmp_path / "run.nc"
    folder.mkdir()
    with pytest.raises(CouldNotWrite):
        run(NET, scenario()).save(folder)


def test_without_zarr_it_says_what_to_install(tmp_path, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "zarr" else found(name)
    )
    with pytest.raises(BadInput, match=r"narrows\[zarr\]"):
        run(NET, scenario()).save(tmp_path / "run.zarr")
