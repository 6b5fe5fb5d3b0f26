"""The table of contingency: what is dropped, ranks, reasons, days of stock, stand-ins."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from narrows import evidence, measure, network
from narrows.terms import BadInput, UnknownName
from oracles import chains

RULES = st.sampled_from(["pooled", "home_first"])


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return evidence.load(tiny.write(tmp_path_factory.mktemp("contingency") / "case"))


@pytest.fixture(scope="module")
def net(case):
    return network.from_case(case)


def row(net, dropped, end_use, **kwargs):
    frame = measure.contingency(net, **kwargs)
    (found,) = frame[(frame["dropped"] == dropped) & (frame["end_use"] == end_use)].itertuples()
    return found


# ---------------------------------------------------------------- what is dropped


def test_every_place_is_dropped_in_turn_and_every_end_use_shown(net):
    frame = measure.contingency(net)
    assert set(frame["dropped"]) == {"CHN", "JPN", "KOR", "NLD", "TWN", "UKR", "VNM"}
    assert set(frame["end_use"]) == {"phone", "car", "all"}
    assert len(frame) == 7 * 3
    assert list(frame.columns) == [
        *("dropped", "end_use", "left_fixed", "left_best", "stock_days", "because"),
        *("stand_in", "rank"),
    ]


def test_the_worst_closure_comes_first_and_ties_share_a_rank(net):
    frame = measure.contingency(net)
    total = frame[frame["end_use"] == "all"]
    assert total["left_fixed"].is_monotonic_increasing
    assert total["rank"].tolist() == [1, 2, 3, 4, 5, 6, 7] or total["rank"].is_monotonic_increasing
    for _, same in total.groupby(total["left_fixed"].round(9)):
        assert same["rank"].nunique() == 1
        assert same["dropped"].is_monotonic_increasing


def test_pairs_are_all_choices_of_two(net):
    frame = measure.contingency(net, k=2)
    expected = {" + ".join(pair) for pair in combinations(net.places, 2)}
    assert set(frame["dropped"]) == expected


@pytest.mark.parametrize(
    ("names", "same_as"),
    [
        (["EastAsia"], ["JPN", "KOR", "TWN"]),
        (["TWN/chip", "TWN/memory", "TWN/power"], ["TWN"]),
        (["KOR", "KOR"], ["KOR"]),
    ],
)
def test_a_group_and_a_list_of_items_drop_what_they_hold(net, names, same_as):
    one, other = (measure.contingency(net, drop=each) for each in (names, same_as))
    columns = ["end_use", "left_fixed", "left_best", "stock_days", "because"]
    assert one[columns].equals(other[columns])
    assert set(one["dropped"]) == {" + ".join(names)}


def test_a_firm_is_dropped_where_firms_are_known(case):
    by_seat = network.from_case(case, basis="headquarters")
    found = row(by_seat, "firm:Lito", "phone", over="firm", within_days=np.inf)
    assert found.left_fixed == pytest.approx(0.2)
    assert found.because == "phone <- chip <- tool <- Lito 100 %"


def test_items_at_places_are_dropped_one_by_one(net):
    frame = measure.contingency(net, over="place-item")
    assert "TWN/chip" in set(frame["dropped"])
    assert not any(name.startswith(("Other/", "World/")) for name in frame["dropped"])


def test_a_forecast_or_an_unknown_maker_cannot_be_dropped_by_name(net):
    assert "Other" not in net.places
    assert not any("Other" in name for name in measure.contingency(net)["dropped"])


@pytest.mark.parametrize(
    ("kwargs", "error", "told"),
    [
        ({"k": 0}, BadInput, "1 to 7, the places that can close"),
        ({"k": 8}, BadInput, "1 to 7, the places that can close"),
        ({"over": "plaec"}, UnknownName, "nearest: place"),
        ({"over": "firm"}, BadInput, "no firm in"),
        ({"drop": []}, BadInput, "at least one name to drop"),
        ({"drop": ["TWM"]}, UnknownName, "nearest: TWN"),
        ({"drop": ["TWN/gas"]}, UnknownName, "dropped"),
        ({"drop": ["TWN/chips"]}, UnknownName, "nearest: chip"),
        ({"drop": ["firm:Litho"]}, UnknownName, "dropped"),
    ],
)
def test_what_cannot_be_dropped_is_refused(net, kwargs, error, told):
    with pytest.raises(error, match=told):
        measure.contingency(net, **kwargs)


def test_too_many_choices_are_refused_with_a_way_out():
    big = network.from_case(evidence.load("semiconductors"))
    with pytest.raises(BadInput, match="`worst` finds the worst"):
        measure.contingency(big, k=2, over="place-item")


# ---------------------------------------------------------------- reasons and days


def test_reasons_lead_from_the_end_use_to_what_was_dropped(net):
    found = row(net, "TWN", "phone")
    assert found.because == "phone <- chip <- TWN 69 %; phone <- memory <- TWN 20 %"
    assert found.stock_days == 5  # phones hold chips for five days; memory lasts ten
    found = row(net, "UKR", "phone")
    assert found.because == ("phone <- memory <- gas <- UKR 50 %; phone <- chip <- gas <- UKR 50 %")
    assert found.stock_days == 40  # ten days of memory, thirty of gas


def test_what_loses_nothing_has_no_reason_and_no_days(net):
    found = row(net, "NLD", "phone")
    assert (found.left_fixed, found.because, found.stock_days) == (1, "", np.inf)
    assert found.stand_in == 0


def test_an_end_use_that_is_dropped_itself_has_no_days(net):
    found = row(net, "VNM", "phone")
    assert (found.left_fixed, found.because) == (pytest.approx(0.8), "phone <- VNM 20 %")
    assert found.stock_days == 0


def test_a_loss_that_does_not_reach_a_buyer_is_no_reason_for_it():
    """Japan's chips go into Japan's cars; phones are made from Chinese chips alone."""
    need = {"criticality": "essential", "cover_days": "10"}
    chain = chains.Chain(
        items=("m0", "z0", "z1"),
        ends=("z0", "z1"),
        shares={
            "m0": {"JPN": 40, "CHN": 60},
            "z0": {"CHN": 100},
            "z1": {"JPN": 100},
        },
        edges={
            ("z0", "m0"): {"allocation": "0.6", **need},
            ("z1", "m0"): {"allocation": "0.4", **need},
        },
    )
    net = network.from_case(chains.loaded(chain), sourcing="home_first")
    found = row(net, "JPN/m0", "z0", over="place-item")
    assert (found.left_fixed, found.because, found.stock_days) == (1, "", np.inf)
    found = row(net, "JPN/m0", "z1", over="place-item")
    assert (found.left_fixed, found.because) == (0, "z1 <- m0 <- JPN 40 %")


def assert_reasons_hold(net, names):
    frame = measure.contingency(net, drop=names)
    recipe = {
        (net.items[net.units.item[buyer]] if buyer < len(net.units.item) else "", net.items[item])
        for buyer, item in zip(net.needs.buyer, net.needs.item, strict=True)
    }
    shown = set(names) | {member for name in names for member in net.groups.get(name, ())}
    for found in frame.itertuples():
        lost = found.left_fixed < 1 - 1e-8
        assert bool(found.because) is lost
        assert np.isfinite(found.stock_days) == lost
        for chain in filter(None, found.because.split("; ")):
            *items, holders = chain.split(" <- ")
            assert found.end_use in (items[0], "all")
            assert items[0] in net.end_uses
            assert all(pair in recipe for pair in pairwise(items))
            if "more" not in holders:
                held = {name.rsplit(" ", 2)[0] for name in holders.split(", ")}
                assert held <= shown
            assert holders.endswith(("%", "more"))


@settings(max_examples=50)
@given(chains.chains(), RULES, st.data())
def test_every_chain_of_reasons_follows_the_recipe_and_ends_at_what_was_dropped(chain, rule, data):
    net = network.from_case(chains.loaded(chain), sourcing=rule)
    names = data.draw(
        st.lists(st.sampled_from([*net.places, "EastAsia"]), min_size=1, max_size=2, unique=True)
        if {"JPN", "KOR", "TWN"} & set(net.places)
        else st.lists(st.sampled_from(net.places), min_size=1, max_size=2, unique=True)
    )
    assert_reasons_hold(net, names)


@pytest.mark.parametrize("names", [["TWN"], ["CHN"], ["JPN", "KOR"], ["NLD"]])
@pytest.mark.parametrize("rule", ["pooled", "home_first"])
def test_the_reasons_of_the_chip_case_hold(names, rule):
    assert_reasons_hold(network.from_case(evidence.load("semiconductors"), sourcing=rule), names)


# ---------------------------------------------------------------- stand-ins


def test_the_part_of_a_loss_that_rests_on_stand_ins_is_told(net):
    # the Netherlands make tools by a stand-in alone
    found = row(net, "NLD", "phone", within_days=np.inf)
    assert found.left_fixed == pytest.approx(1 - 0.8 * 0.9)
    assert found.stand_in == pytest.approx(1)
    # Japan: a tenth of the tools by a stand-in, a fifth of the memory by an assumption
    found = row(net, "JPN", "phone", within_days=np.inf)
    assert found.left_fixed == pytest.approx(0.8)
    assert found.stand_in == 0


def test_stand_ins_lie_between_0_and_1_and_show_in_the_sum(net):
    frame = measure.contingency(net, k=2, within_days=np.inf)
    assert frame["stand_in"].between(0, 1 + 1e-12).all()
    for _, rows in frame.groupby("dropped"):
        parts = rows.set_index("end_use")
        weight = net.weight / net.weight.sum()
        lost = 1 - parts.loc[list(net.end_uses), "left_fixed"].to_numpy()
        total = float(weight @ lost)
        expected = weight @ (lost * parts.loc[list(net.end_uses), "stand_in"].to_numpy())
        assert parts.loc["all", "stand_in"] == pytest.approx(
            expected / total if total > 1e-12 else 0, abs=1e-9
        )


# ---------------------------------------------------------------- ranks under resampling


def test_draws_say_how_often_a_rank_holds_and_the_seed_fixes_them(net):
    frame = measure.contingency(net, draws=20, seed=4)
    assert frame["holds"].between(0, 1).all()
    assert (frame["rank_low"] <= frame["rank_high"]).all()
    assert frame.equals(measure.contingency(net, draws=20, seed=4))
    plain = measure.contingency(net)
    assert frame[list(plain.columns)].equals(plain)


def test_a_clear_first_place_holds_in_most_draws(net):
    frame = measure.contingency(net, draws=50, seed=1)
    assert frame.iloc[0]["dropped"] == "CHN"  # most phones and two in five cars are put together
    assert frame.iloc[0]["holds"] > 0.5


def test_progress_is_told_to_the_end(net):
    steps = []
    measure.contingency(net, draws=3, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (3, 3)
    assert (7, 7) in steps


# ---------------------------------------------------------------- order and names


def test_the_names_of_places_do_not_matter():
    chain = chains.Chain(
        items=("m0", "m1", "z0"),
        ends=("z0",),
        shares={"m0": {"TWN": 60, "KOR": 40}, "m1": {"KOR": 30, "JPN": 70}, "z0": {"CHN": 100}},
        edges={
            ("m1", "m0"): {"allocation": "1", "criticality": "essential", "cover_days": "10"},
            ("z0", "m1"): {"allocation": "1", "criticality": "essential", "cover_days": "20"},
        },
    )
    swap = {"TWN": "CHN", "CHN": "TWN", "KOR": "JPN", "JPN": "KOR"}
    turned = chains.Chain(
        **{
            **chain.__dict__,
            "shares": {
                item: {swap[place]: share for place, share in shares.items()}
                for item, shares in chain.shares.items()
            },
        }
    )
    frames = [
        measure.contingency(network.from_case(chains.loaded(each)), k=2)
        .assign(dropped=lambda f, s=names: [_swapped(label, s) for label in f["dropped"]])
        .set_index(["dropped", "end_use"])
        .sort_index()
        for each, names in ((chain, {}), (turned, swap))
    ]
    columns = ["left_fixed", "left_best", "stock_days"]
    assert np.allclose(frames[0][columns], frames[1][columns])


def _swapped(label, swap):
    return " + ".join(sorted(swap.get(name, name) for name in label.split(" + ")))
