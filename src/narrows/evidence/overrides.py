"""What a user may set without editing a file.

=========================================  ==================================================
path                                       what it sets
=========================================  ==================================================
``share.ITEM.ENTITY``                      share in percent; the others are scaled to the rest
``cover.INPUT`` or ``cover.INPUT.ITEM``    days of stock of an input, for all buyers or one
``stops_fraction.INPUT[.ITEM]``            part of the output that stops without it, 0 to 1
``substitute_days.INPUT[.ITEM]``           days until a substitute works
``MEASURE.ITEM``                           a single figure such as ``headroom.dram``
=========================================  ==================================================
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from narrows.evidence.records import RecipeRow
from narrows.terms import BadInput, Fault, UnknownName, is_firm, places

if TYPE_CHECKING:
    from narrows.evidence.case import Case

__all__ = ["check", "recipe", "shares"]

_RECIPE = {
    "cover": "cover_days",
    "stops_fraction": "stops_fraction",
    "substitute_days": "substitute_days",
}


def shares(settings: Mapping[str, float], item: str) -> dict[str, float]:
    """Give the shares set for an item, percent by entity."""
    head = f"share.{item}."
    return {path.removeprefix(head): v for path, v in settings.items() if path.startswith(head)}


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
    merged = {**case.settings, **settings}
    for item in {path.split(".")[1] for path in settings if path.startswith("share.")}:
        total = sum(shares(merged, item).values())
        if total > 100:
            faults.append(
                Fault("--set", None, f"share.{item}", f"{total:g} in all", "at most 100 in all")
            )
    if faults:
        raise BadInput(faults)


def _fault(case: "Case", path: str, word: str, names: list[str], value: float) -> list[Fault]:
    highest = {"share": 100.0, "stops_fraction": 1.0}.get(word, math.inf)
    if not (math.isfinite(value) and 0 <= value <= highest):
        expected = "a number of at least 0" + (f" and at most {highest:g}" if highest < 1e9 else "")
        return [Fault("--set", None, path, f"{value:g}", expected)]
    if word == "share" and len(names) == 2:
        _canonical(case, names[0], path)
        if not (is_firm(names[1]) or names[1] in places() or case.knows(names[1])):
            raise UnknownName("place", names[1], [*places()], where=f"--set {path}")
        return []
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
    if len(names) == 1 and word in measures:
        return []
    allowed = "share.ITEM.PLACE, cover.INPUT[.ITEM], stops_fraction.INPUT[.ITEM], "
    allowed += "substitute_days.INPUT[.ITEM] or MEASURE.ITEM"
    return [Fault("--set", None, path, "a path that names nothing", allowed)]


def _canonical(case: "Case", name: str, path: str) -> None:
    if name not in case.package.items:
        raise UnknownName("item", name, list(case.package.items), where=f"--set {path}")
