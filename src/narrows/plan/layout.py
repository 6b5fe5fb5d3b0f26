"""Rows and columns of the second stage: what flows where in which period.

Columns, a day unless said otherwise: ``make`` an item in a bloc, ``recycle`` it, ``hold`` it (stock
at the end of a period), send it ``out`` to the pool and take it ``in`` (or ``ship`` from bloc to
bloc), ``use`` it where a part of the user's output needs it, ``short`` of what a market wants,
``slack`` below a floor. Rows: ``balance`` of an item in a bloc, ``pool`` of an item, ``own`` (only
what is made is shipped), ``need`` of an input, ``floor`` of an end use.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.plan.chain import Chain, Uses
from narrows.plan.kernels.two_stage import Recourse
from narrows.plan.periods import Periods

__all__ = ["Layout", "Wanted"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
SLACK_COST = 100.0  # times the greatest value of a unit that is short


@dataclass(frozen=True)
class Wanted:
    """What options need in the second stage beside what the chain has.

    Attributes
    ----------
    make, recycle
        (item, bloc) that new capacity or recycling can be at.
    saved
        (input, user) of which use can be saved.
    floors
        Items of end uses with a floor.
    """

    make: frozenset[tuple[int, int]] = frozenset()
    recycle: frozenset[tuple[int, int]] = frozenset()
    saved: frozenset[tuple[int, int]] = frozenset()
    floors: tuple[int, ...] = ()


class _Places:
    """Numbers of rows or columns: kinds with keys, one entry a period each."""

    def __init__(self, periods: int) -> None:
        self.periods, self.size = periods, 0
        self.first: dict[str, int] = {}
        self.keys: dict[str, list[tuple[int, ...]]] = {}
        self._at: dict[str, dict[tuple[int, ...], int]] = {}

    def add(self, kind: str, keys: Sequence[tuple[int, ...]]) -> None:
        self.first[kind] = self.size
        self.keys[kind] = list(keys)
        self._at[kind] = {key: number for number, key in enumerate(keys)}
        self.size += len(keys) * self.periods

    def has(self, kind: str, key: tuple[int, ...]) -> bool:
        return key in self._at.get(kind, {})

    def of(self, kind: str, key: tuple[int, ...]) -> Numbers:
        """Give the numbers of a key in all periods."""
        start = self.first[kind] + self._at[kind][key] * self.periods
        return np.arange(start, start + self.periods)

    def all(self, kind: str) -> Numbers:
        start = self.first[kind]
        return np.arange(start, start + len(self.keys[kind]) * self.periods)


class Layout:
    """The second stage of a chain: the same rows and columns in every branch.

    Attributes
    ----------
    chain, periods
        What it is of.
    lags
        Periods from the start of goods to their end, (items,).
    uses
        Recipe entries, with those of makers that do not exist yet.
    columns, rows
        Where everything is.
    recourse
        Matrix and cost.
    """

    def __init__(self, chain: Chain, periods: Periods, wanted: Wanted) -> None:
        self.chain, self.periods, self.wanted = chain, periods, wanted
        self.uses = _with_new(chain, wanted)
        self.needed = _needed(chain, self.uses)
        lags = np.round(chain.process_days / periods.days).astype(np.int64)
        self.lags = np.minimum(lags, periods.count)
        self.explicit = (self.uses.stops < 1) | np.array(
            [
                (i, u) in wanted.saved
                for i, u in zip(self.uses.input.tolist(), self.uses.user.tolist(), strict=True)
            ],
            dtype=np.bool_,
        )
        self._edges = [
            number for number in range(len(self.uses.input)) if self.needed[self.uses.user[number]]
        ]
        self.columns, self.rows = _Places(periods.count), _Places(periods.count)
        self._add_columns()
        self._add_rows()
        self._entries: list[tuple[Numbers, Numbers, Array]] = []
        self._fill()
        self.recourse = self._recourse()
        self.no_limit = np.full(self.rows.size, np.inf)  # one array for all branches

    def _add_columns(self) -> None:
        chain, wanted = self.chain, self.wanted
        count = chain.blocs.count
        made = {(int(i), int(b)) for i, b in np.argwhere(chain.base > 0)} | wanted.make
        make = sorted(key for key in made if self.needed[key[0]])
        held = chain.net.needs.item[chain.stocks.need].tolist(), chain.stocks.bloc.tolist()
        stocked = set(zip(*held, strict=True))
        users = {(int(self.uses.input[n]), int(self.uses.bloc[n])) for n in self._edges}
        markets = set(zip(chain.market_item.tolist(), chain.market_bloc.tolist(), strict=True))
        self.nodes: list[tuple[int, ...]] = sorted(set(make) | users | markets | wanted.recycle)
        self.columns.add("make", make)
        self.columns.add("recycle", sorted(wanted.recycle))
        self.columns.add("hold", sorted((stocked | users | markets) & set(self.nodes)))
        traded = [key for key in self.nodes if count > 1 and not chain.local[key[0]]]
        if chain.blocs.pairs:
            ways = [
                (item, one, other)
                for item, one in traded
                if (item, one) in set(make)
                for other in range(count)
                if other != one and (item, other) in set(self.nodes)
            ]
            self.columns.add("ship", ways)
        else:
            self.columns.add("out", [key for key in traded if key in set(make)])
            self.columns.add("in", traded)
        edges = [number for number in self._edges if self.explicit[number]]
        self.columns.add("use", [(number,) for number in edges])
        self.columns.add("short", [(number,) for number in range(len(chain.demand))])
        floors = [
            number
            for number, item in enumerate(chain.market_item.tolist())
            if item in wanted.floors
        ]
        self.columns.add("slack", [(number,) for number in floors])

    def _add_rows(self) -> None:
        self.rows.add("balance", self.nodes)
        traded = self.columns.keys.get("in", [])
        self.rows.add("pool", sorted({(item,) for item, _ in traded}))
        shipped = {(item, one) for item, one, _ in self.columns.keys.get("ship", [])}
        self.rows.add("own", sorted(shipped))
        self.rows.add("need", self.columns.keys["use"])
        self.rows.add("floor", self.columns.keys["slack"])

    def _put(self, rows: Numbers, columns: Numbers, value: float | Array) -> None:
        self._entries.append((rows, columns, np.broadcast_to(value, rows.shape).astype(np.float64)))

    def _fill(self) -> None:
        days = float(self.periods.days)
        for item, bloc in self.columns.keys["make"]:
            lag = int(self.lags[item])
            rows, made = (
                self.rows.of("balance", (item, bloc)),
                self.columns.of("make", (item, bloc)),
            )
            self._put(rows[lag:], made[: len(made) - lag], days)
        for kind, sign in (("recycle", 1), ("out", -1), ("in", 1)):
            for key in self.columns.keys.get(kind, []):
                columns = self.columns.of(kind, key)
                self._put(self.rows.of("balance", key), columns, sign * days)
                if kind in ("out", "in"):
                    self._put(self.rows.of("pool", key[:1]), columns, -sign)
        for key in self.columns.keys["hold"]:
            rows, held = self.rows.of("balance", key), self.columns.of("hold", key)
            self._put(rows, held, -1.0)
            self._put(rows[1:], held[:-1], 1.0)
        for item, one, other in self.columns.keys.get("ship", []):
            columns = self.columns.of("ship", (item, one, other))
            self._put(self.rows.of("balance", (item, one)), columns, -days)
            self._put(self.rows.of("balance", (item, other)), columns, days)
            self._put(self.rows.of("own", (item, one)), columns, -1.0)
        for key in self.rows.keys["own"]:
            lag, made = int(self.lags[key[0]]), self.columns.of("make", key)
            self._put(self.rows.of("own", key)[lag:], made[: len(made) - lag], 1.0)
        self._fill_uses(days)
        for (number,) in self.columns.keys["short"]:
            chain = self.chain
            node = int(chain.market_item[number]), int(chain.market_bloc[number])
            self._put(self.rows.of("balance", node), self.columns.of("short", (number,)), days)
        for key in self.columns.keys["slack"]:
            rows = self.rows.of("floor", key)
            self._put(rows, self.columns.of("short", key), -1.0)
            self._put(rows, self.columns.of("slack", key), 1.0)

    def _fill_uses(self, days: float) -> None:
        uses = self.uses
        for number in self._edges:
            user = int(uses.user[number]), int(uses.bloc[number])
            if not self.columns.has("make", user):
                continue
            node = int(uses.input[number]), int(uses.bloc[number])
            binds = self.periods.starts < uses.substitute_days[number]
            made, rows = self.columns.of("make", user), self.rows.of("balance", node)
            recipe = float(uses.recipe[number])
            if not self.explicit[number]:
                self._put(rows[binds], made[binds], -recipe * days)
                continue
            used, need = self.columns.of("use", (number,)), self.rows.of("need", (number,))
            self._put(rows, used, -days)
            self._put(need, used, 1.0)
            self._put(need[binds], made[binds], -recipe / float(uses.stops[number]))

    def _recourse(self) -> Recourse:
        rows, columns, values = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        matrix = sparse.csc_array(
            (values, (rows, columns)), shape=(self.rows.size, self.columns.size)
        )
        cost = np.zeros(self.columns.size)
        value = np.repeat(self.chain.value, self.periods.count) * self.periods.days
        cost[self.columns.all("short")] = value
        cost[self.columns.all("slack")] = SLACK_COST * value.max(initial=1.0)
        return Recourse(matrix, cost)


def _needed(chain: Chain, uses: Uses) -> NDArray[np.bool_]:
    """Tell which items some market needs, directly or through others."""
    needed = np.zeros(len(chain.net.items), dtype=np.bool_)
    needed[chain.market_item] = True
    while True:
        more = needed.copy()
        more[uses.input[needed[uses.user]]] = True
        if (more == needed).all():
            return needed
        needed = more


def _with_new(chain: Chain, wanted: Wanted) -> Uses:
    """Add the recipe entries of makers that do not exist yet, at the mean of all blocs."""
    uses = chain.uses
    rows = [uses.input, uses.user, uses.bloc, uses.recipe, uses.stops, uses.substitute_days]
    extra: list[tuple[float, ...]] = []
    for item, bloc in sorted(wanted.make):
        if chain.base[item, bloc] > 0:
            continue
        mine = np.flatnonzero(uses.user == item)
        weight = chain.base[item, uses.bloc[mine]]
        for source in np.unique(uses.input[mine]):
            pick = uses.input[mine] == source
            share = weight[pick] / weight[pick].sum()
            each = mine[pick]
            extra.append(
                (
                    *(source, item, bloc, share @ uses.recipe[each], share @ uses.stops[each]),
                    uses.substitute_days[each].max(),
                )
            )
    if not extra:
        return uses
    whole = [np.concatenate([old, new]) for old, new in zip(rows, np.array(extra).T, strict=True)]
    one, two, three = (each.astype(np.int64) for each in whole[:3])
    return Uses(one, two, three, whole[3], whole[4], whole[5])
