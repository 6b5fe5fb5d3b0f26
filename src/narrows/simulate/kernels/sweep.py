"""Loops of the fused day, compiled by numba; the scenarios are the last axis, padded to vectors.

A block is read once a day, in tiles of needs that stay in the cache: the deliveries of yesterday's
orders and the free shares of today (`down`), stock and need of the tile, and its orders (`up`).

Symbols and equations are those of `step`. Rows of `blocks` are described by the names below.
"""

import numpy as np
from numba import njit

from narrows.simulate.kernels.vectors import ROWS, evening, pointer, product, start

__all__ = ["COLUMNS", "begin", "bound", "fill", "sweep", "sweep_one"]

(
    FIRST,  # first row among all needs
    COUNT,  # needs
    UNIT,  # first unit of the item
    UNITS,  # its units
    MARKET,  # whether the buyers are markets
    ADAPTIVE,  # whether orders follow what units can make
    WAITS,  # whether that waits for qualification
    FREE,  # whether any scenario re-sources today
    POOLED,  # whether all buyers take the same shares
    RUNNING,  # whether `level` holds the bound of these needs
    STOPS,  # whether part of the output goes on without the input
    FACTOR,  # first row in `factor`, or -1
    CUT,  # whether links are closed today or were yesterday
) = range(13)
COLUMNS = 13
_TILE = 4 * ROWS
_TILE_ONE = 1024
NOTHING = 1e-30
_FAST = {"nogil": True, "cache": True, "error_model": "numpy"}
_INNER = {"nogil": True, "error_model": "numpy"}
_wide, _wide_3, _wide_1 = product(ROWS, 2), product(3, 2), product(1, 2)
_slim, _slim_3, _slim_1 = product(ROWS, 1), product(3, 1), product(1, 1)
_evening, _evening_spread = evening(spread=False), evening(spread=True)


@njit(**_FAST)
def begin(produced, orders, alpha, held, loss, output, headroom, rate, calm, surge, level):
    """Move overproduction; give it, w, what units want to make and make by the running bound."""
    after, weight = np.empty_like(alpha), np.empty_like(alpha)
    wanted, made = np.empty_like(alpha), np.empty_like(alpha)
    one, none, nothing = output.dtype.type(1), output.dtype.type(0), output.dtype.type(NOTHING)
    for u in range(orders.shape[0]):
        for k in range(orders.shape[1]):
            old, asked = alpha[u, k], orders[u, k]
            new = old
            if surge:
                scarcity = (asked - produced[u, k]) / asked if asked > nothing else none
                up = (headroom[u, k] - old) * scarcity * rate[u, k]
                back = (one - old) * rate[u, k]
                if calm < 0:
                    change = up + back if scarcity == none else up
                else:
                    change = up if scarcity > calm else back
                new = max(old + change, one)
            able = (one - loss[u, k]) * new
            wish = min(max(asked - held[u, k], none), output[u, k] * able)
            after[u, k], weight[u, k], wanted[u, k] = new, able, wish
            made[u, k] = min(wish, level[u, k])
    return after, weight, wanted, made


@njit(**_FAST)
def fill(made, held, orders):
    """Give the part of its orders that each unit fills."""
    filled = np.empty_like(orders)
    one, nothing = orders.dtype.type(1), orders.dtype.type(NOTHING)
    for u in range(orders.shape[0]):
        for k in range(orders.shape[1]):
            asked = orders[u, k]
            part = (made[u, k] + held[u, k]) / asked if asked > nothing else one
            filled[u, k] = min(part, one)
    return filled


@njit(**_FAST)
def bound(blocks, buyers, stock, reach, factor, level):
    """Take the running bound anew from all stocks, with today's factors on recipes."""
    level[:] = np.inf
    columns = stock.shape[1]
    several = reach.shape[1] > 1
    for block in blocks:
        if not block[RUNNING]:
            continue
        for row in range(block[COUNT]):
            need = block[FIRST] + row
            unit = buyers[need]
            for k in range(columns):
                far = reach[need, k if several else 0]
                if far > 0:
                    now = stock[need, k] * far
                    if block[FACTOR] >= 0:
                        now /= max(factor[block[FACTOR] + row, k], factor.dtype.type(NOTHING))
                    level[unit, k] = min(level[unit, k], now)


