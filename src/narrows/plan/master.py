"""The first stage: what may be started together, by whom it is paid, what must hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from narrows.network import Network
from narrows.plan.budget import Budget
from narrows.plan.conditions import Floor
from narrows.plan.kernels.two_stage import Choice
from narrows.plan.measures import Capacity
from narrows.plan.outcomes import Leaf
from narrows.plan.schedule import Decision, paid_by

__all__ = ["BILLION", "Master", "costs_of", "master_of"]

Array = NDArray[np.float64]
BILLION = 1e9
_SLACK_COST = 1e4  # billions of US dollars for a floor that misses all of the world's output
_TINY_COST = 1e-7  # so that nothing useless is started where cost does not count


@dataclass(frozen=True)
class Master:
    """The first stage, with what its rows and columns mean.

    Attributes
    ----------
    choice
        Conditions and cost. Columns: decisions, payments, slack of floors.
    decisions
        The first columns.
    costs
        Cost of a step of each decision in each leaf and year, billions of US dollars,
        (decisions, leaves, years).
    payments
        Leaf, payer, year of each payment, from column `first_payment` on.
    slack
        Floor, leaf, year of each slack, from column `first_slack` on.
    """

    choice: Choice
    decisions: tuple[Decision, ...]
    costs: Array
    payments: tuple[tuple[int, str, int], ...]
    slack: tuple[tuple[Floor, int, int], ...]

    @property
    def first_payment(self) -> int:
        """Column of the first payment."""
        return len(self.decisions)

    @property
    def first_slack(self) -> int:
        """Column of the first slack of a floor."""
        return len(self.decisions) + len(self.payments)

    def cost_in(self, leaf: int, cost_weight: float = 1.0) -> Array:
        """Give the cost of each column of `choice` once an outcome of research is known."""
        spent = self.costs[:, leaf].sum(axis=1)
        first = cost_weight * spent + _TINY_COST * (1 + spent)
        return np.concatenate([first, self.choice.cost[len(self.decisions) :]])


def costs_of(decisions: Sequence[Decision], leaves: Sequence[Leaf], years: Sequence[int]) -> Array:
    """Give what a step costs in each leaf and year, billions, (decisions, leaves, years)."""
    out = np.zeros((len(decisions), len(leaves), len(years)))
    for number, decision in enumerate(decisions):
        for leaf in decision.leaves:
            out[number, leaf] = decision.costs(years, leaves[leaf]) / BILLION
    return out


class _Rows:
    """Gathers rows of a programme."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: list[tuple[Sequence[int], Sequence[float]]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, columns: Sequence[int], values: Sequence[float], low: float, high: float) -> None:
        if len(columns):
            self.rows.append((columns, values))
            self.low.append(low)
            self.high.append(high)

    def matrix(self) -> sparse.csr_array:
        starts = np.cumsum([0, *(len(columns) for columns, _ in self.rows)])
        none: list[int] = []
        columns = np.concatenate([none, *(each for each, _ in self.rows)]).astype(np.int64)
        values = np.concatenate([none, *(each for _, each in self.rows)]).astype(np.float64)
        return sparse.csr_array((values, columns, starts), shape=(len(self.rows), self.width))


def master_of(
    net: Network,
    decisions: tuple[Decision, ...],
    leaves: Sequence[Leaf],
    years: Sequence[int],
    *,
    budget: Budget,
    floors: Sequence[Floor] = (),
    fixed: Mapping[tuple[str, str, int], float] | None = None,
    before: int | None = None,
    cost_weight: float = 1.0,
) -> Master:
    """Write the first stage.

    Parameters
    ----------
    fixed
        Steps already started, by option, place and year.
    before
        Before this year nothing but those is started; by default up to the last of their years.
    cost_weight
        Weight of cost in the objective; 1 adds it to loss, 0 leaves only the budget to bind.
    """
    costs = costs_of(decisions, leaves, years)
    groups = paid_by(decisions) if budget.is_split else {}
    payments = tuple(
        (leaf, payer, year)
        for payers in groups
        for leaf in range(len(leaves))
        for year in range(len(years))
        for payer in payers
    )
    kept = [floor for floor in floors if floor.kind == "capacity"]
    slack = tuple(
        (floor, leaf, year)
        for floor in kept
        for leaf in range(len(leaves))
        for year in years
        if year >= (floor.from_year or years[0])
    )
    count = len(decisions)
    rows = _Rows(count + len(payments) + len(slack))
    _steps(rows, decisions)
    _money(rows, costs, leaves, years, budget)
    _payments(rows, groups, costs, payments, years, budget)
    for number, (floor, leaf, year) in enumerate(slack):
        _floor(rows, net, decisions, floor, leaf, year, count + len(payments) + number)
    probability = np.array([leaf.probability for leaf in leaves])
    expected = costs.sum(axis=2) @ probability
    cost = np.concatenate(
        [
            cost_weight * expected + _TINY_COST * (1 + expected),
            np.zeros(len(payments)),
            np.full(len(slack), _SLACK_COST),
        ]
    )
    low, high = np.zeros(rows.width), np.full(rows.width, np.inf)
    high[:count] = [decision.option.steps for decision in decisions]
    if fixed or before is not None:
        _fix(decisions, fixed or {}, before, low, high)
    choice = Choice(
        cost=cost,
        matrix=rows.matrix(),
        row_low=np.array(rows.low, dtype=np.float64),
        row_high=np.array(rows.high, dtype=np.float64),
        low=low,
        high=high,
        whole=np.arange(count),
    )
    return Master(choice, decisions, costs, payments, slack)


