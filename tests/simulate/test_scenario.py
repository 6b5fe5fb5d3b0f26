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


CLOSES = """\
name: x
days: 100
case: none
date: 2026-01-01
rules: {}
shocks:
  - {kind: capacity, place: TWN, lost: 0.8, start: 10, days: 20}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("0.8", "'0.8'", "mine.yaml:7: lost: found '0.8'; expected a number from 0 to 1"),
        ("0.8", "80", "mine.yaml:7: lost: found 80; expected a part from 0 to 1, 80 % being 0.8"),
        ("place: TWN", "place: NO", "mine.yaml:7: place: found False; expected a name"),
        ("place: TWN", "place: [TWN, 5]", "mine.yaml:7: place: found 5; expected a name"),
        ("start: 10", "start: 10.5", "mine.yaml:7: start: found 10.5; expected a whole day"),
        ("start: 10", "start: {low: 1, best: 2, high: 3}", "expected a whole day"),
        (
            "days: 20",
            "days: 99999999999999999999",
            "mine.yaml:7: days: found 9{20}; expected 36525",
        ),
        ("days: 100", "days: 100000000", "mine.yaml:2: days: found 1.*; expected 36525 or fewer"),
        ("name: x", "name: [x]", "mine.yaml:1: name: found a list or a mapping; expected text"),
        ("name: x", "name:", "mine.yaml:1: name: found nothing; expected text"),
        ("case: none", "case: {}", "mine.yaml:3: case: found a list or a mapping"),
        ("2026-01-01", "2026-13-45", "mine.yaml:4: found '2026-13-45'; expected a value"),
        ("2026-01-01", "2026-01-01 10:00:00", "mine.yaml:4: date: found '2026-01-01 10"),
        ("rules: {}", "rules: {base: mine.yaml}", "mine.yaml:5: base: .*does not lead back here"),
        ("rules: {}", "rules: {base: one.yaml}", "two.yaml:1: base: .*does not lead back here"),
        ("place: TWN", "place: &p [*p]", "mine.yaml:7: found an alias inside what it means"),
        ("place: TWN", "<<: {}", "mine.yaml:7: shocks: found key '<<'"),
        ("lost: 0.8", "table: wrong.csv", "wrong.csv:2: found 'abc'; expected a number"),
        ("lost: 0.8", "table: binary.csv", "mine.yaml:7: file: found 'binary.csv'"),
        ("name: x", "name: x\0", "mine.yaml:1: found the character 0"),
        ("name: x", "name: *x", "mine.yaml:1: found undefined alias 'x'"),
    ],
)
def test_a_slip_of_the_pen_gives_one_clear_fault(tmp_path, old, new, told):
    file = tmp_path / "mine.yaml"
    file.write_text(CLOSES.replace(old, new, 1), "utf-8")
    (tmp_path / "one.yaml").write_text("base: two.yaml\n", "utf-8")
    (tmp_path / "two.yaml").write_text("base: one.yaml\n", "utf-8")
    (tmp_path / "wrong.csv").write_text("unit,lost\nTWN/chip,abc\n", "utf-8")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=told) as caught:
        load_scenario(file)
    assert len(caught.value.faults) == 1


def test_a_file_that_is_not_there_is_no_unknown_name(tmp_path):
    with pytest.raises(BadInput, match=r"none\.yaml: found no such file; expected a scenario file"):
        load_scenario(tmp_path / "none.yaml")
    with pytest.raises(BadInput, match="found a folder; expected a scenario file"):
        load_scenario(tmp_path)


def test_a_special_rule_for_an_unknown_item_names_its_line(tmp_path):
    file = tmp_path / "mine.yaml"
    special = "rules: {special: [{items: none, cover_days: 3}]}"
    file.write_text(CLOSES.replace("rules: {}", special).replace("TWN", "R00"), "utf-8")
    with pytest.raises(BadInput, match=r"mine\.yaml:5: item: found 'none'"):
        run(from_mrio(*balanced(2, 2)), load_scenario(file))


def test_both_sides_and_a_seller_are_too_much():
    with pytest.raises(BadInput, match="two sides in `between`, or `from` and `to`"):
        TradeCut(between=("R00", "*"), from_="R01")
