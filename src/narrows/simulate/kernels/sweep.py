"""Loops of the fused day, compiled by numba; the scenarios are the last axis, padded to vectors.

A block of shares is read once a day, in tiles of needs that stay in the cache: first what arrives
of yesterday's orders and the free share of today, then stock and need, then the orders. Symbols
and equations are those of `step`. All compiled functions stand in this one file but the vectors:
numba's cache looks at no other.

The arrays come in tuples: `given` (blocks, places, buyers, terms, base, least, lanes), `state`
(stock, E, running bound, w and rho of yesterday) and `today` (filled, w, rho, made, wanted,
demand, factors on recipes, what cuts change; orders, wishes and arrivals, which come out). A row of
`blocks` holds the whole numbers named below; a row of `places` the address of the shares and their
steps by unit and by need; `terms` are recipe, goal, restock, reach; `least` is the free share below
which a need counts as wholly cut; `lanes` the numbers in a vector.
"""

from typing import Any

import numpy as np
from numba import carray, njit  # type: ignore[attr-defined]
from numpy.typing import NDArray

from narrows.simulate.kernels.vectors import ROWS, evening, pointer, product, start

__all__ = ["NOTHING", "begin", "bound", "fill", "sweep", "sweep_one"]

Array = NDArray[Any]
Numbers = NDArray[np.int64]
Arrays = tuple[Any, ...]
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
    RUNNING,  # whether the running bound holds for these needs
    STOPS,  # whether part of the output goes on without the input
    FACTOR,  # first row among the factors on recipes, or -1
    CUT,  # whether links are closed today or were yesterday
) = range(13)
NOTHING = 1e-30
_TILE = 4 * ROWS
_TILE_ONE = 1024
_outer = njit(nogil=True, cache=True, error_model="numpy")
_inner = njit(nogil=True, error_model="numpy")
_loose = njit(nogil=True, error_model="numpy", fastmath={"contract", "nsz", "reassoc"})
_wide, _wide_3, _wide_1 = product(ROWS, 2), product(3, 2), product(1, 2)
_slim, _slim_3, _slim_1 = product(ROWS, 1), product(3, 1), product(1, 1)
_evening, _evening_spread = evening(spread=False), evening(spread=True)


@_outer
def begin(
    before: Arrays, loss: Array, constants: Arrays, calm: float, surge: bool, level: Array
) -> Arrays:
    """Move overproduction, and bound what units want to make by the running bound.

    Parameters
    ----------
    before
        Production, orders, overproduction, goods held, and 1 where a unit lacked inputs.
    loss
        Delta.
    constants
        X0, headroom, 1 / tau_a.
    calm
        Scarcity up to which overproduction goes back; below 0: only where it is exactly 0.
    surge
        Whether overproduction moves.
    level
        Running bound.

    Returns
    -------
    tuple
        Overproduction, w, wanted production, production; (units, scenarios) each.
    """
    produced, orders, alpha, held, short = before
    output, headroom, rate = constants
    after, weight = np.empty_like(alpha), np.empty_like(alpha)
    wanted, made = np.empty_like(alpha), np.empty_like(alpha)
    one, none, nothing = alpha.dtype.type(1), alpha.dtype.type(0), alpha.dtype.type(NOTHING)
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
                    change = up if scarcity > calm and short[u, k] == none else back
                new = max(old + change, one)
            able = (one - loss[u, k]) * new
            wish = min(max(asked - held[u, k], none), output[u, k] * able)
            after[u, k], weight[u, k], wanted[u, k] = new, able, wish
            made[u, k] = min(wish, level[u, k])
    return after, weight, wanted, made


@_outer
def fill(made: Array, wanted: Array, held: Array, orders: Array, calm: float) -> Arrays:
    """Give the part of its orders that each unit fills, and 1 where it lacked inputs."""
    filled, short = np.empty_like(orders), np.zeros_like(orders)
    one, nothing = orders.dtype.type(1), orders.dtype.type(NOTHING)
    for u in range(orders.shape[0]):
        for k in range(orders.shape[1]):
            asked = orders[u, k]
            part = (made[u, k] + held[u, k]) / asked if asked > nothing else one
            filled[u, k] = min(part, one)
            if made[u, k] < (one - calm) * wanted[u, k]:
                short[u, k] = one
    return filled, short


