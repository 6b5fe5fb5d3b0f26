"""One batch of draws; computed in this process, in its threads, or on Dask."""

import pickle
import warnings
from collections.abc import Iterator, Set
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network, redrawn
from narrows.simulate.collect import Collector
from narrows.simulate.drawn import prepare_draws
from narrows.simulate.run import SLACK
from narrows.simulate.sampling import with_values
from narrows.simulate.scenario import Scenario
from narrows.simulate.stepping import stepper
from narrows.terms import CouldNotFinish

__all__ = ["Batch", "Done", "Queue", "Work", "in_this_process", "in_threads", "on_dask"]

Array = NDArray[np.float64]
Done = tuple[int, dict[str, Array]]
_PREPARING = Lock()  # one batch at a time: its memory is highest while it is prepared


@dataclass(frozen=True)
class Batch:
    """Some draws: the number of the batch, its first draw, quantiles (inputs, draws)."""

    number: int
    first: int
    quantiles: Array


@dataclass(frozen=True)
class Queue:
    """The batches still to be computed, by number; each is read when its turn comes.

    Parameters
    ----------
    quantiles
        Of all draws, (inputs, draws).
    width
        Draws of a batch.
    finished
        Numbers of the batches that need not be computed.
    """

    quantiles: Array
    width: int
    finished: Set[int]

    def __iter__(self) -> Iterator[int]:
        batches = -(-self.quantiles.shape[1] // self.width)
        return (number for number in range(batches) if number not in self.finished)

    def size(self, number: int) -> int:
        """Give the draws of a batch."""
        return min(self.width, int(self.quantiles.shape[1]) - number * self.width)

    def batch(self, number: int) -> Batch:
        """Read a batch."""
        first = number * self.width
        return Batch(number, first, np.array(self.quantiles[:, first : first + self.width]))


@dataclass(frozen=True)
class Work:
    """What every batch needs.

    Parameters
    ----------
    net, scenario
        What is drawn.
    paths, estimates
        Inputs, in the order of the quantiles: of the scenario, then of the case.
    precision
        See `run`.
    by_unit
        Whether production is kept by unit too.
    """

    net: Network
    scenario: Scenario
    paths: tuple[str, ...]
    estimates: tuple[str, ...]
    precision: str
    by_unit: bool

    @cached_property
    def collector(self) -> Collector:
        """What is kept."""
        return Collector(self.net, self.by_unit)

    def compute(self, batch: Batch) -> dict[str, Array]:
        """Run a batch; give its series (draws, days, columns) and weights (draws, markets).

        Whoever calls it keeps BLAS on one thread.

        Raises
        ------
        CouldNotFinish
            When a number is not finite.
        """
        own = len(self.paths)
        scenarios = [
            with_values(self.scenario, dict(zip(self.paths, u, strict=True)))
            for u in batch.quantiles[:own].T.tolist()
        ]
        nets = self._nets(batch.quantiles[own:])
        out = np.empty((len(scenarios), self.scenario.days, self.collector.width))
        with _PREPARING:
            parts = prepare_draws(nets, scenarios, slack=SLACK[self.precision])
            moves = [(part.drive, stepper(part, precision=self.precision)) for part in parts]
            del parts
        draw = 0
        for drive, move in moves:
            mine = slice(draw, draw + drive.width)
            for day in range(drive.days):
                _, report = move(drive.day(day))
                out[mine, day] = self.collector.day(report).T
            draw = mine.stop
        good = np.isfinite(out).all(axis=(1, 2))
        if not good.all():
            draw = batch.first + int(np.argmin(good))
            message = f"{self.scenario.name}: draw {draw} gives what is no number"
            raise CouldNotFinish(message)
        weights = [self.collector.weights(net) for net in nets]
        return {"series": out, "weights": np.broadcast_to(weights, (len(out), len(weights[0])))}

    def _nets(self, quantiles: Array) -> list[Network]:
        if not self.estimates:
            return [self.net]
        case = self.net.made_from.case
        draws = (dict(zip(self.estimates, u, strict=True)) for u in quantiles.T.tolist())
        return [redrawn(self.net, case.draw(u)) for u in draws]


def in_this_process(work: Work, queue: Queue) -> Iterator[Done]:
    """Compute batch after batch here."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        for number in queue:
            yield number, work.compute(queue.batch(number))


def in_threads(work: Work, queue: Queue, workers: int) -> Iterator[Done]:
    """Compute in threads of this process, which share the network."""
    from threadpoolctl import threadpool_limits

    waiting, running = iter(queue), dict[Future[dict[str, Array]], int]()
    with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(workers) as pool:

        def send(count: int) -> None:
            for number in islice(waiting, count):
                running[pool.submit(work.compute, queue.batch(number))] = number

        send(workers)
        try:
            while running:
                for each in wait(running, return_when=FIRST_COMPLETED).done:
                    number = running.pop(each)
                    send(1)
                    yield number, each.result()
        finally:
            for each in running:
                each.cancel()


def on_dask(work: Work, queue: Queue, client: Any) -> Iterator[Done]:  # noqa: ANN401 - of Dask
    """Compute on the workers of a Dask client.

    The inputs go out as bytes that the scheduler keeps: a worker that dies is given them again,
    and its batches are computed elsewhere.
    """
    from distributed import as_completed

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
        held = client.submit(bytes, pickle.dumps(work), pure=False)
    waiting = iter(queue)

    def send(count: int) -> list[Any]:
        batches = (queue.batch(number) for number in islice(waiting, count))
        return [client.submit(_there, held, each, pure=False) for each in batches]

    workers = max(1, len(client.ncores()))
    running: Any = as_completed(send(2 * workers))  # type: ignore[no-untyped-call]
    try:
        for each in running:
            yield each.result()
            running.update(send(1))
    finally:
        client.cancel([held, *running.futures])


def _there(blob: bytes, batch: Batch) -> Done:
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=1, user_api="blas")
    return batch.number, _unpacked(blob).compute(batch)


@lru_cache(maxsize=2)
def _unpacked(blob: bytes) -> Work:
    work: Work = pickle.loads(blob)  # noqa: S301 - made by this program
    return work
