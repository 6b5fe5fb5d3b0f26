"""Two-stage programmes: published answers, cuts against the extensive form, brute force."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import sparse

from narrows.plan.kernels.answers import Answers
from narrows.plan.kernels.information import value_of_information
from narrows.plan.kernels.lshaped import Limits, solve_by_cuts
from narrows.plan.kernels.pools import answering
from narrows.plan.kernels.programme import Infeasible, Unbounded
from narrows.plan.kernels.risk import tail_mean, weighed
from narrows.plan.kernels.two_stage import Branch, Choice, Recourse, Risk, TwoStage
from narrows.plan.kernels.whole import solve_whole
from oracles.farmer import farmer


def test_the_farmer_of_birge_and_louveaux_is_solved_by_cuts_and_as_a_whole():
    found = solve_by_cuts(farmer(), limits=Limits(gap=1e-9))
    assert found.objective == pytest.approx(-108_390, abs=0.01)
    assert found.decisions == pytest.approx([170, 80, 250], abs=1e-4)
    one, decisions = solve_whole(farmer())
    assert one.objective == pytest.approx(-108_390, abs=0.01)
    assert decisions == pytest.approx([170, 80, 250], abs=1e-4)


def test_perfect_information_and_the_stochastic_solution_have_the_published_value():
    problem = farmer()
    found = value_of_information(problem, solve_by_cuts(problem, limits=Limits(gap=1e-9)), gap=1e-9)
    assert found.evpi == pytest.approx(7_015.56, abs=0.01)
    assert found.vss == pytest.approx(1_150, abs=0.01)
    assert found.mean_decisions == pytest.approx([120, 80, 300], abs=1e-4)


def drawn(seed, *, weight=0.0, whole=True):
    """Give a random problem with an answer to everything: sites serve places, the rest is lost."""
    rng = np.random.default_rng(seed)
    sites, places, count = rng.integers(1, 5), rng.integers(1, 5), rng.integers(1, 6)
    size = sites
    ship = [(s, p) for s in range(sites) for p in range(places)]
    matrix = np.zeros((sites + places, len(ship) + places))
    for column, (site, place) in enumerate(ship):
        matrix[site, column], matrix[sites + place, column] = -1, 1
    matrix[sites + np.arange(places), len(ship) + np.arange(places)] = 1
    cost = np.concatenate([rng.uniform(0, 1, len(ship)), rng.uniform(3, 9, places)])
    branches = []
    for number in range(count):
        low = np.concatenate([np.zeros(sites), rng.uniform(0, 4, places)])
        effect = np.zeros((sites + places, size))
        effect[np.arange(sites), np.arange(sites)] = -rng.uniform(0, 2, sites)
        cap = np.zeros((len(cost), size))
        cap[: len(ship)] = rng.uniform(0, 2, (len(ship), size)) * (
            rng.random((len(ship), size)) < 0.5
        )
        high = np.concatenate([rng.uniform(0, 2, len(ship)), np.full(places, np.inf)])
        branches.append(
            Branch(
                str(number), 1 / count, low, np.full(len(low), np.inf), high,
                sparse.csr_array(effect), sparse.csr_array(cap),
            )
        )  # fmt: skip
    choice = Choice(
        cost=rng.uniform(0.5, 4, size),
        matrix=sparse.csr_array(np.ones((1, size))),
        row_low=np.array([-np.inf]),
        row_high=np.array([rng.uniform(1, 4)]),
        low=np.zeros(size),
        high=np.full(size, 2.0),
        whole=np.arange(size) if whole else np.array([], dtype=np.int64),
    )
    return TwoStage(
        choice, Recourse(sparse.csc_array(matrix), cost), tuple(branches), Risk(weight, 0.7)
    )


@given(seed=st.integers(0, 10_000), weight=st.sampled_from([0.0, 0.4, 1.0]), whole=st.booleans())
@example(seed=651, weight=1.0, whole=True)  # the solver of the master stopped 1e-6 below the best
@settings(max_examples=25)
def test_cuts_and_the_extensive_form_agree(seed, weight, whole):
    problem = drawn(seed, weight=weight, whole=whole)
    found = solve_by_cuts(problem, limits=Limits(gap=1e-7))
    one, _ = solve_whole(problem)
    assert found.objective == pytest.approx(one.objective, rel=1e-4, abs=1e-7)
    assert found.bound <= found.objective + 1e-9
    assert found.ended == "optimal"


@given(seed=st.integers(0, 10_000))
@settings(max_examples=8)
def test_no_whole_decisions_are_better(seed):
    problem = drawn(seed, weight=0.5)
    found = solve_by_cuts(problem, limits=Limits(gap=1e-7))
    every = []
    answers = Answers(problem)
    for decisions in product((0.0, 1.0, 2.0), repeat=len(problem.choice.cost)):
        point = np.array(decisions)
        if (problem.choice.matrix @ point <= problem.choice.row_high).all():
            values = np.array([answer.value for answer in answers(point)])
            loss = weighed(values, problem.probability, 0.5, 0.7)
            every.append(problem.choice.cost @ point + loss)
    assert found.objective == pytest.approx(min(every), rel=1e-6, abs=1e-7)


def test_processes_beside_this_one_give_the_same():
    problem = drawn(11, weight=0.3)
    problem = problem.only([*problem.branches, *problem.branches])
    answers, pool = answering(problem, 2)
    try:
        found = solve_by_cuts(problem, answers, limits=Limits(gap=1e-7))
    finally:
        pool.close()
    assert found.objective == pytest.approx(
        solve_by_cuts(problem, limits=Limits(gap=1e-7)).objective, rel=1e-6
    )


def test_cuts_of_one_problem_help_the_next():
    problem = drawn(3)
    first = solve_by_cuts(problem, limits=Limits(gap=1e-7))
    again = solve_by_cuts(problem, limits=Limits(gap=1e-7), cuts=first.cuts)
    assert again.objective == pytest.approx(first.objective, rel=1e-6)
    assert again.rounds <= first.rounds


def test_stopping_keeps_the_best_so_far():
    problem = drawn(5, whole=False)
    found = solve_by_cuts(problem, limits=Limits(gap=0), progress=lambda _: True)
    assert found.ended == "interrupted"
    best = solve_by_cuts(problem, limits=Limits(gap=1e-8))
    assert found.bound - 1e-9 <= best.objective <= found.objective + 1e-9


def test_conditions_that_exclude_each_other_and_endless_gains_are_told_apart():
    problem = drawn(1, whole=False)
    low = np.full(len(problem.choice.cost), 5.0)
    choice = problem.choice
    from dataclasses import replace

    with pytest.raises(Infeasible):
        solve_by_cuts(replace(problem, choice=replace(choice, low=low, high=low)))
    endless = replace(
        choice, cost=-np.ones(len(low)), high=np.full(len(low), np.inf), row_high=np.array([np.inf])
    )
    with pytest.raises(Unbounded):
        solve_by_cuts(replace(problem, choice=endless))


@given(
    losses=st.lists(st.floats(0, 100), min_size=1, max_size=8),
    level=st.floats(0, 0.95),
)
def test_the_tail_mean_is_the_least_of_its_definition(losses, level):
    loss = np.array(losses)
    weight = np.full(len(loss), 1 / len(loss))
    # Rockafellar and Uryasev: the least over eta of eta + E[(loss - eta)+] / (1 - level)
    least = min(eta + weight @ np.maximum(loss - eta, 0) / (1 - level) for eta in loss)
    assert tail_mean(loss, weight, level) == pytest.approx(least, rel=1e-9, abs=1e-9)
