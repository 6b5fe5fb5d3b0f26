"""Networks of firms: what the tables hold, what is refused, and sparse sourcing."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from narrows.network import Sourcing, from_firms
from narrows.terms import BadInput

FIRMS = pd.DataFrame(
    {
        "id": ["mine", "mill-a", "mill-b", "car"],
        "sector": ["ore", "steel", "steel", "cars"],
        "revenue": [50.0, np.nan, 40.0, 200.0],
    }
)
LINKS = pd.DataFrame(
    {
        "supplier": ["mine", "mine", "mill-a", "mill-b", "car"],
        "buyer": ["mill-a", "mill-b", "car", "car", "mine"],
        "value": [10.0, 20.0, 30.0, 30.0, 5.0],
    }
)
SECTORS = ["cars", "ore", "steel"]
ESSENTIAL = pd.DataFrame(
    [["irrelevant"] * 3, ["essential"] * 3, ["essential", "essential", "non-essential"]],
    index=SECTORS,
    columns=SECTORS,
)


def folder_of(tmp_path, links=LINKS, firms=FIRMS, essential=ESSENTIAL):
    links.to_csv(tmp_path / "links.csv", index=False)
    firms.to_csv(tmp_path / "firms.csv", index=False)
    essential.to_csv(tmp_path / "essential.csv", index_label="sector")
    return tmp_path / "links.csv", tmp_path / "firms.csv", tmp_path / "essential.csv"


def test_units_are_firms_sorted_by_sector_and_flows_are_those_of_the_table():
    net = from_firms(LINKS, FIRMS, essential=ESSENTIAL)
    assert net.items == ("cars", "ore", "steel")
    assert net.units.owner.tolist() == ["firm:car", "firm:mine", "firm:mill-a", "firm:mill-b"]
    assert net.units.output * 365 == pytest.approx([200, 50, 30, 40])
    assert net.check() == {}
    needs = net.needs_frame()
    steel = needs[(needs["item"] == "steel") & (needs["buyer"] == "World:car/cars")]
    assert steel["recipe"].tolist() == pytest.approx([60 / 200])
    assert net.sourcing[2].kind == "csr"
    assert net.sourcing[2].shares.toarray()[:, 0] == pytest.approx([0.5, 0.5])
    assert net.demand * 365 == pytest.approx([195 + 20 + 10])


def test_essential_inputs_stop_all_and_the_others_their_part_of_the_purchases():
    firms = pd.DataFrame({"id": list("abcd"), "sector": ["s", "t", "u", "v"]})
    links = pd.DataFrame({"supplier": list("abc"), "buyer": list("ddd"), "value": [1.0, 2.0, 5.0]})
    words = [["essential"] * 4, ["non-essential"] * 4, ["irrelevant"] * 4, ["irrelevant"] * 4]
    matrix = pd.DataFrame(words, index=list("stuv"), columns=list("stuv"))
    needs = from_firms(links, firms, essential=matrix).needs_frame()
    mine = needs[needs["buyer"] == "World:d/v"].set_index("item")
    assert mine["stops_fraction"].to_dict() == {"s": 1.0, "t": 0.25, "u": 0.0}
    assert mine["essential"].to_dict() == {"s": True, "t": False, "u": False}


def test_files_give_the_same_network_as_tables(tmp_path):
    links, firms, essential = folder_of(tmp_path)
    read = from_firms(links, firms, essential=essential)
    made = from_firms(LINKS, FIRMS, essential=ESSENTIAL)
    pd.testing.assert_frame_equal(read.needs_frame(), made.needs_frame())
    pd.testing.assert_frame_equal(read.frame(), made.frame())


def test_links_named_twice_are_added_up_and_that_is_said():
    twice = pd.concat([LINKS, LINKS.iloc[:1].assign(value=0.5)], ignore_index=True)
    net = from_firms(twice, FIRMS, essential="essential")
    assert net.notes[0] == "1 rows repeat a link: values were added up."
    ore = net.needs_frame().set_index(["item", "buyer"]).loc[("ore", "World:mill-a/steel")]
    assert ore["recipe"] == pytest.approx(10.5 / 30)


def test_sales_above_revenue_and_links_without_value_are_closed_and_said():
    firms = FIRMS.assign(revenue=[25.0, np.nan, 40.0, 200.0])
    links = pd.concat([LINKS, pd.DataFrame([["car", "mill-a", 0.0]], columns=LINKS.columns)])
    net = from_firms(links, firms, essential="essential")
    assert net.notes[0] == "1 links have no value: left out."
    assert net.notes[1].startswith("1 firms sell more to firms than their revenue (5.263% of")
    assert net.units.output[1] * 365 == pytest.approx(30)


def test_every_fault_is_told_at_once_with_file_and_line(tmp_path):
    links = pd.DataFrame(
        [
            ["mine", "mil-a", "10"],
            ["mine", "mine", "3"],
            ["mill-a", "car", "-1"],
            ["mill-a", "car", "nan"],
            ["mill-a", "car", "much"],
        ],
        columns=["supplier", "buyer", "value"],
    )
    firms = pd.concat([FIRMS, FIRMS.iloc[:1].assign(sector="", revenue=-2)])
    essential = ESSENTIAL.replace("irrelevant", "perhaps").drop(columns="steel")
    with pytest.raises(BadInput) as error:
        from_firms(*(path := folder_of(tmp_path, links, firms, essential))[:2], essential=path[2])
    told = "\n".join(str(fault) for fault in error.value.faults)
    for part in (
        "firms.csv:6: id: found 'mine'; expected each firm once",
        "firms.csv:6: sector: found nothing",
        "firms.csv:6: revenue: found '-2.0'",
        "links.csv:2: buyer: found 'mil-a'",
        "nearest to the first: mill-a",
        "links.csv:3: buyer: found 'mine'; expected another firm than the supplier",
        "links.csv:4: value: found '-1'",
        "links.csv:5: value: found 'nan'",
        "links.csv:6: value: found 'much'",
        "essential.csv: steel: found no such sector; expected a column for every sector",
    ):
        assert part in told


def test_a_word_that_is_no_criticality_is_told_with_its_line(tmp_path):
    essential = ESSENTIAL.replace("non-essential", "nonessential")
    paths = folder_of(tmp_path, essential=essential)
    with pytest.raises(BadInput, match=r"essential.csv:4: steel: found 'nonessential'; expected"):
        from_firms(paths[0], paths[1], essential=paths[2])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("supplier,buyer\na,b\n", "found no such column; expected column value"),
        ("supplier,buyer,values\na,b,1\n", "'values' instead"),
        ("supplier,buyer,value\na,b\n", "links.csv:2: found 2 cells"),
        ('supplier,buyer,value\na,"b,1\n', "no CSV"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path, text, message):
    paths = folder_of(tmp_path)
    paths[0].write_text(text, "utf-8")
    with pytest.raises(BadInput, match=message):
        from_firms(paths[0], paths[1], essential="essential")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadInput, match="no-such"):
        from_firms(tmp_path / "no-such.csv", FIRMS, essential="essential")


def test_many_faults_of_one_kind_are_cut_short():
    links = pd.DataFrame({"supplier": ["mine"] * 50, "buyer": ["mine"] * 50, "value": [1.0] * 50})
    with pytest.raises(BadInput) as error:
        from_firms(links, FIRMS, essential="essential")
    assert len(error.value.faults) == 11
    assert "40 more such rows" in str(error.value)


@pytest.mark.parametrize("tail", [(), (3,), (2, 4)])
def test_sparse_sourcing_orders_and_delivers_as_dense_does(tail):
    rng = np.random.default_rng(7)
    shares = rng.random((6, 9)) * (rng.random((6, 9)) < 0.4)
    shares[0] += 0.1
    shares /= shares.sum(axis=0)
    dense, csr = Sourcing(shares), Sourcing(sparse.csr_array(shares))
    needs, filled = rng.random((9, *tail)), rng.random((6, *tail))
    assert (dense.kind, csr.kind, csr.is_pooled) == ("dense", "csr", False)
    np.testing.assert_allclose(csr.orders(needs), dense.orders(needs), rtol=1e-14)
    np.testing.assert_allclose(csr.deliveries(filled, 9), dense.deliveries(filled, 9), rtol=1e-14)
