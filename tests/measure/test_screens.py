"""The screens that officials use, with the numbers their papers give."""

import numpy as np
import pandas as pd
import pytest

import tiny
from narrows import evidence, measure
from narrows.measure.kernels.supply_risk import governed_hhi, supply_risk
from narrows.terms import BadInput

PARTNERS = pd.DataFrame(
    [("magnets", "CHN", 90.0), ("magnets", "JPN", 10.0), ("steel", "CHN", 30.0)]
    + [("steel", place, 10.0) for place in ("TUR", "IND", "KOR", "UKR", "BRA", "USA", "GBR")],
    columns=["product", "partner", "imports_usd"],
)
TOTALS = pd.DataFrame(
    [("magnets", 120.0, 50.0), ("steel", 400.0, 300.0)],
    columns=["product", "total_imports_usd", "total_exports_usd"],
)


# ---------------------------------------------------------------- core dependency indicators


def test_the_three_core_indicators_follow_their_definitions():
    rows = measure.eu_core_indicators(PARTNERS, TOTALS).set_index("product")
    magnets, steel = rows.loc["magnets"], rows.loc["steel"]
    assert magnets[["cdi1", "cdi2", "cdi3"]].tolist() == pytest.approx([0.82, 100 / 120, 2.0])
    assert steel[["cdi1", "cdi2", "cdi3"]].tolist() == pytest.approx([0.16, 0.25, 1 / 3])
    assert rows["dependent"].to_dict() == {"magnets": True, "steel": False}
    assert magnets["margin"] == pytest.approx(100 / 120 / 0.5 - 1)


@pytest.mark.parametrize(
    ("shares", "total", "exports", "dependent"),
    [
        # HHI above 0.4, imports from outside above half of all, above the exports
        ([0.6, 0.4], 150.0, 90.0, True),
        ([0.5, 0.5], 200.0, 90.0, False),  # exactly one half from outside
        ([0.5, 0.5], 150.0, 100.0, False),  # exactly as much as is exported
        ([0.25] * 4, 150.0, 90.0, False),
    ],
)
def test_all_three_thresholds_must_be_passed(shares, total, exports, dependent):
    partners = pd.DataFrame(
        [("x", f"P{n}", 100 * share) for n, share in enumerate(shares)],
        columns=["product", "partner", "imports_usd"],
    )
    totals = pd.DataFrame([("x", total, exports)], columns=TOTALS.columns)
    assert measure.eu_core_indicators(partners, totals)["dependent"].tolist() == [dependent]


def test_thresholds_can_be_set():
    loose = measure.eu_core_indicators(
        PARTNERS, TOTALS, concentration_above=0.1, foreign_above=0.2, ratio_above=0.3
    )
    assert loose["dependent"].all()


def test_a_partner_on_several_rows_counts_as_one():
    halves = pd.concat([PARTNERS.assign(imports_usd=PARTNERS["imports_usd"] / 2)] * 2)
    one, other = (measure.eu_core_indicators(rows, TOTALS) for rows in (PARTNERS, halves))
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(
    ("partners", "totals", "told"),
    [
        (PARTNERS.drop(columns="partner"), TOTALS, "no such column"),
        (PARTNERS.assign(imports_usd=-1.0), TOTALS, "a value of 0 or more"),
        (PARTNERS.assign(imports_usd=np.nan), TOTALS, "a value of 0 or more"),
        (PARTNERS, TOTALS.iloc[:1], "no totals of 'steel'"),
        (PARTNERS, pd.concat([TOTALS, TOTALS]), "magnets again"),
    ],
)
def test_a_bad_table_of_trade_is_refused(partners, totals, told):
    with pytest.raises(BadInput, match=told):
        measure.eu_core_indicators(partners, totals)


# ---------------------------------------------------------------- supply risk

ROW = {
    "material": "x",
    "stage": "mining",
    "import_reliance": 1.0,
    "recycling": 0.05,
    "substitution": 0.95,
}
RISK = pd.DataFrame(
    [
        {**ROW, "country": "A", "world_share": 0.9, "own_share": 0.9, "governance": 5.8},
        {**ROW, "country": "B", "world_share": 0.1, "own_share": 0.1, "governance": 2.0},
    ]
)


def test_the_worked_example_of_supply_risk_gives_4_3():
    """By the formula of 2017: 0.81 x 5.8 + 0.01 x 2 = 4.718; x 0.95 x 0.95 = 4.258, printed 4.3."""
    world = governed_hhi(np.array([0.9, 0.1]), np.array([5.8, 2.0]))
    assert world == pytest.approx(4.718)
    risk = supply_risk(world, world, import_reliance=1, recycling=0.05, substitution=0.95)
    assert round(risk, 3) == 4.258
    assert round(risk, 1) == 4.3
    row = measure.eu_supply_risk(RISK).iloc[0]
    assert row["supply_risk"] == pytest.approx(risk)
    assert row["critical_supply"]


def test_import_reliance_weighs_world_against_own_sourcing():
    settings = {"recycling": 0.0, "substitution": 1.0}
    assert supply_risk(4.0, 2.0, import_reliance=1.0, **settings) == pytest.approx(3.0)
    assert supply_risk(4.0, 2.0, import_reliance=0.0, **settings) == pytest.approx(2.0)
    assert supply_risk(4.0, 2.0, import_reliance=0.5, **settings) == pytest.approx(2.5)


def test_the_worse_stage_of_a_material_counts():
    refined = RISK.assign(stage="refining", governance=1.0)
    rows = measure.eu_supply_risk(pd.concat([RISK, refined], ignore_index=True))
    assert rows.set_index("stage")["counts"].to_dict() == {"mining": True, "refining": False}


def test_trade_barriers_weigh_a_country():
    barred = measure.eu_supply_risk(RISK.assign(trade=[1.1, 1.0]))
    assert barred["hhi_world"].iloc[0] == pytest.approx(0.81 * 5.8 * 1.1 + 0.02)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (RISK.drop(columns="governance"), "no such column"),
        (RISK.assign(governance=np.nan), "a value of 0 or more"),  # no default is put in
        (RISK.assign(world_share=90.0), "at most 1"),
        (RISK.assign(governance=58.0), "at most 10"),
        (RISK.assign(recycling=5.0), "at most 1"),
        (RISK.assign(country="A"), "A again"),
    ],
)
def test_a_bad_table_of_supply_risk_is_refused(table, told):
    with pytest.raises(BadInput, match=told):
        measure.eu_supply_risk(table)


# ---------------------------------------------------------------- single producer


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return evidence.load(tiny.write(tmp_path_factory.mktemp("screens") / "case"))


def test_a_single_producer_is_named_with_level_basis_and_source(case):
    rows = measure.single_producer(case)
    assert rows["held"].is_monotonic_decreasing
    assert set(zip(rows["item"], rows["level"], rows["holder"], strict=True)) == {
        ("tool", "firm", "firm:Lito"),
        ("tool", "place", "NLD"),
        ("phone", "place", "CHN"),
        ("chip", "place", "TWN"),
    }
    assert rows["source_id"].ne("").all()


def test_a_sole_producer_can_be_asked_for(case):
    assert measure.single_producer(case, share=1)["holder"].tolist() == ["firm:Lito"]


def test_the_unnamed_rest_is_no_single_producer(tmp_path):
    line = "x1,power,capacity_share,TWN,2022,20,,,percent,location,actual,stated,s1,p. 1,"
    case = evidence.load(tiny.write(tmp_path / "case", **tiny.add("observations", line)))
    assert "power" not in set(measure.single_producer(case)["item"])
