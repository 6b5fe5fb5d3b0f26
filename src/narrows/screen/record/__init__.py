"""Record: every screening kept, chained, and able to be taken again years later."""

from narrows.screen.record.screening import Kept, Screening, Version
from narrows.screen.record.store import Record, open_record
from narrows.screen.record.verifying import Verification, verify

__all__ = ["Kept", "Record", "Screening", "Verification", "Version", "open_record", "verify"]
