"""Run BoARIO in a process of its own: python boario_peer.py TABLE.pkl RUNS.json OUT.npz.

The table is a pickle of (Z, Y, x); each run names order, region, sector, lost, start, days, curve
and tau. What comes out is `production_realised`, one array a run, in the order of the peer.
"""

import json
import pickle
import sys
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import pandas as pd  # noqa: E402
import pymrio  # noqa: E402
from boario import event  # noqa: E402
from boario.extended_models import ARIOPsiModel  # noqa: E402
from boario.simulation import Simulation  # noqa: E402


def one(table, run):
    """Run one event and give production by day and industry."""
    z, y, x = table
    system = pymrio.IOSystem(Z=z, Y=y, x=x.to_frame("indout"))
    system.calc_system()
    model = ARIOPsiModel(system, order_type=run["order"], monetary_factor=10**6)
    simulation = Simulation(model, n_temporal_units_to_sim=run.get("horizon", 365))
    index = pd.MultiIndex.from_tuples([tuple(each) for each in run["hit"]])
    impact = pd.Series(run["lost"], index=index.set_names(["region", "sector"]), dtype=float)
    more = {"recovery_tau": run["tau"], "recovery_function": run.get("curve")}
    if run.get("type", "arbitrary") == "rebuild":
        more = {
            "rebuild_tau": run["tau"],
            "rebuilding_sectors": run["rebuilt_with"],
            "rebuilding_factor": run.get("cost", 1.0),
        }
    if run.get("type", "arbitrary") != "arbitrary":
        more["event_monetary_factor"] = 10**6
    simulation.add_event(
        event.from_series(
            impact,
            event_type=run.get("type", "arbitrary"),
            occurrence=run["start"],
            duration=run["days"],
            **more,
        )
    )
    simulation.loop()
    return simulation.production_realised


def main(table_file, runs_file, out_file):
    """Run all events."""
    import numpy as np

    table = pickle.loads(Path(table_file).read_bytes())  # noqa: S301 - written by the test
    runs = json.loads(Path(runs_file).read_text("utf-8"))
    np.savez(out_file, **{name: one(table, run).to_numpy() for name, run in runs.items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
