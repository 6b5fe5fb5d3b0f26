import json
from datetime import date

import jsonschema
import pytest

from narrows.screen import (
    as_trade_cuts,
    coalition_gaps,
    compare_lists,
    compare_shipment,
    compare_shipments,
    decision_schema,
    flips,
    shipment,
    worked_shipments,
)
from narrows.simulate import load_scenario
from narrows.terms import BadInput

NOW = date(2026, 7, 1)
WORKED = worked_shipments()


def test_one_shipment_under_every_jurisdiction_says_who_asks_most():
    found = compare_shipment(WORKED["immersion-second-band"], on=date(2023, 11, 17))
    assert found.strictest == ("us",)
    assert found.differ
    frame = found.to_frame().set_index("jurisdiction")
    assert list(frame.index[frame["reaches"]]) == ["eu", "nl", "us"]
    assert list(frame.index[frame["strictest"]]) == ["us"]


def test_where_nobody_reaches_a_shipment_nobody_is_strictest():
    found = compare_shipment({"route": {"from": "KOR", "to": "VNM"}}, jurisdictions=["jp"], on=NOW)
    assert found.strictest == ()
    assert not found.differ


@pytest.mark.parametrize("name", ["comparison", "coalition", "lists"])
def test_the_json_form_of_a_comparison_holds_its_schema(name):
    scanner = WORKED["immersion-second-band"]
    made = {
        "comparison": lambda: compare_shipment(scanner, on=NOW),
        "coalition": lambda: coalition_gaps(scanner, through=["VNM"], on=NOW),
        "lists": lambda: compare_lists("us", ["eu", "nl"], on=NOW),
    }
    found = json.loads(json.dumps(made[name]().as_json()))
    jsonschema.validate(found, decision_schema(name))
    assert found["notice"].startswith("Decision support, not legal advice")
    dated = {row.get("rules_as_of") or row.get("lists_as_of") for row in found["rows"]}
    assert all(dated)


def test_many_shipments_on_several_days():
    days = [date(2023, 7, 31), date(2023, 8, 1)]
    table = compare_shipments([WORKED["gallium-japan"]], on=days, jurisdictions=["cn", "jp"])
    assert list(table["cn"]) == ["nothing_found", "licence"]
    named = compare_shipments({"a": WORKED["gallium-japan"]}, on=NOW, jurisdictions=["cn"])
    assert list(named["shipment"]) == ["a"]


def test_a_decision_that_was_kept_flips_and_says_through_which_rule():
    kept = shipment(WORKED["gallium-us"], on=date(2025, 6, 1), jurisdictions=["cn"])
    found = flips([kept], date(2025, 6, 1), date(2026, 6, 1), jurisdictions=["cn"])
    assert [(each.before, each.after) for each in found] == [("prohibited", "licence")]
    assert found[0].gone == ("cn.us.materials",)
    assert flips([kept], date(2026, 6, 1), date(2026, 7, 1), jurisdictions=["cn"]) == ()


def test_no_decision_flips_on_the_same_day():
    assert flips(WORKED.values(), NOW, NOW) == ()


def test_the_gap_of_the_coalition_is_the_member_whose_rules_do_not_ask():
    # an immersion scanner above both overlay bands: Japan's text has no bound
    found = coalition_gaps(
        WORKED["immersion-third-band-jp"],
        members=["JPN", "NLD"],
        on=NOW,
        jurisdictions=["jp", "nl", "us"],
    )
    kinds = {way.origin: found.kind(way) for way in found.ways}
    assert kinds == {"JPN": "closed", "NLD": "open"}
    assert [way.origin for way in found.gaps] == ["NLD"]
    frame = found.to_frame().set_index("origin")
    assert frame.loc["JPN", "rules"] == "jp.list.2023"


def test_us_reach_follows_the_item_through_a_third_place():
    tool = {
        "route": {"from": "USA", "to": "CHN"},
        "item": {"kind": "other-chipmaking-tool", "us_chip_inside": True},
        "end_use": {"chip_fab": True, "advanced_fab": True},
    }
    found = coalition_gaps(
        tool, members=["USA", "KOR"], through=["MYS", "VNM"], on=NOW, jurisdictions=["us", "kr"]
    )
    stopped = {(way.origin, way.through): way.stopped_by for way in found.ways}
    assert stopped[("USA", "")] == stopped[("USA", "VNM")] == ("us",)
    assert stopped[("KOR", "")] == stopped[("KOR", "MYS")] == ("us",)
    # whether Vietnam is one of the 33 countries left out was not read
    kinds = {(way.origin, way.through): found.kind(way) for way in found.ways}
    assert kinds[("KOR", "VNM")] == "unsure"


def test_facts_of_one_member_alone():
    scanner = WORKED["immersion-second-band"]
    ways = {
        content: coalition_gaps(
            scanner,
            members=["NLD"],
            on=date(2024, 1, 1),
            jurisdictions=["us"],
            changed={"NLD": {"item.us_content_percent": content}},
        ).ways[0]
        for content in (0, 5)
    }
    assert (ways[0].required, ways[5].required) == ("outside", "licence")


def test_what_is_required_becomes_the_trade_cuts_of_a_scenario(tmp_path):
    text = as_trade_cuts(
        [WORKED["gallium-us"], WORKED["gallium-japan"], WORKED["surveillance-us"]],
        items={"gallium-us": ["gallium-*"], "gallium-japan": ["gallium-*"]},
        lost={"prohibited": 1.0, "licence": {"low": 0.1, "best": 0.3, "high": 0.6}},
        name="gallium-2025",
        days=365,
        start=10,
        lasts=200,
        on=date(2025, 6, 1),
        jurisdictions=["cn"],
    )
    path = tmp_path / "cuts.yaml"
    path.write_text(text, "utf-8")
    scenario = load_scenario(path)
    first, second = scenario.shocks
    assert (first.from_, first.to, first.lost) == (("CHN",), ("USA",), 1.0)
    assert (second.to, second.lost.best, second.start, second.days) == (("JPN",), 0.3, 10, 200)
    assert "cn.us.materials" in text
    assert "Decision support, not legal advice" in text
    assert "Rules read up to: cn 2026-07-31" in text


def test_without_a_requirement_there_is_no_cut(tmp_path):
    text = as_trade_cuts(
        [WORKED["gallium-japan"]],
        items={},
        lost={"prohibited": 1.0},
        name="none",
        days=10,
        on=NOW,
        jurisdictions=["cn"],
    )
    path = tmp_path / "none.yaml"
    path.write_text(text, "utf-8")
    assert load_scenario(path).shocks == ()


@pytest.mark.parametrize(
    ("given", "changed", "said"),
    [
        (WORKED["gallium-us"], {"lost": {"prohibited": 1.5}}, "a part from 0 to 1"),
        (WORKED["gallium-us"], {"items": {}}, "the items of the case"),
        ({"told.cn": True, "item.origin": "CHN", "route.from": "CHN"}, {}, "a place, to cut"),
    ],
)
def test_a_cut_that_cannot_be_written_is_told(given, changed, said):
    settings = {
        "items": {"gallium-us": ["gallium"], "shipment": ["x"]},
        "lost": {"prohibited": 1.0, "licence": 0.5},
        "name": "x",
        "days": 10,
        "on": date(2025, 6, 1),
        "jurisdictions": ["cn"],
    }
    with pytest.raises(BadInput, match=said):
        as_trade_cuts([given], **{**settings, **changed})
