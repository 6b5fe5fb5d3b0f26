"""Readers: one module for each outside format, which turns it into a case folder."""

from narrows.evidence.readers.eto import ImportReport, import_eto

__all__ = ["ImportReport", "import_eto"]
