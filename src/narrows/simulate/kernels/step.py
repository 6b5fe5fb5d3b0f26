"""One day of the ARIO family, factorised: no array of units x units is ever made.

Symbols: X0 base output; X production; T orders received; C capacity; alpha overproduction;
Delta capacity lost; S stock; a recipe; n cover in days; tau restocking time; psi part of the
target stock below which a unit slows; f stops_fraction; s sourcing share; l trade factor (1 free,
0 closed); d demand factor; rho re-sourcing; D need; w = C / X0; o order; q part of orders filled.

Orders and deliveries between units are in `trade`, goods in process in `process`.

References
----------
Hallegatte (2008), An adaptive regional input-output model, Risk Analysis 28(3):779-799.
Hallegatte (2014), Modeling the role of inventories and heterogeneity in the assessment of the
economic costs of natural disasters, Risk Analysis 34(1):152-167.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from narrows.simulate.kernels.blocks import Block, Model
from narrows.simulate.kernels.pool import gathered
from narrows.simulate.kernels.process import finished, pulled
from narrows.simulate.kernels.rebuilding import (
    asked_to_rebuild,
    delivered_to_rebuild,
    left_to_rebuild,
    lost_with_capital,
)
from narrows.simulate.kernels.states import Day, Line, Report, State
from narrows.simulate.kernels.sums import NOTHING, namespace, ratio
from narrows.simulate.kernels.trade import arrivals, ask

__all__ = ["step"]

Array = Any


def step(model: Model, state: State, day: Day) -> tuple[State, Report]:
    """Give the state after a day and what the day shows.

    Parameters
    ----------
    model
        The constant part.
    state
        What the night before left; its ring of starts (`Line.started`) is written on.
    day
        What the shocks do today.
    """
    xp = namespace(state.orders)
    if model.rebuildings:
        state, day = _with_rebuilding(model, state, day)
    pull, spare = pulled(model, state)
    alpha = _overproduction(model, state, pull) if day.surge else state.alpha
    weight = (1.0 - day.loss) * alpha
    pulled_now = xp.clip(pull - spare, 0.0, None)
    wanted = xp.minimum(pulled_now, model.output * weight)
    served = xp.minimum(state.orders, model.output * weight)
    stocks = tuple(_shocked(number, stock, day) for number, stock in enumerate(state.stocks))
    started, clocks = _bounded(model, stocks, state.clocks, wanted, day)
    made, ships, line = finished(model, state.line, started, weight, day)
    ready = made + state.held
    filled, left = _rationed(model, state, ready, day)
    if model.most_counts and model.rebuildings:
        rebuilt = delivered_to_rebuild(model, state, filled[-1], day)
        wanted = xp.minimum(xp.clip(pull - rebuilt, 0.0, None), model.output * weight)
    stuck = xp.zeros_like(made)
    totals = tuple(xp.zeros_like(made) for _ in range(model.ranks))
    flows = _flows(model, line, made)
    wished, arrived = _market_arrays(model, made)
    after: list[Array] = []
    asked: list[Any] = []
    seas: list[Any] = []
    for number, block in enumerate(model.blocks):
        came, sea, on_the_way = arrivals(
            block, state.asked[number], filled, state.sea[number], day, stuck
        )
        stock = stocks[number]
        if block.market:
            wished[block.buyers], arrived[block.buyers] = state.asked[number].wished, came
            need = block.base * day.demand[block.buyers] + 0.0 * came
            use = need
        else:
            use = _usual_use(block, served, day.recipe.get(number)) if block.planned else None
            need, stock = _need(block, stock, came, on_the_way, started, wanted, day, number)
        after.append(stock)
        seas.append(sea)
        rho = day.adaptive[number]
        asked.append(ask(model, block, need, ships, day, rho, totals))
        if block.planned:
            ask(model, block, use, weight, day, rho, flows)
    held = xp.clip(left, 0.0, None) + stuck if model.holds else state.held
    night = State(
        produced=started,
        alpha=alpha,
        orders=_sum(totals),
        held=held,
        stocks=tuple(after),
        clocks=clocks,
        asked=tuple(asked),
        ranked=totals,
        sea=tuple(seas),
        line=_asked_for(model, line, flows),
        short=None if model.calm is None else 1.0 * (started < (1.0 - model.calm) * wanted),
        missing=left_to_rebuild(model, state, filled[-1], day),
        usual=state.usual,
    )
    overall = filled[0] if model.ranks == 1 else ratio(ready - left, state.orders)
    return night, Report(made, state.orders, overall, wished, arrived, pulled_now)


def _with_rebuilding(model: Model, state: State, day: Day) -> tuple[State, Day]:
    """Add the orders of those who rebuild, in the last class, and what lost capital takes."""
    total, last = state.orders + 0.0, state.ranked[-1] + 0.0
    begun = [each for each in model.rebuildings if day.morning >= each.begins]
    for each, asked in zip(begun, asked_to_rebuild(model, state, day), strict=True):
        total[each.rows] += asked
        last[each.rows] += asked
    loss = lost_with_capital(model, state, day)
    state = replace(state, orders=total, ranked=(*state.ranked[:-1], last))
    return state, replace(day, loss=loss)


def _rationed(
    model: Model, state: State, ready: Array, day: Day
) -> tuple[tuple[Array, ...], Array]:
    """Fill the orders class by class, in each class all in the same part.

    Where the classes have ended, each gets up to its usual part of what there is, and what is left
    goes to the rest in proportion: who asks for more than ever gets no larger part for it.

    Returns
    -------
    filled
        q of each class, (units, scenarios) each.
    left
        What is not asked for, (units, scenarios).
    """
    left, filled = ready, []
    ended = None if model.classes_end is None else day.morning >= model.classes_end
    allotted = () if ended is None else _allotted(state, ready)
    for number, orders in enumerate(state.ranked):
        part = ratio(left, orders)
        if ended is not None:
            part = namespace(part).where(ended, allotted[number], part)
        filled.append(part)
        left = left - part * orders
    return tuple(filled), left


def _allotted(state: State, ready: Array) -> tuple[Array, ...]:
    """Give the part of its orders that each class gets if all have their usual part first."""
    xp = namespace(ready)
    usual = [ready * ratio(each, _sum(state.usual)) for each in state.usual]
    first = [xp.minimum(orders, own) for orders, own in zip(state.ranked, usual, strict=True)]
    more = ratio(ready - _sum(first), state.orders - _sum(first))
    return tuple(
        ratio(own + more * (orders - own), orders)
        for orders, own in zip(state.ranked, first, strict=True)
    )


def _flows(model: Model, line: Line | None, like: Array) -> tuple[Array, ...]:
    """Make room for what the makers are asked for to use; all classes share it."""
    if line is None:
        return ()
    return (namespace(like).zeros_like(like),) * model.ranks


def _asked_for(model: Model, line: Line | None, flows: Sequence[Array]) -> Line | None:
    """Move what the makers count on being asked for, smoothed over the process time."""
    if line is None or model.process is None:
        return None
    today = flows[0][model.process.rows]
    flow = line.flow + (today - line.flow) / (1.0 + model.process.days)
    return replace(line, flow=flow, asked=today)


def _sum(parts: Sequence[Array]) -> Array:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _usual_use(block: Block, served: Array, factor: Array) -> Array:
    """Give what the buyers would use to make their orders as far as they can, a min(T, C)."""
    recipe = block.recipe if factor is None else block.recipe * factor
    return recipe * served[block.buyers]


def _overproduction(model: Model, state: State, pull: Array) -> Array:
    """Move alpha by the scarcity between what is asked for today and what yesterday made.

    A unit that lacked inputs does not overproduce more: orders that follow capacity (rho = 1)
    would else go on to one that cannot fill them.
    """
    xp = namespace(pull)
    real = pull > NOTHING
    scarcity = (pull - state.produced) / xp.where(real, pull, 1.0)
    scarcity = xp.where(real, scarcity, 0.0)
    up = (model.headroom - state.alpha) * scarcity * model.headroom_rate
    back = (1.0 - state.alpha) * model.headroom_rate
    if model.calm is None:
        return xp.clip(state.alpha + (up + back * (scarcity == 0)), 1.0, None)
    rises = (scarcity > model.calm) & (state.short == 0)
    return xp.clip(state.alpha + xp.where(rises, up, back), 1.0, None)


def _shocked(number: int, stock: Array, day: Day) -> Array:
    """Take or release stock at the start of the day."""
    if number in day.stock_kept:
        stock = stock * day.stock_kept[number]
    if number in day.stock_added:
        stock = stock + day.stock_added[number]
    return stock


def _bounded(
    model: Model, stocks: tuple[Array, ...], clocks: tuple[Array, ...], wanted: Array, day: Day
) -> tuple[Array, tuple[Array, ...]]:
    """Bound what each unit wants to make by the stocks of its binding inputs."""
    xp = namespace(wanted)
    made = wanted + 0.0
    after: list[Array] = []
    for number, block in enumerate(model.blocks):
        clock = clocks[number]
        if not block.market:
            wish = wanted[block.buyers]
            bound = _level(block, stocks[number], day.recipe.get(number))
            if block.stops is not None:
                bound = (1.0 - block.stops) * wish + block.stops * xp.minimum(wish, bound)
            if clock is not None:
                clock = xp.where(bound < wish, clock + 1.0, 0.0)
                bound = xp.where(clock > block.substitute, wish, bound)
            if not model.nested:
                some = wish > NOTHING
                bound = xp.where(some, xp.clip(bound / xp.where(some, wish, 1.0), None, 1.0), 1.0)
            _bind(made, bound, block, nested=model.nested)
        after.append(clock)
    return made, tuple(after)


def _bind(made: Array, bound: Array, block: Block, *, nested: bool) -> None:
    """Bound what units make by the needs of a block, in place: the worst, or the product."""
    buyers = block.buyers
    if block.order is not None:
        how = "minimum" if nested else "multiply"
        bound = gathered(bound[block.order], block.starts, how)
        buyers = block.each
    if nested:
        made[buyers] = namespace(made).minimum(made[buyers], bound)
    else:
        made[buyers] *= bound


def _need(
    block: Block,
    stock: Array,
    came: Array,
    on_the_way: Array,
    made: Array,
    wanted: Array,
    day: Day,
    number: int,
) -> tuple[Array, Array]:
    """Give the need of the units and their stock after arrivals and use."""
    xp = namespace(stock)
    factor, ahead = day.recipe.get(number), day.hoarded.get(number)
    recipe = block.recipe if factor is None else block.recipe * factor
    use = recipe * made[block.buyers]
    goal = block.goal * wanted[block.buyers]
    if factor is not None:
        goal *= factor
    taken = use
    if block.stops is not None:  # what goes on without the input takes none of it
        taken = recipe * xp.minimum(made[block.buyers], _level(block, stock, factor))
    taken = xp.minimum(taken, stock)
    stock = stock + came
    stock -= taken
    goal -= stock
    goal -= on_the_way
    if not block.runs_down:
        goal = xp.clip(goal, 0.0, None)
    elif ahead is not None:  # what is ordered ahead is no stock too many
        goal = xp.where(ahead > 0, xp.clip(goal, 0.0, None), goal)
    goal *= block.restock
    goal += use
    if block.runs_down:
        goal = xp.clip(goal, 0.0, None)
    if ahead is not None:
        goal += block.base * ahead
    return goal, stock


def _level(block: Block, stock: Array, factor: Array) -> Array:
    """Give the output that the stock of an input allows; infinity where it does not bind."""
    level = stock * block.reach
    level += block.never
    if factor is None:
        return level
    return level / namespace(stock).where(factor > 0, factor, NOTHING)


def _market_arrays(model: Model, like: Array) -> tuple[Array, Array]:
    """Make room for the market needs."""
    xp = namespace(like)
    one = xp.zeros_like(like[:1])
    rows = [one] * max(model.market_needs, 1)
    return xp.concatenate(rows, 0)[: model.market_needs], xp.concatenate(rows, 0)[
        : model.market_needs
    ]
