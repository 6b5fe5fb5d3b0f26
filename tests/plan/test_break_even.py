"""From which likelihood on something is worth its cost."""

import numpy as np
import pytest

import narrows as nw
from plan.conftest import QUICK, choices, threat

GIVEN = {"budget_usd": 12e9, "gap": 1e-6, **QUICK}


def solved(net, yearly, options=None):
    threats = [threat(items="chip", yearly=yearly)]
    return nw.plan.solve(net, threats, options or choices(), **GIVEN)


@pytest.mark.parametrize("yearly", [1e-4, 0.2])
def test_below_the_likelihood_nothing_is_worth_its_cost_and_above_it_something_is(net, yearly):
    plan = solved(net, yearly)
    assert plan.portfolio().empty == (yearly < 0.01)
    found = nw.plan.break_even(plan, gap=1e-6)
    least = found.yearly["TWN-stops"]
    assert least == pytest.approx(found.factor * yearly)
    assert solved(net, 0.98 * least).portfolio().empty
    above = solved(net, 1.02 * least).portfolio()
    assert set(found.first["option"]) & set(above["option"])
    assert (found.avoided_per_dollar < 1) == plan.portfolio().empty
    assert found.first["option"].iloc[0] in found.sentence()
    assert f"{100 * least:.2g} % a year" in found.sentence()


def test_the_dollars_avoided_are_those_of_the_plan_forced_to_start_it(net):
    options = choices(stock__cost_usd__World=9e9).only("stock")
    plan = solved(net, 0.01, options)
    assert plan.portfolio().empty
    found = nw.plan.break_even(plan, gap=1e-6)
    first = found.first.iloc[0]
    fixed = {("stock", "World", int(first["year"])): float(first["steps"])}
    forced = nw.plan.solve(
        net, plan.question.threats, options, **{**GIVEN, "budget_usd": None}, fixed=fixed
    )
    avoided = plan.objective_usd - (forced.objective_usd - forced.cost_usd)
    assert found.avoided_per_dollar == pytest.approx(avoided / forced.cost_usd, rel=1e-3)


def test_what_never_helps_is_never_worth_its_cost(net):
    useless = nw.plan.Recycling(id="x", item="car", size=0.1, cost_usd={"JPN": 1e15})
    plan = solved(net, 0.01, nw.plan.Options((useless,)))
    found = nw.plan.break_even(plan)
    assert np.isinf(found.factor)
    assert found.first.empty
    assert "However likely" in found.sentence()
