"""`narrows measure`: each measure as a table, JSON or CSV."""

import math
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from narrows import measure, network
from narrows.cli.options import (
    Basis,
    CaseName,
    Csv,
    Draws,
    Json,
    PeriodOption,
    Seed,
    Settings,
    Sourcing,
    Top,
    Within,
    opened,
)
from narrows.cli.printing import (
    console,
    percent,
    print_csv,
    print_json,
    print_table,
    progress,
    records,
)
from narrows.cli.systemic_risk import systemic_risk
from narrows.evidence import Case
from narrows.network import Network
from narrows.terms import BadInput, Fault, place_name

__all__ = ["app"]

app = typer.Typer(
    help="Concentration, exposure, contingency, autonomy, and the screens of officials.",
    no_args_is_help=True,
)
_DEFAULT = "semiconductors"
Above = Annotated[
    float | None,
    typer.Option("--fail-above", min=0, max=1, help="Exit with 1 when a finding is above this."),
]


@app.command()
def concentration(
    case: CaseName = _DEFAULT,
    period: PeriodOption = None,
    by: Annotated[str, typer.Option("--by", help="place or firm.")] = "place",
    basis: Annotated[
        str | None, typer.Option("--basis", help="location or headquarters; else the set in use.")
    ] = None,
    draws: Draws = 1000,
    seed: Seed = 1,
    settings: Settings = None,
    top: Top = 25,
    as_json: Json = False,
    as_csv: Csv = False,
    fail_above: Above = None,
) -> int:
    """Show how concentrated the making of each item is, the narrowest first."""
    found = opened(case, settings)
    with progress("drawing estimates") as tick:
        frame = measure.concentration(
            found, period=period, by=by, basis=basis, draws=draws, seed=seed, progress=tick
        )
    used = {"period": found.period(period), "by": by, "basis": basis, "draws": draws, "seed": seed}
    if not _printed("concentration", frame, found, used, as_json=as_json, as_csv=as_csv):
        _concentration_table(frame, top, draws)
    return int(fail_above is not None and bool((frame["hhi_low"] > fail_above).any()))


def _concentration_table(frame: pd.DataFrame, top: int, draws: int) -> None:
    columns = ["rank", "item", "largest", "%", "HHI", "at least", "CR3 %", "n", "Other %"]
    columns += ["basis", "period", "grade", "source", *(["holds %", "top ten %"] if draws else [])]
    rows = [
        [
            *(str(row.rank), str(row.item), place_name(str(row.top_entity))),
            *(percent(row.top_share), f"{row.hhi:.3f}", f"{row.hhi_low:.3f}", percent(row.cr3)),
            *(str(row.n_entities), percent(row.other_share), str(row.basis)),
            *(str(row.period) + ("*" if row.filled else ""), str(row.grade), str(row.source_id)),
            *([percent(row.holds), percent(row.top_ten)] if draws else []),
        ]
        for row in records(_first(frame, top))
    ]
    right = ("rank", "%", "HHI", "at least", "CR3 %", "n", "Other %", "holds %", "top ten %")
    print_table(rows, columns, right=right)
    notes = ["HHI counts Other as one provider; 'at least' spreads it over endlessly many."]
    if frame["filled"].astype(bool).any():
        notes.append("* no set for the period asked: the nearest one.")
    _more(frame, top, notes)


@app.command()
def exposure(
    case: CaseName = _DEFAULT,
    on: Annotated[str, typer.Option("--on", help="Place, group or firm:NAME.")] = "TWN",
    period: PeriodOption = None,
    basis: Basis = "location",
    sourcing: Sourcing = "pooled",
    within_days: Within = measure.WITHIN_DAYS,
    every: Annotated[bool, typer.Option("--all", help="Every buyer, not each item once.")] = False,
    settings: Settings = None,
    top: Top = 25,
    as_json: Json = False,
    as_csv: Csv = False,
    fail_above: Above = None,
) -> int:
    """Show how much of each need comes from a place, directly and through the chain."""
    found = opened(case, settings)
    net = network.from_case(found, period=period, basis=basis, sourcing=sourcing)
    frame = measure.exposure(net, on, within_days=within_days)
    used = {"on": on, **_network_settings(net), "within_days": within_days}
    if not _printed("exposure", frame, found, used, net=net, as_json=as_json, as_csv=as_csv):
        shown = frame if every else _by_item(frame)
        rows = [
            [
                *(str(row.buyer), str(row.item), percent(row.direct)),
                *(percent(row.look_through), percent(row.stand_in)),
            ]
            for row in records(_first(shown, top))
        ]
        columns = ["buyer", "buys", "direct %", "look-through %", "on stand-ins %"]
        print_table(rows, columns, title=f"Reliance on {place_name(on)}", right=columns[2:])
        _more(shown, top, [f"Sourcing: {net.sourcing_rule}; basis: {net.basis}."])
    return int(fail_above is not None and bool((frame["look_through"] > fail_above).any()))


