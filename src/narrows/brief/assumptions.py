"""The assumptions used, with low, best, high and reason; rows that say the same are joined."""

from collections.abc import Iterable

from narrows.brief import words
from narrows.brief.facts import UNNAMED, Facts
from narrows.brief.tree import Cell, Column, Name, Paragraph, Runs, Section, Table, Text, Value
from narrows.evidence.records import Range, RecipeRow
from narrows.evidence.schema import is_share
from narrows.terms import ASSUMED_SOURCE, Grade

__all__ = ["assumption_sections"]

_SHOWN = 6  # buyers named before "and N more"


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


def _assumed(text: str, key: str, number: float | None = None, span: str = "") -> Value:
    """Give an assumed number; the table says what it is, so no source mark is needed."""
    return Value(text, key, Grade.ASSUMED, (ASSUMED_SOURCE,), number, span, bare=True)


def _shares(facts: Facts) -> Table:
    rows = []
    for item in facts.rows:
        by_reason: dict[str, list[Value | Name | Text]] = {}
        for row in facts.shares(item, rest="split"):
            if row["grade"] != Grade.ASSUMED or row["entity"] in UNNAMED:
                continue
            runs = by_reason.setdefault(str(row["note"]), [])
            low, high = float(row["low"]), float(row["high"])
            wide = not (words.missing(low) or words.missing(high) or low == high)
            span = f"{low:.3g}–{high:.3g}" if wide else ""
            name = f"{facts.place(str(row['entity']))} "
            runs += [Text(", " if runs else ""), Name(name)]
            text = f"{float(row['value']):.3g}"
            runs.append(_assumed(text, f"assumptions/{row['id']}", float(row["value"]), span))
        for reason, runs in by_reason.items():
            head = (Name(facts.name(item)),)
            rows.append((Cell(head, head=True), Cell(tuple(runs)), Cell(facts.reason(reason))))
    columns = (
        Column("Item", width=0.2),
        Column("Makers, percent (range)", width=0.42),
        Column("Reason", width=0.38),
    )
    return Table("Shares of makers", columns, tuple(rows), small=True)


def _needs(facts: Facts) -> Table:
    joined: dict[tuple[str, str, str, str], list[RecipeRow]] = {}
    for row in facts.needs.values():
        if row.grade is Grade.ASSUMED:
            stop, cover = (
                _text(row.numbers.get(name)) for name in ("stops_fraction", "cover_days")
            )
            joined.setdefault((row.input, stop, cover, row.note), []).append(row)
    rows = []
    for (input_, _, _, note), alike in joined.items():
        first = alike[0]
        rows.append(
            (
                Cell((Name(facts.name(input_)),), head=True),
                Cell((Name(_buyers(facts, alike)),)),
                Cell(_number(first, "stops_fraction")),
                Cell(_number(first, "cover_days")),
                Cell(facts.reason(note)),
            )
        )
    columns = (
        Column("Input", width=0.16),
        Column("Needed by", width=0.22),
        Column("Stops", "right", 0.1),
        Column("Stock", "right", 0.12),
        Column("Reason", width=0.4),
    )
    return Table("Needs: what stops without an input, and stocks", columns, tuple(rows), small=True)


def _text(number: Range | None) -> str:
    return "" if number is None else f"{number.low:g} {number.best:g} {number.high:g}"


def _buyers(facts: Facts, rows: Iterable[RecipeRow]) -> str:
    names = [facts.name(row.item) for row in rows]
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _number(row: RecipeRow, column: str) -> Runs:
    number = row.numbers.get(column)
    key = f"recipes/{row.id}/{column}"
    if number is None:
        if column == "cover_days" or row.criticality != "essential":
            return (Text("–"),)
        return (_assumed("all", key, 1.0),)
    years = column == "cover_days" and number.best > 365
    scale = 100 if column == "stops_fraction" else 1 / 365 if years else 1
    low, best, high = (
        f"{scale * part:.2g}" if years else f"{scale * part:.3g}"
        for part in (number.low, number.best, number.high)
    )
    unit = "%" if scale == 100 else "years" if years else "days"
    span = "" if low == high else f"{low}–{high}"
    return (_assumed(f"{best}{words.NARROW}{unit}", key, number.best, span),)


def _single(facts: Facts) -> Table:
    frame = facts.case.assumptions
    frame = frame[~frame["measure"].map(is_share).astype(bool)] if len(frame) else frame
    ids = set(frame["id"])
    joined: dict[tuple[str, str, str], list[str]] = {}
    keys = frame[["subject", "measure", "entity"]].drop_duplicates() if len(frame) else frame
    for subject, measure, entity in keys.itertuples(index=False):
        value = facts.case.value(subject, measure, entity, period=facts.results.period)
        if value is None or value.id not in ids:
            continue
        reason = str(frame.loc[frame["id"] == value.id, "reason"].iloc[0])
        text = f"{value.best:.4g} ({value.low:.4g}–{value.high:.4g}) {value.unit}"
        joined.setdefault((measure, text, reason), []).append(facts.name(subject))
    rows = []
    for (measure, text, reason), names in joined.items():
        more = len(names) - _SHOWN
        shown = ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
        rows.append(
            (
                Cell((Name(shown),), head=True),
                Cell((Name(measure.replace("_", " ")),)),
                Cell((_assumed(text, f"assumptions/{measure}"),)),
                Cell(facts.reason(reason)),
            )
        )
    columns = (
        Column("Items", width=0.3),
        Column("What", width=0.13),
        Column("Best (range)", "right", 0.17),
        Column("Reason", width=0.4),
    )
    return Table("Single figures", columns, tuple(rows), small=True)
