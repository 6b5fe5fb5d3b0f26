"""What the chip case must show: from the printed share to what is left of an end use."""

import numpy as np
import pytest

import narrows as nw
from narrows.measure.chain import Chain
from narrows.measure.closures import Closure, hit_by, losses


@pytest.fixture(scope="module")
def case():
    return nw.evidence.load("semiconductors")


@pytest.fixture(scope="module", params=["2019", "2022"])
def net(case, request):
    return nw.network.from_case(case, period=request.param)


@pytest.mark.parametrize(
    ("period", "shares", "source"),
    [
        ("2019", {"TWN": 0.92, "KOR": 0.08}, "sia-2021-strengthening"),
        ("2022", {"TWN": 0.69, "KOR": 0.31}, "tomshw-2024-itri"),
    ],
)
def test_below_10_nm_the_network_holds_the_printed_shares_and_leads_back(
    case, period, shares, source
):
    net = nw.network.from_case(case, period=period)
    units = net.frame().set_index("item").loc["logic-lt10nm"].set_index("place")["output"]
    assert units.to_dict() == pytest.approx(shares)
    trace = net.trace("output", unit="TWN/logic-lt10nm")
    assert (trace.source_ids, trace.grade, trace.filled) == ((source,), "stated", "")
    rows = case.observations.set_index("id")
    (name,) = trace.ids
    assert rows.loc[name, ["value", "source_id"]].tolist() == [100 * shares["TWN"], source]
    assert rows.loc[name, "locator"]
    assert source in case.sources["id"].to_numpy()


def test_below_10_nm_in_2019_the_index_is_0_8528(case):
    row = nw.measure.concentration(case, period=2019).set_index("item").loc["logic-lt10nm"]
    assert row[["hhi", "hhi_low", "hhi_high"]].tolist() == pytest.approx([0.8528] * 3)
    assert round(row["theil"], 4) == 0.4144
    assert round(row["effective_number"], 3) == 1.173
    assert (row["top_entity"], row["top_share"]) == ("TWN", pytest.approx(0.92))


@pytest.mark.parametrize(("period", "most"), [("2019", 0.08), ("2022", 0.31)])
@pytest.mark.parametrize("rule", ["pooled", "home_first"])
def test_dropping_taiwan_leaves_no_more_below_10_nm_than_korea_makes(case, period, most, rule):
    net = nw.network.from_case(case, period=period, sourcing=rule)
    chain = Chain.of(net)
    left = chain.left(losses(net, [Closure("TWN", hit_by(net, "TWN"))]))
    item = net.number("logic-lt10nm")
    assert chain.by_item(left)[item, 0] <= most + 1e-12
    assert chain.by_item(left)[item, 0] > 0


def test_the_end_uses_that_need_it_fall_and_the_reasons_say_so(net):
    frame = nw.measure.contingency(net, drop=["TWN"]).set_index("end_use")
    needs = net.needs_frame()
    chips = "chip-logic-lt10nm"
    share = 0.92 if net.period == "2019" else 0.69
    for end in net.end_uses:
        mine = needs[(needs["item"] == chips) & needs["buyer"].str.endswith(f"/{end}")]
        binding = mine[mine["essential"]]
        stops = binding["stops_fraction"].max() if len(binding) else 0.0
        assert frame.loc[end, "left_fixed"] <= 1 - stops * share + 1e-9
        assert frame.loc[end, "left_best"] >= frame.loc[end, "left_fixed"] - 1e-9
    assert (
        f"smartphone <- {chips} <- logic-lt10nm <- TWN {100 * share:g} %"
        in (frame.loc["smartphone", "because"])
    )


def test_an_end_use_does_not_fall_for_an_input_that_can_be_replaced(case):
    kept = case.override({"stops_fraction.chip-logic-lt10nm": 0})
    frames = [
        nw.measure.contingency(
            nw.network.from_case(each, period=2019), drop=["TWN/logic-lt10nm"]
        ).set_index("end_use")["left_fixed"]
        for each in (case, kept)
    ]
    assert frames[0]["smartphone"] < 1
    assert frames[1].to_numpy() == pytest.approx(1)


@pytest.mark.parametrize("name", nw.evidence.bundled())
def test_every_source_of_every_result_is_in_the_case(name):
    case = nw.evidence.load(name)
    known = set(case.sources["id"])
    for period in case.periods:
        assert set(nw.measure.concentration(case, period=period)["source_id"]) <= known
        assert set(nw.measure.single_producer(case, period=period)["source_id"]) <= known
        assert set(nw.network.from_case(case, period=period).source_ids) <= known


@pytest.mark.parametrize("name", nw.evidence.bundled())
@pytest.mark.parametrize("rule", ["pooled", "home_first"])
def test_dropping_more_never_leaves_more_in_any_bundled_case(name, rule):
    net = nw.network.from_case(nw.evidence.load(name), sourcing=rule)
    total = nw.measure.contingency(net).set_index(["dropped", "end_use"])
    worst = total.xs("all", level="end_use").index[:3].tolist()
    for first in worst:
        for second in worst:
            if first < second:
                pair = nw.measure.contingency(net, drop=[first, second]).set_index("end_use")
                for column in ("left_fixed", "left_best"):
                    both = np.minimum(
                        total.xs(first)[column].loc[pair.index],
                        total.xs(second)[column].loc[pair.index],
                    )
                    assert (pair[column] <= both + 1e-7).all()


def test_a_share_set_by_the_user_moves_every_result(case):
    after = case.override({"share.logic-lt10nm.TWN": 50})
    row = nw.measure.concentration(after, period=2019).set_index("item").loc["logic-lt10nm"]
    assert row["hhi"] == pytest.approx(0.5)
    assert row["grade"] == "assumed"
    nets = [nw.network.from_case(each, period=2019) for each in (case, after)]
    left = [nw.measure.contingency(net, drop=["TWN/logic-lt10nm"])["left_fixed"] for net in nets]
    assert (left[1] >= left[0] - 1e-12).all()
    assert left[1].iloc[-1] > left[0].iloc[-1]
