"""`narrows replay`."""

import json

import pytest

from narrows.cli import main


@pytest.fixture
def narrows(monkeypatch, capsys):
    def run(*words):
        monkeypatch.setattr("sys.argv", ["narrows", *words])
        try:
            code = main()
        except SystemExit as stop:
            code = stop.code
        out = capsys.readouterr()
        return code or 0, out.out, out.err

    return run


def test_it_prints_predicted_and_observed(narrows):
    code, out, _ = narrows("replay", "renesas-fire-2021", "--draws", "20")
    assert code == 0
    assert "Predicted and observed" in out
    assert "0.83 to 0.93" in out
    assert "rival B" in out


def test_json_holds_points_and_scores(narrows):
    code, out, _ = narrows("replay", "renesas-fire-2021", "--draws", "20", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["points"][0]["point"] == "capacity-day29"
    assert {each["party"] for each in found["score"]} == {"model", "rival A", "rival B"}


def test_out_writes_tables_and_pictures(narrows, tmp_path):
    place = tmp_path / "out"
    code, out, _ = narrows("replay", "renesas-fire-2021", "--draws", "10", "--out", str(place))
    assert code == 0
    assert "written:" in out
    assert (place / "renesas-fire-2021.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "expected --all, a file, or one of"),
        (("neon-2022", "--all"), "both a name and --all"),
        (("neon-2023",), "nearest: neon-2022"),
        (("neon-2022", "--draws", "3"), "draws"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(narrows, words, message):
    code, _, err = narrows("replay", *words)
    assert code == 2
    assert message in err
    assert err.count("\n") == 1
