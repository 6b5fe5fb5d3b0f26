"""A Dask scheduler that computes for a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from narrows.terms import BadInput, CouldNotFinish, Fault

__all__ = ["connected"]

_PATIENCE = "10s"  # for the first answer of a scheduler


@contextmanager
def connected(address: str | None) -> Iterator[Any]:
    """Connect to a Dask scheduler, and leave it running."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        expected = "pip install 'narrows[cluster]'"
        raise BadInput(Fault("--cluster", None, "", "no distributed", expected)) from error
    try:
        client: Any = Client(address, timeout=_PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        message = f"--cluster: no scheduler answers at {address}"
        raise CouldNotFinish(message) from error
    with client:
        yield client
