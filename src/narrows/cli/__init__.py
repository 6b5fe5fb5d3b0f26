"""Command line: a thin face over the library.

Exit codes: 0 done, 1 a finding above a threshold the user set, 2 bad input, 3 could not finish.
"""

import io
import os
import sys
from pathlib import Path
from typing import TextIO

__all__ = ["main"]


def main() -> None:
    """Run the command line, turning every error into one clear message."""
    from narrows.cli.app import run

    sys.stdout, sys.stderr = (_ready(stream) for stream in (sys.stdout, sys.stderr))
    code = run(sys.argv[1:])
    _settle(sys.stdout)
    sys.exit(code)


def _ready(stream: TextIO | None) -> TextIO:
    """Give a stream that takes every letter, also where it is closed or the terminal lacks some."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream


def _settle(stream: TextIO) -> None:
    """Empty the output, or point it nowhere where nobody takes it, so that exit is silent."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
