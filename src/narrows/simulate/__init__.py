"""Simulate: shocks and rules of behaviour, one day as a pure function, runs of many days."""

from narrows.simulate.comparing import Comparison, compare
from narrows.simulate.ensemble import ensemble
from narrows.simulate.ensemble_result import Ensemble
from narrows.simulate.fitting import fitted
from narrows.simulate.guard import Caution, Guard, guard
from narrows.simulate.json_form import as_json, json_schema
from narrows.simulate.many import run_many
from narrows.simulate.many_result import Runs
from narrows.simulate.profiles import Onset, Recovery
from narrows.simulate.replay import Replay, ScoreCard, bundled_replays, replay, score_card
from narrows.simulate.result import NORMAL_FLOW, Run
from narrows.simulate.rules import Rules, Special, Transit
from narrows.simulate.run import run
from narrows.simulate.scenario import Scenario, bundled_scenarios, load_scenario
from narrows.simulate.shocks import (
    CapacityLoss,
    CapitalLoss,
    DemandChange,
    RecipeChange,
    StockChange,
    Stockpiling,
    TradeCut,
)
from narrows.simulate.sobol import Sobol, sobol
from narrows.simulate.turning_points import turning_points
from narrows.simulate.values import Range

__all__ = [
    "NORMAL_FLOW",
    "CapacityLoss",
    "CapitalLoss",
    "Caution",
    "Comparison",
    "DemandChange",
    "Ensemble",
    "Guard",
    "Onset",
    "Range",
    "RecipeChange",
    "Recovery",
    "Replay",
    "Rules",
    "Run",
    "Runs",
    "Scenario",
    "ScoreCard",
    "Sobol",
    "Special",
    "StockChange",
    "Stockpiling",
    "TradeCut",
    "Transit",
    "as_json",
    "bundled_replays",
    "bundled_scenarios",
    "compare",
    "ensemble",
    "fitted",
    "guard",
    "json_schema",
    "load_scenario",
    "replay",
    "run",
    "run_many",
    "score_card",
    "sobol",
    "turning_points",
]
