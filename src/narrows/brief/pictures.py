"""The drawings of the brief: results in, a `Figure` with its alternative text and table out."""

from dataclasses import dataclass, replace

from narrows.brief import words
from narrows.brief.facts import UNNAMED, Facts, Row
from narrows.brief.figures import (
    PairRow,
    Piece,
    Strip,
    draw_pairs,
    draw_strips,
)
from narrows.brief.headlines import share_value
from narrows.brief.limits import Limits
from narrows.brief.tree import Cell, Cite, Column, Figure, Name, Runs, Table, Text
from narrows.brief.values import tally
from narrows.terms import Grade, place_name

__all__ = ["SIDE", "cells", "left", "ranking", "strips"]

SIDE = 214.0  # width of the drawings beside the answers, in points
PAIR = 235.0  # width of two drawings side by side
_LEFT_WORDS = ("what is left, %", "nothing re-routed", "best re-routed")


def cells(*texts: str | Runs) -> tuple[Cell, ...]:
    """Give a row of a table; the first cell names the row."""
    return tuple(
        Cell((Name(text),) if isinstance(text, str) else text, head=number == 0)
        for number, text in enumerate(texts)
    )


def strips(facts: Facts, limits: Limits) -> Figure:
    """Draw who makes the items in front."""
    shown = facts.focus_items[: limits.strips]
    drawn = draw_strips(tuple(_strip(facts, item) for item in shown), width=SIDE)
    makers = {
        item: [
            (facts.place(str(row["entity"])), share_value(item, row)) for row in facts.shares(item)
        ]
        for item in shown
    }
    rows = tuple(
        cells(facts.name(item), facts.year(item), name, (value,))
        for item in shown
        for name, value in makers[item]
    )
    said = []
    for item in shown:
        text = ", ".join(f"{name} {value.text}" for name, value in makers[item])
        said.append(f"{facts.name(item)} ({facts.year(item)}): {text}.")
    sources = tuple(name for item in shown for name in facts.sources_of(item))
    columns = (Column("Item"), Column("Year"), Column("Maker"), Column("Share", "right"))
    return Figure(
        id="strips",
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt="Who makes the main points, as strips cut by share. " + " ".join(said),
        caption=(Text("Who makes it, percent (hatched: not named)"), Cite(sources)),
        twin=Table("Who makes the main points", columns, rows),
    )


def _strip(facts: Facts, item: str) -> Strip:
    pieces = tuple(
        Piece(
            name=facts.place(str(row["entity"])),
            code=place_name(str(row["entity"]))
            if ":" in str(row["entity"])
            else str(row["entity"]),
            part=float(row["value"]) / 100,
            rest=row["entity"] in UNNAMED,
            assumed=row["grade"] == Grade.ASSUMED,
        )
        for row in facts.shares(item)
    )
    total = sum(piece.part for piece in pieces)
    if total > 1:  # a source that rounds to 101 or 102
        pieces = tuple(
            Piece(piece.name, piece.code, piece.part / total, piece.rest, piece.assumed)
            for piece in pieces
        )
    row = facts.every[item]
    seat = ", by seat of firm" if row["basis"] == "headquarters" else ""
    measure = words.measure_words(str(row["measure"]))
    return Strip(facts.name(item), f"{measure} {facts.year(item)}{seat}", pieces)


def left(facts: Facts, place: str, limits: Limits) -> Figure:
    """Draw what is left of each end use without a place."""
    rows = facts.dropped(place)
    uses = sorted(facts.end_uses, key=lambda use: (rows[use]["left_fixed"], use))
    name = words.the(facts.place(place))
    lines = [_Line(facts.name(use), rows[use], marked=False) for use in uses[: limits.end_uses]]
    return _pairs(
        facts,
        "left",
        lines,
        first="End use",
        title=f"What is left without {name}",
        said=f"What is left of each end use without {name}, in percent",
    )


def ranking(facts: Facts, place: str, limits: Limits, width: float = PAIR) -> Figure:
    """Draw the places whose loss leaves least, the place in front marked."""
    ranked = list(facts.places_ranked)
    shown = ranked[: limits.places]
    if all(row["dropped"] != place for row in shown):
        shown = shown[:-1] + [row for row in ranked if row["dropped"] == place]
    lines = [
        _Line(facts.place(str(row["dropped"])), row, row["dropped"] == place, int(row["rank"]))
        for row in shown
    ]
    made = _pairs(
        facts,
        "ranking",
        lines,
        width,
        first="Place dropped",
        title="One place dropped at a time, all end uses",
        said="What is left of all end uses, weighted by value, when one place is dropped; "
        "this ranks exposure, it is no loss foreseen",
    )
    caption = (Text("One place dropped, all end uses: ranks exposure, not losses"),)
    return replace(made, caption=caption, twin=replace(made.twin, short="Places dropped, all uses"))


@dataclass(frozen=True)
class _Line:
    """A line of a drawing of pairs: its name, its numbers, whether it stands out, its rank."""

    name: str
    row: Row
    marked: bool
    rank: int | None = None

    @property
    def label(self) -> str:
        return self.name if self.rank is None else f"{self.rank}  {self.name}"


def _pairs(
    facts: Facts,
    name: str,
    lines: list[_Line],
    width: float = PAIR,
    *,
    first: str,
    title: str,
    said: str,
) -> Figure:
    pairs = tuple(
        PairRow(
            line.label, float(line.row["left_fixed"]), float(line.row["left_best"]), line.marked
        )
        for line in lines
    )
    drawn = draw_pairs(pairs, width=width, words=_LEFT_WORDS)
    told = [
        (line, facts.left(line.row, "left_fixed"), facts.left(line.row, "left_best"))
        for line in lines
    ]
    text = "; ".join(f"{line.label}: {fixed.text}, {best.text}" for line, fixed, best in told)
    columns = (
        Column(first),
        Column("Nothing re-routed", "right"),
        Column("Best re-routed", "right"),
        *((Column("Rank", "right"),) if any(line.rank for line in lines) else ()),
    )
    rows = tuple(cells(line.name, (low,), (high,), *_rank(line)) for line, low, high in told)
    return Figure(
        id=name,
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt=f"{said}; nothing re-routed first, best re-routed second. {text}.",
        caption=(Text(title),),
        twin=Table(title, columns, rows),
    )


def _rank(line: _Line) -> tuple[Runs, ...]:
    if line.rank is None:
        return ()
    head = f"contingency/{line.row['dropped']}/{line.row['end_use']}"
    return ((tally(line.rank, f"{head}/rank"),),)
