"""The two static numbers of contingency: against slow twins, a solver, and each other."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import tiny
from narrows import evidence, measure, network
from narrows.measure.chain import Chain
from narrows.measure.closures import hit_by
from narrows.measure.contingency import rerouted
from narrows.measure.kernels.cascade import Block, cascade
from narrows.measure.kernels.rerouted import Edges, alone, together
from oracles import chains, stops

RULES = st.sampled_from(["pooled", "home_first"])
DAYS = st.sampled_from([0.0, 10.0, 365.0, np.inf])


def places_of(net):
    return sorted(set(net.units.place.tolist()) - {"Other", "World"})


def lost(net, names):
    loss = np.zeros(len(net.units.item))
    for name in names:
        loss[hit_by(net, name)] = 1.0
    return loss


@st.composite
def dropped(draw, net, most=3):
    places = places_of(net)
    assume(places)
    return draw(st.lists(st.sampled_from(places), min_size=1, max_size=most, unique=True))


def both(net, names, **kwargs):
    """Give the two numbers by end use, `all` among them."""
    frame = measure.contingency(net, drop=names, **kwargs).set_index("end_use")
    return frame["left_fixed"], frame["left_best"]


# ---------------------------------------------------------------- by hand


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return evidence.load(tiny.write(tmp_path_factory.mktemp("stops") / "case"))


def test_dropping_taiwan_from_the_small_case_gives_what_a_pencil_gives(case):
    """Chips 69 % in Taiwan, memory 20 %; a phone loses 0.8 of the chips' loss, a car 0.1."""
    fixed, best = both(network.from_case(case), ["TWN"])
    # phones: chips leave 1 - 0.8 x 0.69 = 0.448, memory 0.8; the worst counts
    assert fixed["phone"] == pytest.approx(0.448)
    assert fixed["car"] == pytest.approx(1 - 0.1 * 0.69)
    assert fixed["all"] == pytest.approx(0.4 * 0.448 + 0.6 * 0.931)
    # re-routed: 0.31 of the chips are left (chip makers could make a tenth more, but there is no
    # more power at home); all to phones (0.7 of the use) they make 1 - 0.8 (1 - 0.31 / 0.7) of
    # them; cars alone want 0.3, and that is there
    assert best["phone"] == pytest.approx(1 - 0.8 * (1 - 0.31 / 0.7))
    assert best["car"] == 1
    # together: chips save 0.8 / 0.7 x 0.4 of the value a unit in phones, 0.1 / 0.3 x 0.6 in cars
    assert best["all"] == pytest.approx(0.4 * best["phone"] + 0.6 * 0.9)


def test_a_second_year_has_its_own_numbers(case):
    fixed, _ = both(network.from_case(case, period=2019), ["TWN"])
    assert fixed["phone"] == pytest.approx(1 - 0.5 * 0.92)


def test_independent_losses_multiply_where_nested_ones_take_the_worst(tmp_path):
    change = ("combine: nested", "combine: independent")
    folder = tiny.write(tmp_path / "case", **tiny.edit("case", change))
    fixed, _ = both(network.from_case(evidence.load(folder)), ["TWN"])
    assert fixed["phone"] == pytest.approx(0.448 * 0.8)


def test_a_tool_in_place_goes_on_working_until_its_cover_is_over(case):
    net = network.from_case(case)
    fixed, best = both(net, ["NLD"])
    assert (fixed == 1).all()
    assert (best == 1).all()
    for days, left in ((3649, 1.0), (3650, 1 - 0.8 * 0.9), (np.inf, 1 - 0.8 * 0.9)):
        assert both(net, ["NLD"], within_days=days)[0]["phone"] == pytest.approx(left)


@pytest.mark.parametrize("kind", ["substitutable", "minor"])
def test_an_input_that_can_be_replaced_stops_nothing(tmp_path, kind):
    row = "phone,chip,2022,0.7,,,"
    altered = tiny.edit("recipes", (f"{row}essential", f"{row}{kind}"))
    net = network.from_case(evidence.load(tiny.write(tmp_path / "case", **altered)))
    fixed, best = both(net, ["TWN"])
    assert fixed["phone"] == pytest.approx(0.8)  # memory alone
    assert fixed["car"] == pytest.approx(0.931)
    assert best["phone"] == pytest.approx(0.8)


