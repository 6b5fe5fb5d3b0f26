"""Periods: what each form spans, and which one is nearest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrows.terms import Period

YEARS = st.integers(1990, 2060).map(str)
MONTHS = st.builds("{}-{:02d}".format, st.integers(1990, 2060), st.integers(1, 12))
PERIODS = st.one_of(
    YEARS,
    MONTHS,
    st.builds("{}Q{}".format, YEARS, st.integers(1, 4)),
    st.builds("{}-{:02d}".format, MONTHS, st.integers(1, 31)),
    st.builds(lambda year, more: f"{year}/{year + more}", st.integers(1990, 2060), st.just(3)),
).map(Period.parse)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2019", 2019, 2020),
        ("2021Q1", 2021, 2021.25),
        ("2021Q4", 2021.75, 2022),
        ("2023-07", 2023.5, 2023 + 7 / 12),
        ("2017/2020", 2017, 2021),
        ("2021Q4/2022Q2", 2021.75, 2022.5),
    ],
)
def test_a_period_spans_what_it_names(text, start, end):
    period = Period.parse(text)
    assert (period.start, period.end) == pytest.approx((start, end))


@pytest.mark.parametrize("day", ["2023-01-31", "2023-07-31", "2024-02-29", "2023-12-31"])
def test_a_day_lies_in_its_month_and_in_no_other_one(day):
    month = Period.parse(day[:7])
    others = [Period.parse(f"{day[:4]}-{number:02d}") for number in range(1, 13)]
    assert [other for other in others if other.overlaps(Period.parse(day))] == [month]


@pytest.mark.parametrize(
    "text",
    [
        *("", "19", "20190", "2019-13", "2019-00", "2019-01-32", "2019-01-00", "2019Q5", "2019Q0"),
        *("2020/2019", "2019/", "/2019", "2019/2020/2021", "about 2019", " 2019", "2019-1"),
    ],
)
def test_a_text_of_no_known_form_is_refused(text):
    with pytest.raises(ValueError, match=r"^[^\n]*$"):
        Period.parse(text)


@given(PERIODS, PERIODS)
def test_overlap_is_mutual_and_leaves_no_gap(one, other):
    assert one.overlaps(other) == other.overlaps(one)
    assert one.gap(other) == other.gap(one)
    assert not (one.overlaps(other) and one.gap(other) > 0)


@given(st.integers(1990, 2060), st.integers(1, 11))
def test_neighbours_touch_and_do_not_overlap(year, month):
    first, second = Period.parse(f"{year}-{month:02d}"), Period.parse(f"{year}-{month + 1:02d}")
    assert not first.overlaps(second)
    assert not Period.parse(str(year)).overlaps(Period.parse(str(year + 1)))
    assert first.gap(second) == pytest.approx(0, abs=1e-9)


@given(PERIODS)
def test_a_period_is_nearest_to_itself(period):
    assert period.distance(period) == (0.0, 0.0, 0.0, period.start)


@pytest.mark.parametrize(
    ("wanted", "offered", "nearest"),
    [
        ("2022", ["2019", "2025"], "2019"),  # a tie: the earlier one
        ("2022", ["2019", "2024"], "2024"),
        ("2022", ["2021", "2022/2026"], "2022/2026"),  # one that overlaps goes first
        ("2022", ["2021Q4", "2023Q1"], "2021Q4"),
        ("2022", ["2021", "2022-06"], "2022-06"),
        ("2019", ["2020", "2017"], "2020"),
    ],
)
def test_the_nearest_period_sorts_first_and_the_earlier_one_on_a_tie(wanted, offered, nearest):
    for order in (offered, offered[::-1]):
        found = min(order, key=lambda text: Period.parse(text).distance(Period.parse(wanted)))
        assert found == nearest
