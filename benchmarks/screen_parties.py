"""Party screening on the whole US list: accuracy, attacks, speed, memory; rigour beside it.

    python benchmarks/screen_parties.py [--data FOLDER] [--count N] [--queries N] [--part PART]

FOLDER holds `name_match_cases.csv` and `csl/csl_2026-07-31_compact.json.gz`. Attacks and invented
names are those of `tests/screen/parties`. Times are of one core; run it on a quiet machine.
rigour (MIT) is an optional oracle: where it is installed, its `compare_parts` score of the same
pairs stands beside ours; where not, its column is left out.
"""

import argparse
import csv
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from narrows import screen
from narrows.screen.parties.records import Party
from narrows.screen.parties.screening import THRESHOLD, screen_party
from screen.parties.attacks import ATTACKS
from screen.parties.measuring import bench_of, false_alarms, invented, recall

PARTS = ("pairs", "attacks", "speed")
PERSONS_ONLY, COMPANIES_ONLY = {"initials"}, {"padded", "acronym"}


def drawn(seed):
    return random.Random(seed)  # noqa: S311 - a sample, no secret


def rigour_score():
    """Give rigour's score of two names, or None where it is not installed.

    Names are analysed, shared symbols paired, the residue compared by `compare_parts`; the mean
    over the parts, weighted by letters, is ours.
    """
    try:
        from rigour.names import NameTypeTag, analyze_names, compare_parts, pair_symbols
    except ImportError:
        return None

    kinds = {"Person": NameTypeTag.PER, "Company": NameTypeTag.ORG, "Organization": NameTypeTag.ORG}

    def of_pair(left, right):
        total = sum(len(part.form) for name in (left, right) for part in name.parts)
        best = 0.0
        for pairing in pair_symbols(left, right):
            used = {part for one in pairing for part in (*one.qps, *one.rps)}
            rest = [[part for part in name.parts if part not in used] for name in (left, right)]
            found = sum(len(part.form) for part in used)
            for one in compare_parts(*rest):
                found += one.score * sum(len(part.form) for part in (*one.qps, *one.rps))
            best = max(best, found / max(total, 1))
        return best

    def score(one, other, schema):
        kind = kinds.get(schema, NameTypeTag.ENT)
        left, right = (analyze_names(kind, [text]) for text in (one, other))
        return max((of_pair(a, b) for a in left for b in right), default=0.0)

    return score


def accuracy(scores, labels):
    """Give best F1, its threshold and the area under the curve."""
    best = max(
        (2 * (found & labels).sum() / (found.sum() + labels.sum()), float(threshold))
        for threshold in np.unique(scores)
        for found in [scores >= threshold]
    )
    ours, others = scores[labels], scores[~labels]
    area = (ours[:, None] > others).mean() + 0.5 * (ours[:, None] == others).mean()
    return best[0], best[1], area


