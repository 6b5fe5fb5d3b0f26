"""The assumptions used, with low, best, high and reason; rows that say the same are joined."""

from collections.abc import Iterator
from dataclasses import replace

from narrows.brief import words
from narrows.brief.facts import UNNAMED, Facts, Row
from narrows.brief.tree import (
    Cell,
    Column,
    Name,
    Paragraph,
    Runs,
    Section,
    Table,
    Text,
    Unit,
    Value,
)
from narrows.evidence import Value as Single
from narrows.evidence.records import Range, RecipeRow
from narrows.evidence.schema import is_share
from narrows.terms import ASSUMED_SOURCE, Grade

__all__ = ["assumption_sections"]

_SHOWN = 6  # names before "and N more"
_SHARES = (
    Column("Item", width=0.2),
    Column("Makers, percent (range)", width=0.42, parts=("Maker", "Percent")),
    Column("Reason", width=0.38),
)
_NEEDS = (
    Column("Input", width=0.16),
    Column("Needed by", width=0.22),
    Column("Stops", "right", 0.1),
    Column("Stock", "right", 0.12),
    Column("Reason", width=0.4),
)
_SINGLE = (
    Column("Items", width=0.3),
    Column("What", width=0.13),
    Column("Best (range)", "right", 0.17, ("Best", "Unit")),
    Column("Reason", width=0.4),
)


def assumption_sections(facts: Facts) -> tuple[Section, ...]:
    """Give one section with tables of shares, needs and single figures that were assumed."""
    tables = (_shares(facts), _needs(facts), _single(facts))
    blocks = tuple(table for table in tables if table.rows)
    if not blocks:
        return ()
    about = Paragraph(
        (
            Text("Best value with its range from low to high, and the reason. Rows with the same "),
            Text("values and reason are joined."),
        ),
        role="small",
    )
    return (Section("assumptions", "Assumptions used", (about, *blocks)),)


def _assumed(text: str, key: str, number: Range, span: str = "", unit: Unit = "") -> Value:
    """Give an assumed number; the table says what it is, so no source mark is needed."""
    value = Value(text, key, Grade.ASSUMED, (ASSUMED_SOURCE,), number.best, span, unit=unit)
    return replace(value, bare=True, ends=(number.low, number.high) if span else None)


def _shares(facts: Facts) -> Table:
    rows = []
    for item in facts.rows:
        for reason, runs in _assumed_makers(facts, item).items():
            head = (Name(facts.name(item)),)
            rows.append((Cell(head, head=True), Cell(runs), Cell(facts.reason(reason))))
    return Table("Shares of makers", _SHARES, tuple(rows), small=True, short="Assumed shares")


def _assumed_makers(facts: Facts, item: str) -> dict[str, Runs]:
    """Give the assumed shares of an item by the reason they have."""
    by_reason: dict[str, Runs] = {}
    for row in facts.shares(item, rest="split"):
        if row["grade"] != Grade.ASSUMED or row["entity"] in UNNAMED:
            continue
        before = by_reason.get(str(row["note"]), ())
        name = Name(f"{facts.place(str(row['entity']))} ")
        joint = (Text(", "),) if before else ()
        by_reason[str(row["note"])] = (*before, *joint, name, _share(row))
    return by_reason


def _share(row: Row) -> Value:
    low, best, high = (float(row[name]) for name in ("low", "value", "high"))
    wide = not (words.missing(low) or words.missing(high) or low == high)
    span = f"{low:.3g}–{high:.3g}" if wide else ""
    key = f"assumptions/{row['id']}"
    return _assumed(f"{best:.3g}", key, Range(low, best, high), span, "percent")


def _needs(facts: Facts) -> Table:
    joined: dict[tuple[str, str, str, str], list[RecipeRow]] = {}
    for row in facts.needs.values():
        if row.grade is Grade.ASSUMED:
            stop, cover = (
                _text(row.numbers.get(name)) for name in ("stops_fraction", "cover_days")
            )
            joined.setdefault((row.input, stop, cover, row.note), []).append(row)
    rows = tuple(
        (
            Cell((Name(facts.name(alike[0].input)),), head=True),
            Cell((Name(_some([facts.name(row.item) for row in alike])),)),
            Cell(_number(alike[0], "stops_fraction")),
            Cell(_number(alike[0], "cover_days")),
            Cell(facts.reason(alike[0].note)),
        )
        for alike in joined.values()
    )
    caption = "Needs: what stops without an input, and stocks"
    return Table(caption, _NEEDS, rows, small=True, short="Assumed needs")


def _text(number: Range | None) -> str:
    return "" if number is None else f"{number.low:g} {number.best:g} {number.high:g}"


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _number(row: RecipeRow, column: str) -> Runs:
    number = row.numbers.get(column)
    key = f"recipes/{row.id}/{column}"
    if number is None:
        if column == "cover_days" or row.criticality != "essential":
            return (Text("–"),)
        return (_assumed("all", key, Range(1.0, 1.0, 1.0), unit="part"),)
    years = column == "cover_days" and number.best > 365
    scale = 100 if column == "stops_fraction" else 1 / 365 if years else 1
    low, best, high = (
        f"{scale * part:.2g}" if years else f"{scale * part:.3g}"
        for part in (number.low, number.best, number.high)
    )
    unit = "%" if scale == 100 else "years" if years else "days"
    span = "" if low == high else f"{low}–{high}"
    counted: Unit = "part" if scale == 100 else "days"
    return (_assumed(f"{best}{words.NARROW}{unit}", key, number, span, counted),)


def _single(facts: Facts) -> Table:
    joined: dict[tuple[str, str, str], list[str]] = {}
    first: dict[tuple[str, str, str], Single] = {}
    for subject, measure, figure, reason in _figures(facts):
        key = (measure, f"{_best(figure, measure).printed} {figure.unit}", reason)
        joined.setdefault(key, []).append(facts.name(subject))
        first.setdefault(key, figure)
    rows = tuple(
        (
            Cell((Name(_some(names)),), head=True),
            Cell((Name(key[0].replace("_", " ")),)),
            Cell((_best(first[key], key[0]), Text(" "), Name(first[key].unit))),
            Cell(facts.reason(key[2])),
        )
        for key, names in joined.items()
    )
    return Table("Single figures", _SINGLE, rows, small=True, short="Assumed single figures")


def _best(figure: Single, measure: str) -> Value:
    number = Range(figure.low, figure.best, figure.high)
    span = f"{figure.low:.4g}–{figure.high:.4g}"
    return _assumed(f"{figure.best:.4g}", f"assumptions/{measure}", number, span)


def _figures(facts: Facts) -> Iterator[tuple[str, str, Single, str]]:
    """Give each single figure in use that was assumed: its item and measure, and the reason."""
    frame = facts.case.assumptions
    frame = frame[~frame["measure"].map(is_share).astype(bool)] if len(frame) else frame
    reasons = dict(zip(frame["id"], frame["reason"], strict=True)) if len(frame) else {}
    keys = frame[["subject", "measure", "entity"]].drop_duplicates() if len(frame) else frame
    for subject, measure, entity in keys.itertuples(index=False):
        figure = facts.case.value(subject, measure, entity, period=facts.results.period)
        if figure is not None and figure.id in reasons:
            yield subject, measure, figure, str(reasons[figure.id])
