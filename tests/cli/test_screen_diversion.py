"""`narrows screen diversion`: a planted case from the file to the exit code."""

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest

from narrows.terms import places


@pytest.fixture
def flows(tmp_path, monkeypatch):
    """Give a file with monthly exports to forty countries, one of which jumps."""
    monkeypatch.setenv("NARROWS_DATA", str(tmp_path / "data"))
    rng = np.random.default_rng(1)
    months = [f"{2018 + at // 12}-{at % 12 + 1:02d}" for at in range(54)]
    names = ["KGZ", "RUS", *sorted(set(places()) - {"KGZ", "RUS", "DEU"})[:38]]
    values = rng.lognormal(14, 1, (len(names), 1)) * rng.lognormal(0, 0.2, (len(names), 54))
    values[0, 48:] *= 20
    values[1, 48:] *= 0.1
    frame = pd.DataFrame(
        {
            "reporter": "DEU",
            "partner": np.repeat(names, 54),
            "item": "854231",
            "period": months * len(names),
            "value_usd": values.ravel(),
        }
    )
    file = tmp_path / "flows.csv"
    frame.to_csv(file, index=False)
    return file


LINE = ("--item", "8542.31", "--after", "2022-01-01", "--target", "RUS")


def test_the_planted_country_is_flagged_explained_and_kept(narrows, flows):
    done = narrows("screen", "diversion", flows, *LINE, "--explain", "Kyrgyzstan")
    assert (done.code, done.err) == (0, "")
    assert "1 of 39 third countries flagged" in done.out
    assert "Flagged: HS 854231 from Germany to Kyrgyzstan." in done.out
    assert "not legal advice" in done.out
    assert "control 2022-01-01, data until 2022-06" in done.out
    assert "Kept as screening 1" in done.out
    again = narrows("screen", "record", "replay", "1", "--data", flows)
    assert "Decided again: the same result" in again.out


def test_the_threshold_in_dollars_decides_the_exit_code(narrows, flows):
    assert narrows("screen", "diversion", flows, *LINE, "--fail-above", "0").code == 1
    done = narrows("screen", "diversion", flows, *LINE, "--fail-above", "1e12")
    assert (done.code, done.err) == (0, "")


def test_json_and_csv_hold_every_country(narrows, flows):
    found = json.loads(narrows("screen", "diversion", flows, *LINE, "--json", "--top", "1").out)
    assert len(found["rows"]) == 39
    assert found["rows"][0]["transit"] == "KGZ"
    assert found["kept"]["reference"].startswith("1:")
    text = narrows("screen", "diversion", flows, *LINE, "--csv", "--no-keep").out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 39
    assert all("not legal advice" in row["notice"] for row in rows)


def test_a_table_of_use_is_taken(narrows, flows, tmp_path):
    use = tmp_path / "use.csv"
    use.write_text("place,use_usd,source\nKGZ,1000,own estimate\n")
    done = narrows("screen", "diversion", flows, *LINE, "--use", use, "--explain", "KGZ")
    assert "more than it can use" in done.out
    use.write_bytes(b"\xff\xfe\x00")
    done = narrows("screen", "diversion", flows, *LINE, "--use", use)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_what_a_country_could_use_comes_from_a_case(narrows, flows):
    line = ("screen", "diversion", flows, *LINE, "--use-case", "semiconductors/photoresist-arf")
    done = narrows(*line, "--world-usd", "1e9", "--explain", "KGZ")
    assert "case semiconductors, makers of" in done.out
    assert ", rest)" in done.out  # no source names a maker in Kyrgyzstan: the unnamed rest
    done = narrows(*line)
    assert (done.code, "--use-case with --world-usd" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (("--item", "8542", "--after", "2029-01-01"), "expected months before and from 2029"),
        (("--item", "8517", "--after", "2022-01-01"), "found '8517'"),
        (("--item", "8542", "--after", "soon"), "found 'soon'"),
        ((*LINE, "--target", "Narnia"), "found 'Narnia'"),
        ((*LINE, "--explain", "DEU"), "third country"),
    ],
)
def test_what_cannot_be_asked_is_one_line(narrows, flows, changed, message):
    done = narrows("screen", "diversion", flows, *changed, "--no-keep")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert message in done.err
