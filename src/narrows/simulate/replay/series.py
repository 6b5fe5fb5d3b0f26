"""Many draws of a replay side by side: what each provider ships, makes and is asked for by day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.drawn import prepare_draws
from narrows.simulate.kernels.blocks import Block
from narrows.simulate.kernels.states import Report, State
from narrows.simulate.kernels.trade import lanes_of
from narrows.simulate.prepare import Prepared
from narrows.simulate.replay.case import ReplayCase
from narrows.simulate.replay.chain import Chain
from narrows.simulate.replay.happening import scenario
from narrows.simulate.run import SLACK
from narrows.simulate.stepping import stepper
from narrows.simulate.values import best

__all__ = ["Series", "simulated"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """What is kept, each by draw and day.

    Attributes
    ----------
    shipped, made, orders
        Of each provider, (draws, days, providers), in the order of the file.
    stock
        Days of normal use that a buyer holds of an item, (draws, days) by buyer and item.
    delivered
        What a buyer gets from each provider of an item, (draws, days, providers of the item).
    """

    shipped: Array
    made: Array
    orders: Array
    stock: dict[tuple[str, str], Array]
    delivered: dict[tuple[str, str], Array]


def simulated(chains: Sequence[Chain]) -> Series:
    """Run draws of a replay; those that are at sea for the same days run together."""
    together: dict[tuple[int, ...], list[int]] = {}
    scenarios = [scenario(chain) for chain in chains]
    for number, each in enumerate(scenarios):
        together.setdefault(
            tuple(int(best(route.days)) for route in each.rules.transit), []
        ).append(number)
    kept = _Kept(chains[0], len(chains))
    for members in together.values():
        nets = [chains[number].network() for number in members]
        parts = prepare_draws(nets, [scenarios[n] for n in members], slack=SLACK["float64"])
        first = 0
        for part in parts:
            kept.run(part, members[first : first + part.drive.width])
            first += part.drive.width
    return kept.series


class _Kept:
    """Fills the series day by day."""

    def __init__(self, chain: Chain, draws: int) -> None:
        self.chain = chain
        case = chain.case
        makers = [maker.id for maker in case.providers]
        self.provider = np.zeros((len(makers), len(chain.units)))
        for unit, (maker, _) in enumerate(chain.units):
            self.provider[makers.index(maker.id), unit] = 1.0
        shape = (draws, case.horizon)
        pairs = _watched(case)
        shipped, made, orders = (np.empty((*shape, len(makers))) for _ in range(3))
        self.series = Series(
            shipped,
            made,
            orders,
            {pair: np.empty(shape) for pair in pairs},
            {pair: np.empty((*shape, len(case.makers(pair[1])))) for pair in pairs},
        )
        self.places = {pair: self._place(*pair) for pair in pairs}

    def run(self, prepared: Prepared, draws: Sequence[int]) -> None:
        """Run some draws to the end."""
        move = stepper(prepared, fused=False)
        watched = {pair: self._bound(prepared, *place) for pair, place in self.places.items()}
        before, mine = prepared.state, list(draws)
        for day in range(prepared.drive.days):
            after, report = move(prepared.drive.day(day))
            self._note(day, mine, before, after, report)
            for pair, bound in watched.items():
                self.series.stock[pair][mine, day] = bound.stock(after)
                self.series.delivered[pair][mine, day] = bound.delivered(before, report)
            before = after

    def _note(
        self, day: int, draws: list[int], before: State, after: State, report: Report
    ) -> None:
        out = self.series
        shipped = report.made + (before.held - after.held)
        out.shipped[draws, day] = (self.provider @ shipped).T
        out.made[draws, day] = (self.provider @ report.made).T
        out.orders[draws, day] = (self.provider @ report.orders).T

    def _place(self, buyer: str, item: str) -> tuple[int, list[int]]:
        """Give the line that a buyer takes, and the buyer's units."""
        units = [n for n, (maker, _) in enumerate(self.chain.units) if maker.id == buyer]
        return self.chain.line(item, buyer), units

    def _bound(self, prepared: Prepared, line: int, units: list[int]) -> "_Bound":
        for number, block in enumerate(prepared.model.blocks):
            if block.item == line and not block.market:
                buyers = np.arange(len(self.chain.units))[block.buyers]
                return _Bound(block, number, np.flatnonzero(np.isin(buyers, units)))
        raise KeyError(line)


@dataclass(frozen=True)
class _Bound:
    """Some needs of a block."""

    block: Block
    number: int
    rows: NDArray[np.int64]

    def stock(self, state: State) -> Array:
        """Give the days of normal use in stock, (draws,)."""
        held = state.stocks[self.number][self.rows].sum(0)
        return np.asarray(held / self.block.base[self.rows].sum(0))

    def delivered(self, before: State, report: Report) -> Array:
        """Give what each maker sent, (draws, makers); on closed links what their gate lets out."""
        asked, block = before.asked[self.number], self.block
        wish = asked.scaled[self.rows]
        sent: Array = np.zeros((block.units.stop - block.units.start, wish.shape[1]))
        for lane in lanes_of(block):
            shares = lane.shares if lane.shares.ndim == 3 else lane.shares[:, :, None]
            sent = sent + (shares[:, self.rows] * wish).sum(1)
        sent = sent * (1.0 if asked.weight is None else asked.weight)
        for cut, opened in zip(block.cuts, asked.open, strict=True):
            sent[cut.rows] *= opened
        return np.asarray((sent * report.filled[block.units]).T)


def _watched(case: ReplayCase) -> list[tuple[str, str]]:
    """Give the buyers and items whose stock or deliveries an observation asks for."""
    pairs = [
        (buyer, each.measure.item)
        for each in case.observations
        if each.measure.kind in ("stock_min", "supplier_share")
        for buyer in case.members((each.measure.buyer,))
    ]
    return sorted(set(pairs))
