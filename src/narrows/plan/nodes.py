"""Nodes of a YAML file as plain values; every fault keeps its line."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import yaml

from narrows.simulate.yaml_nodes import Nodes
from narrows.terms import BadInput, Fault

__all__ = ["OptionNodes"]

Made = TypeVar("Made")


class OptionNodes(Nodes):
    """Reads nodes of a file of options and gathers faults."""

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

    def value(self, node: yaml.Node) -> Any:  # noqa: ANN401 - whatever YAML holds
        """Give a value or a list."""
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(each) for each in node.value)
        if isinstance(node, yaml.MappingNode):
            self.fault(node, "", "a mapping", "one value or a list")
            return None
        return yaml.SafeLoader("").construct_object(node)
