"""How much of each firm is lost when firms fail, down and up a sparse network of links.

Every firm produces by a generalised Leontief function. Written in what is *lost* (1 - h), both
halves of the index are one formula over groups of weighted links,

    lost_i <- max( shock_i, least(1, greatest over the groups g of i of sum w_j x_j) ),

applied to all firms at once (Jacobi) until no firm loses eps more. Downstream a group is one
essential sector of inputs, and one more for all non-essential inputs together; x_j is the lost
part of supplier j times its replaceability. Upstream the one group is the customers of i.

What is lost only grows, so a firm is computed again only when something it reads has moved (the
frontier). Eight cases run side by side in the columns of one row: one link read serves eight. A
column whose case has settled takes the next one at once.

All compiled functions stand in this one file, and only the outermost is kept on disk: numba's
cache looks at no other file, and cannot be read any more once a class it names is gone.

Symbols: h what is left; w weight of a link; x what a link carries.

References
----------
Diem, Borsos, Reisch, Kertesz and Thurner (2022), Quantifying firm-level economic systemic risk
from nation-wide supply networks, Scientific Reports 12:7719 (eq. 1-9, Methods).
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from narrows.measure.kernels.firm_links import Columns, Half, Links, Markets, Queue

__all__ = ["WIDTH", "advance"]

Array = NDArray[np.float64]
WIDTH = 8  # cases side by side: one cache line of float64
_MANY = 8  # where more than one firm in so many moved, listing the readers costs more than it saves
_TOUCHED, _MOVED, _SEEN = 0, 1, 2  # places in `Half.counts`


@njit(nogil=True)
def _mark(links: Links, half: Half) -> None:
    """Touch the firms that read one that moved; all of them where many moved."""
    count = 0
    many = half.counts[_MOVED] * _MANY > len(half.marked)
    for at in range(half.counts[_MOVED]):
        firm = half.moved[at]
        half.is_moved[firm] = False
        if not many:
            for edge in range(links.first_reader[firm], links.first_reader[firm + 1]):
                reader = links.reader[edge]
                if not half.marked[reader]:
                    half.marked[reader] = True
                    half.touched[count] = reader
                    count += 1
    if many:
        half.touched[:] = np.arange(len(half.marked))
        count = len(half.marked)
    for at in range(count):
        half.marked[half.touched[at]] = False
    half.counts[_TOUCHED] = count


@njit(nogil=True)
def _pull(links: Links, half: Half) -> None:
    """Compute what is lost of the touched firms from what their links carry."""
    total = np.empty(WIDTH)
    worst = np.empty(WIDTH)
    for at in range(half.counts[_TOUCHED]):
        firm = half.touched[at]
        worst[:] = half.lost[firm]
        for group in range(links.first_group[firm], links.first_group[firm + 1]):
            total[:] = 0.0
            for link in range(links.first_link[group], links.first_link[group + 1]):
                weight = links.weight[link]
                carried = half.carried[links.source[link]]
                for case in range(WIDTH):
                    total[case] += weight * carried[case]
            for case in range(WIDTH):
                worst[case] = max(worst[case], total[case])
        for case in range(WIDTH):
            half.fresh[at, case] = min(worst[case], 1.0)


@njit(nogil=True)
def _commit(half: Half, change: Array) -> None:
    """Take the new values over, list the firms that moved, and keep the greatest change."""
    half.counts[_MOVED] = 0
    for at in range(half.counts[_TOUCHED]):
        firm = half.touched[at]
        has_moved = False
        for case in range(WIDTH):
            step = half.fresh[at, case] - half.lost[firm, case]
            if step > 0.0:
                has_moved = True
                change[case] = max(change[case], step)
                half.lost[firm, case] = half.fresh[at, case]
        if has_moved:
            half.carried[firm] = half.lost[firm]
            _list(half, firm)
    half.counts[_TOUCHED] = 0


@njit(nogil=True)
def _list(half: Half, firm: int) -> None:
    """List a firm as moved and seen."""
    if not half.is_moved[firm]:
        half.is_moved[firm] = True
        half.moved[half.counts[_MOVED]] = firm
        half.counts[_MOVED] += 1
    if not half.is_seen[firm]:
        half.is_seen[firm] = True
        half.seen[half.counts[_SEEN]] = firm
        half.counts[_SEEN] += 1


@njit(nogil=True)
def _replace(half: Half, markets: Markets) -> None:
    """Let links carry less where what is left of the market can replace the supplier.

    ``carried = lost min(1, size / sum over the market of h size)``. All firms of a market in which
    one moved count as moved.
    """
    if len(markets.first_firm) == 1:
        return
    for at in range(half.counts[_MOVED]):
        firm = half.moved[at]
        half.is_moved[firm] = False
        half.marked[markets.market[firm]] = True
    half.counts[_MOVED] = 0
    for market in range(len(markets.first_firm) - 1):
        if half.marked[market]:
            half.marked[market] = False
            _replace_in(half, markets, markets.first_firm[market], markets.first_firm[market + 1])


@njit(nogil=True)
def _replace_in(half: Half, markets: Markets, first: int, last: int) -> None:
    """Set what is carried in one market, the firms from `first` to before `last`."""
    left = np.zeros(WIDTH)
    for firm in range(first, last):
        for case in range(WIDTH):
            left[case] += markets.size[firm] * (1.0 - half.lost[firm, case])
    for firm in range(first, last):
        most = 0.0
        for case in range(WIDTH):
            lost = half.lost[firm, case]
            most = max(most, lost)
            if markets.size[firm] < left[case]:
                lost *= markets.size[firm] / left[case]
            half.carried[firm, case] = lost
        if most > 0.0:
            _list(half, firm)


@njit(nogil=True)
def _sum_up(down: Half, up: Half, weight: Array, column: int, lost: Array) -> None:
    """Add up what the case of a column loses: in all, downstream alone, upstream alone."""
    for at in range(down.counts[_SEEN]):
        firm = down.seen[at]
        lost_down, lost_up = down.lost[firm, column], up.lost[firm, column]
        lost[0] += weight[firm] * max(lost_down, lost_up)
        lost[1] += weight[firm] * lost_down
    for at in range(up.counts[_SEEN]):
        firm = up.seen[at]
        lost[2] += weight[firm] * up.lost[firm, column]
        if not down.is_seen[firm]:
            lost[0] += weight[firm] * up.lost[firm, column]


@njit(nogil=True)
def _clear(half: Half, column: int) -> None:
    """Set a column to nothing lost; forget firms that lost nothing in any other."""
    kept = 0
    for at in range(half.counts[_SEEN]):
        firm = half.seen[at]
        half.lost[firm, column] = 0.0
        half.carried[firm, column] = 0.0
        if half.lost[firm].max() > 0.0:
            half.seen[kept] = firm
            kept += 1
        else:
            half.is_seen[firm] = False
    half.counts[_SEEN] = kept


@njit(nogil=True)
def _shock(half: Half, queue: Queue, case: int, column: int) -> float:
    """Let firms fail in a column as a case says; give the greatest part."""
    most = 0.0
    for at in range(queue.first[case], queue.first[case + 1]):
        firm, size = queue.firm[at], queue.size[at]
        half.lost[firm, column] = size
        half.carried[firm, column] = size
        _list(half, firm)
        most = max(most, size)
    return most


@njit(nogil=True)
def _refill(
    halves: tuple[Half, Half],
    columns: Columns,
    queue: Queue,
    weight: Array,
    eps: float,
    kept: Array,
) -> bool:
    """Write down the cases that have settled and start the next ones; tell whether any runs."""
    down, up = halves
    for column in range(WIDTH):
        while True:
            case = columns.case[column]
            if case >= 0:
                if columns.change[column] >= eps:
                    break
                _sum_up(down, up, weight, column, queue.lost[case])
                queue.steps[case] = columns.steps[column]
                if kept.shape[1] > 0:
                    kept[0] = down.lost[:, column]
                    kept[1] = up.lost[:, column]
                _clear(down, column)
                _clear(up, column)
            columns.case[column] = -1
            if columns.waiting[0] == len(queue.first) - 1:
                break
            columns.case[column] = columns.waiting[0]
            columns.waiting[0] += 1
            columns.steps[column] = 1
            _shock(down, queue, columns.case[column], column)
            columns.change[column] = _shock(up, queue, columns.case[column], column)
    return bool(columns.case.max() >= 0)


@njit(cache=True, nogil=True)
def advance(work: tuple[Any, ...], weight: Array, eps: float, kept: Array, most: int) -> bool:
    """Run the queue for some steps and say whether anything is left to run.

    Parameters
    ----------
    work
        `Links` down and up, `Half` down and up, `Markets`, `Columns`, `Queue`, each as a plain
        tuple (see `firm_links.plain`). Halves and columns carry over from call to call; results
        are written into the queue.
    weight
        Weight of each firm in the sum, shape (firms,).
    eps
        A case has settled in the first step in which no firm loses that much more, above 0.
    kept
        Shape (2, firms): takes what is lost of each firm down and up in the case that settled
        last; (2, 0) where that is not wanted.
    most
        Steps to run at most.
    """
    down_links, up_links = Links(*work[0]), Links(*work[1])
    down, up = Half(*work[2]), Half(*work[3])
    markets, columns, queue = Markets(*work[4]), Columns(*work[5]), Queue(*work[6])
    for _ in range(most):
        if not _refill((down, up), columns, queue, weight, eps, kept):
            return False
        _replace(down, markets)
        columns.steps[:] += 1
        columns.change[:] = 0.0
        _mark(down_links, down)
        _mark(up_links, up)
        _pull(down_links, down)
        _pull(up_links, up)
        _commit(down, columns.change)
        _commit(up, columns.change)
    return True
