"""A network from a case: units, needs, sourcing, markets, and that base flows balance."""

import re
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from narrows import evidence, network
from narrows.network import sourcing
from narrows.terms import BadInput, UnknownName
from oracles import chains
from oracles.sourcing import home_first

RULES = ("pooled", "home_first")
BASES = ("location", "headquarters")
BUNDLED = [
    (name, period, basis, rule)
    for name in evidence.bundled()
    for period in evidence.load(name).periods
    for basis in BASES
    for rule in RULES
]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return evidence.load(tiny.write(tmp_path_factory.mktemp("build") / "case"))


@pytest.fixture(scope="module")
def net(case):
    return network.from_case(case)


def flows(net):
    """Give output, use, and what each unit is asked for, in normal flow."""
    base = np.concatenate([net.units.output, net.demand])
    use = net.needs.recipe * base[net.needs.buyer]
    asked = np.zeros(len(net.units.item))
    for item, units in enumerate(net.unit_slices):
        asked[units] = net.sourcing[item].orders(use[net.need_slices[item]])
    return use, asked


def assert_sound(net):
    assert net.check() == {}
    assert (np.diff(net.units.item) >= 0).all()
    assert (np.diff(net.needs.item) >= 0).all()
    for item, units in enumerate(net.unit_slices):
        shares = net.sourcing[item].shares
        assert np.allclose(shares.sum(axis=0), 1)
        assert (shares >= 0).all()
        assert shares.shape[0] == units.stop - units.start
        if not net.sourcing[item].is_pooled:
            needs = net.need_slices[item]
            assert shares.shape[1] == needs.stop - needs.start
        assert net.units.output[units].sum() == pytest.approx(1)
    _, asked = flows(net)
    assert np.allclose(asked, net.units.output)
    assert (net.units.headroom >= 1).all()
    assert len(set(net.labels)) == len(net.labels)
    for need, item in zip(net.needs.buyer, net.needs.item, strict=True):
        buyers_item = net.units.item[need] if need < len(net.units.item) else len(net.items)
        assert item < buyers_item  # inputs stand before their users


# ---------------------------------------------------------------- the small case


def test_units_are_the_shares_of_their_item(net):
    frame = net.frame().set_index("unit")
    assert frame["output"].to_dict() == pytest.approx(
        {
            "UKR/gas": 0.5,
            "CHN/gas": 0.3,
            "Other/gas": 0.2,
            "NLD/tool": 0.9,
            "JPN/tool": 0.1,
            "TWN/power": 0.69,
            "KOR/power": 0.31,
            "TWN/chip": 0.69,
            "KOR/chip": 0.31,
            "KOR/memory": 0.52,
            "TWN/memory": 0.2,
            "JPN/memory": 0.2,
            "CHN/memory": 0.08,
            "CHN/phone": 0.8,
            "VNM/phone": 0.2,
            "JPN/car": 0.6,
            "CHN/car": 0.4,
        }
    )
    assert net.end_uses == ("phone", "car")
    assert net.weight.tolist() == [400, 600]
    assert net.weight_unit == "USD billion a year"


def test_groups_of_items_and_items_without_a_recipe_are_no_units(net):
    assert "all-fabs" not in net.items


def test_a_need_carries_the_numbers_of_its_recipe_row(net):
    frame = net.needs_frame().set_index(["buyer", "item"])
    need = frame.loc[("CHN/phone", "chip")]
    assert need[["recipe", "stops_fraction", "essential", "cover"]].tolist() == [0.7, 0.8, True, 5]
    assert need["substitute_days"] == np.inf
    assert frame.loc[("World/phone", "phone"), "recipe"] == 1.0


def test_numbers_left_empty_have_their_neutral_values(tmp_path):
    row = "memory,gas,,0.4,,,"
    change = (f"{row}essential,1,,,,,,30,20,60,", f"{row}minor,,,,,,,,,,")
    case = evidence.load(tiny.write(tmp_path / "case", **tiny.edit("recipes", change)))
    need = network.from_case(case).needs_frame().set_index(["buyer", "item"])
    found = need.loc[("KOR/memory", "gas")]
    assert found[["stops_fraction", "cover", "substitute_days"]].tolist() == [1, 0, 0]
    assert not found["essential"]


def test_headroom_of_the_place_goes_before_that_of_the_world(tmp_path):
    line = "h1,chip,headroom,KOR,2022,1.4,,,multiple of output,n/a,actual,stated,s1,p. 1,"
    case = evidence.load(tiny.write(tmp_path / "case", **tiny.add("observations", line)))
    frame = network.from_case(case).frame().set_index("unit")
    assert frame.loc[["TWN/chip", "KOR/chip"], "headroom"].tolist() == [1.1, 1.4]
    assert frame.loc["CHN/phone", "headroom"] == 1


