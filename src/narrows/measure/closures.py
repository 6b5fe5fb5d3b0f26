"""What is dropped: places, firms, or items at places, alone or several at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.terms import FIRM, BadInput, Basis, Fault, UnknownName

__all__ = ["KINDS", "Closure", "closures", "hit_by", "losses"]

KINDS = ("place", "firm", "place-item")
_SEPARATOR = " + "


@dataclass(frozen=True)
class Closure:
    """One thing that can close.

    Attributes
    ----------
    label
        Place, ``firm:NAME`` or ``PLACE/item``.
    hit
        Numbers of the units that stop.
    """

    label: str
    hit: NDArray[np.int64]


def hit_by(net: Network, name: str, *, where: str = "dropped") -> NDArray[np.int64]:
    """Give the units that stop when a place, a firm or an item at a place is dropped.

    A place stops what is made there (`stand_in` units included) in a network by location, and
    what its firms make in one by headquarters; a group stops its members.

    Parameters
    ----------
    net
        The network.
    name
        Place, group, ``firm:NAME``, or ``PLACE/item``.
    where
        What an error calls the argument.

    Raises
    ------
    UnknownName
        When nothing in the network carries the name.
    BadInput
        When the case knows the firm, and no set in use gives it a share.
    """
    units = net.units
    place, _, item = name.partition("/")
    if name.startswith(FIRM):
        mask = units.owner == name
    else:
        inside = {place, *net.groups.get(place, ())}
        mask = np.isin(units.place, sorted(inside)) & _reached(net)
        if item:
            mask &= units.item == net.number(item)
    if not mask.any():
        if name.startswith(FIRM) and net.made_from.case.knows(name):
            found = f"{name!r}, a firm without a share in the network by {net.basis}"
            raise BadInput(Fault(where, None, "", found, "a place, or a firm that has one"))
        firms = sorted(set(units.owner.tolist()) - {""})
        known = [*net.places, *net.groups, *firms]
        raise UnknownName("place, firm or place/item", name, known, where=where)
    return np.flatnonzero(mask)


def _reached(net: Network) -> NDArray[np.bool_]:
    """Tell which units a stop at their place reaches."""
    if net.basis == Basis.HEADQUARTERS:
        return np.ones(len(net.units.item), dtype=np.bool_)
    return np.asarray((net.units.basis == Basis.LOCATION) | net.units.stand_in)


def closures(net: Network, over: str) -> tuple[Closure, ...]:
    """List everything of one kind that can close, in alphabetical order.

    Parameters
    ----------
    net
        The network.
    over
        ``place``, ``firm`` or ``place-item``.

    Raises
    ------
    UnknownName
        For another kind.
    BadInput
        When the network has nothing of the kind.
    """
    units = net.units
    works = (units.output > 0) & _reached(net)
    if over == "place":
        names: Iterable[str] = {str(name) for name in units.place[works]} - {"Other", "World"}
    elif over == "firm":
        names = {str(name) for name in units.owner[units.output > 0]} - {""}
    elif over == "place-item":
        pairs = zip(units.place[works], units.item[works], strict=True)
        names = {f"{place}/{net.items[item]}" for place, item in pairs if place != "Other"}
        names -= {name for name in names if name.startswith("World/")}
    else:
        raise UnknownName("kind of closure", over, KINDS, where="over")
    if not names:
        found = f"no {over} in a network by {net.basis}"
        expected = "another kind, or for firms a network with basis 'headquarters'"
        raise BadInput(Fault("over", None, "", found, expected))
    return tuple(Closure(name, hit_by(net, name)) for name in sorted(names))


def joined(parts: Sequence[Closure]) -> Closure:
    """Give the closure of several things at once."""
    hit = np.unique(np.concatenate([part.hit for part in parts]))
    return Closure(_SEPARATOR.join(part.label for part in parts), hit)


def several(single: Sequence[Closure], k: int) -> list[Closure]:
    """Give every choice of `k` closures."""
    return [joined(parts) for parts in combinations(single, k)]


def losses(net: Network, closed: Sequence[Closure]) -> NDArray[np.float64]:
    """Give the part of each unit that is out, shape (units, closures)."""
    out = np.zeros((len(net.units.item), len(closed)))
    for column, closure in enumerate(closed):
        out[closure.hit, column] = 1.0
    return out
