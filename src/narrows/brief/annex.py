"""The annex: method in words, every row behind the pages, assumptions."""

from narrows.brief import words
from narrows.brief.answers import left_value
from narrows.brief.assumptions import assumption_sections
from narrows.brief.facts import Facts, records
from narrows.brief.headlines import headlines
from narrows.brief.method import method
from narrows.brief.pictures import cells
from narrows.brief.points import index_value
from narrows.brief.tree import (
    Cell,
    Column,
    Name,
    Paragraph,
    Runs,
    Section,
    Table,
    Text,
    Value,
)
from narrows.terms import Grade

__all__ = ["annex"]


def annex(facts: Facts) -> tuple[Section, ...]:
    """Give the sections of the annex; the list of sources is added once all are numbered."""
    found = (
        method(facts),
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
    columns = (
        Column("", "right", 0.035),
        Column("Item", width=0.215),
        Column("Stage", width=0.155),
        Column("Largest maker", width=0.105),
        Column("Share", width=0.135),
        Column("HHI (bounds)", width=0.125),
        Column("Makers", "right", 0.05),
        Column("Unnamed", "right", 0.065),
        Column("Year", "right", 0.075),
        Column("Basis", width=0.045),
    )
    rows = []
    for item in items:
        row = facts.every[item]
        head = f"concentration/{item}"
        other, makers = float(row["other_share"]), int(row["n_entities"])
        unnamed = words.percent(other).replace("under ", "<") if other > 1e-9 else "–"
        rows.append(
            (
                Cell((Name(str(int(row["rank"]))),)),
                Cell((Name(facts.name(item)),), head=True),
                Cell((Name(facts.stages.get(str(row["stage"]), str(row["stage"]))),)),
                Cell((Name(facts.place(facts.top(item))),)),
                Cell((facts.top_value(item),)),
                Cell((index_value(facts, item, marked=False),)),
                Cell(
                    (Value(str(makers), f"{head}/n_entities", Grade.STATED, (), makers, bare=True),)
                ),
                Cell((Value(unnamed, f"{head}/other_share", Grade.STATED, (), other, bare=True),)),
                Cell((Name(facts.year(item)),)),
                Cell((Name("seat" if row["basis"] == "headquarters" else "place"),)),
            )
        )
    return Table(caption, columns, tuple(rows), small=True)


def _contingency(facts: Facts) -> Section:
    uses = facts.end_uses
    width = 0.72 / (len(uses) + 1)
    columns = (
        Column("", "right", 0.04),
        Column("Place dropped", width=0.16),
        Column("Holds", "right", 0.08),
        Column("All", "right", width),
        *(Column(facts.name(use), "right", width) for use in uses),
    )
    rows = []
    for ranked in facts.places_ranked:
        place = str(ranked["dropped"])
        found = facts.dropped(place)
        held = ranked.get("holds")
        kept = "–" if held is None or words.missing(held) else words.percent(held)
        pairs = (_pair(facts, found[use]) for use in ("all", *uses))
        rows.append(
            (
                Cell((Name(str(int(ranked["rank"]))),)),
                Cell((Name(facts.place(place)),), head=True),
                Cell(
                    (
                        Value(
                            kept,
                            f"contingency/{place}/all/holds",
                            Grade.DERIVED,
                            (),
                            held,
                            bare=True,
                        ),
                    )
                ),
                *pairs,
            )
        )
    about = Paragraph(
        (
            Text(
                "What is left of each end use, percent, when one place is dropped: first nothing "
            ),
            Text("re-routed, after the stroke best re-routed. Every figure rests on assumptions."),
        ),
        role="small",
    )
    table = Table("One place dropped at a time", columns, tuple(rows), small=True)
    return Section("contingency", "One place dropped at a time", (about, table))


def _pair(facts: Facts, row: dict[str, object] | object) -> Cell:
    values = [left_value(facts, row, column) for column in ("left_fixed", "left_best")]  # type: ignore[arg-type]
    shown = [
        value.text.removesuffix(f"{words.NARROW}%").replace("under ", "<").replace("over ", ">")
        for value in values
    ]
    runs = tuple(
        Value(text, value.key, value.grade, (), value.number, bare=True)
        for text, value in zip(shown, values, strict=True)
    )
    return Cell((runs[0], Text(" / "), runs[1]))


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
    columns = (
        Column("Item", width=0.4),
        Column("We take from them", "right", 0.15),
        Column("Through the chain", "right", 0.15),
        Column("They take from us", "right", 0.15),
        Column("Through the chain", "right", 0.15),
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
    table = Table("Who holds whom, item by item", columns, rows, small=True)
    return Section("autonomy", "Who holds whom, item by item", (about, table))


def _part(facts: Facts, item: str, column: str, number: float) -> Runs:
    if words.missing(number):
        return (Text("–"),)
    known = facts.every.get(item)
    grade = Grade.ASSUMED if known is None or known["grade"] == Grade.ASSUMED else Grade.DERIVED
    return (Value(words.percent(number), f"autonomy/{item}/{column}", grade, (), number),)
