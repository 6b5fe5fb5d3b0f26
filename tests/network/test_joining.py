"""A chain inside a table: what is carved out, what it adds back to, what stops without it."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import narrows as nw
import tiny
from narrows.evidence import load, read_icio
from narrows.network import (
    JoinReport,
    from_case,
    from_mrio,
    joined,
    table_of,
    value_added,
)
from narrows.network.joining_fit import fitted, value_added_of, within
from narrows.network.joining_settings import read_joins
from narrows.terms import BadInput, UnknownName
from tables import balanced

JOINS = """\
items: [chip, memory]
why: The two chips.
sales:
  subject: chip
  measure: market_size
  unit: USD billion
  years:
    "2022": {low: 8, best: 10, high: 12, why: made up}
parts:
  "2022":
    why: made up
    chip: {low: 50, best: 60, high: 70}
    memory: {low: 30, best: 40, high: 50}
value_added: {low: 40, best: 50, high: 60, why: made up}
most: {low: 80, best: 90, high: 95, why: made up}
rest_of_world: [ROW]
tables:
  - name: small tables
    parent: [s01]
    why: Chips are counted there.
    uses:
      - {end_use: phone, sector: [s01], bought: {low: 100, best: 100, high: 100}, output: {low: 10, best: 20, high: 30}, why: made up}
      - {end_use: car, sector: [s02], bought: {low: 60, best: 70, high: 80}, output: {low: 40, best: 50, high: 60}, why: made up}
      - {end_use: car, sector: [s03], bought: {low: 20, best: 30, high: 40}, output: {low: 5, best: 10, high: 20}, why: made up}
"""  # noqa: E501 - a table
PLACES = ["TWN", "KOR", "JPN", "CHN", "ROW"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The tiny case with its settings of joining."""
    path = tiny.write(tmp_path_factory.mktemp("case") / "tiny")
    (path / "joins.yaml").write_text(JOINS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def case(folder):
    return load(folder)


@pytest.fixture(scope="module")
def loaded(case):
    """The case behind a call: hypothesis would else print all of it for each example."""
    return lambda: case


def table(seed=0, *, regions=PLACES, missing=0.15, unit="billion USD", negative=False):
    """A random balanced table with places as regions."""
    z, y, _ = balanced(len(regions), 4, seed, missing=missing)
    names = {f"R{number:02d}": name for number, name in enumerate(regions)}
    for frame in (z, y):
        frame.index = frame.index.map(lambda pair: (names[pair[0]], pair[1]))
        frame.columns = frame.columns.map(lambda pair: (names[pair[0]], pair[1]))
    if negative:
        sold = z.sum(axis=1)
        y = pd.concat([y, pd.DataFrame({(regions[0], "stocks"): -0.1 * sold})], axis=1)
    return from_mrio(z, y, z.sum(axis=1) + y.sum(axis=1), unit=unit)


def aligned(net, like):
    """The table of a network in the order of another."""
    (z, y), (z0, y0) = table_of(net), table_of(like)
    return (
        z.reindex(index=z0.index, columns=z0.columns),
        y.reindex(index=y0.index, columns=y0.columns),
        z0,
        y0,
    )


def check_adds_back(net, plain):
    z, y, z0, y0 = aligned(net, plain)
    np.testing.assert_allclose(z, z0, rtol=1e-12, atol=1e-12 * z0.to_numpy().max())
    np.testing.assert_allclose(y, y0, rtol=1e-12, atol=1e-12 * np.abs(y0.to_numpy()).max())
    small_z, small_y = table_of(net, whole=False)
    assert small_z.to_numpy().min() >= 0
    assert small_y.to_numpy().min() == pytest.approx(min(y0.to_numpy().min(), 0), rel=1e-12)
    assert net.check() == {}
    before, after = value_added(plain), value_added(net)
    total = before.groupby("place")["value_added"].sum()
    np.testing.assert_allclose(after.groupby("place")["value_added"].sum(), total, rtol=1e-9)
    if before["value_added"].min() >= 0:
        assert after["value_added"].min() >= -1e-9 * after["output"].max()


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000),
    sales=st.floats(0.01, 3000),
    missing=st.sampled_from([0.0, 0.3, 0.8]),
    sourcing=st.sampled_from(["table", "pooled"]),
    negative=st.booleans(),
)
def test_added_back_the_table_is_the_one_it_was(loaded, seed, sales, missing, sourcing, negative):
    plain = table(seed, missing=missing, negative=negative)
    net = joined(loaded(), plain, sales=sales, sourcing=sourcing)
    check_adds_back(net, plain)
    carved = net.report.carved
    assert (carved["placed"] <= carved["wanted"] * (1 + 1e-9)).all()
    # the sums of what is told are those of what is in the network
    units = net.frame().groupby("item")["output"].sum() * 365
    for row in carved.itertuples():
        assert units.get(row.item, 0.0) == pytest.approx(row.placed, rel=1e-9, abs=1e-9)
    sides = [net.report.supply, net.report.uses]
    for side in sides:
        by_item = side.groupby("item")["placed"].sum()
        assert by_item["chip"] == pytest.approx(carved["placed"][0], rel=1e-9, abs=1e-12)


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000), sales=st.sampled_from([1.0, 100.0]))
def test_nothing_moves_without_a_shock(loaded, seed, sales):
    net = joined(loaded(), table(seed), sales=sales)
    run = nw.simulate.run(net, nw.simulate.Scenario(name="calm", days=60))
    made = run.to_dataset()["production"].to_numpy()
    np.testing.assert_allclose(made, np.broadcast_to(made[0], made.shape), rtol=1e-9)


