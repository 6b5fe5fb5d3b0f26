"""Read a rule pack from YAML; every fault is told with file, line and what is allowed."""

import csv
import hashlib
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from narrows.screen.items.entries import READINGS, ControlList
from narrows.screen.items.reading import bundled_lists, control_list, read_control_list
from narrows.screen.rules.condition_reading import ConditionReader
from narrows.screen.rules.leaves import PlaceSet
from narrows.screen.rules.pack_checks import check_names, no_cycles
from narrows.screen.rules.packs import EFFECTS, Effect, Outcome, Pack, PackTest, Rule, Span
from narrows.screen.rules.shipment_facts import flat_facts
from narrows.screen.rules.vocabulary import vocabulary
from narrows.screen.rules.yaml_nodes import Nodes, nearest
from narrows.terms import UnknownName, places

__all__ = ["bundled_packs", "pack", "read_pack"]

_TOP = ("pack", "name", "authority", "as_of", "read", "list", "chart", "read_as", "sets")
_TOP_ALL = (*_TOP, "conditions", "rules", "tests", "base", "sources")
_NEEDED = ("pack", "name", "authority", "as_of", "read", "list", "rules", "tests")
_RULE = ("id", "effect", "reason", "lifts", "final", "when", "from", "until", "suspended", "cite")
_RULE_ALL = (*_RULE, "read", "note", "conditions", "review", "unchecked_after")
_TEST = ("name", "on", "facts", "like", "outcome", "fires", "quiet", "as_written")
_SET = ("members", "outside", "from", "until", "cite")
NOT_READ = "not read"
"""What a pack writes for a start or an end that was not read; the rule counts as in force."""
OUTCOMES = (*(each.name.lower() for each in Outcome), "needs_facts")


def bundled_packs() -> dict[str, Path]:
    """Give the files of the bundled packs by jurisdiction."""
    folder = Path(str(files("narrows.screen.rules").joinpath("packs")))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


@cache
def pack(name: str) -> Pack:
    """Give a bundled pack by its jurisdiction.

    Raises
    ------
    UnknownName
        When there is no such pack.
    """
    known = bundled_packs()
    if name not in known:
        raise UnknownName("jurisdiction", name, list(known))
    return read_pack(known[name], today=date.max)


def read_pack(path: Path | str, *, today: date | None = None) -> Pack:
    """Read a rule pack and check that it is whole.

    Parameters
    ----------
    path
        The YAML file. A control list or chart that it names lies beside it, or is a bundled one.
    today
        A pack that says it was read later than this day is refused; the present day by default.

    Raises
    ------
    BadInput
        With every fault found: unknown keys, facts, sets, entries or rules; no citation; dates in
        the wrong order or in the future; rules that wait for each other; a rule that no test fires
        or that no test leaves quiet.
    """
    return _PackReader(Path(path), today or datetime.now(tz=UTC).date()).pack()


