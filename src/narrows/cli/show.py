"""`narrows show`: the chain by stage, who makes an item, or all that a place or a firm makes."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from narrows import evidence, measure
from narrows.cli.options import Csv, Json, PeriodOption, Settings, opened
from narrows.cli.printing import console, percent, print_csv, print_json, print_table, records
from narrows.evidence import Case
from narrows.measure import Profile
from narrows.terms import place_name

__all__ = ["show"]

_DEFAULT = "semiconductors"


def show(
    name: Annotated[
        str, typer.Argument(help="A case (name or folder), or an item, place or firm of one.")
    ] = _DEFAULT,
    case: Annotated[str, typer.Option("--case", help="Case to look in.")] = _DEFAULT,
    period: PeriodOption = None,
    every: Annotated[bool, typer.Option("--all", help="Every set and every figure.")] = False,
    settings: Settings = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> int:
    """Show a chain by stage, who makes an item, or all that a place or a firm makes."""
    whole = name in evidence.bundled() or _is_folder(name)
    found = opened(name if whole else case, settings)
    seen = measure.profile(found, None if whole else name, period=period)
    if as_json:
        print_json(measure.profile_json(seen, found))
    elif as_csv:
        print_csv(next(iter(seen.tables.values())))
    elif seen.kind == "case":
        _chain(seen, found)
    elif seen.kind == "item":
        _item(seen, found, every=every)
    else:
        _holder(seen, found, every=every)
    return 0


def _is_folder(name: str) -> bool:
    return "/" in name or Path(name).is_dir()


def _chain(seen: Profile, case: Case) -> None:
    screen = console()
    screen.print(f"{case.title}, {seen.period}. {case.info.summary}", soft_wrap=True)
    frame = seen.tables["items"]
    for stage in case.info.stages:
        part = frame[frame["stage"] == stage.id]
        rows = [
            [
                *(str(row.item), str(row.name), _top(row.top_entity), percent(row.top_share)),
                *(_number(row.hhi_low, 3), _text(row.basis), _text(row.period)),
                *(_text(row.grade), _text(row.source_id)),
            ]
            for row in records(part)
        ]
        columns = ["item", "name", "largest", "%", "HHI", "basis", "period", "grade", "source"]
        screen.print()
        print_table(rows, columns, title=stage.title, right=("%", "HHI"), fold=("name",))
    screen.print(
        "\nHHI: what is sure, unnamed providers counted as many. "
        "Next: narrows show ITEM, narrows show PLACE, narrows measure concentration.",
        style="dim",
        soft_wrap=True,
    )


def _item(seen: Profile, case: Case, *, every: bool) -> None:
    item = case.item(seen.name)
    screen = console()
    head = f"{seen.title} ({seen.name}), {seen.period}"
    screen.print(f"{head}. {item.description}".rstrip(), soft_wrap=True)
    makers = seen.tables["makers"]
    screen.print()
    _shares("Who makes it", makers)
    if len(makers) and makers["filled"].iloc[0]:
        screen.print(str(makers["filled"].iloc[0]), style="dim", soft_wrap=True)
    for table, title, column in (
        ("needs", "What it needs", "input"),
        ("needed_by", "What needs it", "item"),
    ):
        screen.print()
        _edges(title, seen.tables[table], column)
    others = seen.tables["other_sets"]
    if len(others):
        screen.print()
        if every:
            _shares("Other sets, not in use", others)
        else:
            sets = others.groupby(["measure", "period", "basis", "source_id"]).ngroups
            screen.print(f"{sets} other sets, not in use: --all shows them.", style="dim")
    _figures(seen.tables["figures"], every=every)
    _sources(case, {*makers["source_id"]})


def _holder(seen: Profile, case: Case, *, every: bool) -> None:
    screen = console()
    makes = seen.tables["makes"]
    columns = ["item", "name", "%", "rank", "basis", "period", "measure", "grade", "source"]
    rows = [
        [
            *(str(row.item), str(row.name), _number(row.value), str(row.rank), str(row.basis)),
            *(str(row.period) + ("*" if row.filled else ""), str(row.measure), str(row.grade)),
            str(row.source_id),
        ]
        for row in records(makes)
    ]
    group = seen.name in case.package.members
    if group:
        columns.insert(2, "place")
        for row, entity in zip(rows, makes["entity"], strict=True):
            row.insert(2, place_name(entity))
    title = f"What {seen.title} makes, {seen.period}"
    if rows:
        print_table(rows, columns, title=title, right=("%", "rank"), fold=("name",))
    else:
        screen.print(f"{title}: no share is known.")
    if len(makes) and makes["filled"].astype(bool).any():
        screen.print("* no set for the period asked: the nearest one.", style="dim")
    _figures(seen.tables["figures"], every=every)


def _shares(title: str, frame: pd.DataFrame) -> None:
    if frame.empty:
        console().print(f"{title}: no share is known.")
        return
    rows = [
        [
            *(place_name(str(row.entity)), str(row.entity), _number(row.value)),
            *(_range(row.low, row.high), str(row.measure), str(row.period), str(row.basis)),
            *(str(row.grade), str(row.source_id), str(row.locator) or str(row.note)),
        ]
        for row in records(frame)
    ]
    columns = ["provider", "id", "%", "range", "measure", "period", "basis", "grade", "source"]
    print_table(rows, [*columns, "locator"], title=title, right=("%",), fold=("locator",))


def _edges(title: str, frame: pd.DataFrame, column: str) -> None:
    if frame.empty:
        console().print(f"{title}: nothing in this case.")
        return
    rows = [
        [
            *(str(getattr(row, column)), str(row.criticality)),
            *(percent(row.stops_fraction), _number(row.cover_days), percent(row.allocation)),
            *(str(row.grade), str(row.source_id)),
        ]
        for row in records(frame)
    ]
    columns = [column, "criticality", "stops %", "stock days", "of its use %", "grade", "source"]
    print_table(rows, columns, title=title, right=columns[2:5])


def _figures(frame: pd.DataFrame, *, every: bool) -> None:
    if frame.empty:
        return
    screen = console()
    screen.print()
    shown = frame if every else frame.head(8)
    lead = ["subject"] if "subject" in frame else ["entity"]
    rows = [
        [
            *(str(getattr(row, lead[0])), str(row.measure), str(row.period), _number(row.value)),
            *(_range(row.low, row.high), str(row.unit), str(row.status), str(row.grade)),
            *(str(row.source_id), str(row.locator) or str(row.reason or "")),
        ]
        for row in records(shown)
    ]
    columns = [*lead, "measure", "period", "value", "range", "unit", "status", "grade", "source"]
    print_table(
        rows, [*columns, "locator"], title="Other figures", right=("value",), fold=("locator",)
    )
    if len(frame) > len(shown):
        screen.print(f"{len(frame) - len(shown)} more: --all shows them.", style="dim")


def _sources(case: Case, names: set[str]) -> None:
    screen = console()
    for name in sorted(names):
        source = case.package.sources.get(name)
        if source is not None:
            parts = (source.publisher, source.title, source.date, source.url)
            text = ", ".join(part for part in parts if part)
            screen.print(f"{name}: {text}", style="dim", soft_wrap=True)


def _top(entity: object) -> str:
    return place_name(str(entity)) if isinstance(entity, str) else "-"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: float | None, digits: int | None = None) -> str:
    if value is None or pd.isna(value):
        return "-"
    return f"{value:.{digits}f}" if digits else f"{value:.4g}"


def _range(low: float | None, high: float | None) -> str:
    if pd.isna(low) and pd.isna(high):
        return ""
    return f"{_number(low)} to {_number(high)}"
