import json
from datetime import date

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrows.screen import classify, decision_schema, triage
from narrows.screen.items.derived import derive
from narrows.screen.items.entries import covers
from narrows.screen.items.reading import bundled_lists, control_list
from narrows.screen.items.trying import values_around
from narrows.screen.rules.conditions import atoms
from narrows.screen.rules.leaves import Atom
from narrows.screen.rules.vocabulary import vocabulary
from narrows.terms import BadInput, UnknownName

NOW = date(2026, 7, 1)
IMMERSION = {"kind": "scanner", "wavelength_nm": 193, "numerical_aperture": 1.35}
LISTS = sorted(bundled_lists())


def item(**facts):
    return {"item": facts}


@pytest.mark.parametrize(
    ("facts", "met"),
    [
        # 15 CFR 774 suppl. 1, each at its bound and just beyond
        ({"kind": "scanner", "wavelength_nm": 13.5}, "3B001.f.1.a"),
        (
            {
                "kind": "scanner",
                "wavelength_nm": 193,
                "numerical_aperture": 1.35,
                "overlay_nm": 1.5,
            },
            "3B001.f.1.b",
        ),
        (
            {
                "kind": "scanner",
                "wavelength_nm": 193,
                "numerical_aperture": 1.35,
                "overlay_nm": 2.4,
            },
            "3B993.f.1",
        ),
        (
            {
                "kind": "scanner",
                "wavelength_nm": 193,
                "numerical_aperture": 1.35,
                "overlay_nm": 2.5,
            },
            None,
        ),
        (
            {
                "kind": "scanner",
                "wavelength_nm": 193,
                "numerical_aperture": 0.93,
                "overlay_nm": 1.0,
            },
            None,
        ),
        ({"kind": "integrated-circuit", "tpp": 4800, "tops": 1}, "3A090.a"),
        ({"kind": "integrated-circuit", "tops": 300, "bit_length": 16}, "3A090.a"),
        (
            {
                "kind": "integrated-circuit",
                "tpp": 1600,
                "die_area_mm2": 270,
                "datacenter": True,
                "tops": 1,
            },
            "3A090.a",
        ),
        (
            {
                "kind": "integrated-circuit",
                "tpp": 2400,
                "performance_density": 1.6,
                "datacenter": True,
                "tops": 1,
            },
            "3A090.b",
        ),
        (
            {
                "kind": "integrated-circuit",
                "tpp": 4799,
                "performance_density": 9,
                "datacenter": False,
                "tops": 1,
            },
            None,
        ),
        ({"kind": "memory-stack", "memory_bandwidth_density": 2.01}, "3A090.c"),
        ({"kind": "memory-stack", "memory_bandwidth_density": 2}, None),
        (
            {
                "kind": "etch",
                "etch": "isotropic-dry",
                "sige_selectivity": 100,
                "dielectric_etch": False,
                "euv": False,
            },
            "3B001.c.1.a",
        ),
        (
            {
                "kind": "resist",
                "resist": "optical",
                "resist_positive": True,
                "resist_wavelength_nm": 193,
            },
            None,
        ),
        ({"kind": "resist", "resist": "optical", "resist_wavelength_nm": 13.5}, "3C002.a.2"),
    ],
)
def test_parameters_meet_the_us_entry_that_they_should(facts, met):
    found = classify(item(**facts), on=NOW, lists=["us"])
    assert found.met("us")[:1] == (() if met is None else (met,))
    assert found.answer("us") == ("no_entry_met" if met is None else "controlled")


def test_an_item_with_a_parameter_missing_is_open_and_asked_about():
    found = classify(item(kind="scanner", wavelength_nm=193, overlay_nm=1.2), on=NOW, lists=["us"])
    assert found.answer("us") == "open"
    assert [each.fact for each in found.questions] == ["item.minimum_resolvable_feature_nm"]
    assert "nm" in found.questions[0].unit


def test_a_parameter_that_cannot_change_the_answer_is_not_asked():
    found = classify(item(kind="scanner", wavelength_nm=13.5), on=NOW, lists=["us"])
    assert found.questions == ()
    wide = classify(item(kind="scanner", wavelength_nm=193, overlay_nm=9), on=NOW, lists=["us"])
    assert wide.questions == ()


def test_what_kind_of_thing_it_is_comes_first():
    found = classify({}, on=NOW)
    assert [each.fact for each in found.questions] == ["item.kind"]
    assert {found.answer(name) for name in LISTS} == {"open"}


