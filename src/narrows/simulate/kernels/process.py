"""Goods in process: what is started today is finished after the process time.

What was started is kept as sums of the deviations from normal, so that without a shock nothing
moves; a place between two mornings is read between the two sums. While a shock makes goods in
process wait, their place stands still (`Day.ripe`).

A maker plans to start what it is asked for today, and closes in the process time the gap
between the goods in process that the use of its customers needs and the goods, in process and
finished, that there are. Counting goods in process keeps it from starting the same goods again
every day; their use is smoothed over the process time and leaves restocking out, or each tier
would swing more than the one below it. Buyers who re-source go by what a maker can ship, which is
its capacity a process time ago; a maker that can start more than it can ship yet starts at least
what it will be asked for to use.

References
----------
John, Naim and Towill (1994), Dynamic analysis of a WIP compensated decision support system,
International Journal of Manufacturing System Design 1(4):283-297.
"""

from dataclasses import replace
from typing import Any

from narrows.simulate.kernels.blocks import Model
from narrows.simulate.kernels.states import Day, Line, State
from narrows.simulate.kernels.sums import namespace

__all__ = ["finished", "pulled"]

Array = Any
_BEHIND = 0.99  # part of its capacity that a maker can ship, below which it is behind


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
    gap = line.flow * (process.days + process.finished) - line.within - state.held[rows]
    pull, spare = state.orders + 0.0, state.held + 0.0
    due = xp.maximum(pull[rows], line.behind * line.asked)
    closing = gap * process.rate
    if process.slow is not None:
        surplus = xp.clip(state.held[rows] - line.flow * process.finished, 0.0, None)
        closing = closing + surplus * (process.rate - process.slow)
    pull[rows] = xp.clip(due + closing, 0.0, None)
    spare[rows] = 0.0
    return pull, spare


def finished(
    model: Model, line: Line | None, started: Array, weight: Array, day: Day
) -> tuple[Array, Array, Line | None]:
    """Give what is finished today, what the units can ship, and the goods in process tonight.

    Parameters
    ----------
    started
        X, (units, scenarios).
    weight
        C / X0 of today, (units, scenarios).

    Returns
    -------
    made
        Goods finished, (units, scenarios).
    ships
        Capacity over X0 at the time when what is finished today was started: what buyers who
        re-source go by; (units, scenarios).
    line
        Goods in process tonight.
    """
    process = model.process
    if process is None or line is None:
        return started, weight, line
    xp = namespace(started)
    rows = process.rows
    normal = model.output[rows]
    normals = xp.stack([normal, xp.ones_like(normal)])
    if day.spoiled is not None:
        line = _spoiled(line, normals, day)
    tonight = line.today + 0.0
    tonight[0] += started[rows] - normal
    tonight[1] += weight[rows] - 1.0
    line.started[day.now] = tonight
    place = day.ripe_day + 0.0 * line.place
    passed, later = _between(line, day)
    moved = place - line.place
    out, could = xp.clip(normals * moved + passed - line.passed, 0.0, None)
    within = xp.clip(line.within + started[rows] - out, 0.0, None)
    made, ships = started + 0.0, weight + 0.0 * started
    made[rows], ships[rows] = out, could
    behind = 1.0 * (could < _BEHIND * weight[rows])
    night = replace(
        line,
        today=tonight,
        place=place,
        passed=passed,
        within=within,
        later=later,
        ripe=_next(day.ripe, len(line.started)),
        behind=behind,
    )
    return made, ships, night


def _next(ripe: Array, length: int) -> Array:
    """Give the places of tomorrow, if all move on by a day."""
    ahead = ripe + 1
    ahead[ahead == length] = 0
    return ahead


def _spoiled(line: Line, normals: Array, day: Day) -> Line:
    """Take what is lost from all that was started until this morning and is not finished."""

    def left(sums: Array, days: Array) -> Array:
        lost = day.spoiled * (line.today - sums + normals * days)
        return sums + lost

    line.started[:] = left(line.started, day.age[:, None, None, None])
    return replace(
        line,
        passed=left(line.passed, day.morning - line.place),
        later=None,
        within=line.within * (1.0 - day.spoiled),
    )


def _between(line: Line, day: Day) -> tuple[Array, Array]:
    """Read the ring at a place between two mornings, and at the later one; (2, rows, scenarios).

    Where every place has moved on by a day, the earlier morning is yesterday's later one.
    """
    later = _read(line.started, _next(day.ripe, len(line.started)))
    moved_on = line.later is not None and bool((line.ripe == day.ripe).all())
    first = line.later if moved_on else _read(line.started, day.ripe)
    return first + day.ripe_part * (later - first), later


def _read(ring: Array, mornings: Array) -> Array:
    """Give the sums of each row and scenario at its own morning, (2, rows, scenarios)."""
    _, kinds, rows, width = ring.shape
    xp = namespace(ring)
    places = xp.arange(kinds * rows * width).reshape(kinds, rows, width)
    return xp.take(ring, mornings * (kinds * rows * width) + places)
