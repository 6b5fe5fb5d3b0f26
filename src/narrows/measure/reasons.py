"""Why an end use falls, and how long stocks last on the way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.measure.chain import Chain
from narrows.measure.closures import Closure

__all__ = ["Reason", "reason"]

_SAME = 1e-9


@dataclass(frozen=True)
class Reason:
    """The chain of reasons from an end use back to what was dropped.

    Attributes
    ----------
    text
        ``smartphone <- logic-lt10nm <- TWN 92 %``; empty where nothing is lost.
    days
        Shortest sum of cover along the reasons; infinite where nothing is lost.
    items
        The items on the way.
    """

    text: str
    days: float
    items: tuple[str, ...]


def reason(
    chain: Chain,
    closure: Closure,
    left: NDArray[np.float64],
    end: int,
) -> Reason:
    """Follow the worst input from an item back to the units that were dropped.

    Parameters
    ----------
    chain
        The prepared network.
    closure
        What was dropped.
    left
        What is left of each item, shape (items,).
    end
        Item of the end use.
    """
    if left[end] > 1 - _SAME:
        return Reason("", np.inf, ())
    item, days, items = end, 0.0, [end]
    while True:
        own = _own_loss(chain, closure, item)
        edges = np.flatnonzero(chain.edges.user == item)
        lost = chain.edges.fraction[edges] * (1 - left[chain.edges.input[edges]])
        worst = lost.max(initial=0.0)
        if own >= worst - _SAME or worst <= _SAME:
            break
        ties = edges[lost >= worst - _SAME]
        step = ties[np.argmin(chain.cover[ties])]
        days += float(chain.cover[step])
        item = int(chain.edges.input[step])
        items.append(item)
    names = tuple(chain.net.items[number] for number in items)
    return Reason(" <- ".join([*names, _holders(chain, closure, item)]), days, names)


def _own_loss(chain: Chain, closure: Closure, item: int) -> float:
    units = chain.net.units
    mine = closure.hit[units.item[closure.hit] == item]
    total = units.output[chain.net.unit_slices[item]].sum()
    return float(units.output[mine].sum() / total) if total > 0 else 0.0


def _holders(chain: Chain, closure: Closure, item: int) -> str:
    """Name the dropped units of an item with their shares, the largest first."""
    units = chain.net.units
    mine = closure.hit[units.item[closure.hit] == item]
    mine = mine[np.argsort(-units.output[mine], kind="stable")]
    total = units.output[chain.net.unit_slices[item]].sum()
    names = []
    for unit in mine[:3]:
        name = units.owner[unit].removeprefix("firm:") or units.place[unit]
        names.append(f"{name} {100 * units.output[unit] / total:.3g} %")
    more = f" and {len(mine) - 3} more" if len(mine) > 3 else ""
    return ", ".join(names) + more