@njit(**_INNER)
def _multiply(s, s_n, s_r, count, rows, x, out, width, lanes, add, like):  # noqa: PLR0917
    """Multiply s (by address and steps) with x into out, both of `width` columns."""
    size = like.itemsize
    column = 0
    while column < width:
        both = column + 2 * lanes <= width
        row = 0
        while row < rows:
            left = rows - row
            at = pointer(s + row * s_r * size, like)
            here, there = start(x, column), start(out, row * width + column)
            if left >= ROWS:
                if both:
                    _wide(at, s_n, s_r, here, width, count, there, width, add)
                else:
                    _slim(at, s_n, s_r, here, width, count, there, width, add)
                row += ROWS
            elif left >= 3:
                if both:
                    _wide_3(at, s_n, s_r, here, width, count, there, width, add)
                else:
                    _slim_3(at, s_n, s_r, here, width, count, there, width, add)
                row += 3
            else:
                if both:
                    _wide_1(at, s_n, s_r, here, width, count, there, width, add)
                else:
                    _slim_1(at, s_n, s_r, here, width, count, there, width, add)
                row += 1
        column += 2 * lanes if both else lanes


@njit(**_INNER)
def _usual(row, need, unit, terms, came, free, e, scaled, stock, made, wanted, level, least, lanes):  # noqa: PLR0917
    """Bring a need of a unit to the evening and place its order: plain terms, no cut."""
    width = stock.shape[1]
    recipe, goal, restock = terms[0, need, 0], terms[1, need, 0], terms[2, need, 0]
    reach = terms[3, need, 0]
    never = stock.dtype.type(0) if reach > 0 else stock.dtype.type(np.inf)
    at, by_need, by_unit = row * width, need * width, unit * width
    rows = (
        start(came, at), start(free, at), start(e, at), start(scaled, by_need),
        start(stock, by_need), start(made, by_unit), start(wanted, by_unit), start(level, by_unit),
    )  # fmt: skip
    if least >= 0:
        _evening_spread(rows, (recipe, goal, restock, reach, never, least), width // lanes)
    else:
        _evening(rows, (recipe, goal, restock, reach, never, least), width // lanes)


@njit(**_INNER)
def _special(row, need, unit, block, c, came, e, stock, made, wanted, level):  # noqa: PLR0917
    """Bring a need of a unit to the evening; terms by scenario, part stops, changed recipes."""
    none = stock.dtype.type(0)
    for k in range(stock.shape[1]):
        use, held = c[0, k] * made[unit, k], stock[need, k]
        taken = use
        if block[STOPS] and c[3, k] > none:
            taken = c[0, k] * min(made[unit, k], held * c[3, k])
        left = held + came[row, k] - min(taken, held)
        stock[need, k] = left
        e[row, k] = max(c[1, k] * wanted[unit, k] - left, none) * c[2, k] + use
        if block[RUNNING] and c[4, k] > none:
            level[unit, k] = min(level[unit, k], left * c[4, k])


@njit(**_INNER)
def _terms(need, row, block, terms, factor, c):
    """Put the terms of a need into `c`: recipe, goal, restock, reach, reach with recipe 1."""
    several = terms.shape[2] > 1
    for k in range(c.shape[1]):
        at = k if several else 0
        for term in range(4):
            c[term, k] = terms[term, need, at]
        c[4, k] = c[3, k]
        if block[FACTOR] >= 0:
            more = factor[block[FACTOR] + row, k]
            c[0, k] *= more
            c[1, k] *= more
            c[3, k] /= max(more, factor.dtype.type(NOTHING))


@njit(**_INNER)
def _order(row, at, need, block, base, free, e, scaled, rho, cut, least):
    """Turn the need in `e` into E, kept for tomorrow; what a cut leaves goes to the free links."""
    none = e.dtype.type(0)
    for k in range(e.shape[1]):
        asked = e[row, k]
        if block[CUT]:
            cut[3, at, k] = min(asked, base[k])
        if not block[FREE]:
            scaled[need, k] = asked
            continue
        left, able = asked, free[row, k]
        if block[CUT]:
            left -= cut[1, at, k] * cut[3, at, k]
            able -= cut[2, at, k]
            if asked >= none:
                left = max(left, none)
        spread = left / able if able > least else none
        if block[WAITS] and not rho[k] > none:
            spread = asked
        scaled[need, k] = spread
        e[row, k] = spread


@njit(**_INNER)
def _weights(block, filled, before, weight, rho_before, rho, sent, mine):
    """Give for each unit of the item what it sends of an order's E, and w of today's orders."""
    one = filled.dtype.type(1)
    for u in range(block[UNITS]):
        unit = block[UNIT] + u
        for k in range(filled.shape[1]):
            then, now = one, one
            if block[ADAPTIVE]:
                then, now = before[unit, k], weight[unit, k]
            if block[WAITS]:
                then = one + rho_before[k] * (then - one)
                now = one + rho[k] * (now - one)
            sent[u, k] = then * filled[unit, k]
            mine[u, k] = now


@njit(**_INNER)
def _needs(tile, rows, block, buyers, terms, base, factor, least, came, free, e, scaled, stock, made, wanted, demand, level, wished, arrived, rho, cut, c, lanes):  # noqa: PLR0917
    """Take a tile of needs from deliveries to orders."""
    several = terms.shape[2] > 1
    usual = not (several or block[CUT] or block[STOPS] or block[WAITS] or block[MARKET])
    usual = usual and block[RUNNING] and block[FACTOR] < 0
    spread = least if block[FREE] else -least
    for row in range(rows):
        need = block[FIRST] + tile + row
        unit = buyers[need]
        if usual:
            _usual(row, need, unit, terms, came, free, e, scaled, stock, made, wanted, level, spread, lanes)
            continue
        for k in range(e.shape[1]):
            c[5, k] = base[need, k if several else 0]
            came[row, k] *= scaled[need, k]
            if block[CUT]:
                came[row, k] += cut[0, tile + row, k]
        if block[MARKET]:
            for k in range(e.shape[1]):
                arrived[unit, k] = came[row, k]
                e[row, k] = c[5, k] * demand[unit, k]
                wished[unit, k] = e[row, k]
        else:
            _terms(need, tile + row, block, terms, factor, c)
            _special(row, need, unit, block, c, came, e, stock, made, wanted, level)
        _order(row, tile + row, need, block, c[5], free, e, scaled, rho, cut, least)


@njit(**_FAST)
def sweep(first, last, blocks, places, buyers, terms, base, factor, least, lanes, state, today, cut):
    """Go over blocks once: deliveries, stocks, needs, orders of many scenarios.

    Parameters
    ----------
    first, last
        Blocks to go over.
    blocks, places
        Whole numbers of each block, see above; address and steps of its shares.
    buyers, terms, base
        Row of the buyer of each need; recipe, goal, restock, reach; use in normal times.
    factor
        Factors on recipes, of the blocks that have one today.
    least
        Free share below which a need counts as wholly cut.
    lanes
        Numbers in a vector.
    state
        stock, E (scaled), running bound (level): changed in place; w and rho of yesterday.
    today
        filled, w, rho, made, wanted, demand; total, wished, arrived: changed in place.
    cut
        Of the one block with links closed: extra arrivals, what closed links take, free share
        they had; its limited needs come out.
    """
    stock, scaled, level, before, rho_before = state
    filled, weight, rho, made, wanted, demand, total, wished, arrived = today
    width, most = stock.shape[1], blocks[:, UNITS].max()
    sent, mine = np.empty((most, width), stock.dtype), np.empty((most, width), stock.dtype)
    asked, pool = np.empty((most, width), stock.dtype), np.empty((3, width), stock.dtype)
    came, free = np.empty((_TILE, width), stock.dtype), np.empty((_TILE, width), stock.dtype)
    e, c = np.empty((_TILE, width), stock.dtype), np.empty((6, width), stock.dtype)
    for number in range(first, last):
        block = blocks[number]
        at, by_unit, by_need = places[number]
        units, pooled = block[UNITS], block[POOLED]
        now = rho[number]
        _weights(block, filled, before, weight, rho_before[number], now, sent, mine)
        asked[:units], pool[:] = 0, 0
        if pooled:
            _multiply(at, by_unit, 0, units, 1, sent, pool, width, lanes, False, stock)
            _multiply(at, by_unit, 0, units, 1, mine, pool[1:], width, lanes, False, stock)
        for tile in range(0, block[COUNT], _TILE):
            rows = min(_TILE, block[COUNT] - tile)
            here = at + tile * by_need * stock.itemsize
            if pooled:
                came[:rows], free[:rows] = pool[0], pool[1]
            else:
                _multiply(here, by_unit, by_need, units, rows, sent, came, width, lanes, False, stock)
                if block[FREE]:
                    _multiply(here, by_unit, by_need, units, rows, mine, free, width, lanes, False, stock)
            _needs(tile, rows, block, buyers, terms, base, factor, least, came, free, e, scaled, stock, made, wanted, demand, level, wished, arrived, now, cut, c, lanes)
            if pooled:
                for row in range(rows):
                    for k in range(width):
                        pool[2, k] += e[row, k]
            else:
                _multiply(here, by_need, by_unit, rows, units, e, asked, width, lanes, True, stock)
        if pooled:
            _multiply(at, 0, by_unit, 1, units, pool[2:], asked, width, lanes, True, stock)
        for u in range(units):
            for k in range(width):
                total[block[UNIT] + u, k] += mine[u, k] * asked[u, k]
