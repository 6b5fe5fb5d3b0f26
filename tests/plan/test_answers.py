"""Frontier, next billion, regret, sensitivity, robustness, and the proof by simulation."""

from dataclasses import replace

import numpy as np
import pytest

import narrows as nw
from narrows.plan.applying import applied
from narrows.plan.drawn import losses_of_draws
from narrows.plan.enlarging import enlarged
from narrows.plan.proof import with_rules
from narrows.simulate.values import best
from plan.conftest import QUICK, choices, stop, threat


@pytest.fixture(scope="module")
def plan(net):
    given = {"budget_usd": 12e9, "gap": 1e-5, **QUICK}
    return nw.plan.solve(net, [threat(items="chip", yearly=0.1)], choices(), **given)


def test_the_frontier_falls_and_spends_no_more_than_it_may(plan):
    found = nw.plan.frontier(plan, gap=1e-5)
    assert len(found) >= 10
    assert (found["cost_usd"] <= found["budget_usd"] + 1).all()
    assert (np.diff(found["weighed_loss_usd"]) <= 1e-4 * found["weighed_loss_usd"].iloc[0]).all()
    assert found["weighed_loss_usd"].iloc[-1] < found["weighed_loss_usd"].iloc[0]
    assert (found["tail_loss_usd"] >= found["expected_loss_usd"] - 1).all()
    picture = nw.plan.draw_frontier(found)
    assert picture.count("<circle") == 2 * len(found)


def test_the_next_sum_brings_what_the_frontier_says(plan):
    found = nw.plan.next_billion(plan, step_usd=3e9, gap=1e-6).iloc[0]
    two = nw.plan.frontier(plan, [12e9, 15e9], gap=1e-6)
    gain = two["weighed_loss_usd"].iloc[0] - two["weighed_loss_usd"].iloc[1]
    assert found["weighed_gain_usd"] == pytest.approx(gain, abs=1e5)
    assert gain >= -1


def test_regret_is_never_negative_and_knowing_never_hurts(plan):
    found = nw.plan.value_of_knowing(plan)
    assert (found.regret["regret_usd"] >= -1e-3 * plan.objective_usd).all()
    assert found.evpi_usd >= -1e-3 * plan.objective_usd
    assert found.vss_usd >= -1e-3 * plan.objective_usd


def test_who_knows_the_future_pays_the_whole_price_whatever_research_brings(net):
    gates = (nw.plan.Gate(name="pilot", years=1, cost_usd=1e12, success=0.3),)
    lab = nw.plan.Centre(id="lab", cost_usd={"JPN": 0}, gates=gates)
    given = {"budget_usd": 12e9, "gap": 1e-6, **QUICK}
    without, having = (
        nw.plan.value_of_knowing(
            nw.plan.solve(net, [threat(items="chip", yearly=0.1)], options, **given), gap=1e-6
        )
        for options in (choices(), choices(lab))
    )
    assert having.evpi_usd == pytest.approx(without.evpi_usd, rel=1e-3)
    foreseen = without.regret.set_index("year")["foreseen_usd"].dropna()
    rows = having.regret[having.regret["threat"] != "calm"]
    assert rows["outcome"].nunique() == 2
    for year, mine in rows.groupby("year"):
        assert mine["foreseen_usd"].to_numpy() == pytest.approx(foreseen[year], rel=1e-3)


def test_each_figure_moves_to_both_ends_of_its_range(net):
    wide = nw.plan.Figure(best=2e9, low=1e9, high=4e9, reason="x")
    options = choices().only("stock", "fab")
    stock = replace(options["stock"], cost_usd={"World": wide})
    options = replace(options, options=(stock, options["fab"]))
    likely = nw.plan.Figure(best=0.1, low=0.01, high=0.2)
    threats = [nw.plan.Threat(scenario=stop(items="chip"), yearly=likely)]
    plan = nw.plan.solve(net, threats, options, gap=1e-6, **QUICK)
    found = nw.plan.sensitivity(plan, gap=1e-6)
    assert list(found["swing_usd"]) == sorted(found["swing_usd"], reverse=True)
    rows = found.set_index(["subject", "figure"])
    assert {("TWN-stops", "yearly")} <= set(rows.index)
    cost = (
        nw.plan.sensitivity(plan, options=["stock"], gap=1e-6)
        .set_index("figure")
        .loc["cost_usd.World"]
    )
    for end, usd in (("low", 1e9), ("high", 4e9)):
        changed = options.changed("stock", "cost_usd.World", usd)
        again = nw.plan.solve(net, threats, changed, gap=1e-6, **QUICK)
        assert cost[f"objective_{end}_usd"] == pytest.approx(again.objective_usd, rel=1e-5)
    assert "<rect" in nw.plan.draw_tornado(found)


