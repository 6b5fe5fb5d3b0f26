"""The economic systemic risk index: a hand-checked chain, properties, and its plain twin."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrows.cli.app import run
from narrows.measure import firms_left, systemic_risk
from narrows.measure.kernels.cascade import Block, cascade
from narrows.measure.results import COLUMNS
from narrows.network import from_firms
from narrows.terms import BadInput, UnknownName
from oracles.systemic_risk import systemic_risk as twin

WORDS = ["essential", "non-essential", "irrelevant"]
FINE = 1e-6
few = settings(max_examples=30)


def made(seed, *, most=25, words=WORDS):
    """Give tables of a small random network of firms."""
    rng = np.random.default_rng(seed)
    size, sectors = int(rng.integers(2, most)), int(rng.integers(1, 6))
    count = int(rng.integers(1, 5 * size))
    ends = rng.integers(0, size, (count, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    ends = ends if len(ends) else np.array([[0, 1]])
    names = [f"s{number}" for number in range(sectors)]
    ids = np.array([f"f{number:03d}" for number in range(size)])
    links = pd.DataFrame({"supplier": ids[ends[:, 0]], "buyer": ids[ends[:, 1]]})
    links = links.drop_duplicates(ignore_index=True)
    links["value"] = rng.lognormal(0, 1.5, len(links))
    firms = pd.DataFrame({"id": ids, "sector": rng.choice(names, size)})
    matrix = pd.DataFrame(rng.choice(words, (sectors, sectors)), index=names, columns=names)
    return links, firms, matrix


def shocks_of(firms, seed, cases=3):
    """Give random shocks of about a quarter of the firms."""
    rng = np.random.default_rng(seed)
    shape = len(firms), cases
    part = np.where(rng.random(shape) < 0.25, rng.random(shape), 0.0)
    part[rng.integers(len(firms))] = 0.7
    return pd.DataFrame(part, index=firms["id"], columns=[f"case {at}" for at in range(cases)])


def twin_of(links, firms, matrix, shock, **how):
    """Run the plain twin on the same tables."""
    return twin(
        dict(zip(firms["id"], firms["sector"], strict=True)),
        {(row.supplier, row.buyer): row.value for row in links.itertuples()},
        {(a, b): matrix.loc[a, b] for a in matrix.index for b in matrix.columns},
        dict(shock),
        **how,
    )


CHAIN_LINKS = pd.DataFrame(
    [
        ("mine", "mill-a", 10.0),
        ("mine", "mill-b", 30.0),
        ("mill-a", "car", 20.0),
        ("mill-b", "car", 60.0),
        ("wheels", "car", 20.0),
        ("car", "shop", 100.0),
    ],
    columns=["supplier", "buyer", "value"],
)
CHAIN_FIRMS = pd.DataFrame(
    [
        ("mine", "ore"),
        ("mill-a", "steel"),
        ("mill-b", "steel"),
        ("wheels", "parts"),
        ("car", "cars"),
        ("shop", "trade"),
    ],
    columns=["id", "sector"],
)


def test_a_chain_followed_by_hand():
    # Sales 240: mine 40, mill-a 20, mill-b 60, wheels 20, car 100. Mill-b stops. Down: the car
    # maker has 20 of 80 steel, so it and the shop keep 1/4. Up: the mine keeps the 10 of 40 that
    # mill-a buys. So lost are mill-b 60, car 75, mine 30 of 240; nothing comes back up from the
    # car maker, whose lack of steel is none of customers.
    net = from_firms(CHAIN_LINKS, CHAIN_FIRMS, essential="essential")
    left = firms_left(net, pd.Series({"mill-b": 1.0}), replaceable=False).set_index("firm")
    assert left["left_down"].to_dict() == pytest.approx(
        {"mine": 1, "mill-a": 1, "mill-b": 0, "wheels": 1, "car": 0.25, "shop": 0.25}
    )
    assert left["left_up"].to_dict() == pytest.approx(
        {"mine": 0.25, "mill-a": 1, "mill-b": 0, "wheels": 1, "car": 1, "shop": 1}
    )
    found = systemic_risk(net, replaceable=False).set_index("shock").loc["mill-b"]
    assert found["direct"] == pytest.approx(60 / 240)
    assert found["esri"] == pytest.approx(165 / 240)
    assert found["esri_down"] == pytest.approx(135 / 240)
    assert found["esri_up"] == pytest.approx(90 / 240)
    assert found["steps"] == 4  # the shock, the car maker and the mine, the shop, nothing more


def test_a_supplier_counts_only_as_far_as_its_market_cannot_replace_it():
    # Mill-a sells 20 of the 80 of the market. Once it is gone 60 are left: 20/60 of its part of
    # the car maker's steel (1/4) is lost, 1/12.
    net = from_firms(CHAIN_LINKS, CHAIN_FIRMS, essential="essential")
    left = firms_left(net, pd.Series({"mill-a": 1.0})).set_index("firm")
    assert left.loc["car", "left_down"] == pytest.approx(1 - 1 / 12)


def test_non_essential_inputs_add_up_and_irrelevant_ones_do_not_count():
    firms = pd.DataFrame({"id": list("abcd"), "sector": list("stuv")})
    links = pd.DataFrame({"supplier": list("abc"), "buyer": list("ddd"), "value": [1.0, 2.0, 5.0]})
    words = [["non-essential"] * 4, ["non-essential"] * 4, ["irrelevant"] * 4, ["irrelevant"] * 4]
    net = from_firms(
        links, firms, essential=pd.DataFrame(words, index=list("stuv"), columns=list("stuv"))
    )
    shock = pd.Series({"a": 1.0, "b": 0.5, "c": 1.0})
    left = firms_left(net, shock, replaceable=False).set_index("firm")
    assert left.loc["d", "left_down"] == pytest.approx(1 - 1 / 8 - 0.5 * 2 / 8)


@pytest.mark.parametrize("replaceable", [True, False])
@pytest.mark.parametrize("eps", [1e-2, 1e-6])
@pytest.mark.parametrize(("seed", "most"), [(1, 12), (2, 40), (3, 80), (5, 201)])
def test_it_equals_the_plain_twin_firm_by_firm_and_step_by_step(seed, most, eps, replaceable):
    links, firms, matrix = made(seed, most=most)
    net = from_firms(links, firms, essential=matrix)
    shocks = shocks_of(firms, seed)
    found = systemic_risk(net, shocks, replaceable=replaceable, eps=eps).set_index("shock")
    for name in shocks:
        how = {"replaceable": replaceable, "eps": eps}
        down, up, index, steps = twin_of(links, firms, matrix, shocks[name], **how)
        assert found.loc[name, "esri"] == pytest.approx(index, abs=1e-12)
        assert found.loc[name, "steps"] == steps
        left = firms_left(net, shocks[name], **how).set_index("firm")
        assert left["left_down"].to_dict() == pytest.approx(down, abs=1e-12)
        assert left["left_up"].to_dict() == pytest.approx(up, abs=1e-12)


@given(seed=st.integers(0, 10_000), replaceable=st.booleans(), eps=st.sampled_from([1e-1, 1e-2]))
@few
def test_it_equals_the_plain_twin_whatever_the_network(seed, replaceable, eps):
    links, firms, matrix = made(seed, most=12)
    net = from_firms(links, firms, essential=matrix)
    found = systemic_risk(net, replaceable=replaceable, eps=eps).set_index("shock")
    for name in firms["id"]:
        how = {"replaceable": replaceable, "eps": eps}
        _, _, index, steps = twin_of(links, firms, matrix, {name: 1.0}, **how)
        assert found.loc[name, "esri"] == pytest.approx(index, abs=1e-12)
        assert found.loc[name, "steps"] == steps


@given(
    seed=st.integers(0, 10_000),
    replaceable=st.booleans(),
    base=st.sampled_from(["sales", "output"]),
)
def test_every_index_lies_between_what_fails_itself_and_all(seed, replaceable, base):
    links, firms, matrix = made(seed)
    found = systemic_risk(
        from_firms(links, firms, essential=matrix), replaceable=replaceable, base=base
    )
    assert (found["esri"] <= 1 + 1e-12).all()
    assert (found["esri"] >= found[["esri_down", "esri_up"]].max(axis=1) - 1e-12).all()
    assert (found[["esri_down", "esri_up"]].min(axis=1) >= found["direct"] - 1e-12).all()
    assert found["direct"].sum() == pytest.approx(1)


@given(seed=st.integers(0, 10_000), replaceable=st.booleans())
@few
def test_a_greater_shock_never_loses_less(seed, replaceable):
    links, firms, matrix = made(seed)
    sales = links.groupby("supplier")["value"].sum().reindex(firms["id"]).to_numpy()
    firms["revenue"] = 1.5 * sales  # a part goes to final use, so that losses settle
    net = from_firms(links, firms, essential=matrix)
    less = shocks_of(firms, seed)
    more = np.minimum(less + shocks_of(firms, seed + 1).abs() * 0.5, 1.0)
    how = {"replaceable": replaceable, "base": "output", "eps": 1e-9}
    a, b = (systemic_risk(net, shocks, **how)["esri"] for shocks in (less, more))
    assert (b >= a - 1e-5).all()


@given(seed=st.integers(0, 10_000), replaceable=st.booleans(), factor=st.sampled_from([0.1, 1e6]))
@few
def test_the_unit_of_values_does_not_matter(seed, replaceable, factor):
    links, firms, matrix = made(seed)
    how = {"replaceable": replaceable, "eps": FINE}
    a = systemic_risk(from_firms(links, firms, essential=matrix), **how)
    scaled = links.assign(value=links["value"] * factor)
    b = systemic_risk(from_firms(scaled, firms, essential=matrix), **how)
    assert a["esri"].to_numpy() == pytest.approx(b["esri"].to_numpy(), abs=1e-5)


@given(seed=st.integers(0, 10_000), replaceable=st.booleans())
@few
def test_other_names_and_another_order_change_nothing(seed, replaceable):
    links, firms, matrix = made(seed)
    rng = np.random.default_rng(seed)
    new = dict(zip(firms["id"], rng.permutation(firms["id"]) + "x", strict=True))
    sectors = dict(zip(matrix.index, rng.permutation(matrix.index) + "y", strict=True))
    again = from_firms(
        links.assign(supplier=links["supplier"].map(new), buyer=links["buyer"].map(new)).iloc[::-1],
        firms.assign(id=firms["id"].map(new), sector=firms["sector"].map(sectors)).iloc[::-1],
        essential=matrix.rename(index=sectors, columns=sectors),
    )
    how = {"replaceable": replaceable, "eps": FINE}
    a = systemic_risk(from_firms(links, firms, essential=matrix), **how).set_index("shock")["esri"]
    b = systemic_risk(again, **how).set_index("shock")["esri"]
    assert b[a.index.map(new)].to_numpy() == pytest.approx(a.to_numpy(), abs=1e-5)


@given(seed=st.integers(0, 10_000))
@few
def test_a_firm_split_into_two_equal_halves_changes_nothing_where_nobody_is_replaced(seed):
    links, firms, matrix = made(seed)
    name = firms["id"][0]
    halves = []
    for half in (name + "-1", name + "-2"):
        part = links.replace({"supplier": {name: half}, "buyer": {name: half}})
        own = (links["supplier"] == name) | (links["buyer"] == name)
        halves.append(part.assign(value=part["value"].where(~own, part["value"] / 2))[own])
    rest = links[(links["supplier"] != name) & (links["buyer"] != name)]
    double = pd.concat([firms.iloc[[0, 0]], firms.iloc[1:]], ignore_index=True)
    double["id"] = [name + "-1", name + "-2", *firms["id"][1:]]
    split = from_firms(pd.concat([rest, *halves]), double, essential=matrix)
    shock = shocks_of(firms, seed, cases=1)["case 0"]
    doubled = pd.concat(
        [pd.Series({name + "-1": shock[name], name + "-2": shock[name]}), shock[1:]]
    )
    how = {"replaceable": False, "eps": FINE}
    whole = systemic_risk(from_firms(links, firms, essential=matrix), shock, **how)
    parts = systemic_risk(split, doubled.rename("case 0"), **how)
    assert parts["esri"][0] == pytest.approx(whole["esri"][0], abs=1e-5)


@given(seed=st.integers(0, 10_000))
@few
def test_with_all_inputs_essential_the_downstream_half_is_the_cascade_of_contingency(seed):
    links, firms, _ = made(seed)
    net = from_firms(links, firms, essential="essential")
    shock = shocks_of(firms, seed, cases=1)["case 0"]
    left = firms_left(net, shock, replaceable=False, eps=1e-13).set_index("firm")["left_down"]
    size = len(net.units.item)
    blocks = []
    for item, needs in enumerate(net.need_slices):
        inner = np.flatnonzero(net.needs.buyer[needs] < size)
        shares = net.sourcing[item].shares.toarray()[:, inner]
        buyers = net.needs.buyer[needs][inner]
        deliver = shares.T.__matmul__
        blocks.append(Block(net.unit_slices[item], buyers, np.ones((len(inner), 1)), deliver))
    names = [owner.removeprefix("firm:") for owner in net.units.owner.tolist()]
    loss = shock[names].to_numpy()[:, None]
    same = cascade(loss, blocks, markets=0, nested=True, acyclic=False)
    assert left[names].to_numpy() == pytest.approx(same[:, 0], abs=1e-8)


def test_output_as_the_base_lets_final_use_go_on_buying():
    firms = CHAIN_FIRMS.assign(revenue=[80.0, np.nan, np.nan, np.nan, np.nan, 150.0])
    net = from_firms(CHAIN_LINKS, firms, essential="essential")
    shock = pd.Series({"mill-b": 1.0})
    left = firms_left(net, shock, replaceable=False, base="output").set_index("firm")
    assert left.loc["mine", "left_up"] == pytest.approx(1 - 30 / 80)
    assert left.loc["shop", "weight"] == pytest.approx(150 / (80 + 20 + 60 + 20 + 100 + 150))


def test_progress_ends_at_the_number_of_cases():
    told = []
    net = from_firms(CHAIN_LINKS, CHAIN_FIRMS, essential="essential")
    systemic_risk(net, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (6, 6)


def test_shocks_that_cannot_be_are_told_at_once():
    net = from_firms(CHAIN_LINKS, CHAIN_FIRMS, essential="essential")
    with pytest.raises(BadInput) as error:
        systemic_risk(net, pd.Series({"mil-b": 1.0, "car": 1.5, "mine": np.nan}))
    assert len(error.value.faults) == 3
    with pytest.raises(BadInput, match="eps: found 0"):
        systemic_risk(net, eps=0)
    with pytest.raises(UnknownName, match="base"):
        systemic_risk(net, base="sale")


def test_a_network_in_which_nobody_sells_is_refused():
    firms = CHAIN_FIRMS.assign(revenue=1.0)
    net = from_firms(CHAIN_LINKS.iloc[:0], firms, essential="essential")
    with pytest.raises(BadInput, match="no sales of any firm"):
        systemic_risk(net)


@pytest.fixture
def files(tmp_path):
    CHAIN_LINKS.to_csv(tmp_path / "links.csv", index=False)
    CHAIN_FIRMS.to_csv(tmp_path / "firms.csv", index=False)
    return ["--links", str(tmp_path / "links.csv"), "--firms", str(tmp_path / "firms.csv")]


def test_the_command_prints_the_result_of_the_call(files, capsys):
    assert run(["measure", "systemic-risk", *files, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "narrows/systemic_risk/1"
    net = from_firms(CHAIN_LINKS, CHAIN_FIRMS, essential="essential")
    found = systemic_risk(net).sort_values("rank", kind="stable")
    assert [row["shock"] for row in told["rows"]] == found["shock"].tolist()
    assert set(told["rows"][0]) == set(COLUMNS["systemic_risk"])
    assert run(["measure", "systemic-risk", *files, "--csv", "--not-replaceable"]) == 0
    assert capsys.readouterr().out.startswith("shock,sector,place,direct,esri,")
    assert run(["measure", "systemic-risk", *files, "--fail-above", "0.1"]) == 1
    assert "downstream" in capsys.readouterr().out


def test_the_compiler_is_loaded_only_when_an_index_is_asked_for():
    rooms = "narrows.cli.app, narrows.measure, narrows.network"
    code = f"import sys, {rooms}; print('numba' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
