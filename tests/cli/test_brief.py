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


OPTIONS = """\
options:
  - id: stock
    kind: stockpile
    title: Twenty days more of chips
    item: chip
    days: 20
    cost_usd: {World: 0.5e+9}
    payers: [JPN, KOR]
"""


@pytest.fixture
def options(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(OPTIONS, encoding="utf-8")
    return path


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "dark.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture
def longer(tmp_path):
    """The same for so long that stocks do not last."""
    path = tmp_path / "longer.yaml"
    changes = (("days: 30", "days: 120"), ("days: 90", "days: 240"), ("best: 0.8", "best: 1"))
    text = SCENARIO
    for old, new in changes:
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
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


def test_options_and_a_likelihood_add_what_helps(narrows, case, longer, options, tmp_path):
    out = tmp_path / "brief.pdf"
    ask = ("--draws", "0", "--scenario", longer, "--stress-draws", "2", "--workers", "1")
    money = ("--options", options, "--likelihood", "0.05", "--budget", "2e9", "--payers", "Japan")
    done = narrows("brief", case, *ask, *money, "--out", out)
    assert done.code == 0
    lines = [line for line in done.out.splitlines() if not line.startswith("written")]
    assert len(lines) == 5
    assert "twenty days more of chips" in lines[3]
    plan = json.loads(out.with_suffix(".json").read_text("utf-8"))["plan"]
    assert plan["terms"]["budget_usd"] == 2e9
    assert plan["likelihood"]["best"] == 0.05
    assert {row["payer"] for row in plan["result"]["payments"]} == {"JPN"}


def test_no_plan_leaves_what_helps_out(narrows, case, scenario, options, tmp_path):
    out = tmp_path / "brief.pdf"
    ask = ("--draws", "0", "--scenario", scenario, "--stress-draws", "2", "--workers", "1")
    money = ("--options", options, "--likelihood", "0.05")
    done = narrows("brief", case, *ask, *money, "--no-plan", "--out", out)
    assert done.code == 0
    assert json.loads(out.with_suffix(".json").read_text("utf-8"))["plan"] is None


def test_a_plan_without_options_is_one_line_and_no_file(narrows, case, scenario, tmp_path):
    out = tmp_path / "brief.pdf"
    done = narrows("brief", case, "--scenario", scenario, "--plan", "--out", out)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "no options" in done.err
    assert not out.exists()
