"""Sobol indices on request: against indices known in closed form, and what is refused."""

import numpy as np
import pandas as pd
import pytest

import tiny
from narrows.evidence import load
from narrows.network import from_case, from_mrio
from narrows.simulate import CapacityLoss, DemandChange, Range, Rules, Scenario, sobol
from narrows.terms import BadInput, UnknownName


def one_maker():
    """Give a place that makes one good without inputs, and nothing else."""
    unit = pd.MultiIndex.from_tuples([("JPN", "cars")])
    use = pd.MultiIndex.from_tuples([("JPN", "final")])
    return from_mrio(pd.DataFrame(0.0, unit, unit), pd.DataFrame(100.0, unit, use))


def moments(value):
    """Give mean and variance of a PERT distribution."""
    mean = (value.low + 4 * value.best + value.high) / 6
    return mean, (mean - value.low) * (value.high - mean) / 7


def test_the_indices_of_a_product_are_those_in_closed_form():
    """Two losses on one unit leave (1 - a)(1 - b) of a day: indices of a product are known.

    With p = E[x]^2 / V[x] of each factor, S = p_other / (p_one + p_other + 1) and
    ST = (1 + p_other) / (p_one + p_other + 1).
    """
    a, b = Range(0.1, 0.5, 0.9), Range(0.2, 0.3, 0.9)
    stops = [CapacityLoss(place="JPN", lost=each, start=1, days=1) for each in (a, b)]
    scenario = Scenario(name="x", days=3, shocks=stops)
    found = sobol(one_maker(), scenario, ["shocks.0.lost", "shocks.1.lost"], draws=1024)
    p = [(1 - moments(each)[0]) ** 2 / moments(each)[1] for each in (a, b)]
    whole = p[0] + p[1] + 1
    table = found.table.set_index("input")
    for number, name in enumerate(["shocks.0.lost", "shocks.1.lost"]):
        other = p[1 - number]
        assert table.loc[name, "first_order"] == pytest.approx(other / whole, abs=0.02)
        assert table.loc[name, "total"] == pytest.approx((1 + other) / whole, abs=0.02)
    assert found.runs == 1024 * 4
    assert (table["total_interval"] > 0).all()


def test_an_input_without_effect_has_no_index():
    stop = CapacityLoss(place="JPN", lost=Range(0.1, 0.5, 0.9), start=1, days=1)
    scenario = Scenario(name="x", days=3, shocks=[stop], rules=Rules(psi=Range(0.1, 0.5, 0.9)))
    table = sobol(one_maker(), scenario, ["rules.psi", "shocks.0.lost"], draws=64).table
    assert table["input"].tolist() == ["shocks.0.lost", "rules.psi"]
    assert table["total"].tolist() == pytest.approx([1, 0], abs=0.05)


def test_estimates_of_a_case_can_be_asked_about(tmp_path):
    case = load(tiny.write(tmp_path))
    net = from_case(case)
    name = str(case.estimates().query("measure == 'cover_days'")["id"].iloc[0])
    stop = CapacityLoss(place="TWN", lost=Range(0.5, 0.8, 1.0), start=1)
    scenario = Scenario(name="x", days=60, shocks=[stop])
    table = sobol(net, scenario, [name, "shocks.0.lost"], draws=32).table
    assert set(table["input"]) == {name, "shocks.0.lost"}
    assert np.isfinite(table["total"]).all()


def test_what_cannot_be_asked_is_refused():
    stop = CapacityLoss(place="JPN", lost=Range(0.1, 0.5, 0.9), start=1, days=1)
    scenario = Scenario(name="x", days=3, shocks=[stop, DemandChange(change=0.1, start=1)])
    net = one_maker()
    with pytest.raises(UnknownName, match=r"shocks\.1\.change"):
        sobol(net, scenario, ["shocks.1.change"])
    with pytest.raises(BadInput, match="power of two"):
        sobol(net, scenario, ["shocks.0.lost"], draws=100)
    with pytest.raises(BadInput, match="1 to 20"):
        sobol(net, scenario, [])
    with pytest.raises(UnknownName, match="deepest"):
        sobol(net, scenario, ["shocks.0.lost"], of="depest")
    with pytest.raises(UnknownName, match="market"):
        sobol(net, scenario, ["shocks.0.lost"], draws=2, market="USA")
