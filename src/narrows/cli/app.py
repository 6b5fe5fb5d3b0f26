"""The commands put together, and how errors leave the program."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from narrows import __version__
from narrows.cli.brief import brief
from narrows.cli.compare import compare
from narrows.cli.data import app as data
from narrows.cli.measure import app as measure
from narrows.cli.plan import plan
from narrows.cli.replay import replay
from narrows.cli.screen import app as screen
from narrows.cli.show import show
from narrows.cli.stress import stress
from narrows.terms import BadInput, NarrowsError

__all__ = ["app", "run"]

_MOST = 200  # faults shown; `narrows data check --json` gives all

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
app.command("compare")(compare)
app.command("replay")(replay)
app.command("plan")(plan)
app.add_typer(screen, name="screen")
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
    """Run the command line; whatever happens ends in one clear message, never in a traceback.

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
        code = _invoke(arguments)
        sys.stdout.flush()
    except NarrowsError as error:
        code = _told(error)
    except typer.TyperException as error:
        code = _misused(error)
    except (KeyboardInterrupt, typer.Abort):
        code = _failed("stopped", 3)
    except BrokenPipeError:  # the reader of a pipe has gone: what it wanted, it has
        code = 0
    except OSError as error:
        code = _failed(f"{error.filename or 'output'}: {error.strerror or error}", 2)
    except MemoryError:
        code = _failed("not enough memory; fewer draws or a smaller -k need less", 3)
    except Exception as error:
        if os.environ.get("NARROWS_TRACEBACK"):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        hint = "a fault of narrows, please report it; NARROWS_TRACEBACK=1 shows where"
        code = _failed(f"{what} ({hint})", 3)
    return code


def _invoke(arguments: Sequence[str]) -> int:
    command: Any = typer.main.get_command(app)
    try:
        with command.make_context("narrows", list(arguments)) as context:
            return int(command.invoke(context) or 0)
    except typer.Exit as done:
        return done.exit_code


def _told(error: NarrowsError) -> int:
    """Write every fault as one line."""
    lines = [str(fault) for fault in error.faults] if isinstance(error, BadInput) else [str(error)]
    for line in lines[:_MOST]:
        _failed(line, 2)
    if len(lines) > _MOST:
        _failed(f"and {len(lines) - _MOST} more", 2)
    return error.exit_code


def _misused(error: typer.TyperException) -> int:
    """Say what is wrong with a command as it was typed, and where to read how it is used."""
    message = error.format_message().replace("Value error, ", "").strip().rstrip(".")
    if not message:  # a command without its words: the help has been shown
        return 2
    context = getattr(error, "ctx", None)
    where = f" (see {context.command_path} --help)" if context else ""
    return _failed(f"{message[0].lower()}{message[1:]}{where}", 2)


def _failed(message: str, code: int) -> int:
    sys.stderr.write(f"error: {message}\n")
    return code
