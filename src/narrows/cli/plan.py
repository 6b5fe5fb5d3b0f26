"""`narrows plan`: what to build, stock, qualify or share, under a budget."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import narrows as nw
from narrows.cli.options import DEFAULT_CASE, Json, PeriodOption, Settings, coded, opened
from narrows.cli.printing import console, print_json, progress, records, say
from narrows.cli.tables import number, print_table, text
from narrows.terms import BadInput, Fault, places, write_whole

if TYPE_CHECKING:
    import pandas as pd

    from narrows.network import Network
    from narrows.plan import Plan, Proof, Round

__all__ = ["plan"]

_BILLION = 1e9
_STOP_DAYS = 180


def plan(
    against: Annotated[
        str,
        typer.Option(
            "--against",
            help="What is feared, with commas between: bundled scenarios, YAML files, or places "
            "that stop for 180 days; NAME=0.01 gives the probability a year.",
        ),
    ],
    case: Annotated[
        str, typer.Option("--case", help="Bundled case, or a case folder.")
    ] = DEFAULT_CASE,
    budget: Annotated[
        float | None, typer.Option("--budget", min=0, help="US dollars in all, such as 50e9.")
    ] = None,
    options: Annotated[
        Path | None, typer.Option("--options", help="YAML file; by default that of the case.")
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", help="Options to choose from, with commas between.")
    ] = None,
    payers: Annotated[
        str | None, typer.Option("--payers", help="Places that pay, with commas between.")
    ] = None,
    risk: Annotated[
        float, typer.Option("--risk", min=0, max=1, help="Weight of the worst outcomes.")
    ] = 0.5,
    level: Annotated[
        float, typer.Option("--level", min=0, max=0.999, help="Where the worst outcomes begin.")
    ] = 0.9,
    first_year: Annotated[int, typer.Option("--from", help="First year.")] = 2027,
    years: Annotated[int, typer.Option("--years", min=1, help="Number of years.")] = 10,
    every: Annotated[
        int, typer.Option("--every", min=1, help="Years between starts; 2 is faster than 1.")
    ] = 1,
    gap: Annotated[
        float, typer.Option("--gap", min=0, help="Stop this near to the proved best.")
    ] = 1e-3,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, help="Stop after this time; inf: never.")
    ] = float("inf"),
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="Processes that follow the scenarios.")
    ] = 1,
    proof: Annotated[
        bool, typer.Option("--proof/--no-proof", help="Run the plan in the simulation.")
    ] = True,
    frontier: Annotated[
        bool, typer.Option("--frontier", help="Also loss against money, eleven points.")
    ] = False,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Also what moves if an assumption moves.")
    ] = False,
    period: PeriodOption = None,
    settings: Settings = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for tables as CSV and pictures as SVG.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Find what to build, stock, qualify or share; Ctrl-C keeps the best plan so far."""
    net = nw.network.from_case(opened(case, settings), period=period)
    chosen = nw.plan.load_options(options or case)
    if only:
        chosen = chosen.only(*_listed(only))
    threats = _threats(net, against)
    with _rounds() as told:
        found = nw.plan.solve(
            net,
            threats,
            chosen,
            budget_usd=budget,
            first_year=first_year,
            years=years,
            payers=[coded(name) for name in _listed(payers or "")],
            risk=risk,
            level=level,
            every=every,
            gap=gap,
            seconds=seconds,
            workers=workers,
            progress=told,
        )
    tables = {
        "portfolio": found.portfolio(),
        "payments": found.payments(),
        "losses": found.losses(),
    }
    proved: Proof | None = None
    if proof:
        with progress("simulation") as tick:
            proved = nw.plan.prove(found, progress=tick)
        tables["proof"] = proved.table
    if frontier:
        with progress("frontier") as tick:
            tables["frontier"] = nw.plan.frontier(found, gap=max(gap, 1e-3), progress=tick)
    if sensitivity:
        with progress("figures") as tick:
            tables["sensitivity"] = nw.plan.sensitivity(found, gap=max(gap, 1e-3), progress=tick)
    files = _written(tables, out) if out else []
    if as_json:
        print_json(_as_json(found, tables, proved))
        return 0
    _show(found, tables, proved)
    for file in files:
        say(f"written: {file}", style="dim")
    return 0


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _threats(net: "Network", against: str) -> list[Any]:
    """Read what is feared."""
    out: list[Any] = []
    for each in _listed(against):
        name, given, value = each.partition("=")
        place = coded(name)
        if place in places():
            (scenario,) = nw.plan.outages(net, [place], days=_STOP_DAYS)
        else:
            scenario = nw.simulate.load_scenario(name)
        if not given:
            out.append(scenario)
            continue
        try:
            out.append(nw.plan.Threat(scenario=scenario, yearly=float(value)))
        except ValueError:
            fault = Fault("--against", None, name, repr(value), "a probability a year, 0 to 1")
            raise BadInput(fault) from None
    return out


