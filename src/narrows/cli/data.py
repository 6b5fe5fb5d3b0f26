"""`narrows data`: check a case folder, list the bundled cases, import a data set."""

from pathlib import Path
from typing import Annotated

import typer

import narrows as nw
from narrows.cli.options import Json
from narrows.cli.printing import print_json, say
from narrows.cli.tables import Column, number, print_table, text
from narrows.terms import BadInput

__all__ = ["app"]

_FAULT = ("file", "row", "field", "found", "expected")
_REPORT = ("terms", "credit", "rows", "noticed")

app = typer.Typer(help="Check, list and import cases.", no_args_is_help=True)
importers = typer.Typer(help="Import a data set that you downloaded.", no_args_is_help=True)
app.add_typer(importers, name="import")


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="Case folder.")], as_json: Json = False
) -> int:
    """Report every fault of a case folder, with file, row, what was found and what is allowed."""
    faults = nw.evidence.check(folder)
    if as_json:
        rows = [{name: getattr(fault, name) for name in _FAULT} for fault in faults]
        print_json({"schema": "narrows/check/1", "folder": str(folder), "faults": rows})
        return 2 if faults else 0
    if faults:
        raise BadInput(faults)
    case = nw.evidence.load(folder)
    tables = {
        "item": case.items,
        "recipe row": case.recipes,
        "observation": case.observations,
        "assumption": case.assumptions,
        "source": case.sources,
    }
    counts = [f"{len(table)} {name}{'s' * (len(table) != 1)}" for name, table in tables.items()]
    say(f"{case.title}: no fault. {', '.join(counts)}.")
    return 0


@app.command("list")
def listed(as_json: Json = False) -> int:
    """List the bundled cases."""
    cases = [nw.evidence.load(name) for name in nw.evidence.bundled()]
    if as_json:
        found = [
            {
                "name": case.name,
                "title": case.title,
                "summary": case.info.summary,
                "periods": list(case.periods),
                "items": len(case.items),
            }
            for case in cases
        ]
        print_json({"schema": "narrows/cases/1", "rows": found})
        return 0
    rows = [
        [case.name, case.title, ", ".join(case.periods), str(len(case.items)), case.info.summary]
        for case in cases
    ]
    columns = [Column("case"), text("title"), text("periods", 8), number("items")]
    print_table(rows, [*columns, text("about", 24)])
    return 0


@importers.command()
def eto(
    folder: Annotated[Path, typer.Argument(help="Folder with the five CSV files of ETO.")],
    out: Annotated[Path, typer.Option("--out", help="Case folder to write: new or empty.")],
    as_json: Json = False,
) -> int:
    """Import the ETO chip supply chain data (CC BY-NC 4.0; not bundled)."""
    report = nw.evidence.import_eto(folder, out)
    if as_json:
        made = {name: getattr(report, name) for name in _REPORT}
        print_json({"schema": "narrows/import/1", "out": str(report.out), **made})
        return 0
    say(str(report))
    shown = out if out.is_absolute() or len(out.parts) > 1 else f"./{out}"
    say(f"Next: narrows show {shown}")
    return 0
