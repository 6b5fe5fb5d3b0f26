"""Where the items of a chain sit in input-output tables: assumptions, read and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["ENDS", "Joins", "Setting", "TableJoin", "Use", "read_joins"]

ENDS = ("low", "best", "high")
_TOP = ("items", "why", "sales", "parts", "value_added", "most", "rest_of_world", "tables")
_WHOLE = 0.5  # percent by which parts that are to add to 100 may miss it


@dataclass(frozen=True, slots=True)
class Setting:
    """An assumed figure with its range and reason."""

    low: float
    best: float
    high: float
    why: str

    def at(self, end: str) -> float:
        """Give the value at an end of the range: ``low``, ``best`` or ``high``."""
        return float(getattr(self, end))


@dataclass(frozen=True, slots=True)
class Use:
    """A sector that makes an end use of the chain.

    Attributes
    ----------
    end_use
        Item of the chain.
    sectors
        Names of the sector, the first that the table has counts.
    bought
        Percent of the inputs of the end use that the sector buys.
    output
        Percent of the sector's output that is the end use.
    """

    end_use: str
    sectors: tuple[str, ...]
    bought: Setting
    output: Setting


@dataclass(frozen=True, slots=True)
class TableJoin:
    """How the items sit in one kind of table."""

    name: str
    parents: tuple[str, ...]
    uses: tuple[Use, ...]
    why: str

    def fits(self, sectors: Sequence[str]) -> bool:
        """Tell whether a table has the parent and every sector that is named."""
        named = [self.parents, *(use.sectors for use in self.uses)]
        return all(set(each) & set(sectors) for each in named)


@dataclass(frozen=True, slots=True)
class Joins:
    """The assumptions by which a chain is joined into tables.

    Attributes
    ----------
    file
        Name of the file.
    items
        Items carved out.
    why
        Why these.
    subject, measure
        Figure of the case that gives the sales of all items in a year.
    sales
        Sales in years for which the case has none, in the unit `sales_unit`.
    parts
        Percent of sales by period of the chain and item.
    value_added
        Percent of the value of an item that is value added.
    most
        Percent of a cell of the table that the items may take.
    rest_of_world
        Names of the region that holds places which the table does not name.
    tables
        Kinds of tables.
    """

    file: str
    items: tuple[str, ...]
    why: str
    subject: str
    measure: str
    sales_unit: str
    sales: Mapping[str, Setting]
    parts: Mapping[str, Mapping[str, Setting]]
    value_added: Setting
    most: Setting
    rest_of_world: tuple[str, ...]
    tables: tuple[TableJoin, ...]

    def table(self, sectors: Sequence[str]) -> TableJoin:
        """Give the kind of table that has the sectors.

        Raises
        ------
        BadInput
            When no kind fits.
        """
        for each in self.tables:
            if each.fits(sectors):
                return each
        known = "; ".join(f"{each.name} ({'/'.join(each.parents)})" for each in self.tables)
        found = f"a table with the sectors {', '.join(sectors[:8])} ..."
        raise BadInput(Fault(self.file, None, "tables", found, f"a table of these kinds: {known}"))


def read_joins(path: Path) -> Joins:
    """Read and check a file of settings.

    Raises
    ------
    BadInput
        With every fault found: file, line, what was found, what is allowed.
    UnknownName
        When there is no such file.
    """
    if not path.is_file():
        known = [str(each.name) for each in path.parent.glob("*.yaml")]
        raise UnknownName("file", path.name, known, where="joins")
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), _Lines)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        found = f"no YAML ({getattr(error, 'problem', error)})"
        fault = Fault(path.name, mark.line + 1 if mark else None, "", found, "a YAML mapping")
        raise BadInput(fault) from error
    reader = _Reader(path.name)
    found_joins = reader.joins(raw)
    if reader.faults or found_joins is None:
        raise BadInput(reader.faults)
    return found_joins


class _Lines(yaml.SafeLoader):
    """A safe loader that keeps the line of every mapping."""


def _mapping(loader: _Lines, node: yaml.MappingNode) -> dict[Any, Any]:
    return {**loader.construct_mapping(node, deep=True), "__line__": node.start_mark.line + 1}


_Lines.add_constructor("tag:yaml.org,2002:map", _mapping)


class _Reader:
    """Turns the mapping into settings; what does not hold goes into `faults`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def joins(self, raw: object) -> Joins | None:
        top = self._mapping(raw, "", _TOP, 1)
        sales = self._mapping(top.get("sales"), "sales", ("subject", "measure", "unit", "years"), 1)
        years = self._mapping(sales.get("years"), "sales.years", None, 1)
        parts = self._mapping(top.get("parts"), "parts", None, 1)
        tables = top.get("tables")
        if not isinstance(tables, list) or not tables:
            self._fault("tables", tables, "at least one kind of table")
            tables = []
        items = self._names(top.get("items"), "items")
        found = Joins(
            file=self.file,
            items=items,
            why=str(top.get("why", "")),
            subject=str(sales.get("subject", "")),
            measure=str(sales.get("measure", "")),
            sales_unit=str(sales.get("unit", "")),
            sales={str(key): self._setting(each, f"sales.{key}", top=1e9)
                   for key, each in years.items() if key != "__line__"},
            parts={str(key): self._parts(each, f"parts.{key}", items)
                   for key, each in parts.items() if key != "__line__"},
            value_added=self._setting(top.get("value_added"), "value_added"),
            most=self._setting(top.get("most"), "most", top=99),
            rest_of_world=self._names(top.get("rest_of_world", []), "rest_of_world"),
            tables=tuple(self._table(each, n) for n, each in enumerate(tables)),
        )  # fmt: skip
        if not found.parts:
            self._fault("parts", "no period", "at least one period of the chain")
        return found if not self.faults else None

    def _parts(self, raw: object, field: str, items: Sequence[str]) -> dict[str, Setting]:
        found = self._mapping(raw, field, ("why", *items), None)
        why = str(found.get("why", ""))
        return {name: self._setting(found[name], f"{field}.{name}", why=why)
                for name in items if name in found}  # fmt: skip

    def _table(self, raw: object, number: int) -> TableJoin:
        field = f"tables[{number}]"
        found = self._mapping(raw, field, ("name", "parent", "why", "uses"), None)
        line = found.get("__line__")
        uses = found.get("uses")
        if not isinstance(uses, list) or not uses:
            self._fault(f"{field}.uses", uses, "at least one use", line)
            uses = []
        made = tuple(self._use(each, f"{field}.uses[{n}]") for n, each in enumerate(uses))
        total: dict[str, float] = {}
        for use in made:
            total[use.end_use] = total.get(use.end_use, 0.0) + use.bought.best
        for end_use, part in total.items():
            if abs(part - 100) > _WHOLE:
                where = f"{field}: bought of {end_use}"
                self._fault(where, f"{part:g} percent in all", "100 over its sectors", line)
        parents = self._names(found.get("parent"), f"{field}.parent")
        return TableJoin(str(found.get("name", "")), parents, made, str(found.get("why", "")))

    def _use(self, raw: object, field: str) -> Use:
        keys = ("end_use", "sector", "bought", "output", "why")
        found = self._mapping(raw, field, keys, None)
        line, why = found.get("__line__"), str(found.get("why", ""))
        return Use(
            end_use=str(found.get("end_use", "")),
            sectors=self._names(found.get("sector"), f"{field}.sector", line),
            bought=self._setting(found.get("bought"), f"{field}.bought", why=why),
            output=self._setting(found.get("output"), f"{field}.output", why=why),
        )

    def _setting(
        self, raw: object, field: str, *, why: str | None = None, top: float = 100
    ) -> Setting:
        keys = (*ENDS, "why") if why is None else ENDS
        found = self._mapping(raw, field, keys, None)
        line = found.get("__line__")
        values = []
        for end in ENDS:
            value = found.get(end)
            if isinstance(value, bool) or not isinstance(value, int | float):
                if end in found or isinstance(raw, dict):
                    self._fault(f"{field}.{end}", repr(value), "a number", line)
                value = 0.0
            values.append(float(value))
        if not 0 <= values[0] <= values[1] <= values[2] <= top:
            expected = f"0 <= low <= best <= high <= {top:g}"
            self._fault(field, ", ".join(f"{each:g}" for each in values), expected, line)
        reason = str(found.get("why", "")) if why is None else why
        if not reason:
            self._fault(f"{field}.why", "nothing", "the reason of an assumption", line)
        low, best, high = values
        return Setting(low, best, high, reason)

    def _mapping(
        self, raw: object, field: str, keys: Sequence[str] | None, line: int | None
    ) -> dict[str, Any]:
        if not isinstance(raw, dict):
            found = "nothing" if raw is None else repr(raw)
            self._fault(field, found, "a mapping", line)
            return {}
        here = raw.get("__line__")
        for key in raw:
            if keys is not None and key not in (*keys, "__line__"):
                near = UnknownName("key", str(key), list(keys)).nearest
                hint = f" (nearest: {near[0]})" if near else ""
                where = f"{field}.{key}" if field else str(key)
                self._fault(where, f"the key {key!r}", ", ".join(keys) + hint, here)
        return raw

    def _names(self, raw: object, field: str, line: int | None = None) -> tuple[str, ...]:
        if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
            self._fault(field, repr(raw), "a list of names", line)
            return ()
        return tuple(raw)

    def _fault(self, field: str, found: object, expected: str, line: int | None = None) -> None:
        self.faults.append(Fault(self.file, line, field, str(found), expected))
