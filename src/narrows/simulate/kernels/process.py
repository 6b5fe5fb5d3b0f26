"""Goods in process: what is started today is finished after the process time.

What was started is kept as sums of the deviations from normal, so that without a shock nothing
moves; a place between two mornings is read between the two sums. While a shock makes goods in
process wait, their place stands still (`Day.ripe`).

A maker plans to start what it is asked for today, and closes in the restocking time the gap
between the goods in process and finished that its customers' use needs and those that there are.
Counting goods in process keeps it from starting the same goods again every day.

References
----------
John, Naim and Towill (1994), Dynamic analysis of a WIP compensated decision support system,
International Journal of Manufacturing System Design 1(4):283-297.
"""

from dataclasses import replace
from typing import Any

from narrows.simulate.kernels.blocks import Day, Line, Model, State
from narrows.simulate.kernels.sums import namespace

__all__ = ["finished", "pulled"]

Array = Any


def pulled(model: Model, state: State) -> tuple[Array, Array]:
    """Give what the units are asked to start, and the finished goods that count against it.

    Returns
    -------
    pull, spare
        (units, scenarios) each.
    """
    process, line = model.process, state.line
    if process is None or line is None:
        return state.orders, state.held
    xp = namespace(state.orders)
    rows = process.rows
    gap = line.flow * process.days - line.within - state.held[rows]
    pull, spare = state.orders + 0.0, state.held + 0.0
    pull[rows] = xp.clip(pull[rows] + gap * process.rate, 0.0, None)
    spare[rows] = 0.0
    return pull, spare


def finished(
    model: Model, line: Line | None, started: Array, day: Day
) -> tuple[Array, Line | None]:
    """Give what is finished today, (units, scenarios), and the goods in process tonight."""
    process = model.process
    if process is None or line is None:
        return started, line
    xp = namespace(started)
    rows = process.rows
    normal = model.output[rows] + 0.0 * line.today
    tonight = line.today + (started[rows] - normal)
    line.started[day.now] = tonight
    place = (day.ripe_day + 0.0 * normal) if day.ripe_day is not None else line.place + 1.0
    passed = _between(line.started, day)
    out = xp.clip(normal * (place - line.place) + passed - line.passed, 0.0, None)
    within = line.within
    if day.spoiled is not None:
        within = within * (1.0 - day.spoiled)
    if day.spared is not None:
        out = out * day.spared
    within = xp.clip(within + started[rows] - out, 0.0, None)
    made = started + 0.0
    made[rows] = out
    moved = replace(line, today=tonight, place=place, passed=passed, within=within)
    return made, moved


def _between(ring: Array, day: Day) -> Array:
    """Read the ring at a place between two mornings, (rows, scenarios)."""
    length, rows, width = ring.shape
    xp = namespace(ring)
    row, column = xp.arange(rows)[:, None], xp.arange(width)[None]
    first = ring[day.ripe, row, column]
    return first + day.ripe_part * (ring[(day.ripe + 1) % length, row, column] - first)
