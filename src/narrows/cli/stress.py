"""`narrows stress`: run a scenario on a case or on a table."""

import math
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from narrows import network, simulate
from narrows.cli.options import Json, PeriodOption, Settings, Sourcing, Top, opened
from narrows.cli.printing import console, percent, print_json, print_table, progress, records
from narrows.evidence import load_table
from narrows.network import Network
from narrows.simulate import NORMAL_FLOW, Run, Scenario
from narrows.terms import BadInput, Fault, write_whole

__all__ = ["stress"]

_NONE = "-"


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
    precision: Annotated[str, typer.Option("--precision", help="float64 or float32.")] = "float64",
    settings: Settings = None,
    top: Top = 15,
    as_json: Json = False,
) -> int:
    """Show what markets go without, and where production is lost, day by day."""
    found = simulate.load_scenario(scenario)
    net = _network(table, case, period, sourcing, settings)
    with progress("days") as tick:
        made = simulate.run(net, found, precision=precision, progress=tick)
    files = _written(made, out) if out else []
    if as_json:
        print_json(_as_json(made, found))
        return 0
    _show(made, found, top)
    for file in files:
        console().print(f"written: {file}", style="dim", soft_wrap=True)
    return 0


def _network(
    table: str | None,
    case: str | None,
    period: str | None,
    sourcing: str,
    settings: list[str] | None,
) -> Network:
    if (table is None) == (case is None):
        found = "neither" if table is None else "both"
        raise BadInput(Fault("--table, --case", None, "", found, "one of the two"))
    if case is not None:
        return network.from_case(opened(case, settings), period=period, sourcing=sourcing)
    if settings or period:
        raise BadInput(
            Fault("--set, --period", None, "", "a table", "a case, which they belong to")
        )
    return network.from_mrio(load_table(str(table)))


def _show(made: Run, scenario: Scenario, top: int) -> None:
    screen = console()
    screen.print(f"{scenario.title or scenario.name}, {scenario.days} days", style="bold")
    screen.print(f"Unit: {made.to_dataset().attrs['unit']}. Losses follow from the rules and the")
    screen.print("stocks assumed; they are no forecast.")
    by = _kind(made)
    markets, lost = made.summary(), made.losses(by)
    felt = markets[markets["shortfall"] > 0]
    columns = ["market", "item", "days lost", "deepest %", "on day", "survives", "recovers"]
    rows = [
        [
            *(row.market, row.item, f"{row.shortfall_days:.3g}", percent(row.deepest)),
            *(str(row.deepest_day), _days(row.survive_days), _days(row.recover_days)),
        ]
        for row in records(felt.head(top or len(felt)))
    ]
    title = f"Markets that go without: {len(felt)} of {len(markets)}"
    print_table(rows, columns, title=title, right=columns[2:])
    made_some = lost[lost["production"] > 0]
    columns = [by, "lost", "days lost", "made up later", "missing at end %", "deepest %"]
    rows = [
        [
            *(
                str(getattr(row, by)),
                f"{row.lost:.4g}",
                f"{row.lost_days:.3g}",
                f"{row.made_up_later:.4g}",
            ),
            *(percent(row.missing_at_end / row.production), percent(row.deepest)),
        ]
        for row in records(made_some.head(top or len(made_some)))
    ]
    print_table(rows, columns, title="Production lost", right=columns[1:])


def _kind(made: Run) -> str:
    """Choose what losses are told by: places in a table, units in a chain."""
    return "unit" if made.to_dataset().attrs["unit"] == NORMAL_FLOW else "place"


def _days(value: float) -> str:
    return _NONE if math.isnan(value) else f"{value:.0f}"


def _as_json(made: Run, scenario: Scenario) -> dict[str, Any]:
    """Give the run in the JSON form of results."""
    attributes = made.to_dataset().attrs
    return {
        "schema": "narrows/stress/1",
        "scenario": {"name": scenario.name, "title": scenario.title, "days": scenario.days},
        "settings": {name: attributes[name] for name in ("version", "digest", "seed", "unit")},
        "rows": _rows(made.summary()),
        "losses": _rows(made.losses(_kind(made))),
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _written(made: Run, folder: Path) -> list[Path]:
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