def test_small_sales_are_placed_whole_by_the_shares_of_the_chain(case):
    net = joined(case, table(3, missing=0.0), sales=1e-3)
    report = net.report
    assert isinstance(report, JoinReport)
    assert report.carved["placed"].tolist() == pytest.approx([6e-4, 4e-4], rel=1e-9)
    placed = report.supply.set_index(["item", "region"])["placed"]
    assert placed["chip", "TWN"] == pytest.approx(6e-4 * 0.69, rel=1e-9)
    assert placed["memory", "JPN"] == pytest.approx(4e-4 * 0.20, rel=1e-9)
    bought = report.uses.groupby(["item", "sector"])["placed"].sum()
    # phones take 0.7 of the chips, cars the rest, 70 and 30 percent of it in two sectors
    assert bought["chip", "s01"] == pytest.approx(6e-4 * 0.7, rel=1e-9)
    assert bought["chip", "s02"] == pytest.approx(6e-4 * 0.3 * 0.7, rel=1e-9)
    assert report.moved().empty
    added = value_added(net).set_index("unit")
    assert added.loc["TWN/chip", "part"] == pytest.approx(0.5, rel=1e-9)


def test_only_the_carved_items_stop_those_who_need_them(case):
    net = joined(case, table(3, missing=0.0), sales=1.0)
    needs = net.needs_frame()
    binding = needs[needs["essential"]]
    assert set(binding["item"]) == {"chip", "memory"}
    sector = binding["buyer"].str.partition("/")[2]
    chip = binding[binding["item"] == "chip"].groupby(sector)
    # phones are 20 percent of s01 and 80 percent of them stop; cars 50 percent of s02, 10 stop
    assert chip["stops_fraction"].unique().to_dict() == {
        "s01": pytest.approx([0.16]),
        "s02": pytest.approx([0.05]),
        "s03": pytest.approx([0.01]),
    }
    assert chip["cover"].first().to_dict() == {"s01": 5.0, "s02": 40.0, "s03": 40.0}
    units = net.frame().set_index("unit")
    assert units.loc["KOR/chip", "headroom"] == pytest.approx(1.1)
    assert units.loc["KOR/s01", "headroom"] == 1.0


def test_a_stop_reaches_the_users_and_nobody_gains_output(case):
    net = joined(case, table(5, missing=0.0), sales=5.0)
    shock = nw.simulate.CapacityLoss(place="TWN", items=["chip"], start=2, days=60)
    scenario = nw.simulate.Scenario(
        name="stop", days=120, shocks=[shock], rules=nw.simulate.Rules(sourcing="fixed", headroom=1)
    )
    run = nw.simulate.run(net, scenario)
    made = run.to_dataset()["production"]
    left = (made / made[0]).where(made[0] > 0, 1.0)
    phones = left.sel(unit=[name for name in net.labels.tolist() if name.endswith("/s01")])
    lowest = phones.min("day").to_numpy()
    assert lowest.max() < 0.999  # every maker of phones buys some chips from Taiwan
    assert lowest.min() > 1 - 0.16 - 0.05  # no more stops than the phones, and what they buy
    assert float(left.max()) < 1 + 1e-6
    plain = dataclasses.replace(
        net, needs=dataclasses.replace(net.needs, essential=np.zeros_like(net.needs.essential))
    )
    unbound = nw.simulate.run(plain, scenario).to_dataset()["production"]
    assert float(unbound.sel(unit="KOR/s01")[-1] / unbound.sel(unit="KOR/s01")[0]) > 0.99


