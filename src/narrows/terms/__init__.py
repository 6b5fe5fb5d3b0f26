"""Terms: the words of the field as types, the places, and the error tree."""

from narrows.terms.errors import (
    BadInput,
    CaseError,
    CouldNotFinish,
    CouldNotWrite,
    Fault,
    NarrowsError,
    UnknownName,
)
from narrows.terms.period import Period
from narrows.terms.places import FIRM, OTHER, WORLD, is_firm, place_name, places
from narrows.terms.words import ASSUMED_SOURCE, BY_USER, Basis, Criticality, Grade, ItemKind, Status
from narrows.terms.writing import write_whole

__all__ = [
    "ASSUMED_SOURCE",
    "BY_USER",
    "FIRM",
    "OTHER",
    "WORLD",
    "BadInput",
    "Basis",
    "CaseError",
    "CouldNotFinish",
    "CouldNotWrite",
    "Criticality",
    "Fault",
    "Grade",
    "ItemKind",
    "NarrowsError",
    "Period",
    "Status",
    "UnknownName",
    "is_firm",
    "place_name",
    "places",
    "write_whole",
]
