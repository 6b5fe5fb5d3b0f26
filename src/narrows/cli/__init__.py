"""Command line: a thin face over the library.

Exit codes: 0 done, 1 a finding above a threshold the user set, 2 bad input, 3 could not finish.
"""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line, turning every error made on purpose into one clear message."""
    from narrows.cli.app import run

    sys.exit(run(sys.argv[1:]))