def test_an_input_that_is_not_used_in_a_period_stops_nothing(tmp_path):
    altered = tiny.edit(
        "recipes", ("phone,chip,2022,0.7", "phone,chip,2022,0"), ("car,chip,,0.3", "car,chip,,1")
    )
    altered["recipes"] = altered["recipes"].replace("phone,chip,2019,0.7", "phone,chip,2019,0")
    fixed, best = both(network.from_case(evidence.load(tiny.write(tmp_path, **altered))), ["TWN"])
    assert fixed["phone"] == pytest.approx(0.8)  # memory alone
    assert best["phone"] == pytest.approx(0.8)
    assert fixed["car"] == pytest.approx(0.931)


def test_a_local_input_is_lost_with_its_place_and_only_there(case):
    net = network.from_case(case)
    fixed, best = both(net, ["TWN/power"])
    assert fixed["phone"] == pytest.approx(1 - 0.8 * 0.69)
    assert best["phone"] == pytest.approx(1 - 0.8 * (1 - 0.31 / 0.7))


def test_spare_capacity_is_used_as_far_as_its_inputs_reach(case):
    _, best = both(network.from_case(case.override({"stops_fraction.power": 0})), ["TWN"])
    assert best["phone"] == pytest.approx(1 - 0.8 * (1 - 0.31 * 1.1 / 0.7))


def test_a_closed_loop_takes_down_all_that_need_each_other():
    """Two units that need each other: the greatest solution is 1 when both work."""

    def block(unit, buyer):
        return Block(slice(unit, unit + 1), np.array([buyer]), np.ones((1, 1)), lambda left: left)

    loop = [block(0, 1), block(1, 0)]
    loss = np.array([[0.0, 0.3, 1.0], [0.0, 0.0, 0.0]])
    left = cascade(loss, loop, markets=0, nested=True, acyclic=False)
    assert left == pytest.approx(np.array([[1, 0.7, 0], [1, 0.7, 0]]))


# ---------------------------------------------------------------- against the slow twins


@settings(max_examples=40)
@given(chains.chains(), RULES, DAYS, st.data())
def test_nothing_re_routed_agrees_with_a_slow_twin(chain, rule, days, data):
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    names = data.draw(dropped(net))
    loss = lost(net, names)
    found = Chain.of(net, days).left(loss[:, None])[:, 0]
    assert found == pytest.approx(stops.fixed(net, loss, days), abs=1e-9)


@settings(max_examples=40)
@given(chains.chains(), RULES, st.data())
def test_the_sweep_and_the_iteration_give_the_same(chain, rule, data):
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    ready = Chain.of(net)
    loss = np.array(
        data.draw(
            st.lists(
                st.floats(0, 1), min_size=len(net.units.item), max_size=len(net.units.item)
            )
        )
    )  # fmt: skip
    swept = ready.left(loss[:, None])
    iterated = cascade(
        loss[:, None],
        ready.blocks,
        markets=len(net.markets),
        nested=net.combine == "nested",
        acyclic=False,
    )
    assert swept == pytest.approx(iterated, abs=1e-9)


@settings(max_examples=45)
@given(chains.chains(local=False, whole_stops=True), RULES, DAYS, st.data())
def test_best_re_routed_agrees_with_a_programme_over_all_flows(chain, rule, days, data):
    """Where an input stops all output, items and units give the same optimum."""
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    names = data.draw(dropped(net))
    loss = lost(net, names)
    _, best = both(net, names, within_days=days)
    assert best["all"] == pytest.approx(stops.linear(net, loss, net.weight, days), abs=1e-7)
    for number, end in enumerate(net.end_uses):
        only = np.eye(len(net.end_uses))[number]
        assert best[end] == pytest.approx(stops.linear(net, loss, only, days), abs=1e-7)


@settings(max_examples=40)
@given(chains.chains(local=False), st.data())
def test_partial_stops_let_items_do_no_worse_than_single_units(chain, data):
    """A unit that is gone leaves its part without the input free for the others to make."""
    net = network.from_case(chains.loaded(chain))
    names = data.draw(dropped(net))
    _, best = both(net, names)
    assert best["all"] >= stops.linear(net, lost(net, names), net.weight) - 1e-7


