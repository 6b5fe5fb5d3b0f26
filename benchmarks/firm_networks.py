"""Economic systemic risk of a made network of firms: time a firm, against the memory floor.

    python benchmarks/firm_networks.py [--firms N] [--links N] [--cases N] [--fine N] [--all]

The network is like the published ones: heavy-tailed numbers of customers and suppliers (Pareto,
exponent 2.3 of the density), heavy-tailed values, 40 sectors of uneven size, a fifth of the firms
selling to final use only, and for each pair of sectors essential, non-essential or irrelevant.
Firms to fail are drawn at random. Everything runs on one core.
"""

import argparse
import os
import platform
import resource
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

import narrows as nw
from narrows.measure.firms import FirmLinks

MIXES = {
    "17 / 12 / 71": (0.17, 0.12, 0.71),  # of the pairs of sectors in the matrix of the R peer
    "50 / 30 / 20": (0.5, 0.3, 0.2),
    "100 / 0 / 0": (1.0, 0.0, 0.0),
}
WORDS = ("essential", "non-essential", "irrelevant")
PEER_MS = 317  # R and C++, same number of firms and links, other machine time: see the page


def made_network(firms=20_000, links=200_000, *, sectors=40, mix=(0.5, 0.3, 0.2), seed=1):
    """Give tables of links, firms and criticality of a made network."""
    rng = np.random.default_rng(seed)
    out_size, in_size = rng.pareto(1.3, firms) + 1, rng.pareto(1.3, firms) + 1
    in_size *= out_size**0.3  # large sellers buy from many, too
    out_size[rng.random(firms) < 0.2] = 0.0  # those who sell to final use only
    pairs = np.empty(0, dtype=np.int64)
    while len(pairs) < links:
        seller = rng.choice(firms, links, p=out_size / out_size.sum())
        buyer = rng.choice(firms, links, p=in_size / in_size.sum())
        fresh = (seller * firms + buyer)[seller != buyer]
        pairs = np.unique(np.concatenate([pairs, fresh]))
    pairs = rng.permutation(pairs)[:links]
    seller, buyer = pairs // firms, pairs % firms
    value = rng.lognormal(0.0, 1.5, links) * np.sqrt(out_size[seller] * in_size[buyer])
    names = np.array([f"sector-{number:02d}" for number in range(sectors)])
    shares = 1 / np.arange(1, sectors + 1) ** 0.7
    ids = np.array([f"firm-{number:05d}" for number in range(firms)])
    sector = rng.choice(names, firms, p=shares / shares.sum())
    return (
        pd.DataFrame({"supplier": ids[seller], "buyer": ids[buyer], "value": value}),
        pd.DataFrame({"id": ids, "sector": sector}),
        pd.DataFrame(rng.choice(WORDS, (sectors, sectors), p=mix), index=names, columns=names),
    )


def plain(net, firm, *, replaceable, eps):
    """Run one default by sparse products over the whole network, every step (the second twin)."""
    links = FirmLinks.of(net)
    size = links.size("sales")
    firms = len(size)
    group, of = np.unique(links.buyer * (len(net.items) + 1) + links.group, return_inverse=True)
    buyer = group // (len(net.items) + 1)
    down = sparse.csr_array((links.reach, (of, links.seller)), shape=(len(group), firms))
    up = sparse.csr_array(
        (links.value / size[links.seller], (links.seller, links.buyer)), shape=(firms, firms)
    )
    shock = np.zeros(firms)
    shock[firm] = 1.0
    lost_down, lost_up = np.zeros(firms), np.zeros(firms)
    while True:
        carried = lost_down.copy()
        if replaceable:
            left = np.bincount(net.units.item, size * (1 - lost_down))[net.units.item]
            carried *= np.minimum(1.0, size / np.where(left > 0, left, 1.0))
        new_down = shock.copy()
        np.maximum.at(new_down, buyer, down @ carried)
        new_down, new_up = np.minimum(new_down, 1.0), np.minimum(np.maximum(shock, up @ lost_up), 1)
        change = max((new_down - lost_down).max(), (new_up - lost_up).max())
        lost_down, lost_up = new_down, new_up
        if change < eps:
            return float(size @ np.maximum(lost_down, lost_up) / size.sum())


def copy_bandwidth(size=1 << 25):
    """Measure bytes a second of a copy (read and written), the best of five."""
    source, target = np.ones(size), np.empty(size)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        np.copyto(target, source)
        times.append(time.perf_counter() - start)
    return 16 * size / min(times)


