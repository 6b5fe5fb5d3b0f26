"""The annex: method in words, every row behind the pages, assumptions."""

import math
from dataclasses import replace

from narrows.brief import words
from narrows.brief.assumptions import assumption_sections
from narrows.brief.closing_annex import closing_sections
from narrows.brief.facts import Facts, Row, records
from narrows.brief.headlines import headlines
from narrows.brief.helping_annex import helping_sections
from narrows.brief.limits import Limits
from narrows.brief.method import method
from narrows.brief.pictures import cells, left
from narrows.brief.points import index_value, rank_value
from narrows.brief.tree import (
    Cell,
    Column,
    Name,
    Paragraph,
    Run,
    Runs,
    Section,
    Table,
    Text,
)
from narrows.brief.values import part, tally
from narrows.terms import Grade

__all__ = ["annex"]

_MAKERS = (
    Column("", "right", 0.035),
    Column("Item", width=0.215),
    Column("Stage", width=0.155),
    Column("Largest maker", width=0.105),
    Column("Share", width=0.135),
    Column("HHI (bounds)", width=0.125, parts=("HHI",)),
    Column("Makers", "right", 0.05),
    Column("Unnamed", "right", 0.065),
    Column("Year", "right", 0.075),
    Column("Basis", width=0.045),
)
_SIDES = (
    Column("Item", width=0.4),
    Column("We take from them", "right", 0.15),
    Column("Through the chain", "right", 0.15, ("We take through the chain",)),
    Column("They take from us", "right", 0.15),
    Column("Through the chain", "right", 0.15, ("They take through the chain",)),
)
_ACROSS = 8  # end uses beside each other in a table
_LEFT = ("nothing re-routed", "best re-routed")


def annex(facts: Facts) -> tuple[Section, ...]:
    """Give the sections of the annex; the list of sources is added once all are numbered."""
    found = (
        method(facts),
        *closing_sections(facts),
        *helping_sections(facts),
        headlines(facts),
        _concentration(facts),
        _contingency(facts),
        _autonomy(facts),
        *assumption_sections(facts),
    )
    return tuple(section for section in found if section.blocks)


def _concentration(facts: Facts) -> Section:
    about = Paragraph(
        (
            Text("Every item of the chain whose makers are known, the narrowest first. "),
            Text("Basis “place”: where it is made; “seat”: where the maker is seated. "),
            Text("Groups and totals lie across the items and are ranked with them, not in them."),
        ),
        role="small",
    )
    groups = tuple(item for item in facts.every if facts.is_group(item))
    tables = (
        _makers(facts, tuple(facts.rows), "Items of the chain"),
        _makers(facts, groups, "Groups and totals"),
    )
    blocks = tuple(table for table in tables if table.rows)
    return Section("concentration", "Concentration of every item", (about, *blocks))


def _makers(facts: Facts, items: tuple[str, ...], caption: str) -> Table:
    rows = tuple(_maker(facts, item) for item in items)
    return Table(caption, _MAKERS, rows, small=True)


def _maker(facts: Facts, item: str) -> tuple[Cell, ...]:
    row = facts.every[item]
    head = f"concentration/{item}"
    makers = tally(int(row["n_entities"]), f"{head}/n_entities", grade=Grade.STATED)
    other = part(float(row["other_share"]), f"{head}/other_share", Grade.STATED, bare=True)
    unnamed = other.text.replace("under ", "<") if row["other_share"] > 1e-9 else "–"
    return (
        Cell((rank_value(facts, item),)),
        Cell((Name(facts.name(item)),), head=True),
        Cell((Name(facts.stages.get(str(row["stage"]), str(row["stage"]))),)),
        Cell((Name(facts.place(facts.top(item))),)),
        Cell((facts.top_value(item),)),
        Cell((index_value(facts, item, marked=False),)),
        Cell((makers,)),
        Cell((replace(other, text=unnamed),)),
        Cell((Name(facts.year(item)),)),
        Cell((Name("seat" if row["basis"] == "headquarters" else "place"),)),
    )