def _steps(rows: _Rows, decisions: Sequence[Decision]) -> None:
    """Take no more steps at a place than there are, and none that no centre has opened."""
    centres = {
        each.option.id: number
        for number, each in enumerate(decisions)
        if each.option.kind == "centre"
    }
    groups: dict[tuple[str, str, int], list[int]] = {}
    for number, decision in enumerate(decisions):
        for leaf in decision.leaves:
            groups.setdefault((decision.option.id, decision.place, leaf), []).append(number)
    done = set()
    for mine in groups.values():
        option = decisions[mine[0]].option
        if tuple(mine) in done:
            continue
        done.add(tuple(mine))
        if option.opened_by:
            if option.opened_by not in centres:
                rows.add(mine, [1.0] * len(mine), 0.0, 0.0)
                continue
            centre = centres[option.opened_by]
            rows.add([*mine, centre], [*[1.0] * len(mine), -float(option.steps)], -np.inf, 0.0)
        elif len(mine) > 1:
            rows.add(mine, [1.0] * len(mine), -np.inf, float(option.steps))


def _money(
    rows: _Rows, costs: Array, leaves: Sequence[Leaf], years: Sequence[int], budget: Budget
) -> None:
    for leaf in range(len(leaves)):
        if budget.total is not None:
            whole = costs[:, leaf].sum(axis=1)
            mine = np.flatnonzero(whole)
            rows.add(mine.tolist(), whole[mine].tolist(), -np.inf, budget.total / BILLION)
        for year, limit in budget.by_year.items():
            if year in years:
                part = costs[:, leaf, list(years).index(year)]
                mine = np.flatnonzero(part)
                rows.add(mine.tolist(), part[mine].tolist(), -np.inf, limit / BILLION)


def _payments(
    rows: _Rows,
    groups: Mapping[tuple[str, ...], list[int]],
    costs: Array,
    payments: Sequence[tuple[int, str, int]],
    years: Sequence[int],
    budget: Budget,
) -> None:
    """Pay for everything, each payer within the own limits."""
    first, at = len(costs), len(costs)
    by_payer: dict[tuple[str, int], list[int]] = {}
    by_year: dict[tuple[str, int, int], list[int]] = {}
    for payers, mine in groups.items():
        for leaf in range(costs.shape[1]):
            for year in range(costs.shape[2]):
                paid = list(range(at, at + len(payers)))
                at += len(payers)
                spent = costs[mine, leaf, year]
                columns = [*paid, *np.array(mine)[spent != 0].tolist()]
                rows.add(columns, [*[1.0] * len(paid), *(-spent[spent != 0]).tolist()], 0.0, 0.0)
    for number, (leaf, payer, year) in enumerate(payments):
        by_payer.setdefault((payer, leaf), []).append(first + number)
        by_year.setdefault((payer, years[year], leaf), []).append(first + number)
    for (payer, _), columns in by_payer.items():
        limit = budget.by_payer.get(payer)
        if limit is not None:
            rows.add(columns, [1.0] * len(columns), -np.inf, limit / BILLION)
    for (payer, when, _), columns in by_year.items():
        limit = budget.by_payer_year.get((payer, when))
        if limit is not None:
            rows.add(columns, [1.0] * len(columns), -np.inf, limit / BILLION)


def _floor(
    rows: _Rows,
    net: Network,
    decisions: Sequence[Decision],
    floor: Floor,
    leaf: int,
    year: int,
    slack: int,
) -> None:
    """Have enough capacity at the places named by the end of a year."""
    item = net.number(floor.item)
    places = {name for each in floor.places for name in (each, *net.groups.get(each, ()))}
    units = np.arange(len(net.units.item))[net.unit_slices[item]]
    there = units[np.isin(net.units.place[units], sorted(places))]
    have = float(net.units.output[there].sum() / net.units.output[units].sum())
    columns, values = [slack], [1.0]
    for number, decision in enumerate(decisions):
        option = decision.option
        if not isinstance(option, Capacity) or option.item != floor.item:
            continue
        ready = float(decision.ready(np.array([year + 1.0]))[0])
        if decision.place in places and leaf in decision.leaves and ready > 0:
            columns.append(number)
            values.append(option.figure("size").best * ready)
    rows.add(columns, values, floor.least - have, np.inf)


def _fix(
    decisions: Sequence[Decision],
    fixed: Mapping[tuple[str, str, int], float],
    before: int | None,
    low: Array,
    high: Array,
) -> None:
    first = max(year for _, _, year in fixed) + 1 if before is None else before
    for number, decision in enumerate(decisions):
        steps = fixed.get((decision.option.id, decision.place, decision.year), 0.0)
        if steps or decision.year < first:
            low[number] = high[number] = steps
