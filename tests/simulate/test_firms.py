"""Networks of firms run like any other: sparse sourcing gives what dense sourcing gives."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from narrows.network import Sourcing, from_firms
from narrows.simulate import CapacityLoss, Rules, Scenario, TradeCut, Transit, run

RANDOM = np.random.default_rng(5)
PLACES = ["A", "B", "C"]


@pytest.fixture(scope="module")
def net():
    firms = pd.DataFrame(
        {
            "id": [f"f{number}" for number in range(60)],
            "sector": [f"s{number % 4}" for number in range(60)],
            "revenue": RANDOM.uniform(500, 900, 60),
            "place": [PLACES[number % 3] for number in range(60)],
        }
    )
    pairs = {(a, b) for a, b in RANDOM.integers(0, 60, (240, 2)).tolist() if a != b}
    links = pd.DataFrame(
        [(f"f{a}", f"f{b}", RANDOM.uniform(5, 30)) for a, b in sorted(pairs)],
        columns=["supplier", "buyer", "value"],
    )
    return from_firms(links, firms, essential="essential")


def dense(net):
    """Give the same network with dense sourcing."""
    shares = [each.shares for each in net.sourcing]
    full = tuple(
        Sourcing(each.toarray()) if hasattr(each, "toarray") else own
        for own, each in zip(net.sourcing, shares, strict=True)
    )
    return replace(net, sourcing=full)


SHOCKS = {
    "capacity": [CapacityLoss(place="A", lost=0.7, start=3, days=20)],
    "cut": [TradeCut(between=["A", "*"], lost=0.9, start=3, days=20)],
    "cut of one item": [TradeCut(from_="A", to=["B", "C"], items="s1", start=3, days=20)],
}
RULES = {
    "fixed": Rules(sourcing="fixed", cover_days=5, restocking_days=5),
    "adaptive": Rules(cover_days=5, restocking_days=5, headroom=1.3, headroom_days=20),
    "home first": Rules(cover_days=5, restocking_days=5, rationing="home-first"),
    "at sea": Rules(cover_days=5, restocking_days=5, transit=[Transit(between=["A", "B"], days=4)]),
    "in process": Rules(cover_days=5, restocking_days=5, process_days=6),
}


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("shocks", SHOCKS)
def test_sparse_sourcing_equals_dense_sourcing(net, shocks, rules):
    scenario = Scenario(name="x", days=60, shocks=SHOCKS[shocks], rules=RULES[rules])
    one, other = (run(each, scenario).to_dataset()["production"] for each in (net, dense(net)))
    assert {each.kind for each in net.sourcing} == {"csr"}
    assert np.allclose(one, other, rtol=1e-10, atol=1e-12)
    assert float(one.min()) < 0.9 * float(one[0].min())