def _contingency(facts: Facts) -> Section:
    uses = ("all", *facts.end_uses)
    count = math.ceil(len(uses) / _ACROSS)
    size = math.ceil(len(uses) / count)
    tables = tuple(_left(facts, uses[start : start + size]) for start in range(0, len(uses), size))
    about = Paragraph(
        (
            Text(
                "What is left of each end use, percent, when one place is dropped: first nothing "
            ),
            Text("re-routed, after the stroke best re-routed. Every figure rests on assumptions."),
            Text(" They rank exposure; they are not losses."),
        ),
        role="small",
    )
    drawn = () if facts.results.stress is None else (left(facts, facts.focus_place, Limits()),)
    return Section("contingency", "One place dropped at a time", (about, *drawn, *tables))


def _left(facts: Facts, uses: tuple[str, ...]) -> Table:
    """Tabulate what is left of some end uses, a row each place dropped."""
    titles = ("All" if use == "all" else facts.name(use) for use in uses)
    columns = (
        Column("", "right", 0.04),
        Column("Place dropped", width=0.16),
        Column("Holds", "right", 0.08),
        *(
            Column(title, "right", 0.72 / len(uses), tuple(f"{title}: {which}" for which in _LEFT))
            for title in titles
        ),
    )
    caption = "One place dropped at a time" + ("" if "all" in uses else ": further end uses")
    rows = tuple(_dropped(facts, ranked, uses) for ranked in facts.places_ranked)
    return Table(caption, columns, rows, small=True)


def _dropped(facts: Facts, ranked: Row, uses: tuple[str, ...]) -> tuple[Cell, ...]:
    place = str(ranked["dropped"])
    head = f"contingency/{place}/all"
    found, held = facts.dropped(place), ranked.get("holds")
    kept: Run = Text("–")
    if held is not None and not words.missing(held):
        kept = part(held, f"{head}/holds", Grade.DERIVED, bare=True)
    return (
        Cell((tally(int(ranked["rank"]), f"{head}/rank"),)),
        Cell((Name(facts.place(place)),), head=True),
        Cell((kept,)),
        *(_pair(facts, found[use]) for use in uses),
    )


def _pair(facts: Facts, row: Row) -> Cell:
    values = (facts.left(row, column) for column in ("left_fixed", "left_best"))
    first, second = (
        replace(value, text=_short(value.text), span="", ends=None, bare=True) for value in values
    )
    return Cell((first, Text(" / "), second))


def _short(text: str) -> str:
    """Give a percentage without its sign, for a table that says what it counts."""
    return text.removesuffix(f"{words.NARROW}%").replace("under ", "<").replace("over ", ">")


def _autonomy(facts: Facts) -> Section:
    side = facts.results.perspective
    if side is None:
        return Section("autonomy", "", ())
    frame = facts.results.autonomy.dropna(subset=["reliance", "leverage"])
    order = frame.assign(most=frame[["reliance", "leverage"]].max(axis=1)).sort_values(
        ["most", "item"], ascending=[False, True]
    )
    us, them = (
        words.listed([words.the(facts.place(place)) for place in part])
        for part in (side.us, side.them)
    )
    names = ("reliance", "reliance_look_through", "leverage", "leverage_look_through")
    rows = tuple(
        cells(
            facts.name(str(row["item"])),
            *(_part(facts, str(row["item"]), name, float(row[name])) for name in names),
        )
        for row in records(order)
    )
    about = Paragraph(
        (
            Text("We: "),
            Name(us),
            Text(". They: "),
            Name(them),
            Text(". “Through the chain” is the supply lost when the other side is dropped."),
        ),
        role="small",
    )
    table = Table("Who holds whom, item by item", _SIDES, rows, small=True)
    return Section("autonomy", "Who holds whom, item by item", (about, table))


def _part(facts: Facts, item: str, column: str, number: float) -> Runs:
    if words.missing(number):
        return (Text("–"),)
    known = facts.every.get(item)
    grade = Grade.ASSUMED if known is None or known["grade"] == Grade.ASSUMED else Grade.DERIVED
    return (part(number, f"autonomy/{item}/{column}", grade),)
