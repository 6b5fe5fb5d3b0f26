"""Who makes an item: the set in use, every set, the rest, and how a period is filled."""

import numpy as np
import pytest

import tiny
from narrows import evidence
from narrows.terms import BadInput, UnknownName

COLUMNS = ["entity", "value", "low", "high", "unit", "basis", "grade", "source_id", "locator"]
SHARE = "percent,location,actual,stated"


def load(tmp_path, **altered):
    return evidence.load(tiny.write(tmp_path / "case", **altered))


def gas(*rows):
    """Replace the figures on gas: entity, period and value, by s2."""
    text = "\n".join(
        line
        for line in tiny.FILES["observations.csv"].splitlines()
        if ",gas,production_share," not in line
    )
    lines = [
        f"g{number},gas,production_share,{entity},{period},{value},,,{SHARE},s2,p. 4,"
        for number, (entity, period, value) in enumerate(rows)
    ]
    return {"observations": "\n".join([text, *lines, ""])}


def named(frame):
    return dict(zip(frame["entity"], frame["value"].round(6), strict=True))


@pytest.fixture
def case(tmp_path):
    return load(tmp_path)


def test_a_set_is_given_with_grade_source_and_locator_the_largest_first(case):
    frame = case.shares("chip", "capacity_share", period=2019)
    assert list(frame.columns[: len(COLUMNS)]) == COLUMNS
    assert frame[COLUMNS].astype(object).where(frame[COLUMNS].notna(), None).values.tolist() == [
        ["TWN", 92.0, None, None, "percent", "location", "stated", "s1", "p. 1"],
        ["KOR", 8.0, None, None, "percent", "location", "stated", "s1", "p. 1"],
    ]


def test_the_measure_may_be_left_out_and_the_item_named_by_an_alias(case):
    assert case.shares("old-chip", period="2019").equals(
        case.shares("chip", "capacity_share", period="2019")
    )


def test_the_default_period_is_that_of_the_case(case):
    assert case.shares("chip").equals(case.shares("chip", period="2022"))


def test_the_set_in_use_is_the_one_that_case_yaml_names(case):
    assert named(case.shares("chip", period=2022)) == {"TWN": 69.0, "KOR": 31.0}


def test_all_gives_every_set_of_every_source(case):
    frame = case.shares("chip", all=True)
    assert set(zip(frame["period"], frame["source_id"], strict=True)) == {
        ("2019", "s1"),
        ("2022", "s1"),
        ("2022", "s2"),
    }
    only = case.shares("chip", all=True, period=2022)
    assert set(only["source_id"]) == {"s1", "s2"}
    assert set(only["period"]) == {"2022"}


def test_figures_of_two_publishers_are_never_added(case):
    for _, rows in case.shares("chip", all=True).groupby(["period", "source_id"]):
        assert rows["value"].sum() == pytest.approx(100)


def test_a_derived_rest_is_shown_as_other_and_marked(case):
    frame = case.shares("gas")
    assert named(frame) == {"UKR": 50.0, "CHN": 30.0, "Other": 20.0}
    last = frame.iloc[-1]
    assert (last["entity"], last["grade"], last["source_id"]) == ("Other", "derived", "s2")
    assert last["note"] == "100 minus the rows named in the set"


def test_other_stands_last_however_large_it_is(tmp_path):
    case = load(tmp_path, **gas(("UKR", "2022", 5)))
    assert case.shares("gas")["entity"].tolist() == ["UKR", "Other"]


@pytest.mark.parametrize(
    ("values", "other"),
    [((33, 33, 33), None), ((33, 33, 32), 2), ((33.3, 33.3, 33.3), None), ((33, 33, 34), None)],
)
def test_what_rounding_leaves_is_no_other(tmp_path, values, other):
    rows = zip(("UKR", "CHN", "USA"), ("2022",) * 3, values, strict=True)
    found = named(load(tmp_path, **gas(*rows)).shares("gas"))
    assert found.get("Other") == other


def test_a_printed_other_is_kept_and_completed(tmp_path):
    rows = [("UKR", "2022", 50), ("CHN", "2022", 30), ("Other", "2022", 10)]
    case = load(tmp_path, **gas(*rows))
    assert named(case.shares("gas")) == {"UKR": 50, "CHN": 30, "Other": 20}


