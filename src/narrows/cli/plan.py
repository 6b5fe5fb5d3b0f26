"""`narrows plan`: what to build, stock, qualify or share, under a budget."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import narrows as nw
from narrows.cli.cluster import connected
from narrows.cli.options import DEFAULT_CASE, Json, PeriodOption, Settings, coded, opened
from narrows.cli.plan_tables import Asked, show_plan, write_plan
from narrows.cli.printing import console, print_json, progress, say
from narrows.terms import WORLD, BadInput, Fault, UnknownName, places

if TYPE_CHECKING:
    from narrows.network import Network
    from narrows.plan import Budget, Options, Round
    from narrows.simulate import Scenario

__all__ = ["DRAWS", "plan"]

DRAWS = 32  # narrows.plan.proof.DRAWS, which would be slow to load; a test compares
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
        str | None,
        typer.Option(
            "--payers", help="Places that pay, with commas between; JPN=8e9 limits one of them."
        ),
    ] = None,
    risk: Annotated[
        float, typer.Option("--risk", min=0, max=1, help="Weight of the worst outcomes.")
    ] = 0.5,
    level: Annotated[
        float, typer.Option("--level", min=0, max=0.999, help="Where the worst outcomes begin.")
    ] = 0.9,
    first_year: Annotated[int, typer.Option("--from", min=1900, help="First year.")] = 2027,
    years: Annotated[int, typer.Option("--years", min=1, help="Number of years.")] = 10,
    every: Annotated[
        int, typer.Option("--every", min=1, help="Years between starts; 2 is faster than 1.")
    ] = 1,
    period_days: Annotated[
        int,
        typer.Option("--period-days", min=1, help="Steps in which a scenario is followed, days."),
    ] = 30,
    gap: Annotated[
        float, typer.Option("--gap", min=0, help="Stop this near to the proved best.")
    ] = 1e-3,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, help="Stop after this time; inf: never.")
    ] = float("inf"),
    method: Annotated[
        str,
        typer.Option(
            "--method", help="cuts; or whole: one programme of all scenarios, for small questions."
        ),
    ] = "cuts",
    workers: Annotated[
        int,
        typer.Option(
            "--workers", min=1, help="Processes that follow the scenarios of the plan itself."
        ),
    ] = 1,
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            metavar="ADDRESS",
            help="Dask scheduler that follows the scenarios of the plan itself; what is asked "
            "beside it is computed here.",
        ),
    ] = None,
    proof: Annotated[
        bool, typer.Option("--proof/--no-proof", help="Run the plan in the simulation.")
    ] = True,
    draws: Annotated[
        int, typer.Option("--draws", min=0, help="Draws of the proof; 0: best values alone.")
    ] = DRAWS,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Where the draws start.")] = 1,
    frontier: Annotated[
        bool, typer.Option("--frontier", help="Also loss against money, eleven points.")
    ] = False,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Also what moves if an assumption moves.")
    ] = False,
    worth: Annotated[
        bool,
        typer.Option(
            "--worth",
            help="Also what knowing the future is worth, regrets, what each option is worth, and "
            "what the next billion brings.",
        ),
    ] = False,
    under: Annotated[
        str | None,
        typer.Option("--under", help="Also the plan under other scenarios; names as in --against."),
    ] = None,
    again: Annotated[
        str | None,
        typer.Option("--again", help="Also the plan made again in later years, such as 2029,2032."),
    ] = None,
    period: PeriodOption = None,
    settings: Settings = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for tables as CSV and pictures as SVG.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Find what to build, stock, qualify or share; Ctrl-C keeps the best plan so far."""
    net = nw.network.from_case(opened(case, settings), period=period)
    chosen = _options(case, options)
    if only:
        chosen = chosen.only(*_listed(only))
    threats = _threats(net, against, chosen)
    others = _scenarios(net, under or "")
    years_again = _years(again or "")
    money, paying = _money(budget, payers or "")
    _check_payers(net, chosen, paying)
    with connected(cluster) as client, _rounds() as told:
        found = nw.plan.solve(
            net,
            threats,
            chosen,
            budget_usd=money,
            first_year=first_year,
            years=years,
            payers=paying,
            risk=risk,
            level=level,
            every=every,
            period_days=period_days,
            method=method,
            gap=gap,
            seconds=seconds,
            workers=workers,
            client=client,
            progress=told,
        )
    asked = Asked(found)
    if found.portfolio().empty and found.found.ended == "optimal":
        with progress("break-even") as tick:
            asked.even = nw.plan.break_even(found, progress=tick)
    if proof:
        with progress("simulation") as tick:
            asked.proof = nw.plan.prove(found, draws=draws, seed=seed, progress=tick)
    wanted = {"frontier": frontier, "worth": worth, "sensitivity": sensitivity}
    _ask_more(asked, wanted, others, years_again, max(gap, 1e-3))
    files = write_plan(asked, out) if out else []
    if as_json:
        print_json(asked.as_json())
        return 0
    show_plan(asked)
    for file in files:
        say(f"written: {file}", style="dim")
    return 0


