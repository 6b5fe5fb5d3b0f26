"""Parity exam with BoARIO 0.7.2: production over 365 days within 1e-9 relative.

The peer runs in a process of its own: it writes logs and leaves files open. It cannot hold two
events of capacity at once (its sum over them fails), so every run has one.
"""

import json
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from narrows.network import from_mrio
from narrows.simulate import CapacityLoss, CapitalLoss, Recovery, Rules, Scenario, run
from tables import balanced

pytest.importorskip("boario", reason="the peer: pip install 'narrows[test]'")
PEER = Path(__file__).parents[1] / "oracles" / "boario_peer.py"
CURVES = {
    "linear": Recovery("linear", days=60),
    "convexe": Recovery("exponential", days=60),
    "convexe noscale": Recovery("exponential", days=60, rate=1.0),
    "concave": Recovery("s-curve", days=60),
}


def peer(table, runs, folder):
    """Give production of the peer, by run: a frame of days and (region, sector)."""
    files = [folder / "table.pkl", folder / "runs.json", folder / "out.npz"]
    files[0].write_bytes(pickle.dumps(table))
    files[1].write_text(json.dumps(runs), "utf-8")
    done = subprocess.run(
        [sys.executable, PEER, *files], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr[-2000:]
    industries = pd.MultiIndex.from_tuples(sorted(table[0].index))
    with np.load(files[2]) as found:
        return {name: pd.DataFrame(found[name], columns=industries) for name in runs}


def shock(one):
    """Give our shock of an event of the peer."""
    labels = [f"{region}/{sector}" for region, sector in one["hit"]]
    lost = one["lost"] if isinstance(one["lost"], list) else [one["lost"]] * len(labels)
    common = {"table": list(zip(labels, lost, strict=True))}
    common |= {"start": one["start"], "days": one["days"]}
    if one.get("type") == "rebuild":
        more = {"rebuilt_with": one["rebuilt_with"], "rebuild_days": one["tau"]}
        return CapitalLoss(**common, **more, rebuild_cost=one["cost"])
    made = CapitalLoss if one.get("type") == "recovery" else CapacityLoss
    return made(**common, recovery=CURVES[one["curve"]])


def worst(table, runs, folder):
    """Give the largest relative difference of production in each run."""
    net = from_mrio(*table)
    pairs = [tuple(label.split("/")) for label in net.labels]
    out = {}
    for name, theirs in peer(table, runs, folder).items():
        one = runs[name]
        loss = shock(one)
        rules = Rules.boario(order=one["order"])
        found = run(net, Scenario(name=name, days=365, shocks=[loss], rules=rules))
        ours = found.to_dataset()["production"].to_numpy()
        expected = theirs[pairs].to_numpy()
        assert ours.shape == expected.shape
        some = expected > 0
        assert (ours[~some] == 0).all()
        out[name] = np.abs(ours[some] / expected[some] - 1).max()
        assert expected.min(axis=0).sum() < 0.999 * expected[0].sum(), "the event must be felt"
    return out


def events(hit, curves=CURVES, *, lost=0.6):
    return {
        f"{order}, {curve}": {
            "order": order,
            "curve": curve,
            "hit": hit,
            "lost": lost,
            "start": 5,
            "days": 60,
            "tau": 60,
        }
        for order in ("noalt", "alt")
        for curve in curves
    }


def pymrio_table():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pymrio

        system = pymrio.load_test().calc_all()
    return system.Z, system.Y, system.x.iloc[:, 0]


@pytest.mark.parametrize("least", [0, 10**12], ids=["fused day", "plain day"])
def test_the_test_table_of_pymrio(tmp_path, monkeypatch, least):
    monkeypatch.setattr("narrows.simulate.stepping._LEAST_FUSED", least)
    found = worst(
        pymrio_table(), events([["reg1", "food"], ["reg1", "mining"], ["reg3", "trade"]]), tmp_path
    )
    assert max(found.values()) < 1e-9, found


@pytest.mark.parametrize(
    "curves",
    [["linear"], pytest.param([*CURVES][1:], marks=pytest.mark.slow)],
    ids=["linear", "other curves"],
)
def test_a_balanced_table_of_400(tmp_path, curves):
    hit = [["R01", f"s{number:02d}"] for number in range(13)]
    found = worst(balanced(10, 40), events(hit, curves), tmp_path)
    assert max(found.values()) < 1e-9, found


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["recovery", "rebuild"])
def test_capital_in_a_table_of_400(tmp_path, kind):
    """The peer rounds what is missing to 7 digits: in a table of small numbers that is felt."""
    table = tuple(1e6 * each for each in balanced(10, 40))
    hit = [["R01", f"s{number:02d}"] for number in range(5)]
    more = {"tau": 60, "curve": "linear"}
    if kind == "rebuild":
        more = {"tau": 60, "cost": 1.0, "rebuilt_with": {"s07": 0.6, "s11": 0.4}}
    found = worst(table, of_capital(table, hit, kind, 0.3, **more), tmp_path)
    assert max(found.values()) < 1e-9, found


