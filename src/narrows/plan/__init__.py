"""Plan: what to build, stock, qualify or share under a budget, against an uncertain future."""

from narrows.plan.answers import (
    Worth,
    frontier,
    next_billion,
    robustness,
    spend,
    value_of_knowing,
)
from narrows.plan.applying import apply
from narrows.plan.break_even import BreakEven, break_even
from narrows.plan.budget import Budget
from narrows.plan.conditions import Control, Floor
from narrows.plan.figures import Figure
from narrows.plan.json_form import as_json, json_schema
from narrows.plan.kernels.lshaped import Round
from narrows.plan.measures import (
    Capacity,
    Centre,
    Gate,
    HeadroomContract,
    Option,
    Qualification,
    Recycling,
    Stockpile,
    Substitution,
)
from narrows.plan.options import Options
from narrows.plan.pictures import draw_frontier, draw_tornado
from narrows.plan.proof import Proof, prove
from narrows.plan.question import Question, Terms
from narrows.plan.reading import load_options
from narrows.plan.result import Plan
from narrows.plan.rolling import Rolled, Stage, roll
from narrows.plan.sensitivity import sensitivity, without_each
from narrows.plan.solving import NotPossible, solve
from narrows.plan.threats import Threat, outages

__all__ = [
    "BreakEven",
    "Budget",
    "Capacity",
    "Centre",
    "Control",
    "Figure",
    "Floor",
    "Gate",
    "HeadroomContract",
    "NotPossible",
    "Option",
    "Options",
    "Plan",
    "Proof",
    "Qualification",
    "Question",
    "Recycling",
    "Rolled",
    "Round",
    "Stage",
    "Stockpile",
    "Substitution",
    "Terms",
    "Threat",
    "Worth",
    "apply",
    "as_json",
    "break_even",
    "draw_frontier",
    "draw_tornado",
    "frontier",
    "json_schema",
    "load_options",
    "next_billion",
    "outages",
    "prove",
    "robustness",
    "roll",
    "sensitivity",
    "solve",
    "spend",
    "value_of_knowing",
    "without_each",
]
