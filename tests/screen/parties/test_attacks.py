"""Disguised names of the whole Consolidated Screening List, and names that only look listed."""

import random

import pytest

from screen.parties.attacks import ATTACKS, FORMATTING
from screen.parties.measuring import bench_of, false_alarms, recall

BARS = {
    ("formatting", "Person"): 0.97,
    ("formatting", "Organization"): 0.97,
    ("one typo", "Person"): 0.95,
    ("one typo", "Organization"): 0.95,
    ("two typos", "Person"): 0.85,
    ("two typos", "Organization"): 0.85,
    ("joined", "Person"): 0.90,
    ("joined", "Organization"): 0.90,
    ("leetspeak", "Person"): 0.85,
    ("leetspeak", "Organization"): 0.85,
    ("Cyrillic", "Person"): 0.90,
    ("Cyrillic", "Organization"): 0.80,
    ("initials", "Person"): 0.95,
    ("padded", "Organization"): 0.75,
    ("acronym", "Organization"): 0.65,
}


def chance_of(seed):
    return random.Random(seed)  # noqa: S311 - a drawn sample, no secret


@pytest.fixture(scope="module")
def bench(shared_data):
    return bench_of(shared_data / "parties" / "csl" / "csl_2026-07-31_compact.json.gz")


@pytest.mark.slow
@pytest.mark.parametrize(("family", "schema"), BARS)
def test_a_disguised_name_is_found_on_top_and_above_the_threshold(bench, family, schema):
    found = recall(bench, family, schema, count=200, chance=chance_of(11))
    assert found >= BARS[family, schema]


@pytest.mark.slow
@pytest.mark.parametrize("schema", ["Person", "Organization"])
def test_invented_names_give_few_false_alarms(bench, schema):
    assert false_alarms(bench, schema, count=1000, chance=chance_of(12)) <= 0.01


def test_every_attack_changes_a_name():
    chance = chance_of(1)
    name = "Orion Lithography Works Limited"
    for attacks in ATTACKS.values():
        for attack in attacks:
            assert attack(name, chance) != name
    assert len(FORMATTING) == 7
