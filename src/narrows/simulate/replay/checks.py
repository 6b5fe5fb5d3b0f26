"""What must hold between the parts of a replay file."""

from collections.abc import Iterable, Mapping, Sequence

import yaml

from narrows.simulate.replay.case import Event, Observation, ReplayCase
from narrows.simulate.replay.nodes import Nodes, one_of

__all__ = ["BINDING", "EVENTS", "KINDS", "MEASURES", "SCORES", "SHAPES", "check"]

KINDS = ("part", "chip", "material", "gas", "wafer", "end-use")
EVENTS = ("capacity", "demand", "licence")
SHAPES = ("step", "linear", "exp", "s-curve")
BINDING = ("essential", "minor")
SCORES = ("volume", "price", "time", "null", "context")
MEASURES: dict[str, tuple[str, ...]] = {
    "ratio": ("of", "window"),
    "units_lost": ("of", "window", "planned_per_day"),
    "share_of_loss": ("of", "window"),
    "loss_percent": ("of", "window"),
    "capacity_at": ("of", "day"),
    "day_full": ("of",),
    "supplier_share": ("buyer", "item", "of", "window"),
    "stock_min": ("buyer", "item", "window"),
    "lead_weeks": ("of", "window", "base_weeks"),
    "price_max": ("item", "window"),
    "price_at": ("item", "day"),
    "gdp": (),
}
"""Kinds of measures, and the keys each needs."""
Lines = Mapping[tuple[str, str], yaml.Node]


def check(case: ReplayCase, lines: Lines, nodes: Nodes) -> None:
    """Note every name that means nothing, and every input that was not known in time."""
    items = [each.id for each in case.items]
    makers = [each.id for each in case.providers]

    for each in case.providers:
        _known(nodes, [each.item], items, lines["provider", each.id], "item")
    for item in items:
        if not case.makers(item):
            nodes.fault(lines["item", item], "items", f"{item!r} without a provider", "one or more")
    _recipes(case, lines, nodes)
    if items and not nodes.faults and not case.upstream_first:
        nodes.fault(lines["", ""], "recipes", "items that need each other", "a chain")
    for event in case.events:
        _event(case, event, lines["shock", event.id], nodes)
        among = items if event.kind == "demand" else [*makers, *items]
        _known(nodes, event.hits, among, lines["shock", event.id], "hits")
    for seen in case.observations:
        node = lines["observation", seen.id]
        measure = seen.measure
        among = items if measure.kind in ("price_max", "price_at") else [*makers, *items]
        _known(
            nodes,
            [*measure.of, *filter(None, (measure.buyer, measure.item))],
            among,
            node,
            "measure",
        )
        _days(case, seen, node, nodes)
        _bought(case, seen, node, nodes)


def _recipes(case: ReplayCase, lines: Lines, nodes: Nodes) -> None:
    for recipe in case.recipes:
        node = lines["recipe", f"{recipe.buyer}<{recipe.needs}"]
        _known(
            nodes, [recipe.buyer, recipe.needs], [each.id for each in case.items], node, "recipes"
        )
        users = [maker.id for maker in case.makers(recipe.buyer)]
        sellers = [maker.id for maker in case.makers(recipe.needs)]
        _known(nodes, recipe.cover_buyers, users, node, "cover_by")
        for each in recipe.sourcing:
            _known(nodes, [each.buyer], users, node, "sourcing")
            _known(nodes, each.providers, sellers, node, "sourcing")


def _event(case: ReplayCase, event: Event, node: yaml.Node, nodes: Nodes) -> None:
    if event.known and event.known > case.as_of:
        expected = f"nothing after as_of, {case.as_of}"
        nodes.fault(node, "known", f"{event.known} ({event.id})", expected)
    if not event.hits:
        nodes.fault(node, "shocks", f"{event.id!r} hits nothing", "hits, or item")
    if event.kind == "demand" and not event.path:
        nodes.fault(node, "path", f"demand {event.id!r} without path", "days with factors")
    if event.kind == "licence" and event.announced > event.start:
        nodes.fault(node, "announced", "a day after start", "a day up to start")
    if not event.path and not case.days[0] < event.start <= case.days[1]:
        expected = f"a day after the first of the run, {case.days[0]} to {case.days[1]} from zero"
        nodes.fault(node, "start", f"day {event.start} from zero ({event.id})", expected)


def _days(case: ReplayCase, seen: Observation, node: yaml.Node, nodes: Nodes) -> None:
    """Check that the days of a measure are days of the run."""
    measure = seen.measure
    days = [*measure.window, *(measure.over or ())]
    if measure.kind in ("capacity_at", "price_at"):
        days = [measure.day]
    if any(not case.days[0] <= day <= case.days[1] for day in days):
        found = f"days {min(days)} to {max(days)} from zero ({seen.id})"
        nodes.fault(node, "window", found, f"days of the run, {case.days[0]} to {case.days[1]}")


def _bought(case: ReplayCase, seen: Observation, node: yaml.Node, nodes: Nodes) -> None:
    """Check that the buyer of a measure buys the item."""
    measure = seen.measure
    if not measure.buyer or nodes.faults:
        return
    makes = {case.provider(name).item for name in case.members((measure.buyer,))}
    if not any(each.buyer in makes and each.needs == measure.item for each in case.recipes):
        found = f"{measure.buyer!r}, which does not need {measure.item!r}"
        nodes.fault(node, "buyer", found, "who needs the item, by a recipe")


def _known(
    nodes: Nodes, names: Iterable[str], among: Sequence[str], node: yaml.Node, field: str
) -> None:
    for name in names:
        if name not in among:
            nodes.fault(node, field, repr(name), one_of(name, among))
