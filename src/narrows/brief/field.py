"""The drawing of the third answer: what each side takes from the other, item by item."""

from collections.abc import Mapping
from typing import Any

from narrows.brief import words
from narrows.brief.facts import Facts, records, weakest
from narrows.brief.figures import Corners, Point, draw_scatter
from narrows.brief.limits import Limits
from narrows.brief.pictures import SIDE, cells
from narrows.brief.tree import Column, Figure, Name, Table, Text, Value
from narrows.brief.values import part
from narrows.terms import Grade

__all__ = ["field", "firmest", "hold"]

_BOTH = 0.2  # a hold in both directions worth a name


def field(facts: Facts, sides: tuple[list[str], list[str]], limits: Limits) -> Figure:
    """Draw autonomy against indispensability."""
    us, them = (words.listed(side) for side in sides)
    rows = records(facts.results.autonomy.dropna(subset=["reliance", "leverage"]))
    ranked = sorted(rows, key=lambda row: -max(row["reliance"], row["leverage"]))
    corners = Corners(
        top_left="we hold them",
        top_right="each holds the other",
        bottom_left="neither",
        bottom_right="they hold us",
        across=f"taken from {them}, %",
        up="taken from us, %",
    )
    points = _points(facts, ranked, limits.labels)
    drawn = draw_scatter(points, corners, width=SIDE, height=limits.field_height)
    numbers = [
        (facts.name(str(row["item"])), hold(facts, row, "reliance"), hold(facts, row, "leverage"))
        for row in ranked
    ]
    text = "; ".join(f"{name}: {ours.text}, {theirs.text}" for name, ours, theirs in numbers[:12])
    columns = (
        Column("Item"),
        Column(f"Taken from {them}", "right"),
        Column(f"Taken from {us}", "right"),
    )
    twin_rows = tuple(cells(name, (ours,), (theirs,)) for name, ours, theirs in numbers)
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
        twin=Table("Reliance in both directions", columns, twin_rows),
    )


def _points(facts: Facts, ranked: list[dict[str, Any]], labels: int) -> tuple[Point, ...]:
    """Give the points of the field, those with a name first."""
    main = [str(row["item"]) for row in _spread(facts, ranked)[:labels]]
    order = {item: place for place, item in enumerate(main)}
    return tuple(
        Point(
            facts.name(str(row["item"])),
            float(row["reliance"]),
            float(row["leverage"]),
            str(row["item"]) in main,
        )
        for row in sorted(ranked, key=lambda row: order.get(str(row["item"]), len(order)))
    )


def hold(facts: Facts, row: Mapping[str, Any], column: str) -> Value:
    """Give how much of an item one side takes from the other."""
    item = str(row["item"])
    known = facts.every.get(item)
    grade = weakest([str(known["grade"]) if known else Grade.ASSUMED, Grade.DERIVED])
    return part(float(row[column]), f"autonomy/{item}/{column}", grade, facts.sources_of(item))


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
