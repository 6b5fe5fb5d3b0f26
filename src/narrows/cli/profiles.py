"""What `narrows show` prints: a case, an item, and a place, group or firm."""

import math
from typing import TYPE_CHECKING, Any

from narrows.cli.cells import days, figure, part, percent, span
from narrows.cli.notes import FILLED, dated, notes
from narrows.cli.printing import records, say
from narrows.cli.tables import Column, number, print_table, print_tables, text
from narrows.terms import ASSUMED_SOURCE, place_name

if TYPE_CHECKING:
    import pandas as pd

    from narrows.evidence import Case
    from narrows.measure import Profile

__all__ = ["chain", "holder", "item"]

_FEW = 8
_UNITS = {"percent": "%"}
_HEADINGS = {
    "place": {
        "location": "Made there",
        "headquarters": "Made by firms seated there, wherever they make it",
    },
    "firm": {"headquarters": "What it makes", "location": "What it makes, by place"},
}


def chain(seen: "Profile", case: "Case", *, every: bool) -> None:  # noqa: ARG001 - as the others
    """Print the items of a case by stage, the most concentrated first."""
    say(f"{case.title}, {seen.period}", style="bold")
    say(case.info.summary)
    say("")
    frame = seen.tables["items"]
    parts = [
        (stage.title, [_maker(row) for row in records(frame[frame["stage"] == stage.id])])
        for stage in case.info.stages
    ]
    columns = [text("item", 16), text("name", 20, spare=4), text("largest", 8), number("share")]
    columns += [number("HHI at least"), text("basis", 8, spare=3), Column("period", spare=2)]
    columns += [Column("grade"), text("source", 18, spare=1)]
    print_tables([(title, rows) for title, rows in parts if rows], columns)
    say(
        "\nHHI: sum of squared shares, 1 for a single provider; unnamed providers count as many. "
        "A dash: no figure on who makes it.\n"
        "Next: narrows show ITEM, narrows show PLACE, narrows measure concentration.",
        style="dim",
    )


def _maker(row: Any) -> list[str]:  # noqa: ANN401 - a row of a table
    known = isinstance(row.top_entity, str)
    return [
        *(str(row.item), str(row.name), place_name(row.top_entity) if known else "-"),
        *(part(row.top_share), f"{row.hhi_low:.3f}" if known else "-"),
        *(str(cell) if known else "" for cell in (row.basis, row.period, row.grade)),
        str(row.source_id) if known else "",
    ]


def item(seen: "Profile", case: "Case", *, every: bool) -> None:
    """Print who makes an item, what it needs and what needs it."""
    found = case.item(seen.name)
    say(f"{seen.title} ({seen.name}), {seen.period}", style="bold")
    stage = next(stage.title for stage in case.info.stages if stage.id == found.stage)
    say(f"Stage: {stage}. Kind: {found.kind}. {found.description}".strip())
    makers = seen.tables["makers"]
    say("")
    _sets("Who makes it", makers)
    _edges("What it needs", seen.tables["needs"], case, "input")
    _edges("What needs it", seen.tables["needed_by"], case, "item")
    others = seen.tables["other_sets"]
    used = [makers]
    if len(others):
        say("")
        if every:
            _sets("Not in use", others)
            used.append(others)
        else:
            sets = len(others.groupby(["measure", "period", "basis", "status", "source_id"]))
            kind = "set" if sets == 1 else "sets"
            say(f"{sets} more {kind} of shares, not in use: --all shows.", style="dim")
    used += _figures(seen.tables["figures"], every=every)
    _sources(case, used, every=every)


def holder(seen: "Profile", case: "Case", *, every: bool) -> None:
    """Print all that a place, a group or a firm makes."""
    makes = seen.tables["makes"]
    group = seen.kind == "place" and seen.name in case.package.members
    say(_who(seen, case, group=group), style="bold")
    if makes.empty:
        say("What it makes: no share is known.")
    else:
        say("")
        _makes(makes, _HEADINGS[seen.kind], group=group)
    used = _figures(seen.tables["figures"], every=every)
    if every:
        _sources(case, [makes, *used], every=True)
    elif len(makes):
        say("Sources: --all names them, --json holds them.", style="dim")


def _makes(makes: "pd.DataFrame", headings: dict[str, str], *, group: bool) -> None:
    columns = [text("item", 16), text("name", 16, spare=4), *([text("place", 8)] if group else [])]
    columns += [number("share"), number("rank"), text("measure", 12, spare=2)]
    columns += [Column("period", spare=1), Column("grade"), text("source", 18)]
    parts = [
        (title, [_made(row, group=group) for row in records(makes[makes["basis"] == basis])])
        for basis, title in headings.items()
    ]
    print_tables([(title, rows) for title, rows in parts if rows], columns)
    lines = ["rank: among the providers of the item."]
    if group:
        lines.append("A share of the group beside one of a member is the rest of the group.")
    if makes["filled"].astype(bool).any():
        lines.append(FILLED)
    notes(lines)


def _who(seen: "Profile", case: "Case", *, group: bool) -> str:
    if seen.kind == "firm":
        seat = case.seat(seen.name)
        where = f"seated in {place_name(seat)}" if seat != "Other" else "seat not known"
        return f"{seen.title} ({seen.name}), {where}, {seen.period}"
    if group:
        members = ", ".join(sorted(place_name(name) for name in case.members(seen.name)))
        return f"{seen.title}, {seen.period}: {members}"
    return f"{seen.title} ({seen.name}), {seen.period}"


