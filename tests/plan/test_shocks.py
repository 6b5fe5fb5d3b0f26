"""Shocks in a plan: the toy of times to survive and recover, stocks, demand, process times."""

from dataclasses import replace

import numpy as np
import pytest

import narrows as nw
import tiny
from plan.conftest import stop

# Three makers with capacities 30, 45, 60 a week serve two products that need 75 and 50 a week and
# hold stocks of 20 and 25; a unit not delivered costs 5000 and 6500; a maker is out for two weeks.
# Instance of Case 3-1 of the course material "scanalytics_cases"; answers computed by hand.
WEEK = 10.0  # days, so that stocks last longer than a day
CAPACITY = {"JPN": 30.0, "KOR": 45.0, "TWN": 60.0}
NEED = {"phone": 75.0, "car": 50.0}
STOCK = {"phone": 20.0, "car": 25.0}
COST = {"phone": 5000.0, "car": 6500.0}


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    items = """\
id,name,kind,stage,measure,measure_headquarters,local,alias,description
chip,Part,process,fab,capacity_share,,no,,
phone,One,end-use,use,,,no,,
car,Other,end-use,use,,,no,,
"""
    head = tiny.FILES["recipes.csv"].splitlines()[0]
    rows = [
        f"{item},chip,,{need / 125:.6f},,,essential,1,,,,,,{WEEK * STOCK[item] / need:.9f},,,"
        "assumed,narrows-assumption,toy"
        for item, need in NEED.items()
    ]
    observations = [tiny.FILES["observations.csv"].splitlines()[0]]
    observations += [
        f"o{n},chip,capacity_share,{place},2022,{100 * size / 135:.9f},,,percent,location,actual,"
        "stated,s1,p,"
        for n, (place, size) in enumerate(CAPACITY.items())
    ]
    worth = {item: need * COST[item] / WEEK * 365 for item, need in NEED.items()}
    assumptions = [tiny.FILES["assumptions.csv"].splitlines()[0]]
    assumptions += [
        f"a{n},{item},device_revenue,World,2022,{value},{0.9 * value},{1.1 * value},"
        "USD billion a year,n/a,actual,assumed,narrows-assumption,,,toy"
        for n, (item, value) in enumerate(worth.items())
    ]
    assumptions.append(
        f"h,chip,headroom,World,2022,{135 / 125},1,2,multiple of output,n/a,actual,assumed,"
        "narrows-assumption,,,toy"
    )
    case = tiny.FILES["case.yaml"]
    case = case[: case.index("sets:")] + case[case.index("weights:") : case.index("perspectives:")]
    tables = {"recipes": [head, *rows], "observations": observations, "assumptions": assumptions}
    files = {name: "\n".join([*lines, ""]) for name, lines in tables.items()}
    folder = tiny.write(tmp_path_factory.mktemp("toy"), case=case, items=items, **files)
    return nw.network.from_case(nw.evidence.load(folder))


def lost(net, place, days):
    """Give the least cost when a maker is out for some days and nobody looks further."""
    scenario = stop(place, days=days, horizon=days + 5, items="chip", wait=0)
    plan = nw.plan.solve(
        net,
        [nw.plan.Threat(scenario=scenario, yearly=0.5)],
        nw.plan.Options(()),
        years=1,
        period_days=1,
    )
    return plan.losses()["loss_usd"].max() / 1e9


@pytest.mark.parametrize(("place", "cost"), [("JPN", 0.0), ("KOR", 125_000.0), ("TWN", 275_000.0)])
def test_two_weeks_without_a_maker_cost_what_the_toy_says(toy, place, cost):
    assert lost(toy, place, 20) == pytest.approx(cost, abs=1.0)


@pytest.mark.parametrize(("place", "weeks"), [("JPN", 2.25), ("KOR", 1.2857), ("TWN", 0.9)])
def test_the_toy_survives_as_long_as_it_says(toy, place, weeks):
    days = int(weeks * WEEK)
    assert lost(toy, place, days) == pytest.approx(0.0, abs=1.0)
    assert lost(toy, place, days + 1) > 1.0


def follow(net, shock, **more):
    """Give the loss of a scenario of one shock when nothing is done."""
    given = {"period_days": 10, "years": 1, **more}
    scenario = nw.simulate.Scenario(name="one", days=given.pop("days", 200), shocks=[shock])
    plan = nw.plan.solve(
        net, [nw.plan.Threat(scenario=scenario, yearly=0.5)], nw.plan.Options(()), **given
    )
    return plan.losses()["loss_usd"].max()


def test_stock_that_is_released_helps_and_stock_that_is_lost_hurts(net):
    loss = nw.simulate.CapacityLoss(place="TWN", start=5, days=150)
    scenario = nw.simulate.Scenario(name="x", days=200, shocks=[loss])

    def total(*more):
        threat = nw.plan.Threat(
            scenario=replace(scenario, shocks=[*scenario.shocks, *more]), yearly=0.5
        )
        plan = nw.plan.solve(net, [threat], nw.plan.Options(()), years=1, period_days=10)
        return plan.losses()["loss_usd"].max()

    everywhere = {"place": ["CHN", "VNM", "JPN"], "items": ["chip", "memory"]}
    plain = total()
    assert total(nw.simulate.StockChange(**everywhere, lost=0.9, start=5)) > plain
    assert total(nw.simulate.StockChange(**everywhere, released_days=30, start=5)) < plain


def test_demand_that_falls_is_no_loss_and_demand_that_rises_beyond_capacity_is(net):
    fall = nw.simulate.DemandChange(items="phone", change=-0.5, start=5, days=100)
    rise = nw.simulate.DemandChange(items="phone", change=0.5, start=5, days=100)
    assert follow(net, fall) == pytest.approx(0, abs=1e3)
    phones = net.weight[net.end_uses.index("phone")] / 365 * 1e9
    assert follow(net, rise) == pytest.approx(0.5 * 100 * phones, rel=0.02)


def test_goods_in_process_come_out_first_unless_they_stand_still(net):
    slow = replace(net, units=replace(net.units, process_days=np.full(len(net.units.item), 30.0)))
    finished = nw.simulate.CapacityLoss(place="TWN", start=5, days=100)
    waits = replace(finished, process_waits=True)
    ruined = replace(finished, process_lost=1.0)
    given = {"days": 140}
    assert follow(slow, finished, **given) < follow(slow, waits, **given)
    assert follow(slow, finished, **given) < follow(slow, ruined, **given)


def test_finished_goods_that_makers_hold_are_sold_first(net):
    loss = nw.simulate.CapacityLoss(place="TWN", items="chip", start=5, days=100)

    def total(days):
        rules = nw.simulate.Rules(finished_days=days)
        scenario = nw.simulate.Scenario(name="x", days=160, shocks=[loss], rules=rules)
        threat = nw.plan.Threat(scenario=scenario, yearly=0.5)
        plan = nw.plan.solve(net, [threat], nw.plan.Options(()), years=1, period_days=10)
        return plan.losses()["loss_usd"].max()

    assert total(20) < total(0)


def test_a_change_of_recipe_cannot_be_planned_against(net):
    shock = nw.simulate.RecipeChange(items="chip", inputs="gas", change=0.5, start=5)
    with pytest.raises(nw.terms.BadInput, match="recipe"):
        follow(net, shock)
