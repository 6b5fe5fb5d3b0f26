"""The worst k closures at once."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain as joined_lists
from itertools import combinations, islice
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.measure.chain import WITHIN_DAYS, Chain
from narrows.measure.closures import Closure, closures, joined, losses
from narrows.measure.contingency import ALL, fixed, rerouted
from narrows.measure.reasons import Reasons
from narrows.network import Network
from narrows.terms import BadInput, Fault

__all__ = ["EXACT", "worst"]

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
EXACT = {"place": 3, "firm": 3, "place-item": 2}
_BATCH = 512


def worst(
    net: Network,
    k: int,
    *,
    over: str = "place",
    end_use: str = ALL,
    within_days: float = WITHIN_DAYS,
    top: int = 10,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Give the worst choices of `k` closures at once, nothing re-routed.

    Every choice is tried for k up to 3 over places or firms and up to 2 over items at places;
    beyond that the best found by greedy growth and exchange is given and labelled not proved.

    Parameters
    ----------
    net
        The network.
    k
        How many close at once.
    over
        ``place``, ``firm`` or ``place-item``.
    end_use
        What should fall: one end use, or ``all`` weighted by value.
    within_days
        As in `contingency`.
    top
        How many choices to give.
    progress
        Called with choices tried and choices in all.

    Returns
    -------
    DataFrame
        dropped, end_use, left_fixed, left_best, because, synergy (loss beyond the sum of the
        losses one by one; negative where losses overlap), proved; the worst first.

    Raises
    ------
    BadInput
        When `k` is less than 1 or more than there is to close.
    """
    single = closures(net, over)
    if not 1 <= k <= len(single):
        fault = Fault("k", None, "", str(k), f"1 to {len(single)}, the {over}s that can close")
        raise BadInput(fault)
    chain = Chain.of(net, within_days)
    score = _score(net, end_use)
    exact = k <= EXACT[over]
    search = _every if exact else _found
    chosen = search(chain, single, k, score, top, progress)
    return _table(chain, single, chosen, end_use, proved=exact)


def _score(net: Network, end_use: str) -> Array:
    if end_use == ALL:
        return np.asarray(net.weight / net.weight.sum())
    net.number(end_use)
    if end_use not in net.end_uses:
        found = Fault("end_use", None, "", repr(end_use), "one of " + ", ".join(net.end_uses))
        raise BadInput(found)
    return np.array([name == end_use for name in net.end_uses], dtype=np.float64)


def _tried(
    chain: Chain, single: Sequence[Closure], picks: Sequence[tuple[int, ...]], score: Array
) -> Array:
    left = fixed(chain, [joined([single[at] for at in pick]) for pick in picks])
    return np.asarray(score @ left)


def _every(
    chain: Chain,
    single: Sequence[Closure],
    k: int,
    score: Array,
    top: int,
    progress: Progress | None,
) -> list[tuple[int, ...]]:
    """Try every choice, keeping the worst ones."""
    total, done = comb(len(single), k), 0
    kept: list[tuple[float, tuple[int, ...]]] = []
    for batch in _batches(combinations(range(len(single)), k)):
        values = _tried(chain, single, batch, score)
        kept += list(zip(values.tolist(), batch, strict=True))
        kept = sorted(kept)[:top]
        done += len(batch)
        if progress:
            progress(done, total)
    return [pick for _, pick in kept]


def _found(
    chain: Chain,
    single: Sequence[Closure],
    k: int,
    score: Array,
    top: int,
    progress: Progress | None,
) -> list[tuple[int, ...]]:
    """Grow greedily from the worst single one, then exchange one by one until nothing is worse."""
    seen: dict[tuple[int, ...], float] = {}

    def tried(picks: Sequence[tuple[int, ...]]) -> None:
        fresh = [pick for pick in dict.fromkeys(picks) if pick not in seen]
        for batch in _batches(iter(fresh)):
            seen.update(zip(batch, _tried(chain, single, batch, score).tolist(), strict=True))

    everything = range(len(single))
    current = _every(chain, single, 1, score, 1, None)[0]
    while len(current) < k:
        grown = [tuple(sorted({*current, at})) for at in everything if at not in current]
        tried(grown)
        current = min(grown, key=seen.__getitem__)
    for step in range(50):
        swaps = [
            tuple(sorted({*current, new} - {old}))
            for old in current
            for new in everything
            if new not in current
        ]
        tried(swaps)
        best = min([current, *swaps], key=seen.__getitem__)
        if progress:
            progress(step + 1, 50)
        if best == current:
            break
        current = best
    full = [pick for pick in seen if len(pick) == k]
    return sorted(full, key=seen.__getitem__)[:top]


def _batches(picks: Iterator[tuple[int, ...]]) -> Iterator[list[tuple[int, ...]]]:
    while batch := list(islice(picks, _BATCH)):
        yield batch


def _table(
    chain: Chain,
    single: Sequence[Closure],
    chosen: Sequence[tuple[int, ...]],
    end_use: str,
    *,
    proved: bool,
) -> pd.DataFrame:
    net = chain.net
    score = _score(net, end_use)
    closed = [joined([single[at] for at in pick]) for pick in chosen]
    whole = chain.left(losses(net, closed))
    left = chain.ends(whole)
    best, best_all = rerouted(chain, closed)
    alone_numbers = sorted(set(joined_lists.from_iterable(chosen)))
    alone = dict(
        zip(
            alone_numbers,
            1 - _tried(chain, single, [(at,) for at in alone_numbers], score),
            strict=True,
        )
    )
    rows = []
    for number, closure in enumerate(closed):
        total = float(score @ left[:, number])
        hardest = int(np.argmax(score * (1 - left[:, number])))
        why = Reasons(chain, closure, whole[:, number]).of(int(net.markets[hardest]))
        most = best_all[number] if end_use == ALL else best[int(np.argmax(score)), number]
        synergy = (1 - total) - sum(float(alone[at]) for at in chosen[number])
        rows.append((closure.label, end_use, total, most, why.text, synergy, proved))
    columns = ["dropped", "end_use", "left_fixed", "left_best", "because", "synergy", "proved"]
    return pd.DataFrame(rows, columns=columns)
