"""Read conditions from YAML: ``item.overlay_nm: {at_most: 1.5}`` and their combinations."""

from collections.abc import Collection
from typing import Any

import yaml

from narrows.screen.rules.conditions import All, Any_, Entry, Holds, Not
from narrows.screen.rules.leaves import Atom, Column, Condition, Fires, InSet, NotHeld
from narrows.screen.rules.vocabulary import Vocabulary
from narrows.screen.rules.yaml_nodes import Nodes, nearest
from narrows.terms import places

__all__ = ["ConditionReader"]

_SIGNS = ("at_least", "above", "at_most", "below")
_WORDS = ("all", "any", "not", "entry", "column", "holds", "fires", "not_held")


class ConditionReader:
    """Reads conditions; the faults go to `nodes`.

    Parameters
    ----------
    nodes
        The file.
    words
        The facts that may be asked.
    sets
        Names of sets of places that may be used.
    """

    def __init__(self, nodes: Nodes, words: Vocabulary, sets: Collection[str] = ()) -> None:
        self.nodes, self.words, self.sets = nodes, words, sets

    def read(self, node: yaml.Node | None) -> Condition:
        """Give a condition; several keys in one mapping must all hold."""
        if isinstance(node, yaml.SequenceNode):
            return All(tuple(self.read(each) for each in node.value))
        if not isinstance(node, yaml.MappingNode) or not node.value:
            self.nodes.fault(node, "condition", "no condition", "fact: value, or all, any, not")
            return All(())
        parts = [self._part(key, value) for key, value in node.value]
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _part(self, key: yaml.Node, value: yaml.Node) -> Condition:
        name = str(key.value)
        if name in ("all", "any", "not"):
            return self._combined(name, value)
        if name in ("entry", "column", "holds", "fires", "not_held"):
            return self._asked(name, value)
        if name not in self.words:
            expected = nearest(name, [*self.words.names, *_WORDS])
            self.nodes.fault(key, "condition", f"unknown fact {name!r}", expected)
            return All(())
        return self._comparison(name, value)

    def _combined(self, name: str, value: yaml.Node) -> Condition:
        if name == "not":
            return Not(self.read(value))
        found = tuple(self.read(each) for each in self.nodes.items(value, name))
        return All(found) if name == "all" else Any_(found)

    def _asked(self, name: str, value: yaml.Node) -> Condition:
        texts = self.nodes.texts(value, name)
        if name == "entry":
            return Entry(texts)
        made = {"column": Column, "holds": Holds, "fires": Fires, "not_held": NotHeld}[name]
        found: tuple[Condition, ...] = tuple(made(each) for each in texts)
        return found[0] if len(found) == 1 else Any_(found)

    def _comparison(self, name: str, node: yaml.Node) -> Condition:
        if isinstance(node, yaml.MappingNode):
            fact = self.words[name]
            if fact.type != "number":
                self.nodes.fault(node, name, "a bound", f"a value, as it is a {fact.type}")
            parts = self.nodes.mapping(node, name, _SIGNS)
            found = tuple(
                Atom(name, sign, self._checked(name, each)) for sign, each in parts.items()
            )
            return found[0] if len(found) == 1 else All(found)
        if isinstance(node, yaml.SequenceNode):
            return self._list(name, node)
        value = self.nodes.value(node)
        if self.words[name].type in ("place", "places"):
            return self._list(name, node)
        return Atom(name, "eq", self._checked(name, node) if value is not None else value)

    def _list(self, name: str, node: yaml.Node) -> Condition:
        values = [self.nodes.value(each) for each in self.nodes.items(node, name)]
        if self.words[name].type not in ("place", "places"):
            for each in self.nodes.items(node, name):
                self._checked(name, each)
            return Atom(name, "in", frozenset(values))
        named = tuple(each for each in values if each in self.sets)
        plain = frozenset(each for each in values if each not in self.sets)
        for each in sorted(plain, key=str):
            if each not in places():
                known = [*self.sets, *places()]
                self.nodes.fault(node, name, repr(each), nearest(str(each), known))
        parts: list[Condition] = [InSet(name, named)] if named else []
        parts += [Atom(name, "in", plain)] if plain else []
        return parts[0] if len(parts) == 1 else Any_(tuple(parts))

    def _checked(self, name: str, node: yaml.Node) -> Any:  # noqa: ANN401 - as in the file
        value = self.nodes.value(node)
        if wrong := self.words[name].wrong(value):
            self.nodes.fault(node, name, repr(value), wrong)
            return 0.0 if self.words[name].type == "number" else value
        return value
