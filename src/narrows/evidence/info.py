"""Read `case.yaml`: what a case is about, its periods, its stages and the sets in use."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from narrows.evidence.tables import read_text
from narrows.terms import Basis, Fault, Period

__all__ = ["CaseInfo", "Choice", "Perspective", "Stage", "read_info"]

_FILE = "case.yaml"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the chain, in the order of the flow."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The set in use for one subject, measure and period, and why.

    `rest` is ``assumed`` where the unnamed remainder is split by assumption rows.
    """

    subject: str
    measure: str
    period: str
    source: str
    why: str
    basis: str = ""
    rest: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Perspective:
    """Two sides whose reliance on each other is weighed."""

    name: str
    us: tuple[str, ...]
    them: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseInfo:
    """What `case.yaml` says."""

    name: str
    title: str
    summary: str
    version: str
    evidence_date: str
    periods: tuple[str, ...]
    default_period: str
    stages: tuple[Stage, ...]
    combine: str = "nested"
    combine_why: str = ""
    fill: str = "nearest"
    sets: tuple[Choice, ...] = ()
    weights: Mapping[str, str] = field(default_factory=dict)
    perspectives: tuple[Perspective, ...] = ()
    brief: Mapping[str, Any] = field(default_factory=dict)
    terms: str = ""


class _Lines(yaml.SafeLoader):
    """A safe loader that keeps the line of every mapping and takes dates as text."""


def _mapping(loader: _Lines, node: yaml.MappingNode) -> dict[Any, Any]:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode):
            if key.value in lines:
                message = f"the key {key.value!r} twice"
                raise yaml.constructor.ConstructorError(None, None, message, key.start_mark)
            lines[key.value] = key.start_mark.line + 1
    out = loader.construct_mapping(node, deep=True)
    out["__line__"] = node.start_mark.line + 1
    out["__lines__"] = lines
    return out


