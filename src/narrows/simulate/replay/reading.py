"""Read a replay file; every fault is told with file, line, what was found, what is allowed."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from narrows.simulate.replay.case import (
    Event,
    Item,
    Measure,
    Observation,
    Provider,
    Recipe,
    ReplayCase,
    Source,
    Sourced,
)
from narrows.simulate.replay.checks import BINDING, EVENTS, KINDS, MEASURES, SCORES, SHAPES, check
from narrows.simulate.replay.nodes import Nodes, Read, composed
from narrows.terms import BadInput

__all__ = ["read_case"]

_LISTS = ("items", "providers", "recipes", "shocks", "observations", "assumptions")


def read_case(path: Path) -> ReplayCase:
    """Read a replay file.

    Raises
    ------
    BadInput
        With every fault found.
    """
    reader = _Reader(path.name)
    case = reader.case(composed(path))
    if case is None or reader.nodes.faults:
        raise BadInput(reader.nodes.faults)
    return case


class _Reader:
    """Knows the words of a replay file."""

    def __init__(self, file: str) -> None:
        self.nodes = Nodes(file)
        self.zero = date(2000, 1, 1)
        self.lines: dict[tuple[str, str], yaml.Node] = {}

    def case(self, node: yaml.Node) -> ReplayCase | None:
        n = self.nodes
        self._find_zero(node)
        keys: dict[str, Read] = {
            **dict.fromkeys(("name", "title", "role", "event", "flow", "leaks"), n.text),
            "replay": n.plain_number,
            "day_zero": n.day,
            "as_of": n.day,
            "days": self._span,
            "items": self._items,
            "providers": partial(n.listed, read=self._provider),
            "recipes": partial(n.listed, read=self._recipe),
            "shocks": partial(n.listed, read=self._event),
            "observations": partial(n.listed, read=self._observation),
            "assumptions": partial(n.listed, read=self._assumption),
            "sources": self._sources,
        }
        needed = ("name", "title", "day_zero", "as_of", "days", "items", "providers", "shocks")
        given = n.mapping(node, "", keys, (*needed, "observations"))
        if given.pop("replay", 1.0) != 1:
            n.fault(node, "replay", "another version of the format", "replay: 1")
        if n.faults:
            return None
        lists: dict[str, Any] = {name: tuple(given.pop(name, ())) for name in _LISTS}
        lists["events"] = lists.pop("shocks")
        self.lines["", ""] = node
        case = ReplayCase(**given, **lists, file=n.file)
        check(case, self.lines, n)
        return case

    def _find_zero(self, node: yaml.Node) -> None:
        """Read day zero first: all other days count from it."""
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == "day_zero":
                    self.zero = Nodes(self.nodes.file).day(value, "day_zero") or self.zero

    def _count(self, node: yaml.Node, name: str) -> int:
        """Read a calendar day as days from day zero."""
        found = self.nodes.day(node, name)
        return (found - self.zero).days if found else 0

    def _window(self, node: yaml.Node, name: str) -> tuple[int, int]:
        ends = self.nodes.listed(node, name, self._count)
        turned = len(ends) == 2 and ends[0] > ends[1]
        if len(ends) != 2 or turned:
            found = "a last day before the first" if turned else f"{len(ends)} days"
            self.nodes.fault(node, name, found, "[first day, last day]")
            return (0, 0)
        return (ends[0], ends[1])

    def _span(self, node: yaml.Node, name: str) -> tuple[int, int]:
        ends = self.nodes.listed(node, name, self.nodes.plain_number)
        whole = len(ends) == 2 and all(each == int(each) for each in ends)
        if not whole or not ends[0] <= 0 < ends[1]:
            self.nodes.fault(node, name, f"{ends}", "first and last day, such as [-10, 365]")
            return (0, 1)
        return (int(ends[0]), int(ends[1]))

    def _items(self, node: yaml.Node, name: str) -> list[Item]:
        n = self.nodes
        keys: dict[str, Read] = {"kind": n.word(KINDS), "name": n.text}
        out = []
        for key, place, value in n.pairs(node, name):
            given = n.mapping(value, f"items.{key}", keys, ("kind",))
            self.lines["item", key] = place
            out.append(Item(key, given.get("kind", ""), given.get("name", key)))
        return out

    def _provider(self, node: yaml.Node, _name: str) -> Provider:
        n = self.nodes
        keys: dict[str, Read] = {
            **dict.fromkeys(("id", "item", "place", "firm", "note"), n.text),
            "share": n.number(0),
            "headroom": n.number(1),
            **dict.fromkeys(("ramp_days", "process_days", "finished_days"), n.number(0)),
            "wip_usable": n.number(0, 1),
            "growth_per_year": n.number(-1),
        }
        given = n.mapping(node, "providers", keys, ("id", "item", "place", "share"))
        given.pop("note", None)
        self._keep("provider", given, node)
        blank: dict[str, Any] = {"id": "", "item": "", "place": "", "share": 0.0}
        return Provider(**blank | given)

    def _recipe(self, node: yaml.Node, _name: str) -> Recipe:
        n = self.nodes
        days, part = n.number(0), n.number(0, 1)
        keys: dict[str, Read] = {
            **dict.fromkeys(("for", "needs", "note"), n.text),
            "binding": n.word(BINDING),
            **dict.fromkeys(("cover_days", "transit_days", "qualification_days"), days),
            "cover_by": partial(self._by_name, read=days),
            "part_of_item": part,
            "sourcing": partial(n.listed, read=self._sourcing),
            "substitute": self._substitute,
        }
        given = n.mapping(node, "recipes", keys, ("for", "needs"))
        given.pop("note", None)
        essential = given.pop("binding", BINDING[0]) == BINDING[0]
        share, after = given.pop("substitute", (0.0, 0.0))
        buyers, covers = given.pop("cover_by", ((), ()))
        buyer = given.pop("for", "")
        self._keep("recipe", {"id": f"{buyer}<{given.get('needs', '')}"}, node)
        given["sourcing"] = tuple(given.get("sourcing", ()))
        return Recipe(
            **{"needs": "", **given},
            buyer=buyer,
            essential=essential,
            cover_buyers=buyers,
            cover_by=covers,
            substitute_share=share,
            substitute_days=after,
        )

    def _by_name(self, node: yaml.Node, name: str, read: Read) -> tuple[Any, Any]:
        """Read names with a number each."""
        found = [
            (key, read(value, f"{name}.{key}")) for key, _, value in self.nodes.pairs(node, name)
        ]
        return tuple(key for key, _ in found), tuple(value for _, value in found)

    def _sourcing(self, node: yaml.Node, name: str) -> Sourced:
        n = self.nodes
        shares = partial(self._by_name, read=n.number(0, 1))
        given = n.mapping(node, name, {"buyer": n.text, "from": shares}, ("buyer", "from"))
        providers, parts = given.get("from", ((), ()))
        return Sourced(given.get("buyer", ""), providers, parts)

    def _substitute(self, node: yaml.Node, name: str) -> tuple[Any, Any]:
        n = self.nodes
        keys = {"share": n.number(0, 1), "after_days": n.number(0)}
        given = n.mapping(node, name, keys, ("share", "after_days"))
        return given.get("share", 0.0), given.get("after_days", 0.0)

    def _event(self, node: yaml.Node, _name: str) -> Event:
        n = self.nodes
        part, days = n.number(0, 1), n.number(0)
        keys: dict[str, Read] = {
            **dict.fromkeys(("id", "item", "note"), n.text),
            "kind": n.word(EVENTS),
            **dict.fromkeys(("hits", "to"), n.texts),
            **dict.fromkeys(("start", "announced"), self._count),
            **dict.fromkeys(("lost", "first_share", "covered"), part),
            **dict.fromkeys(("hold_days", "first_days", "ramp_days"), days),
            "recovery": self._recovery,
            "path": self._path,
            "known": n.day,
        }
        given = n.mapping(node, "shocks", keys, ("id", "kind", "known"))
        given.pop("note", None)
        if "item" in given:
            given["hits"] = (given.pop("item"),)
        given["shape"], given["recovery_days"] = given.pop("recovery", ("step", 0.0))
        given["path_days"], given["path"] = given.pop("path", ((), ()))
        self._keep("shock", given, node)
        return Event(**{"id": "", "kind": "", **given})

    def _recovery(self, node: yaml.Node, name: str) -> tuple[str, Any]:
        n = self.nodes
        keys = {"shape": n.word(SHAPES), "days": n.number(0)}
        given = n.mapping(node, name, keys, ("shape", "days"))
        return given.get("shape", "step"), given.get("days", 0.0)

    def _path(self, node: yaml.Node, name: str) -> tuple[Any, Any]:
        """Read days with a factor each."""
        days, factors = [], []
        for each in node.value if isinstance(node, yaml.SequenceNode) else ():
            if not isinstance(each, yaml.SequenceNode) or len(each.value) != 2:
                self.nodes.fault(each, name, "no pair", "a day and a factor")
                continue
            days.append(self._count(each.value[0], name))
            factors.append(self.nodes.number(0)(each.value[1], name))
        if not days or days != sorted(set(days)):
            self.nodes.fault(node, name, "no list of rising days", "days with a factor each")
        return tuple(days), tuple(factors)

    def _observation(self, node: yaml.Node, _name: str) -> Observation:
        n = self.nodes
        keys: dict[str, Read] = {
            **dict.fromkeys(("id", "unit", "src", "note"), n.text),
            "score": self._score,
            "measure": self._measure,
            **dict.fromkeys(("low", "high"), n.plain_number),
        }
        needed = ("id", "measure", "low", "high", "unit", "src")
        given = n.mapping(node, "observations", keys, needed)
        if given.get("low", 0.0) > given.get("high", 0.0):
            n.fault(node, "low", f"{given['low']:g} above high", "low <= high")
        self._keep("observation", given, node)
        blank: dict[str, Any] = {
            "id": "",
            "measure": Measure(""),
            "low": 0.0,
            "high": 0.0,
            "unit": "",
            "src": "",
        }
        return Observation(**blank | given)

    def _score(self, node: yaml.Node, name: str) -> str:
        """Read how a point counts; YAML takes the bare word null for nothing."""
        if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null") and node.value:
            return "null"
        return str(self.nodes.word(SCORES)(node, name))

    def _measure(self, node: yaml.Node, name: str) -> Measure:
        n = self.nodes
        above = n.number(0)
        keys: dict[str, Read] = {
            "kind": n.word(tuple(MEASURES)),
            "of": n.texts,
            **dict.fromkeys(("window", "over"), self._window),
            **dict.fromkeys(("base_factor", "planned_per_day", "base_weeks"), above),
            "day": self._count,
            **dict.fromkeys(("level", "scale"), n.plain_number),
            "use": n.word(("cap", "shipments")),
            "take": n.word(("mean", "max")),
            **dict.fromkeys(("buyer", "item"), n.text),
        }
        given = n.mapping(node, name, keys, ("kind",))
        kind = given.get("kind", "")
        for key in MEASURES.get(kind, ()):
            if key not in given:
                n.fault(node, name, f"{kind} without {key!r}", "it to be given")
        return Measure(**{"kind": "", **given})

    def _assumption(self, node: yaml.Node, name: str) -> tuple[str, str, str]:
        keys = dict.fromkeys(("id", "text", "why"), self.nodes.text)
        given = self.nodes.mapping(node, name, keys, ("id", "text", "why"))
        return given.get("id", ""), given.get("text", ""), given.get("why", "")

    def _sources(self, node: yaml.Node, name: str) -> dict[str, Source]:
        n = self.nodes
        keys = dict.fromkeys(("who", "address"), n.text)
        return {
            key: Source(**{"who": "", **n.mapping(value, f"{name}.{key}", keys, ("who",))})
            for key, _, value in n.pairs(node, name)
        }

    def _keep(self, kind: str, given: dict[str, Any], node: yaml.Node) -> None:
        """Keep where something stands; an id twice is a fault."""
        key = (kind, given.get("id", ""))
        if key in self.lines:
            self.nodes.fault(node, kind, f"id {key[1]!r} twice", "each id once")
        self.lines[key] = node
