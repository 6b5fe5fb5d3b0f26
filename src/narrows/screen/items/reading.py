"""Read control lists from YAML."""

import hashlib
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml

from narrows.screen.items.entries import READINGS, ControlEntry, ControlList
from narrows.screen.rules.condition_reading import ConditionReader
from narrows.screen.rules.conditions import atoms
from narrows.screen.rules.leaves import Atom, Condition
from narrows.screen.rules.vocabulary import vocabulary
from narrows.screen.rules.yaml_nodes import Nodes
from narrows.terms import UnknownName

__all__ = ["bundled_lists", "control_list", "read_control_list"]

_TOP = ("list", "title", "as_of", "source", "entries")
_ENTRY = ("id", "title", "spine", "when", "cite", "read", "from", "until", "note")


def bundled_lists() -> dict[str, Path]:
    """Give the files of the bundled control lists by name."""
    folder = Path(str(files("narrows.screen.items").joinpath("lists")))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


@cache
def control_list(name: str) -> ControlList:
    """Give a bundled control list by name.

    Raises
    ------
    UnknownName
        When no list has that name.
    """
    known = bundled_lists()
    if name not in known:
        raise UnknownName("control list", name, list(known))
    return read_control_list(known[name])


def read_control_list(given: Path | str, today: date | None = None) -> ControlList:
    """Read a control list.

    Parameters
    ----------
    given
        The YAML file.
    today
        A list that says it was read later than this day is refused.

    Raises
    ------
    BadInput
        With every fault: unknown keys and facts, no citation, dates in the wrong order, a list
        that says it was read in the future.
    """
    path = Path(given)
    nodes = Nodes(path)
    top = nodes.mapping(nodes.root(), "control list", _TOP, _TOP)
    nodes.done()
    as_of = nodes.date(top["as_of"], "as_of") or date.max
    if today is not None and as_of > today:
        nodes.fault(top["as_of"], "as_of", str(as_of), f"a day not after {today}")
    reader = ConditionReader(nodes, vocabulary())
    entries: dict[str, ControlEntry] = {}
    for node in nodes.items(top["entries"], "entries"):
        entry = _entry(nodes, node, reader)
        if entry.id in entries:
            nodes.fault(node, "id", f"{entry.id!r} twice", "each identifier once")
        entries[entry.id] = entry
    nodes.done()
    return ControlList(
        id=nodes.text(top["list"]),
        title=nodes.text(top["title"]),
        as_of=as_of,
        source=nodes.text(top["source"]),
        entries=tuple(entries.values()),
        file=path.name,
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _entry(nodes: Nodes, node: yaml.Node, reader: ConditionReader) -> ControlEntry:
    parts = nodes.mapping(node, "entry", _ENTRY, ("id", "title", "when", "cite", "read"))
    text = {key: nodes.text(parts.get(key)) for key in ("id", "title", "spine", "cite", "read")}
    if text["read"] not in READINGS:
        nodes.fault(node, "read", repr(text["read"]), "one of " + ", ".join(READINGS))
    first, last = nodes.date(parts.get("from"), "from"), nodes.date(parts.get("until"), "until")
    if first and last and last < first:
        nodes.fault(parts["until"], "until", str(last), f"a day not before {first}")
    when = reader.read(parts.get("when"))
    _only_items(nodes, node, when)
    return ControlEntry(
        **text,
        when=when,
        from_=first,
        until=last,
        note=nodes.text(parts.get("note")),
        line=nodes.line(node),
    )


def _only_items(nodes: Nodes, node: yaml.Node, when: Condition) -> None:
    """Note where an entry asks for more than parameters of items."""
    for leaf in atoms(when):
        if not isinstance(leaf, Atom) or not leaf.name.startswith("item."):
            nodes.fault(node, "when", "a condition on more than the item", "facts named item....")
