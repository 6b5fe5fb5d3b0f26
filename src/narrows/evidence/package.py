"""Read a case folder into parsed rows; every fault is gathered before any is raised."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from narrows.evidence.info import CaseInfo, read_info
from narrows.evidence.records import RANGED, Figure, Item, Member, Range, RecipeRow, Source
from narrows.evidence.schema import TABLES
from narrows.evidence.sets import Index
from narrows.evidence.tables import Row, read_rows
from narrows.terms import Basis, Criticality, Fault, Grade, ItemKind, Period, Status

__all__ = ["Package", "read_package"]


@dataclass(frozen=True)
class Package:
    """A case folder as read: rows, and where each came from."""

    folder: Path
    info: CaseInfo
    items: Mapping[str, Item]
    recipes: tuple[RecipeRow, ...]
    figures: tuple[Figure, ...]
    sources: Mapping[str, Source]
    groups: tuple[Member, ...]
    rows: Mapping[str, Sequence[Row]]
    digest: str

    @cached_property
    def index(self) -> Index:
        """All share sets, and which one is in use."""
        return Index(self.figures, self.info.sets)

    @cached_property
    def members(self) -> Mapping[str, frozenset[str]]:
        """Members of every group of places."""
        return self._related("member")

    @cached_property
    def seats(self) -> Mapping[str, str]:
        """Place where each firm is seated."""
        return {firm: min(places) for firm, places in self._related("seat").items()}

    @cached_property
    def singles(self) -> Mapping[tuple[str, str], list[Figure]]:
        """All figures by subject and measure."""
        out: dict[tuple[str, str], list[Figure]] = {}
        for row in self.figures:
            out.setdefault((row.subject, row.measure), []).append(row)
        return out

    @cached_property
    def chosen(self) -> dict[tuple[str, str, str, str], Figure | None]:
        """Single figures found before, by subject, measure, entity and period."""
        return {}

    @cached_property
    def located(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Entities that figures of a subject and measure are about."""
        return {key: frozenset(row.entity for row in rows) for key, rows in self.singles.items()}

    @cached_property
    def scenarios(self) -> Mapping[str, Path]:
        """Scenario files of the case by name."""
        return {path.stem: path for path in sorted(self.folder.glob("scenarios/*.yaml"))}

    @cached_property
    def frames(self) -> Mapping[str, pd.DataFrame]:
        """The tables as read, numbers as numbers, empty cells missing."""
        out = {}
        for name, table in TABLES.items():
            frame = pd.DataFrame([row.cells for row in self.rows[name]], columns=list(table.names))
            for column in table.columns:
                if column.type == "number":
                    frame[column.name] = pd.to_numeric(frame[column.name])
            out[name] = frame
        return out

    def in_period(self, period: str) -> dict[tuple[str, str], RecipeRow]:
        """Give the recipe rows of a period by (item, input).

        A row for the period goes before one that holds for every period, and that one before a
        row for the nearest other period.
        """
        wanted = Period.parse(period)
        out: dict[tuple[str, str], tuple[tuple[float, ...], RecipeRow]] = {}
        for row in self.recipes:
            pair = (row.item, row.input)
            rank = Period.parse(row.period).distance(wanted) if row.period else (0.5,)
            if pair not in out or rank < out[pair][0]:
                out[pair] = (rank, row)
        return {pair: row for pair, (_, row) in out.items()}

    def _related(self, relation: str) -> dict[str, frozenset[str]]:
        out: dict[str, frozenset[str]] = {}
        for row in self.groups:
            if row.relation == relation:
                out[row.group] = out.get(row.group, frozenset()) | {row.member}
        return out


def read_package(folder: Path, faults: list[Fault]) -> Package | None:
    """Read every file of a case; None where something essential is missing or broken."""
    try:
        present = folder.is_dir()
        if present:
            next(folder.iterdir(), None)
    except OSError as error:
        reason = error.strerror or str(error)
        faults.append(Fault(folder.name, None, "", reason, "a folder that can be read"))
        return None
    if not present:
        faults.append(Fault(str(folder), None, "", "no such folder", "a case folder"))
        return None
    info = read_info(folder, faults)
    rows = {name: read_rows(folder, table, faults) for name, table in TABLES.items()}
    figures = [
        parsed
        for name in ("observations", "assumptions")
        for row in rows[name]
        if (parsed := _figure(row, TABLES[name].file, faults))
    ]
    if info is None:
        return None
    return Package(
        folder=folder,
        info=info,
        items={row.cells["id"]: _item(row) for row in rows["items"]},
        recipes=tuple(_recipe(row) for row in rows["recipes"]),
        figures=tuple(figures),
        sources={row.cells["id"]: Source(**row.cells) for row in rows["sources"]},
        groups=tuple(Member(**row.cells) for row in rows["groups"]),
        rows=rows,
        digest="" if faults else _digest(folder),
    )


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")) + sorted(folder.glob("*.yaml")):
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


def _item(row: Row) -> Item:
    cells = row.cells
    return Item(
        id=cells["id"],
        name=cells["name"],
        kind=ItemKind(cells["kind"]),
        stage=cells["stage"],
        measure=cells["measure"],
        measure_headquarters=cells["measure_headquarters"],
        local=cells["local"] == "yes",
        alias=tuple(part.strip() for part in cells["alias"].split(";") if part.strip()),
        description=cells["description"],
    )


def _recipe(row: Row) -> RecipeRow:
    cells = row.cells
    numbers = {}
    for name in RANGED:
        best = row.number(name)
        if best is not None:
            low, high = row.number(f"{name}_low"), row.number(f"{name}_high")
            numbers[name] = Range(
                best if low is None else low, best, best if high is None else high
            )
    return RecipeRow(
        item=cells["item"],
        input=cells["input"],
        period=cells["period"],
        criticality=Criticality(cells["criticality"]),
        grade=Grade(cells["grade"]),
        source_id=cells["source_id"],
        note=cells["note"],
        numbers=numbers,
    )


def _figure(row: Row, file: str, faults: list[Fault]) -> Figure | None:
    cells = row.cells
    try:
        span = Period.parse(cells["period"])
    except ValueError:
        expected = "a period such as 2019, 2021Q4, 2023-07 or 2017/2020"
        faults.append(Fault(file, row.line, "period", repr(cells["period"]), expected))
        return None
    text = cells["value"]
    decimals = len(text.partition(".")[2]) if "e" not in text.lower() else 0
    texts = ("id", "subject", "measure", "entity", "period", "unit", "source_id", "locator", "note")
    return Figure(
        **{name: cells[name] for name in texts},
        span=span,
        value=row.number("value"),
        low=row.number("low"),
        high=row.number("high"),
        basis=Basis(cells["basis"]),
        status=Status(cells["status"]),
        grade=Grade(cells["grade"]),
        reason=cells.get("reason", ""),
        half_step=0.5 * 10.0**-decimals if text else 0.0,
    )
