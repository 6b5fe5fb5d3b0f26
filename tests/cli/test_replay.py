"""`narrows replay`."""

import json

import jsonschema
import pytest

from narrows.cli import main
from narrows.simulate import json_schema, score_card

FILE = """\
name: fall
title: Demand falls
day_zero: 2030-03-01
as_of: 2030-03-10
days: [-10, 60]
items: {lamp: {kind: end-use, name: Lamps}}
providers: [{id: maker, item: lamp, place: DEU, share: 100}]
shocks:
  - {id: less, kind: demand, item: lamp, path: [[2030-03-01, 1], [2030-03-02, 0.5]],
     known: 2030-03-05}
observations:
  - {id: first, measure: {kind: ratio, of: lamp, window: [2030-03-10, 2030-03-20]},
     low: 0.4, high: 0.6, unit: share, src: press}
  - {id: second, measure: {kind: ratio, of: lamp, window: [2030-04-01, 2030-04-20]},
     low: 0.4, high: 0.6, unit: share, src: press}
sources: {press: {who: "Press, 2030"}}
"""


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
    jsonschema.validate(found, json_schema("replay"))


def test_json_shows_points_that_are_not_run_and_names_the_sources(narrows, tmp_path):
    text = (FILE).replace("unit: share", "score: context, unit: share", 1)
    path = tmp_path / "fall.yaml"
    path.write_text(text)
    code, out, _ = narrows("replay", str(path), "--draws", "10", "--json")
    found = json.loads(out)
    assert code == 0
    assert [each["point"] for each in found["context"]] == ["first"]
    assert [each["point"] for each in found["points"]] == ["second"]
    assert found["sources"] == [{"id": "press", "who": "Press, 2030", "address": ""}]
    jsonschema.validate(found, json_schema("replay"))


def test_the_card_keeps_to_its_schema():
    form = score_card(["renesas-fire-2021"], draws=10).to_json()
    jsonschema.validate(json.loads(json.dumps(form, allow_nan=False)), json_schema("score-card"))
    form["replays"][0]["points"][0]["colour"] = "red"
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.validate(form, json_schema("score-card"))


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
