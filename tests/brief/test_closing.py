"""The answer over time: what it says, where its numbers come from, how it is drawn and kept."""

import json
import re
from dataclasses import replace

import jsonschema
import numpy as np
import pandas as pd
import pytest

from narrows import evidence
from narrows.brief import compose, schema, write
from narrows.brief.amounts import days_of, money, money_unit, when
from narrows.brief.facts import Facts
from narrows.brief.figures import BarRow, Panel, draw_bands, draw_bars
from narrows.brief.reading import blocks_of, plain, runs_of
from narrows.brief.record import record_line
from narrows.brief.render.to_html import html
from narrows.brief.render.to_json import record
from narrows.brief.render.to_typst import fits, pdf
from narrows.brief.scenario_words import input_words, shock_words
from narrows.brief.standing_out import standing_out
from narrows.brief.stress import scenario_of
from narrows.brief.tree import Answer, Cite, Figure, Paragraph, Table, Text, Value
from narrows.brief.wiring import results_of
from narrows.network import from_case
from narrows.simulate import (
    CapacityLoss,
    Range,
    Rules,
    Scenario,
    Special,
    TradeCut,
    bundled_scenarios,
    ensemble,
    load_scenario,
)
from narrows.simulate.drivers import first_order
from narrows.simulate.replay import recorded_card
from narrows.simulate.spread import lost_by_place, lost_by_unit, met_by_day, value_lost
from narrows.terms import BadInput, UnknownName

DRAWS = 32


@pytest.fixture(scope="module")
def closing():
    """A fab goes dark and what it sends is cut; both with ranges."""
    return Scenario(
        name="dark",
        title="The island goes dark",
        case="tiny",
        days=200,
        reasoning="Nothing is made there for a while.",
        shocks=[
            CapacityLoss(place="TWN", items="chip", lost=Range(0.5, 0.8, 1.0), start=10, days=60),
            TradeCut(from_="TWN", to="*", lost=0.5, start=10, days=60, why="Ports are shut (s2)."),
        ],
        rules=Rules(
            restocking_days=Range(10, 20, 30),
            special=[Special(items="ch*", finished_days=Range(1, 4, 9), why="At the makers.")],
            why={"restocking_days": "Nobody says."},
        ),
    )


@pytest.fixture(scope="module")
def stressed_results(plain_case, closing):
    return results_of(plain_case, draws=0, scenario=closing, stress_draws=DRAWS)


@pytest.fixture(scope="module")
def stressed_document(plain_case, stressed_results):
    return compose(plain_case, stressed_results)


def answer_of(document):
    return next(
        block
        for section in document.first
        for block in section.blocks
        if isinstance(block, Answer) and block.id == "closes"
    )


def said(answer):
    return " ".join([plain(answer.sentence), *(plain(part.runs) for part in answer.support)])


# ---------------------------------------------------------------- what it says


def test_there_are_four_answers_with_a_scenario_and_three_without(
    stressed_document, plain_case, plain_results
):
    assert len(stressed_document.answers) == 4
    assert len(compose(plain_case, plain_results).answers) == 3


def test_the_sentence_gives_days_and_value_of_the_ensemble(stressed_document, stressed_results):
    stress = stressed_results.stress
    sentence = answer_of(stressed_document).sentence
    assert plain(sentence).startswith("The island goes dark: ")
    days, money_ = [run for run in sentence if isinstance(run, Value)]
    worst = stress.summary[stress.summary["market"] != "all"].iloc[0]
    assert days.number == pytest.approx(worst["shortfall_days_50"])
    assert days.ends == pytest.approx((worst["shortfall_days_10"], worst["shortfall_days_90"]))
    assert "normal supply of phone are lost" in plain(sentence)
    total = stress.value.set_index("market").loc["all", "lost_50"]
    assert money_.number == pytest.approx(total)
    assert "USD" in money_.text


def test_when_how_long_where_and_why_are_said(stressed_document, stressed_results):
    text = said(answer_of(stressed_document))
    assert "after it begins, by" in text
    assert "whole again after" in text
    assert "of the draws" in text
    assert "Makers of end uses lose most in China (USD" in text
    assert "net of what they make up later" in text
    assert "One input stands out from chance: part lost, capacity of chip, Taiwan" in text
    assert f"Medians of {DRAWS} draws" in text


def test_a_scenario_that_hurts_nobody_says_so(plain_case):
    calm = Scenario(name="calm", title="Nothing happens", days=40)
    results = results_of(plain_case, draws=0, scenario=calm, stress_draws=4)
    answer = answer_of(compose(plain_case, results))
    assert plain(answer.sentence) == (
        "Nothing happens: no end use falls short by as much as a day."
    )
    assert [figure.id for figure in answer.figures] == ["bands"]


