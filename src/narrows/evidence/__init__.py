"""Evidence: figures with source, date, grade and range; the bundled cases; the readers."""

from narrows.evidence.case import Case
from narrows.evidence.checking import check
from narrows.evidence.loading import bundled, load
from narrows.evidence.records import RecipeRow
from narrows.evidence.selection import Shares, Value

__all__ = ["Case", "RecipeRow", "Shares", "Value", "bundled", "check", "load"]
