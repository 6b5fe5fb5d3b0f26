"""Screen: items, parties and shipments against dated lists and rules; all of it explained."""

from narrows.screen.decision_json import decision_schema
from narrows.screen.items.classifying import Classification, classify
from narrows.screen.items.customs_codes import triage
from narrows.screen.items.reading import read_control_list
from narrows.screen.rules.deciding import Decision
from narrows.screen.rules.pack_checks import run_tests
from narrows.screen.rules.pack_reading import bundled_packs, read_pack
from narrows.screen.rules.packs import Outcome, Pack
from narrows.screen.rules.shipment_reading import Shipment, read_shipment
from narrows.screen.shipments import ShipmentResult, shipment

__all__ = [
    "Classification",
    "Decision",
    "Outcome",
    "Pack",
    "Shipment",
    "ShipmentResult",
    "bundled_packs",
    "classify",
    "decision_schema",
    "read_control_list",
    "read_pack",
    "read_shipment",
    "run_tests",
    "shipment",
    "triage",
]