@_outer
def bound(given: Arrays, stock: Array, factor: Array, level: Array) -> None:
    """Take the running bound anew from all stocks, with today's factors on recipes."""
    blocks, _, buyers, terms, _, _, _ = given
    _set(level, level.dtype.type(np.inf))
    several = terms.shape[2] > 1
    for block in blocks:
        if not block[RUNNING]:
            continue
        for row in range(block[COUNT]):
            need = block[FIRST] + row
            unit = buyers[need]
            for k in range(stock.shape[1]):
                far = terms[3, need, k if several else 0]
                if far > 0:
                    now = stock[need, k] * far
                    if block[FACTOR] >= 0:
                        now /= max(factor[block[FACTOR] + row, k], stock.dtype.type(NOTHING))
                    level[unit, k] = min(level[unit, k], now)


@_inner
def _set(array: Array, value: Any) -> None:  # noqa: ANN401 - a number of either precision
    """Put a value into all of an array."""
    for row in range(array.shape[0]):
        for k in range(array.shape[1]):
            array[row, k] = value


@_inner
def _most(blocks: Numbers) -> int:
    """Give the most units that an item has."""
    most = 0
    for block in blocks:
        most = max(most, block[UNITS])
    return most


@_outer
def sweep(first: int, last: int, given: Arrays, state: Arrays, today: Arrays) -> None:
    """Go over blocks once: deliveries, stocks, needs and orders of many scenarios."""
    blocks, places, _, _, _, _, lanes = given
    stock, _, _, _, _ = state
    width, most, kind = stock.shape[1], _most(blocks), stock.dtype
    sent, mine = np.empty((most, width), kind), np.empty((most, width), kind)
    asked, pool = np.empty((most, width), kind), np.empty((3, width), kind)
    shape = (_TILE, width)
    work = (np.empty(shape, kind), np.empty(shape, kind), np.empty(shape, kind))
    for number in range(first, last):
        block, place = blocks[number], places[number]
        _weights(number, block, state, today, sent, mine)
        _set(asked, kind.type(0))
        _set(pool, kind.type(0))
        if block[POOLED]:
            at, by_unit, _ = place
            _multiply((at, by_unit, 0), block[UNITS], 1, sent, pool, lanes, False)
            _multiply((at, by_unit, 0), block[UNITS], 1, mine, pool[1:], lanes, False)
        for tile in range(0, block[COUNT], _TILE):
            rows = min(_TILE, block[COUNT] - tile)
            _deliver(block, place, tile, rows, (sent, mine, pool), work, lanes)
            if _plain(block, given):
                _usual(block, tile, rows, given, state, today, work)
            else:
                _special(number, block, tile, rows, given, state, today, work)
            _collect(block, place, tile, rows, pool, work, asked, lanes)
        if block[POOLED]:
            at, by_unit, _ = place
            _multiply((at, 0, by_unit), 1, block[UNITS], pool[2:], asked, lanes, True)
        _add_orders(block, today, mine, asked)


@_outer
def sweep_one(first: int, last: int, given: Arrays, state: Arrays, today: Arrays) -> None:
    """Do the same for one scenario; the shares of a unit lie in a row, and none are pooled."""
    blocks, places, _, _, _, _, _ = given
    stock, _, _, _, _ = state
    most, kind = _most(blocks), stock.dtype
    of_units, of_needs = np.empty((3, most, 1), kind), np.empty((3, _TILE_ONE, 1), kind)
    sent, mine, asked = of_units[0], of_units[1], of_units[2]
    came, free, e = of_needs[0], of_needs[1], of_needs[2]
    room = np.empty((2, _TILE_ONE), kind)
    for number in range(first, last):
        block = blocks[number]
        at, by_unit, _ = places[number]
        _weights(number, block, state, today, sent, mine)
        _set(asked, kind.type(0))
        s = carray(pointer(at, stock), (block[UNITS], by_unit))
        for tile in range(0, block[COUNT], _TILE_ONE):
            rows = min(_TILE_ONE, block[COUNT] - tile)
            here = slice(tile, tile + rows)
            flat = (came.ravel()[:rows], free.ravel()[:rows], e.ravel()[:rows])
            _down_one(s, here, sent.ravel(), mine.ravel(), flat[0], flat[1])
            if _plain(block, given):
                needs = slice(block[FIRST] + tile, block[FIRST] + tile + rows)
                _usual_one(needs, block[FREE], given, state, today, flat, room)
            else:
                _special(number, block, tile, rows, given, state, today, (came, free, e))
            _up_one(s, here, flat[2], asked.ravel())
        _add_orders(block, today, mine, asked)


