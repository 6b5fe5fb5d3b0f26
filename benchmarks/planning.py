"""Plans of the size of the chip chain and beyond: time, memory and gap, beside plain linopy.

    python benchmarks/planning.py [--places N] [--items N] [--periods N] [--scenarios N]
                                  [--workers N] [--gap G] [--ladder 1,2,4,8] [--minutes M]
                                  [--most-gb G]

The network is made: a random chain of items, sorted by stage, with pooled trade, about nine makers
an item and a fifth of the inputs replaceable. Each scenario stops one to three places in part and
cuts off one more; every place is a bloc of its own, however few the scenarios. The options are
capacity, stocks and recycling at drawn places.

First the largest question is solved by cuts. Then the same questions with 1, 2, 4 ... scenarios are
solved both ways, by cuts and in extensive form by linopy, each in a process of its own, as long as
time and memory last; and beyond that only built both ways. Ratios of build time, time and memory
come from the same run; a build is everything before the first answer is looked for. Both ways
share the network and the bounds of the scenarios, whose time counts on both sides.
"""

import argparse
import importlib
import json
import multiprocessing
import platform
import resource
import subprocess
import sys
import time
from datetime import datetime

import numpy as np

import narrows as nw
from narrows.network import Needs, Network, Units
from narrows.network.sourcing import pooled
from narrows.plan.budget import Budget
from narrows.plan.extensive import extensive_model
from narrows.plan.kernels.answers import Answers
from narrows.plan.kernels.lshaped import Limits
from narrows.plan.model import model_of
from narrows.plan.question import Terms
from narrows.plan.solving import solve_question

STAGES = 6
WAYS = ("cuts", "linopy")
BUILDS = ("cuts, built", "linopy, built")
RATIOS = {
    "build_s": "build time",
    "build_gb": "memory of the build",
    "wall_s": "time in all",
    "peak_gb": "memory in all",
    "objective": "objective",
}
LEAST_S = 20.0  # left for another measurement


def made_network(places=30, items=150, *, seed=1):
    """Give a made chain: units of some items at some places, needs from stage to stage."""
    rng = np.random.default_rng(seed)
    names = np.array([f"P{number:02d}" for number in range(places)])
    stage = np.sort(rng.integers(0, STAGES, items))
    stage[-max(items // 8, 2) :] = STAGES
    ends = np.flatnonzero(stage == STAGES)
    chosen = [
        rng.choice(places, int(min(places, 2 + rng.poisson(7))), replace=False)
        for _ in range(items)
    ]
    unit_item = np.repeat(np.arange(items), [len(each) for each in chosen])
    output = np.concatenate([rng.dirichlet(np.full(len(each), 0.7)) for each in chosen])
    size, markets = len(unit_item), len(ends)
    return Network(
        items=tuple(f"item-{number:03d}" for number in range(items)),
        units=Units(
            item=unit_item,
            place=names[np.concatenate(chosen)],
            owner=np.full(size, ""),
            basis=np.full(size, "location"),
            output=output,
            headroom=rng.uniform(1.0, 1.15, size),
            headroom_days=np.full(size, 30.0),
            process_days=np.zeros(size),
            stand_in=np.zeros(size, dtype=bool),
        ),
        needs=made_needs(rng, made_users(rng, stage, ends), unit_item, ends),
        sourcing=tuple(pooled(output[unit_item == item]) for item in range(items)),
        markets=ends,
        market_names=np.array([f"World/item-{item:03d}" for item in ends]),
        demand=np.ones(markets),
        weight=rng.uniform(50, 500, markets),
        weight_unit="USD billion",
        combine="nested",
        period="",
        basis="location",
        sourcing_rule="pooled",
        groups={},
        origins=None,
    )


def made_users(rng, stage, ends):
    """Give the items that each item goes into: later stages, and an end use where none does."""
    users = {item: [] for item in range(len(stage))}
    for item in np.flatnonzero(stage > 0).tolist():
        near = np.flatnonzero((stage < stage[item]) & (stage >= stage[item] - 2))
        if len(near):
            for source in rng.choice(near, min(len(near), 1 + rng.poisson(1.0)), replace=False):
                users[int(source)].append(item)
    for item in np.flatnonzero(stage < STAGES).tolist():
        users[item] = users[item] or [int(rng.choice(ends))]
    return users


def made_needs(rng, users, unit_item, ends):
    """Give the needs of all units, a fifth of them replaceable, and of one market an end use."""
    rows = []
    for item, takers in users.items():
        for user, part in zip(takers, rng.dirichlet(np.ones(max(len(takers), 1))), strict=False):
            stops, replaced = float(rng.choice([1.0, 1.0, 0.6])), rng.random() < 0.2
            cover, after = float(rng.uniform(15, 90)), 120.0 if replaced else np.inf
            rows += [
                (item, unit, part, stops, not replaced, cover, after)
                for unit in np.flatnonzero(unit_item == user)
            ]
    for number, item in enumerate(ends.tolist()):
        rows.append((item, len(unit_item) + number, 1.0, 1.0, True, 0.0, np.inf))
    rows.sort(key=lambda row: row[:2])
    names = ("item", "buyer", "recipe", "stops_fraction", "essential", "cover", "substitute_days")
    columns = dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))
    return Needs(**columns)


