"""Loops of the fused day, compiled by numba; the scenarios are the last axis, padded to vectors.

A block is read once a day, in tiles of needs that stay in the cache: the deliveries of yesterday's
orders and the free shares of today (`down`), stock and need of the tile, and its orders (`up`).

Symbols and equations are those of `step`. Rows of `blocks` are described by the names below.
"""

import numpy as np
from numba import carray, njit

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
_LOOSE = {"contract", "nsz", "reassoc"}  # sums in the order that suits the vectors
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
def _usual(
    first,
    rows,
    buyers,
    terms,
    came,
    free,
    e,
    scaled,
    stock,
    made,
    wanted,
    level,
    least,
    spread,
    lanes,
):  # noqa: PLR0917
    """Bring needs of units to the evening and place their orders: plain terms, no cut."""
    width = stock.shape[1]
    none, never = stock.dtype.type(0), stock.dtype.type(np.inf)
    for row in range(rows):
        need = first + row
        unit = buyers[need]
        far = terms[3, need, 0]
        c = (
            terms[0, need, 0],
            terms[1, need, 0],
            terms[2, need, 0],
            far,
            none if far > none else never,
            least,
        )
        at, by_need, by_unit = row * width, need * width, unit * width
        places = (
            start(came, at), start(free, at), start(e, at), start(scaled, by_need),
            start(stock, by_need), start(made, by_unit), start(wanted, by_unit), start(level, by_unit),
        )  # fmt: skip
        if spread:
            _evening_spread(places, c, width // lanes)
        else:
            _evening(places, c, width // lanes)


@njit(**_INNER)
def _special(first, rows, tile, block, buyers, terms, factor, came, e, stock, made, wanted, level):  # noqa: PLR0917
    """Bring needs of units to the evening; terms by scenario, part stops, changed recipes."""
    none, one = stock.dtype.type(0), stock.dtype.type(1)
    nothing = stock.dtype.type(NOTHING)
    several = terms.shape[2] > 1
    for row in range(rows):
        need = first + row
        unit = buyers[need]
        for k in range(stock.shape[1]):
            at = k if several else 0
            more = factor[block[FACTOR] + tile + row, k] if block[FACTOR] >= 0 else one
            recipe, far = terms[0, need, at] * more, terms[3, need, at]
            going, held = made[unit, k], stock[need, k]
            use = recipe * going
            if block[STOPS] and far > none:
                going = min(going, held * far / max(more, nothing))
            left = held + came[row, k] - min(recipe * going, held)
            stock[need, k] = left
            short = max(terms[1, need, at] * more * wanted[unit, k] - left, none)
            e[row, k] = short * terms[2, need, at] + use
            if block[RUNNING] and far > none:
                level[unit, k] = min(level[unit, k], left * far)


@njit(**_INNER)
def _market(first, rows, buyers, base, demand, came, e, wished, arrived):
    """Note what reaches markets and what they want."""
    several = base.shape[1] > 1
    for row in range(rows):
        unit = buyers[first + row]
        for k in range(e.shape[1]):
            arrived[unit, k] = came[row, k]
            e[row, k] = base[first + row, k if several else 0] * demand[unit, k]
            wished[unit, k] = e[row, k]


@njit(**_INNER)
def _order(first, rows, tile, block, base, free, e, scaled, rho, cut, least):  # noqa: PLR0917
    """Turn needs into E, kept for tomorrow; what a cut leaves goes to the free links."""
    none = e.dtype.type(0)
    several = base.shape[1] > 1
    for row in range(rows):
        need, at = first + row, tile + row
        for k in range(e.shape[1]):
            asked = e[row, k]
            if block[CUT]:
                cut[3, at, k] = min(asked, base[need, k if several else 0])
            if block[FREE]:
                left, able = asked, free[row, k]
                if block[CUT]:
                    left -= cut[1, at, k] * cut[3, at, k]
                    able -= cut[2, at, k]
                    if asked >= none:
                        left = max(left, none)
                spread = left / able if able > least else none
                if not block[WAITS] or rho[k] > none:
                    e[row, k] = spread
            scaled[need, k] = e[row, k]


@njit(**_INNER)
def _arrived(first, rows, tile, block, came, scaled, cut):
    """Turn the parts of E that arrive into deliveries."""
    for row in range(rows):
        for k in range(scaled.shape[1]):
            came[row, k] *= scaled[first + row, k]
            if block[CUT]:
                came[row, k] += cut[0, tile + row, k]


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
def _needs(
    tile,
    rows,
    block,
    buyers,
    terms,
    base,
    factor,
    least,
    came,
    free,
    e,
    state,
    today,
    rho,
    cut,
    lanes,
):  # noqa: PLR0917
    """Take a tile of needs from deliveries to orders."""
    stock, scaled, level = state[:3]
    _, _, _, made, wanted, demand, _, wished, arrived = today
    first = block[FIRST] + tile
    special = block[CUT] or block[STOPS] or block[WAITS] or block[MARKET] or not block[RUNNING]
    if not (special or terms.shape[2] > 1 or block[FACTOR] >= 0):
        _usual(
            first,
            rows,
            buyers,
            terms,
            came,
            free,
            e,
            scaled,
            stock,
            made,
            wanted,
            level,
            least,
            block[FREE],
            lanes,
        )
        return
    _arrived(first, rows, tile, block, came, scaled, cut)
    if block[MARKET]:
        _market(first, rows, buyers, base, demand, came, e, wished, arrived)
    else:
        _special(
            first, rows, tile, block, buyers, terms, factor, came, e, stock, made, wanted, level
        )
    _order(first, rows, tile, block, base, free, e, scaled, rho, cut, least)


@njit(**_FAST)
def sweep(
    first, last, blocks, places, buyers, terms, base, factor, least, lanes, state, today, cut
):
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
    e = np.empty((_TILE, width), stock.dtype)
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
                _multiply(
                    here, by_unit, by_need, units, rows, sent, came, width, lanes, False, stock
                )
                if block[FREE]:
                    _multiply(
                        here, by_unit, by_need, units, rows, mine, free, width, lanes, False, stock
                    )
            _needs(
                tile,
                rows,
                block,
                buyers,
                terms,
                base,
                factor,
                least,
                came,
                free,
                e,
                state,
                today,
                now,
                cut,
                lanes,
            )
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


@njit(**_INNER, fastmath=_LOOSE)
def _down_one(s, here, units, sent, mine, came, free):  # noqa: PLR0917
    """Sum over units what each need of a tile gets, and its free share; one scenario."""
    came[:], free[:] = 0, 0
    for u in range(0, units - 3, 4):
        one, two, three, four = s[u][here], s[u + 1][here], s[u + 2][here], s[u + 3][here]
        a, b, c, d = sent[u], sent[u + 1], sent[u + 2], sent[u + 3]
        e, f, g, h = mine[u], mine[u + 1], mine[u + 2], mine[u + 3]
        for row in range(len(came)):
            came[row] += one[row] * a + two[row] * b + three[row] * c + four[row] * d
            free[row] += one[row] * e + two[row] * f + three[row] * g + four[row] * h
    for u in range(units - units % 4, units):
        one, a, e = s[u][here], sent[u], mine[u]
        for row in range(len(came)):
            came[row] += one[row] * a
            free[row] += one[row] * e


@njit(**_INNER, fastmath=_LOOSE)
def _up_one(s, here, units, e, asked):
    """Add to the orders of each unit those of a tile of needs; one scenario."""
    for u in range(units):
        one, total = s[u][here], e.dtype.type(0)
        for row in range(len(e)):
            total += one[row] * e[row]
        asked[u] += total


@njit(**_INNER)
def _usual_one(
    buyers, terms, came, free, e, scaled, stock, made, wanted, level, least, spread, room
):  # noqa: PLR0917
    """Bring needs of units to the evening and place their orders; one scenario."""
    none, never = stock.dtype.type(0), stock.dtype.type(np.inf)
    going, wish = room[0], room[1]
    recipe, goal, restock, reach = terms
    for row in range(len(e)):
        going[row], wish[row] = made[buyers[row]], wanted[buyers[row]]
    for row in range(len(e)):
        use, held = recipe[row] * going[row], stock[row]
        left = held + came[row] * scaled[row] - min(use, held)
        stock[row] = left
        e[row] = max(goal[row] * wish[row] - left, none) * restock[row] + use
        going[row] = left * reach[row] if reach[row] > none else never
    if spread:
        for row in range(len(e)):
            e[row] = e[row] / free[row] if free[row] > least else none
    for row in range(len(e)):
        unit = buyers[row]
        scaled[row] = e[row]
        level[unit] = min(level[unit], going[row])


@njit(**_FAST)
def sweep_one(
    first, last, blocks, places, buyers, terms, base, factor, least, lanes, state, today, cut
):  # noqa: PLR0917
    """Go over blocks once for one scenario; see `sweep`. Shares lie by unit, needs in a row."""
    stock, scaled, level, before, rho_before = state
    filled, weight, rho, made, wanted, demand, total, wished, arrived = today
    most = blocks[:, UNITS].max()
    sent, mine = np.empty((most, 1), stock.dtype), np.empty((most, 1), stock.dtype)
    asked, room = np.empty((most, 1), stock.dtype), np.empty((2, _TILE_ONE), stock.dtype)
    came, free = np.empty((_TILE_ONE, 1), stock.dtype), np.empty((_TILE_ONE, 1), stock.dtype)
    e = np.empty((_TILE_ONE, 1), stock.dtype)
    came_1, free_1, e_1, asked_1 = came.ravel(), free.ravel(), e.ravel(), asked.ravel()
    recipe, goal, restock, reach = (
        terms[0].ravel(),
        terms[1].ravel(),
        terms[2].ravel(),
        terms[3].ravel(),
    )
    for number in range(first, last):
        block = blocks[number]
        at, by_unit, _ = places[number]
        units, count = block[UNITS], block[COUNT]
        _weights(block, filled, before, weight, rho_before[number], rho[number], sent, mine)
        asked[:units] = 0
        if block[POOLED]:
            s = carray(pointer(at, stock), (units, 1))
            got, able, wants = (
                (s[:, 0] * sent[:units, 0]).sum(),
                (s[:, 0] * mine[:units, 0]).sum(),
                0 * came[0, 0],
            )
        else:
            s = carray(pointer(at, stock), (units, by_unit))
        special = block[CUT] or block[STOPS] or block[WAITS] or block[MARKET]
        special = special or not block[RUNNING] or block[FACTOR] >= 0
        for tile in range(0, count, _TILE_ONE):
            rows = min(_TILE_ONE, count - tile)
            here = slice(tile, tile + rows)
            if block[POOLED]:
                came[:rows], free[:rows] = got, able
            else:
                _down_one(s, here, units, sent.ravel(), mine.ravel(), came_1[:rows], free_1[:rows])
            if special:
                _needs(
                    tile,
                    rows,
                    block,
                    buyers,
                    terms,
                    base,
                    factor,
                    least,
                    came,
                    free,
                    e,
                    state,
                    today,
                    rho[number],
                    cut,
                    lanes,
                )
            else:
                mine_too = slice(block[FIRST] + tile, block[FIRST] + tile + rows)
                theirs = (recipe[mine_too], goal[mine_too], restock[mine_too], reach[mine_too])
                _usual_one(
                    buyers[mine_too],
                    theirs,
                    came_1[:rows],
                    free_1[:rows],
                    e_1[:rows],
                    scaled.ravel()[mine_too],
                    stock.ravel()[mine_too],
                    made.ravel(),
                    wanted.ravel(),
                    level.ravel(),
                    least,
                    block[FREE],
                    room,
                )
            if block[POOLED]:
                wants += e[:rows].sum()
            else:
                _up_one(s, here, units, e_1[:rows], asked_1)
        for u in range(units):
            if block[POOLED]:
                asked[u] = s[u, 0] * wants
            total[block[UNIT] + u, 0] += mine[u, 0] * asked[u, 0]