def test_values_of_the_answer_are_assumed_and_no_number_stands_loose(stressed_document):
    answer = answer_of(stressed_document)
    lines = [answer.sentence, *(part.runs for part in answer.support)]
    runs = [run for line in lines for run in line]
    assert not [r.text for r in runs if isinstance(r, Text) and re.search(r"\d", r.text)]
    values = [run for run in runs if isinstance(run, Value) and run.unit != "count"]
    assert len(values) > 6
    assert {value.grade.value for value in values} == {"assumed"}
    assert all(value.key.startswith("stress/") for value in values)


def test_the_annex_has_losses_assumptions_with_reasons_and_the_record(stressed_document):
    sections = {section.id: section for section in stressed_document.annex}
    tables = {b.caption: b for b in sections["stress"].blocks if isinstance(b, Table)}
    assert list(tables) == [
        "Lost by end use, gross",
        "End uses not made, by place, net of what is made up later",
        "Days of output lost, net, end uses by place",
        "Days of output lost, net, what end uses are made from, by place",
        "What decides the days lost over all end uses",
        "Shocks of the scenario",
        "Rules of behaviour",
    ]
    shocks = tables["Shocks of the scenario"].rows
    assert [plain(cell.runs) for cell in shocks[1]] == [
        "Trade",
        "all items from Taiwan to everywhere",
        "lost 50 %, from day 10, for 60 days",
        "Ports are shut.",
    ]
    rules = [[plain(cell.runs) for cell in row] for row in tables["Rules of behaviour"].rows]
    assert ["Rule", "all", "to fill a stock up again: 20 days (10–30)", "Nobody says."] in rules
    assert ["Rule", "chip", "stock of finished goods: 4 days (1–9)", "At the makers."] in rules
    record_ = sections["record"]
    text = " ".join(plain(runs) for b in record_.blocks for runs in getattr(b, "points", ()))
    assert all(win in text for win in recorded_card()["rival_wins"])


def drawn(inputs, draws, effect):
    """Give drivers as an ensemble gives them: the first input moves the result by `effect`."""
    quantiles = np.random.default_rng(3).random((inputs, draws))
    result = effect * quantiles[0] + np.random.default_rng(4).random(draws)
    found = first_order(quantiles, result)
    names = [f"i{number}" for number in range(inputs)]
    columns = {"first_order": found.first_order, "direction": found.direction}
    return pd.DataFrame({"input": names, **columns}), quantiles


def test_only_inputs_that_stand_out_from_chance_are_kept():
    found = standing_out(*drawn(400, 64, effect=2.0))
    assert found["input"].tolist() == ["i0"]
    assert found["direction"].iloc[0] > found["chance"].iloc[0] > 0.4
    assert standing_out(*drawn(400, 64, effect=0.0)).empty
    assert standing_out(*drawn(400, 29, effect=2.0)).empty


def test_where_no_input_stands_out_the_brief_says_so(plain_case, stressed_results):
    stress = replace(stressed_results.stress, drivers=stressed_results.stress.drivers[:0])
    document = compose(plain_case, replace(stressed_results, stress=stress))
    assert "no single input stands out from chance" in said(answer_of(document))
    section = next(s for s in document.annex if s.id == "stress")
    tables = [b.caption for b in section.blocks if isinstance(b, Table)]
    assert "What decides the days lost over all end uses" not in tables
    lines = " ".join(plain(b.runs) for b in section.blocks if isinstance(b, Paragraph))
    assert "With so few draws" in lines or "with so few draws" in lines


def test_a_reason_names_an_assumption_by_its_mark_only(plain_case, plain_results):
    facts = Facts(plain_case, plain_results)
    name = next(iter(facts.assumptions))
    runs = facts.reason(f"Moving takes long ({name}).")
    assert plain(runs) == "Moving takes long."
    assert [run.sources for run in runs if isinstance(run, Cite)] == [(name,)]


def test_the_record_is_that_of_the_score_card():
    card = recorded_card()
    row = next(r for r in card["score"] if (r["over"], r["party"]) == ("points", "model"))
    values = [run for run in record_line() if isinstance(run, Value)]
    assert values[0].number == row["points"]
    assert values[1].number == len({each["replay"] for each in card["by_replay"]})
    assert values[2].number == pytest.approx(row["coverage"])


