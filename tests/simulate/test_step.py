"""The day: against a slow twin, and by its guards. `test_namespace` runs it on PyTorch."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from narrows.network import from_mrio
from narrows.simulate import CapacityLoss, Recovery, Rules, Scenario, TradeCut, Transit
from narrows.simulate.convert import converted
from narrows.simulate.kernels.step import step
from narrows.simulate.kernels.sums import namespace
from narrows.simulate.prepare import prepare
from narrows.simulate.run import days
from oracles.plain_ario import simulate
from tables import balanced

NET = from_mrio(*balanced(3, 3, seed=4))


def factor_of(cuts, horizon):
    """Give the trade factor of each link by day, from (sellers, buyers, force) of each cut."""
    places = NET.units.place
    buyers = np.concatenate([places, [name.partition("/")[0] for name in NET.market_names]])

    def at(day):
        out = np.ones((len(places), len(buyers)))
        for sells, takes, force in cuts:
            link = np.isin(places, sells)[:, None] & np.isin(buyers, takes)[None, :]
            link &= places[:, None] != buyers[None, :]
            out[link] *= 1 - force[day]
        return out

    return at


EVERY = ["R00", "R01", "R02"]
PLACES = NET.units.place.astype(str)
BUYERS = np.concatenate([PLACES, [name.partition("/")[0] for name in NET.market_names]])
HOME = PLACES[:, None] == BUYERS[None]
FINAL = np.arange(len(BUYERS))[None] >= len(PLACES)
PLAIN = {  # rules, and what they mean link by link
    "fixed": (Rules(sourcing="fixed"), {"rho": lambda _day: 0.0}),
    "adaptive": (Rules(), {}),
    "home first": (Rules(rationing="home-first"), {"rank": np.where(HOME, 0, 1)}),
    "final demand last": (
        Rules(rationing="final-demand-last"),
        {"rank": np.where(FINAL, 1, 0) * np.ones_like(HOME)},
    ),
    "three classes": (
        Rules(rationing=[["s02", "R00/final"], "home"]),
        {
            "rank": np.where(
                np.isin(BUYERS == "R00", True)[None] & FINAL
                | np.concatenate([NET.units.item == 2, [False] * 3])[None],
                0,
                np.where(HOME, 1, 2),
            )
        },
    ),
    "at sea": (
        Rules(
            transit=[Transit(from_="R01", to="*", days=12), Transit(between=["R00", "R02"], days=5)]
        ),
        {
            "lag": np.where(
                (PLACES == "R01")[:, None] & ~HOME,
                12,
                np.where(
                    ((PLACES == "R00")[:, None] & (BUYERS == "R02")[None])
                    | ((PLACES == "R02")[:, None] & (BUYERS == "R00")[None]),
                    5,
                    0,
                ),
            )
        },
    ),
    "in process": (Rules(process_days=9), {"process": 9}),
    "finished goods": (Rules(finished_days=7), {"stocked": 7}),
    "both": (Rules(finished_days=7, process_days=9), {"process": 9, "stocked": 7}),
    "finished goods too many": (
        Rules(finished_days=7, process_days=9, sold_off_days=60),
        {"process": 9, "stocked": 7, "sold_off": 60},
    ),
    "stock too many is run down": (Rules(runs_down=True), {"runs_down": True}),
    "run down, at sea": (
        Rules(runs_down=True, transit=[Transit(from_="R01", to="*", days=12)]),
        {"runs_down": True, "lag": np.where((PLACES == "R01")[:, None] & ~HOME, 12, 0)},
    ),
    "classes that end": (
        Rules(rationing="home-first", classes_days=12),
        {"rank": np.where(HOME, 0, 1), "until": 12},
    ),
    "three classes that end": (
        Rules(rationing=["home", [f"R0{n}/final" for n in range(3)]], classes_days=7),
        {"rank": np.where(HOME, 0, np.where(FINAL, 1, 2)), "until": 7},
    ),
    "gradually": (
        Rules(qualification_days=40, redirected=0.2),
        {"rho": lambda day: 0.0 if day < 3 else min(1.0, 0.2 + 0.8 * (day - 3) / 40)},
    ),
}


@pytest.mark.parametrize("name", PLAIN)
def test_the_factorised_day_equals_a_loop_over_all_links(name):
    rules, plainly = PLAIN[name]
    cut = TradeCut(between=["R01", "*"], lost=0.9, start=3, days=20)
    other = TradeCut(
        from_=["R00"],
        to=["R01", "R02"],
        lost=0.5,
        start=10,
        days=30,
        recovery=Recovery("linear", days=10),
    )
    loss = CapacityLoss(place="R02", items="s01", lost=0.6, start=3, days=15)
    rules = replace(rules, cover_days=6, restocking_days=5, headroom=1.3, headroom_days=20)
    scenario = Scenario(name="x", days=80, shocks=[cut, other, loss], rules=rules)
    slack = 0.0 if rules.runs_down else 1e-9
    prepared = prepare(NET, [scenario], slack=slack)
    found = np.array([report.made[:, 0] for _, report in days(prepared)])
    one, two = 0.9 * cut.in_force(80), 0.5 * other.in_force(80)
    hit = 0.6 * ((NET.units.place == "R02") & (NET.units.item == 1))
    cuts = [(["R01"], EVERY, one), (EVERY, ["R01"], one), (["R00"], ["R01", "R02"], two)]
    plain = simulate(
        NET,
        days=80,
        loss=lambda day: hit * loss.in_force(80)[day],
        factor=factor_of(cuts, 80),
        cover=6,
        tau=5,
        psi=0.8,
        headroom=1.3,
        headroom_days=20,
        **plainly,
    )
    assert np.abs(found - plain).max() < 1e-9 * NET.units.output.max()
    assert found.min() < 0.5 * found[0].min()


def scenarios():
    rules = Rules(headroom=1.2, headroom_days=30)
    return [
        Scenario(
            name="a", days=60, rules=rules, shocks=[CapacityLoss(place="R00", lost=0.5, start=2)]
        ),
        Scenario(name="b", days=60, rules=rules, shocks=[TradeCut(between=["R01", "*"], start=5)]),
    ]


def test_scenarios_side_by_side_equal_scenarios_alone():
    both = [report.made for _, report in days(prepare(NET, scenarios()))]
    for column, scenario in enumerate(scenarios()):
        alone = [report.made[:, 0] for _, report in days(prepare(NET, [scenario]))]
        assert np.allclose(np.array(both)[:, :, column], alone, rtol=1e-12, atol=0)


def test_the_library_is_taken_from_the_array():
    assert namespace(np.ones(1)) is sys.modules["numpy"]


def test_a_day_leaves_the_state_before_it_untouched():
    prepared = prepare(NET, scenarios())
    before = converted(prepared.state, np.copy)
    step(prepared.model, prepared.state, prepared.drive.day(5))
    for one, other in zip(before.stocks, prepared.state.stocks, strict=True):
        assert one is other is None or np.array_equal(one, other)
    assert np.array_equal(before.orders, prepared.state.orders)
    assert np.array_equal(before.asked[0].scaled, prepared.state.asked[0].scaled)


def test_single_precision_is_near_double():
    prepared = prepare(NET, scenarios())
    pairs = zip(days(prepared), days(prepared, precision="float32"), strict=True)
    worst = max(np.abs(a.made - b.made).max() for (_, a), (_, b) in pairs)
    assert worst < 1e-4 * NET.units.output.max()
