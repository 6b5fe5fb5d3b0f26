"""Orders between units and what arrives of them: factors times constant shares.

An order has the form o_ub = s_ub w_u E_b, so the sum of a unit's orders and the deliveries to a
need are products with the constant shares s: two passes over s a day where rho = 0, three where
rho = 1. Closed links (l < 1, o = s l min(D, base need)) are a correction over their rows and
columns only. Symbols as in `step`.
"""

from collections.abc import Sequence
from typing import Any

from narrows.simulate.kernels.blocks import Block, Cut, Lane, Model
from narrows.simulate.kernels.pool import Pool
from narrows.simulate.kernels.states import Asked, Day
from narrows.simulate.kernels.sums import down, namespace, up

__all__ = ["arrivals", "ask", "lanes_of"]

Array = Any
Sea = tuple[tuple[Array, ...], ...]


def lanes_of(block: Block) -> tuple[Lane, ...]:
    """Give the lanes of a block."""
    return block.lanes or (Lane(0, 0, block.shares),)


def ask(
    model: Model,
    block: Block,
    need: Array,
    weight: Array,
    day: Day,
    rho: Array,
    totals: Sequence[Array],
) -> Asked:
    """Place the orders of a block and add them to `totals`, the orders of each unit by class.

    Parameters
    ----------
    need
        D, (needs, scenarios).
    weight
        C / X0 of all units, (units, scenarios).
    rho
        Whether the buyers re-source, (scenarios or 1,).
    totals
        Orders so far by rationing class, (units, scenarios) each; the block's are added in place.
    """
    xp = namespace(need)
    mine: Array = None
    of_needs = rho
    if block.adaptive:
        mine = weight[block.units]
        if block.waits:
            of_units, of_needs = _spread(block, rho)
            mine = 1.0 + of_units * (mine - 1.0)
    opened = tuple(day.open[cut.number] for cut in block.cuts)
    limited = xp.minimum(need, block.base) if block.cuts else need
    scaled = need
    if block.adaptive:
        scaled = _re_sourced(model, block, need, limited, mine, opened, of_needs)
    asked = Asked(mine, scaled, limited, need, opened)
    lanes = lanes_of(block)
    for lane in lanes:
        orders = up(lane.shares, scaled)
        totals[lane.rank][block.units] += orders if mine is None else mine * orders
    for cut, factor in _shut(block, opened):
        closed = 1.0 * (factor < 1.0)
        rows = _rows(block, cut)
        usual = up(cut.shares, scaled[cut.columns])
        if mine is not None:
            usual = mine[cut.rows] * usual
        left = closed * (factor * up(cut.shares, limited[cut.columns]) - usual)
        totals[lanes[cut.lane].rank][rows] += left
    if block.cuts:
        for lane in lanes:
            total = totals[lane.rank]
            total[block.units] = xp.clip(total[block.units], 0.0, None)
    return asked


def _shut(block: Block, opened: tuple[Array, ...]) -> list[tuple[Cut, Array]]:
    """Give the cuts that are closed somewhere, with what is open of them."""
    pairs = zip(block.cuts, opened, strict=True)
    return [(cut, factor) for cut, factor in pairs if bool((factor < 1.0).any())]


def _rows(block: Block, cut: Cut) -> Array:
    """Give the numbers of the units of a cut."""
    if isinstance(block.units, slice):
        return cut.rows + block.units.start
    return block.units[cut.rows]


def _spread(block: Block, rho: Array) -> tuple[Array, Array]:
    """Give rho of the units and of the needs of a block."""
    if isinstance(block.shares, Pool):
        return rho[block.shares.maker_item], rho[block.shares.buyer_item]
    return rho, rho


def arrivals(
    block: Block, asked: Asked, filled: Sequence[Array], sea: Sea, day: Day, stuck: Array
) -> tuple[Array, Sea, Array]:
    """Give the deliveries to the needs; what a closing gate keeps back is added to `stuck`.

    Returns
    -------
    came
        Deliveries today, (needs, scenarios).
    sea
        Goods on the way tonight, by lane.
    on_the_way
        Their sum, (needs, scenarios); 0 where nothing is ever on the way.
    """
    came: Array = 0.0
    on_the_way: Array = 0.0
    after = []
    for number, lane in enumerate(lanes_of(block)):
        sent = _dispatched(block, number, lane, asked, filled[lane.rank], day, stuck)
        ships: tuple[Array, ...] = ()
        if lane.days:
            ships = (*sea[number][1:], sent)
            sent = sea[number][0]
            for ship in ships:
                on_the_way = on_the_way + ship
        came = came + sent
        after.append(ships)
    return came, tuple(after), on_the_way


def _dispatched(
    block: Block, number: int, lane: Lane, asked: Asked, filled: Array, day: Day, stuck: Array
) -> Array:
    """Give what leaves for each need on a lane, (needs, scenarios)."""
    mine = filled[block.units]
    sent = mine if asked.weight is None else asked.weight * mine
    went = asked.scaled * down(lane.shares, sent)
    for cut, before in zip(block.cuts, asked.open, strict=True):
        shut = bool((before < 1.0).any() or (day.open[cut.number] < 1.0).any())
        if cut.lane == number and shut:
            went[cut.columns] += _through(block, cut, asked, mine, sent, before, day, stuck)
    return went


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
    rows = _rows(block, cut)
    kept = (1.0 - gate) * (
        (1.0 - closed) * sent[cut.rows] * up(cut.shares, usual)
        + filled[cut.rows] * up(cut.shares, limited)
    )
    stuck[rows] += kept if day.waits is None else day.waits[cut.number] * kept
    free = ((1.0 - closed) * gate - 1.0) * usual * down(cut.shares, sent[cut.rows])
    return free + gate * limited * down(cut.shares, filled[cut.rows])


def _re_sourced(
    model: Model,
    block: Block,
    need: Array,
    limited: Array,
    weight: Array,
    opened: tuple[Array, ...],
    rho: Array,
) -> Array:
    """Give E = k D: what is not ordered on closed links, spread by what the free units can make.

    Where only a part rho may be re-sourced, of what the closed links lose that part is spread.
    """
    xp = namespace(need)
    shut = _shut(block, opened)
    free, left = down(block.shares, weight), need
    usual: Array = 1.0
    if shut:
        nothing = 0.0 * need
        free, left, usual = free + nothing, need + 0.0, 1.0 + nothing
    for cut, factor in shut:
        closed = 1.0 * (factor < 1.0)
        left[cut.columns] -= closed * factor * cut.total * limited[cut.columns]
        free[cut.columns] -= closed * down(cut.shares, weight[cut.rows])
        usual[cut.columns] -= closed * cut.total
    if shut:  # a need below 0 is drawn from inventories
        left = xp.where(need < 0, left, xp.clip(left, 0.0, None))
    if block.waits:
        left = rho * left + (1.0 - rho) * usual * need
    scaled = left / xp.where(free > model.no_free_share, free, float("inf"))
    return xp.where(rho > 0, scaled, need) if block.waits else scaled
