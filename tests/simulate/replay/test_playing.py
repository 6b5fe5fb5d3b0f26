"""Replays run: what must hold in cases whose answer is known, and in the bundled ones."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from narrows.simulate import Stockpiling, bundled_replays, replay, score_card
from narrows.simulate.replay import read_replay, recorded_card
from narrows.simulate.replay.behaviour import behaviour
from narrows.simulate.replay.chain import Chain
from narrows.simulate.replay.drawing import drawn, inputs, put, uncertain
from narrows.simulate.replay.happening import scenario
from narrows.simulate.replay.timing import (
    capacity_left,
    expected_gap,
    moved,
    not_bought,
    passed,
    withheld,
)
from narrows.simulate.values import best
from narrows.terms import BadInput

CARD = Path(__file__).resolve().parents[3] / "docs" / "replays" / "score-card.md"
NULL_CASES = {"neon-2022": 1.0, "sumitomo-resin-1993": 3.0}


def _point(made, name):
    return made.table.set_index("point").loc[name]


def test_the_network_balances_in_every_bundled_replay():
    for name in bundled_replays():
        net = Chain(read_replay(name), behaviour()).network()
        base = np.concatenate([net.units.output, net.demand])
        for number, needs in enumerate(net.need_slices):
            use = net.needs.recipe[needs] * base[net.needs.buyer[needs]]
            asked = net.sourcing[number].orders(use[:, None])[:, 0]
            made = net.units.output[net.unit_slices[number]]
            assert asked == pytest.approx(made, rel=1e-6, abs=1e-8), (name, net.items[number])


def test_without_a_shock_nothing_happens(small):
    made = replay(small(("lost: 1.0", "lost: 0.0")), draws=10)
    assert _point(made, "april")[["predicted_low", "predicted_high"]].tolist() == pytest.approx(
        [1.0, 1.0], abs=1e-6
    )


def test_rivals_say_what_can_be_worked_out_on_paper(small):
    row = _point(replay(small(), draws=10), "april")
    assert row["rival_a"] == pytest.approx(0.4)
    # the stock of 20 days lasts 20 / 0.6 days from 1 March, to 3 April, and 15 days of finished
    # metal of the maker that stopped 15 days more
    assert 0.4 < row["rival_b"] <= 1.0


def test_rivals_carry_a_change_of_demand_up_the_chain(small):
    slump = """  - {id: slump, kind: demand, item: motor, known: 2020-03-02,
     path: [[2020-03-01, 1.0], [2020-03-02, 0.5]]}"""
    path = small((LICENCE[0], slump), ("of: motor", "of: metal"))
    row = _point(replay(path, draws=10), "april")
    assert row["rival_a"] == pytest.approx(0.5) == row["rival_b"]


def test_a_longer_stop_loses_more(small):
    short = _point(replay(small(), draws=20), "april")["predicted"]
    longer = small(("hold_days: 60", "hold_days: 10"))
    assert _point(replay(longer, draws=20), "april")["predicted"] >= short


def test_observations_are_never_inputs(small):
    one = replay(small(), draws=20)
    other = replay(small(("low: 0.4, high: 0.6", "low: 0.9, high: 0.95")), draws=20)
    columns = ["predicted", "predicted_low", "predicted_high", "rival_a", "rival_b"]
    assert one.table[columns].equals(other.table[columns])
    assert not one.table["error"].equals(other.table["error"])


def test_the_same_seed_gives_the_same_and_another_seed_not(small):
    one, same, other = (replay(small(), draws=20, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.table, same.table)
    assert not one.table["predicted_low"].equals(other.table["predicted_low"])


def test_draws_keep_to_what_a_number_can_be_and_to_its_range(small):
    ranged = ("share: 60", "share: {low: 50, best: 60, high: 65, grade: assumed, why: x}")
    case = read_replay(small(ranged))
    chains = drawn(case, behaviour(), draws=400, seed=3)
    shares = np.array([chain.case.provider("one").share for chain in chains])
    assert np.percentile(shares, [5, 50, 95]) == pytest.approx([50, 60, 65], abs=0.7)
    assert "case.providers.0.share" in inputs(Chain(case, behaviour()))
    assert all(0 <= chain.behaviour.psi <= 1 for chain in chains)
    assert all(best(kind.headroom) >= 1 for chain in chains for kind in chain.behaviour.kinds)


def test_a_licence_stops_shipments_and_brings_them_forward():
    made = replay("gallium-germanium-2023", draws=20)
    rows = made.table.set_index("point")
    assert rows.loc["zero-august", "predicted_high"] < 0.05
    assert rows.loc["ga-front", "predicted_low"] > 1.2
    assert rows.loc["ga-november", "predicted_high"] < 1.0


def _chain(path, **kind):
    case = read_replay(path)
    rules = behaviour()
    kinds = tuple(
        replace(each, **kind) if each.kind == case.items[0].kind else each for each in rules.kinds
    )
    plain = Chain(case, replace(rules, kinds=kinds))
    return put(plain, "", {name: each.best for name, each in inputs(plain).items()})


def test_of_several_types_the_least_stock_counts(small):
    one, three = (_chain(small(), types_at_once=each) for each in (1.0, 3.0))
    assert three.until_first("metal") == 0.75
    covers = [chain.network().needs.cover for chain in (one, three)]
    assert covers[1] == pytest.approx([0.75 * cover for cover in covers[0]])
    held = [
        {each.units: each.finished_days for each in scenario(chain).rules.special if each.units}
        for chain in (one, three)
    ]
    assert held[1] == pytest.approx({name: 0.75 * days for name, days in held[0].items()})


def test_types_follow_the_least_of_even_stocks():
    rng = np.random.default_rng(4)
    least = rng.uniform(0.5, 1.5, (20_000, 5)).min(axis=1).mean()
    assert least == pytest.approx(0.5 + 1 / (5 + 1), rel=0.02)


LICENCE = (
    """  - {id: stop, kind: capacity, hits: [one], lost: 1.0, start: 2020-03-01, hold_days: 60,
     recovery: {shape: linear, days: 10}, known: 2020-03-02}""",
    """  - {id: stop, kind: licence, hits: [one], announced: 2020-02-24, start: 2020-03-01,
     known: 2020-03-02}""",
)


def test_a_licence_of_which_a_file_is_silent_is_as_usual(small):
    chain = _chain(small(LICENCE))
    event, rules = chain.case.events[0], chain.behaviour
    first, share = rules.licence_first_days, rules.licence_first_share
    gone = withheld(chain, event)
    assert gone[9] == 0.0
    assert (gone[10 : 10 + round(first)] == rules.covered).all()
    assert gone[10 + round(first) + 1] == pytest.approx(rules.covered * (1.0 - share), abs=0.01)
    own = LICENCE[1].replace("start:", "first_days: 5, first_share: 1.0, covered: 1, start:")
    other = _chain(small((LICENCE[0], own)))
    assert withheld(other, other.case.events[0])[10:16].tolist() == [1.0] * 5 + [0.0]


def test_buyers_look_ahead_as_long_as_they_need_another_maker(small):
    short = _chain(small(LICENCE))
    chain = replace(short, behaviour=replace(short.behaviour, order_days=2.0))
    event = chain.case.events[0]
    days = chain.kind_of("metal").qualification_days
    whole = withheld(chain, event)[10:]
    assert expected_gap(chain, event, 50) == pytest.approx(whole[:50].sum())
    ahead = [each for each in scenario(chain).shocks if isinstance(each, Stockpiling)]
    gap = expected_gap(chain, event, days)
    assert [each.stock_days for each in ahead] == [chain.behaviour.front_loaded * gap]
    assert gap > chain.behaviour.licence_first_days
    assert [each.start for each in ahead] == [10 - 6 + 2 + 1]
    late = [each for each in scenario(short).shocks if isinstance(each, Stockpiling)]
    assert [each.stock_days for each in late] == [0.0]  # six days are too few for an order


PARTS = ("kind: material, name: Metal", "kind: part, name: Metal")
ALONE = ("  - {id: two, item: metal, place: USA, share: 40}\n", "")


def test_products_differ_in_how_many_of_the_missing_types_they_need(small):
    half = _chain(small(PARTS, ("lost: 1.0", "lost: 0.5")), types_at_once=3.0)
    left = capacity_left(half, "one")[12]
    needed = 1 + np.random.default_rng(2).poisson(2.0, 50_000)
    assert left == pytest.approx((0.5**needed).mean(), rel=0.02)
    assert left > 0.5**3.0  # the mean over products is above the product in the mean
    one = _chain(small(PARTS, ("lost: 1.0", "lost: 0.5")), types_at_once=1.0)
    assert capacity_left(one, "one")[12] == pytest.approx(0.5)


def test_what_one_maker_alone_made_is_in_part_made_elsewhere_in_time(small):
    alone = _chain(small(PARTS, ALONE), types_at_once=1.0, moved=0.4, qualification_days=40.0)
    left = capacity_left(alone, "one")
    assert left[[10, 30, 50, 65]].tolist() == pytest.approx([0.0, 0.2, 0.4, 0.4])
    assert not moved(_chain(small(PARTS), moved=0.4), "one").any()


def test_some_products_need_none_of_what_one_maker_alone_makes(small):
    alone, two = (_chain(small(PARTS, *each), without=0.1) for each in ([ALONE], []))
    assert alone.network().needs.stops_fraction.min() == pytest.approx(0.9)
    assert two.network().needs.stops_fraction.min() == 1.0
    stated = ("cover_days: 20", "cover_days: 20, substitute: {share: 0.3, after_days: 0}")
    told = _chain(small(PARTS, ALONE, stated), without=0.1)
    assert told.network().needs.stops_fraction.min() == pytest.approx(0.7)


def test_who_moved_to_another_maker_stays_in_part(small):
    quick = "first_days: 20, first_share: 1.0, covered: 1, start:"
    chain = _chain(
        small((LICENCE[0], LICENCE[1].replace("start:", quick))),
        headroom=4.0,
        ramp_days=1.0,
        qualification_days=10.0,
    )
    event = chain.case.events[0]
    away = not_bought(chain, event, "one")
    assert away[10:30].tolist() == [1.0] * 20
    assert away[40] == pytest.approx(chain.behaviour.stays)  # the other had room for all of it
    assert withheld(chain, event)[40] == 0.0
    full = replace(chain, behaviour=replace(chain.behaviour, stays=0.0))
    assert not_bought(full, event, "one")[40] == 0.0


def test_a_loss_stated_as_one_number_is_an_estimate(small):
    case = uncertain(read_replay(small(("lost: 1.0", "lost: 0.4"))), behaviour())
    lost, hold = case.events[0].lost, case.events[0].hold_days
    assert [lost.low, lost.best, lost.high] == pytest.approx([0.3, 0.4, 0.5])
    assert hold.high - hold.best > hold.best - hold.low > 0
    assert uncertain(read_replay(small()), behaviour()).events[0].lost == 1.0


LANE = """  - {id: shut, kind: lane, hits: [one], to: [user], start: 2020-03-01, hold_days: 30,
     lost: 1.0, known: 2020-03-02}"""


def test_over_a_closed_lane_finished_stock_cannot_leave_either(small):
    seen = (
        "of: motor, window: [2020-04-01, 2020-04-20]",
        "of: one, window: [2020-03-02, 2020-03-20]",
    )
    stopped, shut = (
        _point(replay(small(*change, seen), draws=10), "april")
        for change in ([], [(LICENCE[0], LANE)])
    )
    assert stopped["predicted"] > 0.2  # half a month of finished metal
    assert shut["predicted_high"] == pytest.approx(0.0, abs=1e-6)
    assert shut["rival_a"] == 0.0 == shut["rival_b"]


def test_a_lane_to_one_buyer_leaves_the_others_and_leaks(small):
    two = [
        ("  - {id: user,", "  - {id: other, item: motor, place: USA, share: 100}\n  - {id: user,"),
        ("of: motor, window", "of: one, window"),
    ]
    row = _point(replay(small((LICENCE[0], LANE), *two), draws=10), "april")
    assert row["rival_a"] == pytest.approx(1.0)  # closed for 30 days, to 31 March
    longer = LANE.replace("hold_days: 30", "hold_days: 80")
    row = _point(replay(small((LICENCE[0], longer), *two), draws=10), "april")
    assert row["rival_a"] == pytest.approx(0.5)
    assert 0.3 < row["predicted"] < 1.0
    silent = _chain(small((LICENCE[0], longer.replace("     lost: 1.0,", "    ")), *two))
    assert passed(silent, "one", "user")[40] == pytest.approx(silent.behaviour.leaks)
    assert passed(silent, "one", "other").min() == 1.0


def test_who_cut_orders_comes_last_until_the_rest_is_worked_off(small):
    grows = """
  - {id: surge, kind: demand, item: metal, known: 2020-03-02,
     path: [[2020-02-20, 1.0], [2020-05-01, 1.0], [2020-05-09, 1.2]]}"""
    fabs = [
        ("kind: material, name: Metal", "kind: wafer, name: Metal"),
        ("needs: metal,", "needs: metal, part_of_item: 0.5,"),
        (
            LICENCE[0],
            """  - {id: slump, kind: demand, item: motor, known: 2020-03-02,
     path: [[2020-03-01, 1.0], [2020-03-02, 0.5], [2020-03-20, 0.5], [2020-03-21, 1.0]]}"""
            + grows,
        ),
    ]
    chain = _chain(small(*fabs), booked_days=60.0)
    ends = [each for each in scenario(chain).rules.special if each.classes_days is not None]
    assert [each.classes_days for each in ends] == [10 + 20 + 60] * 2
    more = [each for each in scenario(chain).shocks if each.items == ("metal",)]
    force = more[-1].in_force(chain.case.horizon)
    assert force[[8, 25, 70, 85, 90]].tolist() == pytest.approx([0.0, 0.2, 0.2, 0.0, 0.0], abs=1e-9)
    still = _chain(small(*fabs[:2], (LICENCE[0], fabs[2][1].removesuffix(grows))), booked_days=60.0)
    assert not scenario(still).shocks[-1].in_force(still.case.horizon).any()
    for ever in (_chain(small(*fabs), booked_days=None), _chain(small(*fabs[:2]))):
        assert not [each for each in scenario(ever).rules.special if each.classes_days is not None]


@pytest.mark.parametrize(("name", "bound"), NULL_CASES.items())
def test_null_cases_stay_null_at_the_upper_end_of_the_band(name, bound):
    made = replay(name, draws=200)
    row = made.table[made.table["kind"] == "null"].iloc[0]
    assert row["observed_high"] == bound
    assert row["predicted_high"] <= bound
    assert row["rival_a"] > bound


def test_too_few_draws(small):
    with pytest.raises(BadInput, match="10 or more"):
        replay(small(), draws=5)


def test_files_are_written(small, tmp_path):
    files = replay(small(), draws=10).save(tmp_path / "out")
    assert [path.name for path in files] == [
        "small-points.csv",
        "small-score.csv",
        "small-daily.csv",
        "small.png",
        "small.svg",
    ]
    assert all(path.stat().st_size for path in files)


def test_the_card_names_where_a_rival_wins(small):
    card = score_card([small()], draws=10)
    assert card.to_markdown().startswith("Where a rival wins:")
    row = card.replays[0].table.iloc[0]
    better = row["error_a"] < row["error"] - 5e-3
    assert better == any("rival A has the better error" in each for each in card.rival_wins)


def test_the_page_of_the_card_is_what_comes_out_for_a_quick_case():
    text = CARD.read_text("utf-8")
    card = score_card(["renesas-fire-2021"], draws=200)
    rows = [line for line in card.to_markdown().splitlines() if "| capacity-day73" in line]
    assert len(rows) == 1
    assert rows[0] in text


def test_the_recorded_card_is_what_comes_out_for_a_quick_case():
    name = "renesas-fire-2021"
    kept = [row for row in recorded_card()["by_replay"] if row["replay"] == name]
    made = score_card([name], draws=200).record()["by_replay"]
    assert [pytest.approx(row) for row in made] == kept


@pytest.fixture(scope="module")
def card():
    return score_card(draws=200)


@pytest.mark.slow
def test_page_and_record_of_the_card_are_what_comes_out(card):
    text = CARD.read_text("utf-8")
    found = re.search(r"<!-- card -->\n(.*)<!-- end -->", text, re.DOTALL)[1]
    assert found.strip() == card.to_markdown().strip()
    assert card.record() == recorded_card()


@pytest.mark.slow
def test_the_model_keeps_its_lead(card):
    rows = card.score.set_index(["over", "party"])
    for over in ("points", "points, not null", "cases", "cases, not null"):
        model, a, b = (rows.loc[(over, party)] for party in ("model", "rival A", "rival B"))
        assert model["interval_score"] < min(a["interval_score"], b["interval_score"])
    assert rows.loc[("points", "model"), "coverage"] >= 0.7
