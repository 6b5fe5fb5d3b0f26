"""Scenario files: what they give, and what they refuse, with file and line."""

import numpy as np
import pytest

from narrows.network import from_mrio
from narrows.simulate import (
    CapacityLoss,
    DemandChange,
    Onset,
    Range,
    RecipeChange,
    Recovery,
    Run,
    Scenario,
    StockChange,
    TradeCut,
    load_scenario,
    run,
)
from narrows.terms import BadInput, UnknownName
from tables import balanced

GOOD = """\
name: strait
title: Lanes close
days: 120
date: 2026-01-01
shocks:
  - {kind: trade, between: [R01, "*"], lost: {low: 0.8, best: 0.95, high: 1.0}, start: 30, days: 20,
     recovery: {shape: s-curve, days: 9}}
  - kind: capacity
    place: R01
    items: [s0*]
    lost: 0.3
    start: 40
    days: 10
    onset: {shape: linear, days: 5}
    recovery: {shape: curve, curve: curve.csv}
  - {kind: trade, from: R00, to: [R02], start: 5, days: 2}
  - {kind: demand, market: R02, change: 0.2, start: 3, days: 5}
  - {kind: stock, place: R00, items: s01, lost: 0.5, start: 9}
  - {kind: recipe, place: R00, items: s00, inputs: s01, change: -0.1, start: 9}
  - {kind: capacity, table: losses.csv, start: 50, days: 3}
rules: {sourcing: adaptive, qualification_days: {low: 9, best: 18, high: 36}}
"""


def written(folder, text):
    (folder / "curve.csv").write_text("day,left\n1,0.5\n2,0.25\n", "utf-8")
    (folder / "losses.csv").write_text("unit,lost\nR02/s01,0.5\n", "utf-8")
    file = folder / "mine.yaml"
    file.write_text(text, "utf-8")
    return file


def test_a_file_gives_the_same_scenario_as_python(tmp_path):
    found = load_scenario(written(tmp_path, GOOD))
    assert found.name == "strait"
    assert str(found.date) == "2026-01-01"
    assert found.rules.qualification_days == Range(9, 18, 36)
    assert found.shocks == (
        TradeCut(
            between=("R01", "*"),
            lost=Range(0.8, 0.95, 1.0),
            start=30,
            days=20,
            recovery=Recovery("s-curve", days=9),
        ),
        CapacityLoss(
            place="R01",
            items=("s0*",),
            lost=0.3,
            start=40,
            days=10,
            onset=Onset("linear", days=5),
            recovery=Recovery("curve", curve=(0.5, 0.25)),
        ),
        TradeCut(from_="R00", to=("R02",), start=5, days=2),
        DemandChange(market="R02", change=0.2, start=3, days=5),
        StockChange(place="R00", items="s01", lost=0.5, start=9),
        RecipeChange(place="R00", items="s00", inputs="s01", change=-0.1, start=9),
        CapacityLoss(table=[("R02/s01", 0.5)], start=50, days=3),
    )
    made = run(from_mrio(*balanced(3, 3)), found).to_dataset()
    assert np.isfinite(made["production"]).all()


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("title: Lanes", "titel: Lanes", 2, ["'titel'", "nearest: title"]),
        ("days: 120", "days: many", 3, ["'many'", "whole days"]),
        ("kind: stock", "kind: stocks", 18, ["'stocks'", "nearest: stock"]),
        ("lost: 0.3", "lost: 30", 11, ["30", "from 0 to 1"]),
        ("lost: 0.3", "losst: 0.3", 11, ["losst", "nearest: lost"]),
        ("shape: linear", "shape: linar", 14, ["linar", "nearest: linear"]),
        ("best: 0.95", "best: 0.7", 6, ["low 0.8", "low <= best <= high"]),
        ("sourcing: adaptive", "sourcing: adaptiv", 21, ["adaptiv", "nearest: adaptive"]),
        ("start: 30", "start: 300", 6, ["day 300", "1 to 119"]),
        ("curve: curve.csv", "curve: none.csv", 15, ["none.csv", "beside the scenario"]),
        ("    start: 40\n", "", 8, ["start"]),
        ("name: strait", "name: [strait", 2, ["YAML"]),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path, old, new, line, words):
    file = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(BadInput) as caught:
        load_scenario(file)
    assert f"mine.yaml:{line}" in str(caught.value)
    assert [word for word in words if word not in str(caught.value)] == []


