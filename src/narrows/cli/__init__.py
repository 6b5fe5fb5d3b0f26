"""Command line: a thin face over the library.

Exit codes: 0 done, 1 a finding above a threshold the user set, 2 bad input, 3 could not finish.
"""

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line, turning every error into one clear message."""
    from narrows.cli.app import run

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # letters that the terminal lacks are no reason to stop
            stream.reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    _settle()
    sys.exit(code)


def _settle() -> None:
    """Empty the output, or point it nowhere where nobody takes it, so that exit is silent."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
