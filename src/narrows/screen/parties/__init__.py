"""Parties: names held against the lists of restricted parties, every hit explained."""

import sys

from narrows.screen.callable_room import CallableRoom
from narrows.screen.parties.batch import read_parties, screen_parties_file
from narrows.screen.parties.changes import Change, ListChanges, list_changes
from narrows.screen.parties.comparison import NameComparison, compare_names
from narrows.screen.parties.evidence import Evidence, Fact
from narrows.screen.parties.index import Index, ListCard, build_index
from narrows.screen.parties.loading import Lists, load_lists
from narrows.screen.parties.records import ListedName, ListedParty, Party, PartyList
from narrows.screen.parties.results import Hit, PartyScreening, party_screening_schema
from narrows.screen.parties.screening import parties
from narrows.screen.readers.detecting import read_list

__all__ = [
    "Change",
    "Evidence",
    "Fact",
    "Hit",
    "Index",
    "ListCard",
    "ListChanges",
    "ListedName",
    "ListedParty",
    "Lists",
    "NameComparison",
    "Party",
    "PartyList",
    "PartyScreening",
    "build_index",
    "compare_names",
    "list_changes",
    "load_lists",
    "parties",
    "party_screening_schema",
    "read_list",
    "read_parties",
    "screen_parties_file",
]

sys.modules[__name__].__class__ = CallableRoom
