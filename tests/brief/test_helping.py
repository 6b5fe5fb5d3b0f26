"""The answer on what helps: what it says, where its numbers come from, when it is left out."""

import json
import re
from dataclasses import replace

import jsonschema
import pandas as pd
import pytest

from narrows import evidence
from narrows.brief import compose, schema, write
from narrows.brief.beside import beside
from narrows.brief.facts import Facts
from narrows.brief.figures import Spell, Stair, draw_spells, draw_stairs
from narrows.brief.helping_words import figure_value, figure_words, named, times
from narrows.brief.planned import asked_of
from narrows.brief.planning import _even_mean, _joined, bought, curve_of, helped, with_curve
from narrows.brief.reading import blocks_of, plain
from narrows.brief.render.to_docx import docx
from narrows.brief.render.to_html import html
from narrows.brief.render.to_json import record
from narrows.brief.render.to_typst import fits
from narrows.brief.render.to_xlsx import xlsx
from narrows.brief.stress import scenario_of
from narrows.brief.tree import Answer, Figure, Name, Table, Text, Value
from narrows.brief.wiring import results_of
from narrows.brief.writing import fitted
from narrows.network import from_case
from narrows.plan import Figure as Number
from narrows.plan import Threat, load_options, solve
from narrows.simulate import CapacityLoss, Scenario
from narrows.terms import BadInput, CouldNotFinish

OPTIONS = """\
sources:
  - {id: mine, publisher: Ministry, title: Prices of stocks, date: 2026-01, url: "https://example.org/m", kind: primary}
likelihood:
  dark: {best: 0.05, low: 0.02, high: 0.1, reason: "a guess (s2)"}
options:
  - id: stock
    kind: stockpile
    title: Twenty days more of chips
    item: chip
    days: {best: 20, low: 10, high: 30, reason: "some spoil"}
    steps: 3
    cost_usd: {World: {best: STOCK, low: 0.1e+9, high: 90.0e+9, source: mine, formula: "twice the price (s1)"}}
    payers: [JPN, KOR]
  - id: fab
    kind: capacity
    title: A fab in Japan
    item: chip
    size: 0.05
    years: 2
    cost_usd: {JPN: 80.0e+9}
"""  # noqa: E501 - a table


