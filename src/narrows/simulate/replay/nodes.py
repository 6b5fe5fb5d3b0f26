"""Read YAML nodes into values and keep what is wrong, with the line where it stands."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from narrows.simulate.replay.case import Figure
from narrows.simulate.values import Number
from narrows.simulate.yaml_nodes import allowed, read_yaml
from narrows.terms import BadInput, Fault

__all__ = ["Nodes", "Read", "composed"]

Read = Callable[[yaml.Node, str], Any]
_TEXT, _TAG = "tag:yaml.org,2002:str", "tag:yaml.org,2002:"
_GRADES = ("stated", "derived", "assumed")
_FIGURE = ("low", "best", "high", "grade", "src", "how", "why", "note")


def composed(path: Path) -> yaml.Node:
    """Read a file into nodes.

    Raises
    ------
    BadInput
        When it is no UTF-8 text, no YAML, or empty.
    """
    node: yaml.Node | None = read_yaml(
        path, "one document of YAML; indented with spaces, never tabs"
    )
    if node is None:
        raise BadInput(Fault(path.name, 1, "", "an empty file", "a replay"))
    return node


class Nodes:
    """Turns nodes into values; every fault is kept in `faults`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, node: yaml.Node, field: str, found: str, expected: str) -> None:
        """Note what is wrong at a node."""
        self.faults.append(Fault(self.file, node.start_mark.line + 1, field, found, expected))

    def pairs(self, node: yaml.Node, name: str) -> list[tuple[str, yaml.Node, yaml.Node]]:
        """Give keys with their nodes and values; a key that is no text is a fault.

        YAML reads the bare words on, off, yes, no as true and false. Inside braces it cuts a text
        at a comma, and what follows becomes a key without a value: it is put back.
        """
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, name, "no mapping", "keys and values")
            return []
        out: list[tuple[str, yaml.Node, yaml.Node]] = []
        for key, value in node.value:
            if key.tag != _TEXT:
                kind = key.tag.removeprefix(_TAG)
                found = f"key {key.value!r}, which YAML reads as {kind}"
                quoted = f'a word as key; in quotes: "{key.value}"'
                split = node.flow_style and kind in ("int", "float")
                point = "; or a point for the comma in a number" if split else ""
                self.fault(key, name, found, quoted + point)
            elif node.flow_style and out and _empty(value) and out[-1][2].tag == _TEXT:
                before, place, text = out[-1]
                joined = f"{text.value}, {key.value}"
                out[-1] = (before, place, yaml.ScalarNode(_TEXT, joined, text.start_mark))
            elif key.value in [known for known, _, _ in out]:
                self.fault(key, name, f"key {key.value!r} twice", "each key once")
            else:
                out.append((key.value, key, value))
        return out

    def mapping(
        self, node: yaml.Node, name: str, keys: Mapping[str, Read], needed: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Read a mapping, each key in its own way."""
        out: dict[str, Any] = {}
        for key, place, value in self.pairs(node, name):
            if key not in keys:
                self.fault(place, name, f"key {key!r}", allowed(key, list(keys)))
            else:
                out[key] = keys[key](value, f"{name}.{key}" if name else key)
        for key in needed:
            if key not in out and isinstance(node, yaml.MappingNode):
                self.fault(node, name, f"no key {key!r}", "it to be given")
        return out

    def listed(self, node: yaml.Node, name: str, read: Read) -> list[Any]:
        """Read a list."""
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, name, "no list", "a list")
            return []
        return [read(each, name) for each in node.value]

    def text(self, node: yaml.Node, name: str) -> str:
        """Read a word or a sentence."""
        if isinstance(node, yaml.ScalarNode) and node.tag == _TEXT:
            return str(node.value)
        found = node.value if isinstance(node, yaml.ScalarNode) else "no text"
        self.fault(node, name, repr(found), "text; in quotes where YAML reads it otherwise")
        return ""

    def word(self, known: Sequence[str]) -> Read:
        """Read one of some words."""

        def read(node: yaml.Node, name: str) -> str:
            found = self.text(node, name)
            if found and found not in known:
                self.fault(node, name, repr(found), allowed(found, known))
            return found

        return read

    def texts(self, node: yaml.Node, name: str) -> tuple[str, ...]:
        """Read one word or a list of words."""
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.text(each, name) for each in node.value)
        return (self.text(node, name),)

    def day(self, node: yaml.Node, name: str) -> date | None:
        """Read a calendar day."""
        found = self._plain(node)
        if type(found) is date:
            return found
        shown = node.value if isinstance(node, yaml.ScalarNode) else "no day"
        self.fault(node, name, repr(shown), "a day such as 2011-03-11")
        return None

    def plain_number(self, node: yaml.Node, name: str) -> float:
        """Read a number without a range."""
        found = self._plain(node)
        if isinstance(found, int | float) and not isinstance(found, bool) and isfinite(found):
            return float(found)
        shown = node.value if isinstance(node, yaml.ScalarNode) else "no number"
        self.fault(node, name, repr(shown), "a number")
        return 0.0

    def number(self, low: float, high: float = float("inf")) -> Read:
        """Read a number between two limits, plain or with a range."""

        def read(node: yaml.Node, name: str) -> Number:
            found: Number
            if isinstance(node, yaml.MappingNode):
                found = self._figure(node, name)
                ends = (found.low, found.high)
            else:
                found = plain = self.plain_number(node, name)
                ends = (plain, plain)
            if not low <= ends[0] or not ends[1] <= high:
                limits = f"from {low:g} to {high:g}" if high < float("inf") else f"{low:g} or more"
                limits += "; 30 percent is 0.3" if high == 1 else ""
                shown = f"{ends[0]:g}" if ends[0] == ends[1] else f"{ends[0]:g} to {ends[1]:g}"
                self.fault(node, name, shown, limits)
            return found

        return read

    def _figure(self, node: yaml.Node, name: str) -> Figure:
        """Read low, best, high with a grade, sources and a reason."""
        ends = dict.fromkeys(("low", "best", "high"), self.plain_number)
        texts = dict.fromkeys(("src", "how", "why", "note"), self.text)
        keys: dict[str, Read] = {**ends, **texts, "grade": self.word(_GRADES)}
        given = self.mapping(node, name, keys, ("best", "grade"))
        best = given.get("best", 0.0)
        low, high = given.get("low", best), given.get("high", best)
        if not low <= best <= high:
            found = f"low {low:g}, best {best:g}, high {high:g}"
            self.fault(node, name, found, "low <= best <= high")
            low = high = best
        reason = given.get("how") or given.get("why") or ""
        if given.get("grade") == "stated" and not given.get("src"):
            self.fault(node, name, "a stated figure without src", "the id of a source")
        if given.get("grade") == "assumed" and not (reason or given.get("src")):
            self.fault(node, name, "an assumed figure without why", "the reason")
        return Figure(low, best, high, given.get("grade", ""), given.get("src", ""), reason)

    def _plain(self, node: yaml.Node) -> Any:  # noqa: ANN401 - whatever YAML holds
        if not isinstance(node, yaml.ScalarNode):
            return None
        try:
            return yaml.SafeLoader("").construct_object(node)
        except (ValueError, yaml.YAMLError):
            return None


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value == "" and not node.style
