"""The drawings of the brief: results in, a `Figure` with its alternative text and table out."""

from collections.abc import Mapping
from typing import Any

from narrows.brief import words
from narrows.brief.facts import UNNAMED, Facts, records
from narrows.brief.figures import (
    Corners,
    PairRow,
    Piece,
    Point,
    Strip,
    draw_pairs,
    draw_scatter,
    draw_strips,
)
from narrows.brief.limits import Limits
from narrows.brief.tree import Cell, Cite, Column, Figure, Name, Runs, Table, Text
from narrows.terms import Grade, place_name

__all__ = ["SIDE", "cells", "field", "left", "ranking", "strips"]

SIDE = 214.0  # width of the drawings beside the answers, in points
_BOTH = 0.2  # a hold in both directions worth a name
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
    rows, said = [], []
    for item in shown:
        makers = [
            (facts.place(str(row["entity"])), words.percent(float(row["value"]) / 100))
            for row in facts.shares(item)
        ]
        text = ", ".join(f"{name} {share}" for name, share in makers)
        rows.append(
            cells(facts.name(item), facts.year(item), (Name(text), Cite(facts.sources_of(item))))
        )
        said.append(f"{facts.name(item)} ({facts.year(item)}): {text}.")
    sources = tuple(name for item in shown for name in facts.sources_of(item))
    columns = (Column("Item"), Column("Year"), Column("Makers"))
    return Figure(
        id="strips",
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt="Who makes the main points, as strips cut by share. " + " ".join(said),
        caption=(Text("Who makes it, percent (hatched: not named)"), Cite(sources)),
        twin=Table("Who makes the main points", columns, tuple(rows)),
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
    return _pairs(
        "left",
        [(facts.name(use), rows[use], False) for use in uses[: limits.end_uses]],
        first="End use",
        title=f"What is left without {name}",
        said=f"What is left of each end use without {name}, in percent",
    )


def ranking(facts: Facts, place: str, limits: Limits) -> Figure:
    """Draw the places whose loss leaves least, the place in front marked."""
    ranked = list(facts.places_ranked)
    shown = ranked[: limits.places]
    if all(row["dropped"] != place for row in shown):
        shown = shown[:-1] + [row for row in ranked if row["dropped"] == place]
    named = [
        (
            f"{int(row['rank'])}  {facts.place(str(row['dropped']))}",
            row,
            row["dropped"] == place,
        )
        for row in shown
    ]
    return _pairs(
        "ranking",
        named,
        first="Place dropped",
        title="One place dropped at a time, all end uses",
        said="What is left of all end uses, weighted by value, when one place is dropped",
    )


def _pairs(
    name: str,
    rows: list[tuple[str, Mapping[str, Any], bool]],
    *,
    first: str,
    title: str,
    said: str,
) -> Figure:
    pairs = tuple(
        PairRow(label, float(row["left_fixed"]), float(row["left_best"]), marked)
        for label, row, marked in rows
    )
    drawn = draw_pairs(pairs, width=PAIR, words=_LEFT_WORDS)
    numbers = [
        (label, words.percent(float(row["left_fixed"])), words.percent(float(row["left_best"])))
        for label, row, _ in rows
    ]
    text = "; ".join(f"{label}: {fixed}, {best}" for label, fixed, best in numbers)
    columns = (
        Column(first),
        Column("Nothing re-routed", "right"),
        Column("Best re-routed", "right"),
    )
    return Figure(
        id=name,
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt=f"{said}; nothing re-routed first, best re-routed second. {text}.",
        caption=(Text(title),),
        twin=Table(title, columns, tuple(cells(*row) for row in numbers)),
    )


def field(facts: Facts, sides: tuple[list[str], list[str]], limits: Limits) -> Figure:
    """Draw autonomy against indispensability."""
    us, them = (words.listed(side) for side in sides)
    frame = facts.results.autonomy.dropna(subset=["reliance", "leverage"])
    rows = records(frame)
    ranked = sorted(rows, key=lambda row: -max(row["reliance"], row["leverage"]))
    main = [str(row["item"]) for row in _spread(facts, ranked)[: limits.labels]]
    order = {item: place for place, item in enumerate(main)}
    points = tuple(
        Point(
            facts.name(str(row["item"])),
            float(row["reliance"]),
            float(row["leverage"]),
            str(row["item"]) in main,
        )
        for row in sorted(ranked, key=lambda row: order.get(str(row["item"]), len(order)))
    )
    corners = Corners(
        top_left="we hold them",
        top_right="each holds the other",
        bottom_left="neither",
        bottom_right="they hold us",
        across=f"taken from {them}, %",
        up="taken from us, %",
    )
    drawn = draw_scatter(points, corners, width=SIDE, height=limits.field_height)
    numbers = [
        (
            facts.name(str(row["item"])),
            words.percent(float(row["reliance"])),
            words.percent(float(row["leverage"])),
        )
        for row in ranked
    ]
    text = "; ".join(f"{name}: {ours}, {theirs}" for name, ours, theirs in numbers[:12])
    columns = (
        Column("Item"),
        Column(f"Taken from {them}", "right"),
        Column(f"Taken from {us}", "right"),
    )
    return Figure(
        id="field",
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt=(
            f"Items by what {us} take from {them} (first) and what {them} take from {us} (second)."
            f" The largest: {text}."
        ),
        caption=(Text("We: "), Name(us), Text(". They: "), Name(them)),
        twin=Table("Reliance in both directions", columns, tuple(cells(*row) for row in numbers)),
    )


def firmest(rows: list[dict[str, Any]], column: str, other: str) -> dict[str, Any]:
    """Give the item by which one side holds the other most firmly."""
    return max(rows, key=lambda row: (row[column], row[column] - row[other], str(row["item"])))


def _spread(facts: Facts, ranked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put first the firmest holds, then the strongest of each corner in turn."""
    ends = (("reliance", "leverage"), ("leverage", "reliance"))
    first = {str(firmest(ranked, *pair)["item"]) for pair in ends}
    front = set(facts.focus_items) | set(facts.brief("matrix_items", ()))
    corners: dict[tuple[bool, bool], list[dict[str, Any]]] = {}
    for row in sorted(ranked, key=lambda row: str(row["item"]) not in front):
        corner = (row["reliance"] >= 0.5, row["leverage"] >= 0.5)
        if any(corner) or min(row["reliance"], row["leverage"]) >= _BOTH:
            corners.setdefault(corner, []).append(row)
    out = [row for row in ranked if str(row["item"]) in first]
    while any(corners.values()):
        out.extend(rows.pop(0) for rows in corners.values() if rows)
    return list({str(row["item"]): row for row in out}.values())