def options(folder, stock="30.0e+9"):
    path = folder / "mine.yaml"
    path.write_text(OPTIONS.replace("STOCK", stock), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def dark():
    """The chip makers of one place stop for a while."""
    shock = CapacityLoss(place="TWN", items="chip", lost=0.9, start=10, days=60)
    return Scenario(
        name="dark", title="The island goes dark", case="tiny", days=200, shocks=[shock]
    )


@pytest.fixture(scope="module")
def made(plain_case, dark, tmp_path_factory):
    """Results with stocks that are too dear to pay, and with stocks that pay."""
    out = {}
    for name, stock in (("dear", "30.0e+9"), ("cheap", "0.2e+9")):
        path = options(tmp_path_factory.mktemp("options"), stock)
        asked = asked_of(plain_case, dark, options=path, budget_usd=100e9)
        out[name] = results_of(plain_case, draws=0, scenario=dark, stress_draws=2, asked=asked)
    return out


@pytest.fixture(scope="module")
def documents(plain_case, made):
    return {name: compose(plain_case, results) for name, results in made.items()}


def answer_of(document):
    blocks = (b for s in document.sections for b in blocks_of(s.blocks))
    return next(b for b in blocks if isinstance(b, Answer) and b.id == "helps")


def said(answer):
    return " ".join([plain(answer.sentence), *(plain(part.runs) for part in answer.support)])


def values(answer):
    lines = [answer.sentence, *(part.runs for part in answer.support)]
    return {run.key: run for line in lines for run in line if isinstance(run, Value)}


# ---------------------------------------------------------------- what it says


def test_there_are_five_answers_in_the_order_of_the_questions(documents):
    document = documents["dear"]
    found = [b.id for s in document.sections for b in blocks_of(s.blocks) if isinstance(b, Answer)]
    assert found == ["narrow", "stops", "closes", "helps", "whom"]
    assert len(document.answers) == 5
    assert [s.id for s in document.first] == ["answers", "care"]
    assert [s.id for s in document.second] == ["price", "chain", "unknown"]
    assert [s.id for s in document.annex][:2] == ["narrowest", "who"]


def test_a_budget_that_does_not_pay_is_spent_on_the_least_loss_and_says_so(made, documents):
    help_ = made["dear"].help
    assert not help_.pays
    assert help_.summary["cost_usd"] > 0
    text = said(answer_of(documents["dear"]))
    assert "With USD 100 billion, most loss is avoided by twenty days more of chips" in text
    assert "at the likelihood assumed it does not pay for itself." in text
    assert "paid alike by Japan and South Korea" in text
    assert "a chance of 5 % (2–10 %) a year" in text
    assert help_.even_from is None or help_.even_from > 0.05
    assert "nothing on the list is worth its cost" in text


def test_what_pays_for_itself_is_said_to(made, documents):
    help_ = made["cheap"].help
    assert help_.pays
    assert help_.avoided_usd > 0
    text = said(answer_of(documents["cheap"]))
    assert "Within USD 100 billion, twenty days more of chips" in text
    assert "pays for itself." in text
    assert "nothing on the list is worth its cost" not in text
    assert help_.even_from < 0.05


def test_the_figures_are_those_of_plan_and_proof(made, documents):
    help_ = made["cheap"].help
    found = values(answer_of(documents["cheap"]))
    (row,) = help_.proof.table.to_dict("records")
    for key, usd in {
        "plan/cost_usd": help_.summary["cost_usd"],
        "plan/avoided_usd": help_.avoided_usd,
        "plan/tail_avoided_usd": help_.tail_avoided_usd,
        "plan/proof/simulated_50_usd": row["simulated_50_usd"],
        "plan/proof/promised_usd": row["promised_usd"],
    }.items():
        assert found[key].number == pytest.approx(usd / 1e9, abs=0.005), key
    assert found["plan/cost_usd"].sources == ("mine",)
    assert found["plan/likelihood"].ends == (0.02, 0.1)
    word = help_.proof.verdict.capitalize()
    assert f"{word}: the simulation" in said(answer_of(documents["cheap"]))
    assert found["plan/proof/borne_out"].number == pytest.approx(row["borne_out"])


def test_a_plan_that_the_simulation_does_not_confirm_says_so(plain_case, made):
    proof = made["cheap"].help.proof
    table = proof.table.assign(confirmed=False, borne_out=0.1, verdict="not confirmed")
    help_ = replace(made["cheap"].help, proof=replace(proof, table=table))
    document = compose(plain_case, replace(made["cheap"], help=help_))
    text = said(answer_of(document))
    assert "Not confirmed: the simulation, without foresight, bears out 10 % of the promise" in text


def test_a_list_on_which_nothing_helps_says_so(plain_case, dark, tmp_path):
    asked = asked_of(plain_case, dark, options=options(tmp_path), budget_usd=1e6)
    results = results_of(plain_case, draws=0, scenario=dark, stress_draws=2, asked=asked)
    document = compose(plain_case, results)
    answer = answer_of(document)
    assert "Nothing on the list makes the loss smaller" in said(answer)
    assert answer.figures == ()
    assert results.help.proof is None
    jsonschema.validate(record(document, plain_case, results), schema())


def test_where_nothing_is_lost_nothing_needs_to_be_bought(plain_case, dark, tmp_path):
    calm = replace(dark, shocks=[CapacityLoss(place="TWN", items="chip", lost=0.01, days=5)])
    asked = asked_of(plain_case, calm, options=options(tmp_path))
    results = results_of(plain_case, draws=0, scenario=calm, stress_draws=2, asked=asked)
    assert not results.help.harms
    document = compose(plain_case, results)
    text = said(answer_of(document))
    assert text.startswith("Nothing needs to be bought: stocks and spare capacity bridge the gap")
    assert "loss told above" not in text
    (section,) = [s for s in document.annex if s.id == "plan"]
    assert not [b for b in section.blocks if isinstance(b, Table)]
    jsonschema.validate(record(document, plain_case, results), schema())


def test_no_number_stands_loose_in_the_answer_and_its_annex(documents):
    for document in documents.values():
        answer = answer_of(document)
        runs = [*answer.sentence, *(run for part in answer.support for run in part.runs)]
        assert not [r.text for r in runs if isinstance(r, Text) and re.search(r"\d", r.text)]


def test_the_annex_lists_payments_frontier_proof_regret_moves_and_every_option(made, documents):
    sections = {section.id: section for section in documents["cheap"].annex}
    tables = [b for b in sections["plan"].blocks if isinstance(b, Table)]
    assert [table.short for table in tables] == [
        "Plan",
        "Payments by payer and year",
        "Frontier",
        "Promise and simulation",
        "By year",
        "What moves the answer",
    ]
    payments, frontier = tables[1:3]
    help_ = made["cheap"].help
    totals = [row[-1].runs[0].number for row in payments.rows]
    assert sum(totals) == pytest.approx(help_.summary["cost_usd"] / 1e9, abs=0.02)
    assert len(frontier.rows) == 11
    (options_,) = [b for b in sections["options"].blocks if isinstance(b, Table)]
    lines = [[plain(cell.runs) for cell in row] for row in options_.rows]
    cost = next(line for line in lines if line[1] == "cost of a step, World")
    assert cost[2] == "USD 0.2 billion (0.1–90)"
    assert cost[3] == "twice the price"
    assert "Twenty days more of chips; up to three steps; paid by Japan and South Korea" in {
        line[0] for line in lines
    }
    assert {"mine", "s1", "s2"} <= {entry.id for entry in documents["cheap"].sources}
    mine = next(entry for entry in documents["cheap"].sources if entry.id == "mine")
    assert (mine.publisher, mine.url) == ("Ministry", "https://example.org/m")


def test_the_text_names_no_option_by_its_id(documents):
    for document in documents.values():
        sections = [s for s in document.sections if s.id in ("price", "plan", "options")]
        runs = [
            run
            for section in sections
            for block in blocks_of(section.blocks)
            if isinstance(block, Table)
            for row in block.rows
            for cell in row
            for run in cell.runs
        ]
        text = " ".join(run.text for run in runs if isinstance(run, Name | Text))
        assert not re.search(r"\b(stock|fab)\b[,;:]", text)


# ---------------------------------------------------------------- forms


def test_json_pages_word_and_workbook_hold_the_plan(plain_case, made, documents):
    results, document = made["cheap"], documents["cheap"]
    form = json.loads(json.dumps(record(document, plain_case, results), allow_nan=False))
    jsonschema.validate(form, schema())
    result = form["plan"]["result"]
    assert result["schema"] == "narrows/plan/1"
    assert result["summary"]["cost_usd"] == pytest.approx(results.help.summary["cost_usd"])
    assert result["verdict"]["confirmed"] == results.help.proof.confirmed
    assert len(result["frontier"]) == 11
    assert result["values"]["break_even_factor"] == pytest.approx(results.help.even.factor)
    assert result["values"]["evpi_usd"] == pytest.approx(results.help.evpi_usd)
    assert form["plan"]["terms"]["budget_usd"] == 100e9
    assert [each["id"] for each in form["plan"]["options"]] == ["stock", "fab"]
    assert form["answers"][3]["id"] == "helps"
    page = html(document)
    assert "What helps, at what price?" in page
    assert 'id="figure-frontier-title"' in page
    assert fits(document)
    assert docx(document)
    assert xlsx(document, ())


def test_without_a_plan_the_json_says_null(plain_case, plain_results):
    document = compose(plain_case, plain_results)
    assert record(document, plain_case, plain_results)["plan"] is None


def test_the_pictures_tell_their_numbers_in_words_and_in_a_table(made, documents):
    answer = answer_of(documents["cheap"])
    frontier, schedule = answer.figures
    assert isinstance(frontier, Figure)
    assert "worst tenth of outcomes: from" in frontier.alt
    assert len(frontier.twin.rows) == 11
    assert len(schedule.twin.rows) == len(made["cheap"].help.portfolio)
    assert not answer.below


# ---------------------------------------------------------------- when it is left out


def test_without_options_or_likelihood_nothing_is_asked(plain_case, dark, tmp_path):
    other = replace(dark, name="other")
    path = options(tmp_path)
    assert asked_of(plain_case, dark) is None
    assert asked_of(plain_case, other, options=path) is None
    asked = asked_of(plain_case, other, options=path, likelihood=0.03)
    assert asked.threat.yearly.best == 0.03
    with pytest.raises(BadInput):
        asked_of(plain_case, dark, options=path, budget_usd=-1.0)


def test_a_plan_that_is_insisted_on_says_what_it_lacks(plain_case, dark, tmp_path):
    with pytest.raises(BadInput, match="no options"):
        write(plain_case, dark, tmp_path / "b.pdf", draws=0, stress_draws=1, plan=True)
    with pytest.raises(BadInput, match="no scenario"):
        write(plain_case, "none", tmp_path / "b.pdf", draws=0, plan=True)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_planned_is_told_in_the_annex_or_refused(plain_case, dark, tmp_path):
    path = options(tmp_path)
    path.write_text(path.read_text("utf-8").replace("item: chip\n    size", "item: nut\n    size"))
    asked = asked_of(plain_case, dark, options=path)
    ask = {"draws": 0, "scenario": dark, "stress_draws": 1, "asked": asked}
    results = results_of(plain_case, **ask)
    assert results.help is None
    assert "nut" in results.unplanned
    document = compose(plain_case, results)
    (section,) = [s for s in document.annex if s.id == "plan"]
    assert "no plan could be made" in plain(section.blocks[0].runs)
    with pytest.raises(BadInput, match="nut"):
        results_of(plain_case, plan=True, **ask)


# ---------------------------------------------------------------- numbers


def test_the_likelihood_from_which_it_pays_is_that_of_the_plan(plain_case, dark, tmp_path):
    """Beyond it a plan that weighs expected loss alone buys something, well below it nothing."""
    path = options(tmp_path)
    asked = asked_of(plain_case, dark, options=path, budget_usd=100e9)
    even = helped(plain_case, asked, period="2022").even_mean
    net, found = from_case(plain_case, period="2022"), load_options(path)
    ask = {"budget_usd": 100e9, "every": 2, "period_days": 60, "risk": 0.0}
    if even is None:
        threat = Threat(scenario=dark, yearly=0.5)
        assert solve(net, [threat], found, **ask).cost_usd == 0
        return
    below, above = (Threat(scenario=dark, yearly=even * factor) for factor in (0.8, 1.2))
    assert solve(net, [below], found, **ask).cost_usd == 0
    assert solve(net, [above], found, **ask).cost_usd > 0


def test_the_mean_breaks_even_by_the_chance_that_it_begins_at_all():
    class Terms:
        years = 10

    class Question:
        terms = Terms
        threats = (Threat(scenario=Scenario(name="x", days=10), yearly=0.02),)

    class Plan:
        question = Question
        expected_loss_without_usd = 19e9

    curve = pd.DataFrame({"cost_usd": [0.0, 45.6e9], "expected_loss_usd": [19e9, 5.1e9]})
    even = _even_mean(curve, Plan)
    avoided = 13.9e9 * (1 - (1 - even) ** 10) / (1 - 0.98**10)
    assert avoided == pytest.approx(45.6e9)
    dear = curve.assign(cost_usd=[0.0, 450e9])
    assert _even_mean(dear, Plan) is None


def test_rows_that_differ_in_research_only_are_joined():
    row = {"option": "a", "kind": "k", "item": "i", "place": "JPN", "year": 2031, "works": 2031.5}
    row |= {"steps": 1.0, "payers": "JPN", "cost_usd": 4.0}
    rows = [
        row | {"outcome": "fails", "probability": 0.4},
        row | {"outcome": "succeeds", "probability": 0.6, "cost_usd": 9.0},
        row | {"year": 2029, "outcome": "fails", "probability": 0.4},
    ]
    found = _joined(pd.DataFrame(rows))
    assert found["year"].tolist() == [2029, 2031]
    assert found["outcome"].tolist() == ["fails", ""]
    assert found["probability"].tolist() == pytest.approx([0.4, 1.0])
    assert found["cost_usd"].tolist() == pytest.approx([4.0, 7.0])


def test_figures_of_options_read_as_an_analyst_writes_them(plain_case, plain_results):
    facts = Facts(plain_case, plain_results)
    assert figure_words(facts, "cost_usd.JPN") == "cost of a step, Japan"
    assert figure_words(facts, "gates.pilot.success") == "gate “pilot”: chance of passing"
    assert figure_words(facts, "gates.pilot.cost_usd") == "gate “pilot”: cost"
    share = figure_value(Number(0.35, 0.25, 0.45), "k", "public_part")
    assert (plain((share,)), share.unit, share.ends) == ("35 % (25–45 %)", "part", (0.25, 0.45))
    cost = figure_value(Number(12e9, 12e9, 18e9), "k", "gates.pilot.cost_usd")
    assert (plain((cost,)), cost.number) == ("USD 12 billion (12–18)", 12.0)
    assert times(2.5) == "2.5 times"


def test_steps_are_named_where_they_are_sure(made):
    help_ = made["cheap"].help
    row = {"option": "stock", "place": "World", "steps": 1.0, "probability": 1.0}
    assert named(help_, [row, row]) == "forty days more of chips"
    apart = row | {"place": "Japan"}
    assert named(help_, [row, apart]) == "twenty days more of chips (twice)"
    assert named(help_, [row | {"probability": 0.4}]) == "twenty days more of chips"


# ---------------------------------------------------------------- drawings, processes


def test_stairs_stay_inside_and_end_at_the_edge():
    stair = Stair("worst", [(0.0, 100.0), (10.0, 40.0), (40.0, 0.0)], strong=True)
    drawn = draw_stairs((stair,), 40.0, width=214, height=90, across="spent")
    heights = [float(y) for y in re.findall(r"V([\d.]+)", drawn.svg)]
    assert heights == sorted(heights)
    assert 0 < min(heights) <= max(heights) < 90
    assert drawn.svg.count("<path") == 1


def test_spells_begin_and_work_in_their_years():
    rows = (Spell("Fab", "12", 2027.0, 2031.0), Spell("Stock", "3", 2029.0, 2029.0))
    drawn = draw_spells(rows, 2027, 2036, width=200)
    bars = re.findall(r'<rect class="bar" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawn.svg)
    found = [(float(x), float(width)) for x, width in bars[1:]]
    assert found == [(80.0, 120.0), (40.0, 160.0)]
    assert ">2027<" in drawn.svg


def test_work_beside_gives_its_result_and_its_errors(plain_case, dark, tmp_path):
    path = options(tmp_path)
    with beside(load_options, path) as result:
        assert [option.id for option in result()] == ["stock", "fab"]
    path.write_text("options: 7\n", encoding="utf-8")
    with beside(load_options, path) as result, pytest.raises((BadInput, CouldNotFinish)):
        result()
    with beside(load_options, path):
        pass  # not waited for: it is ended


def test_in_other_processes_the_plan_is_the_same(plain_case, made):
    help_ = made["cheap"].help
    with (
        beside(bought, plain_case, help_.asked, "2022") as one,
        beside(curve_of, plain_case, help_.asked, "2022") as other,
    ):
        found = with_curve(one(), other())
    assert found.summary == help_.summary
    assert found.even_from == help_.even_from
    for name in ("portfolio", "frontier", "moves", "knowing"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(help_, name))
    pd.testing.assert_frame_equal(found.proof.table, help_.proof.table)


@pytest.mark.slow
def test_the_brief_on_chips_stands_on_two_pages_with_its_plan():
    case = evidence.load("semiconductors")
    scenario = scenario_of(case, None)
    asked = asked_of(case, scenario)
    results = results_of(case, draws=0, scenario=scenario, stress_draws=4, asked=asked, plan=True)
    document = fitted(case, results)
    assert fits(replace(document, annex=document.annex[-1:]))
    help_ = results.help
    assert 0 < help_.summary["cost_usd"] <= 50e9
    assert help_.avoided_usd > 0
    assert len(help_.frontier) == 11
    assert "days more of leading logic chips" in said(answer_of(document))
    json.dumps(record(document, case, results), allow_nan=False)
