"""Stocks of inputs that can run out within a scenario, and how long they last under its rules."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate import Rules
from narrows.simulate.behaviour import of_needs

__all__ = ["Stocks", "binding"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Stocks:
    """Stocks of inputs that can run out within a scenario, one a need.

    Attributes
    ----------
    need, bloc
        Numbers.
    flow
        Use a day in normal times.
    longest_days
        A need with this cover, or none that can stop it, never runs out.
    """

    need: Numbers
    bloc: Numbers
    flow: Array
    longest_days: float

    def cover(self, net: Network, rules: Rules) -> Array:
        """Give the days of each stock under the rules of a scenario."""
        days = np.maximum(of_needs(net, rules).cover[self.need], 1.0)
        days = np.where(net.needs.recipe[self.need] > rules.least_recipe, days, np.inf)
        return np.minimum(days, self.longest_days)


def binding(net: Network, longest_days: float, rules: Rules) -> NDArray[np.bool_]:
    """Tell which needs of units can stop them within a scenario, as a simulation does."""
    needs = net.needs
    replaced = (needs.substitute_days > 0) & np.isfinite(needs.substitute_days)
    binds = (needs.essential | replaced) & (needs.stops_fraction > 0) & (needs.recipe > 0)
    binds &= needs.recipe > rules.least_recipe
    return np.asarray(
        binds & (needs.buyer < len(net.units.item)) & (of_needs(net, rules).cover < longest_days)
    )
