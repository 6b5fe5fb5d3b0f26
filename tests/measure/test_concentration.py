"""Concentration: published numbers, bounds, and what the table says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tiny
from narrows import evidence, measure
from narrows.measure.kernels import concentration as kernel
from narrows.terms import UnknownName
from oracles import concentration as twin

SHARES = (
    st.lists(st.floats(1e-3, 1), min_size=1, max_size=12)
    .map(np.array)
    .map(lambda weights: weights / weights.sum())
)
ALPHAS = st.sampled_from([0.5, 1, 2, 3, 5])


# ---------------------------------------------------------------- published and hand-checked


def test_shares_of_92_and_8_give_the_published_numbers():
    """Logic below 10 nm in 2019: Taiwan 92, South Korea 8 (SIA and BCG 2021, exhibit on nodes)."""
    shares = np.array([0.92, 0.08])
    assert round(float(kernel.hhi(shares)), 4) == 0.8528
    assert round(float(kernel.theil(shares)), 4) == 0.4144
    assert round(float(kernel.effective_number(shares)), 3) == 1.173
    normalised = (float(kernel.hhi(shares)) - 1 / 2) / (1 - 1 / 2)
    assert round(normalised, 4) == 0.7056
    assert round(np.log(float(kernel.hannah_kay(shares, 1))), 4) == 0.2788  # entropy
    assert float(kernel.hannah_kay(shares, np.inf)) == pytest.approx(1 / 0.92)
    assert float(kernel.largest(shares, 1)) == 0.92


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_equal_makers_give_one_over_n(n):
    shares = np.full(n, 1 / n)
    assert float(kernel.hhi(shares)) == pytest.approx(1 / n)
    assert float(kernel.theil(shares)) == pytest.approx(0, abs=1e-12)
    for alpha in (0.5, 1, 2, 3, np.inf):
        assert float(kernel.hannah_kay(shares, alpha)) == pytest.approx(n)


@pytest.mark.parametrize(
    ("named", "rest", "most", "low", "high"),
    [
        # by hand: 0.25 + 0.09 = 0.34; rest 0.2 in hands of 0.15 and 0.05: + 0.0225 + 0.0025
        ([0.5, 0.3], 0.2, 0.15, 0.34, 0.365),
        ([0.5, 0.3], 0.2, None, 0.34, 0.38),
        ([0.5, 0.3], 0.2, 0.1, 0.34, 0.36),
        ([0.5, 0.5], 0.0, None, 0.5, 0.5),
        ([], 1.0, None, 0.0, 1.0),
        ([0.7], 0.3, 0.9, 0.49, 0.58),
    ],
)
def test_a_rest_that_hides_names_gives_an_interval(named, rest, most, low, high):
    assert kernel.bounds(np.array(named), rest, most) == pytest.approx((low, high))


# ---------------------------------------------------------------- properties


@given(SHARES, ALPHAS)
def test_the_formulas_agree_with_slow_twins(shares, alpha):
    assert float(kernel.hhi(shares)) == pytest.approx(twin.hhi(shares))
    assert float(kernel.theil(shares)) == pytest.approx(twin.theil(shares), abs=1e-12)
    assert float(kernel.hannah_kay(shares, alpha)) == pytest.approx(twin.hannah_kay(shares, alpha))


@given(SHARES)
def test_the_index_lies_between_one_over_n_and_one(shares):
    index = float(kernel.hhi(shares))
    assert 1 / len(shares) - 1e-12 <= index <= 1 + 1e-12
    assert -1e-12 <= float(kernel.theil(shares)) <= np.log(len(shares)) + 1e-12
    assert 1 - 1e-12 <= float(kernel.effective_number(shares)) <= len(shares) + 1e-9


@given(SHARES, st.randoms(use_true_random=False))
def test_the_order_of_the_makers_does_not_matter(shares, random):
    turned = shares.copy()
    random.shuffle(turned)
    for formula in (kernel.hhi, kernel.theil):
        assert float(formula(turned)) == pytest.approx(float(formula(shares)), abs=1e-12)
    assert float(kernel.largest(turned, 3)) == pytest.approx(float(kernel.largest(shares, 3)))


@given(SHARES, st.integers(1, 5))
def test_a_maker_with_nothing_does_not_count(shares, nothing):
    more = np.append(shares, np.zeros(nothing))
    for formula in (kernel.hhi, kernel.theil, lambda s: kernel.hannah_kay(s, 1)):
        assert float(formula(more)) == pytest.approx(float(formula(shares)), abs=1e-12)


@given(SHARES, st.integers(2, 6))
def test_more_makers_never_raise_concentration_when_split_evenly(shares, parts):
    split = np.repeat(shares / parts, parts)
    assert float(kernel.hhi(split)) == pytest.approx(float(kernel.hhi(shares)) / parts)
    assert float(kernel.hhi(split)) <= float(kernel.hhi(shares))
    assert float(kernel.theil(split)) == pytest.approx(float(kernel.theil(shares)), abs=1e-9)


@given(SHARES, st.data())
def test_splitting_one_maker_in_two_never_raises_the_index(shares, data):
    at = data.draw(st.integers(0, len(shares) - 1))
    part = data.draw(st.floats(0, 1)) * shares[at]
    split = np.append(np.delete(shares, at), [part, shares[at] - part])
    assert float(kernel.hhi(split)) <= float(kernel.hhi(shares)) + 1e-12


@given(SHARES, ALPHAS, ALPHAS)
def test_a_higher_order_never_counts_more_makers(shares, one, other):
    low, high = sorted([one, other])
    assert float(kernel.hannah_kay(shares, high)) <= float(kernel.hannah_kay(shares, low)) + 1e-9


@given(SHARES, st.floats(0, 0.9), st.floats(0.05, 1))
def test_the_bounds_enclose_every_way_to_share_the_rest(shares, rest, most):
    named = shares * (1 - rest)
    cap = most * rest
    low, high = kernel.bounds(named, rest, cap if cap > 0 else None)
    assert high == pytest.approx(twin.highest(named, rest, max(cap, 1e-9)), abs=1e-9)
    for hands in (1, 2, 7, 50):
        if rest / hands <= cap:
            index = twin.hhi([*named, *[rest / hands] * hands])
            assert low - 1e-12 <= index <= high + 1e-9


def test_many_cases_are_taken_at_once():
    shares = np.random.default_rng(1).dirichlet(np.ones(5), size=(3, 4))
    for formula in (kernel.hhi, kernel.theil, lambda s: kernel.largest(s, 2)):
        found = formula(shares)
        assert found.shape == (3, 4)
        assert found[1, 2] == pytest.approx(float(formula(shares[1, 2])))


# ---------------------------------------------------------------- the table


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return evidence.load(tiny.write(tmp_path_factory.mktemp("concentration") / "case"))


def test_a_row_shows_the_parts_of_its_rank(case):
    row = measure.concentration(case, period=2019).set_index("item").loc["chip"]
    assert row[["hhi", "hhi_low", "hhi_high"]].tolist() == pytest.approx([0.8528] * 3)
    assert row["effective_number"] == pytest.approx(1.1726, abs=1e-4)
    assert (row["top_entity"], row["top_share"], row["cr1"], row["cr3"]) == ("TWN", 0.92, 0.92, 1.0)
    assert (row["basis"], row["measure"], row["period"]) == ("location", "capacity_share", "2019")
    assert (row["source_id"], row["grade"], row["filled"]) == ("s1", "stated", "")
    assert (row["n_entities"], row["other_share"]) == (2, 0)


def test_other_stays_visible_as_bounds(case):
    row = measure.concentration(case).set_index("item").loc["gas"]
    assert row["hhi_low"] == pytest.approx(0.25 + 0.09)
    assert row["hhi_high"] == row["hhi"] == pytest.approx(0.25 + 0.09 + 0.04)
    assert (row["other_share"], row["n_entities"]) == (pytest.approx(0.2), 2)
    assert row["grade"] == "derived"


def test_the_rank_goes_by_what_is_certain_and_ties_share_it(case):
    frame = measure.concentration(case)
    assert frame["hhi_low"].is_monotonic_decreasing
    assert frame["rank"].tolist() == sorted(frame["rank"])
    for _, same in frame.groupby(frame["hhi_low"].round(9)):
        assert same["rank"].nunique() == 1


def test_a_filled_period_is_marked(case):
    rows = measure.concentration(case, period=2019).set_index("item")
    assert rows.loc["gas", "filled"] == "no set for 2019: the nearest one, 2022, is used"


def test_firms_are_counted_apart_from_places(case):
    frame = measure.concentration(case, by="firm")
    assert frame[["item", "top_entity", "basis"]].values.tolist() == [
        ["tool", "firm:Lito", "headquarters"]
    ]
    with pytest.raises(UnknownName, match="place"):
        measure.concentration(case, by="plac")


def test_all_makers_in_the_dark_are_counted_as_other(tmp_path):
    line = "x1,power,capacity_share,Other,2022,100,,,percent,location,actual,stated,s1,p. 1,"
    case = evidence.load(tiny.write(tmp_path / "case", **tiny.add("observations", line)))
    row = measure.concentration(case).set_index("item").loc["power"]
    assert (row["hhi_low"], row["hhi_high"], row["n_entities"]) == (0, 1, 0)
    assert (row["top_entity"], row["cr1"]) == ("Other", 0)


def test_shares_of_buyers_are_not_taken_for_makers(tmp_path):
    line = "x1,power,consumption_share,TWN,2022,100,,,percent,location,actual,stated,s1,p. 1,"
    case = evidence.load(tiny.write(tmp_path / "case", **tiny.add("observations", line)))
    assert "power" not in set(measure.concentration(case)["item"])


def test_draws_say_how_often_a_rank_holds_and_the_seed_fixes_them(case):
    frame = measure.concentration(case, draws=40, seed=3)
    assert frame["holds"].between(0, 1).all()
    assert frame["top_ten"].eq(1).all()  # there are fewer than ten
    assert (frame["rank_low"] <= frame["rank_high"]).all()
    assert frame.equals(measure.concentration(case, draws=40, seed=3))
    plain = measure.concentration(case)
    assert frame[list(plain.columns)].equals(plain)
    steps = []
    measure.concentration(case, draws=3, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_a_rank_that_nothing_can_move_always_holds(case):
    sole = case.override({"share.chip.TWN": 100})
    row = measure.concentration(sole, draws=20).set_index("item").loc["chip"]
    assert (row["rank"], row["holds"], row["rank_low"], row["rank_high"]) == (1, 1, 1, 1)