def test_an_item_without_any_figure_on_makers_has_one_unit_at_other(tmp_path):
    change = ("gas,Gas,gas,input,production_share", "gas,Gas,gas,input,")
    case = evidence.load(tiny.write(tmp_path / "case", **tiny.edit("items", change)))
    net = network.from_case(case)
    assert net.frame().set_index("unit").loc["Other/gas", "output"] == 1
    assert_sound(net)


def test_the_basis_chooses_the_set_and_labels_the_units(case):
    by_seat = network.from_case(case, basis="headquarters").frame().set_index("item")
    lito = by_seat.loc["tool"]
    assert (lito["place"], lito["owner"], lito["basis"]) == ("NLD", "firm:Lito", "headquarters")
    assert lito["unit"] == "NLD:Lito/tool"
    assert by_seat.loc["chip", "basis"].tolist() == ["location", "location"]  # there is no other
    by_place = network.from_case(case).frame().set_index("item")
    assert by_place.loc["tool", "stand_in"].tolist() == [True, True]
    assert not by_place.loc["chip", "stand_in"].any()


def test_a_headquarters_share_of_a_thing_that_is_made_stands_in_for_its_place(tmp_path):
    change = ("tool,Tool,tool,input,production_share", "tool,Tool,tool,input,")
    case = evidence.load(tiny.write(tmp_path / "case", **tiny.edit("items", change)))
    unit = network.from_case(case).frame().set_index("item").loc["tool"]
    assert (unit["place"], unit["stand_in"]) == ("NLD", True)


def test_a_recipe_of_a_period_is_used_in_that_period(case):
    for period, stops in (("2019", 0.5), ("2022", 0.8)):
        frame = network.from_case(case, period=period).needs_frame()
        mine = frame[(frame["item"] == "chip") & (frame["buyer"] == "CHN/phone")]
        assert mine["stops_fraction"].tolist() == [stops]


def test_what_is_unknown_or_missing_is_refused(case, net, tmp_path):
    with pytest.raises(UnknownName, match="nearest: pooled"):
        network.from_case(case, sourcing="pool")
    with pytest.raises(UnknownName, match="nearest: headquarters"):
        network.from_case(case, basis="headquarter")
    with pytest.raises(UnknownName, match="nearest: TWN/chip"):
        net.unit("TWN/chips")
    with pytest.raises(UnknownName, match="nearest: chip"):
        net.number("chips")
    header = tiny.FILES["recipes.csv"].splitlines()[0]
    empty = evidence.load(tiny.write(tmp_path / "case", recipes=header + "\n"))
    with pytest.raises(BadInput, match="no recipe"):
        network.from_case(empty)


def test_equal_weights_are_taken_where_a_value_is_missing(tmp_path):
    line = next(x for x in tiny.FILES["assumptions.csv"].splitlines() if x.startswith("a10,"))
    case = evidence.load(
        tiny.write(tmp_path / "case", **tiny.edit("assumptions", (f"{line}\n", "")))
    )
    net = network.from_case(case)
    assert (net.weight.tolist(), net.weight_unit) == ([1, 1], "equal weights")


# ---------------------------------------------------------------- soundness


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("period", ["2019", "2022"])
def test_the_small_case_balances(case, period, basis, rule):
    assert_sound(network.from_case(case, period=period, basis=basis, sourcing=rule))


@pytest.mark.parametrize(("name", "period", "basis", "rule"), BUNDLED)
def test_every_bundled_case_balances_in_every_period_basis_and_sourcing(name, period, basis, rule):
    case = evidence.load(name)
    net = network.from_case(case, period=period, basis=basis, sourcing=rule)
    assert_sound(net)


@settings(max_examples=40)
@given(chains.chains(), st.sampled_from(RULES))
def test_a_random_chain_balances(chain, rule):
    assert_sound(network.from_case(chains.loaded(chain), sourcing=rule))


@settings(max_examples=40)
@given(chains.chains(local=False))
def test_home_first_agrees_with_a_slow_twin(chain):
    net = network.from_case(chains.loaded(chain), sourcing="home_first")
    places = [*net.units.place.tolist(), *["World"] * len(net.markets)]
    use, _ = flows(net)
    for item, units in enumerate(net.unit_slices):
        needs = range(net.need_slices[item].start, net.need_slices[item].stop)
        output = list(zip(net.units.place[units], net.units.output[units], strict=True))
        wanted = [(places[net.needs.buyer[need]], use[need]) for need in needs]
        twin = home_first(output, wanted)
        found = net.sourcing[item].shares
        for unit, row in enumerate(twin):
            for need, part in enumerate(row):
                assert part is None or found[unit, need] == pytest.approx(part, abs=1e-9)


