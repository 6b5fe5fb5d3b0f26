"""YAML files as nodes, which know their lines; what is wrong in them is gathered."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from narrows.terms import BadInput, Fault

__all__ = ["Nodes", "allowed", "read_yaml"]


def read_yaml(path: Path, expected: str = "a YAML file") -> Any:  # noqa: ANN401 - any node, or None
    """Read a YAML file into nodes, which know their lines.

    Parameters
    ----------
    path
        The file.
    expected
        What the message says of a file that is no YAML.

    Raises
    ------
    BadInput
        When it is no UTF-8 or no YAML, or an alias stands inside what it means.
    """
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        looped = _looped(node, (), set())
    except RecursionError as error:
        found = "lists in lists without end"
        raise BadInput(Fault(path.name, None, "", found, "a YAML file of few levels")) from error
    except yaml.reader.ReaderError as error:
        row = text.count("\n", 0, error.position) + 1
        found = f"the character {error.character!r}, {error.reason}"
        raise BadInput(Fault(path.name, row, "", found, "text")) from error
    except UnicodeDecodeError as error:
        fault = Fault(
            path.name, None, "", f"bytes that are no UTF-8 ({error.reason})", "UTF-8 text"
        )
        raise BadInput(fault) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or "text that is no YAML")
        found = problem.removeprefix("but ").removeprefix("found ")
        line = mark.line + 1 if mark else None
        raise BadInput(Fault(path.name, line, "", found, expected)) from error
    if looped is not None:
        line = looped.start_mark.line + 1
        ends = "an alias of something that ends before it"
        raise BadInput(Fault(path.name, line, "", "an alias inside what it means", ends))
    return node


def _looped(node: yaml.Node | None, above: tuple[int, ...], done: set[int]) -> yaml.Node | None:
    """Give a node that lies inside itself; None where there is none."""
    if not isinstance(node, yaml.CollectionNode) or id(node) in done:
        return None
    if id(node) in above:
        return node
    pairs = isinstance(node, yaml.MappingNode)
    for part in node.value:
        for each in part if pairs else (part,):
            found = _looped(each, (*above, id(node)), done)
            if found is not None:
                return found
    done.add(id(node))
    return None


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
            text = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
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

    def fault(self, node: yaml.Node, field: str, found: str, expected: str) -> None:
        """Note what is wrong in a line."""
        self.faults.append(Fault(self.file, node.start_mark.line + 1, field, found, expected))


def allowed(name: str, known: Sequence[str]) -> str:
    """Say what is allowed, and what of it is nearest."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    nearest = f"; nearest: {near[0]}" if near else ""
    return f"one of {', '.join(known)}{nearest}"
