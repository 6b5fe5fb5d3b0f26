"""The error tree.

- `NarrowsError`: everything this library raises on purpose
    - `BadInput`: what was given cannot be used; carries every `Fault` found (exit code 2)
        - `CaseError`: a case folder is faulty
        - `UnknownName`: no such item, place, firm, case or setting; names the nearest ones
    - `CouldNotFinish`: the work itself could not be completed (exit code 3)
        - `CouldNotWrite`: a result could not be written; nothing half-written is left (exit code 2)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "BadInput",
    "CaseError",
    "CouldNotFinish",
    "CouldNotWrite",
    "Fault",
    "NarrowsError",
    "UnknownName",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in an input: where it is, what was found, what is allowed.

    Parameters
    ----------
    file
        Name of the file (or of the argument, for values given in a call).
    row
        Line in the file, the header being line 1; None where no line applies.
    field
        Column or key; empty where none applies.
    found, expected
        What is there, and what would be accepted.
    """

    file: str
    row: int | None
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Give the fault as one line, ``file:row: field: found ...; expected ...``."""
        place = self.file if self.row is None else f"{self.file}:{self.row}"
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} found {self.found}; expected {self.expected}"


class NarrowsError(Exception):
    """Everything Narrows raises on purpose."""

    exit_code = 3


class BadInput(NarrowsError):
    """What was given cannot be used; `faults` lists every reason found."""

    exit_code = 2

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class CaseError(BadInput):
    """A case folder is faulty."""


class UnknownName(BadInput):
    """A name that nothing known carries; the nearest known names are offered."""

    def __init__(self, kind: str, name: object, known: Sequence[str], *, where: str = "") -> None:
        self.name = str(name)
        self.nearest = tuple(get_close_matches(self.name, known, n=3, cutoff=0.5))
        if self.nearest:
            expected = "one of the known names; nearest: " + ", ".join(self.nearest)
        elif len(known) <= 12:
            expected = "one of " + ", ".join(known) if known else "nothing: there is none"
        else:
            expected = f"one of {len(known)} known names, such as {', '.join(known[:5])}"
        super().__init__(
            Fault(where or kind, None, kind if where else "", repr(self.name), expected)
        )


class CouldNotFinish(NarrowsError):
    """The work could not be completed."""


class CouldNotWrite(CouldNotFinish):
    """A result could not be written; what was there before is untouched."""

    exit_code = 2