def test_the_more_of_a_sector_is_an_end_use_the_more_is_lost(case):
    shock = nw.simulate.CapacityLoss(place="TWN", items=["chip", "memory"], start=2, days=60)
    lost = []
    for end in ("low", "best", "high"):
        net = joined(case, table(5, missing=0.0), sales=5.0, at={"output": end})
        scenario = nw.simulate.Scenario(name="stop", days=90, shocks=[shock])
        lost.append(nw.simulate.run(net, scenario).losses("item")["lost"].sum())
    assert lost == sorted(lost)
    assert lost[0] < lost[2]


def test_places_that_the_table_does_not_name_go_to_the_rest_of_the_world(case):
    net = joined(case, table(1, regions=["TWN", "JPN", "ROW"]), sales=0.01)
    places = net.report.places
    assert set(places[places["item"] == "memory"]["place"]) == {"KOR", "CHN"}
    assert set(places["region"]) == {"ROW"}
    with pytest.raises(UnknownName, match="KOR"):
        joined(case, table(1, regions=["TWN", "JPN", "USA"]), sales=0.01)


def test_the_order_of_the_table_and_its_money_change_nothing(case):
    plain = table(4)
    z, y = table_of(plain)
    mixed = np.random.default_rng(0).permutation(len(z))
    other = from_mrio(
        z.iloc[mixed, mixed[::-1]] * 1e3, y.iloc[mixed[::-1]] * 1e3, unit="million USD"
    )
    one, two = joined(case, plain, sales=20.0), joined(case, other, sales=20.0)
    left, right = one.frame().set_index("unit"), two.frame().set_index("unit")
    np.testing.assert_allclose(right["output"].reindex(left.index) / 1e3, left["output"], rtol=1e-8)


def test_what_cannot_be_joined_is_refused(case, folder):
    plain = table(0)
    with pytest.raises(BadInput, match="no unit"):
        joined(case, table(0, unit=""), sales=1.0)
    with pytest.raises(BadInput, match="without a year"):
        joined(case, plain)
    with pytest.raises(BadInput, match="joined already"):
        joined(case, joined(case, plain, sales=1.0), sales=1.0)
    with pytest.raises(BadInput, match="a network from a case"):
        joined(plain, plain, sales=1.0)
    with pytest.raises(BadInput, match="from a table"):
        table_of(from_case(case))
    with pytest.raises(UnknownName, match="output"):
        joined(case, plain, sales=1.0, at={"outputs": "low"})
    with pytest.raises(UnknownName, match="best"):
        joined(case, plain, sales=1.0, at={"output": "beste"})
    with pytest.raises(UnknownName, match="pooled"):
        joined(case, plain, sales=1.0, sourcing="poled")
    with pytest.raises(BadInput, match="above 0"):
        joined(case, plain, sales=-1.0)
    other = from_mrio(*balanced(2, 2, 0), unit="USD")
    with pytest.raises(BadInput, match="small tables"):
        joined(case, other, sales=1.0)
    with pytest.raises(UnknownName, match=r"joins\.yaml"):
        joined(case, plain, joins=folder / "join.yaml", sales=1.0)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("items: [chip, memory]", "items: [chip, gas]", "the key 'memory'"),
        ("end_use: phone", "end_use: fone", "phone"),
        ("bought: {low: 60, best: 70, high: 80}", "bought: {low: 60, best: 60, high: 80}", "90 p"),
        ("low: 10, best: 20", "low: 21, best: 20", r"joins.yaml:22: tables\[0\].uses\[0\].output"),
        ("low: 10, best: 20", "low: ten, best: 20", "'ten'"),
        ("why: made up}\nmost", "y: made up}\nmost", "nearest: why"),
        ("unit: USD billion", "unit: EUR", "EUR"),
        ("parts:", "part:", "nearest: parts"),
        ("sector: [s02]", "sector: s02", "a list of names"),
        ("    memory: {low: 30, best: 40, high: 50}\n", "", "no part of memory"),
        ("items: [chip", "items: [chip", ""),
    ],
)
def test_a_faulty_file_is_told_with_line_field_and_what_is_allowed(case, tmp_path, old, new, told):
    assert JOINS.count(old) == 1
    path = tmp_path / "joins.yaml"
    path.write_text(JOINS.replace(old, new), encoding="utf-8")
    if not told:
        assert joined(case, table(0), joins=path, sales=1.0).report.parent == "s01"
        return
    with pytest.raises(BadInput, match=told):
        joined(case, table(0), joins=path, sales=1.0)


