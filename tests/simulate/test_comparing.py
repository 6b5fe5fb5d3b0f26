"""Two runs or ensembles side by side: the same draws, or one clear refusal."""

import numpy as np
import pytest

import tiny
from narrows.evidence import load
from narrows.network import from_case, from_mrio
from narrows.simulate import (
    CapacityLoss,
    Range,
    Rules,
    Scenario,
    as_json,
    compare,
    ensemble,
    json_schema,
    run,
)
from narrows.terms import BadInput
from tables import balanced

NET = from_mrio(*balanced(3, 3, seed=4))


def scenario(lost=0.5, days=60, **rules):
    stop = CapacityLoss(place="R00", lost=lost, start=3, days=20)
    given = {"cover_days": 5, "psi": Range(0.5, 0.8, 0.9), **rules}
    return Scenario(name="loss", days=days, shocks=[stop], rules=Rules(**given))


def test_two_runs_are_subtracted_market_by_market():
    one, other = run(NET, scenario(0.3)), run(NET, scenario(0.6))
    found = compare(one, other)
    assert found.kind == "run"
    key = ["market", "item"]
    a, b = (each.summary().set_index(key)["shortfall_days"] for each in (one, other))
    days = found.table[found.table["outcome"] == "shortfall_days"].set_index(key)
    assert np.allclose(days["difference"], (b - a)[days.index])
    assert days["difference"].abs().is_monotonic_decreasing


def test_the_same_run_differs_by_nothing():
    one = run(NET, scenario())
    assert (compare(one, one).table["difference"] == 0).all()


def test_draws_are_compared_one_by_one():
    lost = (Range(0.1, 0.3, 0.5), Range(0.2, 0.5, 0.7))
    one, other = (ensemble(NET, scenario(each), 40, seed=2) for each in lost)
    found = compare(one, other).table
    whole = found[(found["market"] == "all") & (found["outcome"] == "shortfall_days")].iloc[0]
    a, b = (
        each.outcomes().query("market == 'all'")["shortfall_days"].to_numpy()
        for each in (one, other)
    )
    assert whole["difference"] == pytest.approx(np.median(b - a))
    assert whole["difference_10"] == pytest.approx(np.quantile(b - a, 0.1))
    assert whole["other_is_worse"] == 1.0
    apart = (np.quantile(b, 0.9) - np.quantile(b, 0.1)) + np.ptp(np.quantile(a, [0.1, 0.9]))
    assert whole["difference_90"] - whole["difference_10"] < apart


def test_a_chain_is_compared_with_estimates_drawn(tmp_path):
    net = from_case(load(tiny.write(tmp_path)))
    stops = [CapacityLoss(place="TWN", lost=lost, start=3, days=20) for lost in (0.3, 0.6)]
    made = [ensemble(net, Scenario(name="x", days=40, shocks=[stop]), 8) for stop in stops]
    found = compare(*made).table
    assert (found["difference_10"] <= found["difference_90"]).all()


def test_what_cannot_be_set_side_by_side_is_refused():
    one = ensemble(NET, scenario(), 8, seed=1)
    with pytest.raises(BadInput, match=r"days: found 60 and 50; expected the same in both"):
        compare(run(NET, scenario()), run(NET, scenario(days=50)))
    with pytest.raises(BadInput) as told:
        compare(one, ensemble(NET, scenario(days=50), 9, seed=2))
    assert {fault.field for fault in told.value.faults} == {"days", "draws", "seed"}
    with pytest.raises(BadInput, match="Run and Ensemble"):
        compare(run(NET, scenario()), one)
    with pytest.raises(BadInput, match="markets"):
        compare(run(NET, scenario()), run(from_mrio(*balanced(2, 3)), scenario()))


def test_the_forms_follow_their_schema():
    jsonschema = pytest.importorskip("jsonschema")
    made, many = run(NET, scenario()), ensemble(NET, scenario(restocking_days=1), 35)
    for result in (made, many, compare(made, made), compare(many, many)):
        form = as_json(result, NET)
        jsonschema.validate(form, json_schema(form["schema"].split("/")[1]))
        assert form["rows"]
    assert as_json(many)["drivers"]
    assert as_json(many)["cautions"][0]["check"] == "restocking"