@_inner
def _deliver(
    block: Numbers, place: Numbers, tile: int, rows: int, of: Arrays, work: Arrays, lanes: int
) -> None:
    """Give what arrives for a tile of needs, in parts of E, and their free shares."""
    sent, mine, pool = of
    came, free, _ = work
    at, by_unit, by_need = place
    if block[POOLED]:
        for row in range(rows):
            for k in range(came.shape[1]):
                came[row, k], free[row, k] = pool[0, k], pool[1, k]
        return
    here = (at + tile * by_need * came.itemsize, by_unit, by_need)
    _multiply(here, block[UNITS], rows, sent, came, lanes, False)
    if block[FREE]:
        _multiply(here, block[UNITS], rows, mine, free, lanes, False)


@_inner
def _collect(
    block: Numbers,
    place: Numbers,
    tile: int,
    rows: int,
    pool: Array,
    work: Arrays,
    asked: Array,
    lanes: int,
) -> None:
    """Add what a tile of needs asks of the units."""
    _, _, e = work
    at, by_unit, by_need = place
    if block[POOLED]:
        for row in range(rows):
            for k in range(e.shape[1]):
                pool[2, k] += e[row, k]
        return
    here = (at + tile * by_need * e.itemsize, by_need, by_unit)
    _multiply(here, rows, block[UNITS], e, asked, lanes, True)


@_inner
def _multiply(
    s: tuple[int, int, int], count: int, rows: int, x: Array, out: Array, lanes: int, add: bool
) -> None:
    """Multiply s (an address and its steps along the sum and from row to row) with x into out."""
    column = 0
    while column < out.shape[1]:
        if column + 2 * lanes <= out.shape[1]:
            _wide_strip(s, count, rows, x, out, column, add)
            column += 2 * lanes
        else:
            _slim_strip(s, count, rows, x, out, column, add)
            column += lanes


@_inner
def _wide_strip(
    s: tuple[int, int, int], count: int, rows: int, x: Array, out: Array, column: int, add: bool
) -> None:
    """Multiply into two vectors of each row."""
    at, along, by_row = s
    width, right, row = out.shape[1], start(x, column), 0
    while row < rows:
        here = pointer(at + row * by_row * out.itemsize, out)
        there = start(out, row * width + column)
        if rows - row >= ROWS:
            _wide(here, along, by_row, right, width, count, there, width, add)
            row += ROWS
        elif rows - row >= 3:
            _wide_3(here, along, by_row, right, width, count, there, width, add)
            row += 3
        else:
            _wide_1(here, along, by_row, right, width, count, there, width, add)
            row += 1


@_inner
def _slim_strip(
    s: tuple[int, int, int], count: int, rows: int, x: Array, out: Array, column: int, add: bool
) -> None:
    """Multiply into one vector of each row."""
    at, along, by_row = s
    width, right, row = out.shape[1], start(x, column), 0
    while row < rows:
        here = pointer(at + row * by_row * out.itemsize, out)
        there = start(out, row * width + column)
        if rows - row >= ROWS:
            _slim(here, along, by_row, right, width, count, there, width, add)
            row += ROWS
        elif rows - row >= 3:
            _slim_3(here, along, by_row, right, width, count, there, width, add)
            row += 3
        else:
            _slim_1(here, along, by_row, right, width, count, there, width, add)
            row += 1


