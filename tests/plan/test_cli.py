"""The command line of plans."""

import json

import jsonschema
import pytest

import narrows as nw
import tiny
from narrows.cli.app import run
from narrows.cli.plan import DRAWS

OPTIONS = """\
likelihood:
  taiwan-strait-blockade: 0.05
options:
  - {id: stock, kind: stockpile, item: chip, days: 30, steps: 2, cost_usd: {World: 1.0e+9}, payers: [JPN]}
  - {id: fab, kind: capacity, item: chip, size: 0.2, cost_usd: {JPN: 3.0e+9}, years: 1}
"""  # noqa: E501 - a file
SHORT = ["--years", "2", "--every", "2", "--budget", "5e9"]


@pytest.fixture
def case(tmp_path):
    folder = tiny.write(tmp_path / "case")
    (folder / "options.yaml").write_text(OPTIONS, "utf-8")
    return str(folder)


def test_a_plan_is_told_and_proved(case, capsys):
    code = run(["plan", "--case", case, "--against", "TWN=0.05", *SHORT])
    out = capsys.readouterr().out
    assert code == 0
    assert "What is started" in out
    assert "stock" in out
    assert "by the simulation, which bears out" in out


def test_the_json_form_holds_every_table(case, capsys, tmp_path):
    more = ["--json", "--frontier", "--sensitivity", "--worth", "--out", str(tmp_path / "out")]
    more += ["--under", "KOR", "--again", "2028", "--draws", "3"]
    code = run(["plan", "--case", case, "--against", "Taiwan=0.05,UKR=0.01", *SHORT, *more])
    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["schema"] == "narrows/plan/1"
    assert len(found["frontier"]) == 11
    assert {row["threat"] for row in found["proof"]} == {"TWN-stops", "UKR-stops"}
    assert isinstance(found["verdict"]["confirmed"], bool)
    assert found["verdict"]["draws"] == 3
    jsonschema.validate(found, nw.plan.json_schema())
    assert set(nw.plan.columns.TABLES) - set(found) == {"break_even", "first"}
    for name, columns in nw.plan.columns.TABLES.items():
        if found.get(name):
            assert set(found[name][0]) == set(columns), name
    assert {"evpi_usd", "vss_usd"} <= set(found["values"])
    assert [row["made"] for row in found["stages"]] == [2027, 2028]
    assert found["sources"][0]["publisher"]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"portfolio.csv", "payments.csv", "losses.csv", "proof.csv", "frontier.svg"} <= names
    more = {"sensitivity.svg", "regret.csv", "next_billion.csv", "robustness.csv", "stages.csv"}
    assert more <= names


def test_a_threat_without_probability_and_an_unknown_one_are_told(case, capsys):
    assert run(["plan", "--case", case, "--against", "TWN", *SHORT]) == 2
    told = capsys.readouterr().err
    assert "no probability" in told
    assert "such as TWN=0.01" in told
    assert run(["plan", "--case", case, "--against", "taiwan-strait-blokade", *SHORT]) == 2
    assert "nearest: taiwan-strait-blockade" in capsys.readouterr().err
    assert run(["plan", "--case", case, "--against", "TWN=often", *SHORT]) == 2
    assert "a probability a year" in capsys.readouterr().err


def test_payers_who_may_pay_for_nothing_are_told(case, capsys):
    arguments = ["plan", "--case", case, "--against", "TWN=0.05", *SHORT, "--no-proof"]
    for payers in ("CHN", "JPM", "JPN,JPM"):
        assert run([*arguments, "--payers", payers]) == 2
        told = capsys.readouterr().err
        assert f"found {payers[-3:]}; expected who may pay for something: JPN" in told


