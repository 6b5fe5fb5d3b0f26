"""The fused day sits beside the plain one: the same state after many days of every kind."""

from dataclasses import replace

import numpy as np
import pytest

from narrows.network import Sourcing, from_mrio
from narrows.simulate import (
    CapacityLoss,
    DemandChange,
    RecipeChange,
    Recovery,
    Rules,
    Scenario,
    StockChange,
    TradeCut,
)
from narrows.simulate.convert import converted
from narrows.simulate.drawn import prepare_draws
from narrows.simulate.kernels.packed import fits
from narrows.simulate.kernels.step import step
from narrows.simulate.kernels.step_fused import Fused
from narrows.simulate.prepare import prepare
from tables import balanced

NET = from_mrio(*balanced(4, 3, seed=4))
WIDE = from_mrio(*balanced(14, 5, seed=7))  # more units than a tile has rows, more needs than one
DAYS = 120


def changed(net, seed):
    """Give a network in which some inputs stop only part of the output, or have a substitute.

    Not both: with a part stop, whether output is short (and the clock of the substitute runs) can
    hang on the last bit of (1 - f) x + f x.
    """
    random = np.random.default_rng(seed)
    size = len(net.needs.item)
    stops = random.choice([0.0, 0.3, 1.0], size)
    needs = replace(
        net.needs,
        stops_fraction=stops,
        substitute_days=np.where(stops == 0.3, np.inf, random.choice([0.0, 4.0, np.inf], size)),
        essential=random.random(size) < 0.8,
    )
    return replace(net, needs=needs)


def partly_pooled(net):
    """Give a network in which all buyers of the first item take the same shares."""
    output = net.units.output[net.unit_slices[0]]
    return replace(net, sourcing=(Sourcing(output / output.sum()), *net.sourcing[1:]))


SHOCKS = {
    "capacity": [
        CapacityLoss(place="R01", lost=0.9, start=3, days=30, recovery=Recovery("linear", days=20)),
        CapacityLoss(items="s01", lost=0.4, start=20, days=10),
    ],
    "trade": [
        TradeCut(between=["R01", "*"], lost=0.9, start=4, days=20, goods="lost"),
        TradeCut(
            from_=["R00"],
            to=["R01", "R02"],
            items=["s00"],
            lost=1.0,
            start=10,
            days=30,
            recovery=Recovery("linear", days=10),
        ),
    ],
    "stocks": [
        StockChange(place="R02", lost=0.8, start=7),
        StockChange(items="s02", released_days=12, start=40),
    ],
    "demand": [DemandChange(change=0.6, start=5, days=40), DemandChange(change=-1, start=60)],
    "recipe": [
        RecipeChange(items="s01", inputs="s00", change=0.5, start=6, days=50),
        RecipeChange(place="R03", inputs="s02", change=-1, start=30, days=10),
    ],
}
SHOCKS["all"] = [shock for shocks in SHOCKS.values() for shock in shocks]
RULES = {
    "fixed": {"sourcing": "fixed"},
    "adaptive": {},
    "qualified": {"qualification_days": 25},
    "little by little": {"qualification_days": 25, "redirected": 0.2},
}
SHOWN = ("made", "orders", "filled", "wished", "arrived")
SHORT = {"cover_days": 6, "restocking_days": 5, "headroom": 1.3, "headroom_days": 20}


def scenarios(shocks, width, rules):
    """Give scenarios side by side: shock by shock, all together, and nothing."""
    sets = [shocks, *([shock] for shock in shocks), []]
    return [
        Scenario(name=f"{number}", days=DAYS, rules=rules, shocks=sets[number % len(sets)])
        for number in range(width)
    ]


def worst(prepared, *, kind=np.float64):
    """Give the largest difference between both days, in parts of the largest number."""
    model, state = prepared.model, prepared.state

    def coarse(thing):
        return converted(thing, lambda each: each.astype(kind) if each.dtype.kind == "f" else each)

    if kind is not np.float64:
        model = replace(model, no_free_share=1e-4)
    fused, out = Fused(model, state, kind), 0.0
    model, state = coarse((model, state))
    for number in range(DAYS):
        day = prepared.drive.day(number)
        assert fits(model, day)
        other, found = fused.step(day)
        state, report = step(model, state, coarse(day))
        pairs = [(getattr(report, name), getattr(found, name)) for name in SHOWN]
        pairs += [(getattr(state, each), getattr(other, each)) for each in ("alpha", "held")]
        pairs += [(a, b) for a, b in zip(state.stocks, other.stocks, strict=True) if a is not None]
        for one, two in pairs:
            assert one.shape == two.shape
            assert two.dtype == kind
            out = max(out, np.abs(one - two).max() / max(np.abs(one).max(), 1e-2))
    return out


@pytest.mark.parametrize("width", [1, 3, 40])
@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("shocks", SHOCKS)
def test_both_days_agree_after_shocks_of_every_kind(shocks, rules, width):
    rules = Rules(**RULES[rules], **SHORT)
    assert worst(prepare(NET, scenarios(SHOCKS[shocks], width, rules))) < 1e-12


@pytest.mark.parametrize("width", [1, 20])
@pytest.mark.parametrize("order", ["alt", "noalt"])
def test_both_days_agree_by_the_rules_of_the_peer(order, width):
    shocks = SHOCKS["capacity"]
    assert worst(prepare(WIDE, scenarios(shocks, width, Rules.boario(order)))) < 1e-12


@pytest.mark.parametrize("width", [1, 5])
@pytest.mark.parametrize("seed", [1, 2])
def test_both_days_agree_where_inputs_stop_a_part_or_have_substitutes(seed, width):
    rules = Rules(**SHORT)
    found = worst(prepare(changed(NET, seed), scenarios(SHOCKS["all"], width, rules)))
    assert found < 1e-12


@pytest.mark.parametrize("width", [1, 5])
@pytest.mark.parametrize("rules", RULES)
def test_both_days_agree_where_buyers_take_the_same_shares(rules, width):
    rules = Rules(**RULES[rules], **SHORT)
    net = partly_pooled(NET)
    assert worst(prepare(net, scenarios(SHOCKS["all"], width, rules))) < 1e-12


def test_both_days_agree_where_rules_differ_by_scenario():
    rules = [Rules(**{**SHORT, "restocking_days": 3 + n, "cover_days": 5 + n}) for n in range(4)]
    each = [replace(one, rules=mine) for one, mine in
            zip(scenarios(SHOCKS["all"], 4, rules[0]), rules, strict=True)]  # fmt: skip
    prepared = prepare_draws([NET], [replace(one, shocks=each[0].shocks) for one in each], slack=0)
    assert len(prepared) == 1
    assert prepared[0].model.blocks[0].restock.shape[1] == 4
    assert worst(prepared[0]) < 1e-12


@pytest.mark.parametrize("width", [1, 20])
@pytest.mark.parametrize("shocks", ["capacity", "all"])
def test_both_days_agree_in_single_precision(shocks, width):
    prepared = prepare(WIDE, scenarios(SHOCKS[shocks], width, Rules()), slack=1e-5)
    assert worst(prepared, kind=np.float32) < 1e-3
