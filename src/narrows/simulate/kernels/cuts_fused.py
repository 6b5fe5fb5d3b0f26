"""What trade cuts change in a block of the fused day, before and after its sweep.

The equations are those of `step`; of each cut only the scenarios are computed in which its gate
is closed, today or when the orders were made.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.kernels.blocks import Block
from narrows.simulate.kernels.states import Asked, Day
from narrows.simulate.kernels.sums import down, up

__all__ = ["ARRIVALS", "FREE", "LEFT", "LIMITED", "Closed"]

Array = NDArray[Any]
ARRIVALS, LEFT, FREE, LIMITED, USUAL = range(5)


class Closed:
    """The cuts of a block, with the orders that were limited last night.

    Parameters
    ----------
    block
        The block.
    asked
        Its orders before the first day.
    kind
        Type of the numbers.
    """

    def __init__(self, block: Block, asked: Asked, kind: Any) -> None:  # noqa: ANN401
        self.block, self.units = block, block.units
        self.open = list(asked.open)
        self.limited = [np.array(asked.limited[cut.columns], kind) for cut in block.cuts]

    def any(self, day: Day) -> bool:
        """Tell whether a link is closed today, or was when the orders were made."""
        return any(
            bool(((before < 1) | (day.open[cut.number] < 1)).any())
            for cut, before in zip(self.block.cuts, self.open, strict=True)
        )

    def before(
        self, day: Day, scaled: Array, filled: Array, was: Array | None, mine: Array | None,
        stuck: Array,
    ) -> Array:  # fmt: skip
        """Correct the deliveries and note what closed links take from the free ones.

        Parameters
        ----------
        day
            What the shocks do today.
        scaled
            E of the block, as it was asked last night.
        filled
            q of all units.
        was, mine
            w of the units of the item, of last night and of today; None where it is 1.
        stuck
            Goods held back, (units, scenarios); added to in place.

        Returns
        -------
        ndarray
            (5, needs, scenarios): further arrivals; what the closed links take of a limited need
            of 1; the free share they had; room for the limited needs of tonight; their usual share.
        """
        room = np.zeros((5, *scaled.shape), scaled.dtype)
        q = filled[self.units]
        sent = q if was is None else was * q
        for number, cut in enumerate(self.block.cuts):
            then, now = self.open[number], day.open[cut.number]
            some = np.flatnonzero((then < 1) | (now < 1))
            if not len(some):
                continue
            links, then, now = np.ix_(cut.columns, some), then[some], now[some]
            shut = (then < 1).astype(scaled.dtype)
            gate = np.where(then > 0, np.minimum(now / np.where(then > 0, then, 1), 1), 1)
            gate = gate.astype(scaled.dtype)
            usual, limited = scaled[links], shut * then * self.limited[number][:, some]
            mine_sent, mine_q = sent[cut.rows][:, some], q[cut.rows][:, some]
            kept = (1 - gate) * (
                (1 - shut) * mine_sent * up(cut.shares, usual) + mine_q * up(cut.shares, limited)
            )
            if day.waits is not None:
                kept *= day.waits[cut.number][some]
            stuck[np.ix_(cut.rows + self.units.start, some)] += kept
            room[ARRIVALS][links] += ((1 - shut) * gate - 1) * usual * down(
                cut.shares, mine_sent
            ) + gate * limited * down(cut.shares, mine_q)
            if self.block.adaptive and mine is not None:
                shut = (now < 1).astype(scaled.dtype)
                room[LEFT][links] += shut * now * cut.total
                room[USUAL][links] += shut * cut.total
                room[FREE][links] += shut * down(cut.shares, mine[cut.rows][:, some])
        return room

    def after(
        self, day: Day, scaled: Array, limited: Array, mine: Array | None, total: Array
    ) -> None:
        """Correct the orders of each unit, in place, and remember them."""
        for number, cut in enumerate(self.block.cuts):
            self.open[number] = day.open[cut.number]
            some = np.flatnonzero(self.open[number] < 1)
            if not len(some):
                continue
            links, rows = np.ix_(cut.columns, some), cut.rows + self.units.start
            usual = up(cut.shares, scaled[links])
            if mine is not None:
                usual = mine[cut.rows][:, some] * usual
            self.limited[number][:, some] = limited[links]
            only = self.open[number][some] * up(cut.shares, limited[links])
            total[np.ix_(rows, some)] += only - usual
        total[self.units] = np.maximum(total[self.units], 0)
