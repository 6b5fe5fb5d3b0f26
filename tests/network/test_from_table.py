"""A network from an input-output table: its flows, its labels, what is closed and refused."""

import tracemalloc
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrows.evidence import ROW_GAP, TABLE_GAP, read_icio
from narrows.network import from_mrio
from narrows.terms import BadInput, UnknownName
from tables import balanced

UNITS = pd.MultiIndex.from_tuples(
    [("JPN", "chips"), ("JPN", "cars"), ("USA", "chips"), ("USA", "cars")]
)


def small():
    """Two places, two sectors; worked by hand."""
    z = pd.DataFrame(
        [[10, 30, 0, 10], [0, 0, 0, 0], [10, 10, 0, 20], [0, 0, 0, 20]], index=UNITS, columns=UNITS
    ).astype(float)
    y = pd.DataFrame(
        [[10, 5, 0], [60, 40, 0], [0, 0, 20], [10, 70, -5]],
        index=UNITS,
        columns=pd.MultiIndex.from_tuples([("JPN", "homes"), ("USA", "homes"), ("USA", "stocks")]),
    ).astype(float)
    return z, y, z.sum(axis=1) + y.sum(axis=1)


def yearly_orders(net):
    """What each unit is asked for in a year, from recipes, demand and sourcing."""
    base = np.concatenate([net.units.output, net.demand])
    needs = net.needs.recipe * base[net.needs.buyer]
    parts = [
        sourcing.orders(needs[mine])
        for sourcing, mine in zip(net.sourcing, net.need_slices, strict=True)
    ]
    return 365 * np.concatenate(parts)


def flows(net):
    """Every yearly flow of the network: unit x buyer."""
    base = np.concatenate([net.units.output, net.demand])
    needs = net.needs.recipe * base[net.needs.buyer]
    cells = [
        sourcing.shares * needs[mine]
        for sourcing, mine in zip(net.sourcing, net.need_slices, strict=True)
    ]
    return 365 * np.vstack(cells)


def test_the_network_of_a_small_table_is_what_one_gets_by_hand():
    net = from_mrio(*small(), unit="million USD")
    assert net.items == ("cars", "chips")
    assert net.labels.tolist() == ["JPN/cars", "USA/cars", "JPN/chips", "USA/chips"]
    assert net.market_names.tolist() == [
        "JPN/homes",
        "USA/homes",
        "USA/stocks",
        "USA/stocks (negative)",
    ]
    np.testing.assert_allclose(365 * net.units.output, [100, 95, 65, 60])
    np.testing.assert_allclose(365 * net.demand, [80, 115, 20, -5])
    needs = net.needs_frame().set_index(["buyer", "item"])["recipe"]
    assert needs["JPN/cars", "chips"] == pytest.approx(40 / 100)
    assert needs["USA/cars", "cars"] == pytest.approx(20 / 95)
    assert needs["USA/chips", "cars"] == 0
    assert needs["JPN/homes", "chips"] == pytest.approx(10 / 80)
    np.testing.assert_allclose(net.sourcing[1].shares[:, 0], [30 / 40, 10 / 40])
    assert net.weight_unit == "million USD a day"
    assert net.places == ("JPN", "USA")
    assert net.check() == {}


def test_negative_final_use_is_kept_and_listed():
    net = from_mrio(*small())
    listed = net.report.negative_final_use
    assert listed.to_dict("records") == [
        {"unit": "USA/cars", "market": "USA/stocks (negative)", "value": -5.0}
    ]
    assert min(each.shares.min() for each in net.sourcing) >= 0
    assert "1 negative cells of final use kept (-5)" in str(net.report)


def test_final_use_by_region_adds_the_categories_first():
    net = from_mrio(*small(), final="region")
    assert net.market_names.tolist() == ["JPN/final", "USA/final"]
    np.testing.assert_allclose(365 * net.demand, [80, 130])
    np.testing.assert_allclose(yearly_orders(net), [100, 95, 65, 60])
    with pytest.raises(UnknownName, match="category"):
        from_mrio(*small(), final="categories")


def test_any_order_of_the_table_gives_the_same_network():
    z, y, x = small()
    random = np.random.default_rng(3)
    mixed = [random.permutation(4) for _ in range(4)]
    other = from_mrio(z.iloc[mixed[0], mixed[1]], y.iloc[mixed[2], [2, 0, 1]], x.iloc[mixed[3]])
    net = from_mrio(z, y, x)
    assert (other.labels == net.labels).all()
    for name in ("output", "item", "place"):
        assert (getattr(other.units, name) == getattr(net.units, name)).all()
    assert (other.needs.recipe == net.needs.recipe).all()
    assert (other.demand == net.demand).all()
    for mine, theirs in zip(net.sourcing, other.sourcing, strict=True):
        assert (mine.shares == theirs.shares).all()


