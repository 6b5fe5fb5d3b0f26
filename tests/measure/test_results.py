"""The JSON form of results: valid by its published schema, and true to the table."""

import json
import math

import jsonschema
import pandas as pd
import pytest

import tiny
from narrows import evidence, measure, network
from narrows.measure.results import COLUMNS
from narrows.terms import UnknownName


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return evidence.load(tiny.write(tmp_path_factory.mktemp("results") / "case"))


@pytest.fixture(scope="module")
def net(case):
    return network.from_case(case)


def tables(case, net):
    partners = pd.DataFrame(
        [("x", "A", 90.0), ("x", "B", 10.0)], columns=["product", "partner", "imports_usd"]
    )
    totals = pd.DataFrame(
        [("x", 120.0, 0.0)], columns=["product", "total_imports_usd", "total_exports_usd"]
    )
    risk = pd.DataFrame(
        [
            {
                "material": "x",
                "stage": "mining",
                "country": "A",
                "world_share": 1.0,
                "own_share": 1.0,
                "governance": 5.0,
                "import_reliance": 1.0,
                "recycling": 0.0,
                "substitution": 1.0,
            }
        ]
    )
    links = pd.DataFrame([("a", "b", 2.0), ("b", "c", 1.0)], columns=["supplier", "buyer", "value"])
    firms = pd.DataFrame([(name, "all") for name in "abc"], columns=["id", "sector"])
    return {
        "concentration": measure.concentration(case, draws=3),
        "exposure": measure.exposure(net, on="TWN"),
        "autonomy": measure.autonomy(net, us=["JPN"], them=["CHN"]),
        "contingency": measure.contingency(net, draws=3),
        "worst": measure.worst(net, 2),
        "single_producer": measure.single_producer(case),
        "shares": case.shares("gas"),
        "eu_core_indicators": measure.eu_core_indicators(partners, totals),
        "eu_supply_risk": measure.eu_supply_risk(risk),
        "systemic_risk": measure.systemic_risk(
            network.from_firms(links, firms, essential="essential")
        ),
    }


@pytest.fixture(scope="module")
def made(case, net):
    return tables(case, net)


def test_every_result_with_a_schema_is_tried_here(made):
    assert set(made) == set(COLUMNS)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_result_is_valid_by_its_schema_and_is_plain_json(case, net, made, name):
    found = measure.as_json(name, made[name], case, settings={"period": "2022"}, net=net)
    text = json.dumps(found, allow_nan=False)
    schema = measure.json_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(text), schema)
    assert found["schema"] == f"narrows/{name}/1"
    assert len(found["rows"]) == len(made[name])


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_of_a_result_is_in_its_schema(made, name):
    assert set(made[name].columns) <= set(COLUMNS[name])


@pytest.mark.parametrize("name", ["concentration", "contingency", "exposure"])
def test_the_numbers_are_those_of_the_table(case, net, made, name):
    rows = measure.as_json(name, made[name], case, net=net)["rows"]
    for row, (_, expected) in zip(rows, made[name].iterrows(), strict=True):
        for column, value in row.items():
            if isinstance(expected[column], float) and not math.isfinite(expected[column]):
                assert value is None
            else:
                assert value == expected[column]


def test_case_settings_and_sources_are_named(case, net, made):
    moved = case.override({"cover.gas": 3})
    found = measure.as_json("contingency", made["contingency"], moved, settings={"k": 1}, net=net)
    assert found["case"] == {
        "name": "tiny",
        "title": "Tiny",
        "version": "1",
        "digest": case.digest,
        "evidence_date": "2026-11-23",
    }
    assert found["settings"] == {"k": 1, "set": {"cover.gas": 3}}
    assert {source["id"] for source in found["sources"]} == {"s1", "s2", "narrows-assumption"}


def test_a_result_without_a_case_says_so(made):
    found = measure.as_json("eu_supply_risk", made["eu_supply_risk"], None)
    assert (found["case"], found["sources"]) == (None, [])


def test_a_schema_of_no_result_is_refused():
    with pytest.raises(UnknownName, match="nearest: contingency"):
        measure.json_schema("contingencies")


def test_the_columns_that_were_promised_are_there(made):
    promised = {
        "concentration": "item period basis measure hhi hhi_low hhi_high effective_number cr1 cr3 "
        "theil top_entity top_share n_entities other_share source_id grade filled rank holds",
        "exposure": "buyer item direct look_through stand_in",
        "contingency": "dropped end_use left_fixed left_best stock_days because rank holds",
        "autonomy": "item reliance leverage reliance_look_through leverage_look_through sourcing",
    }
    for name, columns in promised.items():
        assert set(columns.split()) <= set(made[name].columns)
