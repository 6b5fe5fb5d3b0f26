"""Add capacity to a network.

New capacity takes its share of world output, so that flows stay balanced: where capacity N is added
to an output of 1, every other unit makes ``1/(1 + N)`` of what it made, and keeps what it can make
at most.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.network import Needs, Network, Sourcing, Units
from narrows.network.sourcing import home_first, home_only, pooled
from narrows.plan.blocs import local_items
from narrows.terms import OTHER, BadInput, Fault

__all__ = ["enlarged"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Key = tuple[str, str, str]


def enlarged(net: Network, sizes: Mapping[Key, float]) -> Network:
    """Give a network with more capacity.

    Parameters
    ----------
    net
        The network.
    sizes
        Capacity to add, as a part of the world's base output, by item, place and owner (empty: the
        place's own unit). A unit that is not there yet is made, with the recipe and the stocks of
        the largest unit of its item; one with an owner needs no inputs.

    Raises
    ------
    BadInput
        When buyers of an item have suppliers of their own (neither pooled nor home first).
    """
    local = local_items(net)
    added = _missing(net, sizes, local)
    wide = _with_units(net, added, local)
    weight, most = wide.units.output.copy(), wide.units.output * wide.units.headroom
    for (item, place, owner), size in sizes.items():
        mine = _there(wide, item, place, owner)[0]
        weight[mine] += size
        most[mine] += size
    output = weight.copy()
    for number in {wide.number(name) for (name, _, _) in sizes}:
        units_of = wide.unit_slices[number]
        output[units_of] *= wide.units.output[units_of].sum() / weight[units_of].sum()
    output = _local_output(wide, output, local)
    room = np.where(output > 0, most / np.where(output > 0, output, 1.0), 1.0)
    made_locally = local[wide.units.item]
    room = np.where(made_locally, np.maximum(wide.units.headroom, 1.0), np.maximum(room, 1.0))
    units = replace(wide.units, output=output, headroom=room)
    return _sourced(replace(wide, units=units), local)


def _there(net: Network, item: str, place: str, owner: str) -> Numbers:
    mine = (net.units.item == net.number(item)) & (net.units.place == place)
    return np.flatnonzero(mine & (net.units.owner == owner))


def _missing(net: Network, sizes: Mapping[Key, float], local: NDArray[np.bool_]) -> list[Key]:
    """Give the units to be made, those of local supply at new places among them."""
    out = [key for key in sizes if not _there(net, *key).size]
    for item, place, owner in list(out):
        bought = set(net.needs.item[_needs_of_item(net, net.number(item))].tolist())
        for number in sorted(bought) if not owner else ():
            key = net.items[number], place, ""
            if local[number] and key not in out and not _there(net, *key).size:
                out.append(key)
    return out


def _needs_of_item(net: Network, item: int) -> Numbers:
    units = np.arange(len(net.units.item))[net.unit_slices[item]]
    return np.flatnonzero(np.isin(net.needs.buyer, units))


def _with_units(net: Network, added: list[Key], local: NDArray[np.bool_]) -> Network:
    """Make new units without output, and give them the needs of the largest of their kind."""
    if not added:
        return net
    size = len(net.units.item)
    like = [_largest(net, net.number(item)) for item, _, _ in added]
    rows = np.concatenate([np.arange(size), like])
    columns: dict[str, Any] = {
        each.name: getattr(net.units, each.name)[rows] for each in fields(Units)
    }
    columns["place"] = np.concatenate([net.units.place, [place for _, place, _ in added]])
    columns["owner"] = np.concatenate([net.units.owner, [owner for _, _, owner in added]])
    columns["output"] = np.concatenate([net.units.output, np.zeros(len(added))])
    columns["stand_in"] = np.concatenate([net.units.stand_in, np.zeros(len(added), dtype=np.bool_)])
    order = np.argsort(columns["item"], kind="stable")
    units = Units(**{name: values[order] for name, values in columns.items()})
    moved = np.empty(len(order), dtype=np.int64)
    moved[order] = np.arange(len(order))
    needs, picked = _needs(net, added, like, moved)
    wide = replace(net, units=units, needs=needs)
    if net.origins is None:
        return wide
    return replace(wide, origins=_origins(net, wide, order, picked, local, rows))


def _largest(net: Network, item: int) -> int:
    mine = np.arange(len(net.units.item))[net.unit_slices[item]]
    return int(mine[np.argmax(net.units.output[mine])])


def _needs(
    net: Network, added: list[Key], like: list[int], moved: Numbers
) -> tuple[Needs, Numbers]:
    """Give all needs with their new buyers, and the need each was copied from."""
    size = len(net.units.item)
    extra, buyers = [], []
    for number, ((_, _, owner), model) in enumerate(zip(added, like, strict=True)):
        mine = np.flatnonzero(net.needs.buyer == model) if not owner else np.array([], dtype=int)
        extra.append(mine)
        buyers.append(np.full(len(mine), moved[size + number]))
    old = net.needs.buyer
    kept = np.where(old < size, moved[np.minimum(old, size - 1)], old + len(added))
    rows = np.concatenate([np.arange(len(old)), *extra]).astype(np.int64)
    buyer = np.concatenate([kept, *buyers]).astype(np.int64)
    order = np.argsort(net.needs.item[rows], kind="stable")
    columns = {each.name: getattr(net.needs, each.name)[rows][order] for each in fields(Needs)}
    columns["buyer"] = buyer[order]
    return Needs(**columns), rows[order]


def _origins(
    net: Network,
    wide: Network,
    order: Numbers,
    picked: Numbers,
    local: NDArray[np.bool_],
    rows: Numbers,
) -> Any:  # noqa: ANN401 - what the network keeps of its case
    """Keep where values come from: new units have no row of their own."""
    origins = net.made_from
    old = origins.layout
    size = len(net.units.item)
    unit_row = np.concatenate([old.unit_row, np.full(len(rows) - size, -2)])[order]
    layout = replace(
        old,
        unit_item=wide.units.item,
        place=wide.units.place,
        owner=wide.units.owner,
        basis=wide.units.basis,
        stand_in=wide.units.stand_in,
        unit_row=unit_row,
        need_edge=old.need_edge[picked],
        need_item=wide.needs.item,
        buyer=wide.needs.buyer,
        home_unit=_homes(wide, local),
    )
    values = {
        name: tuple([*column, *[None] * (len(rows) - size)][at] for at in order.tolist())
        for name, column in origins.values.items()
    }
    return replace(origins, layout=layout, values=values)


def _homes(net: Network, local: NDArray[np.bool_]) -> Numbers:
    """Give the unit at home of each need of a local item, -1 elsewhere."""
    places = np.concatenate([net.units.place, [n.partition("/")[0] for n in net.market_names]])
    home = np.full(len(net.needs.item), -1)
    for item in np.flatnonzero(local):
        units = np.arange(len(net.units.item))[net.unit_slices[item]]
        at = {str(net.units.place[unit]): int(unit) for unit in units}
        for need in range(len(net.needs.item))[net.need_slices[item]]:
            home[need] = at.get(str(places[net.needs.buyer[need]]), int(units[0]))
    return home


def _local_output(net: Network, output: Array, local: NDArray[np.bool_]) -> Array:
    """Let local supply make what the buyers at its place use."""
    out = output.copy()
    homes = _homes(net, local)
    for item in np.flatnonzero(local)[::-1]:
        needs = np.arange(len(net.needs.item))[net.need_slices[item]]
        base = np.concatenate([out, net.demand])
        use = net.needs.recipe[needs] * base[net.needs.buyer[needs]]
        units = net.unit_slices[item]
        out[units] = np.bincount(homes[needs], weights=use, minlength=len(out))[units]
    return out


def _sourced(net: Network, local: NDArray[np.bool_]) -> Network:
    """Give buyers the shares of the new outputs, by the rule the network was made with."""
    base = np.concatenate([net.units.output, net.demand])
    use = net.needs.recipe * base[net.needs.buyer]
    names = np.concatenate([net.units.place, [n.partition("/")[0] for n in net.market_names]])
    _, places = np.unique(np.where(names == OTHER, "World", names), return_inverse=True)
    homes = _homes(net, local)
    out: list[Sourcing] = []
    for item, (units, needs) in enumerate(zip(net.unit_slices, net.need_slices, strict=True)):
        if local[item]:
            at_home = homes[needs] - units.start
            out.append(home_only(np.arange(units.stop - units.start), at_home))
        elif net.sourcing[item].is_pooled:
            out.append(pooled(net.units.output[units]))
        elif net.sourcing_rule == "home_first":
            buyers = places[net.needs.buyer[needs]]
            out.append(home_first(net.units.output[units], use[needs], places[units], buyers))
        else:
            found = f"{net.items[item]} with suppliers of each buyer"
            fault = Fault("network", None, "sourcing", found, "pooled or home_first")
            raise BadInput(fault)
    return replace(net, sourcing=tuple(out))
