"""Read a shipment: a YAML file or a mapping, checked against the vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from narrows.screen.items.derived import derive
from narrows.screen.rules.shipment_facts import flat_facts
from narrows.screen.rules.yaml_nodes import Nodes

__all__ = ["Shipment", "read_shipment"]

_PLAIN = ("shipment", "title", "note", "on", "sources")


@dataclass(frozen=True)
class Shipment:
    """What is sent, by whom, to whom, for what.

    Parameters
    ----------
    name
        Short name.
    facts
        What is known, by dotted name; what is absent is unknown.
    stated
        The same without what follows from other facts.
    on
        The day, where the shipment names one.
    """

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    stated: Mapping[str, Any] = field(default_factory=dict)
    on: date | None = None
    title: str = ""
    note: str = ""
    sources: tuple[str, ...] = ()

    def replaced(self, changed: Mapping[str, Any]) -> "Shipment":
        """Give the same shipment with facts changed; None makes one unknown."""
        stated = {**self.stated, **changed}
        stated = {name: value for name, value in stated.items() if value is not None}
        return Shipment(
            self.name, derive(stated), stated, self.on, self.title, self.note, self.sources
        )


def read_shipment(given: "str | Path | Mapping[str, Any] | Shipment") -> Shipment:
    """Read a shipment.

    Parameters
    ----------
    given
        A YAML file, a mapping of the same form, or a shipment that was read.

    Raises
    ------
    BadInput
        With every fault: unknown facts with the nearest known one, values of the wrong type.
    """
    if isinstance(given, Shipment):
        return given
    if isinstance(given, Mapping):
        text = yaml.safe_dump(_plain(given), allow_unicode=True, sort_keys=False)
        nodes = Nodes(Path("shipment"), text)
    else:
        nodes = Nodes(Path(given))
    root = nodes.root()
    own = nodes.mapping(root, "shipment")
    facts = yaml.MappingNode("", [], getattr(root, "start_mark", None))
    if isinstance(root, yaml.MappingNode):
        facts.value = [pair for pair in root.value if pair[0].value not in _PLAIN]
    stated = {name: value for name, value in flat_facts(nodes, facts).items() if value is not None}
    day = nodes.date(own.get("on"), "on")
    nodes.done()
    return Shipment(
        name=nodes.text(own.get("shipment"), nodes.path.stem),
        facts=derive(stated),
        stated=stated,
        on=day,
        title=nodes.text(own.get("title")),
        note=nodes.text(own.get("note")),
        sources=nodes.texts(own.get("sources"), "sources"),
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a mapping holds
    """Give plain lists and dictionaries that YAML can write."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value.item() if hasattr(value, "item") else value