def made_threats(net, count, days, *, seed=2):
    """Give scenarios: parts of one to three places stop, and one of them is cut off."""
    rng = np.random.default_rng(seed)
    places = sorted(set(net.units.place.tolist()))
    out = []
    for number in range(count):
        hit = rng.choice(places, int(rng.integers(1, 4)), replace=False).tolist()
        shocks = [
            nw.simulate.CapacityLoss(
                place=place,
                lost=float(rng.uniform(0.4, 1)),
                start=1,
                days=int(rng.integers(60, 180)),
            )
            for place in hit
        ]
        cut = places[number % len(places)]
        shocks.append(
            nw.simulate.TradeCut(
                between=[cut, "*"], lost=0.9, start=1, days=int(rng.integers(30, 120))
            )
        )
        scenario = nw.simulate.Scenario(name=f"s{number:03d}", days=days + 1, shocks=shocks)
        out.append(nw.plan.Threat(scenario=scenario, yearly=0.3 / count))
    return out


def made_options(net, count=80, *, seed=3):
    """Give projects: capacity, stocks and contracts at drawn places."""
    rng = np.random.default_rng(seed)
    places = sorted(set(net.units.place.tolist()))
    used = np.unique(net.needs.item)
    out = []
    for number in range(count):
        item = net.items[int(rng.choice(used))]
        place, usd = str(rng.choice(places)), float(rng.uniform(0.2, 3)) * 1e9
        given = {"id": f"o{number:03d}", "item": item, "cost_usd": {place: usd}}
        kind = number % 3
        if kind == 0:
            out.append(nw.plan.Capacity(size=float(rng.uniform(0.03, 0.2)), **given))
        elif kind == 1:
            given["cost_usd"] = {"World": usd}
            out.append(nw.plan.Stockpile(days=float(rng.uniform(10, 40)), **given))
        else:
            out.append(nw.plan.Recycling(size=float(rng.uniform(0.02, 0.1)), **given))
    return nw.plan.Options(tuple(out))


def asked(args, scenarios):
    """Give the question of a size."""
    net = made_network(args["places"], args["items"])
    days = 30 * args["periods"]
    terms = Terms(budget=Budget.of(30e9), years=1, risk=0.5, period_days=30, apart=net.places)
    return model_of(net, made_threats(net, scenarios, days), made_options(net), terms)


