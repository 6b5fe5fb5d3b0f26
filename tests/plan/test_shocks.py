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


def without(net, rules, *, shocks=None, days=200, yearly=0.5, **more):
    """Give the loss of a stop of chips under some rules when nothing is done."""
    loss = nw.simulate.CapacityLoss(place="TWN", items="chip", start=5, days=100)
    scenario = nw.simulate.Scenario(name="x", days=days, shocks=shocks or [loss], rules=rules)
    threat = nw.plan.Threat(scenario=scenario, yearly=yearly)
    given = {"years": 1, "period_days": 10, **more}
    plan = nw.plan.solve(net, [threat], nw.plan.Options(()), **given)
    return plan.losses()["loss_usd"].max()


def test_stocks_last_as_long_as_the_rules_of_the_scenario_say(net):
    rules, special = nw.simulate.Rules, nw.simulate.Special
    usual, long = without(net, rules()), without(net, rules(cover_days=40))
    assert long < usual * 0.9
    own = without(net, rules(special=[special(inputs="chip", cover_days=40)]))
    assert long <= own < usual * 0.9
    assert without(net, rules(special=[special(inputs="gas", cover_days=90)])) == pytest.approx(
        usual, rel=0.02
    )
    assert without(net, rules(cover_days=500)) == 0.0
    assert without(net, rules(least_recipe=1e9)) <= usual


def test_scenarios_with_other_stocks_are_each_followed_with_their_own(net):
    loss = nw.simulate.CapacityLoss(place="TWN", items="chip", start=5, days=100)
    both = [
        nw.plan.Threat(
            scenario=nw.simulate.Scenario(
                name=name, days=200, shocks=[loss], rules=nw.simulate.Rules(cover_days=days)
            ),
            yearly=0.2,
        )
        for name, days in (("short", 5), ("long", 400))
    ]
    plan = nw.plan.solve(net, both, nw.plan.Options(()), years=1, period_days=10)
    table = plan.losses().set_index("threat")["loss_usd"]
    assert table["long"] == 0.0
    assert table["short"] == pytest.approx(without(net, nw.simulate.Rules(cover_days=5)), rel=1e-6)


def test_process_times_are_those_of_the_rules_and_must_agree(net):
    rules = nw.simulate.Rules
    ruined = nw.simulate.CapacityLoss(place="TWN", items="chip", start=5, days=60, process_lost=1.0)
    given = {"shocks": [ruined], "days": 150}
    slow = rules(process_days=50)
    assert without(net, slow, **given) > without(net, rules(process_days=0), **given)
    both = [
        nw.plan.Threat(
            scenario=nw.simulate.Scenario(name=name, days=150, shocks=[ruined], rules=rule),
            yearly=0.1,
        )
        for name, rule in (("a", slow), ("b", rules()))
    ]
    with pytest.raises(nw.terms.BadInput, match=r"50 days in process in a, .* in b"):
        nw.plan.solve(net, both, nw.plan.Options(()), years=1)


def test_what_an_input_redirects_at_once_counts_before_the_rule_for_all(net):
    rules, special = nw.simulate.Rules, nw.simulate.Special
    slow = {"qualification_days": 90, "headroom": 1.5, "headroom_days": 1}
    none = without(net, rules(**slow, redirected=0.0))
    chips = [special(inputs="chip", redirected=1.0)]
    assert without(net, rules(**slow, redirected=0.0, special=chips)) < none


@pytest.mark.parametrize("special", [True, False])
def test_headroom_of_the_rules_is_what_qualification_frees(net, special):
    rules = nw.simulate.Rules(qualification_days=90, headroom=1.0)
    if special:
        more = [nw.simulate.Special(items="chip", headroom=1.6, headroom_days=1)]
        rules = replace(rules, special=more)
    loss = nw.simulate.CapacityLoss(place="TWN", items="chip", start=5, days=150)
    scenario = nw.simulate.Scenario(name="x", days=200, shocks=[loss], rules=rules)
    qualify = nw.plan.Qualification(
        id="q", item="chip", saves_days=90, cost_usd={"World": 1e6}, payers=("JPN",)
    )
    plan = nw.plan.solve(
        net,
        [nw.plan.Threat(scenario=scenario, yearly=0.5)],
        nw.plan.Options((qualify,)),
        years=1,
        period_days=10,
    )
    assert plan.portfolio().empty == (not special)


def test_buying_ahead_helps_as_stock_that_comes_in(net):
    ahead = nw.simulate.Stockpiling(items="chip", stock_days=30, start=5, days=10)
    loss = nw.simulate.CapacityLoss(place="TWN", items="chip", start=20, days=100)
    rules = nw.simulate.Rules()
    assert without(net, rules, shocks=[loss, ahead]) < without(net, rules, shocks=[loss])


def test_a_recipe_that_needs_less_helps_and_one_that_needs_more_cannot_be_planned(net):
    loss = nw.simulate.CapacityLoss(place="UKR", items="gas", start=5, days=150)
    less = nw.simulate.RecipeChange(items="chip", inputs="gas", change=-0.2, start=5)
    rules = nw.simulate.Rules(headroom=1.0)
    usual = without(net, rules, shocks=[loss])
    assert 0 < without(net, rules, shocks=[loss, less]) < usual
    assert without(net, rules, shocks=[loss, replace(less, start=90)]) < usual
    more = replace(less, change=0.5)
    with pytest.raises(nw.terms.BadInput, match="recipe that needs"):
        without(net, rules, shocks=[loss, more])


@pytest.mark.parametrize("change", [-0.2, -0.05])
def test_a_simulation_that_saves_never_loses_less_than_the_plan_foresees(net, change):
    loss = nw.simulate.CapacityLoss(place="UKR", items="gas", start=5, days=150)
    less = nw.simulate.RecipeChange(items="chip", inputs="gas", change=change, start=5)
    rules = nw.simulate.Rules(headroom=1.0)
    scenario = nw.simulate.Scenario(name="x", days=200, shocks=[loss, less], rules=rules)
    run = nw.plan.proof.loss_usd(net, nw.simulate.run(net, scenario))
    foreseen = without(net, rules, shocks=[loss, less])
    assert run >= 0.98 * foreseen > 0


def test_capital_that_is_rebuilt_cannot_be_planned_against(net):
    shock = nw.simulate.CapitalLoss(place="JPN", lost=0.5, start=5)
    with pytest.raises(nw.terms.BadInput, match="capital"):
        follow(net, shock)
