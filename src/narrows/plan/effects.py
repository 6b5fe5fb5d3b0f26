"""What one step of an option does to the bounds of a branch once it works in full."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.plan.layout import Layout
from narrows.plan.measures import (
    Capacity,
    HeadroomContract,
    Option,
    Qualification,
    Recycling,
    Stockpile,
    Substitution,
)
from narrows.plan.shifts import Shifts

__all__ = ["Effect", "full_effect", "unneeded"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]


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

    def __init__(self, layout: Layout, shifts: Shifts) -> None:
        self.layout, self.shifts = layout, shifts
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
            part = unneeded(self.layout, self.shifts, int(number))
            if part.any():
                self.low("need", (int(number),), -part * shift)

    def effect(self) -> Effect:
        rows, shifts = _joined(self.rows)
        columns, highs = _joined(self.columns)
        count = self.layout.periods.count
        return Effect(rows, shifts, columns, highs, rows % count, columns % count)


def unneeded(layout: Layout, shifts: Shifts, use: int) -> Array:
    """Give what of an input a unit of capacity goes without, (periods,).

    That is what output goes on without, and what a scenario saves of the recipe; the saving counts
    in full even where less is made.
    """
    uses = layout.uses
    recipe, stops = float(uses.recipe[use]), float(uses.stops[use])
    key = int(uses.input[use]), int(uses.user[use]), int(uses.bloc[use])
    saved = shifts.saved.get(key, np.zeros(layout.periods.count))
    return np.asarray(recipe / stops * (1 - stops) + recipe * saved, dtype=np.float64)


def _joined(parts: list[tuple[Numbers, Array]]) -> tuple[Numbers, Array]:
    if not parts:
        return np.array([], dtype=np.int64), np.array([])
    where = np.concatenate([each for each, _ in parts])
    return where, np.concatenate([each for _, each in parts])


def full_effect(option: Option, place: str, layout: Layout, shifts: Shifts) -> Effect:
    """Give what one step of an option does in a scenario once it works in full."""
    moves = _Moves(layout, shifts)
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
    days = float(shifts.units.headroom_days[shifts.chain.net.unit_slices[item]].max(initial=0.0))
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
        more = float(shifts.units.headroom[unit]) - 1.0
        if name not in members or more <= 0:
            continue
        days = float(shifts.units.headroom_days[unit])
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
