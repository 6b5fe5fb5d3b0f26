"""Reliance on tables, direct and through all tiers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrows.measure.kernels.look_through import leontief, reliance
from oracles import look_through as twin


@st.composite
def tables(draw):
    """Give input coefficients whose columns add to less than 1, and the source sectors."""
    size = draw(st.integers(2, 6))
    cells = st.lists(st.floats(0.01, 1), min_size=size, max_size=size)
    table = np.array([draw(cells) for _ in range(size)])
    table *= draw(st.floats(0.1, 0.9)) / table.sum(axis=0)
    source = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    return table, np.array(source)


def test_two_sectors_give_the_numbers_found_by_hand():
    """A = [[0.2, 0.1], [0.3, 0.2]]: det(I - A) = 0.61, so L = [[0.8, 0.1], [0.3, 0.8]] / 0.61."""
    table = np.array([[0.2, 0.1], [0.3, 0.2]])
    assert leontief(table).round(4).tolist() == [[1.3115, 0.1639], [0.4918, 1.3115]]
    direct, through = reliance(table, np.array([False, True]))
    assert direct[0] == pytest.approx(0.3 / 0.5)
    # L - I of the first column: 0.3115 at home, 0.4918 abroad
    assert through[0] == pytest.approx((0.3 / 0.61) / (0.3 / 0.61 + 0.8 / 0.61 - 1))
    assert (round(float(direct[0]), 3), round(float(through[0]), 3)) == (0.600, 0.612)


@given(tables())
def test_look_through_agrees_with_the_tiers_summed_one_by_one(made):
    table, source = made
    direct, through = reliance(table, source)
    for buyer in range(len(table)):
        expected = twin.reliance(table.tolist(), source.tolist(), buyer)
        assert (direct[buyer], through[buyer]) == pytest.approx(expected, abs=1e-9)


@given(tables())
def test_reliance_on_all_sources_together_is_one(made):
    table, source = made
    here, there = reliance(table, source), reliance(table, ~source)
    for one, other in zip(here, there, strict=True):
        assert np.allclose(one + other, 1)
        assert ((one > -1e-12) & (one < 1 + 1e-12)).all()


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_sectors_does_not_matter(made, random):
    table, source = made
    order = list(range(len(table)))
    random.shuffle(order)
    before = reliance(table, source)
    after = reliance(table[np.ix_(order, order)], source[order])
    for one, other in zip(before, after, strict=True):
        assert np.allclose(one[order], other)


def test_a_buyer_without_inputs_has_no_reliance():
    direct, through = reliance(np.array([[0.0, 0.1], [0.0, 0.2]]), np.array([True, False]))
    assert np.isnan(direct[0])
    assert np.isnan(through[0])
    assert direct[1] == pytest.approx(1 / 3)
