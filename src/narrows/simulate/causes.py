"""Why a unit makes more or less: its shock, its stocks, its orders, and what lies behind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.network import Network
from narrows.simulate.behaviour import of_units
from narrows.simulate.events import Event, Reach, events_of, reach_of
from narrows.simulate.limits import BY_CAPACITY, BY_STOCK
from narrows.simulate.scenario import Scenario
from narrows.simulate.wants import NEAR, Wants

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Cause", "Causes"]

Array = NDArray[np.float64]
_SHORT = 0.01
_DEEPEST = 4


@dataclass(frozen=True)
class Cause:
    """One link of an explanation.

    Attributes
    ----------
    kind
        ``shock``, ``stock``, ``stock back``, ``rationing``, ``capacity``, ``restocking``,
        ``orders``, ``demand``, ``trade`` or ``unknown``.
    text
        A clause.
    day
        When it happened.
    unit, item
        Where it happened, and the input it is about; empty where it is about none.
    """

    kind: str
    text: str
    day: int
    unit: str = ""
    item: str = ""


class Causes:
    """What happened in a run, to be asked for reasons.

    Parameters
    ----------
    net, scenario
        What was run.
    data
        The series of the run.
    """

    def __init__(self, net: Network, scenario: Scenario, data: "xr.Dataset") -> None:
        self.net, self.scenario = net, scenario
        self.labels = net.labels.astype(str)
        self.made = data["production"].to_numpy()
        self.orders = data["orders"].to_numpy()
        self.filled = 1.0 - data["scarcity"].to_numpy()
        self.limit = data["limited_by"].to_numpy()
        self.stock = data["stock_days"].to_numpy() if "need" in data["stock_days"].dims else None
        self.days = len(self.made)
        base = self.made[0]
        self.level = self.made / np.where(base > 0, base, 1.0)
        self.events = events_of(scenario)
        self.process = np.round(of_units(net, scenario.rules).process).astype(np.int64)

    @cached_property
    def reaches(self) -> list[Reach]:
        """Whom each shock hits."""
        return [reach_of(self.net, shock) for shock in self.scenario.shocks]

    @cached_property
    def wants(self) -> Wants:
        """What the needs ask for: use and restocking."""
        return Wants(self.net, self.scenario, self.level, self.stock, self.reaches)

    def of_unit(self, unit: int, day: int, depth: int = 0) -> list[Cause]:
        """Tell why a unit makes more or less from about a day on; the nearest reason first."""
        own = self._shock_on(unit, day)
        if own:
            return [own]
        turned = self._turned(unit, day)
        was, now = int(self.limit[max(turned - 1, 0), unit]), int(self.limit[turned, unit])
        name = str(self.labels[unit])
        if now >= BY_STOCK and not self._rises(unit, day):
            return self._short(unit, now - BY_STOCK, turned, depth)
        if now >= BY_STOCK or was >= BY_STOCK:
            item = self.net.items[(now if now >= BY_STOCK else was) - BY_STOCK]
            text = f"the stock of {item} at {name} fills again"
            if now < BY_STOCK:
                text = f"{name} has enough {item} again from day {turned}"
            return [Cause("stock back", text, turned, name, item), *self._relief(turned)]
        if now == BY_CAPACITY:
            lost = self._lasting(unit, turned)
            text = f"{name} makes what it can from day {turned}; it is asked for "
            text += f"{self._asked(unit, turned)} of normal"
            return [Cause("capacity", text + lost, turned, name)]
        return self.of_orders(unit, day, depth)

    def of_level(self, unit: int, day: int) -> list[Cause]:
        """Tell what keeps a unit low on a day."""
        limit = int(self.limit[max(day - int(self.process[unit]), 0), unit])
        if limit >= BY_STOCK:
            return self._short(unit, limit - BY_STOCK, day, 0)
        name, lost = str(self.labels[unit]), self._lasting(unit, day)
        if limit == BY_CAPACITY and lost:
            return [Cause("shock", f"{name} makes what it can{lost}", day, name)]
        return self.of_orders(unit, day, level=True)

    def of_orders(self, unit: int, day: int, depth: int = 0, *, level: bool = False) -> list[Cause]:
        """Tell why a unit is asked for more or less from about a day on, or on a day (`level`)."""
        name, item = str(self.labels[unit]), int(self.net.units.item[unit])
        parts = self._order_parts(unit, item, day, level=level)
        if parts is None:
            text = f"orders to {name} go to {self._asked(unit, day)} of normal"
            return [Cause("orders", text, day, name)]
        need, kind, part = parts
        buyer = int(self.net.needs.buyer[need])
        who, what = str(self.net.buyers[buyer]), self.net.items[item]
        if kind == "restocking":
            days, tau = self.wants.gap_days(need, day), self.wants.restocking_days(need)
            if part < 0:
                text = f"{who} has refilled its stock of {what} and orders less of {name}"
                return [Cause("restocking", text, day, who, what)]
            text = f"{who} refills its stock of {what}: use of {_days(days)} is missing, "
            text += f"and all of it asked for in {_days(tau)}"
            return [Cause("restocking", text, day, who, what), *self._why_low(need, day, depth)]
        if buyer >= len(self.labels):
            shock = self._near_event(day, lambda reach: bool(reach.markets.any()))
            text = f"{who} wants {'more' if part > 0 else 'less'} {what}"
            text += f": {self._said(shock)}" if shock else ""
            return [Cause("demand", text, day, who, what)]
        text = f"{who} makes {'more' if part > 0 else 'less'} and orders {what} accordingly"
        more = self.of_unit(buyer, day - 1, depth + 1) if depth < _DEEPEST else []
        return [Cause("orders", text, day, who, what), *more]

    def rationed(self, unit: int, day: int) -> list[Cause]:
        """Tell why a unit fills a smaller or larger part of its orders."""
        last = min(day + NEAR, self.days - 1)
        first = max(day - NEAR, 0)
        asked = abs(float(np.log(_ratio(self.orders[last, unit], self.orders[first, unit]))))
        makes = abs(float(np.log(_ratio(self.made[last, unit], self.made[first, unit]))))
        if asked <= makes:
            return self.of_unit(unit, day)
        name = str(self.labels[unit])
        text = f"{name} fills {100 * self.filled[last, unit]:.0f} % of its orders, which go to "
        text += f"{self._asked(unit, last)} of normal"
        return [Cause("rationing", text, day, name), *self.of_orders(unit, day)]

    # ------------------------------------------------------------ shocks

    def shock_near(self, day: int) -> Event | None:
        """Give a change of any shock about a day."""
        return self._near_event(day, lambda _reach: True)

    def told(self, event: Event) -> Cause:
        """Put a change of a shock into words."""
        return Cause("shock", self._said(event), event.day)

    def _said(self, event: Event) -> str:
        return f"{self.reaches[event.shock].label} {event.change} on day {event.day}"

    def _near_event(self, day: int, wanted: Callable[[Reach], bool]) -> Event | None:
        near = [
            event
            for event in self.events
            if abs(event.day - day) <= NEAR and wanted(self.reaches[event.shock])
        ]
        return min(near, key=lambda event: abs(event.day - day)) if near else None

    def _shock_on(self, unit: int, day: int) -> Cause | None:
        late = int(self.process[unit])
        hits = (
            self._near_event(each, lambda reach: bool(reach.units[unit]))
            for each in {day, day - late}
        )
        event = next((each for each in hits if each is not None), None)
        if event is None:
            return None
        return Cause("shock", self._said(event), event.day, str(self.labels[unit]))

    def _lasting(self, unit: int, day: int) -> str:
        """Name the shock in force on a unit, as the end of a sentence."""
        for number, (shock, reach) in enumerate(
            zip(self.scenario.shocks, self.reaches, strict=True)
        ):
            force = shock.in_force(self.days, peer=self.scenario.rules.peer)
            if reach.units[unit] and force[day] > 0:
                return f", under shock {number + 1}, {reach.label}"
        return ""

    # ------------------------------------------------------------ stocks

    def _short(self, unit: int, item: int, day: int, depth: int) -> list[Cause]:
        """Tell which stock ran short, and why nobody filled it."""
        name, what = str(self.labels[unit]), self.net.items[item]
        need = self._need(unit, item)
        left = ""
        if self.stock is not None and need is not None:
            left = f", {max(0.0, self.stock[max(day - 1, 0), need]):.0f} days of use left"
        text = f"the stock of {what} at {name} is too short from day {day}{left}"
        out = [Cause("stock", text, day, name, what)]
        if depth >= _DEEPEST or need is None:
            return out
        return [*out, *self._behind(unit, item, need, day, depth)]

    def _behind(self, unit: int, item: int, need: int, day: int, depth: int) -> Iterator[Cause]:
        """Tell which supplier let a stock run down."""
        units = self.net.unit_slices[item]
        share = _column(self.net.sourcing[item].shares, need - self.net.need_slices[item].start)
        here = str(self.net.units.place[unit])
        for number, reach in enumerate(self.reaches):
            force = self.scenario.shocks[number].in_force(self.days, peer=self.scenario.rules.peer)
            sellers = self.net.units.place[units]
            cut = [reach.cuts(item, str(seller), here) for seller in sellers]
            if force[: day + 1].any() and float(share[cut].sum()) > _SHORT:
                part = 100 * float(share[cut].sum())
                begins = int(np.argmax(force > 0))
                text = (
                    f"{part:.0f} % of it came over links under the {reach.label} from day {begins}"
                )
                yield Cause("trade", text, begins, str(self.labels[unit]), self.net.items[item])
                return
        since = max(0, day - 120)
        missing = (1.0 - self.filled[since : day + 1, units]).sum(axis=0) * share
        if missing.max(initial=0.0) <= 0:
            return
        worst = units.start + int(np.argmax(missing))
        short = np.flatnonzero(self.filled[since : day + 1, worst] < 1.0 - _SHORT)
        begins = since + int(short[0]) if short.size else day
        yield from self._supplier(worst, begins, day, depth)

    def _supplier(self, unit: int, day: int, last: int, depth: int) -> Iterator[Cause]:
        """Tell why a supplier left orders unfilled from `day` on, as it shows until `last`."""
        own = self._shock_on(unit, day)
        if own:
            yield own
            return
        short = np.flatnonzero(self.limit[day : last + 1, unit] >= BY_STOCK)
        if short.size:
            start = day + int(short[0])
            item = int(self.limit[start, unit]) - BY_STOCK
            yield from self._short(unit, item, start, depth + 1)
            return
        name = str(self.labels[unit])
        text = f"{name} fills {100 * self.filled[day, unit]:.0f} % of its orders from day {day}, "
        text += f"asked for {self._asked(unit, day)} of normal{self._lasting(unit, day)}"
        yield Cause("rationing", text, day, name)

    def _relief(self, day: int) -> Iterator[Cause]:
        """Tell which end of a shock let a stock fill again."""
        past = [e for e in self.events if e.day <= day and e.change in ("recovers", "is over")]
        if past:
            yield self.told(past[-1])

    def _why_low(self, need: int, day: int, depth: int) -> list[Cause]:
        """Tell why a stock is below its target: it ran down, or the target rose with output."""
        buyer = int(self.net.needs.buyer[need])
        name = str(self.labels[buyer])
        first, last = max(day - NEAR - 1, 0), min(day + 1, self.days - 1)
        risen = self.level[last, buyer] - self.level[first, buyer]
        if risen > _SHORT:
            text = f"its output rises from {100 * self.level[first, buyer]:.0f} to "
            text += f"{100 * self.level[last, buyer]:.0f} % of normal, and its target stock with it"
            more = self.of_unit(buyer, day, depth + 1) if depth < _DEEPEST else []
            return [Cause("orders", text, day, name), *more]
        past = [e for e in self.events if e.day <= day]
        return [self.told(past[-1])] if past else []

    # ------------------------------------------------------------ orders

    def _order_parts(
        self, unit: int, item: int, day: int, *, level: bool
    ) -> tuple[int, str, float] | None:
        """Give the need, ``use`` or ``restocking``, whose orders to a unit change most.

        With `level`: that differ most from normal on the night before.
        """
        if self.stock is None:
            return None
        needs = np.arange(*self.net.need_slices[item].indices(len(self.net.needs.item))[:2])
        row = unit - self.net.unit_slices[item].start
        share = _row(self.net.sourcing[item].shares, row, len(needs))
        first, last = max(day - NEAR - 1, 0), min(day + NEAR - 1, self.days - 1)
        if level:
            first, last = 0, max(day - 1, 0)
        use = self.wants.use(needs, last) - self.wants.use(needs, first)
        gap = self.wants.restocks(needs, last) - self.wants.restocks(needs, first)
        rising = self.orders[min(last + 1, self.days - 1), unit] >= self.orders[first + 1, unit]
        sign = 1.0 if rising else -1.0
        by_use, by_gap = (sign * share * each for each in (use, gap))
        if max(by_use.max(initial=0.0), by_gap.max(initial=0.0)) <= 0:
            return None
        if by_gap.max() >= by_use.max():
            return int(needs[np.argmax(by_gap)]), "restocking", sign
        return int(needs[np.argmax(by_use)]), "use", sign

    # ------------------------------------------------------------ small things

    def _turned(self, unit: int, day: int) -> int:
        """Give the day nearest to a day on which another thing began to bound a unit.

        What is finished on a day was started a process time before.
        """
        limit = self.limit[:, unit]
        start = max(day - int(self.process[unit]), 0)
        for about in dict.fromkeys((start, day)):
            first, last = max(about - NEAR, 1), min(about + NEAR, self.days - 1)
            near = [d for d in range(first, last + 1) if limit[d] != limit[d - 1]]
            if near:
                return min(near, key=lambda each: abs(each - about))
        return min(start, self.days - 1)

    def _rises(self, unit: int, day: int) -> bool:
        last = min(day + NEAR, self.days - 1)
        return bool(self.level[last, unit] > self.level[max(day - 1, 0), unit])

    def _asked(self, unit: int, day: int) -> str:
        base = self.orders[0, unit]
        return (
            f"{100 * self.orders[min(day, self.days - 1), unit] / base:.0f} %" if base > 0 else "?"
        )

    def _need(self, unit: int, item: int) -> int | None:
        for need in self.net.needs_of.get(unit, np.array([], dtype=np.int64)):
            if self.net.needs.item[need] == item:
                return int(need)
        return None


def _days(count: float) -> str:
    return f"{count:.2g} day{'' if count == 1 else 's'}" if count < 10 else f"{count:.0f} days"


def _ratio(one: float, other: float) -> float:
    return (one + 1e-12) / (other + 1e-12)


def _column(shares: object, column: int) -> Array:
    """Give the shares of one need over the units of its item."""
    if isinstance(shares, sparse.csr_array):
        return np.asarray(shares[:, [column]].todense()).ravel()
    array = np.asarray(shares)
    return array if array.ndim == 1 else array[:, column]


def _row(shares: object, row: int, needs: int) -> Array:
    """Give the shares of one unit in all needs of its item."""
    if isinstance(shares, sparse.csr_array):
        return np.asarray(shares[[row]].todense()).ravel()
    array = np.asarray(shares)
    return np.full(needs, array[row]) if array.ndim == 1 else array[row]