def _by_item(frame: pd.DataFrame) -> pd.DataFrame:
    """Give one row for all buyers of a kind that have the same reliance on an input."""
    kind = frame["buyer"].str.partition("/")[2]
    keys = [kind.rename("kind"), "item", frame["direct"].round(9), frame["look_through"].round(9)]
    same = frame.groupby(keys, sort=False)["buyer"].transform("size") > 1
    shown = frame.assign(buyer=frame["buyer"].where(~same, "every " + kind))
    return shown.drop_duplicates(["buyer", "item", "direct", "look_through"])


@app.command()
def contingency(
    case: CaseName = _DEFAULT,
    drop: Annotated[
        list[str] | None,
        typer.Option("--drop", help="Place, group, firm:NAME or PLACE/item; repeat to add."),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many close at once.")] = 1,
    over: Annotated[str, typer.Option("--over", help="place, firm or place-item.")] = "place",
    period: PeriodOption = None,
    basis: Basis = "location",
    sourcing: Sourcing = "pooled",
    within_days: Within = measure.WITHIN_DAYS,
    draws: Annotated[
        int | None, typer.Option("--draws", min=0, help="Draws; 1000 for N-1, none for pairs.")
    ] = None,
    seed: Seed = 1,
    settings: Settings = None,
    top: Top = 15,
    as_json: Json = False,
    as_csv: Csv = False,
    fail_above: Above = None,
) -> int:
    """Show what is left of each end use when something closes for good and stocks are gone."""
    found = opened(case, settings)
    net = network.from_case(found, period=period, basis=basis, sourcing=sourcing)
    count = (1000 if k == 1 and not drop else 0) if draws is None else draws
    with progress("closing") as tick:
        frame = measure.contingency(
            net,
            k,
            over=over,
            drop=drop or None,
            within_days=within_days,
            draws=count,
            seed=seed,
            progress=tick,
        )
    used = {"k": k, "over": over, "drop": drop, **_network_settings(net)}
    used |= {"within_days": within_days, "draws": count, "seed": seed}
    if not _printed("contingency", frame, found, used, net=net, as_json=as_json, as_csv=as_csv):
        _contingency_table(frame, net, top, every=bool(drop))
    whole = frame[frame["end_use"] == "all"]
    return int(fail_above is not None and bool((1 - whole["left_fixed"] > fail_above).any()))


def _contingency_table(frame: pd.DataFrame, net: Network, top: int, *, every: bool) -> None:
    shown = frame if every else frame[frame["end_use"] == "all"]
    drawn = "holds" in frame
    columns = ["rank", "dropped", "end use", "left, fixed %", "left, best %", "stock days"]
    columns += [*(["holds %", "ranks"] if drawn else []), "because"]
    rows = [
        [
            *(str(row.rank), str(row.dropped), str(row.end_use), percent(row.left_fixed)),
            *(percent(row.left_best), _days(row.stock_days)),
            *([percent(row.holds), f"{row.rank_low:.0f}-{row.rank_high:.0f}"] if drawn else []),
            _reasons(str(row.because), every=every),
        ]
        for row in records(_first(shown, top))
    ]
    right = columns[3:6]
    print_table(rows, columns, right=("rank", *right, "holds %"), fold=("because",))
    notes = [
        "left: part of the end use still made once stocks are gone.",
        "fixed: nothing re-routed; best: best re-routed.",
        f"all: end uses weighted by {net.weight_unit}.",
        "Static numbers rank exposure; they are not losses over time.",
    ]
    _more(shown, top, notes)


@app.command()
def worst(
    case: CaseName = _DEFAULT,
    k: Annotated[int, typer.Option("-k", min=1, help="How many close at once.")] = 2,
    over: Annotated[str, typer.Option("--over", help="place, firm or place-item.")] = "place",
    end_use: Annotated[str, typer.Option("--end-use", help="One end use, or all.")] = "all",
    period: PeriodOption = None,
    basis: Basis = "location",
    sourcing: Sourcing = "pooled",
    within_days: Within = measure.WITHIN_DAYS,
    settings: Settings = None,
    top: Top = 10,
    as_json: Json = False,
    as_csv: Csv = False,
) -> int:
    """Find the worst choices of k closures at once."""
    found = opened(case, settings)
    net = network.from_case(found, period=period, basis=basis, sourcing=sourcing)
    with progress("trying choices") as tick:
        frame = measure.worst(
            net,
            k,
            over=over,
            end_use=end_use,
            within_days=within_days,
            top=top or 10,
            progress=tick,
        )
    used = {"k": k, "over": over, "end_use": end_use, **_network_settings(net)}
    used["within_days"] = within_days
    if not _printed("worst", frame, found, used, net=net, as_json=as_json, as_csv=as_csv):
        columns = ["dropped", "left, fixed %", "left, best %", "synergy %", "proved", "because"]
        rows = [
            [
                *(str(row.dropped), percent(row.left_fixed), percent(row.left_best)),
                *(f"{100 * row.synergy:+.1f}", "yes" if row.proved else "not proved"),
                _reasons(str(row.because), every=False),
            ]
            for row in records(frame)
        ]
        print_table(rows, columns, right=columns[1:4], fold=("dropped", "because"))
        note = "synergy: loss beyond the sum of the losses one by one (negative: they overlap)."
        console().print(note, style="dim")
    return 0


@app.command()
def autonomy(
    us: Annotated[list[str], typer.Option("--us", help="A place of our side; repeatable.")],
    them: Annotated[list[str], typer.Option("--them", help="A place of theirs; repeatable.")],
    case: CaseName = _DEFAULT,
    period: PeriodOption = None,
    basis: Basis = "location",
    sourcing: Sourcing = "home_first",
    within_days: Within = measure.WITHIN_DAYS,
    settings: Settings = None,
    top: Top = 25,
    as_json: Json = False,
    as_csv: Csv = False,
) -> int:
    """Show our reliance on them against theirs on us, item by item."""
    found = opened(case, settings)
    net = network.from_case(found, period=period, basis=basis, sourcing=sourcing)
    frame = measure.autonomy(net, us, them, within_days=within_days)
    frame = frame.sort_values("reliance", ascending=False, kind="stable")
    used = {"us": us, "them": them, **_network_settings(net), "within_days": within_days}
    if not _printed("autonomy", frame, found, used, net=net, as_json=as_json, as_csv=as_csv):
        columns = ["item", "we on them %", "they on us %", "we, through %", "they, through %"]
        rows = [
            [
                *(str(row.item), percent(row.reliance), percent(row.leverage)),
                *(percent(row.reliance_look_through), percent(row.leverage_look_through)),
            ]
            for row in records(_first(frame, top))
        ]
        sides = [" and ".join(place_name(place) for place in side) for side in (us, them)]
        title = f"{sides[0]} with {sides[1]}"
        print_table(rows, columns, title=title, right=columns[1:])
        _more(frame, top, [f"Sourcing: {net.sourcing_rule}; basis: {net.basis}."])
    return 0


@app.command()
def screens(
    case: CaseName = _DEFAULT,
    period: PeriodOption = None,
    share: Annotated[
        float, typer.Option("--share", min=0, max=1, help="Share of a single producer.")
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
    if partners or totals:
        if not (partners and totals):
            raise BadInput(Fault("--partners", None, "", "one file", "--partners and --totals"))
        name, frame = "eu_core_indicators", measure.eu_core_indicators(_csv(partners), _csv(totals))
    elif risk:
        name, frame = "eu_supply_risk", measure.eu_supply_risk(_csv(risk))
    else:
        found = opened(case, settings)
        name = "single_producer"
        frame = measure.single_producer(found, period=period, share=share)
    if not _printed(name, frame, found, {"share": share}, as_json=as_json, as_csv=as_csv):
        shown = _first(frame, top)
        cells = [[_cell(value) for value in row] for row in shown.itertuples(index=False)]
        print_table(cells, [str(column) for column in frame.columns], fold=("filled",))
        _more(frame, top, [])
    return 0


def _csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput(Fault(str(path), None, "", reason, "a CSV file")) from error
    except (ValueError, UnicodeDecodeError) as error:
        raise BadInput(Fault(str(path), None, "", f"no CSV ({error})", "a CSV file")) from error


def _printed(
    name: str,
    frame: pd.DataFrame,
    case: Case | None,
    settings: dict[str, Any],
    *,
    net: Network | None = None,
    as_json: bool,
    as_csv: bool,
) -> bool:
    """Print JSON or CSV where asked; the whole result, whatever `--top` says."""
    if as_json:
        print_json(measure.as_json(name, frame, case, settings=settings, net=net))
    elif as_csv:
        print_csv(frame)
    return as_json or as_csv


def _network_settings(net: Network) -> dict[str, Any]:
    return {"period": net.period, "basis": net.basis, "sourcing": net.sourcing_rule}


def _first(frame: pd.DataFrame, top: int) -> pd.DataFrame:
    return frame.head(top) if top else frame


def _more(frame: pd.DataFrame, top: int, notes: list[str]) -> None:
    if top and len(frame) > top:
        notes = [*notes, f"{len(frame) - top} more rows: --top 0 shows all, --csv and --json too."]
    for note in notes:
        console().print(note, style="dim", soft_wrap=True)


def _reasons(because: str, *, every: bool) -> str:
    """Give all reasons, one a line, or the worst one and how many more there are."""
    reasons = because.split("; ")
    if every or len(reasons) == 1:
        return "\n".join(reasons)
    return f"{reasons[0]} (and {len(reasons) - 1} more)"


def _days(days: float) -> str:
    return "-" if math.isinf(days) else f"{days:.0f}"


def _cell(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


app.command("systemic-risk")(systemic_risk)