def test_an_option_is_worth_what_the_plan_loses_without_it(net, plan):
    found = nw.plan.without_each(plan, gap=1e-5)
    assert (found["worth_usd"] >= -1e-4 * plan.objective_usd).all()
    name = found["option"].iloc[0]
    given = {"budget_usd": 12e9, "gap": 1e-5, **QUICK}
    less = nw.plan.solve(net, plan.question.threats, choices().without(name), **given)
    worth = less.objective_usd - plan.objective_usd
    assert found["worth_usd"].iloc[0] == pytest.approx(worth, abs=1e-4 * plan.objective_usd)


def test_a_plan_is_followed_under_scenarios_it_was_not_made_for(net, plan):
    others = nw.plan.outages(net, ["KOR", "UKR"], days=150)
    found = nw.plan.robustness(plan, others).set_index("scenario")
    assert set(found.index) == {"KOR-stops", "UKR-stops"}
    assert (found["loss_usd"] <= found["without_usd"] + 1).all()
    same = nw.plan.robustness(plan, [stop(items="chip")], year=2030).iloc[0]
    own = plan.losses().query("year == 2030").iloc[0]
    assert same["loss_usd"] == pytest.approx(own["loss_usd"], rel=1e-6)
    assert same["without_usd"] == pytest.approx(own["without_usd"], rel=1e-6)


def test_more_capacity_keeps_flows_balanced_and_what_others_can_make(net):
    big = enlarged(
        net, {("chip", "JPN", ""): 0.25, ("chip", "KOR", ""): 0.25, ("gas", "JPN", "firm:new"): 0.5}
    )
    assert big.check() == {}
    frame = big.frame().set_index("unit")
    before = net.frame().set_index("unit")
    most = frame["output"] * frame["headroom"]
    assert frame.loc["JPN/chip", "output"] == pytest.approx(0.25 / 1.5)
    assert most["JPN/chip"] == pytest.approx(0.25)
    was = before["output"] * before["headroom"]
    assert most["TWN/chip"] == pytest.approx(was["TWN/chip"])
    assert most["KOR/chip"] == pytest.approx(was["KOR/chip"] + 0.25)
    needs = big.needs_frame()
    assert set(needs.query("buyer == 'JPN/chip'")["item"]) == {"gas", "tool", "power"}
    assert "JPN:new/gas" in frame.index
    assert "JPN:new/gas" not in set(needs["buyer"])
    calm = nw.simulate.Scenario(name="calm", days=60)
    run = nw.simulate.run(big, calm).summary()
    assert run["shortfall"].max() == pytest.approx(0, abs=1e-9)


def test_nothing_added_is_the_same_network(net):
    same = enlarged(net, {("chip", "KOR", ""): 0.0})
    assert same.units.output == pytest.approx(net.units.output)
    assert same.units.headroom == pytest.approx(net.units.headroom)
    for one, other in zip(same.sourcing, net.sourcing, strict=True):
        assert np.asarray(one.shares) == pytest.approx(np.asarray(other.shares))


def test_what_a_plan_builds_is_in_the_network_once_it_works(net):
    options = choices(fab__ramp_years=0).only("fab", "stock", "room", "redesign", "recycle")
    given = {"budget_usd": None, "gap": 1e-5, **QUICK}
    plan = nw.plan.solve(net, [threat(items="chip", yearly=0.5)], options, **given)
    steps = plan.portfolio().groupby("option")["steps"].sum()
    start = nw.plan.apply(net, plan, date=2027.0)
    end = nw.plan.apply(net, plan)
    assert start.needs.cover[start.need_slices[start.number("chip")]].max() >= 5 + 30 * min(
        steps["stock"], 1
    )
    units = end.frame().query("item == 'chip'")
    made = (units["output"] * units["headroom"]).sum()
    before = net.frame().query("item == 'chip'")
    had = (before["output"] * before["headroom"]).sum()
    assert made >= had + 0.15 * steps.get("fab", 0) - 1e-9


def test_what_is_qualified_is_resourced_sooner_in_the_simulation(net):
    options = choices().only("qualify")
    plan = nw.plan.solve(
        net, [threat(items="chip", yearly=0.5, wait=90)], options, gap=1e-6, **QUICK
    )
    assert set(plan.portfolio()["option"]) == {"qualify"}
    ready = with_rules(plan, plan.question.threats[0].scenario, date=2031.0)
    (special,) = ready.rules.special
    assert (special.inputs, best(special.qualification_days)) == ("chip", 45)