@_inner
def _weights(
    number: int, block: Numbers, state: Arrays, today: Arrays, sent: Array, mine: Array
) -> None:
    """Give for each unit of the item what it sends of an order's E, and w of today's orders."""
    _, _, _, before, rho_before = state
    filled, weight, rho, _, _, _, _, _, _, _, _ = today
    one = filled.dtype.type(1)
    for u in range(block[UNITS]):
        unit = block[UNIT] + u
        for k in range(filled.shape[1]):
            then, now = one, one
            if block[ADAPTIVE]:
                then, now = before[unit, k], weight[unit, k]
            if block[WAITS]:
                then = one + rho_before[number, k] * (then - one)
                now = one + rho[number, k] * (now - one)
            sent[u, k] = then * filled[unit, k]
            mine[u, k] = now


@_inner
def _add_orders(block: Numbers, today: Arrays, mine: Array, asked: Array) -> None:
    """Add the orders of a block to those of its units."""
    _, _, _, _, _, _, _, _, total, _, _ = today
    for u in range(block[UNITS]):
        for k in range(total.shape[1]):
            total[block[UNIT] + u, k] += mine[u, k] * asked[u, k]


@_inner
def _plain(block: Numbers, given: Arrays) -> bool:
    """Tell whether a block has plain terms and no link closed today."""
    _, _, _, terms, _, _, _ = given
    changed = block[CUT] or block[STOPS] or block[WAITS] or block[MARKET] or block[FACTOR] >= 0
    return block[RUNNING] and not changed and terms.shape[2] == 1


