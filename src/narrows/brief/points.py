"""The narrowest points, as a table."""

from dataclasses import replace

from narrows.brief import words
from narrows.brief.facts import Facts, weakest
from narrows.brief.headlines import share_value
from narrows.brief.limits import Limits
from narrows.brief.tree import Cell, Column, Name, Runs, Table, Text, Value
from narrows.brief.values import index, part, tally
from narrows.terms import Grade

__all__ = ["index_value", "narrowest", "rank_holds", "rank_value", "stock_runs"]

_COLUMNS = (
    Column("", "right", 0.03),
    Column("Item", width=0.235),
    Column("Made in", width=0.1),
    Column("Share", width=0.128),
    Column("Seat of the largest", width=0.173, parts=("Seat of the largest", "Share by seat")),
    Column("HHI", width=0.074),
    Column("Year", width=0.08),
    Column("Stock", "right", 0.092),
    Column("Rank holds", "right", 0.088),
)


def narrowest(facts: Facts, limits: Limits) -> Table:
    """Give the first items in rank, with stock and how often their rank holds."""
    shown = list(facts.rows)[: limits.narrowest]
    rows = tuple(_row(facts, item) for item in shown)
    return Table("The narrowest points", _COLUMNS, rows)


def _row(facts: Facts, item: str) -> tuple[Cell, ...]:
    row = facts.rows[item]
    holder = facts.place(facts.top(item))
    if row["basis"] == "headquarters":
        holder += " (seat)"
    return (
        Cell((rank_value(facts, item),)),
        Cell((Name(facts.name(item)),), head=True),
        Cell((Name(holder),)),
        Cell((facts.top_value(item),)),
        Cell(_seat(facts, item)),
        Cell((_bounds(facts, item),)),
        Cell((Name(facts.year(item)),)),
        Cell(stock_runs(facts, item)),
        Cell(rank_holds(facts, item)),
    )


def _bounds(facts: Facts, item: str) -> Value:
    """Give the index alone where the makers are named, else its bounds alone: it is the upper."""
    value = index_value(facts, item, marked=False)
    return replace(value, text=value.span or value.text, span="")


def _seat(facts: Facts, item: str) -> Runs:
    """Give who holds most by the seat of the firm, where a source prints it."""
    row = facts.seat(item)
    if row is None:
        return (Text("–"),)
    return (Name(facts.place(str(row["entity"]))), Text(" "), share_value(item, row))


def index_value(facts: Facts, item: str, *, marked: bool = True) -> Value:
    """Give the index of an item with its bounds."""
    row = facts.every[item]
    grade = weakest([Grade.DERIVED, row["grade"]])
    return index(
        float(row["hhi"]),
        f"concentration/{item}/hhi",
        grade,
        facts.sources_of(item),
        ends=(float(row["hhi_low"]), float(row["hhi_high"])),
        bare=not marked,
    )


def rank_value(facts: Facts, item: str) -> Value:
    """Give the place of an item in the order."""
    return tally(int(facts.every[item]["rank"]), f"concentration/{item}/rank")


def rank_holds(facts: Facts, item: str) -> Runs:
    """Give how often the rank of an item holds, and the band of its ranks where it is wide."""
    row = facts.every[item]
    held = row.get("holds")
    if held is None or words.missing(held):
        return (Text("–"),)
    low, high = (int(row.get(end, row["rank"]) + 0.5) for end in ("rank_low", "rank_high"))
    span = "" if low == high else f"{low}–{high}"
    key = f"concentration/{item}/holds"
    return (replace(part(held, key, Grade.DERIVED, bare=True), span=span),)


def stock_runs(facts: Facts, item: str) -> Runs:
    """Give the days of stock that buyers of an item hold, from the least to the most."""
    cover = facts.cover(item)
    if cover is None:
        return (Text("–"),)
    low, high, rows = cover
    grade = weakest([row.grade for row in rows])
    sources = tuple(dict.fromkeys(row.source_id for row in rows))
    key, text = f"recipes/{item}/cover_days", words.span(low, high)
    if low == high:
        return (Value(text, key, grade, sources, low, unit="days"),)
    return (Value(text, key, grade, sources, unit="days", ends=(low, high)),)
