"""Weighted links of firms by group, and the working arrays of a cascade over them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Columns",
    "Half",
    "Links",
    "Markets",
    "Queue",
    "empty_columns",
    "grouped",
    "nothing_lost",
    "plain",
]

Array = NDArray[np.float64]
Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Links(NamedTuple):
    """What each firm reads, by group, and who reads it.

    Attributes
    ----------
    first_group
        First group of each firm, shape (firms + 1,).
    first_link
        First link of each group, shape (groups + 1,).
    source, weight
        Firm read and weight of each link, shape (links,).
    first_reader, reader
        Firms that read each firm, each once: shapes (firms + 1,) and (readers,).
    """

    first_group: Numbers
    first_link: Numbers
    source: Numbers
    weight: Array
    first_reader: Numbers
    reader: Numbers


class Half(NamedTuple):
    """Working arrays of one half (down or up); every column is a case.

    Attributes
    ----------
    lost
        Part of each firm that is lost, shape (firms, cases).
    carried
        What a link from the firm carries: `lost`, times replaceability downstream; same shape.
    fresh
        New values of the firms in `touched`, same shape.
    touched
        Firms to compute, shape (firms,); the first `counts[0]` hold.
    moved, is_moved
        Firms whose `carried` moved last, shape (firms,); the first `counts[1]` hold.
    seen, is_seen
        Firms that lost anything in a case that runs, shape (firms,); the first `counts[2]` hold.
    marked
        Scratch flags, all false between uses, shape (firms,).
    counts
        How many of `touched`, `moved` and `seen` hold, shape (3,).
    """

    lost: Array
    carried: Array
    fresh: Array
    touched: Numbers
    moved: Numbers
    is_moved: Flags
    seen: Numbers
    is_seen: Flags
    marked: Flags
    counts: NDArray[np.int64]


class Markets(NamedTuple):
    """Firms that can replace one another: those of one sector, which stand side by side.

    Attributes
    ----------
    first_firm
        First firm of each market, shape (markets + 1,); empty where nobody is replaced.
    market
        Market of each firm, shape (firms,).
    size
        Size of each firm in its market, shape (firms,).
    """

    first_firm: Numbers
    market: Numbers
    size: Array


class Queue(NamedTuple):
    """The cases to run, and where their results go.

    Attributes
    ----------
    first
        First shock of each case, shape (cases + 1,).
    firm, size
        Who fails and how much of it, shape (shocks,), case by case.
    lost
        Takes the weighted sum lost in all, down alone and up alone, shape (cases, 3).
    steps
        Takes the steps until each case settled, shape (cases,).
    """

    first: NDArray[np.int64]
    firm: Numbers
    size: Array
    lost: Array
    steps: NDArray[np.int64]


class Columns(NamedTuple):
    """What runs in each column: the case (-1: none), its steps so far, its change in the last.

    `waiting` holds the number of the next case of the queue, shape (1,).
    """

    case: NDArray[np.int64]
    steps: NDArray[np.int64]
    change: Array
    waiting: NDArray[np.int64]


def grouped(
    reader: NDArray[np.int64],
    group: NDArray[np.int64],
    source: NDArray[np.int64],
    weight: Array,
    *,
    firms: int,
) -> Links:
    """Arrange links by the firm that reads them and its groups.

    Parameters
    ----------
    reader, group, source, weight
        Who reads, in which of its groups, whom, and with what weight; shape (links,).
    firms
        Number of firms.

    Examples
    --------
    >>> one = grouped(np.array([1, 1]), np.array([0, 3]), np.array([0, 2]), np.ones(2), firms=3)
    >>> one.first_group.tolist(), one.first_link.tolist()
    ([0, 0, 2, 2], [0, 1, 2])
    """
    order = np.lexsort((source, group, reader))
    reader, group, source = reader[order], group[order], source[order]
    starts = np.ones(len(reader), dtype=np.bool_)
    starts[1:] = (np.diff(reader) != 0) | (np.diff(group) != 0)
    first_link = np.append(np.flatnonzero(starts), len(reader))
    pairs = np.unique(source * firms + reader)
    numbers = np.arange(firms + 1)
    return Links(
        first_group=np.searchsorted(reader[starts], numbers).astype(np.int32),
        first_link=first_link.astype(np.int32),
        source=source.astype(np.int32),
        weight=np.ascontiguousarray(weight[order]),
        first_reader=np.searchsorted(pairs // firms, numbers).astype(np.int32),
        reader=(pairs % firms).astype(np.int32),
    )


def nothing_lost(firms: int, width: int) -> Half:
    """Give working arrays for `width` cases in which no firm has lost anything."""
    numbers = [np.zeros(firms, dtype=np.int32) for _ in range(3)]
    flags = [np.zeros(firms, dtype=np.bool_) for _ in range(3)]
    return Half(
        lost=np.zeros((firms, width)),
        carried=np.zeros((firms, width)),
        fresh=np.zeros((firms, width)),
        touched=numbers[0],
        moved=numbers[1],
        is_moved=flags[0],
        seen=numbers[2],
        is_seen=flags[1],
        marked=flags[2],
        counts=np.zeros(3, dtype=np.int64),
    )


def plain(*parts: tuple[object, ...]) -> tuple[tuple[object, ...], ...]:
    """Give named tuples as plain ones: what numba keeps on disk must name no class of ours."""
    return tuple(tuple(part) for part in parts)


def empty_columns(width: int) -> Columns:
    """Give columns in which nothing runs."""
    return Columns(
        case=np.full(width, -1, dtype=np.int64),
        steps=np.zeros(width, dtype=np.int64),
        change=np.zeros(width),
        waiting=np.zeros(1, dtype=np.int64),
    )
