"""`narrows stress` and `narrows compare`: on a case, on a table, drawn, saved, and refused."""

import json
import math
import sys

import jsonschema
import pandas as pd
import pytest

import narrows as nw
from narrows.cli import stress_tables
from narrows.cli.app import run
from narrows.simulate import Ensemble, Run, json_schema
from tables import balanced
from tiny import write

STOP = """\
name: stop
days: 60
shocks:
  - {kind: capacity, place: PLACE, lost: 0.5, start: 5, days: 20}
"""


def scenario(folder, place, text=STOP):
    file = folder / "stop.yaml"
    file.write_text(text.replace("PLACE", place), "utf-8")
    return str(file)


def icio(folder):
    """Write a balanced table in the layout of the ICIO."""
    z, y, x = (each * 1e3 for each in balanced(2, 2))
    names = {"R00": "JPN", "R01": "USA"}
    wide = pd.concat([z, y], axis=1)
    wide.columns = [f"{names[a]}_{'HFCE' if b == 'final' else b}" for a, b in wide.columns]
    wide.index = pd.Index([f"{names[a]}_{b}" for a, b in wide.index], name="V1")
    wide["OUT"] = x.to_numpy()
    inputs = z.sum(axis=0).to_numpy()
    bottom = pd.DataFrame(0.0, index=["TLS", "VA", "OUT"], columns=wide.columns)
    bottom.loc["VA", wide.columns[:4]] = x.to_numpy() - inputs
    bottom.loc["OUT"] = wide.sum()
    bottom.loc["OUT", wide.columns[:4]] = x.to_numpy()
    file = folder / "2019_SML.csv"
    pd.concat([wide, bottom]).rename_axis("V1").to_csv(file)
    return str(file)


