"""Rules as trade cuts: a scenario file that a simulation can read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from narrows.screen.compare import compare_shipment
from narrows.screen.rules.notice import NOTICE
from narrows.screen.rules.packs import Pack
from narrows.screen.shipments import Given, ShipmentResult
from narrows.terms import BadInput, Fault

__all__ = ["as_trade_cuts"]

Lost = float | Mapping[str, float]


def as_trade_cuts(
    given: Iterable[Given | ShipmentResult],
    *,
    items: Mapping[str, Sequence[str]],
    lost: Mapping[str, Lost],
    name: str,
    days: int,
    start: int = 0,
    lasts: int | None = None,
    on: date | None = None,
    jurisdictions: Sequence[str | Pack | Path] | None = None,
    title: str = "",
) -> str:
    """Write what jurisdictions require of shipments as the trade cuts of a scenario.

    A licence requirement is no cut by itself: what part of the trade it stops is an assumption,
    and is asked for.

    Parameters
    ----------
    given
        Shipments, or answers on them; each stands for the trade of its item from its origin to its
        destination.
    items
        Items of the case by the name of the shipment, such as ``{"scanner": ["litho-*"]}``.
    lost
        Part of the trade that stops, by what is required: ``{"prohibited": 1.0,
        "licence": {"low": 0.2, "best": 0.5, "high": 0.9}}``. What is not named cuts nothing.
    name, title, days
        Of the scenario.
    start, lasts
        First day of the cut, and how many days it lasts; to the end where not given.
    on, jurisdictions
        As for `shipment`.

    Returns
    -------
    str
        A scenario file (YAML): one shock ``{kind: trade, from, to, items, lost}`` for each
        shipment that somebody prohibits or licenses, with the rules as comments.

    Raises
    ------
    BadInput
        When a shipment has no items, no origin or no destination, or a part is not from 0 to 1.
    """
    faults = [fault for key, part in lost.items() for fault in _faults(key, part)]
    if faults:
        raise BadInput(faults)
    shocks: list[str] = []
    dates: dict[str, date] = {}
    for each in given:
        result = (
            each
            if isinstance(each, ShipmentResult)
            else compare_shipment(each, on=on, jurisdictions=jurisdictions).result
        )
        dates |= {decision.pack.id: decision.pack.as_of for decision in result.decisions}
        shocks += _shock(result, items, lost, start, lasts)
    head = {"name": name, "title": title or f"Trade cuts of {name}", "days": days}
    body = "\n".join(shocks) if shocks else "shocks: []"
    opening = "shocks:\n" if shocks else ""
    text = yaml.safe_dump(head, sort_keys=False, allow_unicode=True)
    read = "; ".join(f"{name} {as_of}" for name, as_of in sorted(dates.items()))
    return f"# {NOTICE}\n# Rules read up to: {read}.\n{text}{opening}{body}\n"


def _faults(key: str, part: Lost) -> list[Fault]:
    values = list(part.values()) if isinstance(part, Mapping) else [part]
    return [
        Fault("lost", None, key, repr(value), "a part from 0 to 1")
        for value in values
        if not 0 <= value <= 1
    ]


def _shock(
    result: ShipmentResult,
    items: Mapping[str, Sequence[str]],
    lost: Mapping[str, Lost],
    start: int,
    lasts: int | None,
) -> list[str]:
    word, rules = _most(result)
    if word not in lost:
        return []
    facts, name = result.shipment.facts, result.shipment.name
    missing = [key for key in ("route.from", "route.to") if key not in facts]
    if missing:
        raise BadInput(Fault(name, None, missing[0], "nothing", "a place, to cut trade between"))
    if name not in items:
        raise BadInput(Fault("items", None, name, "nothing", "the items of the case"))
    shock: dict[str, Any] = {
        "kind": "trade",
        "from": [facts["route.from"]],
        "to": [facts["route.to"]],
        "items": list(items[name]),
        "lost": dict(part) if isinstance(part := lost[word], Mapping) else part,
        "start": start,
    }
    if lasts is not None:
        shock["days"] = lasts
    shown = yaml.safe_dump(shock, default_flow_style=True, sort_keys=False, width=10_000).strip()
    return [f"  # {name} on {result.on}: {word}, by {rules}", f"  - {shown}"]


def _most(result: ShipmentResult) -> tuple[str, str]:
    """Give the most that is surely required, and the rules behind it."""
    most = max((each.low for each in result.decisions), default=None)
    if most is None:
        return "", ""
    rules = (
        step.rule.id
        for each in result.decisions
        if each.low is most
        for step in each.fired
        if step.rule.effect in ("licence", "prohibit")
    )
    return most.name.lower(), "; ".join(rules)