@contextmanager
def _rounds() -> Iterator[Callable[["Round"], bool | None]]:
    """Show bounds and gap on the error stream while the plan gets better."""
    screen = console(error=True)
    if not screen.is_terminal:
        yield lambda _: None
        return
    with screen.status("looking for a plan") as status:

        def told(now: "Round") -> None:
            status.update(
                f"round {now.number}: between {now.lower:,.4g} and {now.upper:,.4g} billion US "
                f"dollars of cost and loss, gap {100 * now.gap:.2g} % (Ctrl-C keeps the best)"
            )

        yield told


def _show(found: "Plan", tables: dict[str, "pd.DataFrame"], proved: "Proof | None") -> None:
    terms, summary = found.question.terms, found.summary()
    last = terms.first_year + terms.years - 1
    names = ", ".join(threat.name for threat in found.question.threats)
    say(f"Plan {terms.first_year} to {last} against {names}", style="bold")
    _show_portfolio(tables["portfolio"])
    worst = f"the worst {100 * (1 - terms.level):.3g} %"
    say(
        f"Cost {_money(summary['cost_usd'])}. Mean loss {_money(summary['expected_loss_usd'])} "
        f"instead of {_money(summary['expected_loss_without_usd'])}; mean of {worst} of outcomes "
        f"{_money(summary['tail_loss_usd'])} instead of "
        f"{_money(summary['tail_loss_without_usd'])}."
    )
    ended = "" if summary["ended"] == "optimal" else f" ({summary['ended']}: the best so far)"
    say(f"Within {100 * summary['gap']:.2g} % of the best plan there can be{ended}.")
    if proved is not None:
        say(proved.sentence())
        for note in proved.notes:
            say(f"Not shown by the simulation: {note}.", style="dim")
    for name, columns in (
        ("frontier", ("cost_usd", "expected_loss_usd", "tail_loss_usd", "options")),
        ("sensitivity", ("subject", "figure", "low", "high", "swing_usd")),
    ):
        if name in tables:
            _show_table(tables[name], columns, title=name.capitalize())
    say("Losses follow from what is assumed and foresee each shock; no forecast.", style="dim")


def _show_portfolio(frame: "pd.DataFrame") -> None:
    if frame.empty:
        say("Nothing on the list is worth its cost.")
        return
    rows = [
        [
            *(str(row.option), str(row.place), str(row.year), f"{row.works:.1f}"),
            *(
                f"{row.steps:g}",
                str(row.outcome),
                str(row.payers),
                f"{row.cost_usd / _BILLION:.3g}",
            ),
        ]
        for row in records(frame)
    ]
    columns = [text("option"), text("place", 8), number("start"), number("works"), number("steps")]
    columns += [text("if", 12, spare=3), text("payers", 8, spare=2), number("billion USD")]
    print_table(rows, columns, title="What is started")


def _show_table(frame: "pd.DataFrame", names: tuple[str, ...], *, title: str) -> None:
    rows = [
        [
            f"{value / _BILLION:,.4g}" if name.endswith("_usd") else _plain(value)
            for name, value in zip(names, cells, strict=True)
        ]
        for cells in frame[list(names)].itertuples(index=False)
    ]
    columns = [
        number(name.removesuffix("_usd") + ", billion") if name.endswith("_usd") else text(name, 12)
        for name in names
    ]
    print_table(rows, columns, title=title)


def _plain(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _money(usd: float) -> str:
    return f"{usd / _BILLION:,.3g} billion US dollars"


def _as_json(
    found: "Plan", tables: dict[str, "pd.DataFrame"], proved: "Proof | None"
) -> dict[str, Any]:
    """Give the plan in the JSON form of results."""
    out: dict[str, Any] = {"schema": "narrows/plan/1", "summary": found.summary()}
    out |= {name: _rows(frame) for name, frame in tables.items()}
    if proved is not None:
        out["verdict"] = {
            "confirmed": proved.confirmed,
            "sentence": proved.sentence(),
            "notes": list(proved.notes),
        }
    return out


def _rows(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def _written(tables: dict[str, "pd.DataFrame"], folder: Path) -> list[Path]:
    files = {
        folder / f"{name}.csv": frame.to_csv(index=False, lineterminator="\n").encode()
        for name, frame in tables.items()
    }
    drawn = {"frontier": nw.plan.draw_frontier, "sensitivity": nw.plan.draw_tornado}
    for name, draw in drawn.items():
        if name in tables:
            files[folder / f"{name}.svg"] = draw(tables[name]).encode()
    write_whole(files)
    return list(files)
