"""Rules for numbers and names in sentences, as tables of cases."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrows.brief import words

NARROW = words.NARROW


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (0.92, "92"),
        (0.925, "93"),
        (0.0, "0"),
        (1.0, "100"),
        (1 - 1e-12, "100"),
        (0.0001, "under 1"),
        (0.009, "under 1"),
        (0.0095, "1"),
        (0.994, "99"),
        (0.9951, "over 99"),
    ],
)
def test_percent_is_whole_and_a_part_is_never_all_or_nothing(part, shown):
    assert words.percent(part, sign=False) == shown


@given(st.floats(0, 1))
def test_percent_says_0_and_100_only_of_nothing_and_of_all(part):
    shown = words.percent(part, sign=False)
    assert (shown == "0") == (part == 0)
    assert shown != "100" or part >= 1 - 1e-9


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.61, 0.77, f"61–77{NARROW}%"),
        (0.611, 0.613, ""),
        (math.nan, 0.5, ""),
        (None, 0.5, ""),
        (0.5, None, ""),
        (0.0, 1.0, f"0–100{NARROW}%"),
    ],
)
def test_an_interval_is_printed_where_its_ends_differ(low, high, shown):
    assert words.interval(low, high) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (44.6, "45 days"),
        (60, "60 days"),
        (61, "60 days"),
        (93, "95 days"),
        (365, "365 days"),
        (366, "1 year"),
        (800, "2.2 years"),
        (3650, "10 years"),
        (math.inf, "no end"),
    ],
)
def test_days_are_rounded_as_they_grow(number, shown):
    assert words.days(number) == shown


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (20, 75, "20–75 days"),
        (90, 90, "90 days"),
        (1, 1, "1 day"),
        (366, 366, "1 year"),
        (1095, 2920, "3–8 years"),
    ],
)
def test_a_range_of_days_has_its_unit(low, high, shown):
    assert words.span(low, high) == shown


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (["gallium, primary", "neon", "tin"], "gallium, primary; neon and tin"),
    ],
)
def test_a_list_reads_as_in_a_sentence(names, shown):
    assert words.listed(names) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Smartphones", "smartphones"),
        ("Gallium, primary", "gallium, primary"),
        ("EUV scanner", "EUV scanner"),
        ("ArF resist", "ArF resist"),
        ("NAND flash", "NAND flash"),
        ("i-line stepper", "i-line stepper"),
        ("5G phones", "5G phones"),
        ("", ""),
    ],
)
def test_a_name_inside_a_sentence_keeps_its_own_capitals(name, shown):
    assert words.in_sentence(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "no items"),
        (1, "one item"),
        (9, "nine items"),
        (12, "twelve items"),
        (13, "13 items"),
        (12345, f"12{NARROW}345 items"),
    ],
)
def test_counts_agree_with_their_noun(number, shown):
    assert words.count(number, "item") == shown


def test_places_take_their_article_and_verb():
    assert words.the("Netherlands") == "the Netherlands"
    assert words.the("Taiwan") == "Taiwan"
    assert words.agree(["the United States"], "relies", "rely") == "relies"
    assert words.agree(["Japan", "China"], "relies", "rely") == "rely"


def test_ordinals_are_words_up_to_ninth():
    assert [words.ordinal(n) for n in (1, 9, 10, 11, 13, 21, 23, 112)] == [
        "first",
        "ninth",
        "10th",
        "11th",
        "13th",
        "21st",
        "23rd",
        "112th",
    ]
