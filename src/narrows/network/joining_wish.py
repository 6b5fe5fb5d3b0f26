"""What the evidence asks of a join: who makes and buys how much, what stops without it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.evidence import Case
from narrows.network.joining_chain import Maker, Path, Places, end_uses_of, makers_of
from narrows.network.joining_settings import Joins, Setting, TableJoin
from narrows.network.network import Network
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["MONEY", "Buyers", "Wish", "wish_of"]

Array = NDArray[np.float64]
MONEY = {"USD": 1.0, "thousand USD": 1e3, "million USD": 1e6, "billion USD": 1e9}
"""Units of money, in USD."""


@dataclass(frozen=True, eq=False)
class Buyers:
    """Who buys the items.

    Attributes
    ----------
    units, sectors
        Numbers of the units of the table, and the sector of each, shape (B,).
    use
        What they buy, money of the table a year, shape (K, B).
    stops, cover, substitute_days
        By item and buyer, shape (K, B).
    """

    units: NDArray[np.int64]
    sectors: tuple[str, ...]
    use: Array
    stops: Array
    cover: Array
    substitute_days: Array


@dataclass(frozen=True, eq=False)
class Wish:
    """What is wanted, before it is made to fit; money of the table a year.

    Attributes
    ----------
    join, parent
        Kind of table, and the sector the items lie in.
    items, value
        Items, and their value in the world, shape (K,).
    makers
        Who makes each item.
    regions, supply
        Regions that have the parent sector, and what they make, shape (K, R).
    buyers
        Who buys.
    work
        Days of work between the item and its end uses, shape (K,).
    value_added, most
        As parts of 1.
    assumptions
        Every setting that was used.
    """

    join: TableJoin
    parent: str
    items: tuple[str, ...]
    value: Array
    makers: tuple[tuple[Maker, ...], ...]
    regions: tuple[str, ...]
    supply: Array
    buyers: Buyers
    work: Array
    value_added: float
    most: float
    assumptions: pd.DataFrame


class _Used:
    """Gives settings at the chosen ends of their ranges and notes each."""

    def __init__(self, ends: Mapping[str, str]) -> None:
        self.ends = ends
        self.rows: dict[str, tuple[float, float, float, float, str]] = {}

    def __call__(self, name: str, kind: str, setting: Setting) -> float:
        value = setting.at(self.ends[kind])
        self.rows[name] = (setting.low, setting.best, setting.high, value, setting.why)
        return value

    def frame(self) -> pd.DataFrame:
        columns = ["low", "best", "high", "used", "why"]
        found = pd.DataFrame.from_dict(self.rows, orient="index", columns=columns)
        return found.rename_axis("name").reset_index()


def wish_of(
    chain: Network,
    table: Network,
    settings: Joins,
    *,
    ends: Mapping[str, str],
    sales: float | None,
    flows: Array,
) -> Wish:
    """Give what the evidence asks for.

    Parameters
    ----------
    chain, table
        The networks.
    settings
        Where the items sit.
    ends
        End of the range by kind of setting.
    sales
        Sales in the year of the table, or None.
    flows
        Flows of the table a year, from all units to all units.

    Raises
    ------
    BadInput
        When no kind of table fits or a figure is missing.
    UnknownName
        For an item, end use or place that nothing carries.
    """
    used = _Used(ends)
    join = settings.table(table.items)
    parent = next(name for name in join.parents if name in table.items)
    mine = table.unit_slices[table.items.index(parent)]
    weights = dict(zip(table.units.place[mine].tolist(), flows[mine].sum(axis=1), strict=True))
    weights = {place: float(size) for place, size in weights.items()}
    rest = next((name for name in settings.rest_of_world if name in weights), None)
    places = Places(weights, chain.groups, rest)
    value = _values(chain, table, settings, used, sales)
    makers = tuple(tuple(makers_of(chain, item, places)) for item in settings.items)
    regions = tuple(weights)
    supply = np.zeros((len(makers), len(regions)))
    for row, each in enumerate(makers):
        for maker in each:
            supply[row, regions.index(maker.region)] += value[row] * maker.part
    paths = [end_uses_of(chain, item, settings.items) for item in settings.items]
    _check_end_uses(chain, join, settings)
    bought = flows[mine].sum(axis=0)
    return Wish(
        join=join,
        parent=parent,
        items=settings.items,
        value=value,
        makers=makers,
        regions=regions,
        supply=supply,
        buyers=_buyers(table, join, paths, value, bought, used),
        work=np.array([_mean(each, "process_days") for each in paths]),
        value_added=used("value_added", "value_added", settings.value_added) / 100,
        most=used("most", "most", settings.most) / 100,
        assumptions=used.frame(),
    )


def _values(
    chain: Network, table: Network, settings: Joins, used: _Used, sales: float | None
) -> Array:
    """Give the value of each item in the money of the table a year."""
    found = _sales(chain.made_from.case, table.period, settings, sales)
    total = used(f"sales {table.period or 'of the year'}".strip(), "sales", found)
    words = settings.sales_unit.split()
    if sorted(words) not in [sorted(each.split()) for each in MONEY]:
        expected = f"one of {', '.join(MONEY)}"
        raise BadInput(Fault(settings.file, None, "sales.unit", settings.sales_unit, expected))
    size = next(MONEY[each] for each in MONEY if sorted(each.split()) == sorted(words))
    unit = table.report.unit if table.report else "USD"
    parts = _parts(chain.period, settings)
    best = sum(part.best for part in parts)
    chosen = [
        used(f"part of sales: {item}", "parts", part)
        for item, part in zip(settings.items, parts, strict=True)
    ]
    share = np.array(chosen) / sum(chosen) * best / 100
    return np.asarray(total * size / MONEY[unit] * share)


def _sales(case: Case, year: str, settings: Joins, sales: float | None) -> Setting:
    if sales is not None:
        if not sales > 0:
            raise BadInput(Fault("joined", None, "sales", f"{sales!r}", "a number above 0"))
        return Setting(sales, sales, sales, "given by the caller")
    if year in settings.sales:
        return settings.sales[year]
    known = case.value(settings.subject, settings.measure, period=year) if year else None
    if known is None or known.filled:
        found = f"no sales for {year}" if year else "a table without a year"
        expected = f"`sales=` in {settings.sales_unit} a year"
        raise BadInput(Fault(settings.file, None, "sales", found, expected))
    return Setting(known.low, known.best, known.high, f"{known.id}, source {known.source_id}")


def _parts(period: str, settings: Joins) -> list[Setting]:
    """Give the parts of sales of the nearest period."""
    known = list(settings.parts)
    years = [each for each in known if each.isdigit()]
    nearest = period
    if period not in settings.parts:
        if not (period.isdigit() and years):
            raise UnknownName("period", period, known, where=settings.file)
        nearest = min(years, key=lambda each: abs(int(each) - int(period)))
    missing = [item for item in settings.items if item not in settings.parts[nearest]]
    if missing:
        found = f"no part of {', '.join(missing)}"
        raise BadInput(Fault(settings.file, None, f"parts.{nearest}", found, "one for each item"))
    return [settings.parts[nearest][item] for item in settings.items]


def _check_end_uses(chain: Network, join: TableJoin, settings: Joins) -> None:
    known = [chain.items[number] for number in chain.markets]
    for use in join.uses:
        if use.end_use not in known:
            raise UnknownName("end use", use.end_use, known, where=settings.file)


def _mean(paths: Mapping[str, Path], what: str) -> float:
    weight = sum(path.allocation for path in paths.values())
    total = sum(path.allocation * float(getattr(path, what)) for path in paths.values())
    return total / weight if weight > 0 else 0.0


def _buyers(
    table: Network,
    join: TableJoin,
    paths: list[dict[str, Path]],
    value: Array,
    bought: Array,
    used: _Used,
) -> Buyers:
    """Give who buys how much of each item, and what stops without it.

    Within a sector the units buy in proportion to what they buy of the parent.
    """
    sectors = list(dict.fromkeys(_first(use.sectors, table) for use in join.uses))
    shape = (len(paths), len(sectors))
    money, stops = np.zeros(shape), np.zeros(shape)
    days, substitute = np.zeros(shape), np.zeros(shape)
    total: dict[str, float] = {}
    rows = []
    for use in join.uses:
        sector = _first(use.sectors, table)
        part = used(f"bought: {use.end_use} by {sector}", "bought", use.bought)
        made = used(f"output: {use.end_use} in {sector}", "output", use.output) / 100
        total[use.end_use] = total.get(use.end_use, 0.0) + part
        rows.append((use.end_use, sectors.index(sector), part, made))
    for end_use, column, part, made in rows:
        for row, ways in enumerate(paths):
            if (way := ways.get(end_use)) is None:
                continue
            size = value[row] * way.allocation * part / total[end_use]
            money[row, column] += size
            days[row, column] += size * way.cover
            stops[row, column] += made * way.stops
            substitute[row, column] = max(substitute[row, column], way.substitute_days)
    cover = days / np.where(money > 0, money, 1.0)
    units = [table.unit_slices[table.items.index(name)] for name in sectors]
    buyers = np.concatenate([np.arange(each.start, each.stop) for each in units])
    columns = np.repeat(np.arange(len(sectors)), [each.stop - each.start for each in units])
    of_sector = np.bincount(columns, weights=bought[buyers])[columns]
    share = np.where(of_sector > 0, bought[buyers] / np.where(of_sector > 0, of_sector, 1.0), 0.0)
    return Buyers(
        units=buyers,
        sectors=tuple(sectors[column] for column in columns),
        use=money[:, columns] * share,
        stops=np.minimum(stops, 1.0)[:, columns],
        cover=cover[:, columns],
        substitute_days=substitute[:, columns],
    )


def _first(names: tuple[str, ...], table: Network) -> str:
    return next(name for name in names if name in table.items)
