"""The facts a shipment may state: name, type, unit, and the question that asks for each."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from narrows.screen.rules.yaml_nodes import Nodes
from narrows.terms import places

__all__ = ["UNKNOWN_WORD", "Fact", "Vocabulary", "vocabulary"]

UNKNOWN_WORD = "unknown"
"""What a file may write for a fact that is not known; leaving it out says the same."""
_TYPES = ("number", "flag", "choice", "place", "places", "text")
_KEYS = ("type", "unit", "choices", "ask", "note")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that may be stated.

    Parameters
    ----------
    name
        Dotted name, such as ``item.overlay_nm``.
    type
        number, flag, choice, place, places or text.
    ask
        The question that asks for it.
    unit
        Unit of a number.
    choices
        What a choice may be.
    """

    name: str
    type: str
    ask: str
    unit: str = ""
    choices: tuple[str, ...] = ()

    def wrong(self, value: object) -> str:
        """Say what would be accepted instead of a value; empty where it is fine."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if self.type == "number":
            fine = isinstance(value, int | float) and number and math.isfinite(value)
            return "" if fine else f"a number{f' in {self.unit}' if self.unit else ''}"
        if self.type == "flag":
            return "" if isinstance(value, bool) else "true or false, or unknown"
        if self.type == "choice":
            return "" if value in self.choices else "one of " + ", ".join(self.choices)
        if self.type == "place":
            return "" if value in places() else "a place code of three letters, such as JPN"
        if self.type == "places":
            good = isinstance(value, list | tuple) and all(each in places() for each in value)
            return "" if good else "a list of place codes of three letters"
        return "" if isinstance(value, str) or number else "text"


@dataclass(frozen=True)
class Vocabulary:
    """All facts by name."""

    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.facts

    def __getitem__(self, name: str) -> Fact:
        return self.facts[name]

    @property
    def names(self) -> list[str]:
        """All names."""
        return list(self.facts)


@cache
def vocabulary() -> Vocabulary:
    """Give the facts that Narrows knows: parameters of items, route, parties, end use."""
    parts = (
        files("narrows.screen.items").joinpath("parameters.yaml"),
        files("narrows.screen.rules").joinpath("facts.yaml"),
    )
    found: dict[str, Fact] = {}
    for part in parts:
        found |= _read(Path(str(part)))
    return Vocabulary(found)


def _read(path: Path) -> dict[str, Fact]:
    nodes = Nodes(path)
    found: dict[str, Fact] = {}
    for name, node in nodes.mapping(nodes.root(), "facts").items():
        parts = nodes.mapping(node, name, _KEYS, ("type", "ask"))
        given: dict[str, Any] = {key: nodes.text(parts.get(key)) for key in ("type", "ask", "unit")}
        if given["type"] not in _TYPES:
            nodes.fault(node, name, repr(given["type"]), "one of " + ", ".join(_TYPES))
        found[name] = Fact(name=name, choices=nodes.texts(parts.get("choices"), name), **given)
    nodes.done()
    return found