def _scalar(loader: _Lines, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Lines.add_constructor("tag:yaml.org,2002:map", _mapping)
_Lines.add_constructor("tag:yaml.org,2002:timestamp", _scalar)


def read_info(folder: Path, faults: list[Fault]) -> CaseInfo | None:
    """Read and check `case.yaml`; what is wrong goes into `faults`, None where it is no mapping.

    Where there are faults, what is given holds only what can be used: enough to check the tables.
    """
    text = read_text(folder / _FILE, faults)
    if text is None:
        return None
    try:
        raw = yaml.load(text, _Lines)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or str(error)
        faults.append(Fault(_FILE, line, "", f"no YAML ({problem})", "a YAML mapping"))
        return None
    if not isinstance(raw, dict):
        faults.append(Fault(_FILE, 1, "", type(raw).__name__, "a YAML mapping"))
        return None
    return _Parser(raw, faults).info()


class _Parser:
    """One reading of the mapping; what does not hold goes into `faults`."""

    def __init__(self, raw: dict[str, Any], faults: list[Fault]) -> None:
        self.raw, self.faults = raw, faults
        self.lines: dict[str, int] = raw.get("__lines__", {})

    def fault(self, field_: str, found: object, expected: str, line: int | None = None) -> None:
        self.faults.append(
            Fault(_FILE, line or self.lines.get(field_), field_, str(found), expected)
        )

    def text(self, key: str, *, default: str | None = None) -> str:
        value = self.raw.get(key, default)
        if value is None or isinstance(value, dict | list):
            self.fault(key, "nothing" if value is None else repr(value), "a text")
            return ""
        return str(value)

    def listed(self, key: str) -> list[Any]:
        value = self.raw.get(key) or []
        if not isinstance(value, list):
            self.fault(key, repr(value), "a list")
            return []
        return value

    def info(self) -> CaseInfo:
        known = {field_.name for field_ in fields(CaseInfo)}
        for key in self.raw:
            if key not in known and not str(key).startswith("__"):
                self.fault(str(key), "an unknown key", "one of " + ", ".join(sorted(known)))
        periods = self.periods()
        default = self.text("default_period", default=periods[-1] if periods else "")
        if periods and default not in periods:
            self.fault("default_period", repr(default), "one of " + ", ".join(periods))
        for key, words in (("combine", ("nested", "independent")), ("fill", ("nearest",))):
            if self.raw.get(key, words[0]) not in words:
                self.fault(key, repr(self.raw[key]), "one of " + ", ".join(words))
        return CaseInfo(
            **{key: self.text(key) for key in ("name", "title", "version", "evidence_date")},
            **{key: self.text(key, default="") for key in ("summary", "combine_why", "terms")},
            periods=periods,
            default_period=default,
            stages=self.stages(),
            combine=str(self.raw.get("combine", "nested")),
            fill=str(self.raw.get("fill", "nearest")),
            sets=self.choices(),
            weights=_plain(self.raw.get("weights") or {}),
            perspectives=self.perspectives(),
            brief=_plain(self.raw.get("brief") or {}),
        )

    def periods(self) -> tuple[str, ...]:
        named = [str(period) for period in self.listed("periods")]
        if not named:
            self.fault("periods", "none", "at least one period, such as '2022'")
        return tuple(period for period in named if self.period(period, "periods"))

    def period(self, text: str, field_: str, line: int | None = None) -> bool:
        try:
            Period.parse(text)
        except ValueError:
            self.fault(field_, repr(text), "a period such as '2022'", line)
            return False
        return True

    def stages(self) -> tuple[Stage, ...]:
        stages = [
            Stage(str(raw["id"]), str(raw["title"]))
            for raw in self.listed("stages")
            if self.has(raw, "stages", ("id", "title"))
        ]
        if not stages:
            self.fault("stages", "none", "a list of {id, title} in the order of the flow")
        return tuple(stages)

    def choices(self) -> tuple[Choice, ...]:
        need = ("subject", "measure", "period", "source", "why")
        out = []
        for raw in self.listed("sets"):
            if not self.has(raw, "sets", need, (*need, "basis", "rest")):
                continue
            texts = {key: str(value) for key, value in raw.items() if not key.startswith("__")}
            before = len(self.faults)
            self.period(texts["period"], "sets.period", raw["__line__"])
            for key, words in (("rest", ("assumed",)), ("basis", tuple(Basis))):
                if texts.get(key, words[0]) not in words:
                    expected = "nothing, or one of " + ", ".join(words)
                    self.fault(f"sets.{key}", repr(texts[key]), expected, raw["__line__"])
            if len(self.faults) == before:
                out.append(Choice(**texts, line=raw["__line__"]))
        return tuple(out)

    def perspectives(self) -> tuple[Perspective, ...]:
        out = []
        for raw in self.listed("perspectives"):
            if not self.has(raw, "perspectives", ("name", "us", "them")):
                continue
            sides = [raw["us"], raw["them"]]
            if all(isinstance(side, list) and side for side in sides):
                us, them = (tuple(map(str, side)) for side in sides)
                out.append(Perspective(str(raw["name"]), us, them))
            else:
                found = f"us {sides[0]!r}, them {sides[1]!r}"
                self.fault("perspectives", found, "two lists of places", raw["__line__"])
        return tuple(out)

    def has(
        self, raw: object, key: str, need: tuple[str, ...], allowed: tuple[str, ...] = ()
    ) -> bool:
        if not isinstance(raw, dict):
            self.fault(key, repr(raw), "a mapping with " + ", ".join(need))
            return False
        missing = [word for word in need if raw.get(word) is None]
        unknown = [word for word in raw if word not in (allowed or need) and str(word)[:2] != "__"]
        for word in missing:
            self.fault(f"{key}.{word}", "nothing", f"a value for {word!r}", raw["__line__"])
        for word in unknown:
            expected = "only " + ", ".join(allowed or need)
            self.fault(f"{key}.{word}", "an unknown key", expected, raw["__line__"])
        return not (missing or unknown)


def _plain(value: Any) -> Any:  # noqa: ANN401 - what YAML can hold
    """Take the line marks out again."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if not str(key).startswith("__")}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value
