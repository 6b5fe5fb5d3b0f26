"""What a user sets: which paths there are, what they move, and how they show."""

import math

import pytest

import tiny
from narrows import evidence
from narrows.terms import BadInput

USER = "assumed by user"


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    rows = [
        f"r{n},tool,{measure},{entity},2022,{value},,,percent,{basis},actual,stated,s2,p. 5,"
        for n, (measure, entity, value, basis) in enumerate(
            [
                ("revenue_share", "firm:Rival", "0", "headquarters"),
                ("consumption_share", "TWN", "60", "location"),
                ("consumption_share", "KOR", "40", "location"),
            ]
        )
    ]
    folder = tmp_path_factory.mktemp("overrides") / "case"
    return evidence.load(tiny.write(folder, **tiny.add("observations", *rows)))


def shares(case, *args, **kwargs):
    frame = case.shares(*args, **kwargs)
    return dict(zip(frame["entity"], frame["value"].round(9), strict=True))


def number(case, item, name, column):
    return case.number(case.recipe()[item, name], column)


# ---------------------------------------------------------------- shares


def test_a_share_is_set_and_the_others_are_scaled_to_the_rest(case):
    after = case.override({"share.gas.UKR": 75})
    assert shares(after, "gas") == {"UKR": 75, "CHN": 15, "Other": 10}
    assert shares(case, "gas") == {"UKR": 50, "CHN": 30, "Other": 20}


def test_several_shares_are_set_at_once_and_one_after_another(case):
    wanted = {"UKR": 20, "CHN": 20, "Other": 60}
    both = {"share.gas.UKR": 20, "share.gas.CHN": 20}
    assert shares(case.override(both), "gas") == wanted
    assert shares(case.override({"share.gas.UKR": 20}).override({"share.gas.CHN": 20}), "gas") == (
        wanted
    )


def test_a_place_that_the_set_does_not_name_can_be_set(case):
    assert shares(case.override({"share.chip.USA": 20}), "chip") == pytest.approx(
        {"TWN": 69 * 0.8, "KOR": 31 * 0.8, "USA": 20}
    )


def test_a_share_of_100_leaves_the_others_nothing(case):
    assert shares(case.override({"share.chip.TWN": 100}), "chip") == {"TWN": 100, "KOR": 0}


def test_what_all_named_shares_leave_becomes_other(case):
    after = case.override({"share.chip.TWN": 60, "share.chip.KOR": 30})
    assert shares(after, "chip") == {"TWN": 60, "KOR": 30, "Other": 10}


def test_every_period_and_the_split_rest_are_moved_alike(case):
    after = case.override({"share.chip.TWN": 50, "share.memory.JPN": 40})
    assert shares(after, "chip", period=2019) == {"TWN": 50, "KOR": 50}
    split = shares(after, "memory", rest="split")
    assert split == pytest.approx({"KOR": 39, "TWN": 15, "JPN": 40, "CHN": 6})


def test_a_moved_share_says_so(case):
    frame = case.override({"share.gas.UKR": 75}).shares("gas").set_index("entity")
    assert set(frame["grade"]) == {"assumed"}
    assert frame.loc["UKR", "note"] == USER
    assert frame.loc["CHN", "note"] == f"rescaled after a share was {USER}"
    added = case.override({"share.chip.USA": 20}).shares("chip").set_index("entity").loc["USA"]
    assert (added["source_id"], added["locator"], added["grade"]) == (USER, "", "assumed")


def test_bounds_move_with_a_rescaled_share(case):
    frame = case.override({"share.gas.CHN": 60}).shares("gas").set_index("entity")
    ukraine = frame.loc["UKR"]
    assert ukraine["value"] == pytest.approx(50 * 40 / 70)
    assert ukraine["low"] == pytest.approx(45 * 40 / 70)
    assert ukraine["high"] == pytest.approx(54 * 40 / 70)


def test_a_place_moves_sets_of_places_and_a_firm_those_of_firms(case):
    place = case.override({"share.tool.NLD": 50})
    assert shares(place, "tool", basis="location") == {"NLD": 50, "JPN": 50}
    assert shares(place, "tool", basis="headquarters") == {"firm:Lito": 100, "firm:Rival": 0}
    firm = case.override({"share.tool.firm:Rival": 30})
    assert shares(firm, "tool", basis="location") == {"NLD": 90, "JPN": 10}
    assert shares(firm, "tool", basis="headquarters") == {"firm:Lito": 70, "firm:Rival": 30}


def test_shares_of_buyers_are_not_moved(case):
    after = case.override({"share.tool.TWN": 50})
    assert shares(after, "tool", "consumption_share") == {"TWN": 60, "KOR": 40}