def test_what_cannot_be_read_is_told_before_any_work(case, capsys, tmp_path):
    plain = ["plan", "--case", case, *SHORT, "--no-proof", "--against"]
    assert run([*plain, "TWN=nan"]) == 2
    assert "a probability a year, 0 to 1" in capsys.readouterr().err
    assert run([*plain, "TWN=0.05", "--options", str(tmp_path / "nix.yaml")]) == 2
    assert "no such file" in capsys.readouterr().err
    assert run([*plain, "TWN=0.05", "--method", "hole"]) == 2
    assert "nearest: whole" in capsys.readouterr().err
    endless = tmp_path / "endless.yaml"
    endless.write_text(OPTIONS.replace("days: 30", "days: .inf"), "utf-8")
    assert run([*plain, "TWN=0.05", "--options", str(endless)]) == 2
    assert "endless.yaml:4: days: found inf" in " ".join(capsys.readouterr().err.split())
    assert run(["plan", "--case", "batteries", "--against", "KOR=0.02"]) == 2
    assert "a case without options.yaml" in capsys.readouterr().err


def test_the_whole_form_prints_the_same_plan(case, capsys):
    plain = ["plan", "--case", case, "--against", "TWN=0.3", *SHORT, "--no-proof", "--json"]
    both = []
    for method in ("cuts", "whole"):
        assert run([*plain, "--method", method]) == 0
        both.append(json.loads(capsys.readouterr().out)["summary"]["objective_usd"])
    assert both[0] == pytest.approx(both[1], rel=2e-3)


def test_a_payer_with_a_limit_keeps_it(case, capsys):
    given = ["plan", "--case", case, "--against", "TWN=0.3", *SHORT, "--no-proof", "--json"]

    def paid(payers):
        assert run([*given, "--payers", payers]) == 0
        return sum(row["usd"] for row in json.loads(capsys.readouterr().out)["payments"])

    assert paid("JPN=1.2e9") <= 1.2e9 + 1 < paid("JPN,KOR")
    assert run([*given, "--payers", "JPN=much"]) == 2
    assert "such as JPN=8e9" in capsys.readouterr().err


def test_what_is_not_worth_its_cost_tells_how_far_off_it_is(case, capsys):
    rare = ["plan", "--case", case, "--against", "TWN=0.000001", *SHORT, "--no-proof"]
    assert run([*rare, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, nw.plan.json_schema())
    assert found["portfolio"] == []
    assert found["break_even"][0]["break_even_yearly"] > 1e-6
    assert found["values"]["avoided_per_dollar"] < 1
    assert run(rare) == 0
    out = capsys.readouterr().out
    assert "The first to be worth its cost is" in out
    assert found["first"][0]["option"] in out


def test_tables_of_everything_asked_are_told(case, capsys):
    more = ["--no-proof", "--worth", "--under", "KOR", "--again", "2028", "--frontier"]
    assert run(["plan", "--case", case, "--against", "TWN=0.05", *SHORT, *more]) == 0
    out = capsys.readouterr().out
    for part in ("To know the future", "Regret", "What more money", "What each option", "Under"):
        assert part in out
    assert "The plan made again" in out
    assert run(["plan", "--case", case, "--against", "TWN=0.05", *SHORT, "--again", "soon"]) == 2
    assert "years, as 2029,2032" in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_follows_the_scenarios_and_one_that_is_not_there_is_told(case, capsys):
    distributed = pytest.importorskip("distributed")
    given = ["plan", "--case", case, "--against", "TWN=0.05,KOR=0.01", *SHORT, "--no-proof"]
    assert run([*given, "--json"]) == 0
    here = json.loads(capsys.readouterr().out)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        assert run([*given, "--json", "--cluster", cluster.scheduler_address]) == 0
    there = json.loads(capsys.readouterr().out)
    assert there["summary"]["objective_usd"] == pytest.approx(here["summary"]["objective_usd"])
    assert run([*given, "--cluster", "no address"]) in (2, 3)
    assert "scheduler" in capsys.readouterr().err


def test_the_number_of_draws_is_that_of_the_library():
    assert DRAWS == nw.plan.proof.DRAWS
