"""Bring a network, rules and shocks into the form of the kernel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.cuts import Links, rectangles
from narrows.simulate.drive import Drive
from narrows.simulate.kernels.blocks import Asked, Block, Model, State
from narrows.simulate.kernels.step import ask
from narrows.simulate.rules import Rules
from narrows.simulate.scenario import Scenario
from narrows.simulate.shocks import TradeCut
from narrows.simulate.values import best
from narrows.terms import BadInput, Fault

__all__ = ["Prepared", "before", "prepare"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
_TABLE_COVER = 90.0
_LEAST_COVER = 1.0
_SLACK = 1e-9


@dataclass(frozen=True)
class Prepared:
    """Everything a run needs.

    Attributes
    ----------
    model, state
        Constant part, and the state before day 0.
    drive
        The shocks by day.
    blocks
        For each block the numbers of its needs in the network.
    """

    model: Model
    state: State
    drive: Drive
    blocks: tuple[Numbers, ...]


def prepare(net: Network, scenarios: Sequence[Scenario], *, slack: float = _SLACK) -> Prepared:
    """Bind scenarios with the same rules and days to a network; they become columns.

    Parameters
    ----------
    net
        The network.
    scenarios
        At least one.
    slack
        Part of a stock that is rounding: no order is made for it and no unit slows for it. Without
        it rounding grows from day to day where stocks are short. The peer has none.

    Raises
    ------
    BadInput
        When rules or days differ, or a shock names what the network has not.
    """
    first = scenarios[0]
    for other in scenarios:
        if other.rules != first.rules or other.days != first.days:
            found = f"{first.name} and {other.name} with different rules or days"
            raise BadInput(
                Fault("scenarios", None, "", found, "the same rules and days in one run")
            )
    shocks = [shock for scenario in scenarios for shock in scenario.shocks]
    gates = [
        gate
        for number, shock in enumerate(shocks)
        if isinstance(shock, TradeCut)
        for gate in rectangles(net, shock, number)
    ]
    links = Links(gates)
    slack = 0.0 if first.rules.peer else slack
    blocks, needs = _blocks(net, first.rules, links, slack)
    drive = Drive(net, scenarios, blocks, links)
    model = _model(net, first.rules, blocks)
    return Prepared(model, before(model, drive, slack), drive, needs)


def _model(net: Network, rules: Rules, blocks: tuple[Block, ...]) -> Model:
    units = net.units
    most = units.headroom if rules.headroom is None else best(rules.headroom)
    days = units.headroom_days if rules.headroom_days is None else best(rules.headroom_days)
    return Model(
        output=units.output[:, None],
        headroom=np.broadcast_to(most, units.output.shape)[:, None],
        headroom_rate=1.0 / np.maximum(np.broadcast_to(days, units.output.shape), 1.0)[:, None],
        blocks=blocks,
        nested=net.combine != "independent",
        holds=any(block.cuts for block in blocks),
        market_needs=int((net.needs.buyer >= len(units.item)).sum()),
        calm=None if rules.peer else 1e-5,
    )


def _blocks(
    net: Network, rules: Rules, links: Links, slack: float
) -> tuple[tuple[Block, ...], tuple[Numbers, ...]]:
    """Make one block of unit buyers and one of markets for each item."""
    size, seen = len(net.units.item), 0
    blocks, numbers = [], []
    for item, all_needs in enumerate(net.need_slices):
        needs = np.arange(all_needs.start, all_needs.stop)
        buyers = net.needs.buyer[needs]
        for market in (False, True):
            mine = np.flatnonzero((buyers >= size) == market)
            if not len(mine):
                continue
            rows = _contiguous(np.arange(seen, seen + len(mine)) if market else buyers[mine])
            seen += len(mine) if market else 0
            shares: Any = net.sourcing[item].shares
            shares = shares if shares.ndim == 1 else shares[:, _contiguous(mine)]
            block = Block(
                item=item,
                units=net.unit_slices[item],
                buyers=rows,
                shares=shares,
                market=market,
                adaptive=rules.sourcing == "adaptive" and not (market and rules.peer),
                waits=best(rules.qualification_days) > 0,
                base=_base(net, needs[mine]),
                cuts=links.of_block(item, net.unit_slices[item], buyers[mine], shares),
            )
            blocks.append(block if market else _stocked(net, rules, block, needs[mine], slack))
            numbers.append(needs[mine])
    return tuple(blocks), tuple(numbers)


def _base(net: Network, needs: Numbers) -> Array:
    """Give the use of each need in normal times, (needs, 1)."""
    base = np.concatenate([net.units.output, net.demand])
    return np.asarray((net.needs.recipe[needs] * base[net.needs.buyer[needs]])[:, None])


def _stocked(net: Network, rules: Rules, block: Block, needs: Numbers, slack: float) -> Block:
    """Add stocks and bounds to a block of unit buyers."""
    recipe = net.needs.recipe[needs][:, None]
    cover = _cover(net, rules, needs)
    tau = np.broadcast_to(float(best(rules.restocking_days)), cover.shape)
    if not rules.peer:
        tau = np.minimum(tau, np.where(np.isfinite(cover), cover, tau))
    after = net.needs.substitute_days[needs][:, None]
    replaced = (after > 0) & np.isfinite(after) & (not rules.peer)
    stops = net.needs.stops_fraction[needs][:, None]
    binds = (net.needs.essential[needs][:, None] | replaced | rules.peer) & (stops > 0)
    binds &= (recipe > rules.least_recipe) & np.isfinite(cover)
    cover = np.where(np.isfinite(cover), cover, 0.0)
    slow = recipe * np.maximum(1.0, best(rules.psi) * cover)
    return replace(
        block,
        recipe=recipe,
        goal=recipe * cover * (1.0 - slack),
        restock=1.0 / tau,
        reach=np.where(binds, (1.0 + slack) / np.where(binds, slow, 1.0), 0.0),
        never=np.where(binds, 0.0, np.inf),
        stops=None if rules.peer or (stops[binds] == 1).all() else stops,
        substitute=np.where(replaced, after, np.inf) if (replaced & binds).any() else None,
    )


def _cover(net: Network, rules: Rules, needs: Numbers) -> Array:
    """Give the days of stock of each need, (needs, 1)."""
    own = net.needs.cover[needs][:, None]
    if rules.cover_days is not None:
        own = np.full_like(own, best(rules.cover_days))
    elif net.origins is None:
        own = np.where(own > 0, own, _TABLE_COVER)
    if rules.peer:
        return np.where(own <= 1, 2.0, own)
    return np.maximum(own, _LEAST_COVER)


def before(model: Model, drive: Drive, slack: float) -> State:
    """Give the state before day 0: base flows, full stocks, orders at base."""
    day = drive.day(0)
    ones = np.ones((len(model.output), drive.width))
    total = np.zeros_like(ones)
    asked: list[Asked] = []
    stocks: list[Array | None] = []
    clocks: list[Array | None] = []
    for number, block in enumerate(model.blocks):
        base = block.base * np.ones((1, drive.width))
        asked.append(ask(model, block, base, ones, day, day.adaptive[number], total))
        full = None
        if not block.market:
            full = block.goal / (1.0 - slack) * (model.output * ones)[block.buyers]
        stocks.append(full)
        clocks.append(None if block.substitute is None else np.zeros_like(base))
    made = model.output * ones
    return State(
        produced=made,
        alpha=ones,
        orders=total,
        held=np.zeros_like(ones),
        stocks=tuple(stocks),
        clocks=tuple(clocks),
        asked=tuple(asked),
    )


def _contiguous(numbers: Numbers) -> slice | Numbers:
    """Give numbers as a slice where they follow each other: views instead of copies."""
    if len(numbers) and (np.diff(numbers) == 1).all():
        return slice(int(numbers[0]), int(numbers[-1]) + 1)
    return numbers
