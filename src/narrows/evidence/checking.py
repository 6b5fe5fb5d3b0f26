"""Check a case as a whole: references, values, sets of shares, recipes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

from narrows.evidence.package import Package, read_package
from narrows.evidence.schema import ASSUMED_SOURCE, TABLES, is_share
from narrows.evidence.sets import overlaps
from narrows.evidence.tables import Row
from narrows.terms import (
    OTHER,
    WORLD,
    Fault,
    Grade,
    ItemKind,
    is_firm,
    places,
)

__all__ = ["check", "faults_of"]

_ALLOCATION_TOLERANCE = 0.005


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
        faults.extend(faults_of(package))
    return tuple(faults)


def faults_of(package: Package) -> Iterator[Fault]:
    """Check what no single cell shows."""
    yield from _references(package)
    yield from _stages(package)
    for name in ("observations", "assumptions"):
        for row in package.rows[name]:
            yield from _figure(package, TABLES[name].file, row)
    yield from _sets(package)
    yield from _choices(package)
    yield from _recipes(package)
    yield from _perspectives(package)


def _references(package: Package) -> Iterator[Fault]:
    for table in TABLES.values():
        for column in table.columns:
            if column.refers is None:
                continue
            other, key = column.refers
            known = {row.cells[key] for row in package.rows[other]}
            for row in package.rows[table.name]:
                value = row.cells[column.name]
                if value and value not in known:
                    expected = f"an id of {TABLES[other].file}{_near(value, known)}"
                    yield Fault(table.file, row.line, column.name, repr(value), expected)
    seen: dict[str, str] = {}
    for name in ("observations", "assumptions"):
        for row in package.rows[name]:
            first = seen.setdefault(row.cells["id"], name)
            if first != name:
                found = f"{row.cells['id']!r}, an id of {first} too"
                yield Fault(TABLES[name].file, row.line, "id", found, "an id used once")


def _stages(package: Package) -> Iterator[Fault]:
    stages = {stage.id for stage in package.info.stages}
    for row in package.rows["items"]:
        if row.cells["stage"] not in stages:
            expected = f"a stage of case.yaml{_near(row.cells['stage'], stages)}"
            yield Fault("items.csv", row.line, "stage", repr(row.cells["stage"]), expected)
    for row in package.rows["groups"]:
        if row.cells["member"] not in places():
            expected = f"an ISO 3166 alpha-3 code{_near(row.cells['member'], places())}"
            yield Fault("groups.csv", row.line, "member", repr(row.cells["member"]), expected)
    for row in package.rows["recipes"]:
        period = row.cells["period"]
        if period and period not in package.info.periods:
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


def _figure(package: Package, file: str, row: Row) -> Iterator[Fault]:
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
        near = _near(entity, [*places(), *package.members, WORLD, OTHER])
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


def _sets(package: Package) -> Iterator[Fault]:
    where = _lines(package)
    for sets in package.index.sets.values():
        for found in sets:
            first, key = where[found.rows[0].id], found.key
            label = f"{key.subject} {key.measure} {key.period} {key.source_id}"
            if found.named_total > 100 + found.tolerance:
                found_text = f"a set that adds to {found.named_total:g} ({label})"
                expected = f"at most 100, give or take {found.tolerance:g} for rounding"
                yield Fault(*first, "value", found_text, expected)
            entities = [row.entity for row in found.rows]
            for row in found.rows:
                if entities.count(row.entity) > 1 and row.id in where:
                    found_text = f"{row.entity} more than once in one set ({label})"
                    yield Fault(*where[row.id], "entity", found_text, "each entity once")
            for row, inside in overlaps(found, package.members):
                expected = "'rest of the group' in its note, or no member beside it"
                found_text = f"{row.entity} beside its member {inside}"
                yield Fault(*where[row.id], "entity", found_text, expected)


def _choices(package: Package) -> Iterator[Fault]:
    for sets in package.index.unsettled():
        key = sets[0].key
        found = f"{len(sets)} sets for {key.subject} {key.measure} {key.period} {key.basis}: "
        found += ", ".join(sorted(each.key.source_id for each in sets))
        yield Fault("case.yaml", None, "sets", found, "one of them named in `sets`, with why")
    for choice in package.info.sets:
        sets = package.index.sets.get((choice.subject, choice.measure), [])
        fits = [
            each.key.source_id
            for each in sets
            if each.key.period == choice.period and choice.basis in ("", each.key.basis)
        ]
        if choice.source not in fits:
            found = f"{choice.subject} {choice.measure} {choice.period} from {choice.source!r}"
            expected = "a set of the tables" + (f": {', '.join(fits)}" if fits else "")
            yield Fault("case.yaml", choice.line, "sets", found, expected)


def _recipes(package: Package) -> Iterator[Fault]:
    for period in package.info.periods:
        totals: dict[str, float] = defaultdict(float)
        for need in package.in_period(period).values():
            number = need.numbers.get("allocation")
            totals[need.input] += number.best if number else 0.0
        for name, total in totals.items():
            if abs(total - 1) > _ALLOCATION_TOLERANCE:
                found = f"{total:.4g} over all items that need {name!r} in {period}"
                yield Fault("recipes.csv", None, "allocation", found, "parts that add to 1")
    groups = {item.id for item in package.items.values() if item.kind == ItemKind.GROUP}
    for row in package.rows["recipes"]:
        for name in ("item", "input"):
            if row.cells[name] in groups:
                found = f"the group {row.cells[name]!r}"
                yield Fault("recipes.csv", row.line, name, found, "an item that is made or needed")
    loop = _loop({(row.cells["item"], row.cells["input"]) for row in package.rows["recipes"]})
    if loop:
        found = " <- ".join(loop)
        yield Fault("recipes.csv", None, "input", found, "no item that needs itself")


def _loop(edges: set[tuple[str, str]]) -> list[str]:
    """Give one cycle of the recipe graph, empty where there is none."""
    inputs: dict[str, set[str]] = defaultdict(set)
    for item, name in edges:
        inputs[item].add(name)
    try:
        TopologicalSorter(inputs).prepare()
    except CycleError as error:
        return [str(name) for name in reversed(error.args[1])]
    return []


def _perspectives(package: Package) -> Iterator[Fault]:
    for view in package.info.perspectives:
        for place in (*view.us, *view.them):
            if place not in places() and place not in package.members:
                expected = f"a place or a group{_near(place, [*places(), *package.members])}"
                yield Fault("case.yaml", None, f"perspectives.{view.name}", repr(place), expected)


def _lines(package: Package) -> dict[str, tuple[str, int]]:
    return {
        row.cells["id"]: (TABLES[name].file, row.line)
        for name in ("observations", "assumptions")
        for row in package.rows[name]
    }


def _near(value: str, known: Iterable[str]) -> str:
    near = get_close_matches(value, list(known), n=1, cutoff=0.5)
    return f"; nearest: {near[0]}" if near else ""
