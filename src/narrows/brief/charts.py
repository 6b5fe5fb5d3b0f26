"""The two large drawings of the second page: the chain in lanes, items against places."""

from narrows.brief import words
from narrows.brief.facts import UNNAMED, Facts
from narrows.brief.figures import Box, Lane, MatrixCell, MatrixRow, draw_lanes, draw_matrix
from narrows.brief.limits import Limits
from narrows.brief.pictures import cells
from narrows.brief.tree import Cite, Column, Figure, Table, Text
from narrows.terms import Grade, is_firm

__all__ = ["lanes", "matrix"]

FULL = 493.0  # width of the text of a page, in points
MATRIX = 326.0
_CODE = 4  # longer names of groups are written out
OPEN = 0.1  # bounds of the index further apart than this are hatched


def lanes(facts: Facts, limits: Limits) -> Figure:
    """Draw the chain by stage, the most concentrated items of each stage first."""
    drawn_lanes = tuple(
        lane for stage in facts.stages if (lane := _lane(facts, stage, limits.boxes)) is not None
    )
    drawn = draw_lanes(drawn_lanes, width=FULL, per_lane=limits.boxes)
    rows = [
        cells(
            box.name,
            lane.title,
            box.top or "makers unknown",
            "" if box.index is None else words.decimals(box.index),
        )
        for lane in drawn_lanes
        for box in lane.boxes
    ]
    said = []
    for lane in drawn_lanes:
        names = [f"{box.name} ({box.top})" if box.top else box.name for box in lane.boxes]
        more = f", and {lane.more} more" if lane.more else ""
        said.append(f"{lane.title}: {', '.join(names)}{more}.")
    columns = (Column("Item"), Column("Stage"), Column("Largest maker"), Column("HHI", "right"))
    return Figure(
        id="lanes",
        svg=drawn.svg,
        width=drawn.width,
        height=drawn.height,
        alt="The chain by stage, the most concentrated items first. " + " ".join(said),
        caption=(
            Text("The most concentrated items of each stage, with the largest maker and its share"),
        ),
        twin=Table("The chain by stage", columns, tuple(rows)),
    )


def _lane(facts: Facts, stage: str, most: int) -> Lane | None:
    """Give a lane: items with a figure by concentration, then those without."""
    members = [item for item, row in facts.items.items() if row["stage"] == stage]
    members = [item for item in members if facts.items[item]["kind"] != "group"]
    if not members:
        return None
    known = sorted(
        (item for item in members if item in facts.rows),
        key=lambda item: int(facts.rows[item]["rank"]),
    )
    if not known:
        boxes = tuple(Box(facts.name(item)) for item in members)
        return Lane(facts.stages[stage], boxes)
    shown = [*known, *(item for item in members if item not in facts.rows)][:most]
    return Lane(
        facts.stages[stage], tuple(_box(facts, item) for item in shown), len(members) - len(shown)
    )


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
    table = {item: _cells(facts, item) for item in items}
    places = _matrix_places(facts, table)[: limits.matrix_places]
    rows = tuple(MatrixRow(facts.name(item), table[item]) for item in items)
    headings = tuple(place if len(place) <= _CODE else facts.place(place) for place in places)
    drawn = draw_matrix(rows, places, headings, width=MATRIX)
    lines, said = [], []
    for row in rows:
        shares = [_percent(row.cells[place]) if place in row.cells else "" for place in places]
        lines.append(cells(row.name, *shares))
        named = [
            f"{facts.place(p)} {share}" for p, share in zip(places, shares, strict=True) if share
        ]
        said.append(f"{row.name}: {', '.join(named) or 'none of these places'}.")
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


def _percent(cell: MatrixCell) -> str:
    return words.percent(cell.part) + (" (assumed)" if cell.assumed else "")


def _matrix_items(facts: Facts) -> list[str]:
    wanted = [item for item in facts.brief("matrix_items", ()) if item in facts.every]
    return wanted or list(facts.rows)


def _cells(facts: Facts, item: str) -> dict[str, MatrixCell]:
    return {
        str(row["entity"]): MatrixCell(float(row["value"]) / 100, row["grade"] == Grade.ASSUMED)
        for row in facts.shares(item, rest="split")
        if row["entity"] not in UNNAMED and not is_firm(str(row["entity"]))
    }


def _matrix_places(facts: Facts, table: dict[str, dict[str, MatrixCell]]) -> tuple[str, ...]:
    wanted = tuple(facts.brief("matrix_places", ()))
    if wanted:
        return wanted
    weight: dict[str, float] = {}
    for row in table.values():
        for place, cell in row.items():
            weight[place] = weight.get(place, 0) + cell.part
    return tuple(sorted(weight, key=lambda place: (-weight[place], place)))