def test_an_object_with_z_y_and_x_is_enough_and_x_may_be_missing():
    z, y, x = small()
    whole = from_mrio(SimpleNamespace(Z=z, Y=y, x=x.to_frame("indout"), unit="kEUR"))
    without = from_mrio(SimpleNamespace(Z=z, Y=y, x=None))
    assert whole.weight_unit == "kEUR a day"
    assert without.weight_unit == "units of the table a day"
    np.testing.assert_array_equal(whole.units.output, without.units.output)
    assert whole.report.closed.empty


def test_a_single_column_of_final_use_is_one_market():
    z, y, x = small()
    net = from_mrio(z, y.sum(axis=1), x)
    assert net.market_names.tolist() == ["World/final"]
    flat = y.T.groupby(level=0).sum().T
    assert from_mrio(z, flat, x).market_names.tolist() == ["JPN/final", "USA/final"]


def test_nothing_that_is_given_is_changed():
    z, y, x = small()
    before = z.copy(), y.copy(), x.copy()
    from_mrio(z, y, x)
    for given_, kept in zip((z, y, x), before, strict=True):
        assert given_.equals(kept)


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 5))
def test_the_flows_of_the_network_are_those_of_the_table(seed, regions, sectors):
    random = np.random.default_rng(seed)
    size = regions * sectors
    index = pd.MultiIndex.from_product(
        [[f"r{n}" for n in range(regions)], [f"s{n}" for n in range(sectors)]]
    )
    uses = pd.MultiIndex.from_product([[f"r{n}" for n in range(regions)], ["a", "b"]])
    cells = random.lognormal(0, 3, (size, size)) * (random.random((size, size)) < 0.5)
    final = random.lognormal(0, 3, (size, 2 * regions)) * (random.random((size, 2 * regions)) < 0.7)
    final[:, 1] *= np.where(random.random(size) < 0.3, -0.1, 1)
    final[:, 0] += np.maximum(0, -(cells.sum(1) + final.sum(1))) + 1
    z, y = pd.DataFrame(cells, index, index), pd.DataFrame(final, index, uses)
    net = from_mrio(z, y, z.sum(axis=1) + y.sum(axis=1))
    assert net.check() == {}
    by_unit = [tuple(label.split("/")) for label in net.labels]
    found = flows(net)
    tolerance = 1e-12 * max(cells.sum(), final.sum())
    np.testing.assert_allclose(
        found[:, :size], z.loc[by_unit, by_unit].to_numpy(), rtol=1e-12, atol=tolerance
    )
    np.testing.assert_allclose(
        found[:, size:].sum(axis=1), y.loc[by_unit].to_numpy().sum(1), atol=tolerance
    )
    assert (np.abs(yearly_orders(net) - 365 * net.units.output) <= tolerance).all()
    for sourcing in net.sourcing:
        sums = sourcing.shares.sum(axis=0)
        assert ((np.abs(sums - 1) < 1e-12) | (sums == 0)).all()
        assert (sourcing.shares >= 0).all()


# ------------------------------------------------------------------ zero rows and columns


def test_units_without_output_and_columns_without_inputs_work():
    z, y, x = small()
    z.loc[("JPN", "chips")] = 0.0
    z[("JPN", "chips")] = 0.0
    y.loc[("JPN", "chips")] = 0.0
    x = z.sum(axis=1) + y.sum(axis=1)
    net = from_mrio(z, y, x)
    assert net.report.no_output == ("JPN/chips",)
    assert np.isfinite(net.needs.recipe).all()
    recipe = net.needs_frame().set_index(["buyer", "item"])["recipe"]
    assert recipe["JPN/chips", "chips"] == recipe["USA/chips", "cars"] == 0
    assert net.check() == {}
    np.testing.assert_allclose(yearly_orders(net), 365 * net.units.output, rtol=1e-12)


