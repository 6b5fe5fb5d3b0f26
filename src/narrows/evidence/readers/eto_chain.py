"""Turn the inputs and edges of the ETO data set into items and recipes.

The chain follows the edges *goes into*. A *kind of* edge is no flow, so a kind stands beside its
class: shown with its shares, and not in the chain. Two readings of the edges were needed:

- A tool that goes into another tool is a kind of it: no tool is used up in making another one.
- A class without shares whose kinds have some hands its edges to its kinds and becomes a `group`;
  kinds with edges of their own keep to these.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from narrows.evidence.readers.eto_figures import FIRM_MEASURE, measure, sets_of, size_row
from narrows.evidence.readers.eto_groups import Cover, covers
from narrows.evidence.readers.eto_records import EtoData, Thing
from narrows.terms import ASSUMED_SOURCE, Criticality, Grade, ItemKind

__all__ = ["PRODUCT_STAGE", "Chain", "item_ids"]

Cells = dict[str, str]

PRODUCT_STAGE = "finished-product"
_TOOL, _DESIGN = "tool_resource", "design_resource"
_KINDS = {
    "process": ItemKind.PROCESS,
    _TOOL: ItemKind.TOOL,
    "material_resource": ItemKind.MATERIAL,
    _DESIGN: ItemKind.DESIGN,
    "ultimate_output": ItemKind.END_USE,
    "stage": ItemKind.GROUP,
}
_BY_NAME = {"software": ItemKind.SOFTWARE, "intellectual property": ItemKind.DESIGN}


def item_ids(data: EtoData) -> dict[str, str]:
    """Give an item id for each input and stage: its name in lower case with hyphens."""
    out: dict[str, str] = {}
    for thing in data.things.values():
        name = _slug(thing.name)
        out[thing.id] = f"{name}-{_slug(thing.id)}" if name in out.values() else name
    return out


def _slug(name: str) -> str:
    """Give a name in the form of an id.

    Examples
    --------
    >>> _slug("Etch and clean tools (adv. pkg.)")
    'etch-and-clean-tools-adv-pkg'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("&", " and ")).strip("-")


