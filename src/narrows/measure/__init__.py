"""Measure: concentration, dependence, autonomy, contingency, and the screens of officials."""

from narrows.measure.autonomy import autonomy
from narrows.measure.chain import WITHIN_DAYS
from narrows.measure.concentration import concentration
from narrows.measure.contingency import contingency
from narrows.measure.exposure import exposure
from narrows.measure.profile import Profile, profile, profile_json
from narrows.measure.results import as_json, json_schema
from narrows.measure.screens import eu_core_indicators, eu_supply_risk, single_producer
from narrows.measure.systemic_risk import firms_left, systemic_risk
from narrows.measure.worst import worst

__all__ = [
    "WITHIN_DAYS",
    "Profile",
    "as_json",
    "autonomy",
    "concentration",
    "contingency",
    "eu_core_indicators",
    "eu_supply_risk",
    "exposure",
    "firms_left",
    "json_schema",
    "profile",
    "profile_json",
    "single_producer",
    "systemic_risk",
    "worst",
]
