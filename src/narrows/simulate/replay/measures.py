"""Read an observation off a run: the same for the engine and for its rivals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.replay.case import Measure, Observation
from narrows.simulate.replay.chain import Chain
from narrows.simulate.replay.timing import capacity_left, demand_by_day
from narrows.simulate.values import best

__all__ = ["Seen", "read_off"]

Array = NDArray[np.float64]
_SMOOTH = 7  # days over which shipments are averaged before a level is looked for
_MOST_INDEX = 100.0


@dataclass(frozen=True)
class Seen:
    """What a run shows of one draw.

    Parameters
    ----------
    chain
        Of plain numbers.
    shipped, made, orders
        Of each provider by day, (days, providers).
    stock, delivered
        By buyer and item: days of normal use in stock, (days,); what each maker sent,
        (days, makers).
    """

    chain: Chain
    shipped: Array
    made: Array
    orders: Array
    stock: Mapping[tuple[str, str], Array] = field(default_factory=dict)
    delivered: Mapping[tuple[str, str], Array] = field(default_factory=dict)

    def base(self, names: Sequence[str]) -> Array:
        """Give the base output of providers, (providers,)."""
        return np.array([self.chain.made[name] for name in names])

    def flow(self, series: Array, names: Sequence[str]) -> Array:
        """Give a series of some providers over their base, items counting alike, (days,)."""
        case = self.chain.case
        order = [maker.id for maker in case.providers]
        items = sorted({case.provider(name).item for name in names})
        parts = []
        for item in items:
            mine = [name for name in names if case.provider(name).item == item]
            columns = [order.index(name) for name in mine]
            parts.append(series[:, columns].sum(1) / self.base(mine).sum())
        return np.asarray(np.mean(parts, axis=0))

    def days(self, window: tuple[int, int]) -> slice:
        """Give the rows of a window."""
        first = self.chain.case.days[0]
        return slice(window[0] - first, window[1] - first + 1)


def read_off(seen: Seen, observation: Observation) -> float:
    """Give what an observation comes to in a run; NaN where this network cannot tell."""
    measure = observation.measure
    made = _READERS.get(measure.kind)
    if made is None:
        return float("nan")
    return made(seen, measure)


def _ratio(seen: Seen, measure: Measure) -> float:
    flow = seen.flow(seen.shipped, seen.chain.case.members(measure.of))
    found = float(flow[seen.days(measure.window)].mean())
    if measure.over is not None:
        found /= max(float(flow[seen.days(measure.over)].mean()), 1e-9)
    return found * best(measure.base_factor)


def _lost(seen: Seen, names: Sequence[str], window: tuple[int, int]) -> tuple[float, float]:
    """Give the shortfall of shipments behind demand in a window, and the demand."""
    case = seen.chain.case
    order = [maker.id for maker in case.providers]
    lost = wanted = 0.0
    for name in names:
        factor = demand_by_day(seen.chain, case.provider(name).item)
        plan = (seen.chain.made[name] * factor)[seen.days(window)].sum()
        shipped = seen.shipped[seen.days(window), order.index(name)].sum()
        lost += max(0.0, float(plan - shipped))
        wanted += float(plan)
    return lost, wanted


def _units_lost(seen: Seen, measure: Measure) -> float:
    names = seen.chain.case.members(measure.of)
    lost, wanted = _lost(seen, names, measure.window)
    length = measure.window[1] - measure.window[0] + 1
    return best(measure.planned_per_day) * length * lost / max(wanted, 1e-12)


def _share_of_loss(seen: Seen, measure: Measure) -> float:
    """Give the share in the loss of the item; without any loss the share in its output."""
    case = seen.chain.case
    mine = case.members(measure.of)
    every = case.members((case.provider(mine[0]).item,))
    whole, wanted = _lost(seen, every, measure.window)
    if whole > 1e-6 * wanted:
        return _lost(seen, mine, measure.window)[0] / whole
    return float(seen.base(mine).sum() / seen.base(every).sum())


def _loss_percent(seen: Seen, measure: Measure) -> float:
    names = seen.chain.case.members(measure.of)
    lost, wanted = _lost(seen, names, measure.window)
    return 100.0 * lost / max(wanted, 1e-12)


def _capacity(seen: Seen, names: Sequence[str]) -> Array:
    parts = np.stack([capacity_left(seen.chain, name) for name in names], axis=1)
    return np.asarray(parts @ seen.base(names) / seen.base(names).sum())


def _capacity_at(seen: Seen, measure: Measure) -> float:
    at = measure.day - seen.chain.case.days[0]
    return float(_capacity(seen, seen.chain.case.members(measure.of))[at])


def _day_full(seen: Seen, measure: Measure) -> float:
    """Give the day from zero on which a level is reached again and held for a week."""
    names = seen.chain.case.members(measure.of)
    zero = -seen.chain.case.days[0]
    if measure.use == "cap":
        flow, window = _capacity(seen, names)[zero:], 1
    else:
        flow, window = seen.flow(seen.shipped, names)[zero:], _SMOOTH
    flow = np.convolve(flow, np.ones(window) / window, mode="valid")
    low = np.flatnonzero(flow < measure.level)
    if not low.size:
        return 0.0
    deep = int(low[0] + np.argmin(flow[low[0] :]))
    full = np.flatnonzero(flow[deep:] >= measure.level)
    day = deep + full[0] + window - 1 if full.size else len(flow) + window - 1
    return float(day) * measure.scale


def _supplier_share(seen: Seen, measure: Measure) -> float:
    case = seen.chain.case
    makers = [maker.id for maker in case.makers(measure.item)]
    mine = [makers.index(name) for name in case.members(measure.of)]
    sent = sum(
        seen.delivered[buyer, measure.item][seen.days(measure.window)].sum(0)
        for buyer in case.members((measure.buyer,))
    )
    total = float(np.sum(sent))
    return float(np.asarray(sent)[mine].sum() / total) if total > 0 else 0.0


def _stock_min(seen: Seen, measure: Measure) -> float:
    case = seen.chain.case
    buyers = case.members((measure.buyer,))
    stock = np.stack([seen.stock[buyer, measure.item] for buyer in buyers], axis=1)
    whole = stock @ seen.base(buyers) / seen.base(buyers).sum()
    return float(whole[seen.days(measure.window)].min())


def _tightness(seen: Seen, names: Sequence[str]) -> Array:
    """Give orders over shipments by day, smoothed."""
    orders = seen.flow(seen.orders, names)
    shipped = seen.flow(seen.shipped, names)
    kernel = np.ones(_SMOOTH) / _SMOOTH
    wide = [
        np.convolve(np.pad(each, _SMOOTH // 2, mode="edge"), kernel, "valid")
        for each in (orders, shipped)
    ]
    return np.asarray(np.maximum(wide[0] / np.maximum(wide[1], 1e-3), 1.0))


def _index(seen: Seen, measure: Measure) -> Array:
    names = seen.chain.case.members((measure.item,))
    power = best(seen.chain.behaviour.scarcity_exponent)
    return np.asarray(np.minimum(_tightness(seen, names) ** power, _MOST_INDEX))


def _price_max(seen: Seen, measure: Measure) -> float:
    return float(_index(seen, measure)[seen.days(measure.window)].max())


def _price_at(seen: Seen, measure: Measure) -> float:
    return float(_index(seen, measure)[measure.day - seen.chain.case.days[0]])


def _lead_weeks(seen: Seen, measure: Measure) -> float:
    names = seen.chain.case.members(measure.of)
    wide = _tightness(seen, names)[seen.days(measure.window)]
    return float(best(measure.base_weeks) * (wide.max() if measure.take == "max" else wide.mean()))


_READERS: Mapping[str, Callable[[Seen, Measure], float]] = {
    "ratio": _ratio,
    "units_lost": _units_lost,
    "share_of_loss": _share_of_loss,
    "loss_percent": _loss_percent,
    "capacity_at": _capacity_at,
    "day_full": _day_full,
    "supplier_share": _supplier_share,
    "stock_min": _stock_min,
    "lead_weeks": _lead_weeks,
    "price_max": _price_max,
    "price_at": _price_at,
}
