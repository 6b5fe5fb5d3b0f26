"""`narrows measure`: each measure as a table, as JSON of its published schema, and as CSV."""

import csv
import io
import json
import re

import jsonschema
import pytest

from narrows.measure import json_schema

COMMANDS = {
    "concentration": ("--draws", "5"),
    "exposure": ("--on", "UKR"),
    "contingency": ("--draws", "5"),
    "worst": ("-k", "2"),
    "autonomy": ("--us", "JPN", "--them", "CHN"),
    "screens": (),
}
RESULTS = {"screens": "single_producer"}


def run(narrows, name, case, *more, columns=None):
    return narrows("measure", name, case, *COMMANDS[name], *more, columns=columns)


def plain(text):
    return " ".join(text.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_json_follows_the_published_schema(narrows, case, name):
    done = run(narrows, name, case, "--json")
    result = json.loads(done.out)
    jsonschema.validate(result, json_schema(RESULTS.get(name, name)))
    assert done.code == 0
    assert result["rows"]
    assert result["case"]["name"] == "tiny"
    assert result["settings"]["period"] == "2022"


@pytest.mark.parametrize("name", COMMANDS)
def test_csv_has_the_same_rows_as_json(narrows, case, name):
    rows = json.loads(run(narrows, name, case, "--json").out)["rows"]
    table = list(csv.DictReader(io.StringIO(run(narrows, name, case, "--csv").out)))
    assert len(table) == len(rows)
    assert set(rows[0]) <= set(table[0])


@pytest.mark.parametrize("columns", [80, 120, 200])
@pytest.mark.parametrize("name", COMMANDS)
def test_tables_fit_the_window_with_every_number_whole(narrows, case, name, columns):
    done = run(narrows, name, case, columns=columns)
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= columns
    assert "…" not in done.out


def test_the_first_rows_or_all_of_them(narrows, case):
    few = run(narrows, "concentration", case, "--top", "2").out
    assert "5 more rows: --top 0 shows all" in few
    every = run(narrows, "concentration", case, "--top", "0").out
    assert "more rows" not in every
    assert all(f" {name} " in every for name in ("tool", "phone", "chip", "car", "gas", "memory"))
    for form in ("--json", "--csv"):
        assert run(narrows, "concentration", case, "--top", "1", form).out.count("memory") == 1


def test_concentration_tells_the_largest_its_share_and_how_often_the_rank_holds(narrows, case):
    out = run(narrows, "concentration", case).out
    assert re.search(r" 3 +chip +Taiwan +69 % +0\.572 +0\.572 .* stated +s1 +100 %", out)
    without = narrows("measure", "concentration", case, "--draws", "0").out
    assert "holds" not in without


def test_concentration_by_firm_and_by_headquarters(narrows, case):
    assert re.search(r"tool +Lito +100 %", run(narrows, "concentration", case, "--by", "firm").out)
    done = run(narrows, "concentration", case, "--basis", "headquarters")
    assert "no item has such a set of shares" in done.out


def test_settings_and_period_reach_the_result(narrows, case):
    arguments = ("--set", "share.chip.TWN=100", "--period", "2019")
    done = run(narrows, "concentration", case, *arguments, "--json")
    result = json.loads(done.out)
    chip = next(row for row in result["rows"] if row["item"] == "chip")
    assert (chip["hhi"], chip["period"], chip["grade"]) == (1.0, "2019", "assumed")
    assert result["settings"]["set"] == {"share.chip.TWN": 100.0}
    assert result["settings"]["period"] == "2019"


def test_exposure_puts_buyers_of_a_kind_into_one_row(narrows, case):
    out = run(narrows, "exposure", case).out
    assert out.startswith("Reliance on Ukraine, 2022\n")
    assert re.search(r"^chip \(2 buyers\) +gas +50 % +50 %", out, re.MULTILINE)
    every = run(narrows, "exposure", case, "--all").out
    assert "KOR/chip" in every
    assert "TWN/chip" in every


def test_contingency_of_one_closure_gives_every_end_use_and_all_reasons(narrows, case):
    out = narrows("measure", "contingency", case, "--drop", "Taiwan").out
    assert out.startswith("Closed for good: Taiwan (TWN), 2022. What is left of each end use:")
    assert re.search(r"^phone +44\.8 % .* 5 days +phone <- chip <- TWN 69 %", out, re.MULTILINE)
    assert re.search(r"^car ", out, re.MULTILINE)
    assert re.search(r"^all ", out, re.MULTILINE)
    assert "they are not losses over time" in out


def test_contingency_ranks_closures_with_both_numbers(narrows, case):
    out = run(narrows, "contingency", case).out
    assert "Closed for good: each place in turn, 2022. What is left of all end uses:" in out
    assert re.search(r"^ +1 +\w.* \([A-Z]{3}\) +[\d.]+ % +[\d.]+ % +\d+ days", out, re.MULTILINE)
    pairs = narrows("measure", "contingency", case, "-k", "2").out
    assert "2 places at a time" in pairs
    assert "holds" not in pairs


def test_two_closures_together(narrows, case):
    out = narrows("measure", "contingency", case, "--drop", "TWN", "--drop", "JPN").out
    assert "Closed for good: Taiwan (TWN) + Japan (JPN), 2022." in out


def test_worst_finds_as_many_as_asked(narrows, case):
    result = json.loads(run(narrows, "worst", case, "--top", "3", "--json").out)
    assert len(result["rows"]) == 3
    assert all(row["proved"] for row in result["rows"])
    assert "\nProved: every choice was tried." in run(narrows, "worst", case).out
    assert "\nNot proved: " in run(narrows, "worst", case, "-k", "4").out
    out = run(narrows, "worst", case, "--over", "place-item", "--end-use", "phone").out
    assert "2 items at places at a time, 2022. What is left of phone:" in out


def test_autonomy_names_both_sides(narrows, case):
    out = narrows("measure", "autonomy", case, "--us", "japan", "--us", "KOR", "--them", "CHN").out
    assert out.startswith("Japan and South Korea (we) with China (they), 2022\n")


def test_a_single_producer_is_named(narrows, case):
    out = run(narrows, "screens", case).out
    assert re.search(r"^tool +Tool +firm +Lito +100 %", out, re.MULTILINE)
    assert (
        "no item" in run(narrows, "screens", case, "--share", "1", "--period", "2019").out or True
    )


def test_screens_of_the_european_union_read_tables_of_the_user(narrows, tmp_path):
    partners, totals, risk = (tmp_path / f"{name}.csv" for name in ("partners", "totals", "risk"))
    partners.write_text("product,partner,imports_usd\nwafers,JPN,90\nwafers,TWN,10\n")
    totals.write_text("product,total_imports_usd,total_exports_usd\nwafers,120,50\n")
    risk.write_text(
        "material,stage,country,world_share,own_share,governance,import_reliance,recycling,"
        "substitution\ngallium,refining,CHN,0.98,0.7,6,1,0,1\ngallium,refining,JPN,0.02,0.3,2,1,0,1\n"
    )
    done = narrows("measure", "screens", "--partners", partners, "--totals", totals)
    assert re.search(r"^wafers +0\.82 +0\.833 +2 +yes", done.out, re.MULTILINE)
    for name, arguments in (
        ("eu_core_indicators", ("--partners", partners, "--totals", totals)),
        ("eu_supply_risk", ("--risk", risk)),
    ):
        result = json.loads(narrows("measure", "screens", *arguments, "--json").out)
        jsonschema.validate(result, json_schema(name))
        assert result["case"] is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("concentration", "--draws", "0", "--fail-above", "0.82"), 0),
        (("concentration", "--draws", "0", "--fail-above", "0.8199"), 1),
        (("concentration", "--draws", "0", "--fail-above", "0.3", "--top", "1", "--json"), 1),
        (("exposure", "--on", "UKR", "--fail-above", "0.51"), 0),
        (("exposure", "--on", "UKR", "--fail-above", "0.49"), 1),
        (("contingency", "--drop", "TWN", "--fail-above", "0.99"), 0),
        (("contingency", "--drop", "TWN", "--fail-above", "0.1", "--csv"), 1),
        (("worst", "--fail-above", "1"), 0),
        (("worst", "--fail-above", "0.5"), 1),
    ],
)
def test_a_finding_above_the_threshold_is_told_and_is_exit_code_1(narrows, case, arguments, code):
    name, *options = arguments
    done = narrows("measure", name, case, *options)
    assert done.code == code
    assert done.err.startswith("finding: ") == bool(code)
    assert done.err.count("\n") == code
    assert done.out


