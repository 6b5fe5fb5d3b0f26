"""The commands put together, and how errors leave the program."""

import sys
from collections.abc import Sequence
from typing import Annotated

import click
import typer

from narrows import __version__
from narrows.cli.brief import brief
from narrows.cli.data import app as data
from narrows.cli.measure import app as measure
from narrows.cli.show import show
from narrows.cli.stress import stress
from narrows.terms import BadInput, NarrowsError

__all__ = ["app", "run"]

app = typer.Typer(
    name="narrows",
    help="Where a supply chain is narrow, and what stops when it closes.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 a finding above a threshold you set, 2 bad input, "
    "3 could not finish.",
)
app.command("show")(show)
app.add_typer(measure, name="measure")
app.command("stress")(stress)
app.command("brief")(brief)
app.add_typer(data, name="data")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"narrows {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Where a supply chain is narrow, and what stops when it closes."""


def run(arguments: Sequence[str]) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        As typed, without the name of the program.

    Returns
    -------
    int
        The exit code.
    """
    try:
        code = app(args=list(arguments), standalone_mode=False)
    except NarrowsError as error:
        _tell(error)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        sys.stderr.write("stopped\n")
        return 3
    except BrokenPipeError:
        return 0
    return int(code or 0)


def _tell(error: NarrowsError) -> None:
    lines = [str(fault) for fault in error.faults] if isinstance(error, BadInput) else [str(error)]
    for line in lines[:50]:
        sys.stderr.write(f"error: {line}\n")
    if len(lines) > 50:
        sys.stderr.write(f"error: and {len(lines) - 50} more\n")
