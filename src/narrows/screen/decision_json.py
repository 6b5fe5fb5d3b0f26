"""The published JSON Schemas of what screening decides."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from narrows.screen.rules.notice import NOTICE
from narrows.terms import UnknownName

__all__ = ["COLUMNS", "decision_schema", "table_json"]

_TEXT = "string"
_CITED = {
    "cite": (_TEXT, "where it is written"),
    "read": (_TEXT, "how the text was read: primary, secondary or memory"),
    "note": (_TEXT, "remark"),
}
COLUMNS: dict[str, dict[str, tuple[str, str]]] = {
    "shipment": {
        "jurisdiction": (_TEXT, "short name of the pack"),
        "name": (_TEXT, "whose rules they are"),
        "required": (_TEXT, "outside, nothing_found, exception, needs_facts, licence, prohibited"),
        "in_words": (_TEXT, "the same in words"),
        "could_be": (_TEXT, "the most that the missing facts could make of it; empty: settled"),
        "rules": (_TEXT, "rules that fire"),
        "citations": (_TEXT, "where they are written"),
        "entries": (_TEXT, "control entries that the item meets"),
        "missing": (_TEXT, "missing facts that can change the answer"),
        "also_open": (_TEXT, "other missing facts that leave a rule open"),
        "questions": (_TEXT, "the questions that ask for what is missing"),
        "notes": (_TEXT, "flags, suspensions, exceptions, dates"),
        "read": (_TEXT, "weakest reading of the rules that fire"),
        "on": (_TEXT, "day whose rules were applied"),
        "rules_as_of": (_TEXT, "day to which the rules were read"),
        "rules_digest": (_TEXT, "start of the SHA-256 of the pack"),
    },
    "step": {
        "rule": (_TEXT, "rule"),
        "effect": (_TEXT, "subject, licence, prohibit, exception or flag"),
        "fires": (_TEXT, "yes, no or open"),
        "lifted": (_TEXT, "whether an exception lifts it: yes, no or open"),
        "reason": (_TEXT, "what a licence is for"),
        "because": (_TEXT, "the comparisons that decide it, with the facts"),
        "cite": _CITED["cite"],
        "from": (_TEXT, "first day in force, or: not read"),
        "until": (_TEXT, "last day in force; empty: open"),
        "read": _CITED["read"],
        "note": _CITED["note"],
    },
    "item": {
        "list": (_TEXT, "control list"),
        "answer": (_TEXT, "meets, open, or no_entry_met of those held here"),
        "entry": (_TEXT, "control entry"),
        "title": (_TEXT, "what it controls"),
        "spine": (_TEXT, "what it controls, in one word for all lists"),
        "because": (_TEXT, "the comparisons that are met"),
        "missing": (_TEXT, "the comparisons that are open"),
        **_CITED,
        "on": (_TEXT, "day of the list"),
        "list_as_of": (_TEXT, "day to which the list was read"),
    },
    "question": {
        "fact": (_TEXT, "parameter"),
        "ask": (_TEXT, "question"),
        "unit": (_TEXT, "unit of a number"),
        "choices": ("array", "what it may be; empty: not a choice"),
        "decides": ("integer", "entries that it leaves open"),
    },
    "hint": {
        "hs": (_TEXT, "customs code of the table"),
        "description": (_TEXT, "what travels under it"),
        "points_to": (_TEXT, "entries to read"),
        "basis": (_TEXT, "how that is known"),
        "source": (_TEXT, "where the code was read"),
    },
    "lists": {
        "spine": (_TEXT, "kind of thing"),
        "first": (_TEXT, "one side"),
        "second": (_TEXT, "the other side"),
        "verdict": (
            _TEXT,
            "same, first_more, second_more, both_differ, only_first or only_second",
        ),
        "first_entries": (_TEXT, "entries of one side"),
        "second_entries": (_TEXT, "entries of the other side"),
        "only_first": (_TEXT, "items that one side alone controls"),
        "only_second": (_TEXT, "items that the other side alone controls"),
        "open_for": (_TEXT, "parameters that stand for a text that was not read"),
        "read": (_TEXT, "weakest reading of the entries compared"),
        "on": (_TEXT, "day of the lists"),
        "lists_as_of": (_TEXT, "day to which both sides were read"),
    },
    "coalition": {
        "origin": (_TEXT, "member that makes and sends it"),
        "through": (_TEXT, "third place; empty: straight"),
        "required": (_TEXT, "the most that somebody requires on the way"),
        "gap": (_TEXT, "closed, open or unsure"),
        "stopped_by": (_TEXT, "jurisdictions that surely ask"),
        "rules": (_TEXT, "their rules"),
        "on": (_TEXT, "day whose rules were applied"),
        "rules_as_of": (_TEXT, "day to which all rules were read"),
    },
}
COLUMNS["comparison"] = {
    **COLUMNS["shipment"],
    "reaches": ("boolean", "whether these rules reach the shipment, or may"),
    "strictest": ("boolean", "whether nobody surely asks for more"),
}
_TABLES = ("lists", "coalition", "comparison")
_TOP: dict[str, Any] = {
    "notice": {"type": "string"},
    "on": {"type": "string", "format": "date"},
}


def decision_schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema of what screening decides.

    Parameters
    ----------
    name
        shipment, item, lists, coalition or comparison.

    Raises
    ------
    UnknownName
        When there is no such result.
    """
    if name == "shipment":
        rows = _rows("shipment")
        rows["items"]["properties"]["steps"] = _rows("step")
        rows["items"]["required"] = ["jurisdiction", "required", "on", "rules_as_of", "steps"]
        about = {"type": "object", "required": ["name", "facts"]}
        return _schema(name, {"shipment": about, "rows": rows})
    if name == "item":
        parts = {
            "item": {"type": "object", "required": ["name", "facts"]},
            "answers": {"type": "object", "additionalProperties": {"type": "string"}},
            "rows": _rows("item"),
            "questions": _rows("question"),
            "hints": _rows("hint"),
        }
        return _schema(name, parts)
    if name in _TABLES:
        return _schema(name, {"rows": _rows(name)})
    known = ["shipment", "item", *_TABLES]
    raise UnknownName("result", name, known, where="decision_schema")


def table_json(name: str, on: date, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give a table in its JSON form, with the notice and the day.

    Parameters
    ----------
    name
        lists, coalition or comparison.
    on
        The day whose rules were applied.
    rows
        The rows.
    """
    return {
        "schema": f"narrows/screen-{name}/1",
        "notice": NOTICE,
        "on": on.isoformat(),
        "rows": [dict(row) for row in rows],
    }


def _schema(name: str, parts: dict[str, Any]) -> dict[str, Any]:
    const = f"narrows/screen-{name}/1"
    properties = {"schema": {"const": const}, **_TOP, **parts}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": const,
        "type": "object",
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _rows(name: str) -> dict[str, Any]:
    fields = {
        key: {"type": kind, "description": about} for key, (kind, about) in COLUMNS[name].items()
    }
    return {
        "type": "array",
        "items": {"type": "object", "properties": fields, "additionalProperties": False},
    }
