"""Ensembles on the chain of semiconductors: seconds, draws a second, largest memory.

python benchmarks/ensembles.py 1000 [workers]
"""

import platform
import resource
import sys
import time

import narrows as nw


def main(draws, workers):
    simulate = nw.simulate
    net = nw.network.from_case(nw.evidence.load("semiconductors"))
    loss = simulate.CapacityLoss(
        place="TWN",
        lost=simulate.Range(0.8, 0.95, 1.0),
        start=5,
        days=180,
        recovery=simulate.Recovery("linear", days=90),
    )
    rules = simulate.Rules(qualification_days=simulate.Range(90, 180, 365))
    scenario = simulate.Scenario(name="stop", days=365, shocks=[loss], rules=rules)
    began = time.perf_counter()
    found = simulate.ensemble(net, scenario, draws, 1, workers=workers)
    took = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    print(f"{draws} draws, {workers} processes, batches of {found.store.about['batch']}")
    print(f"{took:.1f} s, {draws / took:.1f} draws a second, {memory:.0f} MB in this process")
    for name, call in (
        ("summary", found.summary),
        ("drivers", found.drivers),
        ("bands", found.bands),
    ):
        began = time.perf_counter()
        call()
        print(f"{name}: {time.perf_counter() - began:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
