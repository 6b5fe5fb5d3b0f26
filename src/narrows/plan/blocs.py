"""Which places a plan must tell apart: those that the shocks treat differently.

Places that every trade cut treats alike form a bloc; inside a bloc goods move freely. Trade runs
through one pool where each cut closes a bloc off from all others, else from bloc to bloc.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate import CapacityLoss, Scenario, TradeCut
from narrows.simulate.cuts import Gate, rectangles
from narrows.simulate.targets import losses_of
from narrows.simulate.values import best

__all__ = ["Blocs"]

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Blocs:
    """Blocs of places.

    Attributes
    ----------
    places
        Labels of all places, those of the markets included.
    bloc
        Number of the bloc of each place.
    of_unit, of_buyer
        Number of the bloc of each unit, and of each buyer (units, then markets).
    pairs
        Whether trade runs from bloc to bloc, instead of through one pool.
    """

    places: tuple[str, ...]
    bloc: Numbers
    of_unit: Numbers
    of_buyer: Numbers
    pairs: bool

    @property
    def count(self) -> int:
        """Number of blocs."""
        return int(self.bloc.max()) + 1

    @property
    def sells(self) -> NDArray[np.bool_]:
        """Whether anything is made in each bloc, (blocs,)."""
        return np.bincount(self.of_unit, minlength=self.count) > 0

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each bloc: its place, or its first places."""
        out = []
        for number in range(self.count):
            mine = [
                place for place, bloc in zip(self.places, self.bloc, strict=True) if bloc == number
            ]
            out.append("+".join(mine[:3]) + ("+..." if len(mine) > 3 else ""))
        return tuple(out)

    @classmethod
    def of(cls, net: Network, scenarios: Sequence[Scenario], apart: Sequence[str] = ()) -> "Blocs":
        """Find the blocs of a network under some scenarios.

        Parameters
        ----------
        net
            The network.
        scenarios
            Whose cuts and losses of local supply tell places apart.
        apart
            Places to tell apart in any case.
        """
        units = net.units.place.astype(str)
        markets = np.array([label.partition("/")[0] for label in net.market_names.tolist()])
        buyers = np.concatenate([units, markets.astype(str)])
        places, number = np.unique(buyers, return_inverse=True)
        cuts = [
            each for scenario in scenarios for each in scenario.shocks if isinstance(each, TradeCut)
        ]
        gates = [gate for at, cut in enumerate(cuts) for gate in rectangles(net, cut, at)]
        marks = [np.isin(places, [place]) for place in apart]
        sells = np.isin(places, units)
        for gate in gates:
            takes = np.isin(places, buyers[gate.buyers])
            # a place that makes nothing is told apart by what it buys alone
            marks += [np.where(sells, np.isin(places, units[gate.sellers]), ~takes), takes]
        marks += [np.isin(places, sorted(hit)) for hit in _local_losses(net, scenarios)]
        signs = np.stack(marks, axis=1) if marks else np.zeros((len(places), 1), dtype=np.bool_)
        _, bloc = np.unique(signs, axis=0, return_inverse=True)
        bloc = np.ravel(bloc).astype(np.int64)
        of_buyer = bloc[number]
        found = cls(tuple(places.tolist()), bloc, of_buyer[: len(units)], of_buyer, pairs=False)
        return cls(**{**found.__dict__, "pairs": found._needs_pairs(gates)})

    def _needs_pairs(self, gates: Sequence[Gate]) -> bool:
        """Tell whether some cut closes a bloc off from some others only."""
        whole: dict[int, NDArray[np.bool_]] = {}
        for gate in gates:
            closed = whole.setdefault(
                gate.shock, np.zeros((self.count, self.count), dtype=np.bool_)
            )
            sellers, buyers = self.of_unit[gate.sellers], self.of_buyer[gate.buyers]
            closed[np.ix_(np.unique(sellers), np.unique(buyers))] = True
        for closed in whole.values():
            np.fill_diagonal(closed, val=True)
            sells = self.sells
            out, into = np.asarray(closed.all(axis=1)), np.asarray(closed[sells].all(axis=0))
            np.fill_diagonal(closed, val=False)
            through = out[:, None] | into[None, :]
            np.fill_diagonal(through, val=False)
            if (closed != through)[sells].any():
                return True
        return False


def _local_losses(net: Network, scenarios: Sequence[Scenario]) -> list[set[str]]:
    """Give the places where a shock hits what is bought at home only."""
    local = local_items(net)
    out = []
    for scenario in scenarios:
        for shock in scenario.shocks:
            if not isinstance(shock, CapacityLoss):
                continue
            hit = (losses_of(net, shock, best(shock.lost)) > 0) & local[net.units.item]
            out += [{place} for place in sorted(set(net.units.place[hit].tolist()))]
    return out


def _is_local(net: Network, item: int) -> bool:
    """Tell whether an item never leaves its place: each buyer takes all from one unit at home."""
    shares = net.sourcing[item].shares
    units, needs = net.unit_slices[item], net.need_slices[item]
    if net.origins is not None:
        layout = net.origins.layout
        return bool((layout.home_unit[needs] >= 0).any())
    if isinstance(shares, np.ndarray) and shares.ndim == 1:
        return False
    dense = np.asarray(shares.todense()) if not isinstance(shares, np.ndarray) else shares
    buyers = net.needs.buyer[needs]
    places = np.concatenate([net.units.place, [n.partition("/")[0] for n in net.market_names]])
    away = net.units.place[units][:, None] != places[buyers][None, :]
    return not bool((dense * away).any())


def local_items(net: Network) -> NDArray[np.bool_]:
    """Tell which items never leave their place, (items,)."""
    return np.array([_is_local(net, item) for item in range(len(net.items))])
