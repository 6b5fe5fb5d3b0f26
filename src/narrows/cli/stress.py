"""`narrows stress`: run a scenario on a case or on a table, once or in many draws."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import narrows as nw
from narrows.cli.cluster import connected
from narrows.cli.options import Json, PeriodOption, Settings, Sourcing, Top, opened
from narrows.cli.printing import print_json, progress, say
from narrows.cli.stress_files import saved, write_ensemble, write_run
from narrows.cli.stress_tables import show_ensemble, show_run
from narrows.terms import BadInput, CouldNotFinish, Fault, UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from narrows.network import Network
    from narrows.simulate import Ensemble, Run, Scenario

__all__ = ["stress"]


def stress(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO", help="Bundled scenario, a YAML file, or a saved run or ensemble."
        ),
    ],
    table: Annotated[
        str | None, typer.Option("--table", help="Stored input-output table, or a file.")
    ] = None,
    case: Annotated[
        str | None, typer.Option("--case", help="Bundled case, or a case folder.")
    ] = None,
    period: PeriodOption = None,
    sourcing: Sourcing = "pooled",
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Draws of all that has a range; 0: one run.")
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Where the draws start.")] = 1,
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="Processes that compute draws.")
    ] = 1,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="Dask scheduler that computes draws."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the result, tables as CSV, and pictures."),
    ] = None,
    form: Annotated[
        Literal["netcdf", "zarr"], typer.Option("--format", help="Of the result in --out.")
    ] = "netcdf",
    why: Annotated[
        str, typer.Option("--why", metavar="NAME", help="What to explain: market, unit, place.")
    ] = "all",
    precision: Annotated[
        Literal["float64", "float32"], typer.Option("--precision", help="Of every number.")
    ] = "float64",
    settings: Settings = None,
    top: Top = 15,
    as_json: Json = False,
) -> int:
    """Show what markets go without, where production is lost, and why, day by day.

    A bundled scenario runs on its own case. With --case and --table the chain of the case is
    joined into the table; rules for items that are not carved out are left out. A saved run or
    ensemble is shown; with --table or --case it is made again. An interrupted ensemble goes on
    where it stopped when the same command is given again with the same --out.
    """
    before = saved(scenario)
    if before is not None and table is None and case is None:
        _only_shown(
            {"--set": settings, "--period": period, "--draws": draws, "--out": out}
            | {"--why": why != "all", "--sourcing": sourcing != "pooled"}
        )
        _show(before, None, None, top, as_json=as_json)
        return 0
    found = nw.simulate.load_scenario(scenario) if before is None else before.scenario
    own = table is None and case is None and bool(found.case)
    try:
        net = _network(table, found.case if own else case, period, sourcing, settings)
    except UnknownName as error:
        if not own or error.name != found.case:
            raise
        faults = [replace(each, file=f"{scenario}: {each.file}") for each in error.faults]
        raise BadInput(faults) from None
    if table is not None and case is not None:
        found, left_out = nw.simulate.fitted(found, net)
        if left_out and not as_json:
            say(f"Rules left out, of items that are not carved out: {', '.join(left_out)}.")
    if draws or isinstance(before, nw.simulate.Ensemble):
        many = _many(net, found, before, draws, seed, workers, cluster, precision, out)
        files = write_ensemble(many, out, form) if out else []
        _show(many, net, None, top, as_json=as_json)
    else:
        with progress("days") as tick:
            made = nw.simulate.run(net, found, precision=precision, progress=tick)
        turns = nw.simulate.turning_points(made, net, why)
        files = write_run(made, turns, out, form) if out else []
        _show(made, net, turns, top, as_json=as_json)
    for file in files if not as_json else []:
        say(f"written: {file}", style="dim")
    return 0


def _only_shown(given: "Mapping[str, object]") -> None:
    """Refuse what changes nothing in a saved result."""
    wrong = ", ".join(name for name, value in given.items() if value)
    if wrong:
        expected = "--case or --table too, to make it again"
        raise BadInput(Fault(wrong, None, "", "a saved result, which is only shown", expected))


def _many(
    net: "Network",
    scenario: "Scenario",
    before: "Run | Ensemble | None",
    draws: int,
    seed: int,
    workers: int,
    cluster: str | None,
    precision: str,
    out: Path | None,
) -> "Ensemble":
    """Run an ensemble; after Ctrl-C tell how to go on."""
    given: dict[str, Any] = {"draws": draws, "seed": seed, "precision": precision}
    if isinstance(before, nw.simulate.Ensemble) and not draws:
        about = before.store.about
        names = ("draws", "seed", "precision", "method", "batch")
        given = {name: about[name] for name in names}
        given["by_unit"] = "production" in about["groups"]
    done = [0]
    with connected(cluster) as client, progress("draws") as tick:

        def note(count: int, total: int) -> None:
            done[0] = count
            tick(count, total)

        try:
            return nw.simulate.ensemble(
                net,
                scenario,
                client=client,
                workers=workers,
                store=out / "draws" if out else None,
                progress=note,
                **given,
            )
        except KeyboardInterrupt:
            on = "the same command goes on from there" if out else "with --out they are kept"
            message = f"stopped after {done[0]} of {given['draws']} draws; {on}"
            raise CouldNotFinish(message) from None


def _network(
    table: str | None,
    case: str | None,
    period: str | None,
    sourcing: str,
    settings: list[str] | None,
) -> "Network":
    if table is None and case is None:
        expected = "one of the two, or `case` in the scenario; both join the chain into the table"
        raise BadInput(Fault("--table, --case", None, "", "neither", expected))
    if table is None:
        return nw.network.from_case(opened(str(case), settings), period=period, sourcing=sourcing)
    economy = nw.network.from_mrio(nw.evidence.load_table(table))
    if case is not None:
        return nw.network.joined(opened(case, settings), economy)
    if settings or period:
        raise BadInput(
            Fault("--set, --period", None, "", "a table", "a case, which they belong to")
        )
    return economy


def _show(
    result: "Run | Ensemble",
    net: "Network | None",
    turns: "pd.DataFrame | None",
    top: int,
    *,
    as_json: bool,
) -> None:
    if as_json:
        print_json(nw.simulate.as_json(result, net, turning_points=turns))
    elif isinstance(result, nw.simulate.Run):
        show_run(result, turns, top)
    else:
        show_ensemble(result, top)
