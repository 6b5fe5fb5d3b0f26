"""Plans made again as time moves on."""

import pytest

import narrows as nw
from plan.conftest import choices, threat
from plan.test_solve import centre

GIVEN = {"first_year": 2027, "years": 6, "period_days": 30, "gap": 1e-6, "risk": 0.0}


def solved(net, options, budget_usd=None, **more):
    threats = [threat(yearly=0.3, items="chip")]
    return nw.plan.solve(net, threats, options, budget_usd=budget_usd, **{**GIVEN, **more})


def test_every_case_of_what_research_shows_is_planned_on_its_own(net):
    plan = solved(net, nw.plan.Options(centre()))
    rolled = nw.plan.roll(plan, [2028], gap=1e-6)
    table = rolled.summary().set_index("known")
    assert set(table.index) == {"", "lab failed at pilot", "lab passed pilot"}
    assert table.loc["lab passed pilot", "probability"] == pytest.approx(0.5)
    later = rolled.stages[1:]
    assert sum(stage.probability for stage in later) == pytest.approx(1)
    assert {stage.before for stage in later} == {0}
    decided = rolled.decisions()
    mine = decided[decided["known"] == "lab passed pilot"]
    assert "new-fab" in set(mine["option"])
    assert "new-fab" not in set(decided[decided["known"] == "lab failed at pilot"]["option"])
    assert set(decided[decided["decided"] & (decided["stage"] == 0)]["option"]) == {"lab"}


def test_without_news_and_without_aversion_to_risk_nothing_changes(net):
    plan = solved(net, choices(), budget_usd=12e9)
    rolled = nw.plan.roll(plan, [2028, 2030], gap=1e-6)
    assert [stage.year for stage in rolled.stages] == [2027, 2028, 2030]
    assert not rolled.decisions()["changed"].any()
    assert (rolled.summary()["changed"] == "").all()


def test_the_values_of_the_stages_add_up_to_that_of_the_first_plan(net):
    # Bellman: cost and loss of the first year, and of each case from there on
    plan = solved(net, nw.plan.Options(centre()))
    rolled = nw.plan.roll(plan, [2028], gap=1e-6)
    calm = 0.7
    early = plan.losses().query("year == 2027")
    value = (early["probability"] * early["loss_usd"]).sum()
    value += plan.cost_usd + calm * sum(
        stage.probability * stage.plan.expected_loss_usd for stage in rolled.stages[1:]
    )
    assert value == pytest.approx(plan.objective_usd, rel=1e-4)


def test_what_was_not_started_is_not_started_later_in_the_past(net):
    dear = choices(**{f"{name}__cost_usd__{place}": 1e15 for name, place in (
        ("fab", "JPN"), ("fab", "KOR"), ("stock", "World"), ("room", "KOR"),
        ("qualify", "World"), ("redesign", "World"), ("recycle", "JPN"))})  # fmt: skip
    plan = solved(net, dear)
    assert plan.portfolio().empty
    cheap = choices()
    from dataclasses import replace

    changed = replace(plan, question=replace(plan.question, options=cheap))
    late = nw.plan.roll(changed, [2029]).stages[1].plan.portfolio()
    assert len(late) > 0
    assert late["year"].min() >= 2029


def test_stages_out_of_order_are_refused(net):
    plan = solved(net, choices(), budget_usd=0.0)
    for years in ([2027], [2029, 2028], [2033]):
        with pytest.raises(nw.terms.BadInput, match="years in order, from 2028 to 2032"):
            nw.plan.roll(plan, years)
