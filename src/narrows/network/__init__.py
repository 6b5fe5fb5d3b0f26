"""Network: units, needs, sourcing and markets as one frozen, checked, indexed object."""

from narrows.network.build import from_case, redrawn
from narrows.network.firms import from_firms
from narrows.network.from_table import from_mrio
from narrows.network.joining import joined
from narrows.network.joining_report import JoinReport, table_of, value_added
from narrows.network.network import Needs, Network, Units
from narrows.network.origin import Trace
from narrows.network.sourcing import Sourcing
from narrows.network.table_report import TableReport

__all__ = [
    "JoinReport",
    "Needs",
    "Network",
    "Sourcing",
    "TableReport",
    "Trace",
    "Units",
    "from_case",
    "from_firms",
    "from_mrio",
    "joined",
    "redrawn",
    "table_of",
    "value_added",
]
