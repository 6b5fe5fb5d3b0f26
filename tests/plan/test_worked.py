"""The script that writes the table of the 2-nm page."""

import importlib.util
import re
from pathlib import Path

import pytest

import narrows as nw

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "worked"


@pytest.fixture(scope="module")
def script():
    found = importlib.util.spec_from_file_location("two", FOLDER / "write_two_nanometre.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def chips():
    return nw.network.from_case(nw.evidence.load("semiconductors"), period=2022)


def test_the_page_has_the_rows_of_the_script(script):
    page = (FOLDER / "two-nanometre.md").read_text("utf-8")
    table = page[page.index(script.BEGIN) : page.index(script.END)]
    for words, _, budget in script.rows():
        assert f"| {words} | {budget} |" in table
    assert script.with_table(page, "other").count("other") == page.count("other") + 1


def test_what_nothing_done_leaves_is_what_the_page_says(script, chips):
    plan = script.asked(chips, script.known().only("stock-leading"), budget=0)
    page = (FOLDER / "two-nanometre.md").read_text("utf-8")
    assert script.nothing(plan) in page


def test_a_row_holds_cost_losses_and_what_the_simulation_shows(script, chips):
    stocks = script.known().only("stock-leading")
    made, plan = script.table(
        chips, chosen=[("stocks", stocks, 20)], years=2, every=2, period_days=90
    )
    (row,) = re.findall(r"^\| stocks \| 20 \| (.*) \|$", made, flags=re.MULTILINE)
    cost, mean, worst, promised, shown = (float(cell) for cell in row.split(" | "))
    assert 0 < cost <= 20
    assert mean < plan.expected_loss_without_usd / 1e9
    assert worst > mean
    assert promised > 0
    assert shown > 0


def test_a_centre_that_is_certain_has_one_outcome(script):
    sure = script.certain(script.known()).only("centre-2nm")
    assert [leaf.name for leaf in nw.plan.outcomes.leaves([sure["centre-2nm"]], 2022)] == [
        "centre-2nm succeeds"
    ]
