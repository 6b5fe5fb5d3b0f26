"""Build a network from a case."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from narrows.evidence import Case, Shares, Value
from narrows.network.layout import Layout, essential, in_use
from narrows.network.network import Needs, Network, Units
from narrows.network.origin import Origins
from narrows.network.sourcing import Sourcing, home_first, home_only, pooled
from narrows.terms import OTHER, Basis, Criticality, UnknownName

__all__ = ["from_case", "redrawn"]

Array = NDArray[np.float64]
_RULES = ("pooled", "home_first")
_BASES = (str(Basis.LOCATION), str(Basis.HEADQUARTERS))


def from_case(
    case: Case,
    *,
    period: str | int | None = None,
    basis: str = "location",
    sourcing: str = "pooled",
) -> Network:
    """Build the network of a case in normal flow.

    The world's base use of each item is 1 a day, a unit's output is its share, a recipe entry
    is the part of the input that goes to the item.

    Parameters
    ----------
    case
        The case.
    period
        Period; the default one of the case where not given.
    basis
        ``location``: units are where things are made (for place shocks). ``headquarters``:
        units are where makers are seated, wherever such shares exist (for controls).
    sourcing
        ``pooled``: every buyer takes the world's shares. ``home_first``: buyers take from home
        first; those at `Other`, which is no one place, from the pool. Items marked local are
        always bought at home.

    Raises
    ------
    UnknownName
        For another basis or sourcing.
    BadInput
        When the case has no recipe.
    """
    if basis not in _BASES:
        raise UnknownName("basis", basis, _BASES, where="basis")
    if sourcing not in _RULES:
        raise UnknownName("sourcing", sourcing, _RULES, where="sourcing")
    wanted = case.period(period)
    layout = Layout.of(case, period=wanted, basis=basis)
    return _fill(case, layout, wanted, basis, sourcing)


def redrawn(net: Network, case: Case) -> Network:
    """Build the same network again with the values of a draw of its case."""
    layout = net.made_from.layout
    return _fill(case, layout, net.period, net.basis, net.sourcing_rule)


def _fill(case: Case, layout: Layout, period: str, basis: str, rule: str) -> Network:
    sets = [
        None if case.package.items[name].local else in_use(case, name, measure, period)
        for name, measure in zip(layout.items, layout.measures, strict=True)
    ]
    needs = _needs(case, layout)
    output = _output(layout, sets, needs)
    values = _values(case, layout, period)
    weight, unit, weights = _weights(case, layout, period)
    return Network(
        items=layout.items,
        units=Units(
            item=layout.unit_item,
            place=layout.place,
            owner=layout.owner,
            basis=layout.basis,
            output=output,
            headroom=np.maximum(_column(values, "headroom", 1.0), 1.0),
            headroom_days=_column(values, "headroom_days", 0.0),
            process_days=_column(values, "process_days", 0.0),
            stand_in=layout.stand_in,
        ),
        needs=needs,
        sourcing=_sourcing(case, layout, output, needs, rule),
        markets=layout.markets,
        market_names=np.array([f"World/{layout.items[number]}" for number in layout.markets]),
        demand=np.ones(len(layout.markets)),
        weight=weight,
        weight_unit=unit,
        combine=case.info.combine,
        period=period,
        basis=basis,
        sourcing_rule=rule,
        groups=case.package.members,
        origins=Origins(case, layout, sets, values, weights),
    )


def _needs(case: Case, layout: Layout) -> Needs:
    """Take the numbers of each recipe row and give them to every need made from it."""
    rows = layout.edges
    numbers = {
        name: np.array([_or(case.number(row, name), _neutral(row, name)) for row in rows] + [last])
        for name, last in (
            ("allocation", 1.0),
            ("stops_fraction", 1.0),
            ("cover_days", 0.0),
            ("substitute_days", np.inf),
        )
    }
    return Needs(
        item=layout.need_item,
        buyer=layout.buyer,
        recipe=_whole(layout, numbers["allocation"])[layout.need_edge],
        stops_fraction=numbers["stops_fraction"][layout.need_edge],
        essential=np.array([essential(row) for row in rows] + [True])[layout.need_edge],
        cover=numbers["cover_days"][layout.need_edge],
        substitute_days=numbers["substitute_days"][layout.need_edge],
    )


def _whole(layout: Layout, allocation: Array) -> Array:
    """Divide the allocations of each input by their sum: what rounding or a draw left over."""
    inputs = [row.input for row in layout.edges]
    total = dict.fromkeys(inputs, 0.0)
    for name, part in zip(inputs, allocation[:-1].tolist(), strict=True):
        total[name] += part
    sums = np.array([total[name] for name in inputs] + [1.0])
    return np.where(sums > 0, allocation / np.where(sums > 0, sums, 1.0), allocation)


def _neutral(row: object, name: str) -> float:
    """Give the value of a number that a recipe row leaves empty."""
    if name == "stops_fraction":
        return 1.0
    minor = getattr(row, "criticality", "") == Criticality.MINOR
    return np.inf if name == "substitute_days" and not minor else 0.0


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _output(layout: Layout, sets: list[Shares | None], needs: Needs) -> Array:
    """Give base output: the shares of each item; for local items what the buyers use."""
    output = np.ones(layout.size)
    for number, shares in enumerate(sets):
        if shares is not None:
            output[layout.unit_item == number] = shares.fractions
    base = np.concatenate([output, np.ones(len(layout.markets))])
    for number in reversed(range(len(layout.items))):
        mine = np.flatnonzero(layout.need_item == number)
        if not mine.size or layout.home_unit[mine[0]] < 0:
            continue
        units = np.flatnonzero(layout.unit_item == number)
        use = needs.recipe[mine] * base[layout.buyer[mine]]
        base[units] = np.bincount(
            layout.home_unit[mine] - units[0], weights=use, minlength=len(units)
        )
    return base[: layout.size]


def _values(case: Case, layout: Layout, period: str) -> dict[str, tuple[Value | None, ...]]:
    """Find headroom and times of each unit: of its place where given, else of the world."""
    out: dict[str, tuple[Value | None, ...]] = {}
    for measure in ("headroom", "headroom_days", "process_days"):
        world = [case.value(name, measure, period=period) for name in layout.items]
        found = []
        for item, place in zip(layout.unit_item.tolist(), layout.place.tolist(), strict=True):
            name = layout.items[item]
            own = place in case.package.located.get((name, measure), ())
            found.append(case.value(name, measure, place, period=period) if own else world[item])
        out[measure] = tuple(found)
    return out


def _column(values: Mapping[str, tuple[Value | None, ...]], measure: str, neutral: float) -> Array:
    return np.array([neutral if each is None else each.best for each in values[measure]])


def _weights(
    case: Case, layout: Layout, period: str
) -> tuple[Array, str, tuple[Value | None, ...]]:
    """Give the value of each market, its unit, and the figures; equal ones where one is missing."""
    measure = case.info.weights.get("measure", "")
    names = [layout.items[number] for number in layout.markets]
    found = [case.value(name, measure, period=period) for name in names] if measure else []
    if not found or any(each is None for each in found):
        return np.ones(len(names)), "equal weights", (None,) * len(names)
    unit = found[0].unit if found[0] else ""
    return np.array([each.best for each in found if each]), unit, tuple(found)


def _sourcing(
    case: Case, layout: Layout, output: Array, needs: Needs, rule: str
) -> tuple[Sourcing, ...]:
    base = np.concatenate([output, np.ones(len(layout.markets))])
    use = needs.recipe * base[needs.buyer]
    names, places = np.unique(layout.place, return_inverse=True)
    world = len(names)
    homes = np.where(names == OTHER, world, np.arange(world))[places]  # Other is no one place
    buyer_places = np.concatenate([homes, np.full(len(layout.markets), world)])[needs.buyer]
    out = []
    for number, name in enumerate(layout.items):
        units = np.flatnonzero(layout.unit_item == number)
        mine = np.flatnonzero(layout.need_item == number)
        if case.package.items[name].local:
            at_home = layout.home_unit[mine] - units[0]
            out.append(home_only(np.arange(len(units)), at_home))
        elif rule == "home_first":
            out.append(home_first(output[units], use[mine], places[units], buyer_places[mine]))
        else:
            out.append(pooled(output[units]))
    return tuple(out)
