"""A scenario as a branch of the programme: bounds, and how each decision moves them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.plan.conditions import Floor
from narrows.plan.effects import Effect, unneeded
from narrows.plan.kernels.two_stage import Branch
from narrows.plan.layout import Layout
from narrows.plan.measures import Stockpile
from narrows.plan.schedule import Decision
from narrows.plan.shifts import Shifts

__all__ = ["branch_of"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
_YEAR = 365.0


def branch_of(
    name: str,
    probability: float,
    layout: Layout,
    shifts: Shifts,
    decisions: Sequence[tuple[int, Decision, Effect]],
    *,
    begins: float,
    width: int,
    floors: Sequence[Floor] = (),
) -> Branch:
    """Give the branch in which a scenario begins at a date.

    Parameters
    ----------
    decisions
        Those that this branch can see, with their numbers and full effects.
    begins
        Date of the first shock, in years.
    width
        Number of all decisions.
    floors
        Floors of kind ``met``.
    """
    rows, columns = layout.rows, layout.columns
    high = _highs(layout, shifts)
    row_low = _row_lows(layout, shifts, floors)
    dates = begins + layout.periods.middles / _YEAR
    moved_rows, moved_columns = [], []
    for number, decision, effect in decisions:
        if isinstance(decision.option, Stockpile):
            ready = np.full(layout.periods.count, decision.ready(np.array([begins]))[0])
        else:
            ready = decision.ready(dates)
        moved_rows.append((effect.rows, effect.row_shift * ready[effect.row_period], number))
        moved_columns.append(
            (effect.columns, effect.high_shift * ready[effect.column_period], number)
        )
    return Branch(
        name,
        probability,
        row_low,
        layout.no_limit,
        high,
        _matrix(moved_rows, (rows.size, width)),
        _matrix(moved_columns, (columns.size, width)),
    )


def _matrix(
    moves: Sequence[tuple[Numbers, Array, int]], shape: tuple[int, int]
) -> sparse.csr_array:
    if not moves:
        return sparse.csr_array(shape)
    where = np.concatenate([each for each, _, _ in moves])
    values = np.concatenate([each for _, each, _ in moves])
    number = np.concatenate([np.full(len(each), column) for each, _, column in moves])
    # entries of 0 stay: they tell which bounds the options can move at other dates
    return sparse.csr_array((values, (where, number)), shape=shape)


def _highs(layout: Layout, shifts: Shifts) -> Array:
    """Give the upper bounds of all columns when nothing is chosen."""
    columns, chain = layout.columns, layout.chain
    high = np.full(columns.size, np.inf)
    for key in columns.keys["make"]:
        high[columns.of("make", key)] = shifts.capacity[key]
    high[columns.all("recycle")] = 0.0
    for kind in ("out", "in"):
        if kind in columns.keys and kind in shifts.trade:
            for key in columns.keys[kind]:
                high[columns.of(kind, key)] = shifts.trade[kind][key]
    if "pairs" in shifts.trade:
        for key in columns.keys.get("ship", []):
            high[columns.of("ship", key)] = shifts.trade["pairs"][key]
    high[columns.all("short")] = (chain.demand[:, None] * shifts.demand).ravel()
    return high


def _row_lows(layout: Layout, shifts: Shifts, floors: Sequence[Floor]) -> Array:
    """Give the lower bounds of all rows when nothing is chosen."""
    rows, chain, days = layout.rows, layout.chain, float(layout.periods.days)
    low = np.zeros(rows.size)
    for item, bloc in rows.keys["balance"]:
        mine = rows.of("balance", (item, bloc))
        low[mine[0]] -= shifts.held[item, bloc]
        low[mine] -= shifts.released[item, bloc]
        low[mine[0]] -= shifts.finished[item, bloc]
        lag = int(layout.lags[item])  # what was begun before comes out first
        low[mine[:lag]] -= days * chain.base[item, bloc] * shifts.pipeline[item, bloc, :lag]
    for item, bloc in rows.keys["own"]:
        lag = int(layout.lags[item])
        begun = chain.base[item, bloc] * shifts.pipeline[item, bloc, :lag]
        low[rows.of("own", (item, bloc))[:lag]] -= begun
        low[rows.of("own", (item, bloc))[0]] -= shifts.finished[item, bloc] / days
    for number in range(len(chain.demand)):
        node = int(chain.market_item[number]), int(chain.market_bloc[number])
        low[rows.of("balance", node)] += chain.demand[number] * shifts.demand[number] * days
    uses = layout.uses
    for (number,) in rows.keys["need"]:
        part = unneeded(layout, shifts, number)
        made = shifts.capacity[uses.user[number], uses.bloc[number]]
        binds = layout.periods.starts < uses.substitute_days[number]
        low[rows.of("need", (number,))] = np.where(binds, -part * made, 0.0)
    least: dict[str, float] = {}
    for floor in floors:
        least[floor.item] = max(floor.least, least.get(floor.item, 0.0))
    for (number,) in rows.keys["floor"]:
        spared = 1 - least.get(chain.market_label[number], 0.0)
        low[rows.of("floor", (number,))] = -spared * chain.demand[number] * shifts.demand[number]
    return low
