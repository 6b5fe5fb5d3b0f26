"""`narrows stress`: on a case, on a table, and what it refuses."""

import json

import pandas as pd

from narrows.cli.app import run
from narrows.simulate import Run
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
    assert {file.name for file in out.iterdir()} == {
        "run.nc",
        "markets.csv",
        "losses-by-unit.csv",
        "losses-by-item.csv",
    }


def test_a_table_is_stressed_as_json(tmp_path, capsys):
    words = ["stress", scenario(tmp_path, "JPN"), "--table", icio(tmp_path), "--json"]
    assert run(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "narrows/stress/1"
    assert found["losses"][0]["place"] == "JPN"
    assert found["settings"]["digest"]


def test_wrong_words_are_told(tmp_path, capsys):
    case = str(write(tmp_path / "tiny"))
    assert run(["stress", scenario(tmp_path, "TWN")]) == 2
    assert "one of the two" in capsys.readouterr().err
    assert run(["stress", scenario(tmp_path, "TNW"), "--case", case]) == 2
    told = capsys.readouterr().err
    assert "stop.yaml:4" in told
    assert "nearest: TWN" in told
