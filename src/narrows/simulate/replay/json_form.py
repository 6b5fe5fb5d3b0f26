"""The published schema of the JSON form of replays and of their score card."""

from collections.abc import Mapping
from typing import Any

__all__ = ["COLUMNS", "TABLES", "schema"]

_OF = {"": "the model", "_a": "rival A", "_b": "rival B"}
_TEXT = {"type": "string"}
_SEEN = {
    "observed_low": ("number", "lower end of what was seen, in the unit of the point"),
    "observed_high": ("number", "upper end of what was seen"),
}
_SCORES = {
    "party": ("string", "model, rival A or rival B"),
    "points": ("integer", "scored points"),
    "error": ("number", "mean error of the median"),
    "interval_score": ("number", "mean interval score"),
    "coverage": ("number", "part of the points hit"),
    "strict_coverage": ("number", "part of the points strictly hit"),
}

COLUMNS: dict[str, dict[str, tuple[str, str]]] = {
    "replay": {
        "point": ("string", "observation"),
        "kind": ("string", "volume and null are scored; price and time are shown"),
        "unit": ("string", "unit of the point"),
        **_SEEN,
        "predicted": ("number", "median of the draws"),
        "predicted_low": ("number", "10 % of the draws lie below"),
        "predicted_high": ("number", "90 % of the draws lie below"),
        "rival_a": ("number", "static: a share of supply lost is a share of output lost"),
        "rival_b": ("number", "stocks first, then the same"),
        **{f"hit{end}": ("boolean", f"whether {who} hits the point") for end, who in _OF.items()},
        **{
            f"strict_hit{end}": ("boolean", f"middle of what was seen in the band of {who}")
            for end, who in _OF.items()
        },
        **{
            f"error{end}": ("number", f"distance of the median of {who} from what was seen, 0 to 3")
            for end, who in _OF.items()
        },
        **{
            f"interval_score{end}": ("number", f"width plus ten times the miss, of {who}")
            for end, who in _OF.items()
        },
        "source": ("string", "ids of sources"),
    },
    "score-card": {"over": ("string", "points or cases, with or without null ones"), **_SCORES},
}
"""Columns of the rows of each form (``points`` of a replay, ``score`` of the card)."""

TABLES: dict[str, dict[str, dict[str, tuple[str, str]]]] = {
    "replay": {
        "score": _SCORES,
        "context": {
            "point": ("string", "observation that is neither run nor scored"),
            "unit": ("string", "unit of the point"),
            **_SEEN,
            "source": ("string", "ids of sources"),
        },
        "assumptions": {
            "id": ("string", "name"),
            "text": ("string", "what is assumed"),
            "why": ("string", "reason"),
        },
        "sources": {
            "id": ("string", "name used in the file"),
            "who": ("string", "who says so, and when"),
            "address": ("string", "where"),
        },
    },
    "score-card": {},
}
"""The other tables of each form."""


def schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema of a form.

    Parameters
    ----------
    name
        ``replay`` or ``score-card``.
    """
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**made, **(_replay() if name == "replay" else _card())}


def _replay() -> dict[str, Any]:
    whole = {"type": "integer"}
    fields = {
        "schema": {"const": "narrows/replay/1"},
        **dict.fromkeys(("replay", "title", "leaks"), _TEXT),
        **{key: {**_TEXT, "format": "date"} for key in ("day_zero", "as_of")},
        "draws": {**whole, "minimum": 10},
        "seed": {**whole, "minimum": 0},
        "points": _table(COLUMNS["replay"]),
        **{each: _table(columns) for each, columns in TABLES["replay"].items()},
    }
    return _object("replay", fields)


def _card() -> dict[str, Any]:
    fields = {
        "schema": {"const": "narrows/score-card/1"},
        "rival_wins": {"type": "array", "items": _TEXT},
        "score": _table(COLUMNS["score-card"]),
        "replays": {"type": "array", "items": _replay()},
    }
    return _object("score-card", fields)


def _object(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": f"narrows/{name}/1",
        "type": "object",
        "required": list(fields),
        "additionalProperties": False,
        "properties": dict(fields),
    }


def _table(columns: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    fields = {
        column: {"type": [kind, "null"], "description": about}
        for column, (kind, about) in columns.items()
    }
    row = {
        "type": "object",
        "required": list(fields),
        "properties": fields,
        "additionalProperties": False,
    }
    return {"type": "array", "items": row}