def test_inputs_of_a_unit_without_output_are_left_out_where_small_and_refused_where_not():
    z, y, x = balanced(4, 4)
    unit = z.index[5]
    z.loc[unit], y.loc[unit] = 0.0, 0.0
    z[unit] *= 1e-6 / z[unit].sum()
    net = from_mrio(z, y, z.sum(axis=1) + y.sum(axis=1))
    assert net.report.changed[["unit", "what", "after"]].to_numpy().tolist() == [
        ["/".join(unit), "inputs", 0.0]
    ]
    assert net.check() == {}
    z.loc[z.index != unit, [unit]] += x.mean()
    with pytest.raises(BadInput, match=r"inputs of .*, no output") as caught:
        from_mrio(z, y, z.sum(axis=1) + y.sum(axis=1))
    assert caught.value.faults[0].field == "/".join(unit)


def test_a_row_below_zero_has_its_negative_final_use_raised():
    z, y, x = small()
    x = x * 1.0
    y.loc[("JPN", "cars")] = [0.05, 0.0, -0.1]
    x.loc[("JPN", "cars")] = 0.0
    z[("JPN", "cars")] = 0.0
    net = from_mrio(z, y, z.sum(axis=1) + y.sum(axis=1).clip(lower=0))
    changed = net.report.changed.iloc[0]
    assert (changed.unit, changed.what) == ("JPN/cars", "negative final use")
    assert (changed.before, changed.after) == pytest.approx((-0.1, -0.05))
    assert net.units.output.min() == 0
    assert net.check() == {}


def test_units_whose_inputs_cost_more_than_their_output_are_listed():
    z, y, _ = small()
    z.loc[("USA", "cars"), ("USA", "chips")] = 80.0
    net = from_mrio(z, y, None)
    assert net.report.inputs_above_output.to_numpy().tolist() == [["USA/chips", 80.0, 60.0]]
    assert "USA/chips" in str(net.report)


# ------------------------------------------------------------------ gaps


def test_a_small_gap_is_closed_and_listed():
    z, y, x = balanced(5, 6)
    unit = x.idxmax()
    x = x.copy()
    x[unit] *= 1 + 0.8 * TABLE_GAP
    net = from_mrio(z, y, x)
    listed = net.report.closed
    assert listed["unit"].tolist() == ["/".join(unit)]
    assert listed["part"][0] == pytest.approx(net.report.largest_gap)
    output = 365 * net.units.output[net.unit("/".join(unit))]
    assert output == pytest.approx(z.loc[unit].sum() + y.loc[unit].sum(), rel=1e-12)
    assert net.check() == {}


def test_a_large_gap_is_refused_with_the_worst_rows_first():
    z, y, x = balanced(5, 6)
    x = x.copy()
    worst, bad = x.index[[3, 7]]
    x[worst] += x.mean()
    x[bad] += 0.02 * max(x[bad], x.mean())
    with pytest.raises(BadInput) as caught:
        from_mrio(z, y, x)
    faults = caught.value.faults
    assert [fault.field for fault in faults[:2]] == ["/".join(worst), "/".join(bad)]
    assert "% apart" in faults[0].found
    assert "0.5 %" in faults[0].expected


def test_many_small_gaps_are_refused_together():
    z, y, x = balanced(5, 6)
    with pytest.raises(BadInput, match=r"gaps of 0\.299 % of world output in all") as caught:
        from_mrio(z, y, x * 1.003)
    assert len(caught.value.faults) == 1


# ------------------------------------------------------------------ what is refused


def altered(change):
    z, y, x = small()
    return change(z, y, x) or (z, y, x)


def set_cell(which, value):
    def change(z, y, x):
        {"z": z, "y": y}[which].iloc[1, 2] = value

    return change


def set_x(value):
    def change(z, y, x):
        x.iloc[2] = value

    return change


