"""Diversion: trade that goes round a control through a third country."""

import sys

from narrows.screen.callable_room import CallableRoom
from narrows.screen.diversion.absorption import absorption_from_case, absorption_from_table
from narrows.screen.diversion.countries import place_code
from narrows.screen.diversion.flows import Flows
from narrows.screen.diversion.reading import read_flows
from narrows.screen.diversion.result import Diversion
from narrows.screen.diversion.search import diversion

__all__ = [
    "Diversion",
    "Flows",
    "absorption_from_case",
    "absorption_from_table",
    "diversion",
    "place_code",
    "read_flows",
]

sys.modules[__name__].__class__ = CallableRoom
