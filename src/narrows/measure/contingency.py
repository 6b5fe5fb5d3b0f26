"""What is left of each end use when places, firms, or items at places close for good."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.evidence import Case
from narrows.measure.chain import WITHIN_DAYS, Chain
from narrows.measure.closures import Closure, closures, hit_by, joined, losses, several
from narrows.measure.kernels.rerouted import alone, together
from narrows.measure.ranking import drawn, holds, ranks
from narrows.measure.reasons import Reasons
from narrows.network import Network, redrawn
from narrows.terms import BadInput, Fault

__all__ = ["ALL", "contingency"]

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
ALL = "all"
_MOST_CASES = 20_000
_SAME = 1e-12
_DRAWN = ("holds", "rank_low", "rank_high", "left_fixed_low", "left_fixed_high")


def contingency(
    net: Network,
    k: int = 1,
    *,
    over: str = "place",
    drop: Sequence[str] | None = None,
    within_days: float = WITHIN_DAYS,
    draws: int = 0,
    seed: int = 1,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Give what can still be made of each end use once stocks are gone.

    Static numbers rank exposure; they are not losses over time.

    Parameters
    ----------
    net
        The network.
    k
        How many close at once: 1 for N-1, 2 for pairs.
    over
        What closes: ``place``, ``firm`` or ``place-item``.
    drop
        Close just these names together (places, groups, ``firm:NAME``, ``PLACE/item``) instead
        of every choice of `k`.
    within_days
        Inputs whose stock lasts longer do not bind (tools and licences in place go on working);
        ``inf`` lets every essential input bind.
    draws, seed
        Draws of the estimates to see how often a rank holds; none by default.
    progress
        Called with steps done and steps in all.

    Returns
    -------
    DataFrame
        One row a closure and end use, and one with end use ``all``, the sum weighted by the value
        of each. dropped, end_use, left_fixed (nothing re-routed), left_best (best re-routed: the
        most of this end use if all others give way; for ``all`` the most value together),
        stock_days (inf where nothing is lost), because, stand_in (part of the loss that rests on
        units whose place stands in), rank and, with draws, holds, rank_low, rank_high (10 and 90
        percent points of the rank), left_fixed_low, left_fixed_high (the same of left_fixed).
        The worst closure comes first; ranks are those of ``all``.

    Raises
    ------
    BadInput
        When `k` is not positive, more than there is to close, or gives more cases than can be
        listed; `worst` finds the worst of them without listing all.
    UnknownName
        When a name to drop or the kind is unknown.
    """
    closed = _closed(net, k, over, drop)
    chain = Chain.of(net, within_days)
    whole = chain.left(losses(net, closed))
    left = chain.ends(whole)
    best, best_all = rerouted(chain, closed, progress)
    weight = net.weight / net.weight.sum()
    rank = ranks(weight @ left)
    order = np.argsort(rank, kind="stable")
    band = _band(net, chain, closed, rank, draws=draws, seed=seed, progress=progress)
    rows = []
    for number in order:
        closure = closed[number]
        why = Reasons(chain, closure, whole[:, number])
        reasons = [why.of(int(end)) for end in net.markets]
        stand_in = _stand_in(chain, closure, left[:, number])
        for end, found in enumerate(reasons):
            rows.append(
                (
                    *(closure.label, net.end_uses[end], left[end, number], best[end, number]),
                    *(found.days, found.text, stand_in[end], rank[number], *band.holds[number]),
                    *(band.low[end, number], band.high[end, number]),
                )
            )
        hardest = int(np.argmax(weight * (1 - left[:, number])))
        shortest = min(found.days for found in reasons)
        total = float(weight @ left[:, number])
        stood = float(weight @ (stand_in * (1 - left[:, number]))) / max(1 - total, _SAME)
        rows.append(
            (
                *(closure.label, ALL, total, best_all[number], shortest),
                *(reasons[hardest].text, stood, rank[number], *band.holds[number]),
                *(band.low[-1, number], band.high[-1, number]),
            )
        )
    columns = ["dropped", "end_use", "left_fixed", "left_best", "stock_days", "because"]
    columns += ["stand_in", "rank", *_DRAWN]
    frame = pd.DataFrame(rows, columns=columns)
    return frame if draws else frame.drop(columns=list(_DRAWN))


def _closed(net: Network, k: int, over: str, drop: Sequence[str] | None) -> list[Closure]:
    if drop is not None:
        if not drop:
            raise BadInput(Fault("drop", None, "", "no name", "at least one name to drop"))
        return [joined([Closure(name, hit_by(net, name)) for name in drop])]
    single = closures(net, over)
    if not 1 <= k <= len(single):
        fault = Fault("k", None, "", str(k), f"1 to {len(single)}, the {over}s that can close")
        raise BadInput(fault)
    count = comb(len(single), k)
    if count > _MOST_CASES:
        found = f"{count:,} choices of {k} out of {len(single)}"
        raise BadInput(
            Fault("k", None, "", found, f"at most {_MOST_CASES:,}; `worst` finds the worst of them")
        )
    return several(single, k)


def fixed(chain: Chain, closed: Sequence[Closure]) -> Array:
    """Give what is left of the markets, nothing re-routed, shape (markets, closures)."""
    return chain.ends(chain.left(losses(chain.net, closed)))


def rerouted(
    chain: Chain, closed: Sequence[Closure], progress: Progress | None = None
) -> tuple[Array, Array]:
    """Give the most of each end use alone, (markets, closures), and of all together."""
    capacity = chain.capacity(losses(chain.net, closed))
    one = alone(capacity, chain.edges, chain.net.markets)
    every = np.empty(len(closed))
    for number in range(len(closed)):
        column = capacity[:, number]
        every[number], _ = together(column, chain.edges, chain.net.markets, chain.net.weight)
        if progress:
            progress(number + 1, len(closed))
    return one, every


def _stand_in(chain: Chain, closure: Closure, left: Array) -> Array:
    """Give the part of each end use's loss that vanishes when stand-in units go on."""
    units = chain.net.units
    firm_ground = Closure(closure.label, closure.hit[~units.stand_in[closure.hit]])
    if len(firm_ground.hit) == len(closure.hit):
        return np.zeros(len(left))
    without = fixed(chain, [firm_ground])
    lost = 1 - left
    part = (without[:, 0] - left) / np.where(lost > _SAME, lost, 1.0)
    return np.where(part > _SAME, part, 0.0)


@dataclass(frozen=True)
class _Band:
    """How far the draws move a contingency.

    `holds` has shape (closures, 3); `low` and `high` are the 10 and 90 percent points of what is
    left, shape (end uses and their sum, closures).
    """

    holds: Array
    low: Array
    high: Array


def _band(
    net: Network,
    chain: Chain,
    closed: Sequence[Closure],
    rank: NDArray[np.int64],
    *,
    draws: int,
    seed: int,
    progress: Progress | None,
) -> _Band:
    """Close everything again in each draw of the case."""
    if not draws:
        none = np.full((len(net.markets) + 1, len(closed)), np.nan)
        return _Band(np.full((len(closed), 3), np.nan), none, none)

    def score(case: Case) -> Array:
        again = redrawn(net, case)
        left = fixed(Chain.of(again, chain.within_days), closed)
        return np.vstack([left, again.weight / again.weight.sum() @ left])

    each = drawn(net.made_from.case, score, draws=draws, seed=seed, progress=progress)
    low, high = np.quantile(each, [0.1, 0.9], axis=0)
    return _Band(holds(rank, each[:, -1]), low, high)
