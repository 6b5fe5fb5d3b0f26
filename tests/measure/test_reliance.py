"""Exposure of buyers, and autonomy against indispensability."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from narrows import evidence, measure, network
from narrows.measure.closures import hit_by
from narrows.terms import BadInput, UnknownName
from oracles import chains, stops

RULES = st.sampled_from(["pooled", "home_first"])


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return evidence.load(tiny.write(tmp_path_factory.mktemp("reliance") / "case"))


# ---------------------------------------------------------------- exposure


def test_exposure_shows_what_is_bought_and_what_is_lost(case):
    frame = measure.exposure(network.from_case(case), on="TWN").set_index(["buyer", "item"])
    phone = frame.loc[("CHN/phone", "chip")]
    assert phone[["direct", "look_through"]].tolist() == pytest.approx([0.69, 0.69])
    market = frame.loc[("World/phone", "phone")]
    assert market[["direct", "look_through"]].tolist() == pytest.approx([0, 0.552])
    assert frame["look_through"].is_monotonic_decreasing


def test_look_through_sees_what_direct_shares_hide(case):
    frame = measure.exposure(network.from_case(case), on="UKR").set_index(["buyer", "item"])
    assert frame.loc[("CHN/phone", "chip"), "direct"] == 0
    assert frame.loc[("CHN/phone", "chip"), "look_through"] == pytest.approx(0.5)


def test_the_part_on_stand_ins_is_told(case):
    frame = measure.exposure(network.from_case(case), on="NLD").set_index(["buyer", "item"])
    assert frame.loc[("TWN/chip", "tool"), ["direct", "stand_in"]].tolist() == [0.9, 1]
    assert frame.loc[("World/phone", "phone"), "stand_in"] == 0


def test_what_is_dropped_is_no_buyer(case):
    frame = measure.exposure(network.from_case(case), on="TWN")
    assert not any(buyer.startswith("TWN/") for buyer in frame["buyer"])


@settings(max_examples=30)
@given(chains.chains(), RULES)
def test_direct_shares_of_a_buyer_add_to_one_over_all_places(chain, rule):
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    places = sorted(set(net.units.place.tolist()))
    total = {}
    for place in places:
        frame = measure.exposure(net, on=place)
        for buyer, item, direct in zip(frame["buyer"], frame["item"], frame["direct"], strict=True):
            total[buyer, item] = total.get((buyer, item), 0) + direct
    for need, (buyer, item) in enumerate(
        zip(net.buyers[net.needs.buyer], net.needs.item, strict=True)
    ):
        shares = net.sourcing[item].shares
        column = shares if shares.ndim == 1 else shares[:, need - net.need_slices[item].start]
        own = net.units.place[net.unit_slices[item]] == str(buyer).partition("/")[0]
        found = total.get((buyer, net.items[item]), 0)
        assert found == pytest.approx(1 - column[own].sum())  # from home it is not dropped


@settings(max_examples=30)
@given(chains.chains(), RULES, st.data())
def test_look_through_is_never_less_than_direct_and_agrees_with_the_twin(chain, rule, data):
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    place = data.draw(st.sampled_from(net.places))
    frame = measure.exposure(net, on=place).set_index(["buyer", "item"])
    assert (frame["look_through"] >= frame["direct"] - 1e-9).all()
    assert frame["look_through"].between(0, 1 + 1e-12).all()
    loss = np.zeros(len(net.units.item))
    loss[hit_by(net, place)] = 1
    left = stops.fixed(net, loss)
    _, needs = stops.rows_of(net)
    for need in needs:
        key = (str(net.buyers[need["buyer"]]), need["item"])
        if key in frame.index:
            lost = sum(share * (1 - left[unit]) for unit, share in need["from"].items())
            assert frame.loc[key, "look_through"] == pytest.approx(lost, abs=1e-9)


def test_an_unknown_place_is_refused_with_the_nearest(case):
    with pytest.raises(UnknownName, match="nearest: TWN"):
        measure.exposure(network.from_case(case), on="TWM")


# ---------------------------------------------------------------- autonomy and indispensability


def test_reliance_and_leverage_follow_who_buys_from_whom(case):
    net = network.from_case(case)
    rows = measure.autonomy(net, us=["JPN"], them=["CHN"]).set_index("item")
    # Japan makes cars and memory: of the gas for memory it buys 30 % from China
    assert rows.loc["gas", "reliance"] == pytest.approx(0.3)
    assert rows.loc["gas", "leverage"] == pytest.approx(0)
    # phones in China take a fifth of their memory from Japan
    assert rows.loc["memory", "leverage"] == pytest.approx(0.2)
    assert np.isnan(rows.loc["memory", "reliance"])  # Japan buys no memory
    assert set(rows["sourcing"]) == {"pooled"}


def test_look_through_adds_what_is_lost_upstream(case):
    rows = measure.autonomy(network.from_case(case), us=["TWN"], them=["UKR"]).set_index("item")
    assert rows.loc["gas", "reliance_look_through"] == pytest.approx(0.5)
    assert np.isnan(rows.loc["gas", "leverage"])  # Ukraine makes gas and buys nothing


@settings(max_examples=30)
@given(chains.chains(), RULES, st.data())
def test_the_two_sides_are_each_others_mirror(chain, rule, data):
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    places = data.draw(st.permutations(net.places))
    if len(places) < 2:
        return
    us, them = places[:1], places[1:3]
    one = measure.autonomy(net, us, them).set_index("item")
    other = measure.autonomy(net, them, us).set_index("item")
    assert one.index.equals(other.index)
    for end in ("", "_look_through"):
        assert np.allclose(one[f"reliance{end}"], other[f"leverage{end}"], equal_nan=True)
        assert np.allclose(one[f"leverage{end}"], other[f"reliance{end}"], equal_nan=True)
    numbers = one.drop(columns="sourcing").to_numpy(float)
    assert np.nanmin(numbers, initial=0) >= 0
    assert np.nanmax(numbers, initial=0) <= 1 + 1e-12
    assert (one["reliance_look_through"].fillna(1) >= one["reliance"].fillna(0) - 1e-9).all()


def test_a_group_is_a_side(case):
    net = network.from_case(case)
    one = measure.autonomy(net, us=["EastAsia"], them=["CHN"])
    other = measure.autonomy(net, us=["TWN", "KOR", "JPN"], them=["CHN"])
    assert one.equals(other)


@pytest.mark.parametrize(
    ("us", "them", "error", "told"),
    [
        ([], ["CHN"], BadInput, "an empty side"),
        (["JPN"], ["CHN", "JPN"], BadInput, "JPN on both sides"),
        (["EastAsia"], ["KOR"], BadInput, "KOR on both sides"),
        (["JPN"], ["CHM"], UnknownName, "nearest"),
    ],
)
def test_sides_that_are_none_are_refused(case, us, them, error, told):
    with pytest.raises(error, match=told):
        measure.autonomy(network.from_case(case), us, them)


def test_an_unknown_place_is_told_under_the_name_of_the_argument(case):
    with pytest.raises(UnknownName, match=r"^on: "):
        measure.exposure(network.from_case(case), on="XYZ")
