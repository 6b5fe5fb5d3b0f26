"""A scenario as a branch of the programme: bounds, and how each decision moves them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.plan.kernels.two_stage import Branch
from narrows.plan.layout import Layout
from narrows.plan.options import (
    Capacity,
    Floor,
    HeadroomContract,
    Option,
    Qualification,
    Recycling,
    Stockpile,
    Substitution,
)
from narrows.plan.schedule import Decision
from narrows.plan.shifts import Shifts

__all__ = ["Effect", "branch_of", "full_effect"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
_YEAR = 365.0


@dataclass(frozen=True)
class Effect:
    """How one step of an option that works in full moves the bounds of a branch.

    Attributes
    ----------
    rows, row_shift
        Rows moved, and by how much.
    columns, high_shift
        Columns whose upper bound is moved, and by how much.
    row_period, column_period
        The period of each.
    """

    rows: Numbers
    row_shift: Array
    columns: Numbers
    high_shift: Array
    row_period: Numbers
    column_period: Numbers


class _Moves:
    """Gathers the moves of one option."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.rows: list[tuple[Numbers, Array]] = []
        self.columns: list[tuple[Numbers, Array]] = []

    def high(self, kind: str, key: tuple[int, ...], shift: Array) -> None:
        if self.layout.columns.has(kind, key):
            self.columns.append((self.layout.columns.of(kind, key), shift))

    def low(self, kind: str, key: tuple[int, ...], shift: Array) -> None:
        if self.layout.rows.has(kind, key):
            self.rows.append((self.layout.rows.of(kind, key), shift))

    def capacity(self, item: int, bloc: int, shift: Array) -> None:
        """Raise what can be made, and the part of it that goes without each input."""
        self.high("make", (item, bloc), shift)
        uses = self.layout.uses
        for number in np.flatnonzero((uses.user == item) & (uses.bloc == bloc)):
            stops = float(uses.stops[number])
            if stops < 1:
                part = uses.recipe[number] / stops * (1 - stops)
                self.low("need", (int(number),), -part * shift)

    def effect(self) -> Effect:
        rows, shifts = _joined(self.rows)
        columns, highs = _joined(self.columns)
        count = self.layout.periods.count
        return Effect(rows, shifts, columns, highs, rows % count, columns % count)


def _joined(parts: list[tuple[Numbers, Array]]) -> tuple[Numbers, Array]:
    if not parts:
        return np.array([], dtype=np.int64), np.array([])
    where = np.concatenate([each for each, _ in parts])
    return where, np.concatenate([each for _, each in parts])


def full_effect(option: Option, place: str, layout: Layout, shifts: Shifts) -> Effect:
    """Give what one step of an option does in a scenario once it works in full."""
    moves = _Moves(layout)
    if option.item:
        item = layout.chain.net.number(option.item)
        _KINDS[type(option)](option, place, item, moves, shifts)
    return moves.effect()


def _capacity(option: Any, place: str, item: int, moves: _Moves, shifts: Shifts) -> None:  # noqa: ANN401 - a Capacity
    kept = shifts.kept(place, item) * option.size.best
    for bloc, share in enumerate(shifts.chain.at(place)):
        if share > 0:
            moves.capacity(item, bloc, share * kept)


def _recycling(option: Any, place: str, item: int, moves: _Moves, shifts: Shifts) -> None:  # noqa: ANN401 - a Recycling
    kept = shifts.kept(place, item) * option.size.best
    for bloc, share in enumerate(shifts.chain.at(place)):
        if share > 0:
            moves.high("recycle", (item, bloc), share * kept)


def _stockpile(option: Any, place: str, item: int, moves: _Moves, shifts: Shifts) -> None:  # noqa: ANN401 - a Stockpile
    first = np.zeros(moves.layout.periods.count)
    first[0] = option.days.best
    for bloc, use in enumerate(shifts.chain.use_at(place, item)):
        moves.low("balance", (item, bloc), -use * first)


def _headroom(option: Any, place: str, item: int, moves: _Moves, shifts: Shifts) -> None:  # noqa: ANN401 - a HeadroomContract
    net = shifts.chain.net
    days = float(net.units.headroom_days[net.unit_slices[item]].max(initial=0.0))
    more = shifts.ready(item, days) * shifts.kept(place, item) * option.size.best
    base = shifts.chain.made_at(place, item)
    for bloc in np.flatnonzero(base):
        moves.capacity(item, int(bloc), base[bloc] * more)


def _substitution(option: Any, place: str, item: int, moves: _Moves, shifts: Shifts) -> None:  # noqa: ANN401 - a Substitution
    chain, uses = shifts.chain, moves.layout.uses
    base = chain.made_at(place, item)
    for number in np.flatnonzero(
        (uses.user == item) & (uses.input == chain.net.number(option.input))
    ):
        saved = option.part.best * uses.recipe[number] * base[int(uses.bloc[number])]
        moves.low("need", (int(number),), np.full(moves.layout.periods.count, -saved))


def _sooner(option: Any, place: str, item: int, moves: _Moves, shifts: Shifts) -> None:  # noqa: ANN401 - a Qualification
    """Let the headroom of units at a place be used some days sooner."""
    net, chain = shifts.chain.net, shifts.chain
    members = chain.members(place)
    saved = option.saves_days.best
    for unit in range(len(net.units.item))[net.unit_slices[item]]:
        name = str(net.units.place[unit])
        more = float(net.units.headroom[unit]) - 1.0
        if name not in members or more <= 0:
            continue
        days = float(net.units.headroom_days[unit])
        gain = shifts.ready(item, days, saved) - shifts.ready(item, days)
        kept = shifts.kept(name, item) * float(net.units.output[unit]) * more
        moves.capacity(item, int(chain.blocs.of_unit[unit]), gain * kept)


_KINDS: dict[type[Option], Callable[[Any, str, int, _Moves, Shifts], None]] = {
    Capacity: _capacity,
    Recycling: _recycling,
    Stockpile: _stockpile,
    HeadroomContract: _headroom,
    Qualification: _sooner,
    Substitution: _substitution,
}


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
        low[mine[0]] -= chain.stock[item, bloc] * shifts.stock[item, bloc]
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
        stops = float(uses.stops[number])
        part = float(uses.recipe[number]) / stops * (1 - stops)
        made = shifts.capacity[uses.user[number], uses.bloc[number]]
        binds = layout.periods.starts < uses.substitute_days[number]
        low[rows.of("need", (number,))] = np.where(binds, -part * made, 0.0)
    least = {floor.item: floor.least for floor in floors}
    for (number,) in rows.keys["floor"]:
        part = least[chain.market_label[number]]
        low[rows.of("floor", (number,))] = (
            -(1 - part) * chain.demand[number] * shifts.demand[number]
        )
    return low