@dataclass(frozen=True)
class Chain:
    """Which inputs are in the chain, and how they hang together."""

    data: EtoData
    ids: Mapping[str, str]

    @cached_property
    def composed(self) -> tuple[tuple[str, str], ...]:
        """Pairs of tools printed as going into each other, read as kind and class."""
        things = self.data.things
        return tuple(
            (edge.input, edge.target)
            for edge in self.data.edges
            if not edge.kind_of and things[edge.input].type == things[edge.target].type == _TOOL
        )

    @cached_property
    def classes(self) -> dict[str, list[str]]:
        """Kinds of each class."""
        out: dict[str, list[str]] = defaultdict(list)
        for edge in self.data.edges:
            if edge.kind_of or (edge.input, edge.target) in self.composed:
                out[edge.target].append(edge.input)
        return dict(out)

    @cached_property
    def flows(self) -> dict[str, list[str]]:
        """What each input goes into, as printed, tools inside tools left out."""
        out: dict[str, list[str]] = defaultdict(list)
        for edge in self.data.edges:
            if not edge.kind_of and (edge.input, edge.target) not in self.composed:
                out[edge.input].append(edge.target)
        return dict(out)

    @cached_property
    def with_shares(self) -> frozenset[str]:
        """Inputs and stages that have shares by country."""
        return frozenset(key.subject for key in sets_of(self.data) if not key.firms)

    @cached_property
    def handed_over(self) -> frozenset[str]:
        """Classes without shares that are stood for by their kinds."""
        return frozenset(
            name
            for name in self.classes
            if name not in self.with_shares and self._known_below(name)
        )

    @cached_property
    def pairs(self) -> dict[tuple[str, str], str]:
        """Item and input of each recipe row, with the input that the edge names."""
        return {
            (user, source): edge.input
            for edge in self.data.edges
            if edge.target in self.flows.get(edge.input, []) and not edge.kind_of
            for source in self._stands_for(edge.input)
            for user in self._stands_for(edge.target)
        }

    def _known_below(self, name: str) -> bool:
        return any(
            kind in self.with_shares or self._known_below(kind)
            for kind in self.classes.get(name, [])
        )

    def _stands_for(self, name: str) -> Iterator[str]:
        if name not in self.handed_over:
            yield name
            return
        for kind in self.classes[name]:
            if kind not in self.flows:
                yield from self._stands_for(kind)

    def items(self, stages: Mapping[str, str]) -> Iterator[Cells]:
        """Give the rows of `items.csv`; `stages` gives the stage of the case by ETO id."""
        firms = {key.subject for key in sets_of(self.data) if key.firms}
        for thing in self.data.things.values():
            shares = measure(thing) if thing.id in self.with_shares else ""
            yield {
                "id": self.ids[thing.id],
                "name": thing.name,
                "kind": self._kind(thing),
                "stage": stages[thing.id],
                "measure": shares,
                "measure_headquarters": FIRM_MEASURE if thing.id in firms else shares,
                "alias": thing.id,
                "description": self._about(thing),
            }

    def _kind(self, thing: Thing) -> ItemKind:
        if thing.id in self.handed_over:
            return ItemKind.GROUP
        for word, kind in _BY_NAME.items():
            if word in thing.name.lower():
                return kind
        return _KINDS[thing.type]

    def _about(self, thing: Thing) -> str:
        of = [name for name, kinds in self.classes.items() if thing.id in kinds]
        names = ", ".join(self.ids[name] for name in of)
        return f"{thing.about} Kind of: {names}.".strip() if of else thing.about

    def stages(self) -> dict[str, str]:
        """Give the stage of each input: its own, else the first one that it leads to."""
        order = [thing.id for thing in self.data.of_type("stage")]
        onward: dict[str, list[str]] = defaultdict(list)
        for edge in self.data.edges:
            onward[edge.input].append(edge.target)
        out = {}
        for thing in self.data.things.values():
            found = _reached(thing.id, onward, self.data.things)
            first = min(found, key=order.index) if found else ""
            out[thing.id] = self.ids[first] if first else PRODUCT_STAGE
        return out

    def recipes(self) -> Iterator[Cells]:
        """Give the rows of `recipes.csv`, all numbers assumed."""
        users: dict[str, list[str]] = defaultdict(list)
        for user, source in self.pairs:
            users[source].append(user)
        for user, source in self.pairs:
            part = users[source].index(user)
            cells = {
                "item": self.ids[user],
                "input": self.ids[source],
                "criticality": Criticality.ESSENTIAL,
                "grade": Grade.ASSUMED,
                "source_id": ASSUMED_SOURCE,
            }
            cells |= _allocation(len(users[source]), part)
            cells |= self._fraction(user, source)
            cover = covers().get(self._kind(self.data.things[source]))
            yield cells | _cover(cover) | {"note": _reason(cells, cover)}

    def _fraction(self, user: str, source: str) -> Cells:
        """Give the part of the output that the market size suggests, where inputs share a use.

        These are designs of several chips that go into one step, and kinds that stand for a class.
        """
        things, named = self.data.things, self.pairs[user, source]
        rivals = [
            name
            for (item, name), other in self.pairs.items()
            if item == user
            and (other == named or things[name].type == things[source].type == _DESIGN)
        ]
        sizes = {name: float(row["value"]) for name in rivals if (row := size_row(things[name]))}
        if len(rivals) < 2 or len(sizes) < len(rivals):
            return {}
        part = sizes[source] / sum(sizes.values())
        return _numbers("stops_fraction", 0.8 * part, part, min(1.2 * part, 1.0))


def _reached(
    start: str, onward: Mapping[str, Iterable[str]], things: Mapping[str, Thing]
) -> set[str]:
    """Give the stages of the nearest inputs on the way that have one."""
    waiting, seen, found = [start], {start}, set[str]()
    if things[start].type == "stage":
        return {start}
    while waiting and not found:
        found = {things[name].stage for name in waiting if things[name].stage}
        waiting = [to for name in waiting for to in onward.get(name, ()) if to not in seen]
        seen.update(waiting)
    return found


def _numbers(name: str, low: float, value: float, high: float) -> Cells:
    return {
        f"{name}_low": f"{low:.4g}",
        name: f"{value:.4g}",
        f"{name}_high": f"{high:.4g}",
    }


def _allocation(users: int, number: int) -> Cells:
    """Give equal parts that add to 1 exactly; one user takes all."""
    if users == 1:
        return {"allocation": "1"}
    part = round(1 / users, 4)
    value = part if number else round(1 - part * (users - 1), 4)
    return _numbers("allocation", value / 2, value, min(1.5 * value, 1.0))


def _cover(cover: Cover | None) -> Cells:
    if cover is None:
        return {}
    return {
        "cover_days_low": cover.low,
        "cover_days": cover.value,
        "cover_days_high": cover.high,
    }


def _reason(cells: Cells, cover: Cover | None) -> str:
    parts = [
        "The data set says that the input goes in, not how much it matters: taken as essential"
    ]
    if "allocation_low" in cells:
        parts.append("its users get equal parts")
    if "stops_fraction" in cells:
        parts.append("it stops the part of the output that its market size suggests")
    if cover:
        parts.append(cover.reason)
    return "; ".join(parts) + "."