@given(st.sampled_from(LISTS), st.data())
@settings(max_examples=150)
def test_while_a_parameter_is_unknown_an_entry_is_never_not_met(name, data):
    list_ = control_list(name)
    entry = data.draw(st.sampled_from(list_.entries))
    day = entry.from_ or entry.until or NOW
    leaves = [leaf for leaf in atoms(entry.when) if isinstance(leaf, Atom)]
    met = {}
    for leaf in leaves:
        found = [x for x in leaves if x.name == leaf.name]
        for value in values_around(vocabulary()[leaf.name], found):
            if all(x._holds(value, x.value) for x in found):
                met[leaf.name] = value
    for each in list(met):
        left = {key: value for key, value in met.items() if key != each}
        found = classify(left, on=day, lists=[list_])
        answer = next(a for a in found.answers if a.entry is entry)
        if answer.met is False:  # only where the other facts settle it
            assert any(leaf.name != each for leaf in answer.leaves)


def test_the_day_decides():
    chip = item(kind="integrated-circuit", tpp=5000, transfer_rate_gbyte_s=400, tops=1)
    met = {
        day: classify(chip, on=date.fromisoformat(day), lists=["us"]).met("us")
        for day in ("2022-10-20", "2022-10-21", "2023-11-16", "2023-11-17")
    }
    assert met["2022-10-21"] == met["2023-11-16"] == met["2022-10-20"] == ()
    assert met["2023-11-17"] == ("3A090.a",)


def test_the_answer_never_says_that_an_item_is_free():
    found = classify(item(kind="other", covert_interception=False), on=NOW)
    text = json.dumps(found.as_json()).lower()
    assert "not controlled" not in text
    assert "the list has entries that are not held" in text
    assert found.notice.startswith("Decision support, not legal advice")


@pytest.mark.parametrize("facts", [{}, {"kind": "scanner"}, {"kind": "resist", "hs": "3707.90"}])
def test_the_json_form_holds_its_schema(facts):
    found = classify(item(**facts), on=NOW).as_json()
    jsonschema.validate(json.loads(json.dumps(found)), decision_schema("item"))


def test_a_customs_code_gives_places_to_look_and_no_answer():
    found = classify(item(kind="other", hs="8486.20"), on=NOW, lists=["jp"])
    assert [hint.hs for hint in found.hints] == ["8486.20", "8486"]
    assert found.answer("jp") == "no_entry_met"
    assert all(hint.basis for hint in found.hints)
    assert triage("0101") == ()
    assert triage("8542310000")[0].points_to == "ECCN family 3A; CHPL tier 1"


def test_wrong_parameters_are_told_with_the_nearest_name():
    with pytest.raises(BadInput, match=r"nearest: item\.overlay_nm"):
        classify(item(kind="scanner", overlay=1.5))
    with pytest.raises(BadInput, match=r"item\.overlay_nm: found 'small'; expected a number in nm"):
        classify(item(overlay_nm="small"))
    with pytest.raises(UnknownName, match="nearest: us"):
        classify({}, lists=["uss"])


def test_what_was_stated_is_not_overwritten_by_what_follows():
    facts = {"item.wavelength_nm": 193, "item.numerical_aperture": 1.35}
    assert derive(facts)["item.minimum_resolvable_feature_nm"] == pytest.approx(35.74, abs=0.01)
    facts["item.minimum_resolvable_feature_nm"] = 40
    assert derive(facts)["item.minimum_resolvable_feature_nm"] == 40


def test_an_identifier_covers_its_paragraphs_and_nothing_else():
    assert covers("3B001", "3B001.a.4")
    assert not covers("3B001", "3B0010")


@pytest.mark.parametrize(
    ("facts", "advanced"),
    [
        # 15 CFR 744.23(a)(2)(iii) of October 2022: 16/14 nm, non-planar, 128 layers, 18 nm
        ({"logic_node_nm": 16}, True),
        ({"nand_layers": 128}, True),
        ({"dram_half_pitch_nm": 18}, True),
        ({"non_planar": True, "logic_node_nm": 22}, True),
        ({"logic_node_nm": 28}, None),
        (
            {
                "logic_node_nm": 28,
                "non_planar": False,
                "nand_layers": 0,
                "dram_half_pitch_nm": 25,
            },
            False,
        ),
    ],
)
def test_whether_a_facility_makes_advanced_chips_follows_from_what_it_makes(facts, advanced):
    found = derive({f"facility.{key}": value for key, value in facts.items()})
    assert found.get("end_use.advanced_fab") is advanced