def test_a_set_of_nothing_but_other_is_read(tmp_path):
    assert named(load(tmp_path, **gas(("Other", "2022", 40))).shares("gas")) == {"Other": 100}


def test_a_world_row_is_in_no_set(tmp_path):
    case = load(tmp_path, **gas(("UKR", "2022", 50), ("World", "2022", 100)))
    assert named(case.shares("gas")) == {"UKR": 50, "Other": 50}


# ---------------------------------------------------------------- the period


@pytest.mark.parametrize(
    ("periods", "wanted", "used", "filled"),
    [
        (["2019", "2022"], "2022", "2022", False),
        (["2018", "2021"], "2022", "2021", True),  # a neighbour is not the same year
        (["2020", "2024"], "2022", "2020", True),  # a tie takes the earlier one
        (["2019", "2024"], "2022", "2024", True),
        (["2021/2022", "2023"], "2022", "2021/2022", False),  # covers the year
        (["2022Q3", "2021"], "2022", "2022Q3", False),
        (["2022", "2022Q3"], "2022", "2022", False),
    ],
)
def test_a_period_without_a_set_takes_the_nearest_one_and_says_so(
    tmp_path, periods, wanted, used, filled
):
    case = load(tmp_path, **gas(*(("UKR", period, 60) for period in periods)))
    frame = case.shares("gas", period=wanted)
    assert set(frame["period"]) == {used}
    text = f"no set for {wanted}: the nearest one, {used}, is used"
    assert set(frame["filled"]) == {text if filled else ""}


def test_a_single_figure_is_filled_by_the_same_rule(case):
    assert case.value("phone", "device_revenue", period=2022).filled == ""
    assert case.value("phone", "device_revenue", period=2021).filled == (
        "no figure for 2021: the nearest one, 2022, is used"
    )
    assert case.value("phone", "nothing") is None
    assert case.value("phone", "device_revenue", "TWN") is None


def test_a_figure_with_bounds_alone_stands_at_their_middle(tmp_path):
    row = "h1,gas,stock,World,2022,,10,30,days,n/a,actual,stated,s1,p. 1,"
    found = load(tmp_path, **tiny.add("observations", row)).value("gas", "stock")
    assert (found.low, found.best, found.high) == (10, 20, 30)


@pytest.mark.parametrize("period", ["soon", "2022Q7", ""])
def test_a_period_that_is_none_is_refused(case, period):
    with pytest.raises(BadInput, match="a period such as 2019"):
        case.shares("chip", period=period)


# ---------------------------------------------------------------- status and basis


def test_a_forecast_is_never_used_unless_asked_for(case):
    assert set(case.shares("chip", period=2032)["period"]) == {"2022"}
    assert case.shares("chip", all=True)["status"].eq("actual").all()
    assert named(case.shares("chip", period=2032, status="forecast")) == {"TWN": 47, "Other": 53}


def test_an_item_with_forecasts_alone_has_no_shares(tmp_path):
    row = "f1,power,capacity_share,TWN,2022,50,,,percent,location,forecast,stated,s1,p. 1,"
    case = load(tmp_path, **tiny.add("observations", row))
    assert case.shares("power").empty
    assert len(case.shares("power", status="forecast")) == 2


def test_each_basis_is_kept_apart(case):
    by_seat = case.shares("tool", basis="headquarters")
    assert by_seat[["entity", "value", "basis"]].values.tolist() == [
        ["firm:Lito", 100.0, "headquarters"]
    ]
    assert set(case.shares("tool", basis="location")["basis"]) == {"location"}
    assert case.shares("chip", basis="headquarters").empty


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ({"status": "actualy"}, "actual"),
        ({"basis": "headquarter"}, "headquarters"),
        ({"rest": "splitt"}, "split"),
        ({"measure": "capacity_shares"}, "capacity_share"),
    ],
)
def test_a_word_that_is_none_is_refused_with_the_nearest(case, asked, nearest):
    with pytest.raises(UnknownName, match=f"nearest: {nearest}"):
        case.shares("chip", **asked)


def test_an_unknown_item_is_refused_with_the_nearest(case):
    with pytest.raises(UnknownName, match="nearest: memory"):
        case.shares("memry")


