"""`narrows measure screens`: the tests that officials use."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import narrows as nw
from narrows.cli.cells import part
from narrows.cli.notes import FILLED, dated, first, more, notes
from narrows.cli.notes import Settings as Used
from narrows.cli.options import (
    DEFAULT_CASE,
    CaseName,
    Csv,
    Json,
    PeriodOption,
    Settings,
    Top,
    opened,
)
from narrows.cli.printing import printed, records, say
from narrows.cli.tables import Column, number, print_table, text
from narrows.terms import BadInput, Fault, place_name

if TYPE_CHECKING:
    import pandas as pd

    from narrows.evidence import Case

__all__ = ["screens"]

_WORDS = ("product", "material", "stage")


def screens(
    case: CaseName = DEFAULT_CASE,
    period: PeriodOption = None,
    share: Annotated[
        float,
        typer.Option(
            "--share",
            min=0,
            max=1,
            help="Part from which a producer counts as a single one.",
        ),
    ] = 0.65,
    partners: Annotated[
        Path | None, typer.Option("--partners", help="CSV of imports by partner (EU indicators).")
    ] = None,
    totals: Annotated[
        Path | None, typer.Option("--totals", help="CSV of total imports and exports.")
    ] = None,
    risk: Annotated[
        Path | None, typer.Option("--risk", help="CSV for the EU supply-risk formula.")
    ] = None,
    settings: Settings = None,
    top: Top = 25,
    as_json: Json = False,
    as_csv: Csv = False,
) -> int:
    """Run screens of officials: single producer; EU core indicators, EU supply risk on a CSV."""
    found: Case | None = None
    used: dict[str, Any] = {}
    if partners or totals:
        if not (partners and totals):
            missing = "--totals" if partners else "--partners"
            raise BadInput(Fault(missing, None, "", "no file", "both --partners and --totals"))
        name = "eu_core_indicators"
        frame = nw.measure.eu_core_indicators(_csv(partners), _csv(totals))
    elif risk:
        name, frame = "eu_supply_risk", nw.measure.eu_supply_risk(_csv(risk))
    else:
        found = opened(case, settings)
        name, used = "single_producer", {"period": found.period(period), "share": share}
        frame = nw.measure.single_producer(found, period=period, share=share)
    if not printed(name, frame, found, used, as_json=as_json, as_csv=as_csv):
        _table(name, frame, used, top=top)
    return 0


def _csv(path: Path) -> "pd.DataFrame":
    import pandas as pd

    try:
        return pd.read_csv(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(Fault(str(path), None, "", reason, "a CSV file")) from error
    except ValueError as error:  # pandas' own errors on text that is no table are of this kind
        reason = str(error).strip().replace("\n", " ")
        raise BadInput(Fault(str(path), None, "", f"no CSV ({reason})", "a CSV file")) from error


def _table(name: str, frame: "pd.DataFrame", used: Used, *, top: int) -> None:
    if name == "single_producer":
        _single_producer(frame, used, top=top)
        return
    columns = [
        text(str(head)) if str(head) in _WORDS else number(str(head)) for head in frame.columns
    ]
    rows = [[_cell(value) for value in row] for row in first(frame, top).itertuples(index=False)]
    print_table(rows, columns, title=name.replace("_", " ").replace("eu", "EU", 1))
    notes(more(frame, top))


def _single_producer(frame: "pd.DataFrame", used: Used, *, top: int) -> None:
    columns = [
        text("item", 16),
        text("name", spare=4),
        Column("level", spare=3),
        text("holder", 10),
    ]
    columns += [number("holds"), text("basis", 8, spare=2), Column("period", spare=1)]
    columns += [Column("grade"), text("source", 18)]
    rows = [
        [
            *(str(row.item), str(row.name), str(row.level), place_name(str(row.holder))),
            *(part(row.held), str(row.basis), dated(row), str(row.grade), str(row.source_id)),
        ]
        for row in records(first(frame, top))
    ]
    title = f"One place or firm makes {part(used['share'])} or more, {used['period']}"
    if not rows:
        say(f"{title}: no item.")
        return
    print_table(rows, columns, title=f"{title}: {len(frame)} rows")
    lines = [FILLED] if frame["filled"].astype(bool).any() else []
    notes([*lines, *more(frame, top)])


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
