"""Autonomy and indispensability: our reliance on them against theirs on us."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.measure.chain import WITHIN_DAYS, Chain
from narrows.measure.closures import Closure, hit_by, joined, losses
from narrows.network import Network
from narrows.terms import BadInput, Fault

__all__ = ["autonomy"]

Array = NDArray[np.float64]


def autonomy(
    net: Network,
    us: Sequence[str],
    them: Sequence[str],
    *,
    within_days: float = WITHIN_DAYS,
) -> pd.DataFrame:
    """Give, for each item, what we take from them and what they take from us.

    Parameters
    ----------
    net
        The network. With pooled sourcing all buyers take the world's shares; `home_first` is the
        better choice here, for it lets each side use what it makes itself.
    us, them
        Places or groups of each side.
    within_days
        As in `contingency`.

    Returns
    -------
    DataFrame
        item, reliance (part of our use bought from them), leverage (part of their use bought
        from us), reliance_look_through and leverage_look_through (part of the supply lost when
        the other side is dropped), sourcing. Missing where a side does not buy the item.

    Raises
    ------
    UnknownName
        When a place is not in the network.
    BadInput
        When a side is empty or both have a place in common.
    """
    sides = [_side(net, us), _side(net, them)]
    both = np.intersect1d(sides[0].hit, sides[1].hit)
    if both.size:
        found = f"{net.units.place[both[0]]} on both sides"
        raise BadInput(Fault("autonomy", None, "them", found, "two sides without a common place"))
    chain = Chain.of(net, within_days)
    gone = losses(net, sides)
    left = chain.left(gone)[: len(net.units.item)]
    base = np.concatenate([net.units.output, net.demand])
    use = net.needs.recipe * base[net.needs.buyer]
    rows = []
    for item, units in enumerate(net.unit_slices):
        needs = np.arange(net.need_slices[item].start, net.need_slices[item].stop)
        bought = net.sourcing[item].deliveries(gone[units], len(needs))
        lost = net.sourcing[item].deliveries(1 - left[units], len(needs))
        ours, theirs = (use[needs] * np.isin(net.needs.buyer[needs], side.hit) for side in sides)
        row = (
            *(_mean(bought[:, 1], ours), _mean(bought[:, 0], theirs)),
            *(_mean(lost[:, 1], ours), _mean(lost[:, 0], theirs)),
        )
        rows.append((net.items[item], *row, net.sourcing_rule))
    columns = ["item", "reliance", "leverage", "reliance_look_through", "leverage_look_through"]
    frame = pd.DataFrame(rows, columns=[*columns, "sourcing"])
    return frame.dropna(subset=["reliance", "leverage"], how="all").reset_index(drop=True)


def _side(net: Network, places: Sequence[str]) -> Closure:
    if not places:
        raise BadInput(Fault("autonomy", None, "us, them", "an empty side", "at least one place"))
    return joined([Closure(place, hit_by(net, place)) for place in places])


def _mean(values: Array, weights: Array) -> float:
    total = weights.sum()
    return float(values @ weights / total) if total > 0 else float("nan")
