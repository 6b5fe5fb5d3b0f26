"""Everything known about a case, an item, a place or a firm, as tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from narrows.evidence import Case, RecipeRow, is_supply
from narrows.measure.concentration import concentration
from narrows.measure.results import about, rows, sources
from narrows.terms import FIRM, UnknownName, places

__all__ = ["Profile", "profile", "profile_json"]

_NUMBERS = ("allocation", "stops_fraction", "substitute_days", "cover_days")
_FIGURE = ("id", "measure", "entity", "period", "value", "low", "high", "unit", "basis", "status")


@dataclass(frozen=True)
class Profile:
    """What is known about one subject.

    Attributes
    ----------
    kind
        ``case``, ``item``, ``place`` or ``firm``.
    name, title
        Id and name to show.
    period
        Period looked at.
    tables
        By name. case: items. item: makers (the set in use), other_sets, needs, needed_by,
        figures. place and firm: makes, figures.
    """

    kind: str
    name: str
    title: str
    period: str
    tables: dict[str, pd.DataFrame]


def profile(case: Case, name: str | None = None, *, period: str | int | None = None) -> Profile:
    """Look up the case itself, an item, a place or a firm.

    Parameters
    ----------
    case
        The case.
    name
        Item (id or alias), place, group or ``firm:NAME``; the case itself where not given.
    period
        Period; the default one of the case where not given.

    Raises
    ------
    UnknownName
        When the case knows no such name; the nearest ones are given.
    """
    wanted = case.period(period)
    if name is None or name == case.name:
        return Profile("case", case.name, case.title, wanted, {"items": _items(case, wanted)})
    if case.knows(name) or name in places():
        return _holder(case, name, wanted)
    if f"{FIRM}{name}" in case.package.seats or case.knows(f"{FIRM}{name}"):
        return _holder(case, f"{FIRM}{name}", wanted)
    try:
        item = case.item(name)
    except UnknownName:
        known = [*case.package.items, *case.package.members, *case.package.seats]
        raise UnknownName("item, place or firm", name, known, where=case.name) from None
    rows = case.recipe(wanted).values()
    tables = {
        "makers": case.shares(item.id, period=wanted),
        "other_sets": _others(case, item.id, wanted),
        "needs": _edges(case, (row for row in rows if row.item == item.id)),
        "needed_by": _edges(case, (row for row in rows if row.input == item.id)),
        "figures": _figures(case, "subject", item.id),
    }
    return Profile("item", item.id, item.name, wanted, tables)


def _items(case: Case, period: str) -> pd.DataFrame:
    """Give every item with its stage, its largest provider and how concentrated it is."""
    found = concentration(case, period=period).drop(columns=["name", "stage"])
    items = case.items[["id", "name", "kind", "stage"]].rename(columns={"id": "item"})
    order = {stage.id: number for number, stage in enumerate(case.info.stages)}
    frame = items.merge(found, on="item", how="left")
    frame["_stage"] = frame["stage"].map(order)
    frame = frame.sort_values(["_stage", "hhi_low"], ascending=[True, False], kind="stable")
    return frame.drop(columns="_stage").reset_index(drop=True)


def _measures(case: Case, item: str) -> list[str]:
    """Give the share measures of an item, its own first."""
    own = (case.package.items[item].measure, case.package.items[item].measure_headquarters)
    return sorted(
        case.package.index.measures(item), key=lambda measure: (measure not in own, measure)
    )


def _edges(case: Case, rows: Iterable[RecipeRow]) -> pd.DataFrame:
    out = [
        {
            "item": row.item,
            "input": row.input,
            "criticality": str(row.criticality),
            **{name: case.number(row, name) for name in _NUMBERS},
            "grade": str(row.grade),
            "source_id": row.source_id,
            "note": row.note,
        }
        for row in rows
    ]
    columns = ["item", "input", "criticality", *_NUMBERS, "grade", "source_id", "note"]
    frame = pd.DataFrame(out, columns=columns)
    return frame.astype(dict.fromkeys(_NUMBERS, "float64"))


def _others(case: Case, item: str, period: str) -> pd.DataFrame:
    """Give the shares of every set that is not in use, of all measures and periods."""
    used = set(case.shares(item, period=period)["id"])
    frames = [
        case.shares(item, measure, all=True, status=status)
        for measure in _measures(case, item)
        for status in ("actual", "forecast", "plan")
    ]
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return case.shares(item, period=period).iloc[:0]
    whole = pd.concat(frames, ignore_index=True)
    return whole[~whole["id"].isin(used)].reset_index(drop=True)


def _holder(case: Case, name: str, period: str) -> Profile:
    """Give all that a place, a group or a firm makes."""
    inside = {name, *case.package.members.get(name, ())}
    firm = name.startswith(FIRM)
    rows = []
    for item in case.package.items.values():
        for measure in filter(is_supply, _measures(case, item.id)):
            shares = case.in_use(item.id, measure, period=period, firms=firm)
            if shares is None or inside.isdisjoint(row.entity for row in shares.rows):
                continue
            order = shares.frame()
            order["rank"] = order["value"].rank(ascending=False, method="min").astype(int)
            mine = order[order["entity"].isin(inside)]
            rows += [
                {"item": item.id, "name": item.name, "stage": item.stage, **row}
                for row in mine.to_dict("records")
            ]
    lead = ["item", "name", "stage", "entity", "value", "rank", "low", "high", "unit", "basis"]
    rest = ["measure", "period", "grade", "source_id", "locator", "filled", "id", "note"]
    frame = pd.DataFrame(rows, columns=[*lead, *rest])
    frame = frame.sort_values("value", ascending=False, kind="stable").reset_index(drop=True)
    title = name.removeprefix(FIRM) if firm else places().get(name, name)
    tables = {"makes": frame, "figures": _figures(case, "entity", name)}
    return Profile("firm" if firm else "place", name, title, period, tables)


def _figures(case: Case, column: str, name: str) -> pd.DataFrame:
    """Give the figures that are no shares, observations and assumptions alike."""
    frames = [case.observations, case.assumptions]
    whole = pd.concat(frames, ignore_index=True)
    mine = whole[(whole[column] == name) & ~whole["measure"].str.contains("_share")]
    lead = ["subject", *_FIGURE] if column == "entity" else list(_FIGURE)
    return mine[[*lead, "grade", "source_id", "locator", "note", "reason"]].reset_index(drop=True)


def profile_json(seen: Profile, case: Case) -> dict[str, Any]:
    """Give a profile in its JSON form: one list of rows for each table, with its sources."""
    ids = [frame["source_id"] for frame in seen.tables.values()]
    wanted = dict.fromkeys(name for column in ids for name in column if isinstance(name, str))
    return {
        "schema": f"narrows/{seen.kind}/1",
        "case": about(case),
        "settings": {"name": seen.name, "period": seen.period},
        "title": seen.title,
        **{name: rows(frame) for name, frame in seen.tables.items()},
        "sources": sources(case, wanted),
    }
