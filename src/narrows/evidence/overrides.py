"""What a user may set without editing a file.

=========================================  ==================================================
path                                       what it sets
=========================================  ==================================================
``share.ITEM.ENTITY``                      share in percent of who makes it; the others are scaled
                                           to the rest; places move sets of places, firms those
                                           of firms
``cover.INPUT`` or ``cover.INPUT.ITEM``    days of stock of an input, for all buyers or one
``stops_fraction.INPUT[.ITEM]``            part of the output that stops without it, 0 to 1
``substitute_days.INPUT[.ITEM]``           days until a substitute works
``MEASURE.ITEM``                           a single figure such as ``headroom.dram``
=========================================  ==================================================
"""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from narrows.evidence.records import RecipeRow
from narrows.evidence.schema import is_share, is_supply
from narrows.evidence.sets import ShareSet
from narrows.terms import OTHER, BadInput, Fault, Status, UnknownName, is_firm, places

if TYPE_CHECKING:
    from narrows.evidence.case import Case

__all__ = ["check", "recipe", "shares"]

_RECIPE = {
    "cover": "cover_days",
    "stops_fraction": "stops_fraction",
    "substitute_days": "substitute_days",
}


def shares(settings: Mapping[str, float], found: ShareSet) -> dict[str, float]:
    """Give the shares that the user set within a set, percent by entity."""
    if not settings or not is_supply(found.key.measure):
        return {}
    mine = _of_item(settings, found.key.subject)
    return {entity: value for entity, value in mine.items() if _fits(entity, found)}


def _of_item(settings: Mapping[str, float], item: str) -> dict[str, float]:
    head = f"share.{item}."
    return {path.removeprefix(head): v for path, v in settings.items() if path.startswith(head)}


def _fits(entity: str, found: ShareSet) -> bool:
    """Tell whether a set counts entities of this kind."""
    return entity == OTHER or is_firm(entity) == found.key.firms


def recipe(settings: Mapping[str, float], name: str, row: RecipeRow) -> float | None:
    """Give what the user set for a number of a recipe row; one buyer goes before all."""
    word = next((word for word, column in _RECIPE.items() if column == name), None)
    if word is None or not settings:
        return None
    for path in (f"{word}.{row.input}.{row.item}", f"{word}.{row.input}"):
        if path in settings:
            return settings[path]
    return None


def check(case: "Case", settings: Mapping[str, float]) -> None:
    """Refuse paths that name nothing and values out of range, all at once."""
    faults: list[Fault] = []
    for path, value in settings.items():
        word, *names = path.split(".", 2)
        try:
            faults.extend(_fault(case, path, word, names, value))
        except UnknownName as error:
            faults.extend(error.faults)
    if not faults:
        faults.extend(_above(case, settings))
    if faults:
        raise BadInput(faults)


def _above(case: "Case", settings: Mapping[str, float]) -> Iterator[Fault]:
    """Refuse shares of one item that are more than the whole, with those set before."""
    merged = {**case.settings, **settings}
    for item in sorted({path.split(".")[1] for path in settings if path.startswith("share.")}):
        mine = _of_item(merged, item)
        for firms in (False, True):
            total = sum(v for name, v in mine.items() if name == OTHER or is_firm(name) == firms)
            if total > 100:
                found = f"{total:g} in all"
                yield Fault("--set", None, f"share.{item}", found, "at most 100 in all")
                break


def _fault(case: "Case", path: str, word: str, names: list[str], value: float) -> list[Fault]:
    highest = {"share": 100.0, "stops_fraction": 1.0}.get(word, math.inf)
    if not (math.isfinite(value) and 0 <= value <= highest):
        expected = "a number of at least 0" + (f" and at most {highest:g}" if highest < 1e9 else "")
        return [Fault("--set", None, path, f"{value:g}", expected)]
    if word == "share" and len(names) == 2:
        _canonical(case, names[0], path)
        return _holder(case, path, *names)
    if word in _RECIPE and names:
        users = {row.item for row in case.package.recipes if row.input == names[0]}
        _canonical(case, names[0], path)
        if not users:
            return [Fault("--set", None, path, f"{names[0]!r}", "an input of some item")]
        if len(names) == 2 and names[1] not in users:
            raise UnknownName("item", names[1], sorted(users), where=f"--set {path}")
        return []
    measures = (
        {measure for subject, measure in case.package.singles if subject == names[0]}
        if names
        else set()
    )
    measures = {measure for measure in measures if not is_share(measure)}
    if len(names) == 1 and word in measures:
        return []
    allowed = "share.ITEM.PLACE, cover.INPUT[.ITEM], stops_fraction.INPUT[.ITEM], "
    allowed += "substitute_days.INPUT[.ITEM] or MEASURE.ITEM"
    return [Fault("--set", None, path, "a path that names nothing", allowed)]


def _holder(case: "Case", path: str, item: str, entity: str) -> list[Fault]:
    """Refuse a share of somebody whom no set of the item can hold."""
    known = [*places(), *case.package.members, OTHER]
    if is_firm(entity):
        known = sorted({row.entity for row in case.package.figures if is_firm(row.entity)})
    if entity not in known:
        raise UnknownName(
            "firm" if is_firm(entity) else "place", entity, known, where=f"--set {path}"
        )
    sets = [
        found
        for (subject, measure), every in case.package.index.sets.items()
        if subject == item and is_supply(measure)
        for found in every
        if found.key.status == Status.ACTUAL
    ]
    if any(_fits(entity, found) for found in sets):
        return []
    kind = "firm" if is_firm(entity) else "place"
    found = f"{item!r}, which has no shares by {kind}"
    return [Fault("--set", None, path, found, f"an item whose makers are known by {kind}")]


def _canonical(case: "Case", name: str, path: str) -> None:
    if name not in case.package.items:
        raise UnknownName("item", name, list(case.package.items), where=f"--set {path}")
