"""Reliance of every buyer on a place or a firm, direct and through the chain."""

import numpy as np
import pandas as pd

from narrows.measure.chain import WITHIN_DAYS, Chain
from narrows.measure.closures import Closure, hit_by, losses
from narrows.network import Network

__all__ = ["exposure"]


def exposure(net: Network, on: str, *, within_days: float = WITHIN_DAYS) -> pd.DataFrame:
    """Give what each buyer takes from a place, and what it loses when the place is dropped.

    Parameters
    ----------
    net
        The network; its sourcing says who buys from whom (`Network.sourcing_rule`).
    on
        Place, group or ``firm:NAME``.
    within_days
        As in `contingency`.

    Returns
    -------
    DataFrame
        One row a need of a buyer that is not dropped itself: buyer, item (what it buys), direct
        (share bought from there), look_through (part of the supply lost when it is dropped,
        nothing re-routed), stand_in (part of `direct` that rests on units whose place stands
        in). From 0 to 1; the largest look_through first. Percentages along a path are never
        multiplied.

    Raises
    ------
    UnknownName
        When nothing in the network carries the name.
    """
    closure = Closure(on, hit_by(net, on, where="on"))
    chain = Chain.of(net, within_days)
    left = chain.left(losses(net, [closure]))[: len(net.units.item)]
    direct, lost, stood = (np.zeros(len(net.needs.item)) for _ in range(3))
    gone = losses(net, [closure])
    stand_in = gone * net.units.stand_in[:, None]
    for item, units in enumerate(net.unit_slices):
        needs = net.need_slices[item]
        count = needs.stop - needs.start
        for target, of_unit in ((direct, gone), (lost, 1 - left), (stood, stand_in)):
            target[needs] = net.sourcing[item].deliveries(of_unit[units], count)[:, 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(direct > 0, stood / direct, 0.0)
    frame = pd.DataFrame(
        {
            "buyer": net.buyers[net.needs.buyer],
            "item": np.array(net.items)[net.needs.item],
            "direct": direct,
            "look_through": lost,
            "stand_in": part,
        }
    )
    frame = frame[~np.isin(net.needs.buyer, closure.hit)]
    order = frame.sort_values(["look_through", "direct"], ascending=False, kind="stable")
    return order.reset_index(drop=True)
