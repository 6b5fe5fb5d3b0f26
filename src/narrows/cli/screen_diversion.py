"""`narrows screen diversion`: third countries through which controlled goods may have gone."""

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import narrows as nw
from narrows.cli.cells import part
from narrows.cli.notes import first, more, notes
from narrows.cli.options import DEFAULT_CASE, Csv, Json, Top
from narrows.cli.printing import progress, records, say
from narrows.cli.screen_options import Keep, RecordFile, keep, printed, told_kept
from narrows.cli.screen_printing import notice
from narrows.cli.tables import Column, number, print_table, text
from narrows.terms import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

    from narrows.screen import Diversion

__all__ = ["diversion"]


def diversion(
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="BACI, UN Comtrade or own table, or a folder of them."),
    ],
    item: Annotated[list[str], typer.Option("--item", metavar="HS", help="HS code; repeatable.")],
    after: Annotated[str, typer.Option("--after", metavar="DATE", help="Date of the control.")],
    targets: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="PLACE", help="Whom it is aimed at; repeatable."),
    ] = None,
    origins: Annotated[
        list[str] | None,
        typer.Option("--origin", metavar="PLACE", help="Whose exports; all reporters if none."),
    ] = None,
    candidates: Annotated[
        list[str] | None,
        typer.Option("--candidate", metavar="PLACE", help="Third country; all if none."),
    ] = None,
    periods: Annotated[
        int | None,
        typer.Option("--periods", min=1, max=24, help="Months (years) after it. [default: 6 (1)]"),
    ] = None,
    each_origin: Annotated[bool, typer.Option("--each-origin", help="Each origin alone.")] = False,
    each_item: Annotated[bool, typer.Option("--each-item", help="Each HS code alone.")] = False,
    false_discovery: Annotated[
        float,
        typer.Option("--false-discovery", min=0, max=1, help="Part of flags that may be false."),
    ] = 0.1,
    least_usd: Annotated[
        float, typer.Option("--least-usd", min=0, help="Smallest excess that is flagged.")
    ] = 100_000.0,
    use: Annotated[
        Path | None,
        typer.Option("--use", help="CSV: place, use_usd (a year), source: what each could use."),
    ] = None,
    use_case: Annotated[
        str | None,
        typer.Option(
            "--use-case",
            metavar="CASE/ITEM",
            help="Or: what each could use of an item of a case, by who makes what it goes into.",
        ),
    ] = None,
    world_usd: Annotated[
        float | None,
        typer.Option("--world-usd", min=0, help="With --use-case: what the world buys in a year."),
    ] = None,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="PLACE", help="All reasons of one country.")
    ] = None,
    kept: Keep = True,
    record: RecordFile = None,
    top: Top = 15,
    as_json: Json = False,
    as_csv: Csv = False,
    fail_above: Annotated[
        float | None,
        typer.Option(
            "--fail-above", min=0, help="Exit with 1 when a flagged excess is above this, USD."
        ),
    ] = None,
) -> int:
    """Find third countries whose imports jumped after a control, with reasons for and against."""
    with progress("reading files") as tick:
        flows = nw.screen.read_flows(path, items=item, progress=tick)
    with progress("searching") as tick:
        found = nw.screen.diversion(
            flows,
            item=item,
            after=after,
            targets=targets or (),
            origins=origins or (),
            candidates=candidates or (),
            periods=periods,
            each_origin=each_origin,
            each_item=each_item,
            false_discovery=false_discovery,
            least_usd=least_usd,
            absorption=_use(use, use_case, world_usd),
            progress=tick,
        )
    reasons = None if explain is None else found.explain(explain)
    where = keep(found, kept, record)
    if not printed(found.as_json(), found.frame, where, as_json=as_json, as_csv=as_csv):
        _show(found, top, reasons)
        told_kept(where)
    return _exit(found, fail_above)


def _use(path: Path | None, use_case: str | None, world_usd: float | None) -> "pd.DataFrame | None":
    """Give what each country could use: from a table, from a case, or not at all."""
    import pandas as pd

    if (use_case is None) != (world_usd is None) or (path is not None and use_case is not None):
        expected = "--use alone, or --use-case with --world-usd"
        raise BadInput(Fault("--use, --use-case, --world-usd", None, "", "a mixture", expected))
    if use_case is not None and world_usd is not None:
        name, _, item = use_case.rpartition("/")
        case = nw.evidence.load(name or DEFAULT_CASE)
        return nw.screen.absorption_from_case(case, item, world_usd=world_usd)
    if path is None:
        return None
    try:
        return pd.read_csv(path, dtype={"place": str, "source": str})
    except (ValueError, UnicodeDecodeError) as error:
        found = f"no CSV ({error})".replace("\n", " ")
        raise BadInput(Fault(str(path), None, "", found, "place, use_usd, source")) from error


def _exit(found: "Diversion", fail_above: float | None) -> int:
    flagged = found.flagged
    above = flagged[flagged["excess_usd"] > fail_above] if fail_above is not None else flagged[:0]
    if above.empty:
        return 0
    names = ", ".join(above["transit"].head(8))
    sys.stderr.write(
        f"finding: {len(above)} flagged with more than {fail_above:g} USD above what was "
        f"expected: {names}\n"
    )
    return 1


def _show(found: "Diversion", top: int, reasons: str | None) -> None:
    question = found.question
    say(
        f"Exports of HS {', '.join(question.items)} after {question.after}: "
        f"{len(found.flagged)} of {len(found.frame)} third countries flagged",
        style="bold",
    )
    columns = [Column("flag"), text("third country", 10), Column("origin", spare=3)]
    columns += [Column("item", spare=4), number("before, USD"), number("after, USD")]
    columns += [number("expected, USD"), number("score", spare=2), number("q")]
    columns += [number("of what was lost", spare=1), text("signs", 12), text("may be innocent", 14)]
    rows = [
        [
            *("yes" if row.flagged else "-", row.transit, row.origin, row.item),
            *(_usd(row.before_usd), _usd(row.after_usd), _usd(row.expected_usd)),
            *(_plain(row.score, ".1f"), _plain(row.q_value, ".2g"), part(row.of_lost)),
            *(row.signs or "-", row.innocent or "-"),
        ]
        for row in records(first(found.frame, top))
    ]
    print_table(rows, columns)
    if reasons is not None:
        say(reasons)
    notes([*found.notes, *more(found.frame, top)])
    notice(found.notice, {"control": question.after.isoformat(), "data until": found.last_period})


def _usd(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:,.0f}"


def _plain(value: float, form: str) -> str:
    return "-" if math.isnan(value) else format(value, form)
