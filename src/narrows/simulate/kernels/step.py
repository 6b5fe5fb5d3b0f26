"""One day of the ARIO family, factorised: no array of units x units is ever made.

Symbols: X0 base output; X production; T orders received; C capacity; alpha overproduction;
Delta capacity lost; S stock; a recipe; n cover in days; tau restocking time; psi part of the
target stock below which a unit slows; f stops_fraction; s sourcing share; l trade factor (1 free,
0 closed); d demand factor; rho re-sourcing; D need; w = C / X0; o order; q part of orders filled.

An order has the form o_ub = s_ub w_u E_b, so the sum of a unit's orders and the deliveries to a
need are products with the constant shares s: two passes over s a day where rho = 0, three where
rho = 1. Closed links (l < 1, o = s l min(D, base need)) are a correction over their rows and
columns only.

References
----------
Hallegatte (2008), An adaptive regional input-output model, Risk Analysis 28(3):779-799.
Hallegatte (2014), Modeling the role of inventories and heterogeneity in the assessment of the
economic costs of natural disasters, Risk Analysis 34(1):152-167.
"""

import sys
from types import ModuleType
from typing import Any

from narrows.simulate.kernels.blocks import Asked, Block, Cut, Day, Model, Report, State

__all__ = ["ask", "namespace", "step"]

Array = Any
_NOTHING = 1e-30  # orders below this are none: also a normal number in float32


def step(model: Model, state: State, day: Day) -> tuple[State, Report]:
    """Give the state after a day and what the day shows.

    Parameters
    ----------
    model
        The constant part.
    state
        What the night before left.
    day
        What the shocks do today.
    """
    xp = namespace(state.orders)
    orders = state.orders
    alpha = _overproduction(model, state) if day.surge else state.alpha
    weight = (1.0 - day.loss) * alpha
    wanted = xp.minimum(xp.clip(orders - state.held, 0.0, None), model.output * weight)
    stocks = tuple(_shocked(number, stock, day) for number, stock in enumerate(state.stocks))
    made, clocks = _bounded(model, stocks, state.clocks, wanted, day)
    ready = made + state.held
    real = orders > _NOTHING
    filled = xp.where(real, xp.clip(ready / xp.where(real, orders, 1.0), None, 1.0), 1.0)
    stuck, total = xp.zeros_like(made), xp.zeros_like(made)
    wished, arrived = _market_arrays(model, made)
    after: list[Array] = []
    asked: list[Asked] = []
    for number, block in enumerate(model.blocks):
        came = _arrivals(block, state.asked[number], filled, day, stuck)
        stock = stocks[number]
        if block.market:
            wished[block.buyers], arrived[block.buyers] = state.asked[number].wished, came
            need = block.base * day.demand[block.buyers] + 0.0 * came
        else:
            need, stock = _need(block, stock, came, made, wanted, day.recipe.get(number))
        after.append(stock)
        asked.append(ask(model, block, need, weight, day, day.adaptive[number], total))
    held = xp.clip(ready - filled * orders, 0.0, None) + stuck if model.holds else state.held
    night = State(made, alpha, total, held, tuple(after), clocks, tuple(asked))
    return night, Report(made, orders, filled, wished, arrived)


def ask(
    model: Model, block: Block, need: Array, weight: Array, day: Day, rho: Array, total: Array
) -> Asked:
    """Place the orders of a block and add them to `total`, the orders of each unit.

    Parameters
    ----------
    need
        D, (needs, scenarios).
    weight
        C / X0 of all units, (units, scenarios).
    rho
        Whether the buyers re-source, (scenarios or 1,).
    total
        Orders so far, (units, scenarios); the block's are added in place.
    """
    xp = namespace(need)
    mine: Array = None
    if block.adaptive:
        mine = weight[block.units]
        if block.waits:
            mine = 1.0 + rho * (mine - 1.0)
    opened = tuple(day.open[cut.number] for cut in block.cuts)
    limited = xp.minimum(need, block.base) if block.cuts else need
    scaled = need
    if block.adaptive:
        scaled = _re_sourced(model, block, need, limited, mine, opened, rho)
    asked = Asked(mine, scaled, limited, need, opened)
    orders = _up(block.shares, scaled)
    total[block.units] += orders if mine is None else mine * orders
    for cut, factor in zip(block.cuts, opened, strict=True):
        closed = 1.0 * (factor < 1.0)
        rows = cut.rows + block.units.start
        usual = _up(cut.shares, scaled[cut.columns])
        if mine is not None:
            usual = mine[cut.rows] * usual
        total[rows] += closed * (factor * _up(cut.shares, limited[cut.columns]) - usual)
    if block.cuts:
        total[block.units] = xp.clip(total[block.units], 0.0, None)
    return asked


