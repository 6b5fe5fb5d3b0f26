"""Options of `narrows screen`, and how a screening is kept. Nothing heavy is loaded here."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import narrows as nw
from narrows.cli.printing import print_csv, print_json, say
from narrows.terms import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

    from narrows.screen import Kept, Record
    from narrows.screen.record.kinds import Keepable

__all__ = [
    "Jurisdictions",
    "Keep",
    "On",
    "RecordFile",
    "day",
    "days",
    "keep",
    "opened_record",
    "packs",
    "printed",
    "told_kept",
]

_KEY = "NARROWS_RECORD_KEY"

On = Annotated[
    str | None,
    typer.Option(
        "--on", metavar="DATE", help="Day whose rules apply. [default: the file's, today]"
    ),
]
Jurisdictions = Annotated[
    list[str] | None,
    typer.Option(
        "--jurisdiction",
        metavar="NAME",
        help="Bundled pack such as us, jp, eu, nl, kr, cn, or a YAML file; repeatable. "
        "[default: all bundled]",
    ),
]
Keep = Annotated[bool, typer.Option("--keep/--no-keep", help="Write the screening down.")]
RecordFile = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="FILE",
        help="Record of screenings. [default: screenings.sqlite in the data folder]",
    ),
]


def day(text: str | None, name: str = "--on") -> date | None:
    """Give a date as typed.

    Raises
    ------
    BadInput
        When it is none.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fault = Fault(name, None, "", repr(text), "a date such as 2026-11-23")
        raise BadInput(fault) from None


def days(texts: Sequence[str] | None) -> list[date]:
    """Give dates as typed."""
    return [found for text in texts or () if (found := day(text)) is not None]


def packs(names: Sequence[str] | None) -> list[str | Path] | None:
    """Give jurisdictions as typed: a name, or the path of a file."""
    if not names:
        return None
    return [Path(name) if name.endswith((".yaml", ".yml")) else name for name in names]


def opened_record(file: Path | None, *, create: bool) -> "Record":
    """Open the record, with the key of the environment where there is one."""
    from narrows.screen.record.places import default_record

    path = file or default_record()
    return nw.screen.open_record(path, key=os.environ.get(_KEY, ""), create=create)


def keep(
    result: "Keepable", wanted: bool, file: Path | None, files: Sequence[str | Path] = ()
) -> "tuple[Kept, Path] | None":
    """Write a result into the record, with the texts of rules that are not bundled."""
    if not wanted:
        return None
    record = opened_record(file, create=True)
    own = [each for each in files if isinstance(each, Path)]
    found = nw.screen.to_keep(result, files=own)
    return record.put(found.screening, texts=found.texts), record.path


def told_kept(kept: "tuple[Kept, Path] | None") -> None:
    """Say where a screening was kept."""
    if kept is not None:
        one, path = kept
        say(f"Kept as screening {one.number} in {path}; seal {one.seal[:16]}.", style="dim")


def printed(
    plain: dict[str, Any],
    frame: "pd.DataFrame",
    kept: "tuple[Kept, Path] | None",
    *,
    as_json: bool,
    as_csv: bool,
) -> bool:
    """Print JSON (with where it was kept) or CSV where asked; tell whether it was.

    Every row of the CSV carries the notice, so that no table goes on without it.
    """
    if as_json:
        where = None if kept is None else {"record": str(kept[1]), "reference": kept[0].reference}
        print_json({**plain, "kept": where})
    elif as_csv:
        print_csv(frame.assign(notice=plain["notice"]))
    return as_json or as_csv
