"""The other signs, and the innocent explanations: each shows where it is planted, and is told."""

import numpy as np
import pandas as pd
import pytest

from narrows import evidence
from narrows.screen.diversion import absorption_from_case, absorption_from_table, diversion
from narrows.screen.diversion.flows import Flows, checked
from narrows.terms import BadInput, UnknownName

CUT = 48
AFTER = "2022-01-01"


def step(growth, count=60):
    return np.where(np.arange(count) < CUT, 1.0, growth)


def found(table, **settings):
    flows = table if isinstance(table, Flows) else checked(table, source="made")
    return diversion(flows, item="854231", after=AFTER, **settings)


def row_of(result, place="KGZ"):
    return result.frame.set_index("transit").loc[place]


def test_a_rise_by_price_alone_is_told_as_dearer_goods(trade):
    plain = trade(1, {"KGZ": 1e7})[1]
    changed = {"KGZ": step(4.0)}
    table, _, _ = trade(1, {"KGZ": 1e7}, changed=changed, weight=plain / 100)
    row = row_of(found(table))
    assert row["unit_value_rise"] == pytest.approx(4.0, rel=0.05)
    assert "dearer by weight" in row["signs"]
    assert "dearer goods" in row["innocent"]


def test_goods_written_under_the_neighbouring_code_are_seen(trade):
    table, _, _ = trade(2, {"KGZ": 1e7})
    near, _, _ = trade(3, {"KGZ": 1e7}, changed={"KGZ": step(8.0)}, item="854239")
    row = row_of(found(pd.concat([table, near])))
    assert row["neighbour_rise"] == pytest.approx(8.0, rel=0.6)
    assert "neighbour codes" in row["signs"]
    assert not row["flagged"]  # a sign beside the surge, none alone


def test_the_place_of_other_suppliers_taken_is_told_as_innocent(trade):
    table, values, names = trade(4, {"KGZ": 1e7}, changed={"KGZ": step(3.0)})
    at = names.index("KGZ")
    lost = values[at] * np.where(np.arange(60) < CUT, 3.0, 0.05)  # China sold more, then stopped
    other = table[table["partner"] == "KGZ"].assign(reporter="CHN", value_usd=lost)
    result = found(pd.concat([table, other]), origins=["DEU"])
    assert row_of(result)["other_suppliers_usd"] < 0
    assert "other suppliers replaced" in row_of(result)["innocent"]
    assert "Imports from other suppliers fell" in result.explain("KGZ")


def test_one_delivery_is_told(trade):
    once = np.ones(60)
    once[CUT + 2] = 60.0
    table, _, _ = trade(5, {"KGZ": 1e7}, changed={"KGZ": once})
    assert "one delivery" in row_of(found(table))["innocent"]


def test_a_country_that_grew_before_is_told_and_expected_to_go_on(trade):
    growth = 1.6 ** (np.arange(60) / 12)
    table, _, _ = trade(6, {"KGZ": 1e8}, changed={"KGZ": growth})
    row = row_of(found(table))
    assert "grew before" in row["innocent"]
    assert row["over_expected"] < row["rise"]
    assert not row["flagged"]


def test_more_than_a_country_can_use_is_a_sign(trade):
    table, _, _ = trade(7, {"KGZ": 1e7, "ARM": 1e7}, changed={"KGZ": step(5.0)})
    use = pd.DataFrame({"place": ["KGZ", "ARM"], "use_usd": [1e8, 1e9], "source": "table of 2020"})
    result = found(table, absorption=use)
    assert "more than it can use" in row_of(result)["signs"]
    assert "could be used there" in row_of(result, "ARM")["innocent"]
    assert "100 million USD a year (table of 2020)" in result.explain("KGZ")
    assert np.isnan(row_of(result, "AUS")["over_use"])


def test_each_origin_alone_names_the_origin(trade):
    one, _, _ = trade(8, {"KGZ": 1e7}, changed={"KGZ": step(9.0)})
    two, _, _ = trade(9, {"KGZ": 1e7}, reporter="ITA")
    result = found(pd.concat([one, two]), each_origin=True)
    flagged = result.flagged[result.flagged["transit"] == "KGZ"]
    assert flagged["origin"].tolist() == ["DEU"]


def test_each_item_is_judged_alone(trade):
    one, _, _ = trade(10, {"KGZ": 1e7}, changed={"KGZ": step(9.0)})
    two, _, _ = trade(11, {"KGZ": 1e7}, item="854239")
    flows = checked(pd.concat([one, two]), source="made")
    result = diversion(flows, item="8542", after=AFTER, each_item=True)
    flagged = result.flagged[result.flagged["transit"] == "KGZ"]
    assert flagged["item"].tolist() == ["854231"]


def test_an_origin_that_stopped_reporting_is_left_out_and_named(trade):
    one, _, _ = trade(12, {"KGZ": 1e7})
    two, _, _ = trade(13, {"KGZ": 1e5}, reporter="ITA")
    two = two.assign(value_usd=two["value_usd"] / 1e3)
    result = found(pd.concat([one, two[two["period"] < "2022-01"]]))
    assert result.frame["origin"].unique().tolist() == ["DEU"]
    assert any("ITA" in note for note in result.notes)