def _overproduction(model: Model, state: State) -> Array:
    """Move alpha by the scarcity between the orders of today and the production of yesterday."""
    xp = namespace(state.orders)
    real = state.orders > _NOTHING
    scarcity = (state.orders - state.produced) / xp.where(real, state.orders, 1.0)
    scarcity = xp.where(real, scarcity, 0.0)
    up = (model.headroom - state.alpha) * scarcity * model.headroom_rate
    back = (1.0 - state.alpha) * model.headroom_rate
    if model.calm is None:
        return xp.clip(state.alpha + (up + back * (scarcity == 0)), 1.0, None)
    return xp.clip(state.alpha + xp.where(scarcity > model.calm, up, back), 1.0, None)


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
            if model.nested:
                made[block.buyers] = xp.minimum(made[block.buyers], bound)
            else:
                some = wish > _NOTHING
                made[block.buyers] *= xp.where(
                    some, xp.clip(bound / xp.where(some, wish, 1.0), None, 1.0), 1.0
                )
        after.append(clock)
    return made, tuple(after)


def _arrivals(block: Block, asked: Asked, filled: Array, day: Day, stuck: Array) -> Array:
    """Give the deliveries to the needs; what a closing gate keeps back is added to `stuck`."""
    mine = filled[block.units]
    sent = mine if asked.weight is None else asked.weight * mine
    came = asked.scaled * _down(block.shares, sent)
    for cut, before in zip(block.cuts, asked.open, strict=True):
        came[cut.columns] += _through(block, cut, asked, mine, sent, before, day, stuck)
    return came


def _through(
    block: Block,
    cut: Cut,
    asked: Asked,
    filled: Array,
    sent: Array,
    before: Array,
    day: Day,
    stuck: Array,
) -> Array:
    """Correct the deliveries over the links of a cut: its own orders, today's gate."""
    xp = namespace(filled)
    now = day.open[cut.number]
    closed = 1.0 * (before < 1.0)
    gate = xp.where(before > 0, xp.clip(now / xp.where(before > 0, before, 1.0), None, 1.0), 1.0)
    usual = asked.scaled[cut.columns]
    limited = closed * before * asked.limited[cut.columns]
    rows = cut.rows + block.units.start
    stuck[rows] += (1.0 - gate) * (
        (1.0 - closed) * sent[cut.rows] * _up(cut.shares, usual)
        + filled[cut.rows] * _up(cut.shares, limited)
    )
    free = ((1.0 - closed) * gate - 1.0) * usual * _down(cut.shares, sent[cut.rows])
    return free + gate * limited * _down(cut.shares, filled[cut.rows])


def _need(
    block: Block, stock: Array, came: Array, made: Array, wanted: Array, factor: Array
) -> tuple[Array, Array]:
    """Give the need of the units and their stock after arrivals and use."""
    xp = namespace(stock)
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
    goal = xp.clip(goal, 0.0, None)
    goal *= block.restock
    goal += use
    return goal, stock


def _level(block: Block, stock: Array, factor: Array) -> Array:
    """Give the output that the stock of an input allows; infinity where it does not bind."""
    level = stock * block.reach
    level += block.never
    if factor is None:
        return level
    return level / namespace(stock).where(factor > 0, factor, _NOTHING)


def _re_sourced(
    model: Model,
    block: Block,
    need: Array,
    limited: Array,
    weight: Array,
    opened: tuple[Array, ...],
    rho: Array,
) -> Array:
    """Give E = k D: the need spread over the free links by what their units can make."""
    xp = namespace(need)
    free, left = _down(block.shares, weight), need
    if block.cuts:
        free, left = free + 0.0 * need, need + 0.0
    for cut, factor in zip(block.cuts, opened, strict=True):
        closed = 1.0 * (factor < 1.0)
        left[cut.columns] -= closed * factor * cut.total * limited[cut.columns]
        free[cut.columns] -= closed * _down(cut.shares, weight[cut.rows])
    if block.cuts:  # a need below 0 is drawn from inventories
        left = xp.where(need < 0, left, xp.clip(left, 0.0, None))
    scaled = left / xp.where(free > model.no_free_share, free, float("inf"))
    return xp.where(rho > 0, scaled, need) if block.waits else scaled


def _market_arrays(model: Model, like: Array) -> tuple[Array, Array]:
    """Make room for the market needs."""
    xp = namespace(like)
    one = xp.zeros_like(like[:1])
    rows = [one] * max(model.market_needs, 1)
    return xp.concatenate(rows, 0)[: model.market_needs], xp.concatenate(rows, 0)[
        : model.market_needs
    ]


def _down(shares: Array, of_units: Array) -> Array:
    """Sum over units, for each need: (needs or 1, scenarios)."""
    if shares.ndim == 1:
        return (shares @ of_units)[None]
    if shares.ndim == 3:
        return (shares * of_units[:, None]).sum(0)
    return shares.T @ of_units


def _up(shares: Array, of_needs: Array) -> Array:
    """Sum over needs, for each unit: (units, scenarios)."""
    if shares.ndim == 1:
        return shares[:, None] * of_needs.sum(0)[None]
    if shares.ndim == 3:
        pooled = shares.shape[1] == 1
        return shares[:, 0] * of_needs.sum(0)[None] if pooled else (shares * of_needs[None]).sum(1)
    return shares @ of_needs


def namespace(array: Array) -> ModuleType:
    """Give the library of an array: numpy, torch or CuPy."""
    return sys.modules[type(array).__module__.partition(".")[0]]
