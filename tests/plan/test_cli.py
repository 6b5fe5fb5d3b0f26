"""The command line of plans."""

import json

import pytest

import tiny
from narrows.cli.app import run

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
    assert "The simulation" in out


def test_the_json_form_holds_every_table(case, capsys, tmp_path):
    more = ["--json", "--frontier", "--sensitivity", "--out", str(tmp_path / "out")]
    code = run(["plan", "--case", case, "--against", "Taiwan=0.05,UKR=0.01", *SHORT, *more])
    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["schema"] == "narrows/plan/1"
    assert len(found["frontier"]) == 11
    assert {row["threat"] for row in found["proof"]} == {"TWN-stops", "UKR-stops"}
    assert isinstance(found["verdict"]["confirmed"], bool)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"portfolio.csv", "payments.csv", "losses.csv", "proof.csv", "frontier.svg"} <= names


def test_a_threat_without_probability_and_an_unknown_one_are_told(case, capsys):
    assert run(["plan", "--case", case, "--against", "TWN", *SHORT]) == 2
    assert "no probability" in capsys.readouterr().err
    assert run(["plan", "--case", case, "--against", "taiwan-strait-blokade", *SHORT]) == 2
    assert "nearest: taiwan-strait-blockade" in capsys.readouterr().err
    assert run(["plan", "--case", case, "--against", "TWN=often", *SHORT]) == 2
    assert "a probability a year" in capsys.readouterr().err


def test_payers_who_may_pay_for_nothing_start_nothing(case, capsys):
    arguments = ["plan", "--case", case, "--against", "TWN=0.05", *SHORT, "--no-proof"]
    assert run([*arguments, "--payers", "CHN"]) == 0
    assert "Nothing on the list is worth its cost." in capsys.readouterr().out