def test_the_proof_tells_promise_and_simulation_and_judges(net, plan):
    proof = nw.plan.prove(plan)
    row = proof.table.iloc[0]
    run = nw.plan.proof.loss_usd(net, nw.simulate.run(net, plan.question.threats[0].scenario))
    assert row["simulated_without_usd"] == pytest.approx(run)
    assert row["promised_usd"] == pytest.approx(
        row["promised_without_usd"] - row["promised_with_usd"]
    )
    assert row["part"] == pytest.approx(row["simulated_usd"] / row["promised_usd"])
    assert row["borne_out"] == pytest.approx(row["simulated_50_usd"] / row["promised_usd"])
    assert row["confirmed"] == (row["borne_out"] >= 0.9)
    words = {0.9: "confirmed", 0.5: "confirmed in part", -9.0: "not confirmed"}
    assert row["verdict"] == next(w for least, w in words.items() if row["borne_out"] >= least)
    said = proof.sentence().lower()
    assert said.startswith(f"{proof.verdict} by the simulation, which bears out")
    assert f"{100 * row['borne_out']:.0f} % of the promise" in said
    strict = nw.plan.prove(plan, least=1e9, draws=0)
    assert not strict.confirmed
    assert strict.table["simulated_50_usd"].isna().all()
    assert strict.table.iloc[0]["borne_out"] == pytest.approx(row["part"])
    assert strict.verdict in ("confirmed in part", "not confirmed")


def test_a_plan_of_nothing_has_nothing_to_confirm(net):
    threats = [threat(items="chip", yearly=1e-6)]
    empty = nw.plan.solve(net, threats, choices(), budget_usd=12e9, **QUICK)
    proof = nw.plan.prove(empty)
    assert proof.draws == 0
    assert proof.confirmed
    assert "nothing to confirm" in proof.sentence()
    rounded = replace(empty, without=empty.without * (1 + 1e-13))
    assert "nothing to confirm" in nw.plan.prove(rounded).sentence()


def test_the_draws_of_the_proof_are_those_of_an_ensemble_and_the_same_without_and_with(net, plan):
    lost = nw.simulate.Range(0.3, 0.9, 1.0)
    shock = nw.simulate.CapacityLoss(place="TWN", items="chip", lost=lost, start=5, days=60)
    scenario = nw.simulate.Scenario(name="drawn", days=150, shocks=[shock])
    pair = losses_of_draws(net, scenario, lambda *same: same, draws=5, seed=3)
    assert pair.without == pytest.approx(pair.planned)
    made = nw.simulate.ensemble(net, scenario, draws=5, seed=3)
    days = made.outcomes().pivot_table(index="draw", columns="market", values="shortfall_days")
    weight = made.to_dataset()["weight"].to_pandas()
    usd = (days[weight.columns] * weight / 365).sum(axis=1).to_numpy() * 1e9
    assert pair.without == pytest.approx(usd, rel=1e-9)
    assert pair.without.std() > 0


def test_a_plan_that_the_draws_do_not_bear_out_is_not_confirmed(net):
    lost = nw.simulate.Range(0.0, 1.0, 1.0)  # no draw is worse than the best value
    shock = nw.simulate.CapacityLoss(place="TWN", items="chip", lost=lost, start=5, days=120)
    scenario = nw.simulate.Scenario(name="drawn", days=200, shocks=[shock])
    threats = [nw.plan.Threat(scenario=scenario, yearly=0.5)]
    plan = nw.plan.solve(net, threats, choices().only("stock"), budget_usd=4e9, **QUICK)
    row = nw.plan.prove(plan, draws=16).table.iloc[0]
    assert row["simulated_10_usd"] < row["simulated_50_usd"] < row["simulated_90_usd"]
    between = (row["simulated_50_usd"] / row["promised_usd"] + row["part"]) / 2
    assert row["part"] > between
    shown = nw.plan.prove(plan, draws=16, least=between)
    assert not shown.confirmed
    assert shown.sentence().startswith(("Confirmed in part", "Not confirmed"))
    assert "median of 16 draws" in shown.sentence()
    assert nw.plan.prove(plan, draws=0, least=between).confirmed


def test_before_it_works_a_plan_shows_nothing(net, plan):
    late = applied(net, plan, date=2026.0)
    assert late.net.units.output == pytest.approx(net.units.output)
    assert late.net.needs.cover == pytest.approx(net.needs.cover)
