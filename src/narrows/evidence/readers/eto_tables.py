"""Read the five CSV files of the ETO chip data set and check them; every fault is gathered."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from narrows.evidence.tables import Row, read_text
from narrows.terms import FIRM, OTHER, BadInput, Fault, Period, places

__all__ = ["EUROPE", "Edge", "EtoData", "Provider", "Provision", "Thing", "read_eto"]

EUROPE = "Europe"
"""Group that stands for the region code of the data set; its members are in `eto_europe.csv`."""

TYPES = ("process", "tool_resource", "material_resource", "design_resource", "ultimate_output")
_SIZE = "market_share_chart_global_market_size_info"
_COLUMNS = {
    "inputs": ("input_id", "input_name", "type", "stage_id", "description", "year"),
    "providers": ("provider_id", "provider_name", "provider_type", "country"),
    "provision": ("provider_id", "provided_id", "share_provided", "year", "source"),
    "sequence": ("input_id", "goes_into_id", "is_type_of_id"),
    "stages": ("stage_id", "stage_name", "description"),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """An input, or a stage (type ``stage``)."""

    id: str
    name: str
    type: str
    stage: str
    about: str
    year: str
    market_size: str
    market_source: str
    caption: str


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider under the name that the case uses: a place, a group, `Other` or ``firm:NAME``.

    `seat` is the place of a firm, empty where the data set has none. `aliases` are the other
    names of a firm: the file has a line for each.
    """

    id: str
    name: str
    entity: str
    firm: bool
    seat: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provision:
    """One line on who provides what; `share` is None where no number is printed."""

    line: int
    provider: Provider
    name_printed: str
    subject: str
    share: float | None
    share_printed: str
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class Edge:
    """`input` goes into `target`, or is a kind of it."""

    input: str
    target: str
    kind_of: bool


@dataclass(frozen=True)
class EtoData:
    """The data set, checked."""

    things: Mapping[str, Thing]
    providers: Mapping[str, Provider]
    provisions: tuple[Provision, ...]
    edges: tuple[Edge, ...]

    def of_type(self, *types: str) -> tuple[Thing, ...]:
        """Give the inputs or stages of some types in the order of the file."""
        return tuple(thing for thing in self.things.values() if thing.type in types)


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
    faults.extend(_faults(rows, things, providers))
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
        share=_number(cells["share_provided"]),
        share_printed=cells["share_provided"],
        year=cells["year"] or things[cells["provided_id"]].year,
        source=cells["source"],
    )


def _number(text: str) -> float | None:
    """Give a share as a number; None for an empty cell or a word such as ``Major``."""
    try:
        return float(text.removesuffix("%"))
    except ValueError:
        return None


def _edges(rows: Iterable[Row]) -> Iterator[Edge]:
    for row in rows:
        for column, kind_of in (("goes_into_id", False), ("is_type_of_id", True)):
            if row.cells[column]:
                yield Edge(row.cells["input_id"], row.cells[column], kind_of)


def _faults(
    rows: Mapping[str, list[Row]], things: Mapping[str, Thing], providers: Mapping[str, Provider]
) -> Iterator[Fault]:
    yield from _doubled("inputs.csv", rows["inputs"], "input_id", ())
    same = ("provider_name", "provider_type", "country")
    yield from _doubled("providers.csv", rows["providers"], "provider_id", same)
    for row in rows["inputs"]:
        yield from _unknown("inputs.csv", row, "type", TYPES, "a known type")
        yield from _unknown("inputs.csv", row, "stage_id", things, "a stage", empty=True)
    for row in rows["providers"]:
        entity = providers[row.cells["provider_id"]].entity
        if not entity.startswith(FIRM) and entity not in (*places(), EUROPE, OTHER):
            expected = "an ISO 3166 alpha-3 code, EUR, or a name that begins with Various"
            yield Fault("providers.csv", row.line, "provider_name", repr(entity), expected)
    for row in rows["sequence"]:
        for column in ("input_id", "goes_into_id", "is_type_of_id"):
            empty = column != "input_id"
            yield from _unknown("sequence.csv", row, column, things, "an input", empty=empty)
    for row in rows["provision"]:
        yield from _unknown("provision.csv", row, "provided_id", things, "an input or a stage")
        yield from _unknown("provision.csv", row, "provider_id", providers, "a provider")
        yield from _values(row, things)


def _doubled(file: str, rows: Iterable[Row], column: str, same: tuple[str, ...]) -> Iterator[Fault]:
    """Find ids used again; lines that agree in the columns `same` may repeat one."""
    seen: dict[str, Row] = {}
    for row in rows:
        value = row.cells[column]
        first = seen.setdefault(value, row)
        agree = bool(same) and all(first.cells[name] == row.cells[name] for name in same)
        if first is not row and not agree:
            found = f"{value!r} again, first on line {first.line}"
            expected = "an id used once" + (f", or the same {', '.join(same)}" if same else "")
            yield Fault(file, row.line, column, found, expected)


def _unknown(
    file: str, row: Row, column: str, known: Iterable[str], what: str, *, empty: bool = False
) -> Iterator[Fault]:
    value = row.cells[column]
    if value not in known and not (empty and not value):
        yield Fault(file, row.line, column, repr(value), what)


def _values(row: Row, things: Mapping[str, Thing]) -> Iterator[Fault]:
    share, year = _number(row.cells["share_provided"]), row.cells["year"]
    if share is not None and not 0 <= share <= 100:
        found = row.cells["share_provided"]
        yield Fault("provision.csv", row.line, "share_provided", found, "0 to 100 percent")
    thing = things.get(row.cells["provided_id"])
    try:
        Period.parse(year or (thing.year if thing else "2000"))
    except ValueError:
        yield Fault("provision.csv", row.line, "year", repr(year), "a year such as 2025")
