"""The bundled cases: headline figures with their source, and what must hold in every row."""

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from narrows import evidence
from narrows.evidence.schema import ID, is_share
from narrows.terms import ASSUMED_SOURCE, is_firm

CASES = ("batteries", "energy-and-food", "semiconductors")
DATA = Path(evidence.__file__).parent / "data"

# case, item, period, places with their percents in the set in use, source (the page that was read),
# and who first published the figures
SHARES = """
semiconductors | wafer-fab-total | 2019 | TWN 20 | news-2022-07-29 | SIA/BCG 2021
semiconductors | wafer-fab-total | 2022 | CHN 24, TWN 18, KOR 17, JPN 17 | yonhap-2024-05 | SIA/BCG 2024
semiconductors | wafer-fab-total | 2025 | CHN 32.4, TWN 16.1, KOR 15.3, JPN 14.3, USA 9.1 | oecd-2025-chip-landscape | OECD 2025
semiconductors | logic-lt10nm | 2019 | TWN 92, KOR 8 | sia-2021-strengthening | SIA/BCG 2021
semiconductors | logic-lt10nm | 2022 | TWN 69, KOR 31 | tomshw-2024-itri | SIA/BCG 2024
semiconductors | logic-10-22nm | 2019 | USA 43, TWN 28, Europe 12, KOR 5, CHN 3, Other 9 | kochina21-2021 | SIA/BCG 2021
semiconductors | logic-10-22nm | 2022 | TWN 40, USA 28, Other 32 | tomshw-2024-itri | SIA/BCG 2024
semiconductors | logic-28-45nm | 2019 | TWN 47, CHN 19, USA 6, KOR 6, JPN 5, Europe 4, Other 13 | kochina21-2021 | SIA/BCG 2021
semiconductors | logic-gt45nm | 2019 | TWN 33, CHN 23, JPN 13, KOR 10, USA 9, Europe 6 | kochina21-2021 | SIA/BCG 2021
semiconductors | dram | 2022 | KOR 52, TWN 20 | zareason-2024 | SIA/BCG 2024
semiconductors | nand | 2022 | KOR 30, JPN 30, CHN 26 | zareason-2024 | SIA/BCG 2024
semiconductors | foundry-total | 2022 | TWN 47, CHN 24, KOR 13, USA 6 | tf-cn-2023-11-24 | TrendForce 2023
semiconductors | gallium | 2023 | CHN 98.1 | usgs_mcs2025_world | USGS 2025
semiconductors | tungsten | 2022 | CHN 82.7 | dms_tungsten2024 | USGS 2024
semiconductors | helium | 2023 | USA 46.6, QAT 37.5 | usgs_mcs2025_world | USGS 2025
semiconductors | neon-chip-grade | 2021 | UKR 49.5 | reuters_neon | Reuters 2022
batteries | battery-cell | 2021 | CHN 75, USA 7 | mercom_iea | IEA 2022
batteries | cathode | 2021 | CHN 70 | iea_evb | IEA 2022
batteries | anode | 2021 | CHN 85 | mercom_iea | IEA 2022
batteries | rare-earths-refined-magnet | 2023 | CHN 92, MYS 5 | seaisi_ree | IEA 2024
batteries | cobalt-mine | 2024 | COD 76.3 | usgs_mcs2025_world | USGS 2025
energy-and-food | gas-imports-eu27 | 2021 | RUS 45, NOR 23, DZA 12 | ec_eu2021 | European Commission 2022
energy-and-food | crude-imports-eu27 | 2021 | RUS 27 | ec_eu2021 | European Commission 2022
energy-and-food | coal-imports-eu27 | 2021 | RUS 46 | ec_eu2021 | European Commission 2022
energy-and-food | wheat | 2020 | RUS 19.3, UKR 8.32 | wb_issuu | World Bank, season 2020/21
energy-and-food | sunflower-oil | 2020 | UKR 46.91, RUS 28.88 | wb_issuu | World Bank, season 2020/21
"""  # noqa: E501 a table reads better in one line a row

# case, observation, measure, entity, period, value, source, who first published the figure
FIGURES = """
semiconductors | ch0795 | inventory_days | World | 2019 | 40 | gcc-rfi-2022-01-26 | US Commerce 2022
semiconductors | ch0797 | inventory_days | World | 2021 | 5 | gcc-rfi-2022-01-26 | US Commerce 2022
energy-and-food | mat-1079 | inventory_days | TWN | 2022 | 11 | reuters_tw22 | Reuters 2022
energy-and-food | mat-1104 | inventory_days | JPN | 2019 | 230 | fxl_jp19 | METI 2019
energy-and-food | mat-1136 | self_sufficiency | JPN | 2022 | 38 | jiji_fy22 | MAFF 2023
energy-and-food | mat-1138 | self_sufficiency | TWN | 2023 | 30.3 | cna_tw23 | Taiwan MOA 2024
energy-and-food | mat-1137 | self_sufficiency | KOR | 2023 | 32.5 | ckhq_kr | Korea RDA 2024
"""


