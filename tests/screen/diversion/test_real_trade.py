"""Real monthly and yearly trade: how often a date without a control cries, what planting gives."""

import numpy as np
import pandas as pd
import pytest

from narrows.screen.diversion import diversion
from narrows.screen.diversion.flows import checked
from narrows.terms import places

_NAMES = {"UAE": "ARE", "USA": "USA", "Turkey": "TUR", "Czech Republic": "CZE", "Macau": "MAC"}
QUIET = [f"{year}-{month:02d}-01" for year in (2020, 2021, 2022) for month in (1, 4, 7, 10)]


def coded(names):
    """Give codes of the names that are known; the few others are left out."""
    known = {name: code for code, name in places().items()} | _NAMES
    return names.map(known)


@pytest.fixture(scope="module")
def graphite(request):
    """China's monthly exports of graphite, 2017 to 2024 (HS 250410 and 380110)."""
    folder = request.getfixturevalue("shared_data")
    table = pd.read_csv(
        folder / "trade/china_minerals/deep_dive_hs6_monthly.csv.gz", dtype={"hs6": str}
    )
    frame = pd.DataFrame(
        {
            "reporter": "CHN",
            "partner": coded(table["partner_name"]),
            "item": table["hs6"],
            "period": table["period_dt"].str[:7],
            "value_usd": table["val"],
            "weight_kg": table["qty"],
        }
    )
    return checked(frame.dropna(subset=["partner"]), source="UN Comtrade")


def test_dates_without_a_control_hardly_cry_in_chinas_graphite(graphite):
    flags = tests = 0
    for item in ("250410", "380110"):
        for after in QUIET:
            frame = diversion(graphite, item=item, after=after, periods=3).frame
            flags += int(frame["flagged"].sum())
            tests += int(frame["p_value"].notna().sum())
    assert tests > 600
    assert flags <= 0.01 * tests


def test_a_fifth_of_the_whole_trade_planted_in_chinas_graphite_is_found(graphite):
    rng = np.random.default_rng(1)
    frame = graphite.frame[graphite.frame["item"] == "380110"]
    sums = frame.groupby("partner")["value_usd"].sum().sort_values()
    small = sums.index[: int(0.8 * len(sums))]
    month = float(frame.groupby("period")["value_usd"].sum().median())
    found = 0
    for after in QUIET * 2:
        place = str(rng.choice(small))
        months = [f"{after[:5]}{int(after[5:7]) + step:02d}" for step in range(3)]
        extra = pd.DataFrame(
            {"reporter": "CHN", "partner": place, "item": "380110", "period": months}
        ).assign(flow="export", value_usd=0.2 * month, weight_kg=1e5)
        flows = checked(pd.concat([frame, extra]), source="planted")
        flagged = diversion(flows, item="380110", after=after, periods=3).flagged["transit"]
        found += place in set(flagged)
    assert found >= 18  # of 24


@pytest.fixture(scope="module")
def taiwan(request):
    """Taiwan's yearly exports of chips (HS 8542) by destination, 2013 to 2025."""
    folder = request.getfixturevalue("shared_data")
    table = pd.read_parquet(
        folder / "trade/taiwan_customs/hs8542_exports_by_partner_2013_2025.parquet"
    )
    frame = pd.DataFrame(
        {
            "reporter": "TWN",
            "partner": coded(table["partner"]),
            "item": table["hs6"],
            "period": table["year"].astype(str),
            "value_usd": table["value_usd"],
        }
    )
    return checked(frame.dropna(subset=["partner"]), source="Taiwan customs")


def test_real_yearly_chip_exports_of_taiwan_hardly_cry_in_quiet_years(taiwan):
    flags = tests = 0
    for year in range(2017, 2022):
        frame = diversion(taiwan, item="8542", after=f"{year}-01-01", periods=1).frame
        flags += int(frame["flagged"].sum())
        tests += int(frame["p_value"].notna().sum())
    assert tests > 600
    assert flags <= 0.01 * tests


def test_taiwans_chips_to_kyrgyzstan_stand_out_in_the_year_of_the_control(taiwan):
    frame = diversion(taiwan, item="8542", after="2022-02-24", targets="RUS").frame
    assert "KGZ" in set(frame["transit"].head(3))  # of more than 120 countries
    row = frame.set_index("transit").loc["KGZ"]
    assert row["before_usd"] < 1e4
    assert row["after_usd"] > 4e5
    assert "small base" in row["innocent"]


def test_among_the_transit_countries_named_by_authorities_three_are_flagged(taiwan):
    # Named in 2023 and 2024 by FinCEN, BIS and the EU as high risk of transit to Russia.
    named = ["ARM", "BRA", "GEO", "IND", "ISR", "KAZ", "KGZ", "MEX", "NIC", "SRB", "ZAF"]
    named += ["TJK", "ARE", "UZB"]
    found = diversion(taiwan, item="8542", after="2022-02-24", targets="RUS", candidates=named)
    assert set(found.flagged["transit"]) == {"KGZ", "UZB", "SRB"}
    assert "more than was lost" in found.frame.set_index("transit").loc["IND", "innocent"]