def test_a_set_share_stands_still_in_every_draw(case):
    after = case.override({"share.gas.UKR": 75})
    for u in after.quantiles(draws=4, seed=1):
        drawn = shares(after.draw(u), "gas")
        assert drawn["UKR"] == 75
        assert sum(drawn.values()) == pytest.approx(100)
        assert drawn["CHN"] != 15


# ---------------------------------------------------------------- recipes and single figures


def test_days_of_stock_are_set_for_all_buyers_or_for_one(case):
    every = case.override({"cover.gas": 90})
    assert number(every, "chip", "gas", "cover_days") == 90
    assert number(every, "memory", "gas", "cover_days") == 90
    one = case.override({"cover.gas": 90, "cover.gas.memory": 5})
    assert number(one, "chip", "gas", "cover_days") == 90
    assert number(one, "memory", "gas", "cover_days") == 5


def test_fractions_and_days_until_a_substitute_are_set(case):
    after = case.override({"stops_fraction.chip.phone": 0.25, "substitute_days.gas": 60})
    assert number(after, "phone", "chip", "stops_fraction") == 0.25
    assert number(after, "car", "chip", "stops_fraction") == 0.1
    assert number(after, "chip", "gas", "substitute_days") == 60


def test_a_single_figure_is_set_and_marked(case):
    found = case.override({"headroom.chip": 1.5}).value("chip", "headroom")
    assert (found.low, found.best, found.high) == (1.5, 1.5, 1.5)
    assert (found.source_id, found.grade) == (USER, "assumed")


def test_what_is_set_stands_still_in_every_draw(case):
    after = case.override({"headroom.chip": 1.5, "cover.gas": 90})
    drawn = after.draw(after.quantiles(draws=1, seed=1)[0])
    assert drawn.value("chip", "headroom").best == 1.5
    assert number(drawn, "chip", "gas", "cover_days") == 90


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("share.chipp.TWN", 5, "nearest: chip"),
        ("share.chip.TWM", 5, "nearest: .*TWN"),
        ("share.chip.World", 5, "'World'"),
        ("share.tool.firm:Litho", 5, "nearest: firm:Lito"),
        ("share.chip.firm:Lito", 5, "no shares by firm"),
        ("share.power.TWN", 5, "no shares by place"),
        ("share.chip.TWN", 101, "at most 100"),
        ("share.chip.TWN", -1, "at least 0"),
        ("share.chip.TWN", math.nan, "a number of at least 0"),
        ("share.chip", 5, "a path that names nothing"),
        ("cover.gass", 5, "nearest: gas"),
        ("cover.phone", 5, "an input of some item"),
        ("cover.gas.phone", 5, "chip, memory"),
        ("cover.gas", math.inf, "a number"),
        ("cover", 5, "a path that names nothing"),
        ("stops_fraction.gas", 1.5, "at most 1"),
        ("headroom.gas", 2, "a path that names nothing"),
        ("headrom.chip", 2, "a path that names nothing"),
        ("capacity_share.chip", 2, "a path that names nothing"),
        ("", 2, "a path that names nothing"),
    ],
)
def test_a_path_that_would_have_no_effect_is_refused(case, path, value, told):
    with pytest.raises(BadInput, match=told) as caught:
        case.override({path: value})
    (fault,) = caught.value.faults
    assert "--set" in fault.file
    assert caught.value.exit_code == 2


def test_all_that_is_wrong_with_the_settings_is_told_at_once(case):
    with pytest.raises(BadInput) as caught:
        case.override({"share.chip.TWM": 5, "cover.gass": 5, "headroom.gas": 1, "cover.gas": 3})
    assert len(caught.value.faults) == 3


def test_shares_above_100_in_all_are_refused_also_over_two_calls(case):
    with pytest.raises(BadInput, match="at most 100 in all"):
        case.override({"share.gas.UKR": 60, "share.gas.CHN": 50})
    with pytest.raises(BadInput, match="at most 100 in all"):
        case.override({"share.gas.UKR": 60}).override({"share.gas.CHN": 50})
    assert case.override({"share.tool.NLD": 90, "share.tool.firm:Lito": 90}).settings


def test_every_path_that_is_listed_can_be_set(case):
    paths = {
        "share.gas.UKR": 60,
        "share.gas.Other": 20,
        "share.tool.firm:Lito": 80,
        "cover.gas": 1,
        "cover.gas.chip": 1,
        "stops_fraction.chip": 0.5,
        "substitute_days.chip.car": 5,
        "device_revenue.phone": 1,
        "headroom.chip": 2,
    }
    assert case.override(paths).settings == paths
