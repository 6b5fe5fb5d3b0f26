"""Read a YAML file into nodes, which know their lines."""

from pathlib import Path
from typing import Any

import yaml

from narrows.terms import BadInput, Fault

__all__ = ["read_yaml"]


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - a node of any kind, or None
    """Read a YAML file into nodes, which know their lines.

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
        raise BadInput(Fault(path.name, line, "", found, "a YAML file")) from error
    if looped is not None:
        line = looped.start_mark.line + 1
        expected = "an alias of something that ends before it"
        raise BadInput(Fault(path.name, line, "", "an alias inside what it means", expected))
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
