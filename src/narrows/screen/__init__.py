"""Screen: items, parties and shipments against dated lists and rules; all of it explained.

Names are loaded on first use: rules need no table, and parties and diversion need several.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from narrows.screen.coalition import CoalitionGaps, coalition_gaps
    from narrows.screen.compare import (
        Flip,
        ShipmentComparison,
        compare_shipment,
        compare_shipments,
        flips,
    )
    from narrows.screen.control_lists.us import UsControls, read_us_controls
    from narrows.screen.cuts import as_trade_cuts
    from narrows.screen.decision_json import decision_schema
    from narrows.screen.diversion import (
        Diversion,
        Flows,
        absorption_from_case,
        absorption_from_table,
        diversion,
        read_flows,
    )
    from narrows.screen.items.classifying import Classification, classify
    from narrows.screen.items.comparing import ListComparison, compare_lists
    from narrows.screen.items.customs_codes import triage
    from narrows.screen.items.reading import read_control_list
    from narrows.screen.parties import (
        NameComparison,
        Party,
        PartyList,
        PartyScreening,
        compare_names,
        list_changes,
        load_lists,
        parties,
        party_screening_schema,
        read_list,
        screen_parties_file,
    )
    from narrows.screen.party_facts import PartyFacts, with_parties
    from narrows.screen.record import (
        Kept,
        Record,
        Replayed,
        Screening,
        Verification,
        Version,
        changed_outcomes,
        open_record,
        replay,
        to_keep,
        verify_record,
    )
    from narrows.screen.rules.deciding import Decision
    from narrows.screen.rules.notice import NOTICE
    from narrows.screen.rules.pack_checks import run_tests
    from narrows.screen.rules.pack_reading import bundled_packs, read_pack
    from narrows.screen.rules.packs import Outcome, Pack
    from narrows.screen.rules.shipment_reading import Shipment, read_shipment
    from narrows.screen.shipments import ShipmentResult, shipment
    from narrows.screen.worked.cases import worked_shipments, worked_table

__all__ = [
    "NOTICE",
    "Classification",
    "CoalitionGaps",
    "Decision",
    "Diversion",
    "Flip",
    "Flows",
    "Kept",
    "ListComparison",
    "NameComparison",
    "Outcome",
    "Pack",
    "Party",
    "PartyFacts",
    "PartyList",
    "PartyScreening",
    "Record",
    "Replayed",
    "Screening",
    "Shipment",
    "ShipmentComparison",
    "ShipmentResult",
    "UsControls",
    "Verification",
    "Version",
    "absorption_from_case",
    "absorption_from_table",
    "as_trade_cuts",
    "bundled_packs",
    "changed_outcomes",
    "classify",
    "coalition_gaps",
    "compare_lists",
    "compare_names",
    "compare_shipment",
    "compare_shipments",
    "decision_schema",
    "diversion",
    "flips",
    "list_changes",
    "load_lists",
    "open_record",
    "parties",
    "party_screening_schema",
    "read_control_list",
    "read_flows",
    "read_list",
    "read_pack",
    "read_shipment",
    "read_us_controls",
    "replay",
    "run_tests",
    "screen_parties_file",
    "shipment",
    "to_keep",
    "triage",
    "verify_record",
    "with_parties",
    "worked_shipments",
    "worked_table",
]

_HOMES = {
    "coalition": ("CoalitionGaps", "coalition_gaps"),
    "compare": ("Flip", "ShipmentComparison", "compare_shipment", "compare_shipments", "flips"),
    "control_lists.us": ("UsControls", "read_us_controls"),
    "cuts": ("as_trade_cuts",),
    "decision_json": ("decision_schema",),
    "diversion": (
        "Diversion",
        "Flows",
        "absorption_from_case",
        "absorption_from_table",
        "diversion",
        "read_flows",
    ),
    "items.classifying": ("Classification", "classify"),
    "items.comparing": ("ListComparison", "compare_lists"),
    "items.customs_codes": ("triage",),
    "items.reading": ("read_control_list",),
    "parties": (
        "NameComparison",
        "Party",
        "PartyList",
        "PartyScreening",
        "compare_names",
        "list_changes",
        "load_lists",
        "parties",
        "party_screening_schema",
        "read_list",
        "screen_parties_file",
    ),
    "party_facts": ("PartyFacts", "with_parties"),
    "record": (
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
    ),
    "rules.deciding": ("Decision",),
    "rules.notice": ("NOTICE",),
    "rules.pack_checks": ("run_tests",),
    "rules.pack_reading": ("bundled_packs", "read_pack"),
    "rules.packs": ("Outcome", "Pack"),
    "rules.shipment_reading": ("Shipment", "read_shipment"),
    "shipments": ("ShipmentResult", "shipment"),
    "worked.cases": ("worked_shipments", "worked_table"),
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if not TYPE_CHECKING:  # so that a name which is not there stays an error of types

    def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
        for module, names in _HOMES.items():
            if name in names:
                home = import_module(f"narrows.screen.{module}")
                globals().update({each: getattr(home, each) for each in names})
                return globals()[name]
        message = f"module 'narrows.screen' has no attribute {name!r}"
        raise AttributeError(message)
