"""Time and memory of the simulation against BoARIO's, on the same table, in the same run.

    python benchmarks/bench_simulate.py                       81 x 50 units, 64 scenarios, a year
    python benchmarks/bench_simulate.py --days 20             quicker; preparing weighs more
    python benchmarks/bench_simulate.py --regions 10 --sectors 40 --scenarios 1000
    python benchmarks/bench_simulate.py --flat                cost by number of scenarios

Every job runs in a process of its own that reads the table from a file, so that its peak of memory
is its own. A job's time is its loop over the days; `whole` is the call, from the network to the
result. The peer's best throughput on two cores is the better of one run and two runs at once.
The floor is counted with rates measured between the jobs: the products of the day at the rate of a
matrix product of the same shapes on one core, and the bytes of the shares read once.
"""

import argparse
import json
import os
import pickle
import platform
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))


def scenarios_of(count, days, sectors, order):
    """Give losses of capacity in a third of the sectors of the first region, of many depths."""
    from narrows.simulate import CapacityLoss, Recovery, Rules, Scenario

    hit = [f"R00/s{number:02d}" for number in range(sectors // 3 + 1)]
    return [
        Scenario(
            name=f"{number:04d}",
            days=days,
            rules=Rules.boario(order=order),
            shocks=[
                CapacityLoss(
                    table=[(unit, 0.6 * (count - number) / count) for unit in hit],
                    start=3,
                    days=min(60, days - 4),
                    recovery=Recovery("linear", days=60),
                )
            ],
        )
        for number in range(count)
    ]


def network(given):
    from narrows.network import from_mrio

    began = time.perf_counter()
    net = from_mrio(*table_of(given))
    return net, time.perf_counter() - began


def table_of(given):
    """Read the table that the first process wrote."""
    return pickle.loads(Path(given.table).read_bytes())  # noqa: S301 - our own file


def one(given):
    """Time one scenario: the days alone, and the call that gives a result."""
    from narrows.simulate import run
    from narrows.simulate.prepare import prepare
    from narrows.simulate.run import days

    net, built = network(given)
    scenario = scenarios_of(1, given.days, given.sectors, given.order)[0]
    began = time.perf_counter()
    run(net, scenarios_of(1, 5, given.sectors, given.order)[0])
    first = time.perf_counter() - began
    began = time.perf_counter()
    run(net, scenario)
    whole = time.perf_counter() - began
    prepared = prepare(net, [scenario])
    began, cpu = time.perf_counter(), time.process_time()
    made = np.array([report.made[:, 0] for _, report in days(prepared)])
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    if given.out:
        np.savez(given.out, made=made, labels=net.labels)
    return {"loop": took, "cpu": cpu, "whole": whole, "first": first, "network": built}


def many(given):
    """Time many scenarios through the public call."""
    from narrows.simulate import run_many

    net, _ = network(given)
    warm = scenarios_of(min(given.scenarios, 64), 5, given.sectors, given.order)
    run_many(net, warm, precision=given.precision, workers=given.workers)
    batch = scenarios_of(given.scenarios, given.days, given.sectors, given.order)
    began, cpu = time.perf_counter(), time.process_time()
    found = run_many(net, batch, precision=given.precision, workers=given.workers)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    if given.out:
        data = found.to_dataset()
        np.savez(given.out, **{n: data[n].to_numpy() for n in ("production_of_place",)})
    return {"loop": took, "cpu": cpu}


def peer(given):
    """Time the loop of the peer."""
    warnings.simplefilter("ignore")
    import pandas as pd
    import pymrio
    from boario import event
    from boario.extended_models import ARIOPsiModel
    from boario.simulation import Simulation

    z, y, x = table_of(given)
    system = pymrio.IOSystem(Z=z, Y=y, x=x.to_frame("indout"))
    system.calc_system()
    model = ARIOPsiModel(system, order_type=given.order)
    simulation = Simulation(model, n_temporal_units_to_sim=given.days)
    hit = [("R00", f"s{number:02d}") for number in range(given.sectors // 3 + 1)]
    index = pd.MultiIndex.from_tuples(hit, names=["region", "sector"])
    simulation.add_event(
        event.from_series(
            pd.Series(0.6, index=index),
            event_type="arbitrary",
            occurrence=3,
            duration=min(60, given.days - 4),
            recovery_tau=60,
            recovery_function="linear",
        )
    )
    began, cpu = time.perf_counter(), time.process_time()
    simulation.loop()
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    if given.out:
        made = simulation.production_realised
        labels = np.array(["/".join(pair) for pair in made.columns])
        np.savez(given.out, made=made.to_numpy(), labels=labels)
    return {"loop": took, "cpu": cpu}


def floor(given):
    """Measure the rate of the products of a day on one core, and the bandwidth of reading."""
    from threadpoolctl import threadpool_limits

    out = {}
    with threadpool_limits(limits=1, user_api="blas"):
        units, needs, width = given.regions, given.regions * given.sectors, 32
        for kind in (np.float64, np.float32):
            s = np.random.default_rng(1).random((units, needs)).astype(kind)
            e, q = np.ones((needs, width), kind), np.ones((units, width), kind)
            best = min(_timed(lambda s=s, e=e, q=q: (s @ e, s.T @ q, s.T @ q)) for _ in range(20))
            out[np.dtype(kind).name] = 6 * units * needs * width / best / 1e9
        big = np.ones(2**25)
        out["bandwidth"] = big.nbytes / min(_timed(big.sum) for _ in range(5)) / 1e9
    return out


def _timed(call):
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


JOBS = {"one": one, "many": many, "peer": peer, "floor": floor}


def job(name, given, **changes):
    """Start a job in a process of its own."""
    command = [sys.executable, __file__, "--job", name]
    for key, value in {**vars(given), **changes}.items():
        if key not in ("job", "no_peer", "flat", "peer_days") and value is not None:
            command += [f"--{key}", str(value)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this script


def result(process):
    text, _ = process.communicate()
    if process.returncode:
        sys.exit(f"a job ended with {process.returncode}")
    return json.loads(text.splitlines()[-1])


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--regions", type=int, default=81)
    parser.add_argument("--sectors", type=int, default=50)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--peer-days", dest="peer_days", type=int, default=30)
    parser.add_argument("--scenarios", type=int, default=64)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--order", choices=["alt", "noalt"], default="alt")
    parser.add_argument("--no-peer", action="store_true", help="only our own times")
    parser.add_argument("--flat", action="store_true", help="cost by number of scenarios")
    for hidden in ("job", "table", "out", "precision"):
        parser.add_argument(f"--{hidden}", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    """Run all jobs and print."""
    given = arguments()
    if given.job:
        found = JOBS[given.job](given)
        found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(json.dumps(found))
        return
    from tables import balanced

    with tempfile.TemporaryDirectory() as folder:
        given.table = str(Path(folder) / "table.pkl")
        Path(given.table).write_bytes(pickle.dumps(balanced(given.regions, given.sectors)))
        head(given)
        if given.flat:
            flat(given)
        else:
            compared(given, Path(folder))


def head(given):
    cpu = platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in _cpu_lines() if "model name" in line]
    print(f"{date.today()}, {names[0] if names else cpu}, {os.cpu_count()} cores, ", end="")  # noqa: DTZ011
    print(f"load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, ", end="")
    print(f"numpy {np.__version__}")
    units = given.regions * given.sectors
    print(f"{given.regions} x {given.sectors} = {units} units, {given.days} days, {given.order}")


def _cpu_lines():
    path = Path("/proc/cpuinfo")
    return path.read_text("utf-8").splitlines() if path.is_file() else []


def line(name, found, scenarios, days, extra=""):
    per = 1000 * found["loop"] / scenarios / days
    cpu = 1000 * found["cpu"] / scenarios / days
    print(f"{name:<34}{per:10.3f}{cpu:10.3f}{found['memory']:9.2f} {extra}")
    return per


def compared(given, folder):
    """Compare with the peer."""
    title = "ms a day and scenario"
    print(f"{title:<34}{'clock':>10}{'cpu':>10}{'GB':>9}")
    rates = [result(job("floor", given))]
    alone = result(job("one", given, out=str(folder / "one.npz")))
    ours = {"one": line("one scenario, float64", alone, 1, given.days)}
    for kind in ("float64", "float32"):
        found = result(job("many", given, precision=kind, out=str(folder / f"{kind}.npz")))
        name = f"{given.scenarios} scenarios, {kind}"
        ours[kind] = line(name, found, given.scenarios, given.days)
        seconds = found["loop"]
        ours[f"{kind} whole"] = seconds
    rates.append(result(job("floor", given)))
    a, b = (np.load(folder / f"{kind}.npz")["production_of_place"] for kind in ours if kind in
            ("float64", "float32"))  # fmt: skip
    gap = np.abs(a - b).max() / np.abs(a).max()
    lost = [(each[:, :1] - each).sum(axis=(1, 2)) for each in (a, b)]
    off = np.abs(lost[1] - lost[0]) / lost[0]
    if not given.no_peer:
        peers(given, folder, ours)
    units = given.regions * given.sectors
    print("\nfloor (numpy's product on one core; bandwidth of reading; the better of two times)")
    speed = {key: max(each[key] for each in rates) for key in rates[0] if key != "memory"}
    passes = 6 if given.order == "alt" else 4
    for kind in ("float64", "float32"):
        least = passes * units**2 / speed[kind] / 1e6 / (given.workers or os.cpu_count())
        print(f"  {kind}: {speed[kind]:.0f} GF/s a core, {least:.3f} ms a day and scenario on all "
              f"cores; ours is {ours[kind] / least:.2f} of it")  # fmt: skip
    least = 8 * units**2 / speed["bandwidth"] / 1e6
    print(f"  one scenario: {speed['bandwidth']:.0f} GB/s, {least:.2f} ms a day; "
          f"ours is {ours['one'] / least:.2f} of it")  # fmt: skip
    print(f"\nfloat32 against float64: production by place within {gap:.1e} of the largest;")
    print(f"loss within {off[0]:.1e} in the largest scenario, {off.max():.1e} in the worst")
    print(f"network from the table {alone['network']:.1f} s; first run, 5 days (compiles, or reads "
          f"what was compiled) {alone['first']:.1f} s")  # fmt: skip
    print(f"whole call: one scenario {alone['whole']:.1f} s, {given.scenarios} scenarios "
          f"{ours['float64 whole']:.1f} s in float64, "
          f"{ours['float32 whole']:.1f} s in float32")  # fmt: skip


def peers(given, folder, ours):
    """Run the peer alone and twice at once; print ratios."""
    days = min(given.peer_days, given.days)
    alone = result(job("peer", given, days=days, out=str(folder / "peer.npz")))
    each = line("BoARIO, one scenario", alone, 1, days)
    two = [job("peer", given, days=days) for _ in range(2)]
    both = [result(process) for process in two]
    slowest = max(found["loop"] for found in both)
    memory = sum(found["memory"] for found in both)
    found = {"loop": slowest, "cpu": sum(f["cpu"] for f in both), "memory": memory}
    twice = line("BoARIO, two at once", found, 2, days)
    best = min(each, twice)
    print("\ntimes faster than the peer")
    print(f"  one scenario                    {each / ours['one']:8.1f}   (target 25)")
    for kind, target in (("float64", 200), ("float32", 500)):
        print(f"  {given.scenarios} scenarios, {kind}, on all cores {best / ours[kind]:8.1f}   "
              f"(target {target} at 81 x 50; against the peer's best on all cores)")  # fmt: skip
    mine, theirs = np.load(folder / "one.npz"), np.load(folder / "peer.npz")
    order = {label: row for row, label in enumerate(theirs["labels"].tolist())}
    columns = [order[label] for label in mine["labels"].tolist()]
    expected = theirs["made"][:, columns]
    shared = days if days == given.days else days - 4  # there the peer's event is shorter
    gap = np.abs(mine["made"][:shared] / expected[:shared] - 1).max()
    print(f"  largest relative difference in production over {shared} days: {gap:.1e}")


def flat(given):
    """Print cost and memory by number of scenarios."""
    print(f"{'scenarios':<34}{'clock':>10}{'cpu':>10}{'GB':>9}")
    for kind in ("float64", "float32"):
        for count in (1, 8, 32, 64, 256, 1024):
            if count <= max(given.scenarios, 64):
                found = result(job("many", given, scenarios=count, precision=kind))
                line(f"{count}, {kind}", found, count, given.days)


if __name__ == "__main__":
    main()