def test_an_item_without_shares_gives_an_empty_table_with_its_columns(case):
    for frame in (case.shares("power"), case.shares("power", all=True)):
        assert frame.empty
        assert list(frame.columns[: len(COLUMNS)]) == COLUMNS


# ---------------------------------------------------------------- the rest split by assumptions


def test_the_rest_is_split_only_where_it_is_asked_for(case):
    assert named(case.shares("memory")) == {"KOR": 52, "TWN": 20, "Other": 28}
    split = case.shares("memory", rest="split")
    assert named(split) == {"KOR": 52, "TWN": 20, "JPN": 20, "CHN": 8}
    grades = dict(zip(split["entity"], split["grade"], strict=True))
    assert grades == {"KOR": "stated", "TWN": "stated", "JPN": "assumed", "CHN": "assumed"}


def test_the_split_is_scaled_to_the_size_of_other_and_so_are_its_bounds(tmp_path):
    text = tiny.FILES["assumptions.csv"].replace("CHN,2022,8,4,12", "CHN,2022,36,18,54")
    case = load(tmp_path, assumptions=text)
    split = case.shares("memory", rest="split").set_index("entity")
    assert split["value"].to_dict() == pytest.approx({"KOR": 52, "TWN": 20, "CHN": 18, "JPN": 10})
    assert split.loc["CHN", ["low", "high"]].tolist() == pytest.approx([9, 27])
    assert (split["low"].fillna(0) <= split["value"]).all()


def test_an_assumption_never_adds_to_a_place_that_the_source_names(tmp_path):
    change = ("memory,capacity_share,JPN", "memory,capacity_share,KOR")
    case = load(tmp_path, **tiny.edit("assumptions", change))
    assert named(case.shares("memory", rest="split")) == {"KOR": 52, "TWN": 20, "CHN": 28}


def test_assumptions_of_another_year_do_not_split_the_rest(tmp_path):
    change = ("capacity_share,JPN,2022", "capacity_share,JPN,2021")
    case = load(tmp_path, **tiny.edit("assumptions", change))
    assert named(case.shares("memory", rest="split")) == {"KOR": 52, "TWN": 20, "CHN": 28}


# ---------------------------------------------------------------- the tables themselves


def test_the_tables_of_a_case_cannot_be_changed_from_outside(case):
    items, shares = case.items, case.shares("chip")
    items.loc[0, "name"] = "changed"
    shares.loc[0, "value"] = 0
    assert case.items.loc[0, "name"] == "Gas"
    assert case.shares("chip").loc[0, "value"] == 69
    with pytest.raises(AttributeError):
        case.drawn = {}


def test_numbers_are_numbers_and_empty_cells_are_missing(case):
    assert case.recipes["allocation"].dtype == np.float64
    assert case.observations["low"].isna().sum() == len(case.observations) - 1


def test_groups_have_members_and_firms_a_seat(case):
    assert case.members("EastAsia") == {"TWN", "KOR", "JPN"}
    assert case.members("TWN") == {"TWN"}
    assert case.seat("firm:Lito") == "NLD"
    assert case.seat("firm:Nobody") == "Other"


def test_a_recipe_for_a_period_goes_first_then_one_for_all_then_the_nearest(tmp_path):
    def stops(case, period):
        return case.recipe(period)["phone", "chip"].numbers["stops_fraction"].best

    case = load(tmp_path)
    assert [stops(case, period) for period in ("2019", "2022", "2020", "2030")] == [
        *(0.5, 0.8, 0.5, 0.8)
    ]
    row = "phone,chip,,0.7,,,essential,0.1,,,,,,5,,,assumed,narrows-assumption,x"
    case = load(tmp_path, **tiny.add("recipes", row))
    assert [stops(case, period) for period in ("2019", "2022", "2020")] == [0.5, 0.8, 0.1]


def test_the_digest_names_the_tables_and_not_the_folder(tmp_path):
    first = evidence.load(tiny.write(tmp_path / "one"))
    second = evidence.load(tiny.write(tmp_path / "two"))
    change = tiny.edit("observations", ("TWN,2019,92,", "TWN,2019,91,"))
    other = evidence.load(tiny.write(tmp_path / "three", **change))
    assert first.digest == second.digest != other.digest