@given(
    st.lists(st.floats(0.01, 1), min_size=1, max_size=6),
    st.integers(1, 6),
    st.integers(1, 3),
    st.data(),
)
def test_orders_and_deliveries_are_each_others_mirror(output, needs, cases, data):
    """Sum of orders x filled = sum of needs x deliveries: the same flow seen from both ends."""
    units = np.array(output) / sum(output)
    places = st.lists(st.integers(0, 3), min_size=len(units), max_size=len(units))
    buyers = st.lists(st.integers(0, 4), min_size=needs, max_size=needs)
    amounts = np.full(needs, 1 / needs)
    for method in (
        sourcing.pooled(units),
        sourcing.home_first(
            units, amounts, np.array(data.draw(places)), np.array(data.draw(buyers))
        ),
    ):
        filled = np.random.default_rng(1).random((len(units), cases))
        wanted = np.random.default_rng(2).random((needs, cases))
        one = (method.orders(wanted) * filled).sum(axis=0)
        other = (wanted * method.deliveries(filled, needs)).sum(axis=0)
        assert one == pytest.approx(other)


def test_local_items_are_bought_at_home_and_never_pooled(net):
    power = net.number("power")
    needs = net.need_slices[power]
    for need, column in zip(
        range(needs.start, needs.stop), net.sourcing[power].shares.T, strict=True
    ):
        (unit,) = np.flatnonzero(column)
        seller = net.unit_slices[power].start + unit
        assert net.units.place[seller] == net.units.place[net.needs.buyer[need]]


def test_buyers_at_other_have_no_home():
    one = sourcing.home_first(
        np.array([0.5, 0.5]), np.array([0.5, 0.5]), np.array([0, 1]), np.array([0, 2])
    )
    assert one.shares.tolist() == [[1.0, 0.0], [0.0, 1.0]]


# ---------------------------------------------------------------- order and names do not matter


def by_label(net):
    units = net.frame().set_index("unit").sort_index()
    needs = net.needs_frame().sort_values(["buyer", "item"]).reset_index(drop=True)
    return units, needs


@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_in_the_files_does_not_matter(random):
    shuffled = {}
    for name, text in tiny.FILES.items():
        if name.endswith(".csv"):
            head, *rows = text.splitlines()
            random.shuffle(rows)
            shuffled[name] = "\n".join([head, *rows, ""])
    first, second = (
        by_label(network.from_case(_loaded(files), sourcing="home_first"))
        for files in (tiny.FILES, {**tiny.FILES, **shuffled})
    )
    for one, other in zip(first, second, strict=True):
        assert one.drop(columns="output", errors="ignore").equals(
            other.drop(columns="output", errors="ignore")
        )
    assert np.allclose(first[0]["output"], second[0]["output"])


def test_names_of_items_and_places_do_not_matter():
    swaps = {"memory": "zeolite", "chip": "a1", "TWN": "QAT", "CHN": "AUS", "phone": "bicycle"}
    files = dict(tiny.FILES)
    for old, new in swaps.items():
        files = {name: _renamed(text, old, new) for name, text in files.items()}
    before = network.from_case(_loaded(tiny.FILES), sourcing="home_first")
    after = network.from_case(_loaded(files), sourcing="home_first")
    labels = ["/".join(swaps.get(part, part) for part in name.split("/")) for name in before.labels]
    one = dict(zip(labels, before.units.output, strict=True))
    other = dict(zip(after.labels, after.units.output, strict=True))
    assert one == pytest.approx(other)


def _renamed(text, old, new):
    return re.sub(rf"(?<![\w-]){old}(?![\w-])", new, text)


def _loaded(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        return evidence.load(folder)


def test_the_time_to_build_the_chip_chain_is_printed(capsys):
    start = perf_counter()
    case = evidence.load("semiconductors")
    middle = perf_counter()
    net = network.from_case(case)
    end = perf_counter()
    with capsys.disabled():
        print(  # noqa: T201 - asked for; wall time is never asserted
            f" [semiconductors: load {middle - start:.2f} s, build {end - middle:.2f} s, "
            f"{len(net.labels)} units, {len(net.needs.item)} needs]",
            end="",
        )