def test_an_item_and_what_is_made_from_it_cannot_both_be_carved_out(case, tmp_path):
    path = tmp_path / "joins.yaml"
    text = JOINS.replace("[chip, memory]", "[chip, gas]").replace("    memory:", "    gas:")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="gas, and chip that is made from it"):
        joined(case, table(0), joins=path, sales=1.0)


def test_what_lies_between_an_item_and_its_end_uses_is_looked_through(case, tmp_path):
    path = tmp_path / "joins.yaml"
    text = JOINS.replace("[chip, memory]", "[gas]").replace("    memory: {", "    gas: {")
    text = text.replace("    chip: {low: 50, best: 60, high: 70}\n", "")
    path.write_text(text, encoding="utf-8")
    net = joined(case, table(3, missing=0.0), joins=path, sales=1e-3)
    bought = net.report.uses.groupby("sector")["placed"].sum() / net.report.carved["placed"][0]
    # 0.6 of the gas goes to chips, of them 0.7 to phones; 0.4 to memory, all of it to phones
    assert bought["s01"] == pytest.approx(0.6 * 0.7 + 0.4, rel=1e-9)
    needs = net.needs_frame()
    mine = needs[needs["essential"] & needs["buyer"].str.endswith("/s01")]
    assert mine["stops_fraction"].unique() == pytest.approx([0.2])  # memory stops every phone
    assert mine["cover"].unique() == pytest.approx([30 + 5])  # the way that carries most


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), tight=st.floats(0.3, 3.0))
def test_fitted_flows_stay_within_room_and_margins(seed, tight):
    random = np.random.default_rng(seed)
    prior = random.gamma(0.5, 1.0, (5, 7)) * (random.random((5, 7)) > 0.2)
    supply, use = random.gamma(1.0, 1.0, (2, 5)), random.gamma(1.0, 1.0, (2, 7))
    use *= (supply.sum(axis=1) / use.sum(axis=1))[:, None]
    room = prior / max(prior.sum(), 1e-9) * supply.sum() * tight
    flows = fitted(prior, supply, use, room)
    assert (flows >= 0).all()
    assert (flows.sum(axis=0) <= room * (1 + 1e-9)).all()
    assert (flows.sum(axis=2) <= supply * (1 + 1e-9)).all()
    assert (flows.sum(axis=1) <= use * (1 + 1e-9)).all()


def test_fitted_flows_are_the_biproportional_ones_where_there_is_room():
    random = np.random.default_rng(1)
    prior = random.gamma(1.0, 1.0, (4, 6))
    supply, use = random.random((1, 4)), random.random((1, 6))
    use *= supply.sum() / use.sum()
    flows = fitted(prior, supply, use, np.full((4, 6), 1e3))[0]
    np.testing.assert_allclose(flows.sum(axis=1), supply[0], rtol=1e-9)
    np.testing.assert_allclose(flows.sum(axis=0), use[0], rtol=1e-9)
    odds = flows / prior  # a_r b_b: all double ratios of the prior stay
    np.testing.assert_allclose(odds[0, 0] * odds[1:, 1:], odds[1:, :1] * odds[:1, 1:], rtol=1e-8)


def test_what_does_not_fit_moves_to_those_with_room_or_stays_out():
    moved = within(np.array([[6.0, 2.0, 2.0], [1.0, 0.0, 1.0]]), np.array([3.5, 9.0, 9.0]))
    assert moved.sum(axis=1) == pytest.approx([10, 2])
    assert moved[:, 0].sum() == pytest.approx(3.5)
    assert moved[1, 1] == 0.0
    full = within(np.array([[6.0, 2.0]]), np.array([1.0, 3.0]))
    assert full[0] == pytest.approx([1.0, 3.0])


