"""Plans: against every other choice, against the simulation, and how they answer to money."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import narrows as nw
from narrows.plan.kernels.answers import Answers
from narrows.plan.kernels.risk import weighed
from narrows.plan.kernels.stage_gates import gates_value
from narrows.plan.model import model_of
from narrows.plan.question import Terms
from narrows.plan.solving import solve_question
from narrows.terms import BadInput, UnknownName
from plan.conftest import QUICK, choices, stop, threat

GAP = 1e-6


def solved(net, threats=None, options=None, **more):
    given = {"budget_usd": 12e9, "gap": GAP, **QUICK, **more}
    return nw.plan.solve(net, threats or [threat()], options or choices(), **given)


def test_a_plan_says_what_starts_where_when_and_who_pays(net):
    plan = solved(net)
    portfolio = plan.portfolio()
    assert len(portfolio) > 0
    assert plan.found.ended == "optimal"
    assert set(portfolio["payers"]) <= {"JPN", "KOR", "JPN, KOR"}
    assert plan.cost_usd == pytest.approx(portfolio["cost_usd"].sum())
    assert plan.payments()["usd"].sum() == pytest.approx(plan.cost_usd)
    assert plan.cost_usd <= 12e9 * (1 + 1e-9)
    losses = plan.losses()
    assert losses["probability"].sum() == pytest.approx(1)
    assert (losses["loss_usd"] <= losses["without_usd"] + 1).all()
    weighted = 0.5 * plan.expected_loss_usd + 0.5 * plan.tail_loss_usd
    assert plan.objective_usd == pytest.approx(plan.cost_usd + weighted, rel=1e-5)


@pytest.mark.parametrize("risk", [0.0, 0.5, 1.0])
def test_no_other_choice_is_better(net, risk):
    options = choices(fab__years=0, fab__ramp_years=0).only("fab", "stock")
    plan = solved(net, options=options, years=1, risk=risk, budget_usd=9e9)
    problem = plan.question.problem
    answers = Answers(problem)
    best = np.inf
    for steps in product((0.0, 1.0, 2.0), repeat=len(problem.choice.cost)):
        point = np.array(steps)
        if (problem.choice.matrix @ point > problem.choice.row_high + 1e-9).any():
            continue
        values = np.array([answer.value for answer in answers(point)])
        best = min(
            best, problem.choice.cost @ point + weighed(values, problem.probability, risk, 0.9)
        )
    assert plan.found.objective == pytest.approx(best, rel=1e-5)


@given(
    place=st.sampled_from(["TWN", "KOR", "UKR", "CHN"]),
    lost=st.floats(0.3, 1.0),
    days=st.integers(20, 200),
    wait=st.sampled_from([0, 90]),
)
@settings(max_examples=10)
def test_a_simulation_never_loses_less_than_a_plan_foresees(net, place, lost, days, wait):
    scenario = stop(place, lost=lost, days=days, wait=wait)
    one = nw.plan.Threat(scenario=scenario, yearly=0.1)
    plan = solved(net, [one], years=1, budget_usd=0.0, period_days=10)
    foreseen = plan.losses()["without_usd"].max()
    run = nw.simulate.run(net, scenario)
    value = dict(zip(net.market_names.tolist(), net.weight.tolist(), strict=True))
    rows = run.summary()
    simulated = sum(value[row.market] / 365 * row.shortfall_days * 1e9 for row in rows.itertuples())
    assert simulated >= foreseen * (1 - 0.02) - 1e6  # periods of ten days blur the edges


@given(budget=st.floats(0, 10e9), more=st.floats(0, 6e9))
@settings(max_examples=6)
def test_more_money_never_makes_it_worse(net, budget, more):
    small, large = (solved(net, budget_usd=usd, years=2) for usd in (budget, budget + more))
    assert large.objective_usd <= small.objective_usd * (1 + 2 * GAP) + 1


@given(left_out=st.sampled_from(["fab", "stock", "room", "qualify", "redesign", "recycle"]))
@settings(max_examples=6)
def test_one_option_more_never_makes_it_worse(net, left_out):
    fewer = solved(net, options=choices().without(left_out), years=2)
    assert solved(net, years=2).objective_usd <= fewer.objective_usd * (1 + 2 * GAP) + 1


@given(lost=st.floats(0.2, 1.0), part=st.floats(0.3, 1.0))
@settings(max_examples=6)
def test_a_smaller_loss_of_capacity_never_makes_it_worse(net, lost, part):
    large = solved(net, [threat(lost=lost)], years=2)
    small = solved(net, [threat(lost=lost * part)], years=2)
    assert small.objective_usd <= large.objective_usd * (1 + 2 * GAP) + 1


def test_payers_keep_their_own_limits(net):
    budget = nw.plan.Budget(by_payer={"JPN": 1e9, "KOR": 5e9}, by_payer_year={("KOR", 2027): 2e9})
    plan = solved(net, budget_usd=budget, payers=("JPN", "KOR"))
    paid = plan.payments()
    by_payer = paid.groupby("payer")["usd"].sum()
    assert by_payer.get("JPN", 0) <= 1e9 + 1
    assert by_payer.get("KOR", 0) <= 5e9 + 1
    assert paid.query("payer == 'KOR' and year == 2027")["usd"].sum() <= 2e9 + 1
    assert paid["usd"].sum() == pytest.approx(plan.cost_usd, rel=1e-6)


def test_who_does_not_pay_gets_nothing_built(net):
    plan = solved(net, payers=("JPN",), budget_usd=50e9)
    assert not (plan.portfolio()["place"] == "KOR").any() or "KOR" not in plan.payments()["payer"]
    assert set(plan.payments()["payer"]) <= {"JPN"}


def test_a_year_without_money_starts_nothing_that_costs_then(net):
    budget = nw.plan.Budget(total=12e9, by_year={2027: 0.0})
    plan = solved(net, budget_usd=budget)
    paid = plan.payments()
    assert paid.query("year == 2027")["usd"].sum() == pytest.approx(0)


def test_a_floor_of_capacity_is_kept_or_refused_by_name_and_year(net):
    floor = nw.plan.Floor(
        id="allied", kind="capacity", item="chip", places=("JPN", "KOR"), least=0.5, from_year=2030
    )
    options = replace(choices(), floors=(floor,))
    plan = solved(net, options=options, budget_usd=20e9)
    built = plan.portfolio().query("option == 'fab'")
    assert 0.31 + 0.15 * built["steps"].sum() >= 0.5
    with pytest.raises(
        nw.plan.NotPossible, match=r"floor allied: chip at JPN, KOR reaches .* 2030"
    ):
        solved(net, options=options, budget_usd=1e9)


def test_a_floor_of_supply_that_nothing_keeps_names_the_episode(net):
    floor = nw.plan.Floor(id="calls", kind="met", item="phone", least=0.999)
    with pytest.raises(nw.plan.NotPossible, match=r"floor calls: phone is met .* TWN-stops in 20"):
        solved(net, options=replace(choices(), floors=(floor,)), budget_usd=0.0)


def test_a_floor_of_supply_holds_from_its_year_on_and_the_highest_counts(net):
    def floors(*each):
        made = [nw.plan.Floor(id=f"f{n}", kind="met", item="phone", **one) for n, one in each]
        return replace(choices(), floors=tuple(made))

    late = floors((1, {"least": 0.999, "from_year": 2029}))
    with pytest.raises(nw.plan.NotPossible, match="TWN-stops in 2029") as told:
        solved(net, options=late, budget_usd=0.0)
    assert "2027" not in str(told.value)
    both = floors((1, {"least": 0.999}), (2, {"least": 0.0}))
    with pytest.raises(nw.plan.NotPossible, match="floor f1"):
        solved(net, options=both, budget_usd=0.0)
    after = floors((1, {"least": 0.999, "from_year": 2040}))
    assert solved(net, options=after, budget_usd=0.0).portfolio().empty


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ({"total": 1.0}, "billion US dollars in all; the budget is"),
        ({"by_year": {2027: 1.0}}, "in 2027; the budget of that year is"),
        ({"by_payer": {"JPN": 1.0, "KOR": 1e12}}, "to JPN; the budget of it"),
        ({"by_payer_year": {("JPN", 2027): 1.0}}, "to JPN in 2027; the budget of it then"),
    ],
)
def test_money_that_does_not_cover_what_is_started_is_named(net, budget, said):
    fixed = {("recycle", "JPN", 2027): 1.0}
    with pytest.raises(nw.plan.NotPossible, match=said):
        solved(net, fixed=fixed, budget_usd=nw.plan.Budget(**budget))


def test_gains_without_end_are_told_by_name(net):
    question = model_of(net, [threat()], choices(), Terms(budget=nw.plan.Budget(), years=1))
    choice = question.problem.choice
    free, none = np.full(len(choice.high), np.inf), np.full(len(choice.row_high), np.inf)
    endless = replace(choice, cost=choice.cost - 1e3, high=free, row_high=none, row_low=-none)
    wrong = replace(question, problem=replace(question.problem, choice=endless))
    with pytest.raises(nw.plan.NotPossible, match=r"recycle at JPN in 2027.* less than nothing"):
        solve_question(wrong)


def test_what_is_started_stays_started_and_must_be_affordable(net):
    first = solved(net)
    fixed = first.started(before=2028)
    assert fixed
    again = solved(net, fixed=fixed)
    assert fixed.items() <= again.started(before=2028).items()
    with pytest.raises(nw.plan.NotPossible, match="already started costs"):
        solved(net, fixed=fixed, budget_usd=1.0)


def centre(success=0.5, cost=1e9, worth_size=0.3):
    plan = nw.plan
    return (
        plan.Centre(
            id="lab",
            cost_usd={"JPN": 0},
            gates=(plan.Gate(name="pilot", years=1, cost_usd=cost, success=success),),
            members=("KOR",),
        ),
        plan.Capacity(
            id="new-fab", item="chip", opened_by="lab", size=worth_size,
            cost_usd={"JPN": 1e9, "KOR": 1e9, "USA": 1e8}, years=0,
        ),
    )  # fmt: skip


def test_a_centre_is_worth_what_the_decision_tree_says(net):
    given = {"risk": 0.0, "budget_usd": None, "threats": [threat(yearly=0.3, items="chip")]}
    lab, fab = centre()
    nothing = solved(net, options=nw.plan.Options((lab,)), **given).objective_usd
    sure = nw.plan.Options(
        (lab.with_figure("gates.pilot.cost_usd", 0.0).with_figure("gates.pilot.success", 1.0), fab)
    )
    worth = nothing - solved(net, options=sure, **given).objective_usd
    found = nothing - solved(net, options=nw.plan.Options((lab, fab)), **given).objective_usd
    value = gates_value(np.array([1e9]), np.array([0.5]), np.array([1.0]), worth)[0]
    assert worth > 4e9
    assert found == pytest.approx(value, rel=1e-3)
    dear = nw.plan.Options((lab.with_figure("gates.pilot.cost_usd", worth), fab))
    assert "lab" not in set(solved(net, options=dear, **given).portfolio()["option"])


def test_what_a_centre_opens_is_built_only_where_and_after_it_succeeds(net):
    options = nw.plan.Options(centre())
    plan = solved(net, [threat(yearly=0.3, items="chip")], options, budget_usd=None)
    built = plan.portfolio().query("option == 'new-fab'")
    assert set(built["outcome"]) == {"lab succeeds"}
    assert set(built["place"]) <= {"JPN", "KOR"}  # the third place is no member
    assert built["year"].min() >= 2028
    alone = solved(net, [threat(yearly=0.3, items="chip")], options.unshared(), budget_usd=None)
    assert set(alone.portfolio().query("option == 'new-fab'")["place"]) == {"JPN"}
    assert plan.objective_usd <= alone.objective_usd + 1


def test_what_is_started_whatever_research_brings_is_one_row(net):
    lab, fab = centre(cost=1e15)
    options = replace(choices(), options=(*choices().options, lab, fab))
    found = solved(net, [threat(yearly=0.3)], options, budget_usd=30e9)
    portfolio = found.portfolio()
    assert found.steps.astype(bool).sum() > 0
    assert not portfolio.duplicated(["option", "place", "year", "steps"]).any()
    assert found.cost_usd == pytest.approx((portfolio["cost_usd"] * portfolio["probability"]).sum())


def test_an_export_control_bars_capacity_and_cuts_trade(net):
    control = nw.plan.Control(id="c", items=("chip",), from_=("JPN", "TWN"), to=("KOR",))
    plan = solved(net, options=replace(choices(), controls=(control,)))
    assert plan.question.layout.chain.blocs.pairs
    assert not (plan.portfolio().query("option == 'fab'")["place"] == "KOR").any()
    assert plan.objective_usd >= solved(net).objective_usd - 1


def test_a_trade_cut_with_all_closes_a_place_off(net):
    cut = nw.simulate.Scenario(
        name="cut", days=200, shocks=[nw.simulate.TradeCut(between=["TWN", "*"], start=5, days=150)]
    )
    plan = solved(net, [nw.plan.Threat(scenario=cut, yearly=0.05)], years=2)
    blocs = plan.question.layout.chain.blocs
    assert (blocs.count, blocs.pairs) == (2, False)
    stopped = solved(net, [threat(days=150, horizon=200, wait=0)], years=2)
    assert plan.losses()["without_usd"].max() == pytest.approx(
        stopped.losses()["without_usd"].max(), rel=0.25
    )


@pytest.mark.filterwarnings("ignore")
def test_the_scenarios_can_be_followed_on_a_dask_cluster(net):
    distributed = pytest.importorskip("distributed")
    others = [threat("KOR", yearly=0.2)]
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        there = [solved(net, each, years=2, client=client) for each in (None, others, None)]
    here = [solved(net, each, years=2) for each in (None, others)]
    assert there[0].objective_usd == pytest.approx(here[0].objective_usd, rel=1e-6)
    assert there[1].objective_usd == pytest.approx(here[1].objective_usd, rel=1e-6)
    assert there[2].objective_usd == pytest.approx(here[0].objective_usd, rel=1e-6)


def test_interrupted_the_best_so_far_is_kept(net):
    seen = []

    def stop_soon(now):
        seen.append(now)
        return len(seen) >= 1

    plan = solved(net, progress=stop_soon)
    best = solved(net)
    assert plan.found.bound * 1e9 <= best.objective_usd + 1
    assert plan.objective_usd >= best.objective_usd - 1
    assert plan.found.ended == "interrupted"
    assert seen[0].number == 1
    assert (plan.steps == np.round(plan.steps)).all()


@pytest.mark.parametrize("rounds", [1, 2, 3, 4])
def test_stopped_while_steps_are_fractions_a_plan_of_whole_steps_is_kept(net, rounds):
    given = {"threats": [threat(yearly=0.3)], "options": choices()}
    plan = solved(net, progress=lambda now: now.number >= rounds, **given)
    assert plan.found.ended == "interrupted"
    assert (plan.steps == np.round(plan.steps)).all()
    assert plan.found.bound <= plan.found.objective
    nothing = solved(net, **{**given, "budget_usd": 0.0}).objective_usd
    best = solved(net, **given).objective_usd
    assert best * (1 - 1e-5) <= plan.objective_usd <= nothing * (1 + 1e-5)
    if rounds > 2:
        assert plan.objective_usd < (best + nothing) / 2


def test_probabilities_are_needed_and_must_fit_together(net):
    with pytest.raises(BadInput, match="no probability"):
        solved(net, [stop()])
    with pytest.raises(BadInput, match="at most 1"):
        solved(net, [threat(yearly=0.7), threat("KOR", yearly=0.7)])
    with pytest.raises(BadInput, match="each once"):
        solved(net, [threat(), threat()])


def test_options_that_name_nothing_are_refused(net):
    wrong = nw.plan.Options((nw.plan.Recycling(id="x", item="chips", size=1, cost_usd={"JPN": 1}),))
    with pytest.raises(UnknownName, match="chip"):
        solved(net, options=wrong)
    wrong = nw.plan.Options((nw.plan.Recycling(id="x", item="chip", size=1, cost_usd={"JPM": 1}),))
    with pytest.raises(UnknownName, match="JPN"):
        solved(net, options=wrong)
