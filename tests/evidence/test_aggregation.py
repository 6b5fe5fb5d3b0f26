"""Regions and sectors put together: sums stay, and what is ambiguous is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrows.evidence import InputOutputTable, aggregate
from narrows.network import from_mrio
from narrows.terms import BadInput
from tables import balanced

REGIONS = {"R01": "South", "R02": "South"}
SECTORS = {"s00": "goods", "s02": "goods", "s01": "services", "s03": "services"}


def table(regions=4, sectors=4, seed=0):
    z, y, x = balanced(regions, sectors, seed)
    return InputOutputTable(
        Z=z,
        Y=y,
        x=x,
        value_added=(x - z.sum()).rename("value_added"),
        taxes=0 * x,
        name="synthetic",
        source="made up",
        edition="",
        year="2022",
        unit="million USD",
        licence="",
        digest="0",
    )


def test_sums_stay_and_labels_become_groups():
    before = table()
    after = aggregate(before, regions=REGIONS, sectors=SECTORS)
    assert after.regions == ("R00", "South", "R03")
    assert after.sectors == ("goods", "services")
    for name in ("Z", "Y", "x", "value_added"):
        total = getattr(before, name).to_numpy().sum()
        assert getattr(after, name).to_numpy().sum() == pytest.approx(total, rel=1e-13)
    members = [("R01", "s00"), ("R02", "s00"), ("R01", "s02"), ("R02", "s02")]
    buyers = [("R03", "s01"), ("R03", "s03")]
    cell = after.Z.loc[("South", "goods"), ("R03", "services")]
    assert cell == pytest.approx(before.Z.loc[members, buyers].to_numpy().sum(), rel=1e-13)
    assert after.Y.loc[("South", "goods"), ("South", "final")] == pytest.approx(
        before.Y.loc[members, [("R01", "final"), ("R02", "final")]].to_numpy().sum(), rel=1e-13
    )
    assert "8 rows" not in after.notes[-1]
    assert after.notes[-1] == "Aggregated: 10 of 16 rows put into others."
    assert from_mrio(after).check() == {}


def test_nothing_changes_without_a_concordance():
    before = table()
    after = aggregate(before)
    pd.testing.assert_frame_equal(before.Z, after.Z)
    pd.testing.assert_frame_equal(before.Y, after.Y)


@given(st.lists(st.integers(0, 3), min_size=5, max_size=5), st.integers(0, 99))
def test_any_grouping_keeps_the_balance_of_rows_and_columns(groups, seed):
    before = table(regions=5, sectors=2, seed=seed)
    after = aggregate(before, regions={f"R{n:02d}": f"g{g}" for n, g in enumerate(groups)})
    rows = after.Z.sum(axis=1) + after.Y.sum(axis=1)
    np.testing.assert_allclose(rows, after.x, rtol=1e-12)
    np.testing.assert_allclose(after.Z.sum() + after.value_added, after.x, rtol=1e-12)
    assert len(after.regions) == len(set(groups))


def test_a_concordance_can_be_a_file(tmp_path):
    lines = ["label,group", *(f"{label},{group}" for label, group in SECTORS.items())]
    (tmp_path / "sectors.csv").write_text("\n".join(lines) + "\n")
    by_file = aggregate(table(), sectors=tmp_path / "sectors.csv")
    by_mapping = aggregate(table(), sectors=SECTORS)
    pd.testing.assert_frame_equal(by_file.Z, by_mapping.Z)


def test_a_group_may_carry_the_name_of_a_member():
    after = aggregate(table(), regions={"R01": "R02", "R02": "R02"})
    assert after.regions == ("R00", "R02", "R03")


@pytest.mark.parametrize(
    ("regions", "message"),
    [
        ({"R1": "South"}, r"region: found 'R1'; expected one of the known names; nearest: R0"),
        ({"R01": ["A", "B"]}, r"regions: R01: found \['A', 'B'\]; expected the name of one group"),
        ({"R01": ""}, r"R01: found ''"),
        ({"R01": "R02"}, r"a group with the name of the label 'R02', left outside"),
        ({"R01": "R02", "R02": "R03", "R03": "R03"}, r"'R02', which belongs to 'R03'"),
    ],
)
def test_what_is_unknown_or_ambiguous_is_refused(regions, message):
    with pytest.raises(BadInput, match=message):
        aggregate(table(), regions=regions)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("label,group\nR01,South\nR01,North\n", r"r.csv:3: R01: found in 'South' and in 'North'"),
        ("label,group\nR01,South,2\n", r"r.csv:2: found 3 cells"),
        ("label,group\nR09,South\n", r"found 'R09'"),
    ],
)
def test_a_faulty_file_names_its_line(tmp_path, text, message):
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(BadInput, match=message):
        aggregate(table(), regions=tmp_path / "r.csv")
    with pytest.raises(BadInput, match="no such file"):
        aggregate(table(), regions=tmp_path / "none.csv")


@pytest.mark.filterwarnings("default")
def test_pymrio_aggregates_to_the_same():
    pymrio = pytest.importorskip("pymrio")
    theirs = pymrio.load_test()
    theirs.calc_all()
    regions = {name: "A" if name in ("reg1", "reg4") else "B" for name in theirs.get_regions()}
    sectors = {name: name[:1] for name in theirs.get_sectors()}
    x = theirs.x["indout"]
    mine = InputOutputTable(
        Z=theirs.Z,
        Y=theirs.Y,
        x=x,
        value_added=0 * x,
        taxes=0 * x,
        **dict.fromkeys(("name", "source", "edition", "year", "unit", "licence", "digest"), ""),
    )
    mine = aggregate(mine, regions=regions, sectors=sectors)
    theirs.aggregate(
        region_agg=pd.DataFrame(regions.items(), columns=["original", "aggregated"]),
        sector_agg=pd.DataFrame(sectors.items(), columns=["original", "aggregated"]),
    )
    found = mine.Z.loc[theirs.Z.index, theirs.Z.columns]
    np.testing.assert_allclose(found.to_numpy(), theirs.Z.to_numpy(), rtol=1e-12)
    final = mine.Y.loc[theirs.Y.index, theirs.Y.columns]
    np.testing.assert_allclose(final.to_numpy(), theirs.Y.to_numpy(), rtol=1e-12)