@given(
    output=st.floats(0, 10), inputs=st.floats(0, 10), added=st.floats(-5, 10), part=st.floats(0, 1)
)
def test_value_added_carved_out_leaves_some_of_the_column(output, inputs, added, part):
    most = 0.9
    fits = output <= most * (inputs + max(added, 0.0))
    got = float(value_added_of(*(np.array([each]) for each in (output,)), part,
                               np.array([inputs]), np.array([added]), most)[0])  # fmt: skip
    if fits:
        assert -1e-9 <= got <= most * max(added, 0.0) + 1e-9
        assert output - got <= most * inputs + 1e-9


def test_the_settings_of_the_bundled_case_hold():
    bundled = load("semiconductors")
    found = read_joins(bundled.package.folder / "joins.yaml")
    chain = from_case(bundled)
    assert {*found.items} <= {*chain.items}
    ends = {chain.items[number] for number in chain.markets}
    for kind in found.tables:
        assert {use.end_use for use in kind.uses} == ends
    for parts in found.parts.values():
        assert sum(part.best for part in parts.values()) == pytest.approx(100, abs=0.5)


@pytest.fixture(scope="module")
def wiod(shared_data):
    pytest.importorskip("pyarrow")
    path = shared_data / "mrio" / "wiod2013" / "wiot_2011.parquet"
    if not path.is_file():
        pytest.skip(f"needs {path}")
    return from_mrio(read_icio(path))


def test_chips_come_out_of_the_electronics_of_wiod_2011(wiod):
    net = joined(load("semiconductors"), wiod)
    check_adds_back(net, wiod)
    assert net.report.join == "WIOD 2013"
    assert net.report.carved["placed"].sum() == pytest.approx(300_000, rel=2e-3)
    supply = net.report.supply.groupby("region")[["wanted", "placed"]].sum()
    assert abs(supply["placed"] / supply["wanted"] - 1)["TWN"] < 0.01
    lost = net.report.moved()
    assert (lost["part"].abs() < 0.02).all()


@pytest.mark.slow
def test_taiwans_logic_fabs_stopped_reach_cars_machines_and_services(wiod):
    net = joined(load("semiconductors"), wiod)
    shock = nw.simulate.CapacityLoss(place="TWN", items=["logic-*"], start=5, days=180)
    rules = nw.simulate.Rules(sourcing="fixed")
    scenario = nw.simulate.Scenario(name="stop", days=365, shocks=[shock], rules=rules)
    run = nw.simulate.run(net, scenario)
    by_item = run.losses("item").set_index("item")
    part = by_item["lost"] / by_item["production"] / 365
    assert 0.02 < part["c14"] < 0.2  # electronics
    assert 0.02 < part["c15"] < 0.3  # vehicles
    assert 0.01 < part["c13"] < 0.2  # machines
    assert 0 < part["c30"] < part["c13"]  # services to business, by lost orders only
    added = value_added(net).set_index("unit")
    lost = run.losses("unit").set_index("unit")["lost"] * added["part"]
    places = lost.groupby(added["place"]).sum() / added.groupby("place")["value_added"].sum() / 365
    assert places.idxmax() == "TWN"
    # what final users went without and what was not made differ by what stocks lost meanwhile
    short = run.summary()["shortfall"].sum()
    assert lost.sum() == pytest.approx(short, rel=0.6)


@pytest.mark.parametrize(
    ("file", "sales"), [("icio2023ed_2020_77x11", None), ("icio2023ed_2019_20x20", None)]
)
def test_chips_come_out_of_the_groups_of_the_icio(shared_data, file, sales):
    pytest.importorskip("pyarrow")
    path = shared_data / "mrio" / "icio" / f"{file}.parquet"
    if not path.is_file():
        pytest.skip(f"needs {path}")
    plain = from_mrio(read_icio(path))
    net = joined(load("semiconductors"), plain, sales=sales)
    check_adds_back(net, plain)
    carved = net.report.carved
    assert carved["placed"].sum() == pytest.approx(carved["wanted"].sum(), rel=0.01)
    run = nw.simulate.run(net, nw.simulate.Scenario(name="calm", days=20))
    made = run.to_dataset()["production"].to_numpy()
    np.testing.assert_allclose(made, np.broadcast_to(made[0], made.shape), rtol=1e-9)
