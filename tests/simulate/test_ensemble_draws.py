"""Draws and drivers: the design, and indices against published and independent values."""

import numpy as np
import pytest

from narrows.simulate.drivers import first_order
from narrows.simulate.sampling import design
from narrows.terms import BadInput

ISHIGAMI = (0.3139, 0.4424, 0.0)  # Saltelli et al. (2008), table 4.6: a = 7, b = 0.1


def ishigami(u):
    x = np.pi * (2 * u - 1)
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


@pytest.mark.parametrize("method", ["latin-hypercube", "sobol"])
def test_every_stratum_of_every_input_is_hit_once(method):
    u = design(["a", "b", "c"], draws=64, seed=3, method=method)
    assert (np.sort((u * 64).astype(int), axis=1) == np.arange(64)).all()
    assert np.abs(np.corrcoef(u) - np.eye(3)).max() < 0.4


def test_an_input_more_changes_no_other_one():
    some = design(["a", "c"], draws=20, seed=3)
    more = design(["a", "b", "c"], draws=20, seed=3)
    assert (some == more[[0, 2]]).all()
    assert not (design(["a", "c"], draws=20, seed=4) == some).any()


def test_sobol_wants_a_power_of_two():
    with pytest.raises(BadInput, match="64 or 128"):
        design(["a"], draws=100, seed=1, method="sobol")
    with pytest.raises(BadInput, match="21201"):
        design(["a"] * 21_202, draws=4, seed=1, method="sobol")
    assert design([], draws=4, seed=1, method="sobol").shape == (0, 4)


@pytest.mark.parametrize("method", ["latin-hypercube", "sobol"])
def test_the_indices_of_ishigami_are_those_published(method):
    u = design(["a", "b", "c"], draws=8192, seed=3, method=method)
    found = first_order(u, ishigami(u))
    assert np.allclose(found.first_order, ISHIGAMI, atol=0.015)
    assert list(found.first_order > found.noise_floor) == [True, True, False]


def test_the_indices_agree_with_another_library():
    rbd_fast = pytest.importorskip("SALib.analyze.rbd_fast")
    u = design(["a", "b", "c"], draws=4096, seed=3)
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    other = rbd_fast.analyze(problem, u.T, ishigami(u), num_resamples=10, seed=1)
    assert np.allclose(first_order(u, ishigami(u)).first_order, other["S1"], atol=0.03)


def test_chance_stays_under_the_noise_floor_in_most_cases():
    above = 0
    for seed in range(40):
        u = design([str(number) for number in range(50)], draws=200, seed=seed)
        found = first_order(u, np.random.default_rng(seed).normal(size=200), seed=seed)
        above += (found.first_order > found.noise_floor).any()
    assert above <= 7


def test_a_result_that_does_not_move_has_no_drivers():
    u = design(["a", "b"], draws=100, seed=1)
    assert not first_order(u, np.full(100, 3.7)).first_order.any()
    assert not first_order(u[:, :20], u[0, :20]).first_order.any()


def test_the_direction_is_the_rank_correlation():
    u = design(["a", "b"], draws=500, seed=1)
    found = first_order(u, -np.exp(3 * u[0]))
    assert found.direction[0] == pytest.approx(-1.0)
    assert found.first_order[0] > 0.95
