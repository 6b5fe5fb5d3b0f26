"""The figures in front over the periods, each with its place in the source."""

from collections.abc import Iterator

from narrows.brief import words
from narrows.brief.facts import UNNAMED, Facts, Row, records
from narrows.brief.tree import Cell, Column, Name, Paragraph, Runs, Section, Table, Text, Value
from narrows.brief.values import part
from narrows.terms import Grade

__all__ = ["headlines", "over_the_years", "share_value"]

_MAKERS = 6  # named makers of a set that the table lists


def over_the_years(facts: Facts, item: str) -> Runs:
    """Say what the share of the largest maker was in the other periods, and its part of totals."""
    holder = facts.top(item)
    told = {str(row["period"]) for row in facts.shares(item)}  # the answer itself gives these
    runs: Runs = ()
    for period, rows in _sets(facts, item):
        mine = next((row for row in rows if row["entity"] == holder), None)
        if mine is None or str(mine["period"]) in told:
            continue
        second = next((row for row in rows if row["entity"] not in (holder, *UNNAMED)), None)
        runs += (Text(" In " if runs else "In "), Name(words.year_of(period)), Text(" it was "))
        runs += (share_value(item, mine),)
        if second is not None:
            name = facts.place(str(second["entity"]))
            runs += (Text(" ("), Name(name), Text(" "), share_value(item, second), Text(")"))
        runs += (Text("."),)
    runs += _totals(facts, holder)
    sources = {run.sources for run in runs if isinstance(run, Value)}
    return (*runs, Text(" Publishers differ, so this is no trend.")) if len(sources) > 1 else runs


def _totals(facts: Facts, holder: str) -> Runs:
    """Give the holder's part of the totals among the items in front, period by period."""
    runs: Runs = ()
    for item in facts.focus_items:
        found = [
            (period, row)
            for period, rows in _sets(facts, item)
            for row in rows
            if facts.is_group(item) and row["entity"] == holder
        ]
        for number, (period, row) in enumerate(found):
            if number == 0:
                name = words.in_sentence(facts.name(item))
                runs += (Text(" Its part of "), Name(name), Text(": "))
            runs += (share_value(item, row), Text(" ("), Name(words.year_of(period)), Text(")"))
            runs += (Text("." if number == len(found) - 1 else ", "),)
    return runs


def headlines(facts: Facts) -> Section:
    """Tabulate the items in front: maker, share, source and place in the source, every period."""
    columns = (
        Column("Item", width=0.19),
        Column("Year", "right", 0.06),
        Column("Maker", width=0.13),
        Column("Share", width=0.12),
        Column("Basis", width=0.1),
        Column("Source", width=0.19),
        Column("Where in it", width=0.21),
    )
    rows = [
        (
            Cell((Name(facts.name(item)),), head=True),
            Cell((Name(words.year_of(period)),)),
            Cell((Name(facts.place(str(row["entity"]))),)),
            Cell((share_value(item, row),)),
            Cell((Name(str(row["basis"])),)),
            Cell((Name(str(row["source_id"])),)),
            Cell((Name(str(row["locator"]) or "reason under the assumptions"),)),
        )
        for item in facts.focus_items
        for period, found in _sets(facts, item)
        for row in [row for row in found if row["entity"] not in UNNAMED][:_MAKERS]
    ]
    about = Paragraph(
        (Text("Only periods with a set of their own; assumed shares give their reason."),),
        role="small",
    )
    table = Table("Shares of the items in front", columns, tuple(rows), small=True)
    return Section("headlines", "The figures in front", (about, table) if rows else ())


def _sets(facts: Facts, item: str) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Give the shares of an item in each period that has a set of its own."""
    row = facts.every[item]
    for period in sorted(facts.case.periods):
        frame = facts.case.shares(item, str(row["measure"]), period=period, basis=str(row["basis"]))
        if len(frame) and not frame["filled"].iloc[0]:
            yield period, tuple(records(frame))


def share_value(item: str, row: Row) -> Value:
    """Give a share as a value; its key names item, period and maker."""
    ends = (float(row["low"]) / 100, float(row["high"]) / 100)
    key = f"shares/{item}/{row['period']}/{row['entity']}"
    sources = (str(row["source_id"]),)
    return part(float(row["value"]) / 100, key, Grade(row["grade"]), sources, ends=ends)
