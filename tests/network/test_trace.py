"""Every value of a network leads back to the rows it was made from."""

import numpy as np
import pytest

import tiny
from narrows import evidence, network
from narrows.terms import BadInput, UnknownName

USER = "assumed by user"


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return evidence.load(tiny.write(tmp_path_factory.mktemp("trace") / "case"))


@pytest.fixture(scope="module")
def net(case):
    return network.from_case(case)


@pytest.mark.parametrize(
    ("what", "unit", "item", "value", "ids", "formula", "grade", "sources"),
    [
        ("output", "TWN/chip", None, 0.69, ["o3"], "TWN 69 of 100 percent", "stated", ["s1"]),
        ("output", "UKR/gas", None, 0.5, ["o8"], "UKR 50 of 100 percent", "stated", ["s2"]),
        (
            *("output", "Other/gas", None, 0.2, ["o8", "o9"]),
            "Other 20 of 100 percent: 100 minus the 80 percent that are named",
            *("derived", ["s2"]),
        ),
        (
            *("output", "JPN/memory", None, 0.2, ["a1", "o6", "o7"]),
            "Other 28 percent x 20 / 28 (split by assumption)",
            *("assumed", ["narrows-assumption", "s1"]),
        ),
        ("output", "TWN/power", None, 0.69, [], "use by the buyers at this place", "assumed", []),
        (
            *("headroom", "TWN/chip", None, 1.1, ["a11"], "multiple of output"),
            *("assumed", ["narrows-assumption"]),
        ),
        ("headroom", "CHN/car", None, 1.0, [], "no figure: the neutral value", "assumed", []),
        ("process_days", "CHN/car", None, 0.0, [], "no figure: the neutral value", "assumed", []),
        (
            *("cover", "TWN/chip", "gas", 30, ["chip<-gas"]),
            "cover_days 30, from 20 to 60",
            *("assumed", ["narrows-assumption"]),
        ),
        (
            *("recipe", "TWN/chip", "gas", 0.6, ["chip<-gas"]),
            "allocation 0.6",
            *("assumed", ["narrows-assumption"]),
        ),
        (
            *("stops_fraction", "CHN/phone", "chip", 0.8, ["phone<-chip@2022"]),
            "stops_fraction 0.8, from 0.6 to 0.9",
            *("assumed", ["narrows-assumption"]),
        ),
        (
            *("substitute_days", "CHN/phone", "chip", np.inf, ["phone<-chip@2022"]),
            "substitute_days not given: the neutral value, the input being essential",
            *("assumed", ["narrows-assumption"]),
        ),
        ("recipe", "World/phone", "phone", 1.0, [], "what the market buys", "derived", []),
        (
            *("weight", "World/phone", None, 400, ["a9"], "USD billion a year"),
            *("assumed", ["narrows-assumption"]),
        ),
    ],
)
def test_a_value_is_traced_to_its_rows_formula_grade_and_sources(
    net, what, unit, *, item, value, ids, formula, grade, sources
):
    trace = net.trace(what, unit=unit, item=item)
    assert trace.value == pytest.approx(value)
    assert list(trace.ids) == ids
    assert trace.formula == formula
    assert trace.grade == grade
    assert list(trace.source_ids) == sources
    assert trace.filled == ""


def test_a_filled_period_is_told(case):
    net = network.from_case(case, period=2019)
    told = "no set for 2019: the nearest one, 2022, is used"
    assert net.trace("output", unit="UKR/gas").filled == told
    assert net.trace("output", unit="TWN/chip").filled == ""
    told = "no figure for 2019: the nearest one, 2022, is used"
    assert net.trace("headroom", unit="TWN/chip").filled == told
    later = network.from_case(case, period=2030)
    told = "no recipe for 2030: the nearest one, 2022, is used"
    assert later.trace("stops_fraction", unit="CHN/phone", item="chip").filled == told


def test_what_the_user_set_is_told_as_such(case):
    settings = {"cover.gas": 3, "headroom.chip": 2, "share.chip.TWN": 50}
    net = network.from_case(case.override(settings))
    for what, unit, item, value in (
        ("cover", "TWN/chip", "gas", 3),
        ("headroom", "KOR/chip", None, 2),
    ):
        trace = net.trace(what, unit=unit, item=item)
        assert (trace.value, trace.formula, trace.grade) == (value, USER, "assumed")
        assert trace.source_ids == (USER,)
    trace = net.trace("output", unit="KOR/chip")
    assert (trace.value, trace.grade) == (0.5, "assumed")
    assert trace.formula == f"50 percent, after a share was {USER}"


def test_an_allocation_brought_to_a_sum_of_1_says_so(tmp_path):
    change = ("memory,gas,,0.4,", "memory,gas,,0.404,")
    case = evidence.load(tiny.write(tmp_path / "case", **tiny.edit("recipes", change)))
    trace = network.from_case(case).trace("recipe", unit="TWN/chip", item="gas")
    assert trace.value == pytest.approx(0.6 / 1.004)
    assert trace.formula == "allocation 0.6, divided by the sum over all users"


def test_a_name_that_is_none_is_refused_with_the_nearest(net):
    for what, unit, item, told in (
        ("output", "TWN/chips", None, "nearest: TWN/chip"),
        ("outputs", "TWN/chip", None, "nearest: output"),
        ("cover", "TWN/chip", "gaz", "nearest: gas"),
        ("weight", "World/phones", None, "nearest: World/phone"),
        ("cover", "UKR/gas", "gas", "nothing: there is none"),
    ):
        with pytest.raises(UnknownName, match=told):
            net.trace(what, unit=unit, item=item)
    with pytest.raises(BadInput, match="the input whose cover it is"):
        net.trace("cover", unit="TWN/chip")


@pytest.mark.parametrize("name", evidence.bundled())
@pytest.mark.parametrize("basis", ["location", "headquarters"])
def test_every_value_of_a_bundled_case_leads_to_rows_of_its_tables(name, basis):
    case = evidence.load(name)
    net = network.from_case(case, basis=basis)
    figures = {row.id for row in case.package.figures}
    recipes = {row.id for row in case.package.recipes}
    sources = set(case.package.sources)
    for label in net.labels:
        for what in ("output", "headroom", "headroom_days", "process_days"):
            trace = net.trace(what, unit=label)
            assert set(trace.ids) <= figures
            assert set(trace.source_ids) <= sources
            if trace.ids:
                assert trace.source_ids
            else:
                assert trace.grade == "assumed"
    frame = net.needs_frame()
    for buyer, item in zip(frame["buyer"], frame["item"], strict=True):
        trace = net.trace("cover", unit=buyer, item=item)
        assert set(trace.ids) <= recipes
    for end in net.end_uses:
        assert set(net.trace("weight", unit=f"World/{end}").source_ids) <= set(net.source_ids)
    assert set(net.source_ids) <= sources


def test_the_sources_of_a_network_are_those_of_all_its_values(net):
    assert set(net.source_ids) == {"s1", "s2", "narrows-assumption"}
