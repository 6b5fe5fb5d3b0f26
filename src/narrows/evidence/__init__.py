"""Evidence: figures with source, date, grade and range; the bundled cases; the readers."""

from narrows.evidence.case import Case
from narrows.evidence.checking import check
from narrows.evidence.loading import bundled, load
from narrows.evidence.readers import ImportReport, import_eto
from narrows.evidence.records import RecipeRow
from narrows.evidence.schema import is_supply
from narrows.evidence.selection import Shares, Value

__all__ = [
    "Case",
    "ImportReport",
    "RecipeRow",
    "Shares",
    "Value",
    "bundled",
    "check",
    "import_eto",
    "is_supply",
    "load",
]
