"""Read the five CSV files of the ETO chip data set; every fault is gathered."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from narrows.evidence.readers.eto_checks import faults_of
from narrows.evidence.readers.eto_records import (
    EUROPE,
    Edge,
    EtoData,
    Provider,
    Provision,
    Thing,
    share_number,
)
from narrows.evidence.tables import Row, read_text
from narrows.terms import FIRM, OTHER, BadInput, Fault, places

__all__ = ["read_eto"]

_SIZE = "market_share_chart_global_market_size_info"
_COLUMNS = {
    "inputs": ("input_id", "input_name", "type", "stage_id", "description", "year"),
    "providers": ("provider_id", "provider_name", "provider_type", "country"),
    "provision": ("provider_id", "provided_id", "share_provided", "year", "source"),
    "sequence": ("input_id", "goes_into_id", "is_type_of_id"),
    "stages": ("stage_id", "stage_name", "description"),
}


def read_eto(folder: Path) -> EtoData:
    """Read the folder.

    Raises
    ------
    BadInput
        When the folder or a file is missing or unreadable, is no CSV, lacks a column, or a cell
        cannot be used; all faults at once.
    """
    if not folder.is_dir():
        raise BadInput(
            Fault(str(folder), None, "", "no such folder", "a folder with the ETO files")
        )
    faults: list[Fault] = []
    rows = {name: _read(folder / f"{name}.csv", _COLUMNS[name], faults) for name in _COLUMNS}
    if faults:
        raise BadInput(faults)
    things = {thing.id: thing for thing in [*_things(rows, "input"), *_things(rows, "stage")]}
    providers = _providers(rows["providers"])
    faults.extend(faults_of(rows, things, providers))
    if faults:
        raise BadInput(faults)
    return EtoData(
        things=things,
        providers=providers,
        provisions=tuple(_provision(row, things, providers) for row in rows["provision"]),
        edges=tuple(_edges(rows["sequence"])),
    )


def _read(path: Path, columns: Iterable[str], faults: list[Fault]) -> list[Row]:
    """Read one file; other columns than the ones needed are let be."""
    if not path.exists():
        faults.append(
            Fault(path.name, None, "", "no such file", f"{path.name} of the ETO data set")
        )
        return []
    text = read_text(path, faults)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    start = 1
    try:
        head = [name.strip() for name in next(reader, [])]
        faults.extend(
            Fault(path.name, 1, name, "no such column", f"the column {name!r}")
            for name in columns
            if name not in head
        )
        start = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(head):
                found = f"{len(cells)} cells"
                faults.append(Fault(path.name, start, "", found, f"{len(head)} cells"))
            if cells:
                stripped = (cell.strip() for cell in cells)
                rows.append(Row(start, dict(zip(head, stripped, strict=False))))
            start = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(path.name, start, "", f"no CSV ({error})", "comma-separated text"))
    return rows


def _things(rows: Mapping[str, list[Row]], what: Literal["input", "stage"]) -> Iterator[Thing]:
    for row in rows[f"{what}s"]:
        cells = row.cells
        yield Thing(
            id=cells[f"{what}_id"],
            name=cells[f"{what}_name"],
            type="stage" if what == "stage" else cells["type"],
            stage=cells["stage_id"],
            about=" ".join(cells["description"].split()),
            year=cells.get("year", ""),
            market_size=cells.get(_SIZE, ""),
            market_source=cells.get("market_share_chart_source", ""),
            caption=cells.get("market_share_chart_caption", ""),
        )


def _providers(rows: Iterable[Row]) -> dict[str, Provider]:
    out: dict[str, Provider] = {}
    for row in rows:
        cells = row.cells
        first = out.setdefault(cells["provider_id"], _provider(cells))
        if first.firm and cells.get("alias"):
            aliases = (*first.aliases, cells["alias"])
            out[cells["provider_id"]] = replace(first, aliases=aliases)
    return out


def _provider(cells: Mapping[str, str]) -> Provider:
    name, firm = cells["provider_name"], cells["provider_type"] == "organization"
    if name.lower().startswith("various"):
        return Provider(cells["provider_id"], name, OTHER, firm, "")
    seat = cells["country"] if firm and cells["country"] in places() else ""
    entity = f"{FIRM}{name}" if firm else {"EUR": EUROPE}.get(name, name)
    return Provider(cells["provider_id"], name, entity, firm, seat)


def _provision(
    row: Row, things: Mapping[str, Thing], providers: Mapping[str, Provider]
) -> Provision:
    cells = row.cells
    provider = providers[cells["provider_id"]]
    return Provision(
        line=row.line,
        provider=provider,
        name_printed=cells.get("provider_name", provider.name),
        subject=cells["provided_id"],
        share=share_number(cells["share_provided"]),
        share_printed=cells["share_provided"],
        year=cells["year"] or things[cells["provided_id"]].year,
        source=cells["source"],
    )


def _edges(rows: Iterable[Row]) -> Iterator[Edge]:
    for row in rows:
        for column, kind_of in (("goes_into_id", False), ("is_type_of_id", True)):
            if row.cells[column]:
                yield Edge(row.cells["input_id"], row.cells[column], kind_of)