def test_all_faults_are_told_at_once(tmp_path):
    text = (
        GOOD.replace("lost: 0.3", "lost: 30")
        .replace("titel", "title")
        .replace("days: 120", "days: 0")
    )
    with pytest.raises(BadInput) as caught:
        load_scenario(written(tmp_path, text))
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("place: R01", "place: R1", 8, ["place", "'R1'", "R01"]),
        ("items: [s0*]", "items: [t0*]", 8, ["item", "'t0*'"]),
        ("between: [R01", "between: [ROI", 6, ["place", "'ROI'"]),
        ("market: R02", "market: R20", 17, ["market", "R20"]),
    ],
)
def test_a_name_the_network_has_not_is_told_with_file_and_line(tmp_path, old, new, line, words):
    scenario = load_scenario(written(tmp_path, GOOD.replace(old, new, 1)))
    with pytest.raises(UnknownName) as caught:
        run(from_mrio(*balanced(3, 3)), scenario)
    assert f"mine.yaml:{line}" in str(caught.value)
    assert [word for word in words if word not in str(caught.value)] == []


def test_an_unknown_scenario_names_the_bundled_ones():
    with pytest.raises(UnknownName, match="scenario"):
        load_scenario("no-such-thing")


def test_a_saved_run_reads_back(tmp_path):
    net = from_mrio(*balanced(3, 3))
    stop = Scenario(name="x", days=90, shocks=[CapacityLoss(place="R01", start=5, days=20)])
    first, again = run(net, stop), run(net, stop)
    assert first.to_dataset().identical(again.to_dataset())
    read = Run.load(first.save(tmp_path / "run.nc"))
    assert read.to_dataset().identical(first.to_dataset())
    assert read.summary().equals(first.summary())
    assert {"version", "digest", "seed"} <= set(read.to_dataset().attrs)
    other = Scenario(name="x", days=90, shocks=[CapacityLoss(place="R01", start=6, days=20)])
    assert run(net, other).to_dataset().attrs["digest"] != first.to_dataset().attrs["digest"]
    (tmp_path / "no.nc").write_text("nothing", "utf-8")
    with pytest.raises(BadInput, match="NetCDF"):
        Run.load(tmp_path / "no.nc")


def test_losses_on_one_unit_combine():
    net = from_mrio(*balanced(2, 2))
    two = [CapacityLoss(place="R01", lost=lost, start=5, days=9) for lost in (0.5, 0.2)]
    found = run(net, Scenario(name="x", days=10, shocks=two)).to_dataset()["production"]
    hit = net.units.place == "R01"
    assert np.allclose((found[6] / found[0])[hit], 0.5 * 0.8)


def test_stop_and_recovery_fall_on_the_days_they_say():
    loss = CapacityLoss(
        start=5, days=3, onset=Onset("linear", days=2), recovery=Recovery("linear", 4)
    )
    force = loss.in_force(16)
    assert force.tolist() == [0] * 5 + [0.5, 1, 1, 0.75, 0.5, 0.25] + [0] * 5
    assert CapacityLoss(start=5).in_force(8).tolist() == [0] * 5 + [1] * 3


def test_transit_and_special_numbers_are_read(tmp_path):
    file = tmp_path / "s.yaml"
    file.write_text(
        """name: x
days: 100
rules:
  rationing: [[home], [chip]]
  redirected: 0.2
  transit:
    - {from: TWN, to: "*", days: {low: 10, best: 20, high: 30}}
  special:
    - {items: "logic-*", inputs: neon, cover_days: 60, qualification_days: 90}
shocks: []
""",
        "utf-8",
    )
    rules = load_scenario(file).rules
    assert rules.classes == (("home",), ("chip",))
    assert rules.transit[0].days == Range(10, 20, 30)
    assert rules.special[0].cover_days == 60


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("transit: [{from: TWN, days: 5}]", "`from` and `to`"),
        ("transit: [{from: TWN, to: KOR, day: 5}]", "nearest: days"),
        ("transit: 5", "a list of transit"),
        ("special: [{items: x, psi: 3}]", "from 0 to 1"),
        ("rationing: priority", "proportional"),
    ],
)
def test_faults_in_lists_of_rules_name_file_and_line(tmp_path, line, told):
    file = tmp_path / "s.yaml"
    file.write_text(f"name: x\ndays: 10\nrules:\n  {line}\nshocks: []\n", "utf-8")
    with pytest.raises((BadInput, UnknownName)) as caught:
        load_scenario(file)
    assert "s.yaml" in str(caught.value)
    assert "4" in str(caught.value)
    assert told in str(caught.value)
