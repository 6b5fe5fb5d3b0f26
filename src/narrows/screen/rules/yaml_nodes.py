"""Read YAML with its lines: every fault names file and line, and all faults are told at once."""

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from narrows.terms import BadInput, Fault

__all__ = ["Nodes", "nearest"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def nearest(name: str, known: Sequence[str]) -> str:
    """Say which names are allowed, and which of them is meant."""
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return "a known name; nearest: " + ", ".join(near)
    few = 12
    return "one of " + ", ".join(known[:few]) + (" ..." if len(known) > few else "")


class Nodes:
    """A YAML file as nodes, with the faults found in it so far.

    Parameters
    ----------
    path
        The file.
    text
        What is read instead of the file, for values given in a call; their faults have no line.
    """

    def __init__(self, path: Path, text: str | None = None) -> None:
        self.path, self.file, self._text = path, path.name, text
        self.faults: list[Fault] = []
        self._plain = yaml.SafeLoader("")

    def root(self) -> yaml.Node | None:
        """Give the whole document.

        Raises
        ------
        BadInput
            When there is no such file, or when it is no UTF-8 or no YAML.
        """
        try:
            text = self._text
            text = self.path.read_text(encoding="utf-8") if text is None else text
            return yaml.compose(text, Loader=_LOADER)
        except FileNotFoundError as error:
            raise BadInput(Fault(str(self.path), None, "", "no file", "a YAML file")) from error
        except IsADirectoryError as error:
            raise BadInput(Fault(str(self.path), None, "", "a folder", "a YAML file")) from error
        except UnicodeDecodeError as error:
            found = f"bytes that are no UTF-8 ({error.reason})"
            raise BadInput(Fault(self.file, None, "", found, "UTF-8 text")) from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            found = getattr(error, "problem", None) or "text that is no YAML"
            line = mark.line + 1 if mark else None
            raise BadInput(Fault(self.file, line, "", str(found), "a YAML file")) from error

    def done(self) -> None:
        """Raise what was found.

        Raises
        ------
        BadInput
            With every fault.
        """
        if self.faults:
            raise BadInput(self.faults)

    def fault(self, node: yaml.Node | int | None, field: str, found: str, expected: str) -> None:
        """Note a fault at a node or line."""
        line = node if isinstance(node, int) else self.line(node)
        row = line if self._text is None else None
        self.faults.append(Fault(self.file, row, field, found, expected))

    def line(self, node: yaml.Node | None) -> int:
        """Give the line of a node."""
        return 1 if node is None else node.start_mark.line + 1

    def mapping(
        self,
        node: yaml.Node | None,
        name: str,
        allowed: Sequence[str] | None = None,
        needed: Sequence[str] = (),
    ) -> dict[str, yaml.Node]:
        """Give the nodes by key; unknown, double and missing keys are faults."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, name, "nothing" if node is None else "no mapping", "keys: values")
            return {}
        out: dict[str, yaml.Node] = {}
        for key, value in node.value:
            text = str(key.value)
            if allowed is not None and text not in allowed:
                self.fault(key, name, f"unknown key {text!r}", nearest(text, allowed))
            elif text in out:
                self.fault(key, name, f"key {text!r} twice", "each key once")
            else:
                out[text] = value
        for each in needed:
            if each not in out:
                self.fault(node, name, f"no key {each!r}", "it to be given")
        return out

    def items(self, node: yaml.Node | None, name: str) -> list[yaml.Node]:
        """Give the nodes of a list; one value alone counts as a list of one."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if isinstance(node, yaml.ScalarNode):
            return [node]
        self.fault(node, name, "no list", "a list")
        return []

    def value(self, node: yaml.Node) -> Any:  # noqa: ANN401 - whatever YAML holds
        """Give the plain value of a node."""
        if isinstance(node, yaml.MappingNode):
            return {str(key.value): self.value(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each) for each in node.value]
        return self._plain.construct_object(node)

    def text(self, node: yaml.Node | None, default: str = "") -> str:
        """Give a node as text."""
        if node is None:
            return default
        value = self.value(node)
        return default if value is None else " ".join(str(value).split())

    def texts(self, node: yaml.Node | None, name: str) -> tuple[str, ...]:
        """Give a list of texts."""
        return () if node is None else tuple(self.text(each) for each in self.items(node, name))

    def date(self, node: yaml.Node | None, field: str, default: date | None = None) -> date | None:
        """Give a date."""
        if node is None:
            return default
        value = self.value(node)
        if isinstance(value, date):
            return value
        self.fault(node, field, repr(value), "a date such as 2026-01-31")
        return default
