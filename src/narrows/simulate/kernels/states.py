"""What moves: orders of a day, goods in process, the state of a night, the shocks of a day.

All arrays may be of numpy, torch or CuPy. The last axis is the scenario; constants have 1 there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Asked", "Day", "Line", "Report", "State"]

Array = Any  # an array of numpy, torch or CuPy


@dataclass(frozen=True)
class Asked:
    """The orders of a block, kept as factors: o = s w E, on a closed link o = s l L.

    Attributes
    ----------
    weight
        w of the units, (units, scenarios); None where 1.
    scaled
        E, (needs, scenarios).
    limited
        L = min(D, base need), (needs, scenarios); D without cuts.
    wished
        D, (needs, scenarios).
    open
        l of each cut of the block when the order was made, (scenarios,) each.
    """

    weight: Array
    scaled: Array
    limited: Array
    wished: Array
    open: tuple[Array, ...]


@dataclass(frozen=True)
class Line:
    """Goods in process of the units of `Process`.

    Attributes
    ----------
    started
        Ring of days: sums, up to the morning of the day, of what was started above or below
        normal, and of the capacity above or below normal (a multiple of it);
        (days, 2, rows, scenarios). It is written in place.
    today
        The same up to this morning, (2, rows, scenarios).
    place, passed
        Day up to whose morning what was started is finished, (rows, scenarios), and `started`
        there, (2, rows, scenarios).
    within
        Goods in process, (rows, scenarios).
    flow, asked
        What the makers are asked for each day to use, restocking left out: smoothed over the
        process time, and last night; (rows, scenarios).
    behind
        1 where a maker can start more than it can ship yet, else 0; (rows, scenarios).
    later, ripe
        Sums at the later morning read yesterday, and the places of today if all move on by a day.
    """

    started: Array
    today: Array
    place: Array
    passed: Array
    within: Array
    flow: Array
    asked: Array
    behind: Array
    later: Array = None
    ripe: Array = None


@dataclass(frozen=True)
class State:
    """What the night leaves for the next day.

    Attributes
    ----------
    produced, alpha, orders, held
        X (with a process time, what was started), overproduction, T, goods made and not sent;
        each (units, scenarios).
    stocks, clocks
        S and the days of shortage of each block, (needs, scenarios); None where not kept.
    asked
        Orders of each block.
    ranked
        T by rationing class, (units, scenarios) each; one where there is one class.
    sea
        Goods on the way: of each block and lane the deliveries still to come, the next first.
    line
        Goods in process; None where nobody has a process time.
    short
        1 where a unit lacked inputs for what it wanted to start, else 0; (units, scenarios).
        None in the rules of the peer.
    missing
        Part not yet delivered of the goods of each of `Model.rebuildings`, (rows, scenarios).
    usual
        T in normal times by rationing class, as `ranked`; empty where the classes never end.
    """

    produced: Array
    alpha: Array
    orders: Array
    held: Array
    stocks: tuple[Array, ...]
    clocks: tuple[Array, ...]
    asked: tuple[Asked, ...]
    ranked: tuple[Array, ...] = ()
    sea: tuple[tuple[tuple[Array, ...], ...], ...] = ()
    line: Line | None = None
    short: Array = None
    missing: tuple[Array, ...] = ()
    usual: tuple[Array, ...] = ()


@dataclass(frozen=True)
class Day:
    """What the shocks do on one day.

    Attributes
    ----------
    loss
        Delta, (units, scenarios or 1).
    demand
        d, (market needs, scenarios or 1).
    open
        l of each cut, (cuts, scenarios).
    adaptive
        rho of each block, the part of the orders that may be re-sourced; (scenarios or 1,), in a
        block of many items (items of its pool, scenarios).
    surge
        Whether overproduction moves today.
    stock_kept, stock_added, recipe
        By block number: part of the stock kept; stock added; factor on the recipe.
    hoarded
        By block number what the buyers order beyond use and restocking, as a part of their use in
        normal times.
    waits
        Part of the goods held up at each cut that waits; the rest is lost; (cuts, scenarios).
        None: all waits.
    ripe, ripe_part
        Of the units of `Process`: the morning up to which what was started is finished by
        tonight, as a place in the ring `Line.started` and the part of the day after it.
    ripe_day
        The same as a day.
    spoiled
        Part of the goods in process that is lost this morning, (rows, scenarios). None: nothing.
    morning, age
        Number of the day; days from each morning in the ring to this one, (days,).
    now
        Place of tomorrow morning in the ring.
    """

    loss: Array
    demand: Array
    open: Array
    adaptive: tuple[Array, ...]
    surge: bool = True
    stock_kept: Mapping[int, Array] = field(default_factory=dict)
    stock_added: Mapping[int, Array] = field(default_factory=dict)
    recipe: Mapping[int, Array] = field(default_factory=dict)
    hoarded: Mapping[int, Array] = field(default_factory=dict)
    waits: Array = None
    ripe: Array = None
    ripe_part: Array = None
    ripe_day: Array = None
    spoiled: Array = None
    morning: int = 0
    age: Array = None
    now: int = 0


@dataclass(frozen=True)
class Report:
    """What a day shows.

    Attributes
    ----------
    made, orders, filled
        Goods finished, T and q (over all classes), each (units, scenarios).
    wished, arrived
        D and deliveries of the market needs, (market needs, scenarios).
    pulled
        What the units were asked to start, before capacity and stocks; (units, scenarios).
        None: the orders less goods held.
    """

    made: Array
    orders: Array
    filled: Array
    wished: Array
    arrived: Array
    pulled: Array = None