REFUSED = {
    "a negative flow": (set_cell("z", -1.0), r"Z: JPN/cars to USA/chips: found -1;"),
    "a flow that is no number": (set_cell("z", np.nan), r"Z: JPN/cars to USA/chips: found nan;"),
    "an infinite flow": (set_cell("z", np.inf), r"JPN/cars to USA/chips: found inf;"),
    "final use that is no number": (set_cell("y", np.nan), r"Y: JPN/cars to USA/stocks"),
    "infinite final use": (set_cell("y", -np.inf), r"Y: .*-inf; expected a finite number$"),
    "negative output": (set_x(-3.0), r"x: USA/chips to output: found -3"),
    "output that is no number": (set_x(np.nan), r"x: USA/chips"),
    "a row twice": (
        lambda z, y, x: (pd.concat([z, z.iloc[:1]]), y, x),
        r"Z rows: labels: found 'JPN/chips' more than once",
    ),
    "a market twice": (
        lambda z, y, x: (z, pd.concat([y, y.iloc[:, :1]], axis=1), x),
        r"Y columns: labels: found .*homes.* more than once",
    ),
    "a column missing": (
        lambda z, y, x: (z.iloc[:, 1:], y, x),
        r"Z columns: labels: found no 'JPN/chips'",
    ),
    "final use of an unknown unit": (
        lambda z, y, x: (z, y.rename(index={"chips": "chip"}, level=1), x),
        r"Y rows: labels: found 'JPN/chip'; expected .*\(nearest: JPN/chips\)",
    ),
    "output of other units": (
        lambda z, y, x: (z, y, x.iloc[:3]),
        r"x: labels: found no 'USA/cars'",
    ),
    "one level of labels": (
        lambda z, y, x: (z.droplevel(0), y, x),
        r"Z rows: labels: found 1 level\(s\) of labels",
    ),
    "a missing label": (
        lambda z, y, x: (z.rename(index={"cars": np.nan}, level=1), y, x),
        r"no label at position",
    ),
    "text": (lambda z, y, x: (z.astype(object).replace(30, "a lot"), y, x), r"Z: found cells"),
    "no flow": (lambda z, y, x: (z * 0, y * 0, x * 0), r"no flow at all"),
    "two columns of output": (
        lambda z, y, x: (z, y, pd.concat([x, x], axis=1)),
        r"x: found 2 columns; expected one",
    ),
    "output without labels": (lambda z, y, x: (z, y, x.to_numpy()), r"x: found ndarray"),
    "no final use": (lambda z, y, x: (z, None, x), r"found DataFrame and NoneType"),
    "no table": (lambda z, y, x: (3, y, x), r"found int and DataFrame"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_and_named(case):
    change, message = REFUSED[case]
    with pytest.raises(BadInput, match=message):
        from_mrio(*altered(change))


def test_all_bad_rows_are_told_at_once_and_counted():
    z, y, x = balanced(4, 5)
    z.iloc[:12, 3] = -np.arange(1.0, 13.0)
    with pytest.raises(BadInput) as caught:
        from_mrio(z, y, x)
    assert caught.value.faults[0].found == "-12"
    assert "4 more rows" in str(caught.value)


# ------------------------------------------------------------------ other tables, size


@pytest.mark.filterwarnings("default")
def test_pymrios_test_table_is_read_as_it_is():
    pymrio = pytest.importorskip("pymrio")
    table = pymrio.load_test()
    net = from_mrio(table)
    assert net.labels[0] == "reg1/construction"
    assert len(net.labels) == 48
    assert net.check() == {}
    assert net.weight_unit == "Mill USD a day"
    table.calc_all()
    calculated = from_mrio(table)
    np.testing.assert_allclose(calculated.units.output, net.units.output, rtol=1e-14)
    again = from_mrio(table.Z, table.Y, table.x)
    np.testing.assert_array_equal(calculated.units.output, again.units.output)
    output = pd.Series(365 * net.units.output, net.labels)
    for (region, sector), value in table.x["indout"].items():
        assert output[f"{region}/{sector}"] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("year", range(1995, 2012))
def test_every_year_of_wiod_is_closed_well_within_the_limits(shared_data, year):
    pytest.importorskip("pyarrow")
    path = shared_data / "mrio" / "wiod2013" / f"wiot_{year}.parquet"
    if not path.is_file():
        pytest.skip(f"needs {path}")
    table = read_icio(path)
    net = from_mrio(table)
    assert net.check() == {}
    np.testing.assert_allclose(yearly_orders(net), 365 * net.units.output, rtol=1e-12, atol=1e-9)
    assert net.report.largest_gap < 0.6 * ROW_GAP
    assert net.report.total_gap < 0.5 * TABLE_GAP
    assert 17 < len(net.report.no_output) < 23
    assert len(net.report.changed) <= 2
    final = table.Y.to_numpy(dtype=float).sum()
    raised = (net.report.changed["after"] - net.report.changed["before"])[
        net.report.changed["what"] == "negative final use"
    ].sum()
    assert 365 * net.demand.sum() == pytest.approx(final + raised, rel=1e-12)


def test_memory_stays_near_that_of_the_sourcing():
    z, y, x = balanced(20, 50, missing=0.0)
    from_mrio(z, y, x)
    tracemalloc.start()
    net = from_mrio(z, y, x)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    needed = sum(each.shares.nbytes for each in net.sourcing)
    assert needed == 8 * 1000 * 1020
    assert peak < 1.6 * needed
