"""The plan of a brief as plain data, with its schema."""

from typing import Any

import pandas as pd

from narrows.brief.planned import Help
from narrows.brief.planning import EVERY, GAP, PERIOD_DAYS
from narrows.plan import Figure, json_schema

__all__ = ["plan_form", "plan_schema"]

_TEXT = {"type": "string"}
_NUMBER = {"type": ["number", "null"]}
_WHOLE = {"type": "integer"}
_FIGURE = {
    **{key: {"type": "number"} for key in ("low", "best", "high")},
    "grade": {"enum": ["stated", "derived", "assumed"]},
    "source_id": _TEXT,
    "reason": _TEXT,
}
_TERMS = {
    "budget_usd": _NUMBER,
    "payers": {"type": "array", "items": _TEXT},
    **dict.fromkeys(("every", "period_days"), _WHOLE),
    "gap": {"type": "number"},
}
_KNOWING = {
    "year": _WHOLE,
    **dict.fromkeys(
        ("probability", "without_usd", "loss_usd", "foreseen_usd", "regret_usd"), _NUMBER
    ),
}


def plan_form(help_: Help) -> dict[str, Any]:
    """Give a plan as plain data, ready to be written as JSON.

    Returns
    -------
    dict
        scenario, likelihood, terms (as asked), pays, even_from and even_mean, result (the plan in
        the form of ``narrows plan``), knowing (loss and regret by year), options (id, title, kind,
        steps, payers, figures).
    """
    asked = help_.asked
    return {
        "scenario": help_.scenario.name,
        "likelihood": _figure(help_.yearly),
        "terms": {
            "budget_usd": asked.budget_usd,
            "payers": list(asked.payers),
            "every": EVERY,
            "period_days": PERIOD_DAYS,
            "gap": GAP,
        },
        "pays": help_.pays,
        "even_from": help_.even_from,
        "even_mean": help_.even_mean,
        "result": dict(help_.form),
        "knowing": _rows(help_.knowing),
        "options": [
            {
                "id": option.id,
                "title": option.title,
                "kind": option.kind,
                "steps": option.steps,
                "payers": list(option.payers),
                "figures": {name: _figure(each) for name, each in option.figures().items()},
            }
            for option in asked.options
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


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {key: int(row[key]) if key == "year" else float(row[key]) for key in _KNOWING}
        for row in frame.to_dict("records")
    ]


def plan_schema() -> dict[str, Any]:
    """Give the JSON Schema of the plan of a brief."""
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
            "pays": {"type": "boolean"},
            "even_from": _NUMBER,
            "even_mean": _NUMBER,
            "result": {key: part for key, part in json_schema().items() if key[0] != "$"},
            "knowing": _list(_object(_KNOWING)),
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