def test_a_case_is_stressed_and_the_run_is_written(tmp_path, capsys):
    case = str(write(tmp_path / "tiny"))
    out = tmp_path / "out"
    words = ["stress", scenario(tmp_path, "TWN"), "--case", case, "--out", str(out)]
    assert run(words) == 0
    printed = capsys.readouterr().out
    assert "World/phone" in printed
    assert "no forecast" in printed
    assert Run.load(out / "run.nc").to_dataset().sizes["day"] == 60
    assert "Turning points: " in printed
    assert "Day " in printed
    pictures = {
        f"{name}.{end}" for name in ("markets", "items", "losses") for end in ("svg", "png")
    }
    assert {file.name for file in out.iterdir()} == pictures | {
        "run.nc",
        "markets.csv",
        "losses-by-unit.csv",
        "losses-by-item.csv",
        "turning-points.csv",
    }
    assert (out / "markets.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (out / "markets.svg").read_text("utf-8")


def test_a_table_is_stressed_as_json(tmp_path, capsys):
    words = ["stress", scenario(tmp_path, "JPN"), "--table", icio(tmp_path), "--json"]
    assert run(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "narrows/stress/1"
    assert found["losses"][0]["place"] == "JPN"
    assert found["settings"]["digest"]
    jsonschema.validate(found, json_schema("stress"))
    assert (
        "loss of 50 % of capacity (JPN, all) begins on day 5"
        in found["turning_points"][0]["sentence"]
    )


def test_wrong_words_are_told(tmp_path, capsys):
    case = str(write(tmp_path / "tiny"))
    assert run(["stress", scenario(tmp_path, "TWN")]) == 2
    assert "one of the two" in capsys.readouterr().err
    assert run(["stress", scenario(tmp_path, "TNW"), "--case", case]) == 2
    told = capsys.readouterr().err
    assert "stop.yaml:4" in told
    assert "nearest: TWN" in told


RANGE = STOP.replace("lost: 0.5", "lost: {low: 0.3, best: 0.5, high: 0.9}")


def test_draws_give_bands_and_drivers_and_a_folder(tmp_path, capsys):
    file, table, out = scenario(tmp_path, "JPN", RANGE), icio(tmp_path), tmp_path / "many"
    words = ["stress", file, "--table", table, "--draws", "64", "--out", str(out)]
    assert run(words) == 0
    printed = capsys.readouterr().out
    assert "64 draws" in printed
    assert "lost of JPN" in printed
    assert Ensemble.load(out / "draws").outcomes()["draw"].nunique() == 64
    assert {"bands.nc", "markets.csv", "drivers.csv", "outcomes.csv", "places.svg"} <= {
        each.name for each in out.iterdir()
    }
    assert run([*words, "--format", "zarr", "--json"]) == 0  # all draws are there: none is made
    form = json.loads(capsys.readouterr().out)
    jsonschema.validate(form, json_schema("stress"))
    assert form["kind"] == "ensemble"
    assert form["drivers"][0]["input"] == "shocks.0.lost"
    assert Ensemble.load(out / "ensemble.zarr").summary().shape == (len(form["rows"]), 18)


def test_an_interrupted_ensemble_goes_on_with_the_same_command(tmp_path, capsys, monkeypatch):
    file, table, out = scenario(tmp_path, "JPN", RANGE), icio(tmp_path), tmp_path / "many"
    words = ["stress", file, "--table", table, "--draws", "200", "--out", str(out)]
    made = nw.simulate.ensemble

    def stopped(*given, progress, **more):
        def tick(done, total):
            progress(done, total)
            if done >= 128:
                raise KeyboardInterrupt

        return made(*given, progress=tick, **more)

    monkeypatch.setattr(nw.simulate, "ensemble", stopped)
    assert run(words) == 3
    assert "stopped after 128 of 200 draws; the same command goes on" in capsys.readouterr().err
    marks = {each: each.stat().st_mtime_ns for each in (out / "draws" / "done").iterdir()}
    about = json.loads((out / "draws" / "ensemble.json").read_text("utf-8"))
    assert len(marks) * about["batch"] == 128
    monkeypatch.setattr(nw.simulate, "ensemble", made)
    assert run(words) == 0
    assert {each: each.stat().st_mtime_ns for each in marks} == marks
    again = tmp_path / "again"
    assert run([*words[:-1], str(again)]) == 0
    one, other = (Ensemble.load(each / "draws").outcomes() for each in (out, again))
    assert one.equals(other)


def test_a_saved_result_is_shown_and_made_again(tmp_path, capsys):
    file, table, out = scenario(tmp_path, "JPN", RANGE), icio(tmp_path), tmp_path / "one"
    assert run(["stress", file, "--table", table, "--out", str(out), "--format", "zarr"]) == 0
    capsys.readouterr()
    assert run(["stress", str(out), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert run(["stress", str(out / "run.zarr"), "--table", table, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["rows"] == shown["rows"]
    assert made["settings"] == shown["settings"]
    many = tmp_path / "many"
    assert run(["stress", file, "--table", table, "--draws", "8", "--out", str(many)]) == 0
    capsys.readouterr()
    assert run(["stress", str(many), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert run(["stress", str(many), "--table", table, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == shown


def test_two_results_are_compared(tmp_path, capsys):
    table, folders = icio(tmp_path), []
    for place in ("JPN", "USA"):
        for draws in ("0", "40"):
            folders.append(str(tmp_path / f"{place}{draws}"))
            file = scenario(tmp_path, place, RANGE)
            words = ["stress", file, "--table", table, "--draws", draws, "--out", folders[-1]]
            assert run(words) == 0
    one, one_drawn, other, other_drawn = folders
    capsys.readouterr()
    assert run(["compare", one, other]) == 0
    assert "difference" in capsys.readouterr().out
    assert run(["compare", one_drawn, other_drawn]) == 0
    assert "40 draws, the same in both" in capsys.readouterr().out
    assert run(["compare", one_drawn, other_drawn, "--json"]) == 0
    jsonschema.validate(json.loads(capsys.readouterr().out), json_schema("compare"))
    assert run(["compare", one, other_drawn]) == 2
    assert "found Run and Ensemble" in capsys.readouterr().err
    assert run(["compare", one, str(tmp_path / "none.nc")]) == 2
    assert "no such file or folder" in capsys.readouterr().err


@pytest.mark.parametrize("draws", ["0", "2"])
def test_what_is_no_more_than_rounding_is_no_loss(draws, capsys):
    assert run(["stress", "automotive-fab-fire", "--draws", draws]) == 0
    said = capsys.readouterr().out
    assert "No market goes without" in said
    assert "e-1" not in said


def test_a_bundled_name_means_the_scenario_beside_a_folder_of_that_name(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    again = ["stress", "automotive-fab-fire", "--draws", "2", "--out", "automotive-fab-fire"]
    assert run(again) == 0
    assert run(again) == 0
    assert run(["stress", "automotive-fab-fire", "--why", "nowhere"]) == 2
    assert "'nowhere'" in capsys.readouterr().err
    assert run(["stress", "./automotive-fab-fire"]) == 0
    assert "2 draws" in capsys.readouterr().out
    assert run(["stress", "./automotive-fab-fire", "--why", "JPN", "--draws", "9"]) == 2
    said = capsys.readouterr().err
    assert "--draws, --why: found a saved result, which is only shown; expected --case" in said


def test_a_case_that_is_none_is_a_fault_of_the_file(tmp_path, capsys):
    file = scenario(tmp_path, "TWN", STOP + "case: semiconductor\n")
    out = tmp_path / "out"
    assert run(["stress", file, "--out", str(out)]) == 2
    assert f"{file}: case: found 'semiconductor'; expected" in capsys.readouterr().err
    assert not out.exists()


def test_a_band_that_ends_beyond_the_window_is_open():
    assert stress_tables._between(418.0, math.nan) == "418 or later"
    assert stress_tables._between(60.0, 90.0) == "60-90"
    assert stress_tables._between(math.nan, math.nan) == "-"


def test_a_caution_of_the_guard_is_printed(tmp_path, capsys):
    text = STOP + "rules: {restocking_days: 1}\n"
    assert run(["stress", scenario(tmp_path, "JPN", text), "--table", icio(tmp_path)]) == 0
    assert "Caution: Stocks of 90 days are refilled in 1" in capsys.readouterr().out


def test_a_cluster_that_does_not_answer_is_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys.modules["narrows.cli.cluster"], "_PATIENCE", "300ms")
    words = ["stress", scenario(tmp_path, "JPN", RANGE), "--table", icio(tmp_path)]
    words += ["--draws", "4", "--cluster", "tcp://127.0.0.1:9"]
    assert run(words) == 3
    assert "no scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err


@pytest.mark.slow
def test_draws_run_on_a_cluster_by_its_address(tmp_path, capsys):
    distributed = pytest.importorskip("distributed")
    file, table = scenario(tmp_path, "JPN", RANGE), icio(tmp_path)
    here, there = (str(tmp_path / name) for name in ("here", "there"))
    words = ["stress", file, "--table", table, "--draws", "16", "--out"]
    assert run([*words, here]) == 0
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    )
    with cluster:
        assert run([*words, there, "--cluster", cluster.scheduler_address]) == 0
    one, other = (Ensemble.load(f"{each}/draws").outcomes() for each in (here, there))
    assert one.equals(other)
