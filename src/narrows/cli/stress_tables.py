"""Runs and ensembles on the screen."""

import math
from typing import TYPE_CHECKING

import narrows as nw
from narrows.cli.printing import records, say
from narrows.cli.tables import Column, number, print_table, text

if TYPE_CHECKING:
    import pandas as pd

    from narrows.simulate import Comparison, Ensemble, Guard, Run

__all__ = ["show_comparison", "show_ensemble", "show_run"]

_NONE = "-"
_CAUTION = "Losses follow from the rules and the stocks assumed; they are no forecast."
_DRIVERS = 8
_TURNS = 8
_LEAST_DRAWS = 30  # of narrows.simulate.drivers
_ROUNDING = 1e-6  # of a day's demand: less is no loss


def show_run(made: "Run", turns: "pd.DataFrame | None", top: int) -> None:
    """Print a run."""
    attributes = made.to_dataset().attrs
    _head(made, made.to_dataset().sizes["day"], attributes["unit"])
    _markets(made, top)
    _losses(made, top)
    if turns is not None and len(turns):
        say(f"Turning points: {len(turns)}", style="bold")
        for sentence in turns["sentence"].head(top and min(top, _TURNS)):
            say(sentence)
    _cautions(made.guard)


def show_ensemble(many: "Ensemble", top: int) -> None:
    """Print bands and drivers."""
    about = many.store.about
    _head(many, about["days"], about["unit"])
    found = many.summary()
    felt = found[found["deepest_90"] > _ROUNDING]
    if felt.empty:
        say(f"No market goes without in {about['draws']} draws.", style="bold")
    else:
        _bands(felt, f"{about['draws']} draws: {len(felt)} of {len(found)}", top)
    _drivers(many)
    _cautions(many.guard)


def _bands(felt: "pd.DataFrame", counted: str, top: int) -> None:
    rows = [
        [
            str(row.market),
            _lost(row.shortfall_days_50),
            f"{_lost(row.shortfall_days_10)}-{_lost(row.shortfall_days_90)}",
            _percent(_felt(row.deepest_50)),
            _between(row.survive_days_10, row.survive_days_90),
            _between(row.recover_days_10, row.recover_days_90),
            _percent(row.never_short),
            _percent(row.never_back),
        ]
        for row in records(felt.head(top or len(felt)))
    ]
    columns = [text("market"), number("days lost"), number("80 % between"), number("deepest")]
    columns += [number("survives, days"), number("recovers, days")]
    columns += [number("never short", spare=1), number("never back", spare=2)]
    print_table(rows, columns, title=f"Markets that go without, {counted}")
    say("Days lost and deepest: median. Days: between 10 and 90 % of the draws.")


def show_comparison(found: "Comparison", top: int) -> None:
    """Print two results side by side."""
    say(f"One: {found.one.title or found.one.name}", style="bold")
    say(f"Other: {found.other.title or found.other.name}", style="bold")
    days = found.table[found.table["outcome"] == "shortfall_days"]
    felt = days[(days["one"] > _ROUNDING) | (days["other"] > _ROUNDING)]
    drawn = found.kind == "ensemble"
    rows = [
        [
            *([str(row.market)] if drawn else [str(row.market), str(row.item)]),
            *(f"{row.one:.3g}", f"{row.other:.3g}", f"{row.difference:+.3g}"),
            *(_spread(row) if drawn else []),
        ]
        for row in records(felt.head(top or len(felt)))
    ]
    columns = [text("market")] if drawn else [text("market"), text("item")]
    columns += [number("one"), number("other"), number("difference")]
    if drawn:
        columns += [number("80 % between"), number("other is worse")]
    print_table(
        rows, columns, title=f"Days of demand lost: {len(felt)} of {len(days)} differ or miss"
    )
    if drawn:
        draws = found.settings["draws"]
        say(f"{draws} draws, the same in both. difference: median of the draws one by one.")
    for row in records(found.cautions):
        say(f"Caution ({row.of}): {row.found} {row.reason} Instead: {row.instead}")
    say(_CAUTION, style="dim")


def _spread(row: object) -> list[str]:
    low, high = row.difference_10, row.difference_90  # type: ignore[attr-defined]
    worse = row.other_is_worse  # type: ignore[attr-defined]
    return [f"{low:+.3g} to {high:+.3g}", _percent(worse)]


def _head(made: "Run | Ensemble", days: int, unit: str) -> None:
    scenario = made.scenario
    say(f"{scenario.title or scenario.name}, {days} days", style="bold")
    if scenario.reasoning:
        say(scenario.reasoning)
    for shock in scenario.shocks:
        if shock.why:
            say(f"Assumed ({shock.kind}, day {shock.start}): {shock.why}", style="dim")
    say(f"Unit: {unit}.")
    gain = made.guard.surge_gain
    if gain:
        say(f"Surge gain {gain:.2f}: how much a rise of orders grows on its way round.")