def work(args):
    """Do one measurement in this process and print it as JSON."""
    limit = int(args["most_gb"] * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    linopy = args["way"].startswith("linopy")
    for package in ("highspy", *(("linopy", "xarray") if linopy else ())):
        importlib.import_module(package)  # outside of what is timed
    begin = time.perf_counter()
    question = asked(args, args["scenarios"])
    out = {"rows": question.layout.rows.size, "columns": question.layout.columns.size}
    model = extensive_model(question) if linopy else Answers(question.problem)
    out["build_s"], out["build_gb"] = time.perf_counter() - begin, peak_gb()
    if args["way"] == "cuts":
        limits = Limits(gap=args["gap"], seconds=args["seconds"])
        plan = solve_question(question, limits=limits, workers=args["workers"])
        found = {"gap": plan.gap, "rounds": plan.found.rounds, "objective": plan.objective_usd}
        out |= {**found, "ended": plan.found.ended, "started": len(plan.portfolio())}
        for worker in multiprocessing.active_children():
            worker.join(60)  # so that its memory is counted
    elif args["way"] == "linopy":
        options = {"mip_rel_gap": args["gap"], "output_flag": False, "threads": args["workers"]}
        status, condition = model.solve(solver_name="highs", progress=False, **options)
        out |= {"objective": float(model.objective.value) * 1e9, "ended": f"{status} {condition}"}
    out["wall_s"], out["peak_gb"] = time.perf_counter() - begin, peak_gb()
    out["peak_child_gb"] = peak_gb(resource.RUSAGE_CHILDREN)
    print(json.dumps(out))


def peak_gb(who=resource.RUSAGE_SELF):
    """Give the most memory so far."""
    return resource.getrusage(who).ru_maxrss / 2**20


def measured(args, way, scenarios, limit):
    """Run one measurement in a process of its own; give it, or why there is none."""
    given = json.dumps({**args, "way": way, "scenarios": scenarios, "seconds": limit})
    command = [sys.executable, __file__, "--work", given]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=True)  # noqa: S603
    except subprocess.TimeoutExpired:
        return f"more than {limit:.0f} s"
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or ["killed"]
        return f"ended with {error.returncode}: {lines[-1][:200]}"
    return json.loads(done.stdout.strip().splitlines()[-1])


def compared(args, ways, scenarios, limit):
    """Measure both ways at one size and print their ratios; tell whether both were done."""
    cuts, linopy = (measured(args, way, scenarios, limit) for way in ways)
    for way, found in zip(ways, (cuts, linopy), strict=True):
        print(f"{scenarios} scenarios, {way}: {json.dumps(found)}", flush=True)
    if isinstance(cuts, str) or isinstance(linopy, str):
        return False
    names = [name for name in RATIOS if name in cuts and name in linopy]
    ratios = ", ".join(f"{RATIOS[name]} {linopy[name] / cuts[name]:.4g}" for name in names)
    print(f"{scenarios} scenarios, linopy / cuts: {ratios}", flush=True)
    return True


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("places", 30), ("items", 150), ("periods", 10), ("scenarios", 100)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--gap", type=float, default=1e-3)
    parser.add_argument("--seconds", type=float, default=900, help="of the largest question")
    parser.add_argument("--minutes", type=float, default=8, help="of all but what runs then")
    parser.add_argument("--most-gb", type=float, default=14, help="of one process")
    parser.add_argument("--ladder", default="1,2,4,8,16,32")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(json.loads(given.work))
        return
    end = time.perf_counter() + 60 * given.minutes
    args = {k: v for k, v in vars(given).items() if k not in ("ladder", "work", "minutes")}
    print(f"{datetime.now().astimezone():%Y-%m-%d %H:%M}, {platform.platform()}")
    size = "{places} places x {items} items x {periods} periods".format(**args)
    print(f"{size} x {given.scenarios} scenarios, gap {given.gap:g}, {given.workers} workers")
    print("cuts:", json.dumps(measured(args, "cuts", given.scenarios, given.seconds)), flush=True)
    one = {**args, "workers": 1}
    sizes = [int(each) for each in given.ladder.split(",") if each]
    for ways, what in ((WAYS, "solved"), (BUILDS, "only built")):
        print(f"\n{size}, the same questions both ways (one worker), {what}", flush=True)
        while sizes:
            limit = (end - time.perf_counter()) * (0.5 if what == "solved" else 1.0)
            if limit < LEAST_S or not compared(one, ways, sizes[0], limit):
                break
            sizes.pop(0)


if __name__ == "__main__":
    main()
