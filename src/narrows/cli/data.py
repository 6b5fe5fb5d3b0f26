"""`narrows data`: check a case folder, list cases and tables, import and add data."""

from dataclasses import asdict
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
adders = typer.Typer(help="Keep a checked copy of a table.", no_args_is_help=True)
app.add_typer(adders, name="add")


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


@app.command()
def tables(as_json: Json = False) -> int:
    """List the input-output tables that were added."""
    cards = nw.evidence.stored_tables()
    if as_json:
        print_json({"schema": "narrows/tables/1", "rows": [asdict(card) for card in cards]})
        return 0
    if not cards:
        say("No table. Next: narrows data add icio FILE")
        return 0
    rows = [
        [card.name, card.year, f"{card.regions} x {card.sectors}", card.unit, card.source]
        for card in cards
    ]
    columns = [Column("table"), Column("year"), Column("regions x sectors"), text("unit")]
    print_table(rows, [*columns, text("source", 24)])
    return 0


@adders.command()
def icio(
    file: Annotated[Path, typer.Argument(help="CSV, zip or Parquet, as downloaded.")],
    name: Annotated[str | None, typer.Option("--name", help="Name to store it under.")] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="Which table of a zip that holds several.")
    ] = None,
    world_gdp: Annotated[
        float | None, typer.Option("--world-gdp", help="To check against, in the table's unit.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Check a table of the OECD ICIO or of FIGARO and keep a copy."""
    card = nw.evidence.add_table(file, name, year=year, world_gdp=world_gdp)
    if as_json:
        print_json({"schema": "narrows/stored-table/1", **asdict(card)})
        return 0
    size = f"{card.regions} regions x {card.sectors} sectors, {card.unit}"
    say(f"Stored as {card.name}: {size}.")
    say(f"Source: {card.source}.")
    say(f"Terms of use: {card.licence}")
    for note in card.notes:
        say(note)
    return 0
