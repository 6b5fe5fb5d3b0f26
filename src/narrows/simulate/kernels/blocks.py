"""What stays the same from day to day: units, blocks of needs, routes, process times.

All arrays may be of numpy, torch or CuPy. The last axis is the scenario; constants have 1 there.
"""

from dataclasses import dataclass
from typing import Any

__all__ = ["Block", "Cut", "Lane", "Model", "Process", "Rebuilding"]

Array = Any  # an array of numpy, torch or CuPy


@dataclass(frozen=True)
class Cut:
    """Links of a block that a trade cut may close.

    Attributes
    ----------
    number
        Row in `Day.open`.
    rows, columns
        Numbers of the units within the item, and of the needs within the block.
    shares
        Sourcing shares of these links: (rows, columns), or (rows,) where pooled.
    total
        Their sum over the rows: (columns, 1), or (1, 1) where pooled.
    lane
        Number of the lane of the block they belong to.
    """

    number: int
    rows: Array
    columns: Array
    shares: Array
    total: Array
    lane: int = 0


@dataclass(frozen=True)
class Lane:
    """Links of a block that share a rationing class and a time at sea.

    Attributes
    ----------
    rank
        Rationing class, 0 is served first.
    days
        Whole days from dispatch to arrival.
    shares
        Sourcing shares of these links, 0 elsewhere; as `Block.shares`.
    """

    rank: int
    days: int
    shares: Array


@dataclass(frozen=True)
class Block:
    """The needs of one item by units, or by markets.

    Attributes
    ----------
    item
        Number of the item; in a block of many items (see `Pool`) that of each need.
    units
        Slice of the units that make it; in a block of many items all units, as numbers where
        they do not lie together.
    buyers
        Rows of the buyers among the units (a slice or numbers); for markets, rows of the
        market needs.
    shares
        Sourcing: (units, needs), or (units,) where all buyers take the same shares. Where they
        differ by scenario: (units, needs or 1, scenarios). A `Pool` for many items.
    market
        Whether the buyers are markets: they hold no stock.
    adaptive
        Whether re-sourcing is possible at all.
    waits
        Whether it waits for new suppliers to qualify; then `Day.adaptive` tells when.
    base
        Use in normal times a day, (needs, 1).
    recipe, goal, restock
        a; n a; 1 / tau; each (needs, 1). None for markets.
    reach
        1 / (a max(1, psi n)) where the need binds, else 0; (needs, 1).
    never
        0 where the need binds, else infinity; (needs, 1).
    stops
        f, (needs, 1); None where it is 1 for all.
    substitute
        Days of shortage until a substitute is in place, (needs, 1); None where never.
    cuts
        Links that may be closed.
    lanes
        The links by rationing class and time at sea; none: all are of class 0 and arrive at once.
    planned
        Whether makers of the item plan their starts ahead: some have a process time.
    runs_down
        Whether buyers with more than their goal order less than they use.
    order, starts, each
        Where a buyer has several needs of the block: the needs buyer by buyer, the first of each
        buyer, and the buyers. None: each buyer has one.
    """

    item: Any
    units: Any
    buyers: Array
    shares: Array
    market: bool
    adaptive: bool
    waits: bool
    base: Array
    recipe: Array = None
    goal: Array = None
    restock: Array = None
    reach: Array = None
    never: Array = None
    stops: Array = None
    substitute: Array = None
    cuts: tuple[Cut, ...] = ()
    lanes: tuple[Lane, ...] = ()
    planned: bool = False
    runs_down: bool = False
    order: Array = None
    starts: Array = None
    each: Array = None


@dataclass(frozen=True)
class Process:
    """Units whose goods take time to make, or that keep a stock of finished goods.

    Attributes
    ----------
    rows
        Their numbers, (rows,).
    days
        Days from start to finish, (rows, scenarios or 1).
    finished
        Stock of finished goods in days of normal output, (rows, scenarios or 1).
    rate
        1 / days in which a gap in the goods in process and finished is closed,
        (rows, scenarios or 1).
    slow
        The same where there are more finished goods than wanted, for these; None: as `rate`.
    """

    rows: Array
    days: Array
    finished: Array
    rate: Array
    slow: Array = None


@dataclass(frozen=True)
class Rebuilding:
    """Capital that was destroyed, and who rebuilds it.

    Attributes
    ----------
    start, begins
        Day of the loss, and day on which rebuilding begins.
    rows, columns
        Units that rebuild, and units that lost capital.
    goods
        What each unit has to deliver to each loser for all that may be lost, (rows, columns).
    capital
        Goods that make up all capital of the losers, (columns, 1).
    size
        Part of what may be lost that is lost, (scenarios or 1,).
    rate
        1 / days in which what is missing is asked for, (scenarios or 1,).
    """

    start: int
    begins: int
    rows: Array
    columns: Array
    goods: Array
    capital: Array
    size: Array
    rate: Array


@dataclass(frozen=True)
class Model:
    """The constant part of a simulation.

    Attributes
    ----------
    output, headroom, headroom_rate
        X0; most it can make as a multiple; 1 / tau_a. Each (units, 1).
    blocks
        All needs.
    nested
        Whether the worst input counts; otherwise what the inputs leave is multiplied.
    holds
        Whether goods may be held back: with trade cuts.
    market_needs
        Number of market needs.
    no_free_share
        Free sourcing share below which a need counts as wholly cut (rounding).
    calm
        Scarcity up to which a unit's overproduction goes back; None: only where it is exactly 0
        (the peer; rounding can then hold it up for ever).
    ranks
        Number of rationing classes.
    classes_end
        Day from which a unit serves all classes alike, (units, 1 or scenarios); None: never.
    process
        Units with a process time; None where there are none.
    rebuildings
        Capital to be rebuilt.
    most_counts
        Whether of several losses of a unit the largest counts (the peer); else they combine.
    """

    output: Array
    headroom: Array
    headroom_rate: Array
    blocks: tuple[Block, ...]
    nested: bool = True
    holds: bool = False
    market_needs: int = 0
    no_free_share: float = 1e-8
    calm: float | None = 1e-5
    ranks: int = 1
    classes_end: Array = None
    process: Process | None = None
    rebuildings: tuple[Rebuilding, ...] = ()
    most_counts: bool = False