@settings(max_examples=40)
@given(chains.chains(), st.data())
def test_alone_and_together_agree(chain, data):
    net = network.from_case(chains.loaded(chain))
    names = data.draw(dropped(net))
    ready = Chain.of(net)
    capacity = ready.capacity(lost(net, names)[:, None])
    one = alone(capacity, ready.edges, net.markets)[:, 0]
    for number in range(len(net.markets)):
        only = np.eye(len(net.markets))[number]
        value, _ = together(capacity[:, 0], ready.edges, net.markets, only)
        assert one[number] == pytest.approx(value, abs=1e-8)
    value, parts = together(capacity[:, 0], ready.edges, net.markets, net.weight)
    weight = net.weight / net.weight.sum()
    assert value == pytest.approx(float(weight @ parts), abs=1e-9)
    assert value <= float(weight @ one) + 1e-8
    assert (parts <= one + 1e-8).all()


def test_several_cases_at_once_give_what_one_at_a_time_gives(case):
    net = network.from_case(case)
    ready = Chain.of(net)
    loss = np.stack([lost(net, [name]) for name in places_of(net)], axis=1)
    whole = ready.left(loss)
    best = alone(ready.capacity(loss), ready.edges, net.markets)
    for number in range(loss.shape[1]):
        single = loss[:, [number]]
        assert whole[:, [number]] == pytest.approx(ready.left(single))
        assert best[:, [number]] == pytest.approx(
            alone(ready.capacity(single), ready.edges, net.markets)
        )


def test_an_end_use_without_inputs_keeps_what_its_own_makers_keep():
    edges = Edges(*(np.array([], dtype=kind) for kind in (np.int64, np.int64, float, float)))
    assert alone(np.array([[0.4, 2.0]]), edges, np.array([0])).tolist() == [[0.4, 1.0]]
    assert together(np.array([0.4]), edges, np.array([0]), np.array([3.0]))[0] == (
        pytest.approx(0.4)
    )


# ---------------------------------------------------------------- properties of both


@settings(max_examples=40)
@given(chains.chains(), RULES, st.data())
def test_dropping_more_never_leaves_more_in_either_number(chain, rule, data):
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    more = data.draw(dropped(net, most=4))
    fewer = more[: data.draw(st.integers(1, len(more)))]
    for less_left, more_left in zip(both(net, more), both(net, fewer), strict=True):
        assert (less_left <= more_left + 1e-8).all()


@settings(max_examples=40)
@given(chains.chains(), RULES, DAYS, st.data())
def test_re_routing_never_leaves_less_and_both_lie_between_0_and_1(chain, rule, days, data):
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    fixed, best = both(net, data.draw(dropped(net)), within_days=days)
    for left in (fixed, best):
        assert ((left >= 0) & (left <= 1 + 1e-9)).all()
    assert (best >= fixed - 1e-8).all()


@settings(max_examples=40)
@given(chains.chains(binding=True), st.data())
def test_longer_stocks_never_leave_less(chain, data):
    net = network.from_case(chains.loaded(chain))
    names = data.draw(dropped(net))
    short, long_ = both(net, names, within_days=5), both(net, names, within_days=365)
    for left_short, left_long in zip(short, long_, strict=True):
        assert (left_short >= left_long - 1e-9).all()


@settings(max_examples=40)
@given(chains.chains(), RULES)
def test_dropping_nothing_that_works_loses_nothing(chain, rule):
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    ready = Chain.of(net)
    nothing = np.zeros((len(net.units.item), 1))
    assert ready.left(nothing) == pytest.approx(1)
    one, every = alone(ready.capacity(nothing), ready.edges, net.markets), rerouted(ready, [])
    assert one == pytest.approx(1)
    assert every[1].shape == (0,)


@settings(max_examples=40)
@given(chains.chains(headroom=False, local=False), RULES)
def test_dropping_every_maker_of_a_binding_input_leaves_what_does_not_need_it(chain, rule):
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    loss = np.ones(len(net.units.item))
    assert (Chain.of(net).left(loss[:, None])[: len(loss)] == 0).all()
    assert stops.fixed(net, loss) == pytest.approx([0.0] * (len(loss) + len(net.markets)))
