"""The most that can be traded while cuts and controls are in force."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from narrows.plan.chain import Chain
from narrows.plan.periods import Periods
from narrows.simulate import TradeCut
from narrows.simulate.cuts import rectangles
from narrows.simulate.values import best

__all__ = ["trade_limits"]

Array = NDArray[np.float64]


def trade_limits(
    chain: Chain, periods: Periods, cuts: Sequence[tuple[TradeCut, Array]]
) -> dict[str, Array]:
    """Give the most that can be traded, per cut day the part left of normal trade.

    Parameters
    ----------
    chain, periods
        What is traded, and when.
    cuts
        Each cut with the part of it in force by day.

    Returns
    -------
    dict of ndarray
        ``out`` and ``in`` through the pool, (items, blocs, periods); or ``pairs``, (items, blocs,
        blocs, periods); inf where free; nothing where nothing is cut.
    """
    count = chain.blocs.count
    if not cuts or count == 1:
        return {}
    gates = [
        (gate, force, best(cut.lost))
        for number, (cut, force) in enumerate(cuts)
        for gate in rectangles(chain.net, cut, number)
    ]
    alike: dict[tuple[bool, ...], list[int]] = {}  # items that the same gates concern
    for item in np.flatnonzero(~chain.local).tolist():
        mine = tuple(bool(gate.items[item]) for gate, _, _ in gates)
        if any(mine):
            alike.setdefault(mine, []).append(item)
    shape = (len(chain.net.items), count, periods.count)
    kinds = (
        {"pairs": (*shape[:2], count, shape[2])}
        if chain.blocs.pairs
        else {"out": shape, "in": shape}
    )
    most = {name: np.full(size, np.inf) for name, size in kinds.items()}
    for mine, items in alike.items():
        part = np.ones((count, count, periods.days * periods.count))
        for (gate, force, lost), wanted in zip(gates, mine, strict=True):
            if wanted:
                sellers = np.unique(chain.blocs.of_unit[gate.sellers])
                buyers = np.unique(chain.blocs.of_buyer[gate.buyers])
                part[np.ix_(sellers, buyers)] *= 1.0 - lost * force
        _close(chain, periods, most, part, np.array(items))
    return most


def _close(
    chain: Chain,
    periods: Periods,
    most: dict[str, Array],
    part: Array,
    items: NDArray[np.int64],
) -> None:
    """Set the limits of some items; `part` is what is left of trade, (blocs, blocs, days)."""
    blocs, trade = chain.blocs, chain.trade[items]
    world = 3.0 * float(chain.base.sum(axis=1).max())
    if blocs.pairs:
        most["pairs"][items] = _most(periods, part, trade, world)
        return
    away = ~np.eye(blocs.count, dtype=np.bool_)
    normal = np.where(away, trade, 0.0)
    closed = np.where((away & blocs.sells[:, None])[..., None], part, 0.0)
    most["out"][items] = _most(periods, closed.max(axis=1), normal.sum(axis=2), world)
    most["in"][items] = _most(periods, closed.max(axis=0), normal.sum(axis=1), world)


def _most(periods: Periods, part: Array, normal: Array, world: float) -> Array:
    """Give the mean of daily limits: on a cut day a part of normal trade, else free."""
    free = periods.mean((part >= 1.0).astype(np.float64))
    left = periods.mean(np.where(part < 1.0, part, 0.0))
    return np.where(free >= 1.0, np.inf, left * normal[..., None] + free * world)
