"""The documented cases of 2022: what was published must be flagged, innocent growth not.

Sources of the figures:

- Growth of exports of the European Union, second half of 2021 to second half of 2022: Kyrgyzstan
  +537 %, Armenia +178 %, Kazakhstan +116 %, Azerbaijan +45 %, Georgia +41 % (Berne Union, on
  data of the IMF).
- About half of the additional exports of the EU and the UK to Armenia, Kazakhstan and Kyrgyzstan
  in 2022 and 2023 never appear as imports there (CEPR Discussion Paper 20097, 2025).
- Chips from Armenia to Russia: under 2 thousand US dollars in 2021, 13 million in 2022 (Wall
  Street Journal).

Levels, and the noise around them, are made: ratios were published.
"""

import numpy as np
import pandas as pd
import pytest

from narrows.screen.diversion import diversion
from narrows.screen.diversion.flows import checked

MARCH = 50  # months from January 2018 to March 2022, the first whole month under control
GROWTH = {"KGZ": 6.37, "ARM": 2.78, "KAZ": 2.16, "AZE": 1.45, "GEO": 1.41}
SIZES = {"KGZ": 2e7, "ARM": 6e7, "KAZ": 5e8, "AZE": 1.5e8, "GEO": 1.8e8}  # USD a month, made
DOCUMENTED = {"KGZ", "ARM", "KAZ"}


def factors(growth, count=60):
    """Give the published growth from the control on."""
    return np.where(np.arange(count) < MARCH, 1.0, growth)


def growing(names, seed):
    """Give ten countries that grow by 15 to 40 percent a year all the time."""
    rng = np.random.default_rng(seed)
    chosen = [name for name in names if name not in GROWTH][:10]
    rates = rng.uniform(0.15, 0.40, 10)
    return {
        name: (1 + rate) ** (np.arange(60) / 12) for name, rate in zip(chosen, rates, strict=True)
    }


@pytest.fixture
def published(trade):
    def made(seed):
        changed = {name: factors(growth) for name, growth in GROWTH.items()}
        names = trade(seed, SIZES)[2]
        innocent = growing(names, seed)
        table, _, _ = trade(seed, SIZES, changed=changed | innocent)
        return checked(table, source="made around published growth"), set(innocent)

    return made


def test_kyrgyzstan_armenia_and_kazakhstan_are_flagged_within_four_months(published):
    count = dict.fromkeys(DOCUMENTED, 0)
    innocent_flags = 0
    for seed in range(20):
        flows, innocent = published(seed)
        found = diversion(flows, item="8542", after="2022-02-24", periods=4)
        flagged = set(found.flagged["transit"])
        for name in DOCUMENTED:
            count[name] += name in flagged
        innocent_flags += len(flagged & innocent)
    assert (count["KGZ"], count["ARM"]) == (20, 20)
    assert count["KAZ"] >= 18
    assert innocent_flags <= 2  # of two hundred growing, innocent pairs


def test_the_order_of_the_published_growth_is_kept(published):
    flows, _ = published(0)
    frame = diversion(flows, item="8542", after="2022-02-24", periods=10).frame
    rise = frame.set_index("transit")["over_expected"]
    assert rise["KGZ"] > rise["ARM"] > rise["KAZ"] > max(rise["AZE"], rise["GEO"])
    assert rise["KGZ"] == pytest.approx(6.37, rel=0.25)
    assert rise["ARM"] == pytest.approx(2.78, rel=0.25)
    assert rise["KAZ"] == pytest.approx(2.16, rel=0.25)


def test_the_half_of_the_additional_exports_that_never_arrives_is_measured(trade):
    changed = {name: factors(GROWTH[name]) for name in DOCUMENTED}
    table, values, names = trade(3, SIZES, changed=changed)
    base = trade(3, SIZES)[1]  # the same noise without growth
    arrived = values.copy()
    for name in DOCUMENTED:
        at = names.index(name)
        arrived[at] = base[at] + (values[at] - base[at]) / 2
    rng = np.random.default_rng(3)
    arrived *= 1.06 * np.exp(rng.normal(0, 0.05, arrived.shape))  # freight, and errors of counting
    imports = table.assign(
        reporter=table["partner"], partner="DEU", flow="import", value_usd=arrived.ravel()
    )
    flows = checked(pd.concat([table, imports]), source="made")
    found = diversion(flows, item="8542", after="2022-02-24", periods=10)
    frame = found.frame.set_index("transit")
    for name in DOCUMENTED:
        assert frame.loc[name, "missing_of_additional"] == pytest.approx(0.5, abs=0.15)
        assert "mirror gap" in frame.loc[name, "signs"]
    rest = frame[~frame.index.isin(DOCUMENTED)]
    assert rest["signs"].str.contains("mirror gap").mean() <= 0.03
    assert "of the additional exports" in found.explain("Kyrgyzstan")


def test_armenian_chips_to_russia_are_a_sign_of_their_own(trade):
    table, _, _ = trade(4, {"ARM": 2e5}, changed={"ARM": factors(2.78)})
    years = table.assign(period=table["period"].str[:4])
    onward = pd.DataFrame(
        {
            "reporter": "ARM",
            "partner": "RUS",
            "item": "854231",
            "period": ["2018", "2019", "2020", "2021", "2022"],
            "flow": "export",
            "value_usd": [0.0, 0.0, 0.0, 2e3, 13e6],
        }
    )
    flows = checked(pd.concat([years, onward]), source="made around published figures")
    found = diversion(flows, item="8542", after="2022-02-24", targets="RUS", origins=["DEU"])
    row = found.frame.set_index("transit").loc["ARM"]
    assert row["onward_after_usd"] == pytest.approx(13e6)
    assert row["onward_before_usd"] <= 2e3
    assert "onward" in row["signs"]
    assert "It sent 13 million USD on to the target" in found.explain("ARM")
