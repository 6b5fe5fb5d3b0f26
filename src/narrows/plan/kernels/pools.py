"""Where branches are answered: here, in processes beside this one, or on a Dask cluster.

Each worker keeps the programme of its part from round to round, so that it stays warm; only the
decisions travel.
"""

import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.plan.kernels.answers import Answer, Answers, Part, Pool
from narrows.plan.kernels.two_stage import TwoStage

__all__ = ["answering"]

Array = NDArray[np.float64]
_MOST_HELD = 16
_HELD: dict[str, Part] = {}


def answering(
    problem: TwoStage,
    workers: int = 1,
    client: Any = None,  # noqa: ANN401 - the client of a Dask cluster
) -> tuple[Answers, Pool | None]:
    """Give what answers the branches, and what closes it.

    Parameters
    ----------
    problem
        The problem.
    workers
        Processes; few branches are answered here.
    client
        Client of a Dask cluster instead.
    """
    if client is not None:
        names = list(client.nthreads())
        pool: Pool = _OnDask(client, names)
        return Answers(problem, pool, max(len(names), 1)), pool
    if workers <= 1 or len(problem.branches) < 2 * workers:
        return Answers(problem), None
    pool = _Processes(workers)
    return Answers(problem, pool, workers), pool


class _Processes:
    """One process a part."""

    def __init__(self, workers: int) -> None:
        context = get_context("spawn")
        self._each = [
            ProcessPoolExecutor(1, mp_context=context, initializer=_quiet) for _ in range(workers)
        ]
        self._sent: set[str] = set()

    def submit(self, part: Part, decisions: Array) -> Any:  # noqa: ANN401 - a future
        """Send a part once, and from then on its name."""
        worker = self._each[_number(part) % len(self._each)]
        if part.key in self._sent:
            return worker.submit(_again, part.key, decisions)
        self._sent.add(part.key)
        return worker.submit(_answer, part, decisions)

    def close(self) -> None:
        """End the processes."""
        for worker in self._each:
            worker.shutdown(wait=False, cancel_futures=True)


class _OnDask:
    """One worker of the cluster a part, while it lives; another takes over where it dies."""

    def __init__(self, client: Any, workers: list[str]) -> None:  # noqa: ANN401 - of Dask
        self._client, self._workers = client, workers
        self._held: dict[str, Any] = {}

    def submit(self, part: Part, decisions: Array) -> Any:  # noqa: ANN401 - a future
        """Send a part once, as bytes that the cluster keeps."""
        if part.key not in self._held:
            self._held[part.key] = self._client.submit(bytes, pickle.dumps(part), pure=False)
        wanted = self._workers[_number(part) % len(self._workers)] if self._workers else None
        return self._client.submit(
            _there,
            part.key,
            self._held[part.key],
            decisions,
            pure=False,
            workers=[wanted] if wanted else None,
            allow_other_workers=wanted is not None,
        )

    def close(self) -> None:
        """Let the cluster forget the parts."""
        self._client.cancel(list(self._held.values()))


def _number(part: Part) -> int:
    return int(part.key.rpartition("-")[2])


def _answer(part: Part, decisions: Array) -> list[Answer]:
    """Answer in a worker, with the programme it kept from the call before."""
    held = _HELD.setdefault(part.key, part)
    while len(_HELD) > _MOST_HELD:
        _HELD.pop(next(iter(_HELD)), None)
    return held.answer(decisions)


def _again(key: str, decisions: Array) -> list[Answer]:
    return _HELD[key].answer(decisions)


def _there(key: str, blob: bytes, decisions: Array) -> list[Answer]:
    part = _HELD.get(key)
    if part is None:
        part = pickle.loads(blob)  # noqa: S301 - made by this program
    return _answer(part, decisions)


def _quiet() -> None:
    """Leave Ctrl-C to who asked."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
