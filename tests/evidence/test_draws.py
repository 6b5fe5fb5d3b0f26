"""Estimates: what has a range, and what a draw of it gives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import tiny
from narrows import evidence
from narrows.evidence.estimates import pert, streams
from narrows.terms import BadInput, UnknownName

Z95 = stats.norm.ppf(0.95)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return evidence.load(tiny.write(tmp_path_factory.mktemp("draws") / "case"))


def row(case, name):
    frame = case.estimates().set_index("id")
    return frame.loc[name]


# ---------------------------------------------------------------- the list


def test_everything_with_a_range_is_listed_once(case):
    frame = case.estimates()
    assert frame["id"].is_unique
    assert set(frame["kind"]) == {"share", "value", "recipe"}
    assert (frame["low"] <= frame["best"]).all()
    assert (frame["best"] <= frame["high"]).all()
    assert (frame["low"] < frame["high"]).all()


def test_a_given_range_is_listed_as_given_and_a_printed_digit_as_rounding(case):
    given_, printed = row(case, "o8"), row(case, "o9")
    assert given_[["low", "best", "high", "range_from"]].tolist() == [45, 50, 54, "given"]
    assert printed[["low", "best", "high", "range_from"]].tolist() == [29.5, 30, 30.5, "rounding"]


def test_the_derived_rest_of_a_set_is_an_estimate_too(case):
    assert row(case, "o8:other")[["entity", "best"]].tolist() == ["Other", 20.0]


def test_a_number_of_a_recipe_is_named_by_its_row_and_column(case):
    found = row(case, "phone<-chip@2019:stops_fraction")
    assert found[["low", "best", "high", "unit"]].tolist() == [0.3, 0.5, 0.7, "fraction"]
    assert row(case, "chip<-gas:cover_days")["unit"] == "days"


def test_forecasts_are_no_estimates(case):
    assert "o12" not in set(case.estimates()["id"])


# ---------------------------------------------------------------- single values


@given(
    st.tuples(*[st.floats(0, 1000)] * 3).map(sorted).filter(lambda three: three[2] - three[0] > 1),
    st.floats(0.001, 0.999),
)
def test_a_pert_quantile_agrees_with_the_beta_distribution(three, u):
    low, best, high = (np.array([each]) for each in three)
    span = high - low
    beta = stats.beta(1 + 4 * (best - low) / span, 1 + 4 * (high - best) / span, low, span)
    assert pert(np.array([u]), low, best, high) == pytest.approx(beta.ppf(u), rel=1e-6, abs=1e-6)


def test_the_median_of_a_draw_is_the_median_of_pert(case):
    # headroom of chips: 1, 1.1, 1.2, symmetric, so the median is the best estimate
    assert case.draw({}).value("chip", "headroom").best == pytest.approx(1.1)
    # device revenue of phones: 350, 400, 450; of cars: 500, 600, 700
    skew = case.draw({"chip<-gas:cover_days": 0.5})
    number = skew.number(skew.recipe()["chip", "gas"], "cover_days")
    beta = stats.beta(1 + 4 * 10 / 40, 1 + 4 * 30 / 40, 20, 40)
    assert number == pytest.approx(beta.median())


def test_a_draw_moves_between_low_and_high_with_its_quantile(case):
    values = [case.draw({"a9": u}).value("phone", "device_revenue").best for u in (0.01, 0.4, 0.99)]
    assert values == sorted(values)
    assert 350 < values[0] < values[-1] < 450


def test_a_value_whose_bounds_are_equal_is_that_value():
    assert pert(*(np.array([each]) for each in (0.3, 5.0, 5.0, 5.0))) == [5.0]


# ---------------------------------------------------------------- shares


def test_at_the_medians_shares_are_the_best_estimates(case):
    drawn = case.draw({})
    for item in ("chip", "gas", "tool", "memory"):
        best = case.shares(item).set_index("entity")["value"]
        found = drawn.shares(item).set_index("entity")["value"]
        assert found.to_dict() == pytest.approx(best.to_dict())


def test_a_share_is_drawn_by_its_range_and_the_set_divided_by_its_sum(case):
    ids = {"o8": 0.95, "o9": 0.05, "o8:other": 0.5}
    sigma = np.log(54 / 45) / (2 * Z95)
    other = np.log(30.5 / 29.5) / (2 * Z95)
    raw = {"UKR": 50 * np.exp(sigma * Z95), "CHN": 30 * np.exp(-other * Z95), "Other": 20.0}
    found = case.draw(ids).shares("gas").set_index("entity")["value"].to_dict()
    total = sum(raw.values())
    assert found == pytest.approx({name: 100 * each / total for name, each in raw.items()})


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(0, 9))
def test_the_drawn_shares_of_a_set_add_to_100_with_other_among_them(case, seed, number):
    drawn = case.draw(case.quantiles(draws=10, seed=seed)[number])
    for item, entities in (("chip", 2), ("gas", 3), ("tool", 2)):
        frame = drawn.shares(item)
        assert len(frame) == entities
        assert frame["value"].sum() == pytest.approx(100)
        assert (frame["value"] > 0).all()
    split = drawn.shares("memory", rest="split")
    assert set(split["entity"]) == {"KOR", "TWN", "JPN", "CHN"}
    assert split["value"].sum() == pytest.approx(100)


def test_a_share_of_zero_stays_zero_in_every_draw(tmp_path):
    line = "z1,gas,production_share,USA,2022,0,0,5,percent,location,actual,stated,s2,p. 4,"
    case = evidence.load(tiny.write(tmp_path / "case", **tiny.add("observations", line)))
    assert "z1" not in set(case.estimates()["id"])
    for u in case.quantiles(draws=5, seed=3):
        assert case.draw(u).shares("gas").set_index("entity").loc["USA", "value"] == 0


def test_bounds_move_with_the_drawn_share(case):
    frame = case.draw(case.quantiles(draws=1, seed=5)[0]).shares("gas")
    assert (frame["low"].fillna(0) <= frame["value"]).all()
    assert (frame["value"] <= frame["high"].fillna(100)).all()


def test_a_draw_leaves_the_case_as_it_was(case):
    before = case.shares("gas")
    case.draw(case.quantiles(draws=1, seed=1)[0])
    assert case.shares("gas").equals(before)


# ---------------------------------------------------------------- streams


def test_the_same_seed_gives_the_same_draws_and_another_seed_other_ones(case):
    first, again = (case.quantiles(draws=4, seed=9) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, case.quantiles(draws=4, seed=10))
    assert case.draw(first[2]).shares("gas").equals(case.draw(again[2]).shares("gas"))


def test_more_draws_begin_with_the_same_ones(case):
    assert np.array_equal(case.quantiles(draws=8, seed=2)[:3], case.quantiles(draws=3, seed=2))


def test_an_estimate_more_changes_no_other_stream(case, tmp_path):
    line = "n1,phone,stock,World,2022,5,1,9,days,n/a,actual,stated,s2,p. 4,"
    more = evidence.load(tiny.write(tmp_path / "case", **tiny.add("observations", line)))
    ids, more_ids = list(case.estimates()["id"]), list(more.estimates()["id"])
    assert set(more_ids) - set(ids) == {"n1"}
    kept = [more_ids.index(name) for name in ids]
    assert np.array_equal(more.quantiles(draws=5, seed=4)[:, kept], case.quantiles(draws=5, seed=4))


def test_streams_are_even_and_independent():
    u = streams([f"id{number}" for number in range(40)], seed=1, draws=500)
    assert u.shape == (500, 40)
    assert 0 < u.min() < u.max() < 1
    assert stats.kstest(u.ravel(), "uniform").pvalue > 1e-3
    off = np.corrcoef(u, rowvar=False) - np.eye(40)
    assert np.abs(off).max() < 5 / np.sqrt(500)


def test_no_two_estimates_of_a_bundled_case_share_a_stream():
    for name in evidence.bundled():
        one = evidence.load(name)
        u = one.quantiles(draws=1, seed=1)[0]
        assert len(np.unique(u)) == len(u)


# ---------------------------------------------------------------- what is refused


def test_quantiles_may_come_by_id_or_in_order(case):
    ids = list(case.estimates()["id"])
    u = case.quantiles(draws=1, seed=6)[0]
    by_id = case.draw(dict(zip(ids, u, strict=True)))
    assert by_id.drawn == case.draw(u).drawn


@pytest.mark.parametrize("bad", [0.0, 1.0, -0.1, np.nan])
def test_a_quantile_that_is_not_between_0_and_1_is_refused(case, bad):
    with pytest.raises(BadInput, match="quantiles between 0 and 1"):
        case.draw({"o8": bad})


def test_quantiles_of_unknown_estimates_or_another_length_are_refused(case):
    with pytest.raises(UnknownName, match="nearest: o8"):
        case.draw({"o88": 0.5})
    with pytest.raises(BadInput, match="one quantile for each of"):
        case.draw(np.full(3, 0.5))