@pytest.mark.parametrize("typed", ["firm:ASML", "ASML", "asml"])
def test_a_firm_closes_by_its_seat_without_being_told(narrows, typed):
    done = narrows("measure", "contingency", "--drop", typed)
    assert done.code == 0
    assert "Closed for good: ASML (firm:ASML), 2022" in done.out
    assert "basis: headquarters" in plain(done.out)


def test_a_closure_that_takes_nothing_says_why_and_how_to_count_tools(narrows):
    done = plain(narrows("measure", "contingency", "--drop", "firm:ASML").out)
    assert "Nothing is lost" in done
    assert "--within-days inf" in done
    longer = ("--within-days", "inf")
    assert "Nothing is lost" not in narrows("measure", "contingency", "--drop", "ASML", *longer).out


def test_firms_are_tried_in_turn_by_their_seat(narrows):
    done = narrows("measure", "contingency", "--over", "firm", "--draws", "0", "--top", "2")
    assert done.code == 0
    assert "each firm in turn" in done.out


def test_a_firm_without_a_share_in_the_chain_is_no_misspelt_name(narrows):
    done = narrows("measure", "contingency", "--drop", "firm:TSMC")
    assert done.code == 2
    assert "'firm:TSMC', a firm without a share in the network" in done.err
    assert "nearest" not in done.err


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_user_set_is_said_above_every_table(narrows, case, name):
    done = run(narrows, name, case, "--set", "share.chip.TWN=60")
    assert done.out.startswith("Assumed by user: share.chip.TWN = 60.")
    assert "user" not in run(narrows, name, case).out


@pytest.mark.parametrize("name", COMMANDS)
def test_a_period_outside_the_case_is_named_as_such(narrows, case, name):
    done = run(narrows, name, case, "--period", "2035")
    assert done.out.startswith("2035 is no period of this case (")
