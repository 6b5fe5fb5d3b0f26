"""Time of a run against BoARIO's, on the same balanced table, in the same process.

    python benchmarks/bench_simulate.py --regions 81 --sectors 50 --days 20 --width 64

Prints milliseconds a day for one scenario and for many side by side, the floor (the rate of the
matrix product alone), and the machine. The peer's time is its loop only.
"""

import argparse
import os
import platform
import resource
import sys
import time
import warnings
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from narrows.network import from_mrio
from narrows.simulate import CapacityLoss, Recovery, Rules, Scenario
from narrows.simulate.prepare import prepare
from narrows.simulate.run import days
from tables import balanced


def peer(table, order, horizon, hit):
    """Give the peer's milliseconds a day and its production."""
    warnings.simplefilter("ignore")
    import pandas as pd
    import pymrio
    from boario import event
    from boario.extended_models import ARIOPsiModel
    from boario.simulation import Simulation

    z, y, x = table
    system = pymrio.IOSystem(Z=z, Y=y, x=x.to_frame("indout"))
    system.calc_system()
    simulation = Simulation(ARIOPsiModel(system, order_type=order), n_temporal_units_to_sim=horizon)
    index = pd.MultiIndex.from_tuples(hit, names=["region", "sector"])
    shock = {
        "occurrence": 3,
        "duration": min(60, horizon - 4),
        "recovery_tau": 60,
        "recovery_function": "linear",
    }
    impact = pd.Series(0.6, index=index)
    simulation.add_event(event.from_series(impact, event_type="arbitrary", **shock))
    began = time.perf_counter()
    simulation.loop()
    took = time.perf_counter() - began
    return 1000 * took / horizon, simulation.production_realised


def ours(net, order, horizon, hit, width, precision):
    """Give our milliseconds a day, all scenarios together, and production of the first one."""
    scenarios = [
        Scenario(
            name=f"{number}",
            days=horizon,
            rules=Rules.boario(order=order),
            shocks=[
                CapacityLoss(
                    table=[("/".join(pair), 0.6 / (1 + number)) for pair in hit],
                    start=3,
                    days=min(60, horizon - 4),
                    recovery=Recovery("linear", days=60),
                )
            ],
        )
        for number in range(width)
    ]
    prepared = prepare(net, scenarios)
    began = time.perf_counter()
    made = [report.made[:, 0] for _, report in days(prepared, precision=precision)]
    return 1000 * (time.perf_counter() - began) / horizon, np.array(made)


def main():
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, default=10)
    parser.add_argument("--sectors", type=int, default=40)
    parser.add_argument("--days", type=int, default=100)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--order", choices=["alt", "noalt"], default="alt")
    parser.add_argument("--no-peer", action="store_true")
    given = parser.parse_args()
    table = balanced(given.regions, given.sectors)
    hit = [("R01", f"s{number:02d}") for number in range(given.sectors // 3 + 1)]
    load = os.getloadavg()[0]
    print(f"{date.today()}, {platform.processor() or platform.machine()}, {os.cpu_count()} cores,")  # noqa: DTZ011
    print(f"load {load:.1f}, numpy {np.__version__}; {given.regions} x {given.sectors} units,")
    print(f"{given.days} days, order {given.order}; milliseconds a day and scenario")
    net = from_mrio(*table)
    one, made = ours(net, given.order, given.days, hit, 1, "float64")
    many = {
        kind: ours(net, given.order, given.days, hit, given.width, kind)[0] / given.width
        for kind in ("float64", "float32")
    }
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"ours, one scenario, float64       {one:10.3f}")
    for kind, each in many.items():
        print(f"ours, {given.width:4d} scenarios, {kind}     {each:10.3f}")
    print(f"memory of this process            {size:10.2f} GB")
    if given.no_peer:
        return
    theirs, produced = peer(table, given.order, given.days, hit)
    pairs = [tuple(label.split("/")) for label in net.labels]
    gap = np.abs(made / produced[pairs].to_numpy() - 1).max()
    print(f"peer, one scenario                {theirs:10.3f}")
    print(f"largest relative difference       {gap:10.1e}")
    print(f"ratio, one scenario               {theirs / one:10.1f}")
    for kind, each in many.items():
        print(f"ratio, {given.width} scenarios, {kind}     {theirs / each:10.1f}")


if __name__ == "__main__":
    main()
