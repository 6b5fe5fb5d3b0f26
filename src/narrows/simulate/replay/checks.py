"""What must hold between the parts of a replay file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import yaml

from narrows.simulate.replay.case import Event, Observation, ReplayCase
from narrows.simulate.replay.nodes import Nodes
from narrows.simulate.values import best
from narrows.simulate.yaml_nodes import allowed

__all__ = ["BINDING", "EVENTS", "KINDS", "MEASURES", "SCORES", "SHAPES", "check"]

KINDS = ("part", "chip", "material", "gas", "wafer", "end-use")
EVENTS = ("capacity", "demand", "licence", "lane")
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
_MOST = {
    "ratio": 10.0,
    "share_of_loss": 1.0,
    "loss_percent": 100.0,
    "capacity_at": 5.0,
    "supplier_share": 1.0,
}
_RESERVED = ("final", "home", "industry", "final demand")
_MAY_GAIN = ("units_lost", "share_of_loss", "loss_percent")
_MOST_FACTOR = {"capacity": 5.0, "lane": 1.0, "demand": 20.0}
"""What a band and a factor of a path can reach at most: above, somebody wrote percent."""


def check(case: ReplayCase, lines: Lines, nodes: Nodes) -> None:
    """Note every name that means nothing, and every input that was not known in time."""
    items = [each.id for each in case.items]
    makers = [each.id for each in case.providers]

    _ids(case, lines, nodes)
    for each in case.providers:
        _known(nodes, [each.item], items, lines["provider", each.id], "item")
    for item in items:
        shares = [best(each.share) for each in case.makers(item)]
        if not shares:
            nodes.fault(lines["item", item], "items", f"{item!r} without a provider", "one or more")
        elif sum(shares) <= 0:
            found = f"shares of {item!r} that are all 0"
            nodes.fault(lines["item", item], "providers.share", found, "one above 0")
    for what, given in (("shocks", case.events), ("observations", case.observations)):
        if not given:
            nodes.fault(lines["", ""], what, "an empty list", "one or more")
    _recipes(case, lines, nodes)
    _chain(case, lines, nodes)
    for event in case.events:
        _event(case, event, lines["shock", event.id], nodes)
        _lasts(event, lines["shock", event.id], nodes)
        among = items if event.kind == "demand" else [*makers, *items]
        _known(nodes, event.hits, among, lines["shock", event.id], "hits")
        _known(nodes, event.to, _buyers(case, event), lines["shock", event.id], "to")
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
        _band(seen, node, nodes)
        _days(case, seen, node, nodes)
        _bought(case, seen, node, nodes)


def _ids(case: ReplayCase, lines: Lines, nodes: Nodes) -> None:
    """Check that ids mean one thing, and nothing to the engine."""
    items = {each.id for each in case.items}
    named = [("item", name) for name in sorted(items)]
    for kind, name in (*named, *(("provider", each.id) for each in case.providers)):
        if name in _RESERVED or "*" in name or "?" in name:
            expected = f"an id without * and ?, other than {', '.join(_RESERVED)}"
            nodes.fault(lines[kind, name], f"{kind}s", repr(name), expected)
    for maker in case.providers:
        if maker.id in items and len(case.makers(maker.id)) + (maker.item != maker.id) > 1:
            expected = "another id: what names it would name the item"
            nodes.fault(lines["provider", maker.id], "providers.id", repr(maker.id), expected)


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


def _chain(case: ReplayCase, lines: Lines, nodes: Nodes) -> None:
    """Check that no item needs itself, straight or through others."""
    if nodes.faults or case.upstream_first or not case.items:
        return
    left = [(each.buyer, each.needs) for each in case.recipes]
    while True:
        buyers, needed = {each[0] for each in left}, {each[1] for each in left}
        inner = [each for each in left if each[0] in needed and each[1] in buyers]
        if inner == left:
            break
        left = inner
    found = "items that need each other: " + ", ".join(sorted({buyer for buyer, _ in left}))
    nodes.fault(lines["recipe", "<".join(left[0])], "recipes", found, "a chain")


def _lasts(event: Event, node: yaml.Node, nodes: Nodes) -> None:
    """Check that a shock lasts, and that its path is in parts of 1."""
    fades = event.shape != "step" and best(event.recovery_days) > 0
    lasting = event.kind not in ("capacity", "lane")
    if not (lasting or event.path or best(event.hold_days) or fades):
        found = f"{event.kind} shock {event.id!r} that lasts no day"
        nodes.fault(node, "shocks", found, "hold_days, a recovery, or a path")
    most = max((best(each) for each in event.path), default=0.0)
    if most > _MOST_FACTOR.get(event.kind, most):
        nodes.fault(node, "path", f"a factor of {most:g} ({event.id})", "factors: 1 is normal")


def _band(seen: Observation, node: yaml.Node, nodes: Nodes) -> None:
    """Check that a band can be one of its measure, in the unit of the measure."""
    if seen.measure.kind == "gdp" and seen.score != "context":
        nodes.fault(node, "score", f"gdp as {seen.score} ({seen.id})", "context")
    most = _MOST.get(seen.measure.kind, float("inf"))
    least = float("-inf") if seen.measure.kind in _MAY_GAIN else 0.0
    if seen.scored and (seen.low < least or seen.high > most):
        found = f"{seen.low:g} to {seen.high:g} ({seen.id})"
        unit = "percent" if seen.measure.kind == "loss_percent" else "1 is normal, not percent"
        limits = f"0 to {most:g} ({unit})" if most < float("inf") else "0 or more"
        nodes.fault(node, seen.measure.kind, found, limits)


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
        found = f"{_written(case, event.start, event.start).split()[0]} ({event.id})"
        expected = f"a day after the first of the run: {_written(case, *case.days)}"
        nodes.fault(node, "start", found, expected)


def _buyers(case: ReplayCase, event: Event) -> list[str]:
    """Give the providers and items to which a lane can be closed: who buys what is shipped."""
    if event.kind != "lane":
        return []
    items = {case.provider(maker).item for maker in case.members(event.hits)}
    users = {each.buyer for item in items for each in case.users(item)}
    return [*(each.id for each in case.providers if each.item in users), *sorted(users)]


def _days(case: ReplayCase, seen: Observation, node: yaml.Node, nodes: Nodes) -> None:
    """Check that the days of a measure are days of the run."""
    measure = seen.measure
    days = [*measure.window, *(measure.over or ())]
    if measure.kind in ("capacity_at", "price_at"):
        days = [measure.day]
    if any(not case.days[0] <= day <= case.days[1] for day in days):
        found = f"{_written(case, min(days), max(days))} ({seen.id})"
        expected = f"days of the run: {_written(case, *case.days)}"
        nodes.fault(node, "window", found, expected)


def _written(case: ReplayCase, first: int, last: int) -> str:
    """Write days from zero as days of the calendar."""
    try:
        days = [case.day_zero + timedelta(days=each) for each in (first, last)]
    except OverflowError:
        return f"day {first} to {last} from zero"
    return f"{days[0]} to {days[1]}"


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
            nodes.fault(node, field, repr(name), allowed(name, among))
