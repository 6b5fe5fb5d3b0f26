"""What of a run or an ensemble is drawn: which series, in what order, with which words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.simulate.accounts import account
from narrows.simulate.plots import losses_map, small_multiples
from narrows.simulate.plots.series import Panel
from narrows.simulate.scenario import Scenario
from narrows.terms import BadInput, Fault, UnknownName

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from narrows.simulate.ensemble_result import Ensemble
    from narrows.simulate.result import Run

__all__ = ["PICTURES", "of_ensemble", "of_run"]

Array = NDArray[np.float64]
PICTURES = ("markets", "places", "items", "losses")
"""What can be drawn."""
_MOST_ROWS = 16
_LOWS = (0.1, 0.5, 0.9)
_WORDS = {
    "markets": "Demand met, percent of what is wanted",
    "places": "Production by place, percent of day 0",
    "items": "Production by item, percent of day 0",
}


def of_run(run: "Run", kind: str, *, top: int, names: Sequence[str]) -> "Figure":
    """Draw a run; see `Run.plot`."""
    data = run.to_dataset()
    if kind == "losses":
        lost = run.losses("unit").set_index("unit")["lost_days"]
        units = data["unit"].to_numpy().astype(str)
        return _map(lost.loc[units].to_numpy(), data, "Production lost", names)
    series, normal, labels = _summed(data, kind)
    chosen = _chosen(series, normal, labels, top, names, kind)
    panels = []
    for column in chosen:
        level = 100 * series[:, column] / normal[:, column]
        panels.append(Panel(labels[column], _lost((100 - level).sum() / 100), level))
    return _multiples(panels, kind, data.attrs, run.scenario, "One run.")


def of_ensemble(ensemble: "Ensemble", kind: str, *, top: int, names: Sequence[str]) -> "Figure":
    """Draw an ensemble; see `Ensemble.plot`."""
    if kind == "losses":
        return _ensemble_map(ensemble, names)
    bands = ensemble.bands(_LOWS)
    name, axis = {
        "markets": ("demand_met", "market"),
        "places": ("production_of_place", "place"),
        "items": ("production_of_item", "item"),
    }[kind]
    if name not in bands:
        raise _no_sum(kind)
    values = bands[name].to_numpy()
    normal = np.broadcast_to(values[1, :1], values[1].shape)
    if kind == "markets":
        normal = bands["demand"].to_numpy()[1]
    labels = bands[axis].to_numpy().astype(str).tolist()
    chosen = _chosen(values[1], normal, labels, top, names, kind)
    days = ensemble.outcomes().groupby("market")["shortfall_days"] if kind == "markets" else None
    panels = []
    for column in chosen:
        low, middle, high = (100 * each[:, column] / normal[:, column] for each in values)
        note = ""
        if days is not None:
            ends = np.quantile(days.get_group(labels[column]), _LOWS)
            note = _lost(*ends.tolist())
        panels.append(Panel(labels[column], note, middle, low, high))
    draws = bands.attrs["draws"]
    under = f"Line: median of {draws} draws, day by day. Band: 80 % of the draws."
    return _multiples(panels, kind, bands.attrs, ensemble.scenario, under)


def _lost(low: float, middle: float | None = None, high: float | None = None) -> str:
    """Tell the days lost; less than a twentieth of a day is nothing."""
    shown = [
        f"{each:.3g}" if each >= 0.05 else "0" for each in (low, middle, high) if each is not None
    ]
    if set(shown) == {"0"}:
        return "nothing lost"
    if len(shown) == 1:
        return f"{shown[0]} days lost"
    return f"{shown[1]} days lost ({shown[0]} to {shown[2]})"


def _ensemble_map(ensemble: "Ensemble", names: Sequence[str]) -> "Figure":
    data = ensemble.to_dataset()
    if "production" not in data:
        found = "an ensemble that did not keep production by unit"
        raise BadInput(Fault("plot", None, "kind", f"losses of {found}", "by_unit=True"))
    made = data["production"].to_numpy()
    base = np.where(made[:, :1] > 0, made[:, :1], np.nan)
    lost = np.nanmedian((1.0 - made / base).sum(axis=1), axis=0)
    return _map(np.nan_to_num(lost), data, "Production lost, median of the draws", names)


def _summed(data: "xr.Dataset", kind: str) -> tuple[Array, Array, list[str]]:
    """Give series by day and label, and what they are measured by."""
    if kind == "markets":
        met, wanted = (np.nan_to_num(data[n].to_numpy()) for n in ("demand_met", "demand"))
        bought = wanted[0].sum(axis=1) > 0
        market = data["market"].to_numpy().astype(str)[bought]
        return met[:, bought].sum(axis=2), wanted[:, bought].sum(axis=2), market.tolist()
    if kind == "places" and data.attrs["unit"].startswith("part of"):
        raise _no_sum(kind)
    keys = data["unit_place" if kind == "places" else "unit_item"].to_numpy().astype(str)
    labels, rows = np.unique(keys, return_inverse=True)
    series = np.zeros((data.sizes["day"], len(labels)))
    np.add.at(series.T, rows, data["production"].to_numpy().T)
    return series, np.broadcast_to(series[0], series.shape), labels.tolist()


def _no_sum(kind: str) -> BadInput:
    chain = "a chain in normal flow, where items are not added to each other"
    return BadInput(Fault("plot", None, "kind", f"{kind} of {chain}", "markets, items or losses"))


def _chosen(
    series: Array, normal: Array, labels: Sequence[str], top: int, names: Sequence[str], kind: str
) -> list[int]:
    """Choose what is named, or what loses most of its days."""
    for name in names:
        if name not in labels:
            raise UnknownName(kind.removesuffix("s"), name, list(labels), where="plot")
    if names:
        return [list(labels).index(name) for name in names]
    base = np.where(series[0] > 0, series[0], np.inf)
    found = account(normal, series).shortfall / base
    order = np.argsort(-found, kind="stable")
    return [int(each) for each in order[:top] if series[0, each] > 0]


def _multiples(
    panels: Sequence[Panel],
    kind: str,
    attributes: dict[str, Any],
    scenario: Scenario,
    under: str,
) -> "Figure":
    most = f" {len(panels)} that lose most." if len(panels) > 1 else ""
    return small_multiples(
        panels,
        title=f"{scenario.title or scenario.name}",
        under=f"{_WORDS[kind]}.{most} {under} Grey: shock in force.",
        source=_source(attributes),
        shocks=_spans(scenario),
    )


def _map(lost: Array, data: "xr.Dataset", words: str, names: Sequence[str]) -> "Figure":
    frame = pd.DataFrame(
        {
            "place": data["unit"].to_series().str.partition("/")[0].to_numpy(),
            "item": data["unit"].to_series().str.partition("/")[2].to_numpy(),
            "lost": lost,
        }
    )
    frame = frame[np.isfinite(frame["lost"])]
    table = frame.pivot_table(index="place", columns="item", values="lost", aggfunc="sum")
    size = table.clip(lower=0).fillna(0.0)
    rows = size.sum(axis=1).sort_values(ascending=False, kind="stable").index
    columns = size.sum(axis=0).sort_values(ascending=False, kind="stable").index
    if names:
        unknown = [name for name in names if name not in table.index]
        if unknown:
            raise UnknownName("place", unknown[0], list(table.index), where="plot")
        rows = pd.Index(list(names))
    table = table.loc[rows[:_MOST_ROWS], columns[:_MOST_ROWS]]
    attributes = data.attrs
    return losses_map(
        table,
        title=f"{attributes['title'] or attributes['scenario']}",
        under=f"{words}, in days of own production; those that lose most. Blank: makes none.",
        source=_source(attributes),
    )


def _spans(scenario: Scenario) -> list[tuple[int, int]]:
    out = []
    for shock in scenario.shocks:
        on = np.flatnonzero(shock.in_force(scenario.days, peer=scenario.rules.peer) > 0)
        if on.size:
            out.append((int(on[0]), int(on[-1]) + 1))
    return out


def _source(attributes: dict[str, Any]) -> str:
    return (
        f"Narrows {attributes['version']}; data: {attributes['network']}, "
        f"inputs {attributes['digest'][:8]}. "
        "Losses follow from rules and stocks assumed; no forecast."
    )
