"""Check a case as a whole: references and values, row by row, then what rows say together."""

from collections.abc import Iterable, Iterator, Set
from itertools import pairwise
from pathlib import Path

from narrows.evidence.consistency import nearest, together
from narrows.evidence.datapackage import mismatches
from narrows.evidence.package import Package, read_package
from narrows.evidence.schema import TABLES, is_share
from narrows.evidence.tables import Row
from narrows.terms import ASSUMED_SOURCE, OTHER, WORLD, Fault, Grade, is_firm, places

__all__ = ["check", "faults_of"]


def check(folder: str | Path) -> tuple[Fault, ...]:
    """Give every fault of a case folder; none means it can be loaded.

    Parameters
    ----------
    folder
        The case folder.
    """
    faults: list[Fault] = []
    package = read_package(Path(folder), faults)
    if package is not None:
        faults.extend(faults_of(package, faults))
    faults.extend(mismatches(folder))
    return tuple(faults)


def faults_of(package: Package, before: Iterable[Fault] = ()) -> tuple[Fault, ...]:
    """Check what no single cell shows.

    Parameters
    ----------
    package
        The case as read.
    before
        Faults found in reading. Rows that have one are not in the tables, so what would only
        follow from their absence is not reported.
    """
    broken = frozenset(fault.file for fault in before)
    return (*_rows(package, broken), *together(package, broken))


def _rows(package: Package, broken: Set[str]) -> Iterator[Fault]:
    yield from _references(package, broken)
    yield from _stages(package, broken)
    for name in ("observations", "assumptions"):
        for row in package.rows[name]:
            yield from _figure(package, TABLES[name].file, row, broken)


def _references(package: Package, broken: Set[str]) -> Iterator[Fault]:
    for table in TABLES.values():
        for column in table.columns:
            if column.refers is None or TABLES[column.refers[0]].file in broken:
                continue
            other, key = column.refers
            known = {row.cells[key] for row in package.rows[other]}
            for row in package.rows[table.name]:
                value = row.cells[column.name]
                if value and value not in known:
                    expected = f"an id of {TABLES[other].file}{nearest(value, known)}"
                    yield Fault(table.file, row.line, column.name, repr(value), expected)
    seen: dict[str, str] = {}
    for name in ("observations", "assumptions"):
        for row in package.rows[name]:
            first = seen.setdefault(row.cells["id"], name)
            if first != name:
                found = f"{row.cells['id']!r}, an id of {first} too"
                yield Fault(TABLES[name].file, row.line, "id", found, "an id used once")


def _stages(package: Package, broken: Set[str]) -> Iterator[Fault]:
    stages = {stage.id for stage in package.info.stages}
    for row in package.rows["items"]:
        if row.cells["stage"] not in stages and "case.yaml" not in broken:
            expected = f"a stage of case.yaml{nearest(row.cells['stage'], stages)}"
            yield Fault("items.csv", row.line, "stage", repr(row.cells["stage"]), expected)
    for row in package.rows["groups"]:
        if row.cells["member"] not in places():
            expected = f"an ISO 3166 alpha-3 code{nearest(row.cells['member'], places())}"
            yield Fault("groups.csv", row.line, "member", repr(row.cells["member"]), expected)
    for row in package.rows["recipes"]:
        period = row.cells["period"]
        if period and period not in package.info.periods and "case.yaml" not in broken:
            expected = "a period of case.yaml: " + ", ".join(package.info.periods)
            yield Fault("recipes.csv", row.line, "period", repr(period), expected)
        for name in ("allocation", "stops_fraction", "substitute_days", "cover_days"):
            yield from _ordered("recipes.csv", row, f"{name}_low", name, f"{name}_high")


def _ordered(file: str, row: Row, low: str, best: str, high: str) -> Iterator[Fault]:
    bounds = [(name, row.number(name)) for name in (low, best, high)]
    given = [(name, value) for name, value in bounds if value is not None]
    if any(first[1] > second[1] for first, second in pairwise(given)):
        found = ", ".join(f"{name} {value:g}" for name, value in given)
        yield Fault(file, row.line, best, found, f"{low} <= {best} <= {high}")


def _figure(package: Package, file: str, row: Row, broken: Set[str]) -> Iterator[Fault]:
    if "groups.csv" not in broken:
        yield from _entity(package, file, row)
    cells = row.cells
    yield from _ordered(file, row, "low", "value", "high")
    if not cells["value"] and not (cells["low"] or cells["high"]):
        yield Fault(file, row.line, "value", "no value and no bound", "a value, or low or high")
    if is_share(cells["measure"]):
        for name in ("value", "low", "high"):
            value = row.number(name)
            if value is not None and not 0 <= value <= 100:
                yield Fault(file, row.line, name, f"{value:g}", "a percentage from 0 to 100")
        if cells["unit"] != "percent":
            yield Fault(file, row.line, "unit", repr(cells["unit"]), "'percent', as shares have")
    if file == "assumptions.csv":
        yield from _assumption(row)
    elif cells["grade"] == Grade.ASSUMED:
        yield Fault(
            file, row.line, "grade", "'assumed'", "stated or derived; put it in assumptions.csv"
        )


def _entity(package: Package, file: str, row: Row) -> Iterator[Fault]:
    entity = row.cells["entity"]
    if is_firm(entity):
        if len(entity) == len("firm:"):
            yield Fault(file, row.line, "entity", repr(entity), "firm:NAME")
    elif entity not in places() and entity not in package.members and entity not in (WORLD, OTHER):
        near = nearest(entity, [*places(), *package.members, WORLD, OTHER])
        expected = f"an ISO code, a group of groups.csv, firm:NAME, World or Other{near}"
        yield Fault(file, row.line, "entity", repr(entity), expected)


def _assumption(row: Row) -> Iterator[Fault]:
    for name in ("low", "value", "high"):
        if not row.cells[name]:
            yield Fault("assumptions.csv", row.line, name, "an empty cell", "low, value and high")
    if row.cells["grade"] != Grade.ASSUMED:
        yield Fault("assumptions.csv", row.line, "grade", repr(row.cells["grade"]), "'assumed'")
    if row.cells["source_id"] != ASSUMED_SOURCE:
        expected = repr(ASSUMED_SOURCE)
        yield Fault(
            "assumptions.csv", row.line, "source_id", repr(row.cells["source_id"]), expected
        )
