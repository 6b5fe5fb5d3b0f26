"""`narrows screen record`: what was screened, whether it is untouched, and deciding it again."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

import narrows as nw
from narrows.cli.options import Csv, Json, Top
from narrows.cli.printing import print_csv, print_json, progress, say
from narrows.cli.screen_options import RecordFile, day, opened_record
from narrows.cli.screen_printing import rows_table
from narrows.cli.tables import Column, number, text
from narrows.terms import BadInput, Fault

if TYPE_CHECKING:
    from narrows.screen import Kept, Replayed

__all__ = ["app"]

_NOTICE = "Decision support, not legal advice."
_MOST = 6

app = typer.Typer(help="Screenings kept: show, verify, decide again.", no_args_is_help=True)


@app.command()
def show(
    number_: Annotated[
        int | None, typer.Argument(metavar="[NUMBER]", min=1, help="One screening, in full.")
    ] = None,
    record: RecordFile = None,
    kind: Annotated[str, typer.Option("--kind", help="Only shipment, item, parties ...")] = "",
    top: Top = 25,
    as_json: Json = False,
    as_csv: Csv = False,
) -> int:
    """List the screenings kept, the newest first, or show one in full."""
    opened = opened_record(record, create=False)
    if number_ is not None:
        found = opened.get(number_)
        if as_json:
            print_json({"schema": "narrows/screen-record/1", **_whole(found)})
        elif as_csv:
            print_csv(_frame([found]))
        else:
            _show_one(found)
        return 0
    every = list(opened.all(kind=kind))[::-1]
    if as_json:
        head = {"schema": "narrows/screen-records/1", "notice": _NOTICE, "file": str(opened.path)}
        print_json({**head, "rows": [_row(each) for each in every]})
    elif as_csv:
        print_csv(_frame(every))
    else:
        columns = [number("number"), Column("written"), Column("kind"), Column("for")]
        columns += [text("about", 16), text("outcome", 24), Column("digest", spare=1)]
        cells = ("number", "at", "kind", "on", "about", "outcome", "digest")
        rows_table([_row(each) for each in every[: top or None]], cells, columns)
        say(f"{len(every)} screenings in {opened.path}. {_NOTICE}", style="dim")
    return 0


@app.command()
def verify(
    record: RecordFile = None,
    seal: Annotated[
        str, typer.Option("--seal", metavar="NUMBER:SEAL", help="As noted elsewhere.")
    ] = "",
    as_json: Json = False,
) -> int:
    """Check that nothing kept was changed, left out or put in; exit with 1 where something was."""
    opened = opened_record(record, create=False)
    with progress("checking") as tick:
        found = nw.screen.verify_record(opened, seal=seal, progress=tick)
    if as_json:
        print_json(
            {
                "schema": "narrows/screen-verify/1",
                "file": str(opened.path),
                "whole": found.whole,
                "screenings": found.screenings,
                "texts": found.texts,
                "seal": found.seal,
                "faults": [str(fault) for fault in found.faults],
            }
        )
        return int(not found.whole)
    for fault in found.faults:
        say(str(fault))
    state = "whole" if found.whole else f"NOT whole: {len(found.faults)} faults"
    say(f"{opened.path}: {state}; {found.screenings} screenings, {found.texts} texts.")
    say(f"Seal of the last one, to be noted elsewhere: {found.seal}")
    return int(not found.whole)


@app.command()
def replay(
    number_: Annotated[
        int | None, typer.Argument(metavar="[NUMBER]", min=1, help="Which screening.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All shipments and items; show those that flip.")
    ] = False,
    now: Annotated[
        bool, typer.Option("--now/--then", help="Under the rules of today, or of its time.")
    ] = False,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="For another day than its own.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option("--data", metavar="PATH", help="Its trade data or lists, where not kept."),
    ] = None,
    record: RecordFile = None,
    fail_on_flip: Annotated[
        bool, typer.Option("--fail-on-flip", help="Exit with 1 where an outcome is another one.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Decide a kept screening again and say whether it holds, and what changed."""
    opened = opened_record(record, create=False)
    under = "now" if now else "then"
    if every == (number_ is not None):
        found = "both" if every else "neither"
        raise BadInput(Fault("NUMBER, --all", None, "", found, "one of the two"))
    if number_ is not None:
        made = [nw.screen.replay(opened, number_, under=under, on=day(on), data=data)]
    else:
        with progress("deciding again") as tick:
            made = list(nw.screen.changed_outcomes(opened, on=day(on), under=under, progress=tick))
    if as_json:
        head = {"schema": "narrows/screen-replay/1", "notice": _NOTICE, "under": under}
        print_json({**head, "rows": [_replayed(each) for each in made]})
    else:
        for each in made:
            say(each.explain())
        if every:
            say(f"{len(made)} of {len(opened)} screenings would come out differently.")
        say(_NOTICE, style="dim")
    return int(fail_on_flip and any(each.flips for each in made))


def _row(kept: "Kept") -> dict[str, Any]:
    from narrows.screen.record.kinds import outcomes

    one = kept.screening
    words = [f"{name} {word}" for name, word in outcomes(one).items()]
    shown = "; ".join(words[:_MOST]) + (f"; and {len(words) - _MOST} more" if words[_MOST:] else "")
    return {
        "number": kept.number,
        "at": kept.at,
        "kind": one.kind,
        "on": one.on,
        "about": _about(one.inputs),
        "outcome": shown,
        "digest": kept.digest[:12],
        "seal": kept.seal,
    }


def _about(inputs: Any) -> str:  # noqa: ANN401 - inputs of any kind
    for name in ("title", "shipment", "source", "names"):
        if isinstance(inputs, dict) and inputs.get(name):
            return str(inputs[name])[:80]
    return ""


def _frame(every: "list[Kept]") -> Any:  # noqa: ANN401 - pandas is not loaded for its type
    import pandas as pd

    return pd.DataFrame([_row(each) for each in every]).assign(notice=_NOTICE)


def _whole(kept: "Kept") -> dict[str, Any]:
    return {
        "number": kept.number,
        "at": kept.at,
        "digest": kept.digest,
        "reference": kept.reference,
        **kept.screening.as_json(),
    }


def _show_one(kept: "Kept") -> None:
    one = kept.screening
    say(f"Screening {kept.number}, {one.kind}, written {kept.at}", style="bold")
    say(f"For {one.on or 'no date'}, with {one.engine}. About: {_about(one.inputs) or '-'}")
    for name, word in _outcomes(kept):
        say(f"  {name}: {word}")
    say("Decided under:")
    for each in (*one.rules, *one.lists):
        say(f"  {each.name} of {each.date or 'no date'}, sha256 {each.digest}")
    say(f"Digest {kept.digest}")
    say(f"Seal {kept.reference}")
    say(f"{_NOTICE} --json shows inputs, settings and reasons in full.", style="dim")


def _outcomes(kept: "Kept") -> list[tuple[str, str]]:
    from narrows.screen.record.kinds import outcomes

    return list(outcomes(kept.screening).items())


def _replayed(found: "Replayed") -> dict[str, Any]:
    from narrows.screen.record.canonical import plain

    return {
        "number": found.kept.number,
        "same": found.same,
        "versions": plain(found.versions),
        "flips": plain(found.flips),
        "then": found.kept.screening.as_json()["result"],
        "now": found.again.as_json()["result"],
    }
