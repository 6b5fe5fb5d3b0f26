"""`narrows show`: the chain by stage, who makes an item, or all that a place or a firm makes."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import narrows as nw
from narrows.cli import profiles
from narrows.cli.options import DEFAULT_CASE, PeriodOption, Settings, coded, opened
from narrows.cli.printing import print_csv, print_json, say_first
from narrows.terms import UnknownName, is_firm, place_name, places

if TYPE_CHECKING:
    from narrows.evidence import Case
    from narrows.measure import Profile

__all__ = ["show"]


def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A case (name or folder), or an item, place, group or firm of one."
        ),
    ] = DEFAULT_CASE,
    case: Annotated[
        str, typer.Option("--case", metavar="CASE", help="Bundled case or case folder to look in.")
    ] = DEFAULT_CASE,
    period: PeriodOption = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every set and every figure, with their sources.")
    ] = False,
    settings: Settings = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: every table.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV: the first table.")] = False,
) -> int:
    """Show a chain by stage, who makes an item, or all that a place or a firm makes."""
    whole = name in nw.evidence.bundled() or _is_folder(name)
    found = opened(name if whole else case, settings)
    seen = nw.measure.profile(found, None if whole else _known(found, name), period=period)
    if as_json:
        print_json({**nw.measure.profile_json(seen, found), **_about(seen, found)})
    elif as_csv:
        print_csv(next(iter(seen.tables.values())))
    else:
        say_first(found, seen.period)
        {"case": profiles.chain, "item": profiles.item}.get(seen.kind, profiles.holder)(
            seen, found, every=every
        )
    return 0


def _is_folder(name: str) -> bool:
    """Tell a case folder from an item or a place; a folder that is no case needs a slash."""
    if name in (".", "..") or "/" in name or os.sep in name:
        return True
    try:
        return (Path(name) / "case.yaml").is_file()
    except OSError:  # a folder that cannot be read hides no item
        return False


def _known(case: "Case", name: str) -> str:
    """Give the id of what is meant: items and places may be typed by name, firms without ``firm:``.

    Raises
    ------
    UnknownName
        When nothing carries the name; the nearest names are offered, those of places included.
    """
    items = {item: item for item in case.package.items}
    for item in case.package.items.values():
        items |= {alias: item.id for alias in item.alias if alias not in items}
    titles = {item.name.casefold(): item.id for item in case.package.items.values()}
    if name in items or case.knows(name) or coded(name) in places():
        return items.get(name, coded(name))
    if name.casefold() in titles:
        return titles[name.casefold()]
    firms = {firm.casefold(): firm for firm in (*case.package.seats, *_firms(case))}
    for typed in (name.casefold(), f"firm:{name}".casefold()):
        if typed in firms:
            return firms[typed]
    shown = [place_name(entity) for entity in (*places(), *firms.values())]
    known = [*case.package.items, *case.package.members, *shown]
    holding = [each for each in known if len(name) > 2 and name.casefold() in each.casefold()]
    raise UnknownName("item, place or firm", name, holding or known, where=case.name)


def _firms(case: "Case") -> list[str]:
    figures = (case.observations, case.assumptions)
    return [name for frame in figures for name in frame["entity"].unique() if is_firm(name)]


def _about(seen: "Profile", case: "Case") -> dict[str, Any]:
    """Give what the tables do not hold: what the thing is, where it is seated, who belongs."""
    if seen.kind == "case":
        stages = [{"id": stage.id, "title": stage.title} for stage in case.info.stages]
        return {"summary": case.info.summary, "stages": stages}
    if seen.kind == "item":
        item = case.item(seen.name)
        names = {"kind": str(item.kind), "stage": item.stage, "description": item.description}
        return {"item": {"id": item.id, **names}}
    if seen.kind == "firm":
        return {"seat": case.seat(seen.name)}
    return {"members": sorted(case.members(seen.name) - {seen.name})}
