"""The day of `step`, fused for the processor: one sweep over the blocks, scenarios side by side.

`step` is the definition. Here what a need may take from whom today and what arrives of yesterday's
orders are products with the same block, made together; the bound of a stock is taken when the
stock was last touched; so a block of shares is read once a day, and the arrays of needs x
scenarios are changed in place. What trade cuts close is corrected before and after each block.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.kernels import sweep as loops
from narrows.simulate.kernels.blocks import Model
from narrows.simulate.kernels.cuts_fused import LIMITED, Closed
from narrows.simulate.kernels.packed import Packed
from narrows.simulate.kernels.states import Day, Report, State

__all__ = ["Fused"]

Array = NDArray[Any]


class Fused:
    """A model with its state, to be moved on day by day.

    Parameters
    ----------
    model, state
        Constant part and the state before the first day; see `fits`.
    kind
        Type of the numbers: float64 or float32.

    Notes
    -----
    With more than one scenario, the stocks of a state that `step` gives are those of the moving
    state: they hold until the next day. Everything else, and the report, is kept.
    """

    def __init__(self, model: Model, state: State, kind: Any = np.float64) -> None:  # noqa: ANN401
        self.model = model
        self.packed = Packed(model, state.orders.shape[1], kind)
        self.go = loops.sweep_one if self.packed.columns == 1 else loops.sweep
        wide, shape = self.packed.wide, (len(self.packed.buyers), self.packed.columns)
        self.stock, self.scaled = np.zeros(shape, kind), np.zeros(shape, kind)
        self.produced, self.alpha = wide(state.produced), wide(state.alpha)
        self.orders, self.held = wide(state.orders), wide(state.held)
        self.short = np.zeros_like(self.orders) if state.short is None else wide(state.short)
        self.level, self.level_holds = np.empty_like(self.orders), False
        self.weight = np.ones_like(self.orders)
        self.rho = np.ones((len(model.blocks), shape[1]), kind)
        self.wished = np.zeros((max(model.market_needs, 1), shape[1]), kind)
        self.clocks = list(state.clocks)
        self.closed: dict[int, Closed] = {}
        for number, (block, asked) in enumerate(zip(model.blocks, state.asked, strict=True)):
            rows = self.packed.rows[number]
            self.scaled[rows] = wide(asked.scaled)
            if block.market:
                self.wished[block.buyers] = wide(asked.wished)
            else:
                self.stock[rows] = wide(state.stocks[number])
            if asked.weight is not None:
                self.weight[block.units] = wide(asked.weight)
            if block.cuts:
                self.closed[number] = Closed(block, asked, kind)

    def step(self, day: Day) -> tuple[State, Report]:
        """Move on by a day; give the state of the evening and what the day shows."""
        packed = self.packed
        factor = packed.factors(day)
        self._shock_stocks(day)
        if not self.level_holds or day.recipe:
            loops.bound(packed.given, self.stock, factor, self.level)
        before = (self.produced, self.orders, self.alpha, self.held, self.short)
        self.alpha, weight, wanted, made = loops.begin(
            before, packed.wide(day.loss), packed.units, packed.calm, day.surge, self.level
        )
        for number in packed.bounded:
            self._bound(number, wanted, made, day)
        filled, self.short = loops.fill(made, wanted, self.held, self.orders, packed.calm)
        self.level[:], self.level_holds = np.inf, True
        wished, arrived = self.wished, np.zeros_like(self.wished)
        self.wished, total, stuck = np.zeros_like(wished), np.zeros_like(made), np.zeros_like(made)
        demand = packed.wide(day.demand) if len(day.demand) else wished
        rho = packed.re_sourcing(day)
        today = (filled, weight, rho, made, wanted, demand, factor)
        self._sweep(day, today, (total, self.wished, arrived), stuck)
        report = self._report(made, filled, wished, arrived)
        if self.model.holds:
            self.held = np.maximum(made + self.held - filled * self.orders, 0) + stuck
        self.produced, self.orders, self.weight, self.rho = made, total, weight, rho
        return self._state(), report

    def _sweep(
        self, day: Day, today: tuple[Array, ...], out: tuple[Array, ...], stuck: Array
    ) -> None:
        """Sweep over all blocks; those with links closed are met one by one."""
        packed, done, last = self.packed, 0, len(self.packed.rows)
        filled, weight, rho, *_ = today
        state = (self.stock, self.scaled, self.level, self.weight, self.rho)
        for number, closed in self.closed.items():
            if not closed.any(day):
                continue
            rows = packed.rows[number]
            was, mine = self._mine(number, self.weight, self.rho), self._mine(number, weight, rho)
            cut = closed.before(day, self.scaled[rows], filled, was, mine, stuck)
            self.go(done, number, packed.given, state, (*today, packed.no_cut, *out))
            packed.blocks[number, loops.CUT] = 1
            self.go(number, number + 1, packed.given, state, (*today, cut, *out))
            packed.blocks[number, loops.CUT] = 0
            closed.after(day, self.scaled[rows], cut[LIMITED], mine, out[0])
            done = number + 1
        self.go(done, last, packed.given, state, (*today, packed.no_cut, *out))

    def _mine(self, number: int, weight: Array, rho: Array) -> Array | None:
        """Give w of the units of a block; None where it is 1."""
        block = self.model.blocks[number]
        if not block.adaptive:
            return None
        mine: Array = weight[block.units]
        return 1 + rho[number] * (mine - 1) if block.waits else mine

    def _shock_stocks(self, day: Day) -> None:
        """Take or release stock at the start of the day."""
        for number, kept in day.stock_kept.items():
            self.stock[self.packed.rows[number]] *= self.packed.wide(kept)
        for number, added in day.stock_added.items():
            self.stock[self.packed.rows[number]] += self.packed.wide(added)
        self.level_holds &= not (day.stock_kept or day.stock_added)

    def _bound(self, number: int, wanted: Array, made: Array, day: Day) -> None:
        """Bound production by a block with part stops or substitutes."""
        block, rows, wide = self.model.blocks[number], self.packed.rows[number], self.packed.wide
        wish, reach = wanted[block.buyers], self.packed.terms[3, rows]
        level = np.where(reach > 0, self.stock[rows] * reach, wish.dtype.type(np.inf))
        if (factor := day.recipe.get(number)) is not None:
            level /= np.maximum(wide(factor), wish.dtype.type(loops.NOTHING))
        if block.stops is not None:
            stops = wide(block.stops)
            level = (1 - stops) * wish + stops * np.minimum(wish, level)
        if block.substitute is not None:
            clock = wide(self.clocks[number])
            clock = np.where(level < wish, clock + 1, 0).astype(wish.dtype)
            level = np.where(clock > wide(block.substitute), wish, level)
            self.clocks[number] = clock[:, : self.packed.width]
        made[block.buyers] = np.minimum(made[block.buyers], level)

    def _report(self, made: Array, filled: Array, wished: Array, arrived: Array) -> Report:
        here, needs = slice(self.packed.width), self.model.market_needs
        return Report(
            made=made[:, here],
            orders=self.orders[:, here],
            filled=filled[:, here],
            wished=wished[:needs, here],
            arrived=arrived[:needs, here],
        )

    def _state(self) -> State:
        here = slice(self.packed.width)
        stocks = [self.stock[rows, here] for rows in self.packed.rows]
        if self.packed.width == 1:  # small: each day keeps its own
            stocks = [each.copy() for each in stocks]
        return State(
            produced=self.produced[:, here],
            alpha=self.alpha[:, here],
            orders=self.orders[:, here],
            held=self.held[:, here],
            stocks=tuple(
                None if block.market else stock
                for block, stock in zip(self.model.blocks, stocks, strict=True)
            ),
            clocks=tuple(self.clocks),
            asked=(),
            short=None if self.model.calm is None else self.short[:, here],
        )
