from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrows.screen import compare_lists
from narrows.screen.items.boxes import Interval, boxes, difference, words
from narrows.screen.items.reading import bundled_lists, control_list
from narrows.screen.items.trying import ItemTrial, values_around
from narrows.screen.rules.conditions import All, Any_, Not, atoms
from narrows.screen.rules.leaves import Atom
from narrows.screen.rules.vocabulary import vocabulary

NUMBERS = ["item.overlay_nm", "item.wavelength_nm"]
POINTS = [0.0, 1.0, 1.5, 2.0, 2.4, 3.0, 4.0]


@st.composite
def conditions(draw, depth=2):
    """A condition on two numbers, a flag and a choice."""
    if depth == 0 or draw(st.booleans()):
        kind = draw(st.sampled_from(["number", "number", "flag", "choice"]))
        if kind == "number":
            sign = draw(st.sampled_from(["at_least", "above", "at_most", "below", "eq"]))
            return Atom(draw(st.sampled_from(NUMBERS)), sign, draw(st.sampled_from(POINTS[1:-1])))
        if kind == "flag":
            return Atom("item.euv", "eq", draw(st.booleans()))
        chosen = draw(st.sets(st.sampled_from(["etch", "mask", "scanner"]), min_size=1))
        return Atom("item.kind", "in", frozenset(chosen))
    made = draw(st.sampled_from([All, Any_, Not]))
    if made is Not:
        return Not(draw(conditions(depth - 1)))
    parts = draw(st.lists(conditions(depth - 1), min_size=1, max_size=3))
    return made(tuple(parts))


items = st.fixed_dictionaries(
    {
        "item.overlay_nm": st.sampled_from(POINTS),
        "item.wavelength_nm": st.sampled_from(POINTS),
        "item.euv": st.booleans(),
        "item.kind": st.sampled_from(["etch", "mask", "scanner", "resist"]),
    }
)


def within(facts, found):
    """Tell, slowly, whether an item is in one of some boxes."""
    return any(
        all(
            (facts[name] in region)
            if isinstance(region, frozenset)
            else not Interval(facts[name], facts[name]).meet(region).empty
            for name, region in box.items()
        )
        for box in found
    )


@given(conditions(), items)
@settings(max_examples=300)
def test_an_item_is_in_the_boxes_of_a_condition_where_it_meets_it(condition, facts):
    assert within(facts, boxes(condition)) is condition.test(ItemTrial(facts))[0]


@given(conditions(), conditions(), items)
@settings(max_examples=300)
def test_the_difference_holds_what_meets_the_first_and_not_the_second(one, other, facts):
    first, second = (each.test(ItemTrial(facts))[0] for each in (one, other))
    assert within(facts, difference(boxes(one), boxes(other))) is (first and not second)


@given(st.sampled_from(sorted(bundled_lists())), st.data())
@settings(max_examples=60)
def test_on_real_entries_too(name, data):
    one, other = (data.draw(st.sampled_from(control_list(name).entries)) for _ in range(2))
    leaves = [leaf for each in (one, other) for leaf in atoms(each.when) if isinstance(leaf, Atom)]
    facts = {}
    for leaf in leaves:
        fact = vocabulary()[leaf.name]
        near = values_around(fact, [each for each in leaves if each.name == leaf.name])
        facts[leaf.name] = data.draw(st.sampled_from(near))
    first, second = (each.when.test(ItemTrial(facts))[0] for each in (one, other))
    found = difference(boxes(one.when), boxes(other.when))
    assert within(facts, found) is (first and not second)


def test_a_condition_that_nothing_can_meet_has_no_box():
    overlay = "item.overlay_nm"
    assert boxes(All((Atom(overlay, "above", 2.0), Atom(overlay, "at_most", 2.0)))) == []


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        (Interval(1.5, 2.4, low_open=True), "above 1.5 and at most 2.4"),
        (Interval(high=45), "at most 45"),
        (Interval(low=193), "at least 193"),
        (Interval(5, 5), "exactly 5"),
        (Interval(), "any"),
    ],
)
def test_an_interval_says_which_numbers_are_in_it(interval, said):
    assert interval.words() == said


def test_japan_controls_scanners_above_the_us_bands_and_the_us_no_more():
    # the Japanese text quoted has no overlay bound, the US bands end at 2.40 nm
    found = compare_lists("us", "jp", on=date(2026, 7, 1), spine="scanner")["scanner"]
    assert found.verdict == "second_more"
    assert words(*found.only_second) == (
        "kind scanner, wavelength_nm at least 193 nm, "
        "minimum_resolvable_feature_nm at most 45 nm, overlay_nm above 2.4 nm"
    )


def test_before_july_2023_japan_controlled_no_immersion_scanner_held_here():
    before = compare_lists("us", "jp", on=date(2023, 7, 22), spine="scanner")["scanner"]
    assert before.verdict == "same"  # both: wavelengths below 193 nm


def test_a_text_that_was_not_read_leaves_the_comparison_open_and_says_so():
    found = compare_lists(["eu", "nl"], "us", on=date(2026, 7, 1), spine="scanner")["scanner"]
    assert "item.read_eu_2025" in found.unread
    frame = compare_lists(["eu", "nl"], "us", on=date(2026, 7, 1)).to_frame()
    assert set(frame["first"]) == {"eu+nl"}
    assert frame.set_index("spine").loc["scanner", "open_for"] == "item.read_eu_2025"


def test_a_list_against_itself_is_the_same():
    for name in bundled_lists():
        frame = compare_lists(name, name, on=date(2026, 7, 1)).to_frame()
        assert set(frame["verdict"]) == {"same"}