def table(text):
    """Cut a table into lists of cells."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


LEAST = {  # items, edges, observations, sources
    "semiconductors": (120, 180, 700, 150),
    "batteries": (30, 30, 200, 15),
    "energy-and-food": (30, 30, 200, 40),
}


@pytest.fixture(scope="module")
def cases():
    return {name: evidence.load(name) for name in CASES}


@pytest.fixture(params=CASES)
def case(cases, request):
    return cases[request.param]


def figures(case):
    """Give observations and assumptions as one list of rows, empty cells as None."""
    tables = [case.observations, case.assumptions]
    rows = [row for each in tables for row in each.to_dict("records")]
    return [{name: None if pd.isna(cell) else cell for name, cell in row.items()} for row in rows]


def test_the_three_cases_are_bundled():
    assert set(evidence.bundled()) >= set(CASES)


@pytest.mark.parametrize(("name", "item", "period", "printed", "source", "first"), table(SHARES))
def test_a_headline_set_is_as_printed(cases, name, item, period, printed, source, first):
    parts = {place: float(value) for place, value in map(str.split, printed.split(","))}
    frame = cases[name].shares(item, period=period).set_index("entity")
    assert frame.loc[list(parts), "value"].to_dict() == parts, first
    assert set(frame["source_id"]) == {source}
    assert set(frame["grade"]) <= {"stated", "derived"}
    assert (frame["locator"] != "").all()
    assert set(frame["filled"]) == {""}


@pytest.mark.parametrize("cells", table(FIGURES), ids=lambda cells: cells[1])
def test_a_headline_figure_is_as_printed(cases, cells):
    name, wanted, *printed = cells
    row = next(row for row in figures(cases[name]) if row["id"] == wanted)
    found = [row["measure"], row["entity"], row["period"], f"{row['value']:g}", row["source_id"]]
    assert found == printed[:-1]


def test_less_than_five_days_of_stock_is_kept_as_an_upper_bound(cases):
    row = next(row for row in figures(cases["semiconductors"]) if row["id"] == "ch0797")
    assert (row["low"], row["high"]) == (None, 5)


def test_taiwan_in_2019_leads_back_to_its_page(cases):
    row = cases["semiconductors"].shares("wafer-fab-total", period=2019).iloc[0]
    assert (row["entity"], row["value"], row["grade"]) == ("TWN", 20, "stated")
    assert (row["source_id"], row["locator"]) == ("news-2022-07-29", "paragraphs on concentration")


@pytest.mark.parametrize("period", ["2019", "2022"])
def test_classes_weighted_by_wafer_area_return_the_world_share_of_taiwan(cases, period):
    # published for all chips: 20 (2019) and 18 (2022); the classes and their areas are estimates
    case, total = cases["semiconductors"], 0.0
    areas = case.assumptions[case.assumptions["measure"] == "part_of_wafer_area"]
    for item, area in zip(areas["subject"], areas["value"], strict=True):
        frame = case.shares(item, period=period, rest="split").set_index("entity")["value"]
        total += area / 100 * frame.get("TWN", 0.0)
    assert areas["value"].sum() == pytest.approx(100)
    assert total == pytest.approx({"2019": 20, "2022": 18}[period], abs=1)


def test_a_case_is_as_large_as_promised(case):
    edges = case.recipes[["item", "input"]].drop_duplicates()
    sizes = (len(case.items), len(edges), len(case.observations), len(case.sources))
    assert all(size >= least for size, least in zip(sizes, LEAST[case.name], strict=True)), sizes


def test_a_case_passes_its_own_check(case):
    assert evidence.check(DATA / case.name) == ()


def test_every_assumption_has_a_range_and_a_reason(case):
    for row in case.assumptions.to_dict("records"):
        assert row["low"] <= row["value"] <= row["high"], row["id"]
        assert len(row["reason"].split()) >= 3, row["id"]
        assert row["grade"] == "assumed", row["id"]


def test_every_assumed_recipe_entry_says_why(case):
    for row in case.recipes[case.recipes["grade"] == "assumed"].to_dict("records"):
        assert len(str(row["note"]).split()) >= 2, (row["item"], row["input"])
        assert row["source_id"] == ASSUMED_SOURCE


def test_a_recipe_entry_that_is_not_assumed_names_a_page(case):
    for row in case.recipes[case.recipes["grade"] != "assumed"].to_dict("records"):
        assert row["source_id"] != ASSUMED_SOURCE, (row["item"], row["input"])


def test_every_observation_says_where_in_its_source_it_stands(case):
    assert (case.observations["locator"].fillna("") != "").all()
    assert (case.observations["source_id"] != ASSUMED_SOURCE).all()


def test_every_source_is_cited_and_can_be_found(case):
    cited = {row["source_id"] for row in figures(case)}
    cited |= set(case.recipes["source_id"]) | set(case.groups["source_id"])
    words = " ".join([*case.recipes["note"].dropna(), *case.assumptions["reason"]])
    for row in case.sources.fillna("").to_dict("records"):
        assert row["id"] in cited or row["id"] in words, row["id"]
        assert row["publisher"], row["id"]
        assert row["title"], row["id"]
        assert row["date"], row["id"]
        assert row["terms"], row["id"]
        why_none = row["kind"] == "assumption" or "without an address" in row["read_as"]
        assert why_none or re.match("https?://", row["url"]), row["id"]


def test_one_page_has_one_id(case):
    # the tables of one release share the address of the release
    urls = Counter(url.rstrip("/") for url in case.sources["url"].dropna() if url)
    assert {url for url, count in urls.items() if count > 1} <= {"https://doi.org/10.5066/P13XCP3R"}


def test_nothing_of_the_eto_data_set_is_bundled(case):
    assert not case.sources["id"].str.contains("cset-eto|eto-chips").any()
    assert not case.sources["url"].fillna("").str.contains("cset|eto-supply-chain").any()


def test_every_item_is_wired_or_shown(case):
    wired = set(case.recipes["item"]) | set(case.recipes["input"])
    shown = {row["subject"] for row in figures(case)}
    for row in case.items.to_dict("records"):
        known = shown if row["kind"] == "group" else wired
        assert row["id"] in known, row["id"]


def test_every_input_reaches_an_end_use(case):
    users = {}
    for row in case.recipes.to_dict("records"):
        users.setdefault(row["input"], set()).add(row["item"])
    seen = ahead = set(case.items.loc[case.items["kind"] == "end-use", "id"])
    while ahead:
        ahead = {name for name, buyers in users.items() if buyers & ahead} - seen
        seen = seen | ahead
    wired = case.items.loc[case.items["kind"] != "group", "id"]
    assert set(wired) <= seen


def test_allocations_of_an_input_add_to_one_in_every_period(case):
    for period in case.periods:
        sums = Counter()
        for (_, name), row in case.recipe(period).items():
            sums[name] += row.numbers["allocation"].best
        for name, total in sums.items():
            assert total == pytest.approx(1, abs=0.005), (period, name)


def test_a_set_of_shares_adds_to_100_with_its_rest(case):
    for item in case.items["id"]:
        for period in case.periods:
            frame = case.shares(item, period=period, rest="split")
            if len(frame):
                assert frame["value"].sum() == pytest.approx(100, abs=2), (item, period)


def test_every_maker_that_is_known_by_seat_has_one(case):
    seats = set(case.groups.loc[case.groups["relation"] == "seat", "group"])
    for row in case.items[case.items["measure_headquarters"].fillna("") != ""].to_dict("records"):
        frame = case.shares(row["id"], row["measure_headquarters"], basis="headquarters")
        assert {name for name in frame["entity"] if is_firm(name)} <= seats, row["id"]


def test_ids_are_lower_case_with_hyphens_and_used_once(case):
    names = [*case.items["id"]]
    names += [old for text in case.items["alias"].dropna() for old in text.split(";") if old]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert all(re.fullmatch(ID, name) for name in case.items["id"])
    assert all(re.fullmatch(ID, row["id"]) for row in figures(case))


def test_a_measure_of_shares_is_in_percent_and_no_share_is_a_world_total(case):
    for row in figures(case):
        if is_share(row["measure"]):
            assert row["unit"] == "percent", row["id"]
            assert row["entity"] != "World", row["id"]


def test_texts_name_no_working_paper_and_no_machine(case):
    tables = (case.items, case.recipes, case.observations, case.assumptions, case.sources)
    pattern = r"/(?:work|tmp)\b|internal use|first table|second table|helper|\.; |;;|,,|\s\s"
    for table in tables:
        for column in table.select_dtypes(include=["object", "string"]).columns:
            found = table[column].dropna().astype(str)
            assert not found[found.str.contains(pattern)].tolist(), column


def test_the_sets_in_use_say_why(case):
    for choice in case.info.sets:
        assert len(choice.why.split()) >= 3, choice


def test_the_brief_of_a_case_points_at_known_items_and_places(case):
    brief, known = case.info.brief, set(case.items["id"])
    assert brief["question"].endswith("?")
    assert set(brief["focus_items"]) | set(brief["matrix_items"]) <= known
    for place in [brief["focus_place"], *brief["matrix_places"]]:
        assert case.members(place), place
