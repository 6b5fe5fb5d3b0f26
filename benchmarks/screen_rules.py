"""Decisions a second of the rule packs, with trace, on one core.

    python benchmarks/screen_rules.py --seconds 3

Every worked shipment is decided under every pack, on its own days, again and again. A decision is
one shipment under one pack: all rules in force, each with the comparisons that decide it.
"""

import argparse
import os
import platform
import time
from datetime import UTC, date, datetime

from narrows.screen.rules.deciding import decide
from narrows.screen.rules.pack_reading import bundled_packs, read_pack
from narrows.screen.rules.questions import missing_facts
from narrows.screen.rules.shipment_reading import read_shipment
from narrows.screen.rules.telling import as_row
from narrows.screen.worked.cases import worked_shipments, worked_table


def rate(work, seconds):
    """Give how often a second some work is done, taking turns for a while."""
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        for each in work:
            each()
        done += len(work)
    return done / (time.perf_counter() - began)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3.0)
    seconds = parser.parse_args().seconds
    began = time.perf_counter()
    packs = [read_pack(path, today=date.max) for path in bundled_packs().values()]
    read = time.perf_counter() - began
    table = worked_table()
    known = {name: read_shipment(path) for name, path in worked_shipments().items()}
    cases = [
        (known[name].facts, date.fromisoformat(on))
        for name, on in zip(table["shipment"], table["on"], strict=True)
    ]
    print(f"{platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores,")
    today = datetime.now(tz=UTC).date()
    print(f"load {os.getloadavg()[0]:.1f}, {today}: {len(packs)} packs, {len(cases)} cases")
    print(f"packs read and checked in {1000 * read:.0f} ms")
    for pack in packs:
        work = [lambda f=f, d=d, p=pack: decide(p, f, d) for f, d in cases]
        print(f"{pack.id:4} {len(pack.rules):3} rules {rate(work, seconds / len(packs)):10,.0f} /s")
    every = [lambda f=f, d=d, p=p: decide(p, f, d) for f, d in cases for p in packs]
    print(f"all packs, with trace    {rate(every, seconds):10,.0f} decisions /s")
    us = next(pack for pack in packs if pack.id == "us")
    reached = [(f, d) for f, d in cases if decide(us, f, d).high]
    work = [lambda f=f, d=d: decide(us, f, d) for f, d in reached]
    print(f"us, where it reaches     {rate(work, seconds):10,.0f} decisions /s")
    told = [lambda f=f, d=d: as_row(decide(us, f, d)) for f, d in reached]
    print(f"us, told in words        {rate(told, seconds):10,.0f} decisions /s")
    asked = [lambda f=f, d=d: missing_facts(decide(us, f, d)) for f, d in reached]
    print(f"us, with its questions   {rate(asked, seconds):10,.0f} decisions /s")


if __name__ == "__main__":
    main()