def test_the_first_page_has_the_answers_and_the_caveats_come_second(stressed_document):
    assert [section.id for section in stressed_document.first] == ["answers"]
    assert stressed_document.second[-1].id == "care"
    text = " ".join(plain(runs) for runs in runs_of(stressed_document))
    assert "Losses over time are no forecast." in text
    assert "Capacity, chip, Taiwan: lost 80 % (50–100 %), from day 10, for 60 days." in text
    ids = [
        b.id
        for s in stressed_document.sections
        for b in blocks_of(s.blocks)
        if isinstance(b, Figure)
    ]
    assert ids.count("left") == 1
    assert len(ids) == len(set(ids))


def test_inputs_of_the_draws_are_named_in_words(plain_case, stressed_results, closing):
    facts = Facts(plain_case, stressed_results)
    for name, shown in {
        "shocks.0.lost": "part lost, capacity of chip, Taiwan",
        "rules.restocking_days": "days to fill a stock up again",
        "rules.special.0.finished_days": "stock of finished goods, chip",
        "a11": "most output of chip, of normal",
        "o8": "share of Ukraine in gas",
        "phone<-chip@2022:stops_fraction": "part of phone that stops without chip",
    }.items():
        assert input_words(facts, closing, name) == shown


@pytest.mark.parametrize("name", sorted(bundled_scenarios()))
def test_every_bundled_scenario_can_be_put_into_words(name, bundled):
    scenario = load_scenario(name)
    case, results = bundled(scenario.case)
    facts = Facts(case, results)
    lines = [plain(runs) for runs in shock_words(facts, scenario)]
    assert len(lines) == len(scenario.shocks)
    assert all("day" in line for line in lines)


# ---------------------------------------------------------------- numbers and their words


ROW = {"x_10": 0.2, "x_50": 12.4, "x_90": 31.0, "y_10": 40.0, "y_50": np.nan, "y_90": np.nan}


def test_days_and_amounts_carry_their_band():
    assert plain((days_of(ROW, "x", "k"),)) == "12 days (under 1–31)"
    assert plain((money(ROW, "x", "k", "USD billion"),)) == "USD 12 billion (0.2–31)"
    assert days_of(ROW, "x", "k").ends == (0.2, 31.0)


def test_a_time_that_is_not_reached_says_so_and_has_no_number():
    value = when(ROW, "y", "k", 200)
    assert plain((value,)) == "over 200 days (40–over 200)"
    assert value.number is None
    assert value.ends is None


def test_only_a_currency_is_money():
    assert money_unit("USD billion a year") == "USD billion"
    assert money_unit("million tonnes") == ""


# ---------------------------------------------------------------- losses of the draws


@pytest.fixture(scope="module")
def draws(plain_case, closing):
    net = from_case(plain_case)
    return net, ensemble(net, closing, draws=5, seed=3, by_unit=True)


def test_the_bands_of_demand_met_are_those_of_the_draws(draws):
    _, made = draws
    data = made.to_dataset()
    part = (data["demand_met"] / data["demand"]).sel(market="World/phone").to_numpy()
    found = met_by_day(made)
    mine = found[found["market"] == "World/phone"]
    assert mine["met_50"].to_numpy() == pytest.approx(np.median(part, axis=0))
    assert mine["met_10"].to_numpy() == pytest.approx(np.quantile(part, 0.1, axis=0))


def test_value_lost_is_days_at_the_value_of_a_day(draws):
    _, made = draws
    data = made.to_dataset()
    missing = (data["demand"] - data["demand_met"]).clip(min=0).sum("day")
    days = missing / data["demand"].isel(day=0)
    value = (days * data["weight"] / 365).sum("market").to_numpy()
    row = value_lost(made).set_index("market").loc["all"]
    assert row["lost_50"] == pytest.approx(np.median(value))
    assert row["lost_90"] == pytest.approx(np.quantile(value, 0.9))


def test_losses_of_places_add_up_their_units(draws):
    _, made = draws
    data = made.to_dataset()["production"]
    lost = (data.isel(day=0) - data).sum("day")
    china = 400 * lost.sel(unit="CHN/phone") / 365 + 600 * lost.sel(unit="CHN/car") / 365
    found = lost_by_place(made, {"phone": 400.0, "car": 600.0}).set_index("place")
    assert found.loc["CHN", "lost_50"] == pytest.approx(float(np.median(china)))
    assert set(found.index) == {"CHN", "VNM", "JPN"}
    only = lost_by_place(made, {"phone": 400.0, "car": 600.0}, ["JPN"])
    assert list(only["place"]) == ["JPN"]
    units = lost_by_unit(made).set_index("unit")
    days = lost.sel(unit="TWN/chip") / data.isel(day=0).sel(unit="TWN/chip")
    assert units.loc["TWN/chip", "lost_50"] == pytest.approx(float(np.median(days)))


