"""Bring a network, rules and shocks into the form of the kernel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.behaviour import OfNeeds, of_needs, of_units
from narrows.simulate.capital import rebuildings
from narrows.simulate.cuts import Links, rectangles
from narrows.simulate.drive import Drive
from narrows.simulate.kernels.blocks import Block, Lane, Model, Process
from narrows.simulate.kernels.states import Asked, Line, State
from narrows.simulate.kernels.sums import down
from narrows.simulate.kernels.trade import ask
from narrows.simulate.lanes import Lanes
from narrows.simulate.merging import merged
from narrows.simulate.rules import Rules
from narrows.simulate.scenario import Scenario
from narrows.simulate.shocks import TradeCut
from narrows.simulate.values import best
from narrows.terms import BadInput, Fault

__all__ = ["Prepared", "before", "prepare"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
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
    model = _model(net, scenarios, blocks)
    drive = Drive(net, scenarios, model, links)
    return Prepared(model, before(model, drive, slack), drive, needs)


def _model(net: Network, scenarios: Sequence[Scenario], blocks: tuple[Block, ...]) -> Model:
    rules = scenarios[0].rules
    losses = [(column, shock) for column, each in enumerate(scenarios) for shock in each.shocks]
    of = of_units(net, rules)
    process = _process(net, rules)
    rebuilt = rebuildings(net, losses, len(scenarios))
    return Model(
        output=net.units.output[:, None],
        headroom=of.headroom[:, None],
        headroom_rate=1.0 / of.headroom_days[:, None],
        blocks=blocks,
        nested=net.combine != "independent",
        holds=any(block.cuts for block in blocks) or process is not None,
        market_needs=int((net.needs.buyer >= len(net.units.item)).sum()),
        calm=None if rules.peer else 1e-5,
        ranks=len(rules.classes) + 1,
        classes_end=_classes_end(of.classes_days) if rules.classes else None,
        process=process,
        rebuildings=rebuilt,
        most_counts=rules.peer and bool(rebuilt),
    )


def _classes_end(days: Array) -> Array | None:
    """Give the day from which each unit serves all alike, (units, 1); None where none does."""
    return days[:, None] if np.isfinite(days).any() else None


def _process(net: Network, rules: Rules) -> Process | None:
    """Give the units whose goods take time to make."""
    of = of_units(net, rules)
    rows = np.flatnonzero(of.process + of.finished > 0)
    if not rows.size:
        return None
    days, finished = of.process[rows][:, None], of.finished[rows][:, None]
    rate = 1.0 / np.maximum(days + finished, 1.0)
    selling = of.sold_off[rows][:, None]
    slow = np.where(np.isnan(selling), rate, np.minimum(rate, 1.0 / selling))
    return Process(rows, days, finished, rate, None if np.isnan(selling).all() else slow)


def _blocks(
    net: Network, rules: Rules, links: Links, slack: float
) -> tuple[tuple[Block, ...], tuple[Numbers, ...]]:
    """Make one block of unit buyers and one of markets for each item."""
    size, seen = len(net.units.item), 0
    blocks, numbers = [], []
    lanes, behaviour = Lanes(net, rules), of_needs(net, rules)
    of = of_units(net, rules)
    planned = set(net.units.item[of.process + of.finished > 0].tolist())
    for item, all_needs in enumerate(net.need_slices):
        needs = np.arange(all_needs.start, all_needs.stop)
        buyers = net.needs.buyer[needs]
        for market in (False, True):
            mine = np.flatnonzero((buyers >= size) == market)
            if not len(mine):
                continue
            rows = _contiguous(np.arange(seen, seen + len(mine)) if market else buyers[mine])
            seen += len(mine) if market else 0
            units = net.unit_slices[item]
            shares: Any = net.sourcing[item].shares
            shares = shares if shares.ndim == 1 else shares[:, _contiguous(mine)]
            by_lane = lanes.of_block(item, units, buyers[mine], shares)
            every = [lane.shares for lane in by_lane] or [shares]
            block = Block(
                item=item,
                units=units,
                buyers=rows,
                shares=shares,
                market=market,
                adaptive=rules.sourcing == "adaptive" and not (market and rules.peer),
                waits=best(rules.qualification_days) > 0
                or any(each.qualification_days is not None for each in rules.special),
                base=_base(net, needs[mine]),
                cuts=links.of_block(item, units, buyers[mine], every),
                lanes=by_lane,
                planned=item in planned,
                runs_down=rules.runs_down and not market,
            )
            stocked = _stocked(net, rules, block, needs[mine], behaviour, slack)
            blocks.append(block if market else stocked)
            numbers.append(needs[mine])
    return merged(blocks, numbers)


def _base(net: Network, needs: Numbers) -> Array:
    """Give the use of each need in normal times, (needs, 1)."""
    base = np.concatenate([net.units.output, net.demand])
    return np.asarray((net.needs.recipe[needs] * base[net.needs.buyer[needs]])[:, None])


def _stocked(
    net: Network,
    rules: Rules,
    block: Block,
    needs: Numbers,
    behaviour: OfNeeds,
    slack: float,
) -> Block:
    """Add stocks and bounds to a block of unit buyers."""
    recipe = net.needs.recipe[needs][:, None]
    cover, tau, psi = (
        each[needs][:, None] for each in (behaviour.cover, behaviour.restocking, behaviour.psi)
    )
    after = net.needs.substitute_days[needs][:, None]
    replaced = (after > 0) & np.isfinite(after) & (not rules.peer)
    stops = net.needs.stops_fraction[needs][:, None]
    binds = (net.needs.essential[needs][:, None] | replaced | rules.peer) & (stops > 0)
    binds &= (recipe > rules.least_recipe) & np.isfinite(cover)
    cover = np.where(np.isfinite(cover), cover, 0.0)
    slow = recipe * np.maximum(1.0, psi * cover)
    return replace(
        block,
        recipe=recipe,
        goal=recipe * (cover + _at_sea(block.lanes)) * _less_rounding(block, slack),
        restock=1.0 / tau,
        reach=np.where(binds, (1.0 + slack) / np.where(binds, slow, 1.0), 0.0),
        never=np.where(binds, 0.0, np.inf),
        stops=None if rules.peer or (stops[binds] == 1).all() else stops,
        substitute=np.where(replaced, after, np.inf) if (replaced & binds).any() else None,
    )


def _less_rounding(block: Block, slack: float) -> float:
    """Give the part of a goal below which stock is ordered; what is run down needs no room."""
    return 1.0 if block.runs_down else 1.0 - slack


def _at_sea(lanes: tuple[Lane, ...]) -> Array | float:
    """Give the days of normal use that are on the way, (needs, 1)."""
    days: Array | float = 0.0
    for lane in lanes:
        if lane.days:
            days = days + lane.days * down(lane.shares, np.ones((lane.shares.shape[0], 1)))
    return days


def before(model: Model, drive: Drive, slack: float) -> State:
    """Give the state before day 0: base flows, full stocks, orders at base."""
    day = drive.day(0)
    ones = np.ones((len(model.output), drive.width))
    totals = tuple(np.zeros_like(ones) for _ in range(model.ranks))
    flow = np.zeros_like(ones)
    asked: list[Asked] = []
    stocks: list[Array | None] = []
    clocks: list[Array | None] = []
    for number, block in enumerate(model.blocks):
        base = block.base * np.ones((1, drive.width))
        rho = day.adaptive[number]
        asked.append(ask(model, block, base, ones, day, rho, totals))
        if block.planned:
            ask(model, block, base, ones, day, rho, (flow,) * model.ranks)
        full = None
        if not block.market:
            full = block.goal / _less_rounding(block, slack) * (model.output * ones)[block.buyers]
            full = full - _at_sea(block.lanes) * base
        stocks.append(full)
        clocks.append(None if block.substitute is None else np.zeros_like(base))
    return State(
        produced=model.output * ones,
        alpha=ones,
        orders=np.asarray(sum(totals)),
        held=_finished(model, ones),
        stocks=tuple(stocks),
        clocks=tuple(clocks),
        asked=tuple(asked),
        ranked=totals,
        sea=tuple(
            tuple(_ships(lane, block.base * ones[:1]) for lane in block.lanes)
            for block in model.blocks
        ),
        line=_line(model, drive, flow),
        short=None if model.calm is None else np.zeros_like(ones),
        missing=tuple(np.ones((len(each.rows), drive.width)) for each in model.rebuildings),
        usual=() if model.classes_end is None else totals,
    )


def _finished(model: Model, ones: Array) -> Array:
    """Give the finished goods in stock in normal times, (units, scenarios)."""
    held = np.zeros_like(ones)
    if model.process is not None:
        rows = model.process.rows
        held[rows] = model.process.finished * model.output[rows]
    return held


def _ships(lane: Lane, base: Array) -> tuple[Array, ...]:
    """Give the goods of a lane that are on the way in normal times."""
    ones = np.ones((lane.shares.shape[0], base.shape[1]))
    return (base * down(lane.shares, ones),) * lane.days


def _line(model: Model, drive: Drive, flow: Array) -> Line | None:
    """Give the goods in process in normal times."""
    if model.process is None:
        return None
    rows = model.process.rows
    none = np.zeros((2, len(rows), drive.width))
    days = model.process.days + none[0]
    return Line(
        started=np.zeros((drive.ring, *none.shape)),
        today=none,
        place=-days,
        passed=none,
        within=model.output[rows] * days,
        flow=flow[rows],
        asked=flow[rows],
        behind=none[0],
    )


def _contiguous(numbers: Numbers) -> slice | Numbers:
    """Give numbers as a slice where they follow each other: views instead of copies."""
    if len(numbers) and (np.diff(numbers) == 1).all():
        return slice(int(numbers[0]), int(numbers[-1]) + 1)
    return numbers
