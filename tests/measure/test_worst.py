"""The worst k at once: exact where it says so, and what the pair costs beyond its parts."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import tiny
from narrows import evidence, measure, network
from narrows.measure.closures import closures
from narrows.terms import BadInput, UnknownName
from oracles import chains, stops


@pytest.fixture(scope="module")
def net(tmp_path_factory):
    return network.from_case(evidence.load(tiny.write(tmp_path_factory.mktemp("worst") / "case")))


def brute(net, k, score, over="place"):
    """Try every choice with the slow twin; the score is what is left."""
    single = closures(net, over)
    weight = np.asarray(score)
    out = []
    for pick in combinations(single, k):
        loss = np.zeros(len(net.units.item))
        for closure in pick:
            loss[closure.hit] = 1
        left = np.array(stops.fixed(net, loss))[len(loss) :]
        out.append((float(weight @ left), " + ".join(closure.label for closure in pick)))
    return sorted(out)


@settings(max_examples=15)
@given(chains.chains(), st.integers(1, 3))
def test_the_worst_up_to_three_places_are_those_of_trying_all(chain, k):
    net = network.from_case(chains.loaded(chain))
    assume(len(net.places) >= k)
    expected = brute(net, k, net.weight / net.weight.sum())
    found = measure.worst(net, k, top=4)
    assert found["left_fixed"].tolist() == pytest.approx([left for left, _ in expected[:4]])
    assert found["proved"].all()
    for label, left in zip(found["dropped"], found["left_fixed"], strict=True):
        assert dict((name, at) for at, name in expected)[label] == pytest.approx(left)  # noqa: C402


@settings(max_examples=8)
@given(chains.chains(ends=(1, 1)))
def test_the_worst_two_items_at_places_are_those_of_trying_all(chain):
    net = network.from_case(chains.loaded(chain))
    assume(2 <= len(closures(net, "place-item")) <= 9)
    expected = brute(net, 2, [1.0], over="place-item")
    found = measure.worst(net, 2, over="place-item", top=3)
    assert found["left_fixed"].tolist() == pytest.approx([left for left, _ in expected[:3]])
    assert found["proved"].all()


def test_one_end_use_can_be_the_aim(net):
    found = measure.worst(net, 1, end_use="car", top=1).iloc[0]
    assert (found["dropped"], found["left_fixed"]) == ("JPN", pytest.approx(0.4))
    found = measure.worst(net, 1, end_use="phone", top=1).iloc[0]
    # the fifth of phones made in Vietnam lacks memory: 8 % made in China, the rest on its gas
    left = 0.2 * 0.92 * 0.7
    assert (found["dropped"], found["left_fixed"]) == ("CHN", pytest.approx(left))


def test_it_agrees_with_contingency_on_every_column_both_have(net):
    pairs = measure.contingency(net, k=2)
    total = pairs[pairs["end_use"] == "all"].set_index("dropped")
    for found in measure.worst(net, 2, top=21).itertuples():
        other = total.loc[found.dropped]
        assert found.left_fixed == pytest.approx(other["left_fixed"])
        assert found.left_best == pytest.approx(other["left_best"])
        assert found.because == other["because"]


def test_synergy_is_the_loss_beyond_the_sum_of_the_parts(net):
    one = measure.contingency(net)
    lost = 1 - one[one["end_use"] == "all"].set_index("dropped")["left_fixed"]
    for found in measure.worst(net, 2, top=21).itertuples():
        parts = sum(lost[name] for name in found.dropped.split(" + "))
        assert found.synergy == pytest.approx(1 - found.left_fixed - parts)
    assert measure.worst(net, 1)["synergy"].tolist() == pytest.approx([0] * 7)


def test_complements_may_cost_less_and_never_more_than_the_whole(net):
    table = measure.worst(net, 3, top=35)
    assert table["left_fixed"].between(0, 1).all()
    assert (table["left_best"] >= table["left_fixed"] - 1e-9).all()


def test_beyond_three_the_best_found_is_labelled_not_proved(net):
    found = measure.worst(net, 4, top=5)
    assert not found["proved"].any()
    assert found["left_fixed"].is_monotonic_increasing
    assert all(len(set(name.split(" + "))) == 4 for name in found["dropped"])
    # on so small a case the search finds what trying all finds
    expected = brute(net, 4, net.weight / net.weight.sum())
    assert found["left_fixed"].iloc[0] == pytest.approx(expected[0][0])


def test_the_search_never_gives_less_left_than_there_is(net):
    score = net.weight / net.weight.sum()
    for k in (4, 5, 6, 7):
        least = brute(net, k, score)[0][0]
        assert measure.worst(net, k, top=1)["left_fixed"].iloc[0] >= least - 1e-12


def test_everything_can_be_dropped(net):
    found = measure.worst(net, 7)
    assert found["dropped"].tolist() == [" + ".join(net.places)]
    assert found["left_fixed"].tolist() == [0]


def test_progress_reaches_the_number_of_choices(net):
    steps = []
    measure.worst(net, 2, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (21, 21)


@pytest.mark.parametrize(
    ("args", "kwargs", "error", "told"),
    [
        ((0,), {}, BadInput, "1 to 7"),
        ((8,), {}, BadInput, "1 to 7"),
        ((1,), {"end_use": "phones"}, UnknownName, "nearest: phone"),
        ((1,), {"end_use": "chip"}, BadInput, "one of phone, car"),
        ((1,), {"over": "continent"}, UnknownName, "one of place, firm, place-item"),
    ],
)
def test_what_cannot_be_asked_is_refused(net, args, kwargs, error, told):
    with pytest.raises(error, match=told):
        measure.worst(net, *args, **kwargs)
