"""A second array library: PyTorch runs the same day as numpy, on the processor and on a GPU."""

import numpy as np
import pytest
import torch

import tiny
from narrows.evidence import load
from narrows.network import from_case, from_mrio
from narrows.simulate import (
    CapacityLoss,
    DemandChange,
    RecipeChange,
    Rules,
    Scenario,
    StockChange,
    TradeCut,
)
from narrows.simulate.convert import converted
from narrows.simulate.kernels.step import namespace, step
from narrows.simulate.prepare import prepare
from tables import balanced

DAYS = 60


def scenarios(places, items, **rules):
    """Give one scenario of every kind of shock, to run side by side."""
    shocks = [
        CapacityLoss(place=places[0], lost=0.5, start=2, days=20),
        TradeCut(between=[places[1], "*"], lost=0.7, start=5, days=25),
        DemandChange(change=0.3, start=4, days=10),
        StockChange(place=places[0], lost=0.4, start=6),
        RecipeChange(inputs=items[0], change=-0.2, start=7, days=12),
    ]
    return [
        Scenario(name=each.kind, days=DAYS, shocks=[each], rules=Rules(**rules)) for each in shocks
    ]


def on_torch(array, device="cpu"):
    return torch.tensor(array, device=device)


def compare(net, given, device="cpu", tolerance=1e-12):
    """Run numpy and PyTorch side by side and compare what every day shows."""
    prepared = prepare(net, given)
    model, state = prepared.model, prepared.state
    other_model, other = converted((model, state), lambda array: on_torch(array, device))
    for number in range(DAYS):
        day = prepared.drive.day(number)
        state, expected = step(model, state, day)
        other, found = step(other_model, other, converted(day, lambda a: on_torch(a, device)))
        for name in ("made", "orders", "filled", "wished", "arrived"):
            mine, theirs = getattr(expected, name), getattr(found, name).cpu().numpy()
            assert np.allclose(theirs, mine, rtol=tolerance, atol=tolerance), (number, name)
    return expected


@pytest.mark.parametrize(
    "rules",
    [
        {"sourcing": "fixed"},
        {"sourcing": "adaptive", "headroom": 1.2, "headroom_days": 30},
        {"sourcing": "adaptive", "qualification_days": 9},
    ],
    ids=["fixed", "adaptive", "qualified"],
)
def test_a_table_runs_on_torch_as_on_numpy(rules):
    net = from_mrio(*balanced(3, 3, seed=4))
    last = compare(net, scenarios(["R00", "R01"], ["s00"], **rules))
    assert np.isfinite(last.made).all()


def test_a_chain_runs_on_torch_as_on_numpy(tmp_path):
    net = from_case(load(tiny.write(tmp_path)))
    last = compare(net, scenarios(["TWN", "UKR"], ["gas"]))
    assert np.isfinite(last.made).all()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_table_runs_on_a_gpu_as_on_numpy():
    net = from_mrio(*balanced(3, 3, seed=4))
    compare(net, scenarios(["R00", "R01"], ["s00"]), device="cuda", tolerance=1e-10)


def test_the_library_is_taken_from_the_array():
    assert namespace(torch.ones(1)) is torch
