"""The day of `step`, fused for the processor: one sweep over the blocks, scenarios side by side.

`step` is the definition. Here what a need may take from whom today and what arrives of yesterday's
orders are products with the same block, made together; the bound of a stock is taken when the
stock was last touched; so a block of shares is read once a day, and the arrays of needs x
scenarios are changed in place. What trade cuts close is corrected before and after each block.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.kernels import sweep as loops
from narrows.simulate.kernels.blocks import Block, Cut, Day, Model, Report, State
from narrows.simulate.kernels.cuts_fused import LIMITED, Closed
from narrows.simulate.kernels.vectors import lanes

__all__ = ["Fused", "fits"]

Array = NDArray[Any]
_TERMS = ("recipe", "goal", "restock", "reach")
_READ = {
    Model: {"output", "headroom", "headroom_rate", "blocks", "nested", "holds", "market_needs"},
    Block: {"item", "units", "buyers", "shares", "market", "adaptive", "waits", "base", *_TERMS}
    | {"never", "stops", "substitute", "cuts"},
    Cut: {"number", "rows", "columns", "shares", "total"},
    Day: {"loss", "demand", "open", "adaptive", "surge", "stock_kept", "stock_added", "recipe"},
}
_READ[Model] |= {"no_free_share", "calm"}
_READ[Day] |= {"waits", "now", "morning"}


def fits(model: Model, day: Day) -> bool:
    """Tell whether `Fused` can do the days of a model; a day shows what the shocks use.

    It can where each block has one array of shares for all scenarios, the worst input counts, and
    nothing is used that it does not know: a field it does not read must have its default.
    """
    parts: list[Any] = [model, day, *model.blocks]
    parts += [cut for block in model.blocks for cut in block.cuts]
    return (
        model.nested
        and bool(model.blocks)
        and all(_only_known(part) for part in parts)
        and all(isinstance(block.shares, np.ndarray) for block in model.blocks)
        and all(block.shares.ndim < 3 for block in model.blocks)
    )


def _only_known(part: Any) -> bool:  # noqa: ANN401 - a dataclass
    """Tell whether the fields that are not read have their defaults."""
    for each in fields(part):
        if each.name in _READ[type(part)]:
            continue
        value = getattr(part, each.name)
        if isinstance(value, Mapping | tuple | list):
            if len(value):
                return False
        elif each.default is MISSING or isinstance(value, np.ndarray) or value != each.default:
            return False
    return True


class Fused:
    """A model with its state, to be moved on day by day.

    Parameters
    ----------
    model, state
        Constant part and the state before the first day; see `fits`.

    Notes
    -----
    The stocks of a state that `step` gives are those of the fused state: they hold until the next
    day. Everything else, and the report, is kept.
    """

    def __init__(self, model: Model, state: State) -> None:
        self.model = model
        self.width = state.orders.shape[1]
        self.kind = state.orders.dtype
        self.lanes = lanes(self.kind)
        alone = self.width == 1 and all(_by_unit(block.shares) for block in model.blocks)
        self.columns = 1 if alone else -(-self.width // self.lanes) * self.lanes
        self.go = loops.sweep_one if alone else loops.sweep
        first = np.cumsum([0, *(len(block.base) for block in model.blocks)])
        self.rows = [slice(int(a), int(b)) for a, b in zip(first, first[1:], strict=False)]
        self._constants()
        self._start(state)

    def _constants(self) -> None:
        model = self.model
        self.shares = [np.asarray(block.shares, self.kind) for block in model.blocks]
        self.buyers = np.concatenate([_numbers(block.buyers) for block in model.blocks])
        self.blocks = np.array([self._described(number) for number in range(len(self.rows))])
        self.places = np.array([_place(shares) for shares in self.shares])
        names = [getattr(block, name) for block in model.blocks for name in ("base", *_TERMS)]
        several = any(each is not None and each.shape[1] > 1 for each in names)
        size = self.columns if several else 1
        self.base = np.zeros((self.rows[-1].stop, size), self.kind)
        self.terms = np.zeros((4, *self.base.shape), self.kind)
        for block, rows in zip(model.blocks, self.rows, strict=True):
            self.base[rows] = self._wide(block.base, size)
            for term, name in zip(self.terms, _TERMS, strict=True):
                if not block.market:
                    term[rows] = self._wide(getattr(block, name), size)
        self.units = [
            self._wide(each) for each in (model.output, model.headroom, model.headroom_rate)
        ]
        self.bounded = [  # blocks whose bound hangs on more than their stock
            number
            for number, block in enumerate(model.blocks)
            if block.stops is not None or block.substitute is not None
        ]
        self.calm = self.kind.type(-1.0 if model.calm is None else model.calm)
        self.no_factor = np.zeros((0, self.columns), self.kind)
        self.no_cut = np.zeros((4, 0, self.columns), self.kind)

    def _described(self, number: int) -> list[int]:
        """Give the whole numbers that describe a block to the loops."""
        block = self.model.blocks[number]
        rows = self.rows[number]
        plain = block.stops is None and block.substitute is None
        return [
            rows.start,
            rows.stop - rows.start,
            block.units.start,
            block.units.stop - block.units.start,
            block.market,
            block.adaptive,
            block.adaptive and block.waits,
            0,
            block.shares.ndim == 1,
            plain and not block.market,
            block.stops is not None,
            -1,
            0,
        ]

    def _start(self, state: State) -> None:
        """Take over the state before the first day."""
        model, shape = self.model, (self.rows[-1].stop, self.columns)
        self.stock, self.scaled = np.zeros(shape, self.kind), np.zeros(shape, self.kind)
        self.weight = np.ones((len(model.output), self.columns), self.kind)
        self.rho = np.ones((len(self.rows), self.columns), self.kind)
        self.wished = np.zeros((max(model.market_needs, 1), self.columns), self.kind)
        for block, rows, stock, asked in zip(
            model.blocks, self.rows, state.stocks, state.asked, strict=True
        ):
            self.scaled[rows] = self._wide(asked.scaled)
            if block.market:
                self.wished[block.buyers] = self._wide(asked.wished)
            else:
                self.stock[rows] = self._wide(stock)
            if asked.weight is not None:
                self.weight[block.units] = self._wide(asked.weight)
        self.produced, self.alpha = self._wide(state.produced), self._wide(state.alpha)
        self.orders, self.held = self._wide(state.orders), self._wide(state.held)
        self.clocks = list(state.clocks)
        self.closed = {
            number: Closed(block, state.asked[number])
            for number, block in enumerate(model.blocks)
            if block.cuts
        }
        self.level = np.empty_like(self.orders)
        self.level_holds = False

    def step(self, day: Day) -> tuple[State, Report]:
        """Move on by a day; give the state of the evening and what the day shows."""
        model, headroom = self.model, self.units[1:]
        factor = self._factors(day)
        self._shock_stocks(day)
        if not self.level_holds or day.recipe:
            loops.bound(self.blocks, self.buyers, self.stock, self.terms[3], factor, self.level)
        self.alpha, weight, wanted, made = loops.begin(
            self.produced, self.orders, self.alpha, self.held, self._wide(day.loss),
            self.units[0], *headroom, self.calm, day.surge, self.level,
        )  # fmt: skip
        for number in self.bounded:
            self._bound(number, wanted, made, day)
        filled = loops.fill(made, self.held, self.orders)
        wished, arrived = self.wished, np.zeros_like(self.wished)
        self.wished = np.zeros_like(wished)
        total, stuck = np.zeros_like(made), np.zeros_like(made)
        rho = np.stack([self._wide(np.reshape(each, (1, -1)))[0] for each in day.adaptive])
        self.blocks[:, loops.FREE] = self.blocks[:, loops.ADAPTIVE] * (
            (self.blocks[:, loops.WAITS] == 0) | (rho > 0).any(axis=1)
        )
        self.level[:] = np.inf
        state = (self.stock, self.scaled, self.level, self.weight, self.rho)
        demand = self._wide(day.demand) if len(day.demand) else self.wished
        today = (filled, weight, rho, made, wanted, demand, total, self.wished, arrived)
        self._sweep(day, factor, state, today, stuck)
        if model.holds:
            self.held = np.maximum(made + self.held - filled * self.orders, 0) + stuck
        report = self._report(made, filled, wished, arrived)
        self.produced, self.orders, self.weight, self.rho = made, total, weight, rho
        self.level_holds = not day.recipe
        return self._state(), report

    def _sweep(
        self, day: Day, factor: Array, state: tuple[Array, ...], today: tuple[Array, ...],
        stuck: Array,
    ) -> None:  # fmt: skip
        """Sweep over all blocks; those with links closed are met one by one."""
        model, done, last = self.model, 0, len(self.rows)
        filled, weight, rho, *_, total = today[:7]
        least = self.kind.type(model.no_free_share)
        given = (self.blocks, self.places, self.buyers, self.terms, self.base, factor, least)
        for number, closed in self.closed.items():
            if not closed.any(day):
                continue
            self.go(done, number, *given, self.lanes, state, today, self.no_cut)
            rows = self.rows[number]
            mine, before = (
                self._mine(number, weight, rho),
                self._mine(number, self.weight, self.rho),
            )
            cut = closed.before(day, self.scaled[rows], filled, before, mine, stuck)
            self.blocks[number, loops.CUT] = 1
            self.go(number, number + 1, *given, self.lanes, state, today, cut)
            self.blocks[number, loops.CUT] = 0
            closed.after(day, self.scaled[rows], cut[LIMITED], mine, total)
            done = number + 1
        self.go(done, last, *given, self.lanes, state, today, self.no_cut)

    def _mine(self, number: int, weight: Array, rho: Array) -> Array | None:
        """Give w of the units of a block; None where it is 1."""
        block = self.model.blocks[number]
        if not block.adaptive:
            return None
        mine: Array = weight[block.units]
        return 1 + rho[number] * (mine - 1) if block.waits else mine

    def _factors(self, day: Day) -> Array:
        """Note where the factors on recipes of today lie, and give them."""
        self.blocks[:, loops.FACTOR] = -1
        if not day.recipe:
            return self.no_factor
        seen, parts = 0, []
        for number, factor in day.recipe.items():
            self.blocks[number, loops.FACTOR] = seen
            parts.append(self._wide(factor))
            seen += len(factor)
        return np.concatenate(parts)

    def _shock_stocks(self, day: Day) -> None:
        """Take or release stock at the start of the day."""
        for number, kept in day.stock_kept.items():
            self.stock[self.rows[number]] *= self._wide(kept)
        for number, added in day.stock_added.items():
            self.stock[self.rows[number]] += self._wide(added)
        self.level_holds &= not (day.stock_kept or day.stock_added)

    def _bound(self, number: int, wanted: Array, made: Array, day: Day) -> None:
        """Bound production by a block with part stops or substitutes."""
        block, rows = self.model.blocks[number], self.rows[number]
        wish = wanted[block.buyers]
        reach, stock = self.terms[3, rows], self.stock[rows]
        level = np.where(reach > 0, stock * reach, self.kind.type(np.inf))
        if (factor := day.recipe.get(number)) is not None:
            level = level / np.maximum(self._wide(factor), self.kind.type(loops.NOTHING))
        if block.stops is not None:
            stops = self._wide(block.stops)
            level = (1 - stops) * wish + stops * np.minimum(wish, level)
        if block.substitute is not None:
            clock = self._wide(self.clocks[number])
            clock = np.where(level < wish, clock + 1, 0).astype(self.kind)
            level = np.where(clock > self._wide(block.substitute), wish, level)
            self.clocks[number] = clock[:, : self.width]
        made[block.buyers] = np.minimum(made[block.buyers], level)

    def _report(self, made: Array, filled: Array, wished: Array, arrived: Array) -> Report:
        here, some = slice(0, self.width), slice(0, self.model.market_needs)
        return Report(
            made[:, here], self.orders[:, here], filled[:, here],
            wished[some, here], arrived[some, here],
        )  # fmt: skip

    def _state(self) -> State:
        here = slice(0, self.width)
        return State(
            produced=self.produced[:, here],
            alpha=self.alpha[:, here],
            orders=self.orders[:, here],
            held=self.held[:, here],
            stocks=tuple(
                None if block.market else self.stock[rows, here]
                for block, rows in zip(self.model.blocks, self.rows, strict=True)
            ),
            clocks=tuple(self.clocks),
            asked=(),
        )

    def _wide(self, values: Array, columns: int | None = None) -> Array:
        """Give an array with a column for each lane; the columns after the last repeat the first."""
        size = self.columns if columns is None else columns
        out = np.empty((len(values), size), self.kind)
        given = values.shape[1]
        out[:, : min(given, size)] = values
        if given < size:
            out[:, given:] = out[:, :1]
        return out


def _numbers(rows: Any) -> NDArray[np.int64]:  # noqa: ANN401 - a slice or numbers
    found = np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows
    return np.asarray(found, np.int64)


def _by_unit(shares: Array) -> bool:
    """Tell whether the shares of a unit follow each other."""
    return shares.strides[-1] == shares.itemsize


def _place(shares: Array) -> tuple[int, int, int]:
    """Give the address of shares, and their steps from unit to unit and from need to need."""
    size = shares.itemsize
    steps = [step // size for step in shares.strides]
    return shares.ctypes.data, steps[0], steps[1] if len(steps) > 1 else 0
