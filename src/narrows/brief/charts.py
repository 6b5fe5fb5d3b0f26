"""The two large drawings of the second page: the chain in lanes, items against places."""

from collections.abc import Mapping
from dataclasses import replace

from narrows.brief.facts import UNNAMED, Facts, Row
from narrows.brief.figures import Box, Lane, MatrixCell, MatrixRow, draw_lanes, draw_matrix
from narrows.brief.headlines import share_value
from narrows.brief.limits import Limits
from narrows.brief.pictures import cells
from narrows.brief.tree import Cell, Cite, Column, Figure, Runs, Table, Text, Value
from narrows.brief.values import index
from narrows.terms import Grade, is_firm

__all__ = ["lanes", "matrix"]

FULL = 493.0  # width of the text of a page, in points
MATRIX = 326.0
_CODE = 4  # longer names of groups are written out
_LANES = (
    Column("Item"),
    Column("Stage"),
    Column("Largest maker"),
    Column("Share", "right"),
    Column("HHI, lower bound", "right"),
)
OPEN = 0.1  # bounds of the index further apart than this are hatched


def lanes(facts: Facts, limits: Limits) -> Figure:
    """Draw the chain by stage, the most concentrated items of each stage first."""
    shown = {stage: _lane(facts, stage, limits.boxes) for stage in facts.stages}
    drawn_lanes = tuple(lane for _, lane in shown.values() if lane.boxes)
    drawn = draw_lanes(drawn_lanes, width=FULL, per_lane=limits.boxes)
    said = []
    for lane in drawn_lanes:
        names = [f"{box.name} ({box.top})" if box.top else box.name for box in lane.boxes]
        more = f", and {lane.more} more" if lane.more else ""
        said.append(f"{lane.title}: {', '.join(names)}{more}.")
    rows = tuple(
        _boxed(facts, item, stage) for stage, (items, _) in shown.items() for item in items
    )
    return Figure(
        id="lanes",
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt="The chain by stage, the most concentrated items first. " + " ".join(said),
        caption=(
            Text("The most concentrated items of each stage, with the largest maker and its share"),
        ),
        twin=Table("The chain by stage", _LANES, rows),
    )


def _lane(facts: Facts, stage: str, most: int) -> tuple[tuple[str, ...], Lane]:
    """Give the items of a lane and the lane: those with a figure by concentration, then others."""
    members = [item for item, row in facts.items.items() if row["stage"] == stage]
    members = [item for item in members if not facts.is_group(item)]
    known = sorted(
        (item for item in members if item in facts.rows),
        key=lambda item: int(facts.rows[item]["rank"]),
    )
    ordered = [*known, *(item for item in members if item not in facts.rows)]
    shown = tuple(ordered[:most] if known else ordered)
    boxes = tuple(_box(facts, item) for item in shown)
    return shown, Lane(facts.stages[stage], boxes, len(members) - len(shown))


def _boxed(facts: Facts, item: str, stage: str) -> tuple[Cell, ...]:
    """Give a box as a row of the table."""
    title = facts.stages[stage]
    if item not in facts.rows:
        return cells(facts.name(item), title, "makers unknown", "", "")
    holder, bound = facts.place(facts.top(item)), float(facts.rows[item]["hhi_low"])
    low = index(bound, f"concentration/{item}/hhi_low", Grade.DERIVED)
    return cells(facts.name(item), title, holder, (facts.top_value(item),), (low,))


def _box(facts: Facts, item: str) -> Box:
    row = facts.rows.get(item)
    if row is None:
        return Box(facts.name(item))
    holder = facts.top(item)
    shown = facts.place(holder) if is_firm(holder) else holder
    share = facts.top_value(item).text
    low, high = float(row["hhi_low"]), float(row["hhi_high"])
    return Box(
        facts.name(item),
        f"{shown} {share}",
        low,
        assumed=row["grade"] == Grade.ASSUMED,
        open=high - low > OPEN,
    )


def matrix(facts: Facts, limits: Limits) -> Figure:
    """Draw items against places, assumed shares hatched."""
    items = _matrix_items(facts)[: limits.matrix_rows]
    table = {item: _shares(facts, item) for item in items}
    places = _matrix_places(facts, table)[: limits.matrix_places]
    rows = tuple(MatrixRow(facts.name(item), _cells(table[item])) for item in items)
    headings = tuple(place if len(place) <= _CODE else facts.place(place) for place in places)
    drawn = draw_matrix(rows, places, headings, width=MATRIX)
    lines, said = [], []
    for item, shares in table.items():
        given = {place: _alone(item, shares[place]) for place in places if place in shares}
        values: list[Runs] = [(given[place],) if place in given else () for place in places]
        lines.append(cells(facts.name(item), *values))
        named = ", ".join(f"{facts.place(place)} {_percent(v)}" for place, v in given.items())
        said.append(f"{facts.name(item)}: {named or 'none of these places'}.")
    columns = (Column("Item"), *(Column(place, "right") for place in places))
    return Figure(
        id="matrix",
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt="Shares of places in items, in percent. " + " ".join(said),
        caption=(
            Text("Share of each place, percent; printed from 5 upwards"),
            Cite(tuple(name for item in items for name in facts.sources_of(item))),
        ),
        twin=Table("Who makes what", columns, tuple(lines)),
    )


def _alone(item: str, row: Row) -> Value:
    """Give a share without its interval, as the drawing shows it."""
    return replace(share_value(item, row), span="", ends=None)


def _percent(value: Value) -> str:
    return value.text + (" (assumed)" if value.grade is Grade.ASSUMED else "")


def _matrix_items(facts: Facts) -> list[str]:
    wanted = [item for item in facts.brief("matrix_items", ()) if item in facts.every]
    return wanted or list(facts.rows)


def _shares(facts: Facts, item: str) -> dict[str, Row]:
    """Give the shares of the places of an item; firms and what is not named are left out."""
    shares = {str(row["entity"]): row for row in facts.shares(item, rest="split")}
    return {
        entity: row
        for entity, row in shares.items()
        if entity not in UNNAMED and not is_firm(entity)
    }


def _cells(shares: Mapping[str, Row]) -> dict[str, MatrixCell]:
    return {
        place: MatrixCell(float(row["value"]) / 100, row["grade"] == Grade.ASSUMED)
        for place, row in shares.items()
    }


def _matrix_places(facts: Facts, table: Mapping[str, Mapping[str, Row]]) -> tuple[str, ...]:
    wanted = tuple(facts.brief("matrix_places", ()))
    if wanted:
        return wanted
    weight: dict[str, float] = {}
    for shares in table.values():
        for place, row in shares.items():
            weight[place] = weight.get(place, 0) + float(row["value"])
    return tuple(sorted(weight, key=lambda place: (-weight[place], place)))