def pairs(data):
    with (data / "name_match_cases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = np.array([row["is_match"] == "true" for row in rows])
    strong = np.array([row["quality"] == "STRONG" for row in rows])
    chance = np.random.default_rng(1)
    methods = {"narrows": lambda a, b, schema: screen.compare_names(a, b, schema).score}
    if oracle := rigour_score():
        methods["rigour"] = oracle
    print(f"{len(rows)} labelled pairs: best F1 (threshold), area, strong missed, us a pair")
    for name, method in methods.items():
        for schema in ("Person", "Company"):
            method("Orion Works", "猎户座工厂", schema)  # tables are loaded at the first use
        start = time.perf_counter()
        scores = np.array([method(row["name1"], row["name2"], row["schema"]) for row in rows])
        each = (time.perf_counter() - start) / len(rows) * 1e6
        f1, threshold, area = accuracy(scores, labels)
        missed = int((strong & labels & (scores < threshold)).sum())
        halves = [_other_half(scores, labels, chance) for _ in range(100)]
        print(
            f"  {name:10} {f1:.3f} ({threshold:.2f})  {area:.3f}  {missed}  {each:.0f}"
            f"  threshold of one half on the other: F1 {np.mean(halves):.3f}"
        )


def _other_half(scores, labels, chance):
    """F1 on one half at the threshold that is best on the other."""
    order = chance.permutation(len(scores))
    one, other = order[: len(order) // 2], order[len(order) // 2 :]
    found = scores[other] >= accuracy(scores[one], labels[one])[1]
    return 2 * (found & labels[other]).sum() / (found.sum() + labels[other].sum())


def attacks(path, count):
    bench = bench_of(path)
    print(f"attacks, {count} names each, threshold {THRESHOLD}: persons, companies")
    for family in ATTACKS:
        cells = [
            "-"
            if family in (COMPANIES_ONLY if schema == "Person" else PERSONS_ONLY)
            else f"{recall(bench, family, schema, count=count, chance=drawn(7)):.3f}"
            for schema in ("Person", "Organization")
        ]
        print(f"  {family:12} {cells[0]:6} {cells[1]}", flush=True)
    for schema in ("Person", "Organization"):
        rate = false_alarms(bench, schema, count=1000, chance=drawn(8))
        print(f"  false alarms on 1000 invented names, {schema}: {rate:.4f}", flush=True)


def speed(path, queries):
    """Time queries with half listed and half invented names, in a fresh process with a cache."""
    names = Path(tempfile.mkdtemp()) / "names.txt"
    bench = bench_of(path)
    chance = drawn(9)
    listed = [
        (schema, chance.choice(ATTACKS["formatting"] + ATTACKS["one typo"])(entry.name, chance))
        for schema in ("Person", "Organization")
        for entry in chance.sample(bench.entries[schema], queries // 4)
    ]
    other = [
        (schema, name)
        for schema in ("Person", "Organization")
        for name in invented(bench, schema, count=queries // 4, chance=chance)
    ]
    lines = ["\t".join((schema, " ".join(name.split()))) for schema, name in listed + other]
    chance.shuffle(lines)
    names.write_text("\n".join(lines), encoding="utf-8")
    os.environ["NARROWS_CACHE"] = str(names.parent)
    screen.load_lists(path)
    for _ in range(2):
        command = [sys.executable, __file__, "--timed", str(names), "--data", str(path)]
        subprocess.run(command, check=True)  # noqa: S603 - this file itself


def timed(names, path):
    """Load from the cache, screen every name, print times and memory."""
    start = time.perf_counter()
    lists = screen.load_lists(path)
    loaded = time.perf_counter() - start
    asked = [line.split("\t") for line in names.read_text(encoding="utf-8").splitlines()]
    times, busy = [], time.process_time()
    for schema, name in asked:
        start = time.perf_counter()
        screen_party(lists.index, Party(name, schema=schema))
        times.append(time.perf_counter() - start)
    busy = time.process_time() - busy
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    p50, p95 = np.quantile(times, (0.5, 0.95)) * 1e3
    print(
        f"  load from cache {loaded:.2f} s; {len(times) / sum(times):.0f} queries/s "
        f"({len(times) / busy:.0f} by processor time); "
        f"p50 {p50:.2f} ms, p95 {p95:.2f} ms; peak memory {peak:.0f} MB"
    )


def _shared():
    """Give the folder of the public lists, in NARROWS_SHARED or beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("NARROWS_SHARED") or beside) / "data" / "parties"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=_shared())
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--queries", type=int, default=2000)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--timed", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.timed:
        timed(options.timed, options.data)
        return
    if not options.data.exists():
        print(f"Left out: no {options.data}; name the folder of the lists with --data")
        return
    path = options.data / "csl" / "csl_2026-07-31_compact.json.gz"
    today = datetime.now().astimezone().date()
    print(f"{today}, {platform.machine()}, load {os.getloadavg()[0]:.1f}")
    for part in [options.part] if options.part else PARTS:
        if part == "pairs":
            pairs(options.data)
        elif part == "attacks":
            attacks(path, options.count)
        else:
            print("speed, one core, half the names listed (disguised), half invented")
            speed(path, options.queries)


if __name__ == "__main__":
    main()
