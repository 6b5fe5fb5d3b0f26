"""Planted diversion in synthetic trade: how much is found, how much is cried for nothing."""

import numpy as np
import pytest

from narrows.screen.diversion import diversion

_SEEDS = range(100, 112)


def searched(made, **changed):
    settings = {"item": "8542", "after": "2022-01-01", "targets": "RUS", "periods": 3} | changed
    return diversion(made.flows, **settings)


def counted(worlds, **changed):
    """Give recall, false discovery rate, and innocent growing countries flagged."""
    found = planted = flags = wrong = growing = 0
    for made in worlds:
        got = set(searched(made, **changed).flagged["transit"])
        found += len(got & set(made.hit))
        planted += len(made.hit)
        flags += len(got)
        wrong += len(got - set(made.hit))
        growing += len(got & set(made.growing))
    return found / max(planted, 1), wrong / max(flags, 1), growing


def test_five_percent_of_the_lost_trade_for_three_months_is_found(world):
    recall, false_discoveries, growing = counted([world(seed, planted=5) for seed in _SEEDS])
    assert recall >= 0.80
    assert false_discoveries <= 0.10
    assert growing <= 0.02 * 10 * len(_SEEDS)  # ten growing countries in each world


@pytest.mark.slow
def test_the_rates_of_the_manual_hold_on_sixty_worlds(world):
    recall, false_discoveries, growing = counted(
        [world(seed, planted=5) for seed in range(1000, 1060)]
    )
    assert recall >= 0.80
    assert false_discoveries <= 0.10
    assert growing <= 12


def test_more_diversion_is_found_more_surely(world):
    rates = [
        counted([world(seed, planted=5, part=part) for seed in range(6)])[0]
        for part in (0.002, 0.02, 0.2)
    ]
    assert rates[0] < rates[1] < rates[2]
    assert rates[2] >= 0.95


def test_where_nothing_is_planted_hardly_anything_is_flagged(world):
    flags = [len(searched(world(seed)).flagged) for seed in _SEEDS]
    assert np.mean([count > 0 for count in flags]) <= 0.25
    assert sum(flags) <= 0.005 * 100 * len(_SEEDS)


def test_a_stricter_rate_flags_no_more(world):
    made = world(3, planted=5)
    counts = [len(searched(made, false_discovery=rate).flagged) for rate in (0.001, 0.05, 0.1, 0.3)]
    assert counts == sorted(counts)


def test_the_unit_of_money_does_not_matter(world):
    made = world(4, planted=5)
    frame = made.flows.frame.assign(value_usd=made.flows.frame["value_usd"] * 1000)
    dear = searched(type(made)(type(made.flows)(frame, "made"), made.hit, made.growing)).frame
    plain = searched(made).frame
    assert dear["transit"].tolist() == plain["transit"].tolist()
    np.testing.assert_allclose(dear["p_value"], plain["p_value"], rtol=1e-6)


def test_names_and_order_of_countries_do_not_matter(world):
    made = world(5, planted=5)
    shuffled = made.flows.frame.sample(frac=1, random_state=1).reset_index(drop=True)
    again = searched(type(made)(type(made.flows)(shuffled, "made"), made.hit, made.growing)).frame
    plain = searched(made).frame
    np.testing.assert_allclose(
        again.set_index("transit")["p_value"].sort_index(),
        plain.set_index("transit")["p_value"].sort_index(),
    )


def test_the_excess_is_what_was_planted_and_measured_against_what_was_lost(world):
    made = world(6, planted=5)
    frame = searched(made).frame.set_index("transit")
    planted = frame.loc[list(made.hit)]
    assert planted["lost_usd"].nunique() == 1
    np.testing.assert_allclose(planted["of_lost"], 0.05, atol=0.05)
    assert planted["of_lost"].median() == pytest.approx(0.05, abs=0.015)


def test_asking_for_one_country_gives_the_same_probability_as_asking_for_all(world):
    made = world(7, planted=5)
    one = searched(made, candidates=[made.hit[0]]).frame
    everyone = searched(made).frame.set_index("transit")
    assert one["transit"].tolist() == [made.hit[0]]
    assert one["p_value"].iloc[0] == pytest.approx(everyone.loc[made.hit[0], "p_value"])
