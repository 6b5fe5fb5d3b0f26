"""Turning points of a run, each with its cause: which stock, shock or orders, where and when."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.causes import Cause, Causes
from narrows.simulate.vertices import Turn, turns_of
from narrows.terms import BadInput, Fault, UnknownName

if TYPE_CHECKING:
    from narrows.simulate.result import Run

__all__ = ["ALL", "turning_points"]

Array = NDArray[np.float64]
ALL = "all"
_SERIES = ("demand_met", "production", "orders")
_STEP = 3
_PARTS = 2


@dataclass(frozen=True)
class _Curve:
    """A series to be explained.

    Attributes
    ----------
    values
        By day, 1 being day 0.
    parts
        What its units add to it by day, (days, units); of a market, by the part of its orders
        that each fills.
    """

    values: Array
    parts: Array


def turning_points(
    run: "Run", net: Network, of: str = ALL, *, series: str | None = None, most: int = 12
) -> pd.DataFrame:
    """Explain every turning point of a series of a run.

    Parameters
    ----------
    run
        The run.
    net
        The network it was made on.
    of
        ``all``, a market (``JPN/HFCE``), a unit (``JPN/c14``), a place or an item.
    series
        ``demand_met`` (of ``all`` and of markets), ``production`` or ``orders``. None:
        ``demand_met`` where there is one, else ``production``.
    most
        How many at most.

    Returns
    -------
    DataFrame
        day; turn (``drops``, ``begins to fall``, ``lowest``, ``peak``, ...); level (part of
        day 0); cause (``shock``, ``stock``, ``stock back``, ``rationing``, ``capacity``,
        ``restocking``, ``orders``, ``demand``, ``trade``, ``unknown``); unit and item it is
        about; sentence, with the reasons behind.

    Raises
    ------
    UnknownName
        When there is no such series.
    BadInput
        When the network is not the one of the run.
    """
    data = run.to_dataset()
    if data["unit"].to_numpy().tolist() != net.labels.tolist():
        expected = "the network that the run was made on"
        raise BadInput(Fault("turning_points", None, "net", "another network", expected))
    causes = Causes(net, run.scenario, data)
    name = _series(net, of, series)
    curve = _curve(run, net, of, name)
    rows: list[dict[str, Any]] = []
    for turn in turns_of(curve.values, most):
        found = _explained(causes, curve, turn, name)
        first = found[0]
        same = [rows[-1][key] for key in ("cause", "unit", "item")] if rows else []
        if turn.kind.endswith(("faster", "slower")) and same == [
            first.kind,
            first.unit,
            first.item,
        ]:
            continue
        rows.append(
            {
                "day": turn.day,
                "turn": turn.kind,
                "level": turn.value,
                "cause": first.kind,
                "unit": first.unit,
                "item": first.item,
                "sentence": _sentence(turn, name, found),
            }
        )
    columns = ["day", "turn", "level", "cause", "unit", "item", "sentence"]
    return pd.DataFrame(rows, columns=columns)


def _series(net: Network, of: str, wanted: str | None) -> str:
    """Choose the series, and refuse one that there is not."""
    market = of in net.market_names.tolist()
    places = set(net.units.place.tolist())
    known = [ALL, *net.market_names.tolist(), *net.labels.tolist(), *sorted(places), *net.items]
    if of not in known:
        raise UnknownName("series", of, known, where="turning_points")
    allowed = _SERIES if of == ALL else _SERIES[:1] if market else _SERIES[1:]
    name = wanted or allowed[0]
    if name not in allowed:
        raise UnknownName("series", name, allowed, where=f"turning_points of {of}")
    return name


def _curve(run: "Run", net: Network, of: str, name: str) -> _Curve:
    data = run.to_dataset()
    if name == "demand_met":
        return _of_markets(run, net, of)
    values = data[name].to_numpy()
    labels, places = net.labels, net.units.place
    item = net.items.index(of) if of in net.items else -1
    mine = (labels == of) | (places == of) | (net.units.item == item) | (of == ALL)
    parts = np.where(mine, values, 0.0)
    if net.origins is not None and of in (ALL, *places.tolist()):
        parts = parts / np.where(values[0] > 0, values[0], 1.0)  # items are not added: each as 1
    return _scaled(parts.sum(axis=1), parts)


def _of_markets(run: "Run", net: Network, of: str) -> _Curve:
    """Weigh the units by what the markets take from them in normal times."""
    data = run.to_dataset()
    chosen = [of in (ALL, each) for each in net.market_names.tolist()]
    met = data["demand_met"].to_numpy()[:, chosen]
    wanted = data["demand"].to_numpy()[:1, chosen]
    worth = np.nan_to_num(wanted)
    if net.origins is not None:  # items of a chain are told by their value
        value = net.weight[chosen][None, :, None]
        usual = worth.sum(axis=2, keepdims=True)
        worth = value / np.where(usual > 0, usual, 1.0)
        total = np.nansum(met * worth, axis=(1, 2))
    else:
        total = np.nansum(met, axis=(1, 2))
    size = len(net.units.item)
    weights = np.zeros(size)
    mine = np.flatnonzero(net.needs.buyer >= size)
    mine = mine[np.array(chosen)[net.needs.buyer[mine] - size]]
    demand = net.needs.recipe * np.concatenate([net.units.output, net.demand])[net.needs.buyer]
    asked = np.zeros(len(net.needs.item))
    asked[mine] = demand[mine]
    for item, units in enumerate(net.unit_slices):
        needs = net.need_slices[item]
        weights[units] = net.sourcing[item].orders(asked[needs][:, None])[:, 0]
    return _scaled(total, weights * (1.0 - data["scarcity"].to_numpy()))


def _scaled(total: Array, parts: Array) -> _Curve:
    base = total[0] or max(float(np.abs(total).max()), 1.0)
    return _Curve(total / base, parts / base)


def _explained(causes: Causes, curve: _Curve, turn: Turn, name: str) -> list[Cause]:
    """Find the unit that turns the curve, and ask why it turned."""
    step = turn.kind in ("drops", "jumps")
    corner = turn.day - 1 if step or turn.kind.startswith("begins") else turn.day
    day = min(corner + 1, causes.days - 1)
    unit = _leading(curve.parts, corner, turn.change, step=step)
    if unit is None:
        event = causes.shock_near(day)
        unknown = Cause("unknown", "no single unit, stock or shock stands out", day)
        return [causes.told(event)] if event else [unknown]
    turns = {"orders": causes.of_orders, "production": causes.of_unit}.get(name, causes.rationed)
    found = turns(unit, day)
    if turn.kind == "peak" and name == "orders":
        high = causes.of_orders(_highest(curve.parts, turn.day), turn.day, level=True)
        return [*high, Cause("", f"then {found[0].text}", day)]
    if turn.kind == "lowest" and name != "orders":
        low = causes.of_level(_lowest(curve.parts, turn.day), turn.day)
        return [low[0], Cause("", f"then {found[0].text}", day), *low[1:]]
    return found


def _leading(parts: Array, corner: int, change: float, *, step: bool) -> int | None:
    """Give the unit whose own turn adds most to the turn of the sum."""
    last = len(parts) - 1
    reach = 1 if step else max(1, min(_STEP, corner, last - corner))
    after = parts[min(corner + reach, last)] - parts[corner]
    before = 0.0 if step else parts[corner] - parts[max(corner - reach, 0)]
    own = (after - before) * (1.0 if change > 0 else -1.0)
    leader = int(np.argmax(own))
    return leader if own[leader] > 0 else None


def _highest(parts: Array, day: int) -> int:
    return int(np.argmax(parts[day] - parts[0]))


def _lowest(parts: Array, day: int) -> int:
    return int(np.argmin(parts[day] - parts[0]))


def _sentence(turn: Turn, name: str, found: list[Cause]) -> str:
    """Write the turning point and its reasons as one or two sentences."""
    said = {"demand_met": "demand met", "production": "production", "orders": "orders"}[name]
    verb = {"lowest": "is lowest at", "peak": "peaks at"}.get(turn.kind, f"{turn.kind} at")
    if turn.kind in ("drops", "jumps"):
        verb = f"{turn.kind} to"
    if name == "orders":  # more than one
        word, _, rest = verb.partition(" ")
        verb = f"{'are' if word == 'is' else word.removesuffix('s')} {rest}"
    reasons = []
    for cause in found:
        if cause.text not in reasons:
            reasons.append(cause.text)
    head = f"Day {turn.day}: {said} {verb} {100 * turn.value:.3g} % of normal"
    behind = "; ".join(reasons[1 : 1 + _PARTS + 1])
    return f"{head}: {reasons[0]}" + (f" ({behind})." if behind else ".")