class _PackReader:
    """Turns the nodes of one file into a pack."""

    def __init__(self, path: Path, today: date) -> None:
        self.nodes, self.path, self.today = Nodes(path), path, today

    def pack(self) -> Pack:
        nodes = self.nodes
        top = nodes.mapping(nodes.root(), "rule pack", _TOP_ALL, _NEEDED)
        nodes.done()
        sets = self._sets(top.get("sets"))
        reader = ConditionReader(nodes, vocabulary(), {each.name for each in sets})
        named = nodes.mapping(top["conditions"], "conditions") if "conditions" in top else {}
        as_of = nodes.date(top["as_of"], "as_of") or date.max
        if as_of > self.today:
            found = f"{as_of}, a day in the future"
            nodes.fault(top["as_of"], "as_of", found, f"a day not after {self.today}")
        columns, embargoed = self._chart(top.get("chart"))
        found_pack = Pack(
            id=nodes.text(top["pack"]),
            name=nodes.text(top["name"]),
            authority=nodes.text(top["authority"]),
            as_of=as_of,
            read=nodes.text(top["read"]),
            controls=self._controls(top["list"]),
            rules=tuple(self._rule(node, reader) for node in nodes.items(top["rules"], "rules")),
            sets=tuple(sets),
            conditions={name: reader.read(node) for name, node in named.items()},
            tests=self._tests(top["tests"], top.get("base")),
            sources=nodes.texts(top.get("sources"), "sources"),
            read_as=nodes.value(top["read_as"]) if "read_as" in top else {},
            columns=columns,
            embargoed=embargoed,
            chart_columns=frozenset().union(*columns.values()),
            file=self.path.name,
            digest=hashlib.sha256(self.path.read_bytes()).hexdigest(),
        )
        nodes.done()
        check_names(found_pack, nodes)
        nodes.done()
        no_cycles(found_pack, nodes)
        nodes.done()
        return found_pack

    def _controls(self, node: yaml.Node) -> ControlList:
        name = self.nodes.text(node)
        beside = self.path.parent / name
        if name.endswith(".yaml") and beside.is_file():
            return read_control_list(beside, self.today)
        if name not in bundled_lists():
            expected = "a control list beside the pack, or " + nearest(name, list(bundled_lists()))
            self.nodes.fault(node, "list", repr(name), expected)
            self.nodes.done()
        return control_list(name)

    def _chart(self, node: yaml.Node | None) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
        if node is None:
            return {}, frozenset()
        path = self.path.parent / self.nodes.text(node)
        if not path.is_file():
            self.nodes.fault(node, "chart", repr(path.name), "a CSV file beside the pack")
            return {}, frozenset()
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        columns = {row["place"]: frozenset(filter(None, row["marks"].split("; "))) for row in rows}
        return columns, frozenset(row["place"] for row in rows if row["refers_to"])

    def _sets(self, node: yaml.Node | None) -> list[PlaceSet]:
        out = []
        for name, each in (self.nodes.mapping(node, "sets") if node is not None else {}).items():
            for one in self.nodes.items(each, name) if _is_list(each) else [each]:
                parts = self.nodes.mapping(one, name, _SET, ("members", "cite"))
                members = frozenset(self.nodes.texts(parts.get("members"), name))
                outside = frozenset(self.nodes.texts(parts.get("outside"), name))
                for place in sorted((members | outside) - set(places())):
                    self.nodes.fault(one, name, repr(place), nearest(place, list(places())))
                out.append(
                    PlaceSet(
                        name=name,
                        members=members,
                        outside=outside if "outside" in parts else None,
                        cite=self.nodes.text(parts.get("cite")),
                        from_=self.nodes.date(parts.get("from"), "from"),
                        until=self.nodes.date(parts.get("until"), "until"),
                    )
                )
        return out

    def _rule(self, node: yaml.Node, reader: ConditionReader) -> Rule:
        nodes = self.nodes
        parts = nodes.mapping(node, "rule", _RULE_ALL, ("id", "effect", "when", "from", "cite"))
        effect, read = nodes.text(parts.get("effect")), nodes.text(parts.get("read"))
        if effect not in EFFECTS:
            nodes.fault(parts.get("effect", node), "effect", repr(effect), nearest(effect, EFFECTS))
        if read not in READINGS:
            nodes.fault(node, "read", repr(read), "one of " + ", ".join(READINGS))
        if not nodes.text(parts.get("cite")):
            nodes.fault(node, "cite", "nothing", "where the rule is written")
        given: dict[str, Any] = {
            key: nodes.text(parts.get(key)) for key in ("id", "cite", "reason", "note", "review")
        }
        return Rule(
            effect=Effect(effect) if effect in EFFECTS else Effect.FLAG,
            when=reader.read(parts.get("when")),
            read=read,
            force=self._span(parts.get("from"), parts.get("until")),
            lifts=frozenset(nodes.texts(parts.get("lifts"), "lifts")),
            final=bool(nodes.value(parts["final"])) if "final" in parts else False,
            suspended=self._suspensions(parts.get("suspended")),
            conditions=nodes.texts(parts.get("conditions"), "conditions"),
            unchecked_after=nodes.date(parts.get("unchecked_after"), "unchecked_after"),
            line=nodes.line(node),
            **given,
        )

    def _suspensions(self, node: yaml.Node | None) -> tuple[Span, ...]:
        out = []
        for each in self.nodes.items(node, "suspended") if node is not None else []:
            keys = ("from", "until", "cite")
            parts = self.nodes.mapping(each, "suspended", keys, keys)
            cite = self.nodes.text(parts.get("cite"))
            out.append(self._span(parts.get("from"), parts.get("until"), cite))
        return tuple(out)

    def _span(self, first: yaml.Node | None, last: yaml.Node | None, cite: str = "") -> Span:
        from_, until = self._day(first, "from"), self._day(last, "until")
        if from_ and until and until < from_:
            self.nodes.fault(last, "until", str(until), f"a day not before {from_}")
        return Span(from_, until, cite)

    def _day(self, node: yaml.Node | None, field: str) -> date | None:
        """Give a day; None where the file says that it was not read."""
        if node is not None and self.nodes.value(node) == NOT_READ:
            return None
        return self.nodes.date(node, field)

    def _tests(self, node: yaml.Node, base: yaml.Node | None) -> tuple[PackTest, ...]:
        nodes = self.nodes
        known: dict[str, PackTest] = {}
        shared = flat_facts(nodes, base) if base is not None else {}
        for each in nodes.items(node, "tests"):
            parts = nodes.mapping(each, "test", _TEST, ("name",))
            name, like = nodes.text(parts.get("name")), nodes.text(parts.get("like"))
            if like and like not in known:
                nodes.fault(parts["like"], "like", repr(like), "the name of a test before it")
            before = known.get(like)
            facts = dict(before.facts) if before else dict(shared)
            facts |= flat_facts(nodes, parts["facts"]) if "facts" in parts else {}
            outcome = nodes.text(parts.get("outcome"))
            if outcome and outcome not in OUTCOMES:
                nodes.fault(parts["outcome"], "outcome", repr(outcome), nearest(outcome, OUTCOMES))
            day = nodes.date(parts.get("on"), "on", before.on if before else None)
            if day is None:
                nodes.fault(each, "test", "no key 'on'", "the day of the case")
            known[name] = PackTest(
                name=name,
                on=day or date.min,
                facts={key: value for key, value in facts.items() if value is not None},
                outcome=outcome,
                fires=nodes.texts(parts.get("fires"), "fires"),
                quiet=nodes.texts(parts.get("quiet"), "quiet"),
                as_written="as_written" in parts and nodes.value(parts["as_written"]) is True,
                line=nodes.line(each),
            )
        return tuple(known.values())


def _is_list(node: yaml.Node) -> bool:
    return isinstance(node, yaml.SequenceNode)