def _markets(made: "Run", top: int) -> None:
    markets = made.summary()
    felt = markets[markets["deepest"] > _ROUNDING]
    if felt.empty:
        say(f"No market goes without, of {len(markets)}.", style="bold")
        return
    rows = [
        [
            *(str(row.market), str(row.item), f"{row.shortfall_days:.3g}", _percent(row.deepest)),
            *(str(row.deepest_day), _days(row.survive_days), _days(row.recover_days)),
        ]
        for row in records(felt.head(top or len(felt)))
    ]
    columns = [text("market"), text("item"), number("days lost"), number("deepest")]
    columns += [number("on day"), number("survives, days"), number("recovers, days")]
    print_table(rows, columns, title=f"Markets that go without: {len(felt)} of {len(markets)}")


def _makers(made: "Run", top: int) -> None:
    """Print where the end uses of a chain are made less."""
    data = made.to_dataset()
    bought = data["demand"].isel(day=0).notnull().any("market")  # noqa: PD004 - xarray
    ends = set(data["item"].to_numpy()[bought.to_numpy()].astype(str))
    lost = made.losses("unit")
    item = lost["unit"].str.partition("/")[2]
    felt = lost[item.isin(ends) & (lost["production"] > 0) & (lost["deepest"] > _ROUNDING)]
    felt = felt.sort_values("shortfall", ascending=False, kind="stable")
    if felt.empty:
        return
    rows = [
        [
            *str(row.unit).split("/", 1),
            _percent(row.production),
            f"{row.shortfall / row.production:.3g}",
            _percent(row.deepest),
            str(row.deepest_day),
        ]
        for row in records(felt.head(top or len(felt)))
    ]
    columns = [text("place"), text("item"), number("share of the world"), number("days lost")]
    columns += [number("deepest"), number("on day")]
    print_table(rows, columns, title=f"Where end uses are made less: {len(felt)} makers")


def _losses(made: "Run", top: int) -> None:
    if made.to_dataset().attrs["unit"] == nw.simulate.NORMAL_FLOW:
        _makers(made, top)
        return
    lost = made.losses("place")
    made_some = lost[lost["production"] > 0]
    rows = [
        [
            *(str(row.place), f"{row.lost:.4g}", f"{row.lost_days:.3g}"),
            *(f"{row.made_up_later:.4g}", _percent(row.missing_at_end / row.production)),
            _percent(row.deepest),
        ]
        for row in records(made_some.head(top or len(made_some)))
    ]
    columns = [Column("place"), number("lost"), number("days lost"), number("made up later")]
    columns += [number("missing at the end"), number("deepest")]
    print_table(rows, columns, title="Production lost")


def _drivers(many: "Ensemble") -> None:
    found = many.drivers()
    if found.empty:
        say("Nothing has a range: all draws are the same.")
        return
    if many.store.about["draws"] < _LEAST_DRAWS:
        say(f"What decides the loss takes {_LEAST_DRAWS} draws or more to tell.")
        return
    strong = found[found["above_noise"]].head(_DRIVERS)
    floor = float(found["noise_floor"].iloc[0])
    if strong.empty:
        count = len(found)
        say(
            f"None of {count} inputs stands out from the noise of {_percent(floor)} of variance; "
            "more draws lower it."
        )
        return
    rows = [
        [str(row.about), _percent(row.first_order), f"{row.direction:+.2f}"]
        for row in records(strong)
    ]
    title = f"What decides the days lost: {len(strong)} of {len(found)} inputs above the noise"
    print_table(rows, [text("input", 30), number("of variance"), number("direction")], title=title)
    say(f"Noise floor {_percent(floor)}: more draws lower it.")


def _cautions(guard: "Guard") -> None:
    for caution in guard.cautions:
        say(f"Caution: {caution}")
    say(_CAUTION, style="dim")


def _percent(part: float) -> str:
    return _NONE if math.isnan(part) else f"{100 * part:.3g} %"


def _days(value: float) -> str:
    return _NONE if math.isnan(value) else f"{value:.0f}"


def _between(low: float, high: float) -> str:
    if math.isnan(low):
        return _NONE
    return f"{_days(low)} or later" if math.isnan(high) else f"{_days(low)}-{_days(high)}"


def _felt(part: float) -> float:
    """Give 0 for what is no more than rounding."""
    return 0.0 if abs(part) <= _ROUNDING else part


def _lost(days: float) -> str:
    return f"{_felt(days):.3g}"
