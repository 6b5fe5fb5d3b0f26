"""Read a scenario file; every fault is told with file, line, what was found, what is allowed."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml

from narrows.simulate.profiles import Onset, Recovery
from narrows.simulate.rules import Rules, Special, Transit
from narrows.simulate.shocks import (
    CapacityLoss,
    CapitalLoss,
    DemandChange,
    RecipeChange,
    Shock,
    StockChange,
    Stockpiling,
    TradeCut,
)
from narrows.simulate.values import LONGEST, Range
from narrows.simulate.yaml_nodes import Nodes, allowed, read_yaml
from narrows.terms import BadInput, Fault

__all__ = ["KINDS", "read_scenario"]

KINDS: dict[str, type[Shock]] = {
    shock.kind: shock
    for shock in (
        CapacityLoss,
        CapitalLoss,
        TradeCut,
        DemandChange,
        StockChange,
        RecipeChange,
        Stockpiling,
    )
}
"""Kinds of shocks as files name them."""
_LISTED: dict[str, type[Any]] = {"transit": Transit, "special": Special}
_TEXTS = ("name", "title", "case", "reasoning")
_TOP = (*_TEXTS, "sources", "days", "date", "shocks", "rules")
_RULES = tuple(each.name for each in fields(Rules) if each.name not in ("peer", "least_recipe"))
_BASE = "base"  # a file of rules beside the scenario, which the scenario's own rules override
Made = TypeVar("Made")


def read_scenario(path: Path) -> dict[str, Any]:
    """Read a file into the arguments of `Scenario`.

    Raises
    ------
    BadInput
        With every fault found.
    """
    node = read_yaml(path)
    reader = _Reader(path)
    found = reader.scenario(node)
    if reader.faults:
        raise BadInput(reader.faults)
    return found


class _Reader(Nodes):
    """Turns YAML nodes into values and keeps their lines."""

    def __init__(self, path: Path, above: tuple[Path, ...] = ()) -> None:
        super().__init__(path.name)
        self.path = path
        self.above = (*above, path.resolve())  # files whose rules rest on this one, and itself

    def scenario(self, node: yaml.Node | None) -> dict[str, Any]:
        parts = self.mapping(node, "scenario", _TOP, needed=("name", "days"))
        out: dict[str, Any] = {
            key: self._text(parts[key][1], key) for key in _TEXTS if key in parts
        }
        if "sources" in parts:
            out["sources"] = self._names(parts["sources"][1], "sources")
        if "days" in parts:
            days: Any = self._value(parts["days"][1])
            if isinstance(days, bool) or not isinstance(days, int) or days < 1:
                self.fault(parts["days"][1], "days", repr(days), "1 or more whole days")
            elif days > LONGEST:
                self.fault(parts["days"][1], "days", f"{days}", f"{LONGEST} or fewer")
            out["days"] = days
        if "date" in parts:
            out["date"] = self._date(parts["date"][1])
        if "rules" in parts:
            out["rules"] = self._rules(parts["rules"][1])
        out["shocks"] = self._shocks(parts["shocks"][1]) if "shocks" in parts else ()
        return out

    def _shocks(self, node: yaml.Node) -> list[Shock]:
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, "shocks", "no list", "a list of shocks")
            return []
        found = [self._shock(each) for each in node.value]
        return [shock for shock in found if shock is not None]

    def _shock(self, node: yaml.Node) -> Shock | None:
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, "shocks", "no mapping", "kind and what belongs to it")
            return None
        merged = [key for key, _ in node.value if key.value == "<<"]
        if merged:
            self.fault(merged[0], "shocks", "key '<<'", "every key of the shock written out")
            return None
        kinds = [value for key, value in node.value if key.value == "kind"]
        kind = self._value(kinds[0]) if kinds else None
        if kind not in KINDS:
            found = repr(kind) if kinds else "no kind"
            self.fault(kinds[0] if kinds else node, "kind", found, allowed(str(kind), list(KINDS)))
            return None
        made = KINDS[kind]
        known = {each.name.rstrip("_"): each.name for each in fields(made) if each.name != "where"}
        parts = self.mapping(node, kind, ("kind", *known), needed=("start",))
        given: dict[str, Any] = {}
        for key, (_, value) in parts.items():
            if key in ("onset", "recovery"):
                given[key] = self._profile(value, key)
            elif key == "table":
                given[key] = self._table(value)
            elif key == "rebuilt_with":
                given[key] = self._shares(value)
            elif key != "kind":
                given[known[key]] = self._value(value)
        where = f"{self.file}:{node.start_mark.line + 1}"
        return self._build(lambda: made(**given, where=where), node, parts)

    def _profile(self, node: yaml.Node, name: str) -> Onset | Recovery:
        made = Onset if name == "onset" else Recovery
        allowed = [each.name for each in fields(made)]
        parts = self.mapping(node, name, allowed, needed=("shape",))
        given = {key: self._value(value) for key, (_, value) in parts.items()}
        if isinstance(given.get("curve"), str):
            rows = self._csv(given["curve"], parts["curve"][1])
            given["curve"] = [self._number(row[-1], given["curve"], line) for line, row in rows]
        given.setdefault("shape", "step")
        built = self._build(lambda: made(**given), node, parts)
        return built if built is not None else made()

    def _table(self, node: yaml.Node) -> list[tuple[str, float]]:
        name = str(self._value(node))
        return [(row[0], self._number(row[-1], name, line)) for line, row in self._csv(name, node)]

    def _shares(self, node: yaml.Node) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, "rebuilt_with", "no mapping", "items and their shares")
            return {}
        return {str(key.value): self._value(value) for key, value in node.value}

    def _csv(self, name: str, node: yaml.Node) -> list[tuple[int, list[str]]]:
        """Read the rows of a CSV file beside the scenario and their lines, without its header."""
        path = self.path.parent / name
        if not path.is_file():
            self.fault(node, "file", repr(name), "a CSV file beside the scenario file")
            return []
        try:
            rows = list(csv.reader(path.read_text("utf-8").splitlines()))
        except (UnicodeDecodeError, csv.Error) as error:
            self.fault(node, "file", f"{name!r} ({error})", "a CSV file in UTF-8")
            return []
        return [(line, row) for line, row in enumerate(rows[1:], 2) if row]

    def _number(self, text: str, name: str, line: int) -> float:
        try:
            return float(text)
        except ValueError:
            self.faults.append(Fault(name, line, "", repr(text), "a number"))
            return 0.0

    def _rules(self, node: yaml.Node) -> Rules:
        parts = self.mapping(node, "rules", (_BASE, *_RULES))
        given: dict[str, Any] = {}
        if _BASE in parts:
            given = self._base(parts.pop(_BASE)[1])
        for key, (_, value) in parts.items():
            if key in _LISTED:
                given[key] = (*given.get(key, ()), *self._listed(value, key, _LISTED[key]))
            elif key == "why":
                given[key] = {**given.get(key, {}), **self._words(value)}
            else:
                given[key] = self._value(value)
        built = self._build(lambda: Rules(**given), node, parts)
        return built if built is not None else Rules()

    def _base(self, node: yaml.Node) -> dict[str, Any]:
        """Read the rules of a file beside the scenario."""
        path = self.path.parent / str(self._value(node))
        if not path.is_file():
            expected = "a YAML file of rules beside this file"
            self.fault(node, _BASE, repr(self._value(node)), expected)
            return {}
        if path.resolve() in self.above:
            expected = "a file of rules that does not lead back here"
            self.fault(node, _BASE, repr(self._value(node)), expected)
            return {}
        reader = _Reader(path, self.above)
        rules = reader._rules(read_yaml(path))
        self.faults += reader.faults
        return {each.name: getattr(rules, each.name) for each in fields(rules)}

    def _words(self, node: yaml.Node) -> dict[str, str]:
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, "why", "no mapping", "rules and the reasons for them")
            return {}
        return {str(key.value): str(self._value(value)) for key, value in node.value}

    def _names(self, node: yaml.Node, name: str) -> tuple[str, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, name, "no list", f"a list of {name}")
            return ()
        return tuple(str(self._value(each)) for each in node.value)

    def _listed(self, node: yaml.Node, name: str, made: type[Made]) -> list[Made]:
        """Read a list of objects of one kind."""
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, name, "no list", f"a list of {name}")
            return []
        return [each for part in node.value if (each := self._object(part, name, made)) is not None]

    def _object(self, node: yaml.Node, name: str, made: type[Made]) -> Made | None:
        kind: Any = made
        known = {each.name.rstrip("_"): each.name for each in fields(kind) if each.name != "where"}
        parts = self.mapping(node, name, tuple(known))
        given = {known[key]: self._value(value) for key, (_, value) in parts.items()}
        if "where" in {each.name for each in fields(kind)}:
            given["where"] = f"{self.file}:{node.start_mark.line + 1}"
        return self._build(lambda: made(**given), node, parts)

    def _build(
        self, make: Callable[[], Made], node: yaml.Node, parts: Mapping[str, tuple[int, yaml.Node]]
    ) -> Made | None:
        """Make an object; its faults get the line of the key they are about."""
        try:
            return make()
        except BadInput as error:
            for fault in error.faults:
                about = fault.field or fault.file
                line = parts[about][0] if about in parts else node.start_mark.line + 1
                field = about if about in parts else fault.field
                self.faults.append(replace(fault, file=self.file, row=line, field=field))
        except (TypeError, AttributeError) as error:
            self.fault(node, "", str(error), "values of the right type")
        return None

    def _value(self, node: yaml.Node) -> Any:  # noqa: ANN401 - whatever YAML holds
        """Give the plain value of a node; low, best, high become a range."""
        if isinstance(node, yaml.MappingNode):
            parts = self.mapping(node, "range", ("low", "best", "high"), ("low", "best", "high"))
            given = {key: self._value(value) for key, (_, value) in parts.items()}
            if len(given) < 3:
                return 0.0
            return self._build(lambda: Range(**given), node, parts) or 0.0
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._value(each) for each in node.value)
        try:
            return yaml.SafeLoader("").construct_object(node)
        except (ValueError, yaml.YAMLError):  # such as a day that no calendar has
            self.fault(node, "", repr(node.value), "a value that there is")
            return None

    def _text(self, node: yaml.Node, name: str) -> str:
        """Give a text as it stands in the file: ``no`` and ``2011`` are texts here."""
        if not isinstance(node, yaml.ScalarNode) or (name == "name" and not node.value):
            found = "nothing" if isinstance(node, yaml.ScalarNode) else "a list or a mapping"
            self.fault(node, name, found, "text")
            return ""
        return str(node.value)

    def _date(self, node: yaml.Node) -> date | None:
        found = self._value(node)
        if not isinstance(found, date) or isinstance(found, datetime):
            if found is not None or not node.value:
                said = repr(node.value)
                self.fault(node, "date", said, "a date such as 2026-01-01")
            return None
        return found
