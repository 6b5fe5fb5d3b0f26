"""When goods in process are finished, and what shocks spoil of them: known before the run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.kernels.blocks import Process
from narrows.simulate.shocks import CapacityLoss, Shock
from narrows.simulate.values import best

__all__ = ["Ripening"]

Array = NDArray[np.float64]
_BEFORE = 1e6  # days of normal work before day 0


@dataclass(frozen=True)
class _Spoiled:
    """A loss of goods in process: column, first day, part lost of each row."""

    column: int
    start: int
    lost: Array


class Ripening:
    """The clocks of goods in process; they stand still while a shock makes them wait.

    Parameters
    ----------
    process
        Units with a process time.
    shocks
        Column, shock and part in force by day.
    losses
        By number of a shock of capacity the part each unit loses, (units,).
    days, width
        Days of the run and number of scenarios.
    """

    def __init__(
        self,
        process: Process,
        shocks: Sequence[tuple[int, Shock, Array]],
        losses: Mapping[int, Array],
        days: int,
        width: int,
    ) -> None:
        self.days = np.broadcast_to(process.days, (len(process.rows), width))
        self._late: dict[tuple[int, int], Array] = {}
        self._spoiled: list[_Spoiled] = []
        speed: dict[tuple[int, int], Array] = {}
        for number, lost in losses.items():
            column, shock, force = shocks[number]
            mine = lost[process.rows]
            if not isinstance(shock, CapacityLoss):
                continue
            if best(shock.process_lost) > 0:
                part = np.where(mine > 0, best(shock.process_lost), 0.0)
                self._spoiled.append(_Spoiled(column, shock.start, part))
            if shock.process_waits:
                for row in np.flatnonzero(mine).tolist():
                    key = (row, column)
                    speed[key] = speed.get(key, np.ones(days)) * (1.0 - mine[row] * force)
        for (row, column), each in speed.items():
            self._late[row, column] = _finished_by(each, float(self.days[row, column]))
        self.ring = int(np.ceil(self.days.max())) + 4
        for late in self._late.values():
            self.ring = max(self.ring, int(np.max(np.arange(1, days + 1) - late)) + 4)

    def day(self, number: int) -> dict[str, Any]:
        """Give what `Day` says about goods in process."""
        place = number + 1.0 - self.days
        for (row, column), late in self._late.items():
            place[row, column] = late[number]
        whole = np.ceil(place) - 1.0  # the later morning is tomorrow's at the latest: it is known
        return {
            "ripe": np.mod(whole, self.ring).astype(np.int64),
            "ripe_part": place - whole,
            "ripe_day": place,
            "spoiled": self._lost(number),
            "age": np.mod(number - np.arange(self.ring), self.ring).astype(np.float64),
            "now": (number + 1) % self.ring,
        }

    def _lost(self, number: int) -> Array | None:
        """Give the part of the goods in process lost on a day, (rows, scenarios)."""
        today = [each for each in self._spoiled if each.start == number]
        if not today:
            return None
        left = np.ones_like(self.days)
        for each in today:
            left[:, each.column] *= 1.0 - each.lost
        return 1.0 - left


def _finished_by(speed: Array, process: float) -> Array:
    """Give for the evening of each day the morning up to which what was started is finished."""
    clock = np.concatenate([[-_BEFORE, 0.0], np.cumsum(speed)])
    mornings = np.concatenate([[-_BEFORE], np.arange(len(speed) + 1.0)])
    # where the clock stood still several mornings have one time: the last one counts
    rising = np.concatenate([np.diff(clock) > 0, [True]])
    return np.asarray(np.interp(clock[2:] - process, clock[rising], mornings[rising]))
