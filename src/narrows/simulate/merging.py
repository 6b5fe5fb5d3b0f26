"""Blocks of pooled items put together: one block for units, one for markets."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.kernels.blocks import Block, Cut
from narrows.simulate.kernels.pool import Pool

__all__ = ["merged"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
_NEUTRAL = {"stops": 1.0, "substitute": np.inf}
_JOINED = ("base", "recipe", "goal", "restock", "reach", "never", "stops", "substitute")


def merged(
    blocks: Sequence[Block], needs: Sequence[Numbers]
) -> tuple[tuple[Block, ...], tuple[Numbers, ...]]:
    """Put the pooled blocks of a chain together.

    Parameters
    ----------
    blocks
        One for each item and kind of buyer.
    needs
        For each block the numbers of its needs.

    Returns
    -------
    blocks, needs
        The others as they are, and the pooled ones as one block for units and one for markets.
        Where most blocks are not pooled nothing is put together: a table is few and large
        blocks, and the fused day takes them item by item.
    """
    pooled = [block.shares.ndim == 1 and not block.lanes for block in blocks]
    if sum(pooled) * 2 <= len(blocks):
        return tuple(blocks), tuple(needs)
    out, numbers = [], []
    for block, mine, fits in zip(blocks, needs, pooled, strict=True):
        if not fits:
            out.append(block)
            numbers.append(mine)
    for market in (False, True):
        group = [
            (block, mine)
            for block, mine, fits in zip(blocks, needs, pooled, strict=True)
            if fits and block.market == market
        ]
        for planned in (False, True):
            some = [(block, mine) for block, mine in group if block.planned == planned]
            if some:
                out.append(_block([block for block, _ in some]))
                numbers.append(np.concatenate([mine for _, mine in some]))
    return tuple(out), tuple(numbers)


def _block(parts: Sequence[Block]) -> Block:
    """Put blocks of different items together."""
    buyers = np.concatenate([_rows(part.buyers) for part in parts])
    order = np.argsort(buyers, kind="stable")
    each, starts = np.unique(buyers[order], return_index=True)
    several = len(each) < len(buyers)
    changes: dict[str, Any] = {name: _column(parts, name) for name in _JOINED}
    makers = np.concatenate([np.arange(part.units.start, part.units.stop) for part in parts])
    span = slice(int(makers.min()), int(makers.max()) + 1)
    whole = len(makers) == span.stop - span.start
    rows = span if whole else makers
    return replace(
        parts[0],
        item=np.repeat([part.item for part in parts], [len(part.base) for part in parts]),
        units=rows,
        buyers=buyers,
        shares=_pool([part.shares for part in parts], [len(part.base) for part in parts]),
        cuts=_cuts(parts),
        order=order if several else None,
        starts=starts if several else None,
        each=each if several else None,
        **changes,
    )


def _column(parts: Sequence[Block], name: str) -> Array | None:
    values = [getattr(part, name) for part in parts]
    if all(each is None for each in values):
        return None
    filled = [
        np.full_like(part.base, _NEUTRAL[name]) if each is None else each
        for part, each in zip(parts, values, strict=True)
    ]
    return np.concatenate(filled)


def _pool(shares: Sequence[Array], needs: Sequence[int]) -> Pool:
    """Make the pool of some items from the shares of their makers."""
    makers = [len(each) for each in shares]
    items = np.arange(len(shares))
    return Pool(
        weights=np.concatenate(shares)[:, None],
        maker_item=np.repeat(items, makers),
        buyer_item=np.repeat(items, needs),
        maker_starts=np.cumsum([0, *makers[:-1]]),
        buyer_starts=np.cumsum([0, *needs[:-1]]),
    )


def _cuts(parts: Sequence[Block]) -> tuple[Cut, ...]:
    """Put cuts together that the same shocks close; an item gives one rectangle to each."""
    groups: dict[tuple[int, int], list[tuple[Cut, int, int]]] = {}
    first_need = first_maker = 0
    for part in parts:
        seen: dict[int, int] = {}
        for cut in part.cuts:
            place = seen.get(cut.number, 0)
            seen[cut.number] = place + 1
            groups.setdefault((cut.number, place), []).append((cut, first_maker, first_need))
        first_need += len(part.base)
        first_maker += len(part.shares)
    return tuple(_cut(number, group) for (number, _), group in groups.items())


def _cut(number: int, group: Sequence[tuple[Cut, int, int]]) -> Cut:
    return Cut(
        number=number,
        rows=np.concatenate([cut.rows + first for cut, first, _ in group]),
        columns=np.concatenate([cut.columns + first for cut, _, first in group]),
        shares=_pool(
            [cut.shares for cut, _, _ in group], [len(cut.columns) for cut, _, _ in group]
        ),
        total=np.repeat(
            np.concatenate([cut.total for cut, _, _ in group]),
            [len(cut.columns) for cut, _, _ in group],
            axis=0,
        ),
    )


def _rows(buyers: Any) -> Numbers:  # noqa: ANN401 - a slice or numbers
    return np.arange(buyers.start, buyers.stop) if isinstance(buyers, slice) else buyers
