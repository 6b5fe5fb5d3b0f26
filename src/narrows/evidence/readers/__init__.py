"""Readers: one module for each outside format of figures and tables."""

from narrows.evidence.readers.eto import ImportReport, import_eto
from narrows.evidence.readers.icio import read_icio

__all__ = ["ImportReport", "import_eto", "read_icio"]
