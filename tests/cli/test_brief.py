"""`narrows brief` with a scenario over time, its own or none."""

import json

import pytest

SCENARIO = """\
name: dark
title: The island goes dark
days: 90
shocks:
  - kind: capacity
    place: TWN
    items: chip
    lost: {low: 0.5, best: 0.8, high: 1}
    start: 10
    days: 30
"""


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "dark.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_a_scenario_adds_an_answer(narrows, case, scenario, tmp_path):
    out = tmp_path / "brief.pdf"
    options = ("--draws", "0", "--scenario", scenario, "--stress-draws", "3", "--workers", "1")
    done = narrows("brief", case, *options, "--out", out)
    assert done.code == 0
    lines = [line for line in done.out.splitlines() if not line.startswith("written")]
    assert len(lines) == 4
    assert lines[2].startswith("The island goes dark: ")
    made = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert made["settings"]["scenario"] == "dark"
    assert made["stress"]["result"]["settings"]["draws"] == 3


def test_none_leaves_it_out(narrows, case, tmp_path):
    out = tmp_path / "brief.pdf"
    done = narrows("brief", case, "--draws", "0", "--scenario", "none", "--out", out, "--json")
    assert done.code == 0
    assert len(json.loads(done.out)["answers"]) == 3
    assert json.loads(out.with_suffix(".json").read_text("utf-8"))["stress"] is None


def test_an_unknown_scenario_is_one_line_with_the_nearest(narrows, case, tmp_path):
    done = narrows(
        "brief", case, "--scenario", "taiwan-strait-blokade", "--out", tmp_path / "brief.pdf"
    )
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "taiwan-strait-blockade" in done.err