def bytes_of_step(firms, links):
    """Count the bytes that one step of eight cases touches when every firm is computed."""
    pulled = 2 * links * (64 + 8 + 4)  # down and up: a row of eight values, weight, number
    return pulled + 2 * firms * 3 * 64  # old value, new value, what is carried


def timed(net, firms, **how):
    """Give milliseconds of processor a firm, the same of the clock, and the result."""
    names = FirmLinks.of(net).names
    whole = np.zeros((len(names), len(firms)))
    whole[firms, np.arange(len(firms))] = 1.0
    shocks = pd.DataFrame(whole, index=names)
    empty = pd.DataFrame(0.0, index=names, columns=["none"])
    times = []
    for table in (empty, shocks):
        clock, cpu = time.perf_counter(), time.process_time()
        found = nw.measure.systemic_risk(net, table, **how)
        times.append((time.perf_counter() - clock, time.process_time() - cpu))
    (_, start), (clock, cpu) = times
    return 1e3 * (cpu - start) / len(firms), 1e3 * (clock - start) / len(firms), found


def every_firm(links, firms, essential):
    """Let every firm fail in turn and print the time."""
    net = nw.network.from_firms(links, firms, essential=essential)
    for replaceable in (True, False):
        clock, cpu = time.perf_counter(), time.process_time()
        found = nw.measure.systemic_risk(net, replaceable=replaceable)
        clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
        each, most = 1e3 * cpu / len(found), found["esri"].max()
        print(
            f"every firm, replaceable {replaceable}, eps 1e-2: {clock:.0f} s ({cpu:.0f} s of "
            f"processor), {each:.2f} ms a firm; greatest index {most:.3f}",
            flush=True,
        )


def processor():
    """Give the name of the processor where the system tells it."""
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if "model name" in line]
    return names[0].partition(": ")[2] if names else platform.processor()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--firms", type=int, default=20_000)
    parser.add_argument("--links", type=int, default=200_000)
    parser.add_argument("--cases", type=int, default=400, help="firms to fail at eps 1e-2")
    parser.add_argument("--fine", type=int, default=64, help="firms to fail at eps 1e-6")
    parser.add_argument("--all", action="store_true", help="every firm of the middle network, too")
    chosen = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    today = datetime.now().astimezone().date()
    print(f"{today}  {processor()}, {os.cpu_count()} cores, load {load:.1f}")
    print(f"Python {platform.python_version()}, numpy {np.__version__}, one core used")
    small = made_network(200, 1000)
    start = time.perf_counter()
    nw.measure.systemic_risk(nw.network.from_firms(*small[:2], essential=small[2]))
    print(f"first call (compiles, or reads what was compiled): {time.perf_counter() - start:.1f} s")
    pick = np.random.default_rng(0).permutation(chosen.firms)
    print(f"{chosen.firms} firms, {chosen.links} links; peer by the notes: {PEER_MS} ms a firm")
    step, bandwidth = bytes_of_step(chosen.firms, chosen.links), copy_bandwidth()
    floor = 1e3 * step / bandwidth / 8
    print(f"copy bandwidth of one core: {bandwidth / 1e9:.1f} GB/s (read and written)")
    print(f"a step of all firms touches {step / 1e6:.1f} MB for 8 cases: {floor:.2f} ms a case")
    print("essential/non/irr %  replaceable  eps   ms a firm (clock)  floor  steps  mean   check")
    for name, mix in MIXES.items():
        tables = made_network(chosen.firms, chosen.links, mix=mix)
        start = time.perf_counter()
        net = nw.network.from_firms(*tables[:2], essential=tables[2])
        built = time.perf_counter() - start
        for replaceable in (True, False):
            for eps, count in ((1e-2, chosen.cases), (1e-6, chosen.fine)):
                cpu, clock, found = timed(net, pick[:count], replaceable=replaceable, eps=eps)
                same = max(
                    abs(plain(net, pick[at], replaceable=replaceable, eps=eps) - found["esri"][at])
                    for at in range(3)
                )
                steps = found["steps"].mean()
                print(
                    f"{name:>19}  {replaceable!s:>11}  {eps:.0e} {cpu:8.2f} ({clock:5.1f})"
                    f" {steps * floor:6.2f}  {steps:5.1f}  {found['esri'].mean():.4f}  {same:.0e}",
                    flush=True,
                )
    print(f"built from tables in {built:.2f} s")
    if chosen.all:
        every_firm(*made_network(chosen.firms, chosen.links))
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:.0f} MB")


if __name__ == "__main__":
    main()
