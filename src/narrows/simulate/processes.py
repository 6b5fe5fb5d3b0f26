"""Batches of draws in processes beside this one.

Each process has a pipe of its own. One that is killed, even while it sends, closes its pipe and is
replaced; with a queue that all share, the others would wait for the rest of its message.
"""

import pickle
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from narrows.simulate.batches import Batch, Done, Queue, Work, in_threads
from narrows.simulate.stepping import takes_fused
from narrows.terms import CouldNotFinish

__all__ = ["in_processes"]

_MOST_DEATHS = 3


@dataclass(frozen=True)
class _Hand:
    """A process, our end of its pipe, and the batch it computes."""

    process: Any
    pipe: Connection
    number: int


def in_processes(work: Work, queue: Queue, workers: int) -> Iterator[Done]:
    """Compute in processes beside this one; one that dies is replaced, up to three times.

    With tables for which the fused day is taken the work goes to threads: they share the table,
    and the compiled day leaves Python to the others.

    Raises
    ------
    CouldNotFinish
        When a batch fails, or more processes die.
    """
    if takes_fused(work.net, queue.width):
        yield from in_threads(work, queue, workers)
        return
    blob, waiting, deaths = pickle.dumps(work), deque(queue), 0
    busy: dict[Any, _Hand] = {}
    try:
        while waiting or busy:
            while waiting and len(busy) < workers:
                hand = _started(blob, queue.batch(waiting.popleft()))
                busy[hand.pipe] = hand
            for pipe in wait(list(busy)):
                hand = busy.pop(pipe)
                try:
                    found = _received(hand)
                except (EOFError, OSError) as error:
                    deaths += 1
                    waiting.appendleft(hand.number)
                    _ended(hand)
                    if deaths > _MOST_DEATHS:
                        message = f"{deaths} worker processes died; finished batches are kept"
                        raise CouldNotFinish(message) from error
                    continue
                if waiting:
                    busy[pipe] = _sent(hand, queue.batch(waiting.popleft()))
                else:
                    _ended(hand)
                yield hand.number, found
    finally:
        for hand in busy.values():
            _ended(hand)


def _started(blob: bytes, batch: Batch) -> _Hand:
    """Start a process and give it the inputs and its first batch."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    hand = _Hand(process, ours, batch.number)
    try:
        ours.send_bytes(blob)
    except OSError:
        return hand  # it died: nothing will come from it, and it is replaced
    return _sent(hand, batch)


def _sent(hand: _Hand, batch: Batch) -> _Hand:
    """Give a process its next batch; one that died meanwhile is found out when we listen."""
    with suppress(OSError):
        hand.pipe.send(batch)
    return _Hand(hand.process, hand.pipe, batch.number)


def _received(hand: _Hand) -> Any:  # noqa: ANN401 - the arrays of a batch
    found = hand.pipe.recv()
    if isinstance(found, str):
        _ended(hand)
        raise CouldNotFinish(found)
    return found


def _ended(hand: _Hand) -> None:
    hand.pipe.close()
    hand.process.terminate()
    hand.process.join()


def _serve(pipe: Connection) -> None:
    """Compute batches until the pipe closes: BLAS on one thread, Ctrl-C left to who asks."""
    from threadpoolctl import threadpool_limits

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threadpool_limits(limits=1, user_api="blas")
    try:
        work: Work = pickle.loads(pipe.recv_bytes())  # noqa: S301 - made by this program
        while True:
            pipe.send(_answer(work, pipe.recv()))
    except (EOFError, OSError):
        return  # who asked is gone


def _answer(work: Work, batch: Batch) -> Any:  # noqa: ANN401 - arrays, or what went wrong
    try:
        return work.compute(batch)
    except Exception as error:  # noqa: BLE001 - told to who asked
        return f"batch {batch.number}: {type(error).__name__}: {error}; finished batches are kept"
