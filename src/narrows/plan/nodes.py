"""Nodes of a YAML file as plain values; every fault keeps its line."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

import yaml

from narrows.terms import BadInput, Fault

__all__ = ["Nodes", "allowed"]

Made = TypeVar("Made")


class Nodes:
    """Reads nodes of a file and gathers faults.

    Attributes
    ----------
    file, faults
        Name of the file, and what was found wrong in it.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def listed(self, parts: Mapping[str, tuple[int, yaml.Node]], name: str) -> Sequence[yaml.Node]:
        """Give the nodes of a list; none where the key is not given."""
        if name not in parts:
            return []
        node = parts[name][1]
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, name, "no list", "a list")
            return []
        found: list[yaml.Node] = node.value
        return found

    def build(
        self,
        make: Callable[[], Made],
        node: yaml.Node | None,
        parts: Mapping[str, tuple[int, yaml.Node]],
    ) -> Made | None:
        """Make an object; its faults get the line of the key they are about."""
        start = node.start_mark.line + 1 if node else 1
        try:
            return make()
        except BadInput as error:
            for fault in error.faults:
                line = parts[fault.field][0] if fault.field in parts else start
                text = f"{fault.file}, {fault.field}" if fault.field else fault.file
                self.faults.append(Fault(self.file, line, text, fault.found, fault.expected))
        except (TypeError, AttributeError) as error:
            self.faults.append(Fault(self.file, start, "", str(error), "values of the right type"))
        return None

    def mapping(
        self,
        node: yaml.Node | None,
        name: str,
        known: Sequence[str],
        needed: Sequence[str] = (),
    ) -> dict[str, tuple[int, yaml.Node]]:
        """Give the keys with lines and nodes; unknown, double and missing keys are faults."""
        if not isinstance(node, yaml.MappingNode):
            line = node.start_mark.line + 1 if node else 1
            found = "nothing" if node is None else "no mapping"
            self.faults.append(Fault(self.file, line, name, found, "keys: values"))
            return {}
        out: dict[str, tuple[int, yaml.Node]] = {}
        for key, value in node.value:
            text = str(key.value)
            if text not in known:
                self.fault(key, name, f"key {text!r}", allowed(text, known))
            elif text in out:
                self.fault(key, name, f"key {text!r} twice", "each key once")
            else:
                out[text] = (key.start_mark.line + 1, value)
        for each in needed:
            if each not in out:
                self.fault(node, name, f"no key {each!r}", "it to be given")
        return out

    def value(self, node: yaml.Node) -> Any:  # noqa: ANN401 - whatever YAML holds
        """Give a value or a list."""
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(each) for each in node.value)
        if isinstance(node, yaml.MappingNode):
            self.fault(node, "", "a mapping", "one value or a list")
            return None
        return yaml.SafeLoader("").construct_object(node)

    def fault(self, node: yaml.Node, field: str, found: str, expected: str) -> None:
        """Note what is wrong in a line."""
        self.faults.append(Fault(self.file, node.start_mark.line + 1, field, found, expected))


def allowed(name: str, known: Sequence[str]) -> str:
    """Say what is allowed, and what of it is nearest."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    nearest = f"; nearest: {near[0]}" if near else ""
    return f"one of {', '.join(known)}{nearest}"
