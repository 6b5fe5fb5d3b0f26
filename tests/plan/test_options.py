"""Files of options: what they hold, and how their faults are told."""

import csv
import re
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

import narrows as nw
from narrows.terms import ASSUMED_SOURCE, BY_USER, BadInput, UnknownName

DATA = Path(str(files("narrows.evidence"))) / "data"
FILES = sorted(DATA.glob("*/options*.yaml"))
GOOD = """\
options:
  - {id: stock, kind: stockpile, item: chip, days: 10, cost_usd: {JPN: 1.0e+9}}
  - id: lab
    kind: centre
    cost_usd: {JPN: 0}
    gates:
      - {name: pilot, years: 1, cost_usd: 0.5, success: {best: 0.5, low: 0.2, high: 0.8, reason: x}}
  - {id: fab, kind: capacity, item: chip, size: 0.1, cost_usd: {JPN: 5.0e+9}, opened_by: lab}
floors:
  - {id: f, kind: met, item: phone, least: 0.5}
controls:
  - {id: c, items: [chip], from: [JPN], to: [CHN]}
likelihood:
  storm: {best: 0.1, low: 0.05, high: 0.2, reason: x}
"""


def read(tmp_path, text):
    file = tmp_path / "options.yaml"
    file.write_text(text, "utf-8")
    return nw.plan.load_options(file)


def test_a_file_holds_options_floors_controls_and_probabilities(tmp_path):
    found = read(tmp_path, GOOD)
    assert [each.id for each in found] == ["stock", "lab", "fab"]
    assert found["fab"].figure("cost_usd.JPN").best == 5e9
    assert found["stock"].figure("days").source_id == BY_USER
    assert found.floors[0].least == 0.5
    assert found.controls[0].from_ == ("JPN",)
    assert found.likelihood["storm"].high == 0.2
    assert nw.plan.load_options(tmp_path)["lab"].gates[0].name == "pilot"
    assert [each.id for each in found.without("lab")] == ["stock"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("kind: stockpile", "kind: stockpil", 2, "nearest: stockpile"),
        ("days: 10", "dayz: 10", 2, "key 'dayz'"),
        ("days: 10, ", "", 2, "no key 'days'"),
        ("days: 10", "days: ten", 2, "found 'ten'"),
        ("size: 0.1", "size: {best: 0.1}", 8, "no source"),
        ("size: 0.1", "size: {best: 0.1, low: 0.2, high: 0.3, reason: x}", 8, "low <= best"),
        ("opened_by: lab", "opened_by: lap", 1, "lap"),
        ("years: 1,", "years: -1,", 7, "0 or more"),
        ("least: 0.5", "least: 5", 10, "0 to 1"),
        ("kind: met", "kind: mat", 10, "met"),
        ("{JPN: 5.0e+9}", "{}", 8, "no place"),
        ("id: fab", "id: stock", 1, "twice"),
        ("best: 0.5, low: 0.2, high: 0.8", "best: 0.5, low: 0.2, high: 1.8", 7, "0 to 1"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_line_found_and_allowed(tmp_path, old, new, line, said):
    assert GOOD.count(old) == 1
    with pytest.raises(BadInput) as error:
        read(tmp_path, GOOD.replace(old, new))
    assert any(
        fault.file == "options.yaml" and fault.row == line and said in str(fault)
        for fault in error.value.faults
    ), str(error.value)


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    text = GOOD.replace("days: 10", "dayz: 10").replace("least: 0.5", "least: 5")
    with pytest.raises(BadInput) as error:
        read(tmp_path, text)
    assert len(error.value.faults) >= 3


def test_a_file_that_is_not_there_names_the_bundled_ones():
    with pytest.raises(UnknownName, match="semiconductors"):
        nw.plan.load_options("semiconductor")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_bundled_figure_has_a_source_or_a_range_with_a_reason(file):
    options = nw.plan.load_options(file)
    raw = yaml.safe_load(file.read_text("utf-8"))
    with (file.parent / "sources.csv").open(encoding="utf-8") as table:
        known = {row["id"] for row in csv.DictReader(table)}
    known |= {source["id"] for source in raw.get("sources", [])}
    given = {each["id"]: each for each in raw["options"]}
    for option in options:
        for name, figure in option.figures().items():
            field = name.partition(".")[0]
            if field not in given[option.id] or (option.kind, field) == ("centre", "cost_usd"):
                continue
            assert figure.source_id != BY_USER, f"{option.id}: {name}"
            if figure.source_id == ASSUMED_SOURCE:
                assert figure.reason
                assert figure.low < figure.high, f"{option.id}: {name}"
            assert figure.source_id in known, f"{option.id}: {figure.source_id}"
            for word in re.findall(r"\(([a-z0-9]+-[a-z0-9-]+)[,)]", figure.reason):
                assert word in known, f"{option.id}: {word}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_bundled_options_fit_their_case(file):
    net = nw.network.from_case(nw.evidence.load(file.parent.name))
    options = nw.plan.load_options(file)
    assert set(options.likelihood) <= set(nw.simulate.bundled_scenarios())
    given = {"years": 2, "every": 2, "budget_usd": 0.0}
    threats = [
        nw.plan.Threat(scenario=nw.plan.outages(net, ["TWN"], days=60, horizon=120)[0], yearly=0.1)
    ]
    plan = nw.plan.solve(net, threats, options, **given)
    assert plan.portfolio().empty
    assert plan.expected_loss_usd == pytest.approx(plan.expected_loss_without_usd)
