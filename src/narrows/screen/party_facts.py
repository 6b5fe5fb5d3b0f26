"""What a screening of parties says about the facts of a shipment."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from narrows.screen.parties import Hit, PartyScreening
from narrows.screen.rules.shipment_reading import Shipment, read_shipment
from narrows.screen.shipments import Given

__all__ = ["PartyFacts", "with_parties"]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Which part of which list decides a fact."""

    fact: str
    list: str
    part: str
    least_entries: int
    footnote: str = ""


@dataclass(frozen=True)
class PartyFacts:
    """A shipment with the facts on its parties, and what somebody has to look at first.

    Parameters
    ----------
    shipment
        The shipment with what the screening decides.
    open
        Hits that nobody has confirmed or ruled out, by the fact that they leave open. A hit is a
        question: while it is open the fact stays unknown.
    notes
        Lists that were not held, or only in part; their facts stay as they were.
    """

    shipment: Shipment
    open: dict[str, tuple[Hit, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def with_parties(
    given: Given,
    screening: PartyScreening,
    *,
    confirmed: Collection[str] = (),
    ruled_out: Collection[str] = (),
) -> PartyFacts:
    """Put what a screening of its parties says into the facts of a shipment.

    Parameters
    ----------
    given
        The shipment.
    screening
        All parties of the shipment held against lists.
    confirmed, ruled_out
        Listed entries (`Hit.entity_key`) that somebody has found to be a party, or not to be one.

    Returns
    -------
    PartyFacts
        A fact is true where a hit on its list is confirmed, false where the whole list was held
        and no hit is left, and unknown while a hit is open. It never takes likeness for identity.
    """
    changed: dict[str, Any] = {}
    open_: dict[str, tuple[Hit, ...]] = {}
    notes: list[str] = []
    for rule in _rules():
        hits = [hit for hit in screening.hits if rule.part in hit.list_name]
        yes = [hit for hit in hits if hit.entity_key in confirmed]
        left = tuple(hit for hit in hits if hit.entity_key not in {*confirmed, *ruled_out})
        if any(re.search(rule.footnote, hit.remarks) for hit in yes):
            changed[rule.fact] = True
        elif left:
            changed[rule.fact] = None
            open_[rule.fact] = left
        elif _whole(screening, rule):
            changed[rule.fact] = False
        else:
            notes.append(f"{rule.fact}: no whole list {rule.list} was held")
    return PartyFacts(read_shipment(given).replaced(changed), open_, tuple(notes))


def _whole(screening: PartyScreening, rule: _Rule) -> bool:
    return any(
        card.name == rule.list and card.entries >= rule.least_entries for card in screening.lists
    )


@cache
def _rules() -> tuple[_Rule, ...]:
    text = files("narrows.screen").joinpath("party_lists.yaml").read_text("utf-8")
    return tuple(_Rule(fact=fact, **row) for fact, row in yaml.safe_load(text).items())