def wiod(shared_data):
    file = shared_data / "mrio" / "wiod2013" / "wiot_2011.parquet"
    if not file.is_file():
        pytest.skip(f"needs {file}")
    wide = pd.read_parquet(file).set_index("V1")
    rows = [label for label in wide.index if label not in ("VA", "OUT", "TLS")]
    z, final = wide.loc[rows, rows], wide.loc[rows].drop(columns=[*rows, "OUT"])
    for frame in (z, final):
        frame.columns = pd.MultiIndex.from_tuples(
            [tuple(each.split("_")) for each in frame.columns]
        )
        frame.index = pd.MultiIndex.from_tuples([tuple(each.split("_")) for each in frame.index])
    z.index.names = z.columns.names = final.index.names = ["region", "sector"]
    final.columns.names = ["region", "category"]
    below = z.sum(axis=1) + final.sum(axis=1) < 0  # two rows of -1: the peer refuses them
    final = final.mask(final.lt(0) & below.to_numpy()[:, None], 0)
    return z, final, (z.sum(axis=1) + final.sum(axis=1)).rename("indout")


@pytest.mark.slow
def test_wiod_2011(tmp_path, shared_data):
    hit = [["JPN", "c14"], ["JPN", "c15"]]
    found = worst(wiod(shared_data), events(hit, ["linear"], lost=0.5), tmp_path)
    assert max(found.values()) < 1e-9, found


def of_capital(table, hit, kind, part, **more):
    """Give events that destroy a part of the capital of some industries, both order types."""
    z, _, x = table
    added = (x - z.sum(axis=0)).clip(lower=0)
    lost = [part * 4 * added[tuple(each)] for each in hit]
    one = {"hit": hit, "lost": lost, "start": 5, "days": 20, "type": kind, **more}
    return {f"{order}, {kind}": {"order": order, **one} for order in ("noalt", "alt")}


@pytest.mark.parametrize("curve", CURVES)
def test_recovery_of_capital(tmp_path, curve):
    table = pymrio_table()
    hit = [["reg1", "food"], ["reg2", "mining"], ["reg3", "trade"]]
    found = worst(table, of_capital(table, hit, "recovery", 0.3, tau=60, curve=curve), tmp_path)
    assert max(found.values()) < 1e-9, found


@pytest.mark.parametrize("cost", [1.0, 1.4])
def test_rebuilding_of_capital(tmp_path, cost):
    """The peer rounds what is missing to 7 digits of a million; so far it can be followed."""
    table = pymrio_table()
    hit = [["reg1", "food"], ["reg2", "mining"], ["reg3", "trade"]]
    more = {"tau": 90, "cost": cost, "rebuilt_with": {"construction": 0.7, "manufactoring": 0.3}}
    if "manufactoring" not in table[0].index.get_level_values(1):
        more["rebuilt_with"] = {"construction": 0.7, "manufacturing": 0.3}
    found = worst(table, of_capital(table, hit, "rebuild", 0.1, **more), tmp_path)
    assert max(found.values()) < 1e-9, found
