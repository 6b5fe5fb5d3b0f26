"""The tables of a case: their columns, what each may hold, and how they refer to each other.

One description serves the reader, the checker, `datapackage.json` and the manual.
"""

import re
from dataclasses import dataclass
from typing import Literal

from narrows.terms import Basis, Criticality, Grade, ItemKind, Status

__all__ = ["ID", "TABLES", "Column", "Table", "is_share", "is_supply"]

ID = r"[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, whether it must be filled, and the values it may take."""

    name: str
    about: str
    type: Literal["string", "number"] = "string"
    required: bool = False
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    refers: tuple[str, str] | None = None  # table and column of a foreign key


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a case."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Name of the file inside the case folder."""
        return f"{self.name}.csv"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns in their order."""
        return tuple(column.name for column in self.columns)


def is_share(measure: str) -> bool:
    """Tell whether rows of a measure are parts of one whole.

    Examples
    --------
    >>> is_share("capacity_share"), is_share("import_share_of_JPN"), is_share("stock_days")
    (True, True, False)
    """
    return measure.endswith("_share") or re.match(r"[a-z]+_share_of_", measure) is not None


def is_supply(measure: str) -> bool:
    """Tell whether a share measure counts who makes an item, and not who buys or uses it.

    Examples
    --------
    >>> is_supply("capacity_share"), is_supply("import_share_of_JPN")
    (True, False)
    """
    buying = ("consumption", "import", "purchase", "end_use", "demand", "mix", "use")
    return is_share(measure) and not measure.startswith(buying)


def _ranged(name: str, about: str, maximum: float | None = None) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}{end}", f"{about}{word}", type="number", minimum=0, maximum=maximum)
        for end, word in (("", ""), ("_low", ", low"), ("_high", ", high"))
    )


_GRADES, _BASES = tuple(Grade), tuple(Basis)

_ITEMS = Table(
    "items",
    "Things made or needed.",
    (
        Column("id", "lower-case words joined by hyphens", required=True, pattern=ID),
        Column("name", "name to show", required=True),
        Column("kind", "what it is", required=True, allowed=tuple(ItemKind)),
        Column("stage", "a stage of case.yaml", required=True),
        Column("measure", "share measure that gives the units of the item"),
        Column("measure_headquarters", "the same, where units are taken by headquarters"),
        Column("local", "bought at home only", allowed=("yes", "no")),
        Column("alias", "other ids, joined by a semicolon"),
        Column("description", "one or two sentences"),
    ),
    ("id",),
)

_RECIPES = Table(
    "recipes",
    "What one unit of output needs of each input.",
    (
        Column("item", "the item made", required=True, refers=("items", "id")),
        Column("input", "the item it needs", required=True, refers=("items", "id")),
        Column("period", "a period of the case; empty means every one"),
        *_ranged("allocation", "part of the use of the input that goes to this item", 1),
        Column("criticality", "what its lack does", required=True, allowed=tuple(Criticality)),
        *_ranged("stops_fraction", "part of the output that stops without it; empty means 1", 1),
        *_ranged("substitute_days", "days of shortage until a substitute works"),
        *_ranged("cover_days", "days of stock held by the buyer"),
        Column("grade", "weakest grade of the numbers", required=True, allowed=_GRADES),
        Column("source_id", "source", required=True, refers=("sources", "id")),
        Column("note", "reason or remark"),
    ),
    ("item", "input", "period"),
)

_FIGURES = (
    Column("id", "unique over observations and assumptions", required=True),
    Column("subject", "item", required=True, refers=("items", "id")),
    Column("measure", "what is measured", required=True, pattern=r"[A-Za-z0-9_+]+"),
    Column("entity", "place, group, firm:NAME, World or Other", required=True),
    Column("period", "year, quarter, month, day, or a range of these", required=True),
    Column("value", "best estimate", type="number"),
    Column("low", "lower bound", type="number"),
    Column("high", "upper bound", type="number"),
    Column("unit", "unit of the value", required=True),
    Column("basis", "what is counted", required=True, allowed=_BASES),
    Column("status", "whether it happened", required=True, allowed=tuple(Status)),
    Column("grade", "how the figure came about", required=True, allowed=_GRADES),
    Column("source_id", "source", required=True, refers=("sources", "id")),
    Column("locator", "where in the source"),
    Column("note", "remark, or the formula of a derived figure"),
)

_OBSERVATIONS = Table("observations", "Figures with their source.", _FIGURES, ("id",))

_ASSUMPTIONS = Table(
    "assumptions",
    "Figures that no source gives: low, best and high with a reason.",
    (*_FIGURES, Column("reason", "why this value and this range", required=True)),
    ("id",),
)

_SOURCES = Table(
    "sources",
    "Where figures come from.",
    (
        Column("id", "unique", required=True),
        Column("publisher", "who published it", required=True),
        Column("title", "title", required=True),
        Column("date", "date of publication"),
        Column("url", "address"),
        Column("kind", "kind", required=True, allowed=("primary", "secondary", "assumption")),
        Column("terms", "licence or terms where known"),
        Column("read_as", "what was read"),
    ),
    ("id",),
)

_GROUPS = Table(
    "groups",
    "Members of groups of places, and seats of firms.",
    (
        Column("group", "group, or firm:NAME", required=True),
        Column("member", "ISO 3166 alpha-3 code", required=True),
        Column("relation", "member or seat", required=True, allowed=("member", "seat")),
        Column("source_id", "source", refers=("sources", "id")),
        Column("note", "remark"),
    ),
    ("group", "member"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (_ITEMS, _RECIPES, _OBSERVATIONS, _ASSUMPTIONS, _SOURCES, _GROUPS)
}
