"""Record: every screening kept, chained, and able to be taken again years later."""

from narrows.screen.record.kinds import to_keep
from narrows.screen.record.replaying import Replayed, changed_outcomes, replay
from narrows.screen.record.screening import Kept, Screening, Version
from narrows.screen.record.store import Record, open_record
from narrows.screen.record.verifying import Verification, verify_record

__all__ = [
    "Kept",
    "Record",
    "Replayed",
    "Screening",
    "Verification",
    "Version",
    "changed_outcomes",
    "open_record",
    "replay",
    "to_keep",
    "verify_record",
]
