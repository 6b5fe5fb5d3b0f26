"""Evidence: figures with source, date, grade and range; the bundled cases; the readers."""

from narrows.evidence.aggregation import aggregate
from narrows.evidence.case import Case
from narrows.evidence.checking import check
from narrows.evidence.estimates import pert
from narrows.evidence.flow_checks import ROW_GAP, TABLE_GAP, check_flows
from narrows.evidence.io_table import InputOutputTable
from narrows.evidence.loading import bundled, load
from narrows.evidence.readers import ImportReport, import_eto, read_icio
from narrows.evidence.records import RecipeRow
from narrows.evidence.schema import is_supply
from narrows.evidence.selection import Shares, Value
from narrows.evidence.table_store import StoredTable, add_table, load_table, stored_tables

__all__ = [
    "ROW_GAP",
    "TABLE_GAP",
    "Case",
    "ImportReport",
    "InputOutputTable",
    "RecipeRow",
    "Shares",
    "StoredTable",
    "Value",
    "add_table",
    "aggregate",
    "bundled",
    "check",
    "check_flows",
    "import_eto",
    "is_supply",
    "load",
    "load_table",
    "pert",
    "read_icio",
    "stored_tables",
]
