"""Run many scenarios on one network, side by side and on all cores."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.collect import Collector
from narrows.simulate.digest import digest_of
from narrows.simulate.many_result import Runs, dataset_of
from narrows.simulate.prepare import prepare
from narrows.simulate.run import SLACK
from narrows.simulate.scenario import Scenario
from narrows.simulate.stepping import PRECISIONS, stepper
from narrows.terms import BadInput, CouldNotFinish, Fault, UnknownName

__all__ = ["run_many"]

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
_WIDEST = 32  # scenarios side by side: wider gains little and takes more memory
_IN_MEMORY = 256 * 2**20


def run_many(
    net: Network,
    scenarios: Sequence[Scenario],
    *,
    workers: int | None = None,
    batch: int | None = None,
    by_unit: bool = False,
    precision: str = "float64",
    progress: Progress | None = None,
) -> Runs:
    """Run scenarios on one network, side by side; keep sums by item, place and market.

    Each is what `run` gives for it, within rounding (1e-9 of a unit's output, in float32 1e-4).
    The same scenarios and batch give the same bits, whatever the number of workers.

    Parameters
    ----------
    net
        A network, from a case or from a table.
    scenarios
        With the same days and different names; numbers with a range take their best value.
    workers
        Threads of this process; None: one for each core it may use.
    batch
        Scenarios computed side by side; None: half of them, 32 at most.
    by_unit
        Whether production is kept by unit too.
    precision
        ``float64`` or ``float32``.
    progress
        Called with scenarios done and scenarios in all.

    Returns
    -------
    Runs
        Daily series of each scenario; outcomes and losses.

    Raises
    ------
    BadInput
        When there is no scenario, names are doubled, days differ, or an argument is out of range.
    UnknownName
        When a scenario names what the network has not.
    CouldNotFinish
        When a number is not finite.
    """
    given = list(scenarios)
    _checked(given, workers, batch, precision)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    width = batch or min(_WIDEST, -(-len(given) // 2))
    job = _Job(net, given, Collector(net, by_unit), precision)
    parts = _batches(given, width)
    out = _room((len(given), given[0].days, job.collector.width))
    _computed(job, parts, out, workers or cores or 1, progress)
    bad = np.flatnonzero(~np.isfinite(out[:, -1]).all(axis=1))
    if len(bad):
        message = f"{given[int(bad[0])].name}: what is kept is no number on the last day"
        raise CouldNotFinish(message)
    digest = digest_of(net, *given)
    return Runs(dataset_of(net, given, job.collector, out, digest=digest, precision=precision))


@dataclass(frozen=True)
class _Job:
    """What every batch needs."""

    net: Network
    scenarios: Sequence[Scenario]
    collector: Collector
    precision: str

    def compute(self, rows: Sequence[int], out: Array, lock: Lock) -> int:
        """Run a batch into its rows of `out`; BLAS is on one thread. Give how many they are."""
        mine = [self.scenarios[row] for row in rows]
        with lock:  # its memory is highest while it is prepared
            prepared = prepare(self.net, mine, slack=SLACK[self.precision])
            drive, move = prepared.drive, stepper(prepared, precision=self.precision)
            del prepared
        for day in range(drive.days):
            _, report = move(drive.day(day))
            out[rows, day] = self.collector.day(report).T
        return len(rows)


def _computed(
    job: _Job,
    parts: Sequence[Sequence[int]],
    out: Array,
    workers: int,
    progress: Progress | None,
) -> None:
    from threadpoolctl import threadpool_limits

    lock, done = Lock(), 0
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(workers) as pool:
        running = [pool.submit(job.compute, rows, out, lock) for rows in parts]
        try:
            for each in as_completed(running):
                done += each.result()
                if progress:
                    progress(done, len(out))
        finally:
            for each in running:
                each.cancel()


def _batches(scenarios: Sequence[Scenario], width: int) -> list[list[int]]:
    """Put scenarios with the same rules side by side, so many at a time."""
    groups: list[tuple[object, list[int]]] = []
    for row, scenario in enumerate(scenarios):
        known = next((rows for rules, rows in groups if rules == scenario.rules), None)
        if known is None:
            groups.append((scenario.rules, [row]))
        else:
            known.append(row)
    return [rows[at : at + width] for _, rows in groups for at in range(0, len(rows), width)]


def _room(shape: tuple[int, ...]) -> Array:
    """Make room for the series; on disk where they are many."""
    if 8 * int(np.prod(shape)) <= _IN_MEMORY:
        return np.empty(shape)
    import tempfile

    return np.memmap(tempfile.TemporaryFile(), dtype=np.float64, shape=shape)


def _checked(
    scenarios: Sequence[Scenario], workers: int | None, batch: int | None, precision: str
) -> None:
    """Refuse what cannot be run together."""
    if precision not in PRECISIONS:
        raise UnknownName("precision", precision, list(PRECISIONS), where="run_many")
    faults = [
        Fault("run_many", None, name, f"{value!r}", "1 or more, whole")
        for name, value in (("workers", workers), ("batch", batch))
        if value is not None and value < 1
    ]
    if not scenarios:
        faults.append(Fault("run_many", None, "scenarios", "none", "one or more"))
    seen: set[str] = set()
    for each in scenarios:
        if each.name in seen:
            faults.append(Fault("run_many", None, "name", f"{each.name} twice", "a name each"))
        seen.add(each.name)
        if each.days != scenarios[0].days:
            expected = f"{scenarios[0].days}, as {scenarios[0].name} has"
            faults.append(Fault("run_many", None, "days", f"{each.days} ({each.name})", expected))
    if faults:
        raise BadInput(faults)
