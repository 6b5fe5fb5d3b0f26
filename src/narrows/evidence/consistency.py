"""Check what several rows say together: sets of shares, choices, recipes, what `case.yaml` names.

A check that another file's faults would set off is left out until those are mended.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from difflib import SequenceMatcher, get_close_matches
from graphlib import CycleError, TopologicalSorter
from itertools import takewhile

from narrows.evidence.package import Package
from narrows.evidence.schema import TABLES
from narrows.evidence.sets import overlaps
from narrows.terms import Fault, ItemKind, places

__all__ = ["nearest", "together"]

_ALLOCATION_TOLERANCE = 0.005
_YAML = "case.yaml"
_FIGURES = frozenset({"observations.csv", "assumptions.csv"})


def together(package: Package, broken: Set[str]) -> Iterator[Fault]:
    """Check what no single row shows.

    Parameters
    ----------
    package
        The case as read.
    broken
        Names of files that have faults already, whose rows are therefore incomplete.
    """
    yield from _sets(package)
    if not broken & {_YAML, *_FIGURES}:
        yield from _choices(package)
    if not broken & {_YAML, "recipes.csv"}:
        yield from _allocations(package)
    yield from _recipes(package)
    yield from _aliases(package)
    if not broken & _FIGURES:
        yield from _measures(package)
    if not broken & {_YAML, "groups.csv", "items.csv"}:
        yield from _named(package)


def _sets(package: Package) -> Iterator[Fault]:
    where = _lines(package)
    for sets in package.index.sets.values():
        for found in sets:
            first, key = where[found.rows[0].id.removesuffix(":other")], found.key
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
        yield Fault(_YAML, None, "sets", found, "one of them named in `sets`, with why")
    named = Counter((at.subject, at.measure, at.period, at.basis) for at in package.info.sets)
    for choice in package.info.sets:
        if named[choice.subject, choice.measure, choice.period, choice.basis] > 1:
            found = f"{choice.subject} {choice.measure} {choice.period} more than once"
            yield Fault(_YAML, choice.line, "sets", found, "one set in use")
        sets = package.index.sets.get((choice.subject, choice.measure), [])
        fits = [
            each.key.source_id
            for each in sets
            if each.key.period == choice.period and choice.basis in ("", each.key.basis)
        ]
        if choice.source not in fits:
            found = f"{choice.subject} {choice.measure} {choice.period} from {choice.source!r}"
            expected = "a set of the tables" + (f": {', '.join(fits)}" if fits else "")
            yield Fault(_YAML, choice.line, "sets", found, expected)


def _allocations(package: Package) -> Iterator[Fault]:
    if any(row.period not in ("", *package.info.periods) for row in package.recipes):
        return  # said row by row
    for period in package.info.periods:
        totals: dict[str, float] = defaultdict(float)
        for need in package.in_period(period).values():
            number = need.numbers.get("allocation")
            totals[need.input] += number.best if number else 0.0
        for name, total in totals.items():
            if name in package.items and abs(total - 1) > _ALLOCATION_TOLERANCE:
                found = f"{total:.4g} over all items that need {name!r} in {period}"
                yield Fault("recipes.csv", None, "allocation", found, "parts that add to 1")


def _recipes(package: Package) -> Iterator[Fault]:
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


def _aliases(package: Package) -> Iterator[Fault]:
    """Refuse an old id that is in use again, or claimed twice."""
    owner: dict[str, str] = {}
    for row in package.rows["items"]:
        for alias in package.items[row.cells["id"]].alias:
            first = alias if alias in package.items else owner.setdefault(alias, row.cells["id"])
            if first != row.cells["id"]:
                found = f"{alias!r}, which names {first!r} already"
                yield Fault("items.csv", row.line, "alias", found, "an alias of one item")


def _measures(package: Package) -> Iterator[Fault]:
    """Refuse a share measure of an item for which there is no set: its makers would be unknown."""
    for row in package.rows["items"]:
        known = [measure for subject, measure in package.index.sets if subject == row.cells["id"]]
        for column in ("measure", "measure_headquarters"):
            measure = row.cells[column]
            if measure and measure not in known:
                found = f"{measure!r}, of which {row.cells['id']!r} has no shares"
                expected = f"nothing, or a measure of its shares{nearest(measure, known)}"
                yield Fault("items.csv", row.line, column, found, expected)


def _named(package: Package) -> Iterator[Fault]:
    """Check the items, places and measures that `case.yaml` names."""
    known_places = {*places(), *package.members}
    for view in package.info.perspectives:
        for place in (*view.us, *view.them):
            if place not in known_places:
                expected = f"a place or a group{nearest(place, known_places)}"
                yield Fault(_YAML, None, f"perspectives.{view.name}", repr(place), expected)
    for key, value in package.info.brief.items():
        known, kind = (known_places, "a place or a group") if "place" in key else ({}, "")
        if key.endswith("_items"):
            known, kind = set(package.items), "an item"
        for name in value if isinstance(value, list) else [value]:
            if kind and name not in known:
                expected = f"{kind}{nearest(str(name), known)}"
                yield Fault(_YAML, None, f"brief.{key}", repr(name), expected)
    measure = package.info.weights.get("measure", "")
    measures = {name for _, name in package.singles}
    if measure and measure not in measures:
        expected = f"a measure of the tables{nearest(measure, measures)}"
        yield Fault(_YAML, None, "weights.measure", repr(measure), expected)


def _lines(package: Package) -> dict[str, tuple[str, int]]:
    return {
        row.cells["id"]: (TABLES[name].file, row.line)
        for name in ("observations", "assumptions")
        for row in package.rows[name]
    }


def nearest(value: str, known: Iterable[str]) -> str:
    """Give ``; nearest: NAME`` for the known name most like a value, empty where none is.

    Of names that are alike, the one that begins alike goes first.
    """
    near = get_close_matches(value, list(known), n=5, cutoff=0.5)
    if not near:
        return ""
    alike = [SequenceMatcher(None, name, value).ratio() for name in near]
    best = [name for name, ratio in zip(near, alike, strict=True) if ratio > max(alike) - 1e-9]
    return f"; nearest: {max(best, key=lambda name: _common(name, value))}"


def _common(one: str, other: str) -> int:
    """Count the letters with which both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
