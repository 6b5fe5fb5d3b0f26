"""Network: units, needs, sourcing and markets as one frozen, checked, indexed object."""

from narrows.network.build import from_case, redrawn
from narrows.network.network import Needs, Network, Units
from narrows.network.origin import Trace
from narrows.network.sourcing import Sourcing

__all__ = ["Needs", "Network", "Sourcing", "Trace", "Units", "from_case", "redrawn"]
