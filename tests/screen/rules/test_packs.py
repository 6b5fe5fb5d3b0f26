import re
from datetime import date

import pytest

from narrows.screen import bundled_packs, read_pack, run_tests
from narrows.screen.items.entries import READINGS
from narrows.screen.rules.deciding import decide
from narrows.screen.rules.pack_reading import pack
from narrows.terms import BadInput

TODAY = date(2026, 11, 23)
WRONG = "on: 2025-02-27, outcome: licence, fires: [kr.list]"
NAMES = sorted(bundled_packs())


@pytest.mark.parametrize("name", NAMES)
def test_what_a_pack_expects_of_its_own_cases_comes_out(name):
    assert run_tests(pack(name)) >= 30


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_citation_dates_reading_and_a_test_each_way(name):
    for rule in pack(name).rules:
        assert rule.cite
        assert rule.read in READINGS
        assert any(rule.id in test.fires for test in pack(name).tests), rule.id
        assert any(rule.id in test.quiet for test in pack(name).tests), rule.id


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_without_a_first_day_says_that_it_was_not_read(name):
    lines = bundled_packs()[name].read_text("utf-8").splitlines()
    for rule in pack(name).rules:
        assert (rule.force.from_ is None) is ("from: not read" in lines[rule.line - 1]), rule.id


@pytest.mark.parametrize("name", NAMES)
def test_a_test_under_fires_really_fires_the_rule_and_one_under_quiet_does_not(name):
    for test in pack(name).tests:
        found = decide(pack(name), test.facts, test.on, as_written=test.as_written)
        fires = {step.rule.id: step.fires for step in found.steps}
        assert all(fires[rule] is True for rule in test.fires), test.name
        assert all(fires.get(rule, False) is False for rule in test.quiet), test.name


@pytest.mark.parametrize("name", NAMES)
def test_every_control_entry_has_a_citation_a_reading_and_a_place_in_the_comparison(name):
    for entry in pack(name).controls.entries:
        assert entry.cite
        assert entry.read in READINGS
        assert entry.spine


def test_a_test_that_comes_out_otherwise_is_told_with_its_line(tmp_path):
    text = bundled_packs()["kr"].read_text("utf-8")
    wrong = text.replace("on: 2025-02-27, outcome: nothing_found, quiet: [kr.list]", WRONG)
    assert wrong != text
    path = tmp_path / "kr.yaml"
    path.write_text(wrong, "utf-8")
    line = next(n for n, each in enumerate(wrong.splitlines(), 1) if WRONG in each)
    with pytest.raises(BadInput) as caught:
        run_tests(read_pack(path, today=TODAY))
    told = [(fault.row, fault.field, fault.found, fault.expected) for fault in caught.value.faults]
    assert told == [
        (line, "EUV masks before", "nothing_found", "licence"),
        (line, "EUV masks before", "kr.list None", "it to fire"),
    ]


def test_no_text_of_a_pack_says_that_a_shipment_may_go():
    for path in bundled_packs().values():
        words = set(re.findall(r"[a-z]+", path.read_text("utf-8").lower()))
        assert not words & {"cleared", "clear", "allowed", "approved"}
