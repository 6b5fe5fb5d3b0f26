"""The figures in front, over the periods."""

import pytest

from narrows.brief.facts import Facts
from narrows.brief.headlines import headlines, over_the_years
from narrows.brief.tree import Name, Table, Text, Value
from narrows.brief.wiring import results_of
from narrows.evidence import load


@pytest.fixture(scope="module")
def facts():
    case = load("semiconductors")
    return Facts(case, results_of(case, period=2022, draws=0))


def test_other_periods_are_told_with_source_and_without_calling_them_a_trend(facts):
    runs = over_the_years(facts, "logic-lt10nm")
    values = {run.key: run for run in runs if isinstance(run, Value)}
    assert values["shares/logic-lt10nm/2019/TWN"].number == 0.92
    assert values["shares/logic-lt10nm/2019/KOR"].number == 0.08
    assert values["shares/logic-lt10nm/2019/TWN"].sources == ("sia-2021-strengthening",)
    assert values["shares/wafer-fab-total/2019/TWN"].number == 0.2
    assert isinstance(runs[-1], Text)
    assert "no trend" in runs[-1].text


def test_the_annex_gives_source_and_locator_of_every_figure_in_front(facts):
    table = next(b for b in headlines(facts).blocks if isinstance(b, Table))
    rows = [tuple(run.text for cell in row for run in cell.runs) for row in table.rows]
    found = next(row for row in rows if row[1:3] == ("2019", "Taiwan") and "below 10" in row[0])
    assert found[3].replace("\u202f", " ") == "92 %"
    assert found[4:] == ("location", "sia-2021-strengthening", "landing page, findings")
    assert all(
        isinstance(run, Name | Value) for row in table.rows for cell in row for run in cell.runs
    )


@pytest.mark.parametrize("period", ["2019", "2022", "2025"])
def test_the_period_of_the_answer_is_not_told_twice(period):
    case = load("semiconductors")
    found = Facts(case, results_of(case, period=period, draws=0))
    runs = over_the_years(found, "logic-lt10nm")
    told = {run.key for run in runs if isinstance(run, Value)}
    assert f"shares/logic-lt10nm/{found.year('logic-lt10nm')}/TWN" not in told
