"""`narrows stress`: run a scenario on a case or on a table."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import narrows as nw
from narrows.cli.options import Json, PeriodOption, Settings, Sourcing, Top, opened
from narrows.cli.printing import print_json, progress, records, say
from narrows.cli.tables import Column, number, print_table, text
from narrows.terms import BadInput, Fault, write_whole

if TYPE_CHECKING:
    import pandas as pd

    from narrows.network import Network
    from narrows.simulate import Run, Scenario

__all__ = ["stress"]

_NONE = "-"
_CAUTION = "Losses follow from the rules and the stocks assumed; they are no forecast."


def stress(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="Bundled scenario, or a YAML file.")
    ],
    table: Annotated[
        str | None, typer.Option("--table", help="Stored input-output table, or a file.")
    ] = None,
    case: Annotated[
        str | None, typer.Option("--case", help="Bundled case, or a case folder.")
    ] = None,
    period: PeriodOption = None,
    sourcing: Sourcing = "pooled",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for run.nc and tables as CSV.")
    ] = None,
    precision: Annotated[
        Literal["float64", "float32"], typer.Option("--precision", help="Of every number.")
    ] = "float64",
    settings: Settings = None,
    top: Top = 15,
    as_json: Json = False,
) -> int:
    """Show what markets go without, and where production is lost, day by day."""
    found = nw.simulate.load_scenario(scenario)
    net = _network(table, case, period, sourcing, settings)
    with progress("days") as tick:
        made = nw.simulate.run(net, found, precision=precision, progress=tick)
    files = _written(made, out) if out else []
    if as_json:
        print_json(_as_json(made, found))
        return 0
    _show(made, found, top)
    for file in files:
        say(f"written: {file}", style="dim")
    return 0


def _network(
    table: str | None,
    case: str | None,
    period: str | None,
    sourcing: str,
    settings: list[str] | None,
) -> "Network":
    if (table is None) == (case is None):
        found = "neither" if table is None else "both"
        raise BadInput(Fault("--table, --case", None, "", found, "one of the two"))
    if case is not None:
        return nw.network.from_case(opened(case, settings), period=period, sourcing=sourcing)
    if settings or period:
        raise BadInput(
            Fault("--set, --period", None, "", "a table", "a case, which they belong to")
        )
    return nw.network.from_mrio(nw.evidence.load_table(str(table)))


def _show(made: "Run", scenario: "Scenario", top: int) -> None:
    say(f"{scenario.title or scenario.name}, {scenario.days} days", style="bold")
    say(f"Unit: {made.to_dataset().attrs['unit']}.")
    by = _kind(made)
    markets, lost = made.summary(), made.losses(by)
    felt = markets[markets["shortfall"] > 0]
    rows = [
        [
            *(row.market, row.item, f"{row.shortfall_days:.3g}", _percent(row.deepest)),
            *(str(row.deepest_day), _days(row.survive_days), _days(row.recover_days)),
        ]
        for row in records(felt.head(top or len(felt)))
    ]
    columns = [text("market"), text("item"), number("days lost"), number("deepest")]
    columns += [number("on day"), number("survives, days"), number("recovers, days")]
    print_table(rows, columns, title=f"Markets that go without: {len(felt)} of {len(markets)}")
    if by == "unit":
        say("Process times and transit are not in this version: a loss starts too early.")
        say(_CAUTION, style="dim")
        return
    made_some = lost[lost["production"] > 0]
    rows = [
        [
            *(str(getattr(row, by)), f"{row.lost:.4g}", f"{row.lost_days:.3g}"),
            *(f"{row.made_up_later:.4g}", _percent(row.missing_at_end / row.production)),
            _percent(row.deepest),
        ]
        for row in records(made_some.head(top or len(made_some)))
    ]
    columns = [Column(by), number("lost"), number("days lost"), number("made up later")]
    columns += [number("missing at the end"), number("deepest")]
    print_table(rows, columns, title="Production lost")
    say(_CAUTION, style="dim")


def _kind(made: "Run") -> str:
    """Choose what losses are told by: places in a table, units in a chain."""
    return "unit" if made.to_dataset().attrs["unit"] == nw.simulate.NORMAL_FLOW else "place"


def _percent(part: float) -> str:
    return _NONE if math.isnan(part) else f"{100 * part:.3g} %"


def _days(value: float) -> str:
    return _NONE if math.isnan(value) else f"{value:.0f}"


def _as_json(made: "Run", scenario: "Scenario") -> dict[str, Any]:
    """Give the run in the JSON form of results."""
    attributes = made.to_dataset().attrs
    return {
        "schema": "narrows/stress/1",
        "scenario": {"name": scenario.name, "title": scenario.title, "days": scenario.days},
        "settings": {name: attributes[name] for name in ("version", "digest", "seed", "unit")},
        "rows": _rows(made.summary()),
        "losses": _rows(made.losses(_kind(made))),
    }


def _rows(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _written(made: "Run", folder: Path) -> list[Path]:
    """Write the run and its tables."""
    frames = {
        "markets.csv": made.summary(),
        f"losses-by-{_kind(made)}.csv": made.losses(_kind(made)),
        "losses-by-item.csv": made.losses("item"),
    }
    write_whole(
        {
            folder / name: frame.to_csv(index=False, lineterminator="\n").encode()
            for name, frame in frames.items()
        }
    )
    return [made.save(folder / "run.nc"), *(folder / name for name in frames)]
