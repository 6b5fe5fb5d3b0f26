"""Cuts against the whole question written in linopy, on the same questions."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import narrows as nw
from narrows.plan.budget import Budget
from narrows.plan.extensive import solve_extensive
from narrows.plan.kernels.lshaped import Limits
from narrows.plan.model import model_of
from narrows.plan.question import Terms
from narrows.plan.solving import solve_question
from plan.conftest import choices, stop, threat


def both(net, threats, options, **terms):
    given_terms = {"years": 2, "period_days": 60, "budget": Budget.of(9e9), **terms}
    question = model_of(net, threats, options, Terms(**given_terms))
    cuts = solve_question(question, limits=Limits(gap=1e-7))
    return cuts.objective_usd, solve_extensive(question, gap=1e-8).objective_usd


@given(
    place=st.sampled_from(["TWN", "KOR", "CHN"]),
    lost=st.floats(0.2, 1),
    risk=st.sampled_from([0.0, 0.5, 1.0]),
    budget=st.floats(0, 12e9),
)
@settings(max_examples=4)
def test_cuts_and_the_extensive_form_agree(net, place, lost, risk, budget):
    cuts, whole = both(
        net, [threat(place, lost=lost, items="*")], choices(), risk=risk, budget=Budget.of(budget)
    )
    assert cuts == pytest.approx(whole, rel=1e-4)


def test_they_agree_on_cuts_of_trade_controls_floors_and_process_times(net):
    import numpy as np

    slow = replace(net, units=replace(net.units, process_days=np.full(len(net.units.item), 61.0)))
    cut = nw.simulate.Scenario(
        name="cut",
        days=260,
        shocks=[nw.simulate.TradeCut(between=[["TWN"], "*"], lost=0.9, start=5, days=150)],
    )
    control = nw.plan.Control(id="c", items=("chip",), from_=("JPN", "TWN"), to=("CHN",))
    floor = nw.plan.Floor(id="f", kind="met", item="car", least=0.2)
    threats = [threat(), nw.plan.Threat(scenario=cut, yearly=0.05)]
    options = replace(choices(), controls=(control,), floors=(floor,))
    cuts, whole = both(slow, threats, options)
    assert cuts == pytest.approx(whole, rel=1e-4)


def test_they_agree_where_payers_have_their_own_limits(net):
    budget = Budget(by_payer={"JPN": 3e9, "KOR": 2e9})
    given_terms = {"budget": budget, "payers": ("JPN", "KOR")}
    cuts, whole = both(net, [nw.plan.Threat(scenario=stop(), yearly=0.2)], choices(), **given_terms)
    assert cuts == pytest.approx(whole, rel=1e-4)


@pytest.mark.parametrize("risk", [0.0, 0.5, 1.0])
def test_solved_whole_and_by_cuts_a_plan_is_the_same(net, risk):
    lab = nw.plan.Centre(
        id="lab",
        cost_usd={"JPN": 0},
        gates=(nw.plan.Gate(name="pilot", years=1, cost_usd=1e8, success=0.5),),
    )
    given = {"budget_usd": 9e9, "years": 2, "period_days": 60, "risk": risk, "gap": 1e-7}
    threats = [threat(items="chip", yearly=0.2), threat("KOR", yearly=0.1)]
    cuts, whole = (
        nw.plan.solve(net, threats, choices(lab), method=method, **given)
        for method in ("cuts", "whole")
    )
    assert cuts.steps.any() or risk == 1
    assert whole.objective_usd == pytest.approx(cuts.objective_usd, rel=1e-4)
    assert whole.gap <= 1e-6
    assert whole.found.cuts == ()
    assert nw.plan.spend(whole, 5e9).cost_usd <= 5e9 * (1 + 1e-9)


def test_a_method_that_there_is_not_is_named(net):
    with pytest.raises(nw.terms.UnknownName, match="whole"):
        nw.plan.solve(net, [threat()], choices(), method="hole")


def test_a_floor_that_nothing_keeps_is_named_by_the_whole_form_too(net):
    floor = nw.plan.Floor(id="f", kind="met", item="phone", least=0.999)
    options = replace(choices(), floors=(floor,))
    with pytest.raises(nw.plan.NotPossible, match="floor f: phone is met"):
        nw.plan.solve(
            net, [threat()], options, budget_usd=0.0, years=2, period_days=60, method="whole"
        )
