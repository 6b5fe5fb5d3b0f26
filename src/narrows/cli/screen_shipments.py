"""`narrows screen item`, `shipment` and `compare`: what the rules of each jurisdiction say."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import narrows as nw
from narrows.cli.options import Csv, Json
from narrows.cli.printing import say
from narrows.cli.screen_options import (
    Jurisdictions,
    Keep,
    On,
    RecordFile,
    day,
    keep,
    packs,
    printed,
    told_kept,
)
from narrows.cli.screen_printing import notice, rows_table
from narrows.cli.tables import Column, text
from narrows.terms import UnknownName

if TYPE_CHECKING:
    from narrows.screen import Classification, ShipmentResult

__all__ = ["given", "item", "shipment"]

_LEVELS = ("exception", "needs_facts", "licence", "prohibited")
Given = Annotated[
    str, typer.Argument(metavar="SHIPMENT", help="YAML file, or a worked shipment by its name.")
]


def given(name: str) -> Path:
    """Give the file of a shipment: as typed, or a worked one by its name.

    Raises
    ------
    UnknownName
        When there is neither.
    """
    known = nw.screen.worked_shipments()
    path = Path(name)
    if path.suffix or len(path.parts) > 1 or path.exists():
        return path
    if name not in known:
        raise UnknownName("shipment", name, list(known), where="SHIPMENT")
    return known[name]


def item(
    file: Annotated[str, typer.Argument(metavar="ITEM", help="YAML file with its parameters.")],
    on: On = None,
    lists: Annotated[
        list[str] | None,
        typer.Option(
            "--list",
            metavar="NAME",
            help="Control list such as us, jp, eu; repeatable. [default: all]",
        ),
    ] = None,
    fail_on: Annotated[
        Literal["controlled", "open"] | None,
        typer.Option("--fail-on", help="Exit with 1 where a list has it controlled, or open too."),
    ] = None,
    kept: Keep = True,
    record: RecordFile = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> int:
    """Show which control entries an item meets, and ask for the parameters that can change it."""
    found = nw.screen.classify(given(file), on=day(on), lists=lists or None)
    where = keep(found, kept, record)
    if not printed(found.as_json(), found.to_frame(), where, as_json=as_json, as_csv=as_csv):
        _show_item(found)
        told_kept(where)
    words = {"controlled": ("controlled",), "open": ("controlled", "open")}
    failing = words[fail_on] if fail_on else ()
    return int(any(found.answer(each.id) in failing for each in found.lists))


def _show_item(found: "Classification") -> None:
    say(f"{found.item.title or found.item.name}, on {found.on}", style="bold")
    columns = [Column("list"), Column("answer"), text("entry", 8), text("controls", 20)]
    columns += [text("because", 24), text("missing", 24), text("where", 16, spare=2)]
    columns += [Column("read", spare=3), Column("list of", spare=1)]
    cells = ("list", "answer", "entry", "title", "because", "missing", "cite", "read")
    rows_table(found.rows(), (*cells, "list_as_of"), columns)
    for each in found.questions:
        unit = f" ({each.unit})" if each.unit else ""
        choices = f" One of: {', '.join(each.choices)}." if each.choices else ""
        say(f"Ask {each.fact}{unit}: {each.ask}{choices} It decides {each.decides} entries.")
    for hint in found.hints:
        row = hint.as_row()
        say(
            f"HS {row['hs']} ({row['description']}) points to {row['points_to']}: "
            "where to look, no verdict."
        )
    notice(found.notice, {each.id: each.as_of.isoformat() for each in found.lists})


def shipment(
    file: Given,
    on: On = None,
    jurisdictions: Jurisdictions = None,
    trace: Annotated[
        str | None,
        typer.Option("--trace", metavar="NAME", help="Every rule of one jurisdiction as applied."),
    ] = None,
    fail_at: Annotated[
        Literal["exception", "needs_facts", "licence", "prohibited"] | None,
        typer.Option("--fail-at", help="Exit with 1 where a jurisdiction requires this or more."),
    ] = None,
    kept: Keep = True,
    record: RecordFile = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> int:
    """Show what each jurisdiction requires of a shipment on a day, why, and which facts lack."""
    chosen = packs(jurisdictions)
    found = nw.screen.shipment(given(file), on=day(on), jurisdictions=chosen)
    if trace is not None and trace not in found.jurisdictions:
        raise UnknownName("jurisdiction", trace, found.jurisdictions, where="--trace")
    where = keep(found, kept, record, chosen or ())
    frame = found.to_frame() if trace is None else found.trace(trace)
    if not printed(found.as_json(), frame, where, as_json=as_json, as_csv=as_csv):
        _show_shipment(found)
        if trace is not None:
            _show_trace(found, trace)
        told_kept(where)
    return _exit(found, fail_at)


def _exit(found: "ShipmentResult", fail_at: str | None) -> int:
    if fail_at is None:
        return 0
    failing = _LEVELS[_LEVELS.index(fail_at) :]
    return int(any(word in failing for word in found.required().values()))


def _show_shipment(found: "ShipmentResult") -> None:
    say(f"{found.shipment.title or found.shipment.name}, on {found.on}", style="bold")
    columns = [Column("whose"), text("required", 16), text("rules", 16), text("where", 20, spare=2)]
    columns += [text("entries", 12, spare=3), text("missing facts", 16)]
    columns += [Column("rules of", spare=1)]
    cells = ("jurisdiction", "in_words", "rules", "citations", "entries", "missing", "rules_as_of")
    rows = found.as_json()["rows"]
    rows_table(rows, cells, columns)
    for row in rows:
        for question in filter(None, row["questions"].split(" | ")):
            say(f"Ask ({row['jurisdiction']}): {question}")
        for note in filter(None, row["notes"].split(" | ")):
            say(f"{row['jurisdiction']}: {note}", style="dim")
    notice(found.notice, {each.pack.id: each.pack.as_of.isoformat() for each in found.decisions})


def _show_trace(found: "ShipmentResult", name: str) -> None:
    columns = [text("rule", 14), Column("effect"), Column("fires"), Column("lifted")]
    columns += [text("because", 24), text("where", 20), Column("from", spare=2)]
    columns += [Column("until", spare=2), Column("read", spare=3)]
    cells = ("rule", "effect", "fires", "lifted", "because", "cite", "from", "until", "read")
    frame = found.trace(name)
    rows_table(frame.to_dict("records"), cells, columns, title=f"Rules of {name}")