@_inner
def _usual(
    block: Numbers,
    tile: int,
    rows: int,
    given: Arrays,
    state: Arrays,
    today: Arrays,
    work: Arrays,
) -> None:
    """Bring needs of units to the evening and place their orders: plain terms, no cut."""
    _, _, buyers, terms, _, least, lanes = given
    stock, scaled, level, _, _ = state
    _, _, _, made, wanted, _, _, _, _, _, _ = today
    came, free, e = work
    width = stock.shape[1]
    none, never = stock.dtype.type(0), stock.dtype.type(np.inf)
    for row in range(rows):
        need = block[FIRST] + tile + row
        recipe, goal, restock = terms[0, need, 0], terms[1, need, 0], terms[2, need, 0]
        reach = terms[3, need, 0]
        c = (recipe, goal, restock, reach, none if reach > none else never, least)
        at, mine, buyer = row * width, need * width, buyers[need] * width
        now = (start(came, at), start(free, at), start(e, at), start(scaled, mine))
        kept = (start(stock, mine), start(made, buyer), start(wanted, buyer), start(level, buyer))
        if block[FREE]:
            _evening_spread(now + kept, c, width // lanes)
        else:
            _evening(now + kept, c, width // lanes)


@_inner
def _special(
    number: int,
    block: Numbers,
    tile: int,
    rows: int,
    given: Arrays,
    state: Arrays,
    today: Arrays,
    work: Arrays,
) -> None:
    """Take a tile of needs from deliveries to orders, whatever the day brings."""
    _, scaled, _, _, _ = state
    _, _, rho, _, _, _, _, cut, _, _, _ = today
    came, _, _ = work
    for row in range(rows):
        for k in range(scaled.shape[1]):
            came[row, k] *= scaled[block[FIRST] + tile + row, k]
            if block[CUT]:
                came[row, k] += cut[0, tile + row, k]
    if block[MARKET]:
        _market(block, tile, rows, given, today, work)
    else:
        _stock(block, tile, rows, given, state, today, work)
    _order(block, tile, rows, given, scaled, rho[number], cut, work)


@_inner
def _stock(
    block: Numbers,
    tile: int,
    rows: int,
    given: Arrays,
    state: Arrays,
    today: Arrays,
    work: Arrays,
) -> None:
    """Bring stocks to the evening; terms by scenario, part stops, changed recipes."""
    _, _, buyers, terms, _, _, _ = given
    stock, _, level, _, _ = state
    _, _, _, made, wanted, _, factor, _, _, _, _ = today
    came, _, e = work
    none, one = stock.dtype.type(0), stock.dtype.type(1)
    nothing = stock.dtype.type(NOTHING)
    several = terms.shape[2] > 1
    for row in range(rows):
        need = block[FIRST] + tile + row
        unit = buyers[need]
        for k in range(stock.shape[1]):
            at = k if several else 0
            more = factor[block[FACTOR] + tile + row, k] if block[FACTOR] >= 0 else one
            recipe, reach = terms[0, need, at] * more, terms[3, need, at]
            going, held = made[unit, k], stock[need, k]
            use = recipe * going
            if block[STOPS] and reach > none:  # what goes on without the input takes none of it
                going = min(going, held * reach / max(more, nothing))
            left = held + came[row, k] - min(recipe * going, held)
            stock[need, k] = left
            short = max(terms[1, need, at] * more * wanted[unit, k] - left, none)
            e[row, k] = short * terms[2, need, at] + use
            if block[RUNNING] and reach > none:
                level[unit, k] = min(level[unit, k], left * reach)


@_inner
def _market(
    block: Numbers, tile: int, rows: int, given: Arrays, today: Arrays, work: Arrays
) -> None:
    """Note what reaches markets and what they want."""
    _, _, buyers, _, base, _, _ = given
    _, _, _, _, _, demand, _, _, _, wished, arrived = today
    came, _, e = work
    several = base.shape[1] > 1
    for row in range(rows):
        need = block[FIRST] + tile + row
        market = buyers[need]
        for k in range(e.shape[1]):
            arrived[market, k] = came[row, k]
            e[row, k] = base[need, k if several else 0] * demand[market, k]
            wished[market, k] = e[row, k]


@_inner
def _order(
    block: Numbers,
    tile: int,
    rows: int,
    given: Arrays,
    scaled: Array,
    rho: Array,
    cut: Array,
    work: Arrays,
) -> None:
    """Turn needs into E, kept for tomorrow; what closed links leave goes to the free ones."""
    _, _, _, _, base, least, _ = given
    _, free, e = work
    none, one = e.dtype.type(0), e.dtype.type(1)
    several = base.shape[1] > 1
    for row in range(rows):
        need, at = block[FIRST] + tile + row, tile + row
        for k in range(e.shape[1]):
            asked = e[row, k]
            if block[CUT]:
                cut[3, at, k] = min(asked, base[need, k if several else 0])
            if block[FREE]:
                left, able, usual = asked, free[row, k], one
                if block[CUT]:
                    left -= cut[1, at, k] * cut[3, at, k]
                    able -= cut[2, at, k]
                    usual -= cut[4, at, k]
                    if asked >= none:  # a need below 0 is drawn from inventories
                        left = max(left, none)
                if block[WAITS]:
                    left = rho[k] * left + (one - rho[k]) * usual * asked
                if not block[WAITS] or rho[k] > none:
                    e[row, k] = left / able if able > least else none
            scaled[need, k] = e[row, k]


@_loose
def _down_one(s: Array, here: slice, sent: Array, mine: Array, came: Array, free: Array) -> None:
    """Sum over units what each need of a tile gets, and its free share; in any order."""
    for row in range(len(came)):
        came[row], free[row] = 0, 0
    units = len(s)
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


@_loose
def _up_one(s: Array, here: slice, e: Array, asked: Array) -> None:
    """Add to the orders of each unit those of a tile of needs."""
    for u in range(len(s)):
        one, total = s[u][here], e.dtype.type(0)
        for row in range(len(e)):
            total += one[row] * e[row]
        asked[u] += total


@_inner
def _usual_one(
    needs: slice,
    spread: int,
    given: Arrays,
    state: Arrays,
    today: Arrays,
    flat: Arrays,
    room: Array,
) -> None:
    """Bring needs of units to the evening and place their orders: plain terms, no cut."""
    buyers, terms, least = given[2][needs], given[3], given[5]
    recipe, goal = terms[0].ravel()[needs], terms[1].ravel()[needs]
    restock, reach = terms[2].ravel()[needs], terms[3].ravel()[needs]
    stock, scaled, level = state[0].ravel()[needs], state[1].ravel()[needs], state[2].ravel()
    made, wanted = today[3].ravel(), today[4].ravel()
    came, free, e = flat
    going, wish = room[0], room[1]
    none, never = stock.dtype.type(0), stock.dtype.type(np.inf)
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
        scaled[row] = e[row]
        level[buyers[row]] = min(level[buyers[row]], going[row])
