"""`narrows measure`: each measure as a table, JSON or CSV."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import narrows as nw
from narrows.cli import closures, results
from narrows.cli.notes import findings
from narrows.cli.options import (
    DEFAULT_CASE,
    WITHIN_DAYS,
    Basis,
    BasisName,
    CaseName,
    Csv,
    Draws,
    FailAbove,
    Json,
    Over,
    PeriodOption,
    Seed,
    Settings,
    Sourcing,
    Top,
    Within,
    coded,
    meant,
    opened,
    seen_by,
)
from narrows.cli.printing import printed, progress
from narrows.cli.screens import screens
from narrows.cli.systemic_risk import systemic_risk

if TYPE_CHECKING:
    from narrows.network import Network

__all__ = ["app"]

_DRAWS = 1000

app = typer.Typer(
    help="Concentration, exposure, contingency, autonomy, and the screens of officials.",
    no_args_is_help=True,
)


@app.command()
def concentration(
    case: CaseName = DEFAULT_CASE,
    period: PeriodOption = None,
    by: Annotated[
        Literal["place", "firm"], typer.Option("--by", help="What the shares are shares of.")
    ] = "place",
    basis: Annotated[
        BasisName | None, typer.Option("--basis", help="The set in use where not given.")
    ] = None,
    draws: Draws = _DRAWS,
    seed: Seed = 1,
    settings: Settings = None,
    top: Top = 25,
    as_json: Json = False,
    as_csv: Csv = False,
    fail_above: FailAbove = None,
) -> int:
    """Show how concentrated the making of each item is, the narrowest first.

    A finding (--fail-above) is an HHI that is at least so high.
    """
    found = opened(case, settings)
    with progress("drawing estimates") as tick:
        frame = nw.measure.concentration(
            found, period=period, by=by, basis=basis, draws=draws, seed=seed, progress=tick
        )
    used = {"period": found.period(period), "by": by, "basis": basis, "draws": draws, "seed": seed}
    if not printed("concentration", frame, found, used, as_json=as_json, as_csv=as_csv):
        results.concentration(frame, found, used, top=top)
    return findings(frame["item"], frame["hhi_low"], fail_above, "HHI of at least")


@app.command()
def exposure(
    case: CaseName = DEFAULT_CASE,
    on: Annotated[
        str, typer.Option("--on", metavar="NAME", help="Place, group or firm:NAME.")
    ] = "TWN",
    period: PeriodOption = None,
    basis: Basis = None,
    sourcing: Sourcing = "pooled",
    within_days: Within = WITHIN_DAYS,
    every: Annotated[
        bool, typer.Option("--all", help="Every buyer, not those of a kind in one row.")
    ] = False,
    settings: Settings = None,
    top: Top = 25,
    as_json: Json = False,
    as_csv: Csv = False,
    fail_above: FailAbove = None,
) -> int:
    """Show how much of each need comes from a place, directly and through the chain.

    A finding (--fail-above) is the look-through part of one need.
    """
    found = opened(case, settings)
    name = meant(found, on)
    by = seen_by(basis, [name])
    net = nw.network.from_case(found, period=period, basis=by, sourcing=sourcing)
    frame = nw.measure.exposure(net, name, within_days=within_days)
    used = {"on": name, **_network_settings(net), "within_days": within_days}
    if not printed("exposure", frame, found, used, net=net, as_json=as_json, as_csv=as_csv):
        results.exposure(frame, used, top=top, every=every)
    names = frame["buyer"] + " on " + frame["item"]
    return findings(names, frame["look_through"], fail_above, "look-through reliance")


@app.command()
def contingency(
    case: CaseName = DEFAULT_CASE,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            "--drop",
            metavar="NAME",
            help="Close this: place, group, firm:NAME or PLACE/item; repeat to close several.",
        ),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many close at once.")] = 1,
    over: Over = "place",
    period: PeriodOption = None,
    basis: Basis = None,
    sourcing: Sourcing = "pooled",
    within_days: Within = WITHIN_DAYS,
    draws: Annotated[
        int | None,
        typer.Option(
            "--draws",
            min=0,
            help=f"Draws of the estimates to see how ranks hold. "
            f"[default: {_DRAWS} where single closures are ranked, else 0]",
        ),
    ] = None,
    seed: Seed = 1,
    settings: Settings = None,
    top: Top = 15,
    as_json: Json = False,
    as_csv: Csv = False,
    fail_above: FailAbove = None,
) -> int:
    """Show what is left of each end use when something closes for good and stocks are gone.

    A finding (--fail-above) is the part of all end uses that is lost, nothing re-routed.
    """
    found = opened(case, settings)
    names = [meant(found, name) for name in drop or ()]
    by = seen_by(basis, names, over)
    net = nw.network.from_case(found, period=period, basis=by, sourcing=sourcing)
    if draws is None:
        draws = _DRAWS if k == 1 and not names else 0
    with progress("closing") as tick:
        frame = nw.measure.contingency(
            net,
            k,
            over=over,
            drop=names or None,
            within_days=within_days,
            draws=draws,
            seed=seed,
            progress=tick,
        )
    used = {"k": k, "over": over, "drop": names or None, **_network_settings(net)}
    used |= {"within_days": within_days, "draws": draws, "seed": seed}
    if not printed("contingency", frame, found, used, net=net, as_json=as_json, as_csv=as_csv):
        closures.contingency(frame, net, used, top=top)
    whole = frame[frame["end_use"] == "all"]
    return findings(whole["dropped"], 1 - whole["left_fixed"], fail_above, "loss")


@app.command()
def worst(
    case: CaseName = DEFAULT_CASE,
    k: Annotated[int, typer.Option("-k", min=1, help="How many close at once.")] = 2,
    over: Over = "place",
    end_use: Annotated[
        str, typer.Option("--end-use", metavar="ITEM", help="One end use, or all.")
    ] = "all",
    period: PeriodOption = None,
    basis: Basis = None,
    sourcing: Sourcing = "pooled",
    within_days: Within = WITHIN_DAYS,
    settings: Settings = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many choices to find.")] = 10,
    as_json: Json = False,
    as_csv: Csv = False,
    fail_above: FailAbove = None,
) -> int:
    """Find the worst choices of k closures at once.

    A finding (--fail-above) is the part that is lost, nothing re-routed.
    """
    found = opened(case, settings)
    by = seen_by(basis, (), over)
    net = nw.network.from_case(found, period=period, basis=by, sourcing=sourcing)
    with progress("trying choices") as tick:
        frame = nw.measure.worst(
            net, k, over=over, end_use=end_use, within_days=within_days, top=top, progress=tick
        )
    used = {"k": k, "over": over, "end_use": end_use, **_network_settings(net)}
    used["within_days"] = within_days
    if not printed("worst", frame, found, used, net=net, as_json=as_json, as_csv=as_csv):
        closures.worst(frame, net, used)
    return findings(frame["dropped"], 1 - frame["left_fixed"], fail_above, "loss")


@app.command()
def autonomy(
    us: Annotated[
        list[str],
        typer.Option("--us", metavar="PLACE", help="A place or group of our side; repeatable."),
    ],
    them: Annotated[
        list[str],
        typer.Option("--them", metavar="PLACE", help="A place or group of theirs; repeatable."),
    ],
    case: CaseName = DEFAULT_CASE,
    period: PeriodOption = None,
    basis: Basis = None,
    sourcing: Sourcing = "home_first",
    within_days: Within = WITHIN_DAYS,
    settings: Settings = None,
    top: Top = 25,
    as_json: Json = False,
    as_csv: Csv = False,
) -> int:
    """Show our reliance on them against theirs on us, item by item."""
    found = opened(case, settings)
    by = seen_by(basis, ())
    net = nw.network.from_case(found, period=period, basis=by, sourcing=sourcing)
    sides = [[coded(name) for name in side] for side in (us, them)]
    frame = nw.measure.autonomy(net, *sides, within_days=within_days)
    frame = frame.sort_values("reliance", ascending=False, kind="stable")
    used = {"us": sides[0], "them": sides[1], **_network_settings(net), "within_days": within_days}
    if not printed("autonomy", frame, found, used, net=net, as_json=as_json, as_csv=as_csv):
        results.autonomy(frame, used, top=top)
    return 0


def _network_settings(net: "Network") -> dict[str, Any]:
    return {"period": net.period, "basis": net.basis, "sourcing": net.sourcing_rule}


app.command()(screens)
app.command("systemic-risk")(systemic_risk)
