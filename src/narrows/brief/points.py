"""The narrowest points, as a table."""

from narrows.brief import words
from narrows.brief.facts import Facts
from narrows.brief.limits import Limits
from narrows.brief.tree import Cell, Column, Name, Runs, Table, Text, Value
from narrows.terms import Grade

__all__ = ["index_value", "narrowest", "stock_runs"]

_COLUMNS = (
    Column("", "right", 0.035),
    Column("Item", width=0.285),
    Column("Largest maker", width=0.13),
    Column("Share", width=0.15),
    Column("HHI", width=0.12),
    Column("Year", width=0.09),
    Column("Stock", "right", 0.1),
    Column("In the ten", "right", 0.09),
)


def narrowest(facts: Facts, limits: Limits) -> Table:
    """Give the first items in rank, with stock and how often they stay among the first ten."""
    shown = list(facts.rows)[: limits.narrowest]
    rows = tuple(_row(facts, item) for item in shown)
    return Table("The narrowest points", _COLUMNS, rows)


def _row(facts: Facts, item: str) -> tuple[Cell, ...]:
    row = facts.rows[item]
    holder = facts.place(facts.top(item))
    if row["basis"] == "headquarters":
        holder += " (seat)"
    held = row.get("top_ten")
    kept: Runs = (Text("–"),)
    if held is not None and not words.missing(held):
        kept = (Value(words.percent(held), f"concentration/{item}/top_ten", Grade.DERIVED, (), held, bare=True),)
    return (
        Cell((Name(str(int(row["rank"]))),)),
        Cell((Name(facts.name(item)),), head=True),
        Cell((Name(holder),)),
        Cell((facts.top_value(item),)),
        Cell((index_value(facts, item, marked=False),)),
        Cell((Name(facts.year(item)),)),
        Cell(stock_runs(facts, item)),
        Cell(kept),
    )


def index_value(facts: Facts, item: str, *, marked: bool = True) -> Value:
    """Give the index of an item with its bounds."""
    row = facts.every[item]
    low, high = (words.decimals(float(row[end])) for end in ("hhi_low", "hhi_high"))
    return Value(
        words.decimals(float(row["hhi"])),
        f"concentration/{item}/hhi",
        max(Grade.DERIVED, Grade(row["grade"]), key=lambda grade: grade == Grade.ASSUMED),
        facts.sources_of(item),
        float(row["hhi"]),
        f"{low}–{high}" if low != high else "",
        bare=not marked,
    )


def stock_runs(facts: Facts, item: str) -> Runs:
    """Give the days of stock that buyers of an item hold, from the least to the most."""
    cover = facts.cover(item)
    if cover is None:
        return (Text("–"),)
    low, high, rows = cover
    grade = Grade.ASSUMED if any(row.grade is Grade.ASSUMED for row in rows) else Grade.STATED
    sources = tuple(dict.fromkeys(row.source_id for row in rows))
    return (Value(words.span(low, high), f"recipes/{item}/cover_days", grade, sources, low),)