def _ask_more(
    asked: Asked,
    wanted: dict[str, bool],
    others: "list[Scenario]",
    years: list[int],
    gap: float,
) -> None:
    """Ask what was wanted beside the plan."""
    found = asked.plan
    if wanted["frontier"]:
        with progress("frontier") as tick:
            asked.tables["frontier"] = nw.plan.frontier(found, gap=gap, progress=tick)
    if wanted["worth"]:
        asked.worth = nw.plan.value_of_knowing(found, gap=gap)
        asked.tables["next_billion"] = nw.plan.next_billion(found, gap=gap)
        asked.tables["worth"] = nw.plan.without_each(found, gap=gap)
    if wanted["sensitivity"]:
        with progress("figures") as tick:
            asked.tables["sensitivity"] = nw.plan.sensitivity(found, gap=gap, progress=tick)
    if others:
        asked.tables["robustness"] = nw.plan.robustness(found, others)
    if years:
        with progress("plans") as tick:
            asked.rolled = nw.plan.roll(found, years, gap=gap, progress=tick)


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _options(case: str, file: Path | None) -> "Options":
    """Read the options of a file, or those of the case."""
    if file is not None and not file.exists():
        raise BadInput(Fault("--options", None, str(file), "no such file", "a YAML file"))
    try:
        return nw.plan.load_options(file or case)
    except UnknownName:
        if file is not None:
            raise
        found, expected = "a case without options.yaml", "--options FILE"
        raise BadInput(Fault("--case", None, case, found, expected)) from None


def _check_payers(net: "Network", chosen: "Options", paying: list[str]) -> None:
    """Refuse payers nobody knows, and payers of whom none may pay for anything."""
    able = {name for each in chosen for name in (each.payers or each.places)}
    able |= {name for each in able for name in net.groups.get(each, ())}
    known = able | set(places()) | set(net.groups)
    idle = [each for each in paying if each not in known]
    if WORLD not in able and not any({each, *net.groups.get(each, ())} & able for each in paying):
        idle = paying
    expected = f"who may pay for something: {', '.join(sorted(able))}"
    if idle:
        raise BadInput([Fault("--payers", None, "", name, expected) for name in idle])


def _threats(net: "Network", against: str, chosen: "Options") -> list[Any]:
    """Read what is feared, with its probability a year."""
    out: list[Any] = []
    faults = []
    for each in _listed(against):
        name, given, value = each.partition("=")
        (scenario,) = _scenarios(net, name)
        if not given:
            out.append(scenario)
            if scenario.name not in chosen.likelihood:
                expected = f"its probability a year, such as {name}=0.01"
                faults.append(Fault("--against", None, name, "no probability", expected))
            continue
        try:
            yearly = float(value)
        except ValueError:
            yearly = nan
        if 0 <= yearly <= 1:
            out.append(nw.plan.Threat(scenario=scenario, yearly=yearly))
        else:
            expected = "a probability a year, 0 to 1"
            faults.append(Fault("--against", None, name, repr(value), expected))
    if faults:
        raise BadInput(faults)
    return out


def _money(budget: float | None, payers: str) -> "tuple[Budget, list[str]]":
    """Read who pays, and how much at most."""
    pairs = [each.partition("=") for each in _listed(payers)]
    limits: dict[str, float] = {}
    for name, given, value in pairs:
        try:
            limits |= {coded(name): float(value)} if given else {}
        except ValueError:
            fault = Fault("--payers", None, name, repr(value), "US dollars, such as JPN=8e9")
            raise BadInput(fault) from None
    whole = nw.plan.Budget(total=budget, by_payer=limits)
    return whole, [coded(name) for name, _, _ in pairs]


def _scenarios(net: "Network", named: str) -> "list[Scenario]":
    """Read scenarios: bundled ones, files, or places that stop."""
    out: list[Scenario] = []
    for name in _listed(named):
        if coded(name) in places():
            out += nw.plan.outages(net, [coded(name)], days=_STOP_DAYS)
        else:
            out.append(nw.simulate.load_scenario(name))
    return out


def _years(named: str) -> list[int]:
    """Read years."""
    try:
        return [int(year) for year in _listed(named)]
    except ValueError:
        raise BadInput(Fault("--again", None, "", repr(named), "years, as 2029,2032")) from None


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
