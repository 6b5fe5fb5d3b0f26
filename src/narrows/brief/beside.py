"""Work done in a process of its own beside this one."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from narrows.terms import CouldNotFinish, NarrowsError

__all__ = ["beside"]

Made = TypeVar("Made")


@contextmanager
def beside(work: Callable[..., Made], *given: Any) -> Iterator[Callable[[], Made]]:  # noqa: ANN401
    """Begin work in another process; what is yielded waits for its result.

    Parameters
    ----------
    work
        A function of a module; it and what it is given must be such that they can be pickled.
    given
        What it is given.

    Raises
    ------
    NarrowsError
        What the work raises.
    CouldNotFinish
        When the process dies or fails otherwise.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, work, given), daemon=True)
    process.start()
    theirs.close()

    def result() -> Made:
        try:
            found, failed = ours.recv()
        except EOFError as error:
            message = "the process that plans died; --workers 1 does without it"
            raise CouldNotFinish(message) from error
        if failed is not None:
            raise failed
        return found  # type: ignore[no-any-return]

    try:
        yield result
    finally:
        process.terminate()
        process.join()
        ours.close()


def _serve(pipe: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    """Do the work and send what came out; Ctrl-C is left to who asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        pipe.send((work(*given), None))
    except NarrowsError as error:
        pipe.send((None, CouldNotFinish(str(error)) if not _travels(error) else error))


def _travels(error: Exception) -> bool:
    """Tell whether an error can be taken apart and put together again."""
    import pickle

    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except (TypeError, AttributeError, pickle.PicklingError):
        return False
    return True
