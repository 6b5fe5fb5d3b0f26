"""`narrows screen compare`: jurisdictions, days, ways and control lists side by side."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

import narrows as nw
from narrows.cli.options import Csv, Json, coded
from narrows.cli.printing import print_csv, print_json, say
from narrows.cli.screen_options import Jurisdictions, days, packs
from narrows.cli.screen_printing import notice, rows_table
from narrows.cli.screen_shipments import given
from narrows.cli.tables import Column, text
from narrows.terms import BadInput, Fault

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

__all__ = ["compare"]


def compare(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[SHIPMENT]", help="YAML file, or a worked shipment by its name."),
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="DATE", help="Day; repeat to see what flips between days."),
    ] = None,
    jurisdictions: Jurisdictions = None,
    members: Annotated[
        list[str] | None,
        typer.Option(
            "--member", metavar="PLACE", help="Send it from this place instead; repeatable."
        ),
    ] = None,
    through: Annotated[
        list[str] | None,
        typer.Option("--through", metavar="PLACE", help="And through this place; repeatable."),
    ] = None,
    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--list", metavar="NAME", help="Two control lists against each other: who has more."
        ),
    ] = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> int:
    """Compare what jurisdictions require: of one shipment, on several days, by other ways.

    With --member or --through: which way lets it pass where another would not.
    With two --list and no shipment: which control list has more.
    """
    wanted = days(on)
    if lists:
        frame, dates = _lists(file, lists, wanted)
        kind = "lists"
    elif file is None:
        raise BadInput(Fault("SHIPMENT, --list", None, "", "neither", "one of the two"))
    elif members or through:
        frame, dates = _ways(file, wanted, jurisdictions, members, through)
        kind = "ways"
    else:
        frame, dates = _days(file, wanted, jurisdictions)
        kind = "days" if len(wanted) > 1 else "jurisdictions"
    if as_json:
        head = {"schema": "narrows/screen-compare/1", "kind": kind, "notice": nw.screen.NOTICE}
        print_json({**head, "rules_as_of": dates, "rows": frame.to_dict("records")})
    elif as_csv:
        print_csv(frame.assign(notice=nw.screen.NOTICE))
    else:
        _show(kind, frame)
        notice(nw.screen.NOTICE, dates)
    return 0


def _dates(jurisdictions: list[str] | None) -> dict[str, str]:
    from narrows.screen.shipments import chosen_packs

    return {each.id: each.as_of.isoformat() for each in chosen_packs(packs(jurisdictions))}


def _lists(
    file: str | None, lists: list[str], wanted: "list[date]"
) -> "tuple[pd.DataFrame, dict[str, str]]":
    from narrows.screen.items.reading import control_list

    if file is not None or len(lists) != 2:
        found = f"{len(lists)} lists" + (" and a shipment" if file else "")
        raise BadInput(Fault("--list", None, "", found, "two lists, and no shipment"))
    on = wanted[0] if wanted else datetime.now(tz=UTC).date()
    dates = {name: control_list(name).as_of.isoformat() for name in lists}
    return nw.screen.compare_lists(lists[0], lists[1], on=on).to_frame(), dates


def _ways(
    file: str,
    wanted: "list[date]",
    jurisdictions: list[str] | None,
    members: list[str] | None,
    through: list[str] | None,
) -> "tuple[pd.DataFrame, dict[str, str]]":
    from narrows.screen.coalition import MEMBERS

    found = nw.screen.coalition_gaps(
        given(file),
        members=[coded(each) for each in members or MEMBERS],
        through=[coded(each) for each in through or ()],
        on=wanted[0] if wanted else None,
        jurisdictions=packs(jurisdictions),
    )
    return found.to_frame(), _dates(jurisdictions)


def _days(
    file: str, wanted: "list[date]", jurisdictions: list[str] | None
) -> "tuple[pd.DataFrame, dict[str, str]]":
    chosen, path = packs(jurisdictions), given(file)
    if len(wanted) > 1:
        frame = nw.screen.compare_shipments([path], on=wanted, jurisdictions=chosen)
    else:
        on = wanted[0] if wanted else None
        frame = nw.screen.compare_shipment(path, on=on, jurisdictions=chosen).to_frame()
    return frame, _dates(jurisdictions)


def _show(kind: str, frame: "pd.DataFrame") -> None:
    shown = {
        "jurisdictions": [
            ("jurisdiction", Column("whose")),
            ("in_words", text("required", 16)),
            ("reaches", Column("reaches")),
            ("strictest", Column("asks most")),
            ("citations", text("where", 20, spare=1)),
            ("missing", text("missing facts", 16)),
        ],
        "ways": [
            ("origin", Column("from")),
            ("through", Column("through")),
            ("required", Column("required")),
            ("gap", Column("gap")),
            ("stopped_by", text("stopped by", 10)),
            ("rules", text("rules", 16, spare=1)),
        ],
        "lists": [
            ("spine", text("kind of thing", 12)),
            ("verdict", Column("who has more")),
            ("first_entries", text("first", 10, spare=2)),
            ("second_entries", text("second", 10, spare=2)),
            ("only_first", text("only the first", 20)),
            ("only_second", text("only the second", 20)),
            ("read", Column("read", spare=1)),
        ],
    }
    columns = shown.get(kind) or [(str(name), Column(str(name))) for name in frame.columns]
    cells = [name for name, _ in columns]
    plain = frame.replace({True: "yes", False: "no"})
    rows_table(plain.to_dict("records"), cells, [column for _, column in columns])
    if kind == "ways":
        gaps = int((frame["gap"] == "open").sum())
        say(f"{gaps} of {len(frame)} ways surely ask for less than the strictest.")
