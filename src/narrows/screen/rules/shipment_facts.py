"""Facts as files state them: nested or dotted, checked against the vocabulary."""

from typing import Any

import yaml

from narrows.screen.rules.vocabulary import UNKNOWN_WORD, vocabulary
from narrows.screen.rules.yaml_nodes import Nodes, nearest

__all__ = ["flat_facts"]


def flat_facts(nodes: Nodes, node: yaml.Node | None, prefix: str = "") -> dict[str, Any]:
    """Give facts by dotted name; None where the file says that a fact is unknown.

    Unknown names and wrong values are faults of the file.
    """
    words = vocabulary()
    out: dict[str, Any] = {}
    if not isinstance(node, yaml.MappingNode):
        nodes.fault(node, prefix or "facts", "no mapping", "fact: value")
        return out
    for key, value in node.value:
        name = f"{prefix}{key.value}"
        if name in words:
            out[name] = _value(nodes, name, value)
        elif isinstance(value, yaml.MappingNode):
            out |= flat_facts(nodes, value, name + ".")
        else:
            nodes.fault(key, "facts", f"unknown fact {name!r}", nearest(name, words.names))
    return out


def _value(nodes: Nodes, name: str, node: yaml.Node) -> Any:  # noqa: ANN401 - whatever a fact is
    value = nodes.value(node)
    if vocabulary()[name].type == "text" and isinstance(node, yaml.ScalarNode):
        value = node.value if value is not None else None  # 8486.20 is a code, not a number
    if value is None or value == UNKNOWN_WORD:
        return None
    if wrong := vocabulary()[name].wrong(value):
        nodes.fault(node, name, repr(value), wrong)
        return None
    return tuple(value) if isinstance(value, list) else value
