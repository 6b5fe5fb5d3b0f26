"""What is known about a case, an item, a place or a firm."""

import json

import pytest

import tiny
from narrows import evidence, measure
from narrows.terms import UnknownName


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return evidence.load(tiny.write(tmp_path_factory.mktemp("profile") / "case"))


def test_a_case_lists_every_item_by_stage(case):
    seen = measure.profile(case)
    assert (seen.kind, seen.name, seen.period) == ("case", "tiny", "2022")
    items = seen.tables["items"]
    assert set(items["item"]) == set(case.items["id"])
    stages = [stage.id for stage in case.info.stages]
    assert items["stage"].map(stages.index).is_monotonic_increasing


@pytest.mark.parametrize("name", ["chip", "old-chip"])
def test_an_item_shows_its_makers_what_it_needs_and_what_needs_it(case, name):
    seen = measure.profile(case, name, period=2019)
    assert (seen.kind, seen.name) == ("item", "chip")
    makers = seen.tables["makers"].set_index("entity")
    assert makers["value"].to_dict() == {"TWN": 92, "KOR": 8}
    assert set(makers["source_id"]) == {"s1"}
    assert makers["locator"].ne("").all()
    assert set(seen.tables["needs"]["input"]) == {"gas", "tool", "power"}
    needed = seen.tables["needed_by"].set_index("item")
    assert needed.loc["phone", "stops_fraction"] == 0.5
    others = seen.tables["other_sets"]
    assert set(zip(others["period"], others["source_id"], others["status"], strict=True)) == {
        ("2022", "s1", "actual"),
        ("2022", "s2", "actual"),
        ("2032", "s1", "forecast"),
    }
    assert set(seen.tables["figures"]["measure"]) == {"headroom"}


def test_what_the_user_set_shows_in_the_recipe(case):
    seen = measure.profile(case.override({"cover.gas": 3}), "chip")
    assert seen.tables["needs"].set_index("input").loc["gas", "cover_days"] == 3


def test_a_place_shows_all_that_it_makes_with_its_rank(case):
    seen = measure.profile(case, "TWN")
    assert (seen.kind, seen.title) == ("place", "Taiwan")
    makes = seen.tables["makes"].set_index("item")
    assert makes["value"].to_dict() == {"chip": 69, "memory": 20, "all-fabs": 20}
    assert makes.loc["memory", "rank"] == 3  # after South Korea and the unnamed rest


def test_a_group_shows_what_its_members_make(case):
    makes = measure.profile(case, "EastAsia").tables["makes"]
    assert set(makes["entity"]) == {"TWN", "KOR", "JPN"}


@pytest.mark.parametrize("name", ["firm:Lito", "Lito"])
def test_a_firm_may_be_named_without_its_mark(case, name):
    seen = measure.profile(case, name)
    assert (seen.kind, seen.name, seen.title) == ("firm", "firm:Lito", "Lito")
    assert seen.tables["makes"]["item"].tolist() == ["tool"]


def test_a_place_without_a_figure_makes_nothing(case):
    seen = measure.profile(case, "BRA")
    assert (seen.title, len(seen.tables["makes"])) == ("Brazil", 0)


def test_a_name_that_is_none_is_refused_with_the_nearest(case):
    with pytest.raises(UnknownName, match="nearest: memory"):
        measure.profile(case, "memry")


@pytest.mark.parametrize("name", [None, "chip", "TWN", "Lito"])
def test_a_profile_is_plain_json_with_the_sources_it_names(case, name):
    found = measure.profile_json(measure.profile(case, name), case)
    json.dumps(found, allow_nan=False)
    assert found["schema"].startswith("narrows/")
    named = {
        row["source_id"]
        for rows in found.values()
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, dict) and row.get("source_id")
    }
    assert {source["id"] for source in found["sources"]} == named
