"""Read options from a YAML file; every fault is told with file, line, found and allowed."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from importlib.resources import files
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import yaml

from narrows.plan.conditions import Control, Floor
from narrows.plan.figures import Figure
from narrows.plan.measures import (
    Capacity,
    Centre,
    Gate,
    HeadroomContract,
    Option,
    Qualification,
    Recycling,
    Stockpile,
    Substitution,
)
from narrows.plan.nodes import OptionNodes
from narrows.plan.options import Options
from narrows.simulate.yaml_nodes import allowed, read_yaml
from narrows.terms import ASSUMED_SOURCE, BadInput, Grade, UnknownName

__all__ = ["KINDS", "load_options"]

KINDS: dict[str, type[Option]] = {
    each.kind: each
    for each in (
        Capacity,
        Recycling,
        Stockpile,
        Qualification,
        HeadroomContract,
        Substitution,
        Centre,
    )
}
"""Kinds of options as files name them."""
_TOP = ("title", "summary", "sources", "likelihood", "options", "controls", "floors")
_SOURCE = ("id", "publisher", "title", "date", "url", "kind")
_FIGURE = ("best", "low", "high", "source", "formula", "reason")
Made = TypeVar("Made")


def load_options(name_or_path: str | Path, *, vintage: str = "") -> Options:
    """Read options: those of a bundled case by its name, of a case folder, or a YAML file.

    Parameters
    ----------
    name_or_path
        Name of a bundled case, a folder that holds ``options.yaml``, or a file.
    vintage
        Of a bundled case or a folder: another file, ``options-VINTAGE.yaml``, such as what was
        known in an earlier year.

    Raises
    ------
    UnknownName
        When there is no such file.
    BadInput
        When the file is faulty: every fault with file, line, what was found and what is allowed.
    """
    path = _file(name_or_path, vintage)
    node = read_yaml(path)
    reader = _Reader(path.name)
    read = reader.options(node)
    if reader.faults or read is None:
        raise BadInput(reader.faults)
    return read


def _file(name_or_path: str | Path, vintage: str) -> Path:
    file = f"options-{vintage}.yaml" if vintage else "options.yaml"
    bundled = Path(str(files("narrows.evidence"))) / "data"
    given = Path(name_or_path)
    for path in (bundled / str(name_or_path) / file, given / file, given):
        if path.is_file():
            return path
    known = sorted(path.parent.name for path in bundled.glob("*/options.yaml"))
    raise UnknownName("options", str(name_or_path), known, where="options")


class _Reader(OptionNodes):
    """Turns YAML nodes into options and keeps their lines."""

    def options(self, node: yaml.Node | None) -> Options | None:
        parts = self.mapping(node, "options file", _TOP, needed=("options",))
        options = [self._option(each) for each in self.listed(parts, "options")]
        controls = [
            self._plain(each, "control", Control) for each in self.listed(parts, "controls")
        ]
        floors = [self._plain(each, "floor", Floor) for each in self.listed(parts, "floors")]
        sources = self._sources(parts)
        likelihood = self._likelihood(parts)
        if self.faults:
            return None
        return self.build(
            lambda: Options(
                tuple(each for each in options if each),
                tuple(each for each in controls if each),
                tuple(each for each in floors if each),
                likelihood,
                sources,
            ),
            node,
            {},
        )

    def _option(self, node: yaml.Node) -> Option | None:
        kinds = [
            value
            for key, value in getattr(node, "value", [])
            if getattr(key, "value", "") == "kind"
        ]
        kind = self.value(kinds[0]) if kinds else None
        if kind not in KINDS:
            found = repr(kind) if kinds else "no kind"
            self.fault(kinds[0] if kinds else node, "kind", found, allowed(str(kind), list(KINDS)))
            return None
        made = KINDS[kind]
        known = [each.name for each in fields(made)]
        needed = ["id", "cost_usd"] + [
            each.name
            for each in fields(made)
            if each.default is MISSING and each.default_factory is MISSING and each.name != "id"
        ]
        parts = self.mapping(node, kind, ("kind", *known), needed=needed)
        numbers = made.numbers()
        given: dict[str, Any] = {}
        for key, (_, value) in parts.items():
            if key == "cost_usd":
                given[key] = self._costs(value)
            elif key == "gates":
                given[key] = [self._gate(each) for each in value.value]
            elif key in numbers:
                given[key] = self._figure(value, key)
            elif key != "kind":
                given[key] = self.value(value)
        if any(name not in parts for name in needed) or None in given.get("gates", []):
            return None
        return self.build(lambda: made(**given), node, parts)

    def _gate(self, node: yaml.Node) -> Gate | None:
        known = ("name", "years", "cost_usd", "success")
        parts = self.mapping(node, "gate", known, needed=known)
        if len(parts) < len(known):
            return None
        given: dict[str, Any] = {
            key: self.value(value) if key == "name" else self._figure(value, key)
            for key, (_, value) in parts.items()
        }
        return self.build(lambda: Gate(**given), node, parts)

    def _costs(self, node: yaml.Node) -> dict[str, Figure]:
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, "cost_usd", "no mapping", "PLACE: cost")
            return {}
        return {str(key.value): self._figure(value, "cost_usd") for key, value in node.value}

    def _figure(self, node: yaml.Node, name: str) -> Figure:
        """Read a number, or a figure with its source or its reason."""
        none = Figure.of(0.0)
        if isinstance(node, yaml.ScalarNode):
            value = self.value(node)
            if not _is_number(value):
                self.fault(node, name, repr(value), "a number, such as 2.5 or 1.0e+9")
                return none
            return Figure.of(value)
        parts = self.mapping(node, name, _FIGURE, needed=("best",))
        got = {key: self.value(value) for key, (_, value) in parts.items()}
        numbers = [key for key in ("best", "low", "high") if key in got]
        for key in numbers:
            if not _is_number(got[key]):
                self.fault(parts[key][1], key, repr(got[key]), "a number, such as 2.5 or 1.0e+9")
                return none
        if "best" not in got:
            return none
        if "source" not in got and not {"low", "high", "reason"} <= set(got):
            self.fault(node, name, "no source", "a source, or low, high and a reason")
            return none
        grade = Grade.ASSUMED
        if "source" in got:
            grade = Grade.DERIVED if "formula" in got else Grade.STATED
        made = self.build(
            lambda: Figure(
                best=float(got["best"]),
                low=float(got.get("low", got["best"])),
                high=float(got.get("high", got["best"])),
                source_id=str(got.get("source", ASSUMED_SOURCE)),
                reason=str(got.get("formula") or got.get("reason", "")),
                grade=grade,
            ),
            node,
            parts,
        )
        return made or none

    def _plain(self, node: yaml.Node, name: str, made: type[Made]) -> Made | None:
        """Read a control or a floor: plain values only."""
        known = {each.name.rstrip("_"): each for each in fields(made)}  # type: ignore[arg-type]
        needed = [
            key
            for key, each in known.items()
            if each.default is MISSING and each.default_factory is MISSING
        ]
        parts = self.mapping(node, name, tuple(known), needed=needed)
        if any(key not in parts for key in needed):
            return None
        given = {known[key].name: self.value(value) for key, (_, value) in parts.items()}
        return self.build(lambda: made(**given), node, parts)

    def _sources(self, parts: Mapping[str, tuple[int, yaml.Node]]) -> dict[str, dict[str, str]]:
        """Read what figures rest on, by id."""
        out = {}
        for node in self.listed(parts, "sources"):
            given = self.mapping(
                node, "source", _SOURCE, needed=("id", "publisher", "title", "kind")
            )
            row = {key: str(self.value(value)) for key, (_, value) in given.items()}
            out[row.get("id", "")] = row
        return out

    def _likelihood(self, parts: Mapping[str, tuple[int, yaml.Node]]) -> dict[str, Figure]:
        if "likelihood" not in parts:
            return {}
        node = parts["likelihood"][1]
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, "likelihood", "no mapping", "SCENARIO: probability a year")
            return {}
        return {str(key.value): self._figure(value, "likelihood") for key, value in node.value}


def _is_number(value: object) -> bool:
    """Tell whether a value is a number with an end."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