def test_months_that_most_have_not_reported_yet_do_not_count_as_zero(trade):
    table, _, _ = trade(14, {"KGZ": 1e7})
    result = found(table[table["period"] < "2022-04"])
    assert result.frame["after"].iloc[0] == "2022-01 to 2022-03"
    assert result.notes == ("3 of 6 periods after the control are reported",)
    assert not result.frame["flagged"].any()


def test_too_few_countries_give_figures_and_no_verdict(trade):
    table, _, _ = trade(15, {"KGZ": 1e7}, changed={"KGZ": step(9.0)})
    few = table[table["partner"].isin(["KGZ", "AUS", "BEL"])]
    result = found(few)
    assert not result.frame["flagged"].any()
    assert result.frame["p_value"].isna().all()
    assert any("no test" in note for note in result.notes)
    assert "cannot be said" in result.explain("KGZ")


def test_every_row_can_be_explained_and_printed(trade):
    table, _, _ = trade(16, {"KGZ": 1e7}, changed={"KGZ": step(9.0)})
    result = found(table)
    for place in result.frame["transit"]:
        assert "Not seen in these figures" in result.explain(place)
    written = result.as_json()
    assert written["control_date"] == AFTER
    assert "not legal advice" in written["notice"]
    assert written["data_until"] == "2022-12"
    assert len(written["rows"]) == len(result.frame)
    with pytest.raises(UnknownName, match="third country"):
        result.explain("DEU")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"after": "2030-01-01"},
            "found months 2018-01 to 2022-12; expected months before and from 2030",
        ),
        ({"after": "2018-03-01"}, "a year before 2018-03"),
        ({"after": "soon"}, "found 'soon'; expected a date"),
        ({"item": "8517"}, "found '8517'; expected"),
        ({"item": "chips"}, "found 'chips'; expected HS digits"),
        ({"targets": "Narnia"}, "found 'Narnia'"),
        ({"false_discovery": 2.0}, "found 2.0; expected 0 to 1"),
        ({"periods": 0}, "found 0; expected 1 to 24"),
        ({"origins": ["JPN"]}, "an origin that reports exports"),
    ],
)
def test_what_cannot_be_asked_is_one_clear_error(trade, settings, message):
    table, _, _ = trade(17, {"KGZ": 1e7})
    asked = {"item": "8542", "after": AFTER} | settings
    with pytest.raises(BadInput, match=message):
        diversion(checked(table, source="made"), **asked)


def test_a_table_of_use_that_is_faulty_is_refused(trade):
    table, _, _ = trade(18, {"KGZ": 1e7})
    with pytest.raises(BadInput, match="absorption:1: use_usd: found no such column"):
        found(table, absorption=pd.DataFrame({"place": ["KGZ"]}))
    twice = pd.DataFrame({"place": ["KGZ", "KGZ"], "use_usd": [1, -2]})
    with pytest.raises(BadInput, match=r"found -2; expected 0 or more\n.*KGZ again"):
        found(table, absorption=twice)


def test_use_from_a_case_adds_up_to_the_world_and_names_its_sources():
    case = evidence.load("semiconductors")
    use = absorption_from_case(case, "photoresist-arf", world_usd=1e9)
    assert use["part"].sum() == pytest.approx(1.0)
    assert use["use_usd"].sum() == pytest.approx(1e9)
    assert use.set_index("place").loc["TWN", "use_usd"] > 0
    assert use["source"].str.contains("semiconductors").all()
    with pytest.raises(UnknownName):
        absorption_from_case(case, "no-such-item", world_usd=1e9)
    with pytest.raises(BadInput, match="no such users"):
        absorption_from_case(case, "smartphone", world_usd=1e9)
    with pytest.raises(BadInput, match="US dollars above 0"):
        absorption_from_case(case, "photoresist-arf", world_usd=0)


def test_use_from_an_input_output_table_is_what_a_country_buys():
    units = pd.MultiIndex.from_product([["KGZ", "DEU"], ["C26", "X"]])
    use = pd.DataFrame(
        [[1.0, 2.0, 3.0, 4.0], [0, 0, 0, 0], [5.0, 6.0, 7.0, 8.0], [9.0, 9.0, 9.0, 9.0]],
        index=units,
        columns=units,
    )
    final = pd.DataFrame(
        {("KGZ", "final"): [1.0, 0, 2.0, 0], ("DEU", "final"): [0.0, 0, -100.0, 0]}, index=units
    )
    final.columns = pd.MultiIndex.from_tuples(final.columns)
    found_use = absorption_from_table(use, product="C26").set_index("place")["use_usd"]
    assert found_use.to_dict() == {"KGZ": 14e6, "DEU": 22e6}
    whole = absorption_from_table(use, product="C26", final=final, part={"KGZ": 0.5}, growth=2.0)
    assert whole.set_index("place")["use_usd"].to_dict() == {"KGZ": 17e6, "DEU": 0.0}
    with pytest.raises(UnknownName, match="sector"):
        absorption_from_table(use, product="C27")
    with pytest.raises(BadInput, match="part: found 2"):
        absorption_from_table(use, product="C26", part=2.0)
    with pytest.raises(BadInput, match=r"expected \(region, sector\)"):
        absorption_from_table(use.droplevel(0), product="C26")