def _made(row: Any, *, group: bool) -> list[str]:  # noqa: ANN401 - a row of a table
    return [
        *(str(row.item), str(row.name), *([place_name(row.entity)] if group else [])),
        *(percent(row.value), str(row.rank), _plain(row.measure)),
        *(dated(row), str(row.grade), str(row.source_id)),
    ]


def _sets(title: str, frame: "pd.DataFrame") -> None:
    """Print sets of shares, each under a line that says what it counts."""
    if frame.empty:
        say(f"{title}: no share is known.")
        return
    columns = [text("provider", 10), text("id", 8), number("share"), Column("range")]
    columns += [Column("grade"), text("source", 18), text("locator", 16)]
    assumed = not frame["locator"].astype(bool).all()
    columns[-1] = text("locator or reason" if assumed else "locator", 24 if assumed else 16)
    keys = ["measure", "period", "basis", "status", "source_id"]
    parts = []
    for (measure, period, basis, status, _), rows in frame.groupby(keys, sort=False):
        what = f"{_plain(measure)}, {period}, by {basis}"
        what += "" if status == "actual" else f", {status}"
        parts.append((f"{title}: {what}", [_share(row) for row in records(rows)]))
    print_tables(parts, columns)
    if filled := frame["filled"].iloc[0]:
        say(str(filled), style="dim")


def _share(row: Any) -> list[str]:  # noqa: ANN401 - a row of a table
    return [
        *(place_name(str(row.entity)), str(row.entity), percent(row.value)),
        *(span(row.low, row.high, " %"), str(row.grade), str(row.source_id)),
        _where(row),
    ]


def _where(row: Any) -> str:  # noqa: ANN401 - a row of a table
    """Give the place in the source; why, where we or the user assumed."""
    moved = row.grade == "assumed" and row.source_id != ASSUMED_SOURCE
    return str(row.note if moved else row.locator or row.note)


def _edges(title: str, frame: "pd.DataFrame", case: "Case", column: str) -> None:
    say("")
    if frame.empty:
        say(f"{title}: nothing in this case.")
        return
    names = case.package.items
    columns = [text(column, 16), text("name", 16, spare=2), Column("criticality"), number("stops")]
    columns += [number("stock"), number("of its use"), Column("grade"), text("source", 18, spare=1)]
    rows = []
    for row in records(frame):
        other = getattr(row, column)
        rows.append(
            [
                *(str(other), names[other].name, str(row.criticality), _stops(row)),
                *(days(row.cover_days), part(row.allocation), str(row.grade)),
                str(row.source_id),
            ]
        )
    print_table(rows, columns, title=title)
    if column == "input":
        say(
            "stops: part of the output that stops without the input. stock: days of normal use "
            "held by the buyer. of its use: part of the input's use in this case that goes here.",
            style="dim",
        )


def _stops(row: Any) -> str:  # noqa: ANN401 - a row of a table
    """Give what stops without an input; the case format says that an empty cell means all."""
    given = row.stops_fraction
    return part(1.0 if math.isnan(given) and row.criticality != "minor" else given)


def _figures(frame: "pd.DataFrame", *, every: bool) -> list["pd.DataFrame"]:
    """Print the figures that are no shares; give those that were shown."""
    if frame.empty:
        return []
    say("")
    shown = frame if every else frame.head(_FEW)
    lead = "subject" if "subject" in frame else "entity"
    columns = [text(lead, 12), text("measure", 12), Column("period"), text("value", 12)]
    columns += [Column("status", spare=2), Column("grade")]
    columns += [text("source"), text("locator or reason", 14, spare=1)]
    rows = [
        [
            *(place_name(str(getattr(row, lead))), _plain(row.measure), str(row.period)),
            *(_value(row), str(row.status), str(row.grade)),
            *(str(row.source_id), str(row.locator) or str(row.reason or "")),
        ]
        for row in records(shown)
    ]
    print_table(rows, columns, title="Other figures")
    if len(frame) > len(shown):
        say(f"{len(frame) - len(shown)} more: --all shows them.", style="dim")
    return [shown]


def _value(row: Any) -> str:  # noqa: ANN401 - a row of a table
    """Give a figure with its unit and range, or its bounds where the source gives no more."""
    unit = _UNITS.get(row.unit, row.unit)
    range_ = span(row.low, row.high)
    if math.isnan(row.value):
        return f"{range_} {unit}"
    return f"{figure(row.value)} {unit}" + (f" ({range_})" if range_ else "")


def _sources(case: "Case", frames: "list[pd.DataFrame]", *, every: bool) -> None:
    """Name the sources of the tables: of the shares in use, or of all that was shown."""
    wanted = {name for frame in (frames if every else frames[:1]) for name in frame["source_id"]}
    lines = []
    for name in sorted(wanted):
        source = case.package.sources.get(name)
        if source is not None:
            parts = (source.publisher, source.title, source.date, source.url)
            lines.append(f"{name}: {', '.join(part for part in parts if part)}")
    if lines:
        say("\nSources", style="bold")
        say("\n".join(lines))


def _plain(name: object) -> str:
    """Give the name of a measure in words."""
    return str(name).replace("_", " ")