def test_without_production_by_unit_places_are_refused(draws, closing):
    net, _ = draws
    made = ensemble(net, closing, draws=2, by_unit=False)
    with pytest.raises(BadInput, match="by_unit"):
        lost_by_unit(made)


# ---------------------------------------------------------------- which scenario


def named(case, name):
    return replace(
        case,
        package=replace(case.package, info=replace(case.info, brief={"scenario": name})),
    )


def test_the_scenario_is_the_one_given_or_the_one_the_case_names(plain_case, closing):
    assert scenario_of(plain_case, None) is None
    assert scenario_of(plain_case, closing) is closing
    case = evidence.load("semiconductors")
    assert scenario_of(case, None).name == "taiwan-strait-blockade"
    assert scenario_of(case, "none") is None
    assert scenario_of(evidence.load("batteries"), None) is None


def test_an_unknown_scenario_and_one_of_another_case_are_refused(plain_case):
    with pytest.raises(UnknownName):
        scenario_of(plain_case, "no-such-scenario")
    with pytest.raises(BadInput, match="of the case tiny"):
        scenario_of(plain_case, "taiwan-strait-blockade")
    with pytest.raises(BadInput, match="a scenario, its name or file"):
        scenario_of(plain_case, 7)


# ---------------------------------------------------------------- drawings and formats


def test_panels_keep_inside_and_show_every_series():
    line = [1.0, 0.4, 0.0, 1.3]
    panels = tuple(Panel(f"Use {n}", "9 days", line, line, line) for n in range(3))
    drawn = draw_bands(panels, (1, 2), width=235, height=25)
    assert drawn.svg.count('class="band"') == 4  # one in the legend
    assert drawn.svg.count('class="median"') == 4
    heights = [float(y) for y in re.findall(r"[ML]-?[\d.]+,(-?[\d.]+)", drawn.svg)]
    assert min(heights) >= 0
    assert max(heights) <= drawn.height


def test_bars_end_inside_the_drawing():
    rows = (BarRow("A", -1, 5, 9, "5 · 3 days"), BarRow("B", 0, 2, 2, "2", marked=True))
    drawn = draw_bars(rows, width=235, words="lost")
    lines = [float(x) for x in re.findall(r'class="whisker"[^>]*x2="([\d.]+)"', drawn.svg)]
    assert len(lines) == 2
    assert max(lines) < 235


def test_every_format_takes_the_answer_and_the_numbers_follow_the_schema(
    stressed_document, stressed_results, plain_case
):
    assert pdf(stressed_document).data.startswith(b"%PDF")
    assert "What if it closes, day by day?" in html(stressed_document)
    text = json.dumps(record(stressed_document, plain_case, stressed_results), allow_nan=False)
    made = json.loads(text)
    jsonschema.validate(made, schema())
    assert [answer["id"] for answer in made["answers"]] == ["narrow", "stops", "closes", "whom"]
    stress = made["stress"]
    assert stress["result"]["kind"] == "ensemble"
    assert len(stress["met"][0]["met_50"]) == 200
    rows = pd.DataFrame(stress["value_lost"]).set_index("market")
    assert rows.loc["all", "lost_50"] == pytest.approx(
        stressed_results.stress.value.set_index("market").loc["all", "lost_50"]
    )


def test_without_a_scenario_stress_is_null(document, case, results):
    assert record(document, case, results)["stress"] is None


def test_writing_with_a_scenario_gives_the_same_bytes(plain_case, closing, tmp_path):
    for folder in ("one", "two"):
        path = tmp_path / folder / "brief.pdf"
        made = write(
            plain_case, closing, path, draws=0, stress_draws=4, formats=("pdf", "json", "xlsx")
        )
        assert made.pages == (2, 3)
    for suffix in ("pdf", "json", "xlsx"):
        one, two = ((tmp_path / f / f"brief.{suffix}").read_bytes() for f in ("one", "two"))
        assert one == two


@pytest.mark.slow
@pytest.mark.parametrize("name", ["semiconductors", "energy-and-food"])
def test_the_bundled_briefs_stand_on_two_pages_with_their_scenario(name):
    from narrows.brief.writing import fitted

    case = evidence.load(name)
    found = fitted(
        case, results_of(case, draws=0, scenario=scenario_of(case, None), stress_draws=8)
    )
    assert fits(replace(found, annex=found.annex[-1:]))
