"""The plan of a brief as plain data, with its schema."""

from typing import Any

import pandas as pd

from narrows.brief.planned import Help
from narrows.brief.planning import EVERY, GAP, PERIOD_DAYS
from narrows.plan import Figure

__all__ = ["plan_form", "plan_schema"]

_TEXT = {"type": "string"}
_NUMBER = {"type": ["number", "null"]}
_WHOLE = {"type": "integer"}
_YES = {"type": "boolean"}
_FIGURE = {
    **{key: {"type": "number"} for key in ("low", "best", "high")},
    "grade": {"enum": ["stated", "derived", "assumed"]},
    "source_id": _TEXT,
    "reason": _TEXT,
}
_TERMS = {
    "budget_usd": _NUMBER,
    "payers": {"type": "array", "items": _TEXT},
    **dict.fromkeys(("first_year", "years", "every", "period_days"), _WHOLE),
    **{key: {"type": "number"} for key in ("gap", "risk", "level")},
}
_SUMMARY = (
    "cost_usd",
    "expected_loss_usd",
    "expected_loss_without_usd",
    "tail_loss_usd",
    "tail_loss_without_usd",
)
_TABLES: dict[str, dict[str, Any]] = {
    "portfolio": {
        **dict.fromkeys(("option", "kind", "item", "place", "payers", "outcome"), _TEXT),
        "year": _WHOLE,
        **dict.fromkeys(("works", "steps", "probability", "cost_usd"), _NUMBER),
    },
    "payments": {"payer": _TEXT, "year": _WHOLE, "usd": _NUMBER},
    "frontier": {
        **dict.fromkeys(
            (
                "budget_usd",
                "cost_usd",
                "expected_loss_usd",
                "tail_loss_usd",
                "weighed_loss_usd",
                "gap",
            ),
            _NUMBER,
        ),
        "options": _TEXT,
    },
    "knowing": {
        "year": _WHOLE,
        **dict.fromkeys(
            ("probability", "without_usd", "loss_usd", "foreseen_usd", "regret_usd"), _NUMBER
        ),
    },
    "moves": {
        **dict.fromkeys(("subject", "figure", "changes", "grade", "source_id"), _TEXT),
        **dict.fromkeys(("low", "best", "high"), _NUMBER),
        **dict.fromkeys(("objective_low_usd", "objective_high_usd", "swing_usd"), _NUMBER),
    },
}
_PROOF = (
    "promised_without_usd",
    "promised_with_usd",
    "promised_usd",
    "simulated_without_usd",
    "simulated_with_usd",
    "simulated_usd",
    "part",
    "simulated_10_usd",
    "simulated_50_usd",
    "simulated_90_usd",
    "enough",
)


def plan_form(help_: Help) -> dict[str, Any]:
    """Give a plan as plain data, ready to be written as JSON.

    Returns
    -------
    dict
        scenario, likelihood, terms, pays, even_from and even_mean, summary, the tables portfolio,
        payments, frontier, knowing and moves, evpi_usd, vss_usd, proof (or null), options (id,
        title, kind, steps, payers, figures).
    """
    summary = help_.summary
    known = {"every": EVERY, "period_days": PERIOD_DAYS, "gap": GAP}
    terms = {"budget_usd": help_.asked.budget_usd, "payers": list(help_.asked.payers), **known}
    terms |= {name: summary[name] for name in ("first_year", "years", "risk", "level")}
    return {
        "scenario": help_.scenario.name,
        "likelihood": _figure(help_.yearly),
        "terms": {name: terms[name] for name in _TERMS},
        "pays": help_.pays,
        "even_from": help_.even_from,
        "even_mean": help_.even_mean,
        "summary": {name: summary[name] for name in _SUMMARY},
        **{name: _rows(getattr(help_, name), columns) for name, columns in _TABLES.items()},
        "evpi_usd": help_.evpi_usd,
        "vss_usd": help_.vss_usd,
        "proof": _proof(help_),
        "options": [
            {
                "id": option.id,
                "title": option.title,
                "kind": option.kind,
                "steps": option.steps,
                "payers": list(option.payers),
                "figures": {name: _figure(each) for name, each in option.figures().items()},
            }
            for option in help_.asked.options
        ],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "low": figure.low,
        "best": figure.best,
        "high": figure.high,
        "grade": figure.grade.value,
        "source_id": figure.source_id,
        "reason": figure.reason,
    }


def _rows(frame: pd.DataFrame, columns: dict[str, Any]) -> list[dict[str, Any]]:
    if frame.empty:
        return []
    plain = frame[list(columns)].astype(object).where(frame[list(columns)].notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def _proof(help_: Help) -> dict[str, Any] | None:
    if help_.proof is None:
        return None
    (row,) = _rows(help_.proof.table, dict.fromkeys((*_PROOF, "year")))
    notes = list(help_.proof.notes)
    known = {"year": int(row["year"]), "draws": help_.proof.draws}
    return {**row, **known, "confirmed": help_.proof.confirmed, "notes": notes}


def plan_schema() -> dict[str, Any]:
    """Give the JSON Schema of the plan of a brief."""
    proof = {**dict.fromkeys(_PROOF, _NUMBER), "year": _WHOLE, "draws": _WHOLE, "confirmed": _YES}
    option = {
        **dict.fromkeys(("id", "title", "kind"), _TEXT),
        "steps": _WHOLE,
        "payers": _list(_TEXT),
        "figures": {"type": "object", "additionalProperties": _object(_FIGURE)},
    }
    return _object(
        {
            "scenario": _TEXT,
            "likelihood": _object(_FIGURE),
            "terms": _object(_TERMS),
            "pays": _YES,
            "even_from": _NUMBER,
            "even_mean": _NUMBER,
            "summary": _object({key: {"type": "number"} for key in _SUMMARY}),
            **{name: _list(_object(columns)) for name, columns in _TABLES.items()},
            "evpi_usd": {"type": "number"},
            "vss_usd": {"type": "number"},
            "proof": {"anyOf": [_object({**proof, "notes": _list(_TEXT)}), {"type": "null"}]},
            "options": _list(_object(option)),
        }
    )


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
