"""Run one scenario on a network."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.digest import digest_of
from narrows.simulate.guard import guard
from narrows.simulate.kernels.blocks import Model
from narrows.simulate.kernels.states import Day, Report, State
from narrows.simulate.limits import limits
from narrows.simulate.prepare import Prepared, prepare
from narrows.simulate.result import Run, dataset
from narrows.simulate.scenario import Scenario
from narrows.simulate.stepping import PRECISIONS, stepper
from narrows.terms import CouldNotFinish, UnknownName

__all__ = ["SLACK", "days", "run"]

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
SLACK = {"float64": 1e-9, "float32": 1e-5}
"""Part of a stock that is rounding, by precision."""
_MOST_STOCKS = 20_000_000  # numbers; above it stocks are kept by item, not by need


def run(
    net: Network,
    scenario: Scenario,
    *,
    precision: str = "float64",
    progress: Progress | None = None,
) -> Run:
    """Run a scenario, day by day.

    Parameters
    ----------
    net
        A network, from a case or from a table.
    scenario
        Shocks, rules and days. Numbers with a range take their best value.
    precision
        ``float64`` or ``float32`` (half the memory; production within about 1e-5).
    progress
        Called with days done and days in all.

    Returns
    -------
    Run
        Daily series by unit, market and need; day 0 is undisturbed.

    Raises
    ------
    UnknownName
        When the scenario names what the network has not; with file and line.
    CouldNotFinish
        When a number of the run is not finite.
    """
    if precision not in PRECISIONS:
        raise UnknownName("precision", precision, list(PRECISIONS), where="run")
    prepared = prepare(net, [scenario], slack=SLACK[precision])
    checked = guard(net, scenario, prepared=prepared)
    kept = _Record(net, prepared, scenario.days)
    for number, (day, state, report) in enumerate(_moved(prepared, precision, None)):
        kept.note(number, day, state, report)
        if progress:
            progress(number + 1, scenario.days)
    if not np.isfinite(kept.production).all():
        first = int(np.argmin(np.isfinite(kept.production).all(axis=1)))
        message = f"{scenario.name}: production is no number from day {first} on"
        raise CouldNotFinish(message)
    digest = digest_of(net, scenario)
    return Run(dataset(net, scenario, kept.series(), digest=digest, checked=checked))


def days(
    prepared: Prepared, *, precision: str = "float64", fused: bool | None = None
) -> Iterator[tuple[State, Report]]:
    """Give state and report of each day, the scenarios as columns, with BLAS on one thread.

    Parameters
    ----------
    prepared
        Network, rules and shocks in the form of the kernel.
    precision
        ``float64`` or ``float32``.
    fused
        Whether to take the fused day; None: where it is worth it. Of several scenarios its states
        hold stocks that the next day writes over.
    """
    for _, state, report in _moved(prepared, precision, fused):
        yield state, report


def _moved(
    prepared: Prepared, precision: str, fused: bool | None
) -> Iterator[tuple[Day, State, Report]]:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        move = stepper(prepared, precision=precision, fused=fused)
        for number in range(prepared.drive.days):
            day = prepared.drive.day(number)
            yield day, *move(day)


class _Record:
    """What is kept of each day."""

    def __init__(self, net: Network, prepared: Prepared, horizon: int) -> None:
        model: Model = prepared.model
        size, markets = len(net.units.item), model.market_needs
        self.blocks = prepared.blocks
        self.model = model
        self.before = prepared.state
        self.limited_by = np.zeros((horizon, size), dtype=np.int16)
        self.production = np.empty((horizon, size))
        self.orders = np.empty((horizon, size))
        self.scarcity = np.empty((horizon, size))
        self.demand = np.empty((horizon, markets))
        self.met = np.empty((horizon, markets))
        stocked = sum(
            len(needs)
            for needs, block in zip(self.blocks, model.blocks, strict=True)
            if not block.market
        )
        self.by_need = stocked * horizon <= _MOST_STOCKS
        columns = len(net.needs.item) if self.by_need else len(net.items)
        self.stock = np.full((horizon, columns), np.nan)

    def note(self, number: int, day: Day, state: State, report: Report) -> None:
        """Keep a day."""
        self.limited_by[number] = limits(self.model, self.before, day, state, report)
        self.before = state
        self.production[number] = report.made[:, 0]
        self.orders[number] = report.orders[:, 0]
        self.scarcity[number] = 1.0 - report.filled[:, 0]
        self.demand[number] = report.wished[:, 0]
        self.met[number] = report.arrived[:, 0]
        for needs, block, stock in zip(self.blocks, self.model.blocks, state.stocks, strict=True):
            if stock is None:
                continue
            used = block.base[:, 0] > 0
            left = stock[used, 0] / block.base[used, 0]
            if self.by_need:
                self.stock[number, needs[used]] = left
            elif left.size:
                items = np.broadcast_to(block.item, used.shape)[used]
                least = np.full(self.stock.shape[1], np.inf)
                np.minimum.at(least, items, left)
                self.stock[number, items] = least[items]

    def series(self) -> dict[str, Any]:
        """Give everything kept."""
        return {
            "production": self.production,
            "orders": self.orders,
            "scarcity": self.scarcity,
            "demand": self.demand,
            "demand_met": self.met,
            "stock_days": self.stock,
            "limited_by": self.limited_by,
        }
