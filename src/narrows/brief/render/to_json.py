"""The numbers: the results in their JSON form, and every sentence with its result keys."""

from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any, get_args

import pandas as pd

from narrows.brief.reading import blocks_of, plain
from narrows.brief.render.plan_form import plan_form, plan_schema
from narrows.brief.results import Results
from narrows.brief.stress import Stress
from narrows.brief.tree import (
    Answer,
    Block,
    Bullets,
    Document,
    Oldest,
    Paragraph,
    Runs,
    Unit,
    Value,
)
from narrows.evidence import Case
from narrows.measure import as_json, json_schema
from narrows.simulate import json_schema as stress_schema

__all__ = ["record", "schema"]

_NAME = "narrows/brief/1"
_MET = ("met_10", "met_50", "met_90")
_TEXT = {"type": "string"}
_NUMBER = {"type": ["number", "null"]}
_VALUE = {
    "key": _TEXT,
    "text": _TEXT,
    "number": _NUMBER,
    "low": _NUMBER,
    "high": _NUMBER,
    "unit": {"enum": list(get_args(Unit))},
    "grade": {"enum": ["stated", "derived", "assumed"]},
    "sources": {"type": "array", "items": _TEXT},
}


def record(document: Document, case: Case, results: Results) -> dict[str, Any]:
    """Give a brief as plain data, ready to be written as JSON.

    Returns
    -------
    dict
        schema, case, settings, title, evidence_date, oldest_figure, marking, answers (id,
        question, sentence with its values), sentences (section, text, values), results by
        measure, stress (the scenario over time, or null), plan (what helps, or null), sources.
    """
    tables = {
        name: as_json(name, frame, case, settings=results.settings)
        for name, frame in results.tables().items()
        if len(frame)
    }
    first = tables["concentration"]
    return {
        "schema": _NAME,
        "case": first["case"],
        "settings": first["settings"],
        "title": document.title,
        "language": document.language,
        "evidence_date": document.date,
        "oldest_figure": None if document.oldest is None else asdict(document.oldest),
        "marking": document.marking,
        "answers": [_answer(block) for block in _blocks(document) if isinstance(block, Answer)],
        "sentences": list(_sentences(document)),
        "results": tables,
        "stress": None if results.stress is None else _stress(results.stress),
        "plan": None if results.help is None else plan_form(results.help),
        "sources": [asdict(entry) for entry in document.sources],
    }


def _blocks(document: Document) -> Iterator[Block]:
    for section in document.sections:
        yield from blocks_of(section.blocks)


def _answer(answer: Answer) -> dict[str, Any]:
    return {"id": answer.id, "question": answer.question, **_said(answer.sentence)}


def _sentences(document: Document) -> Iterator[dict[str, Any]]:
    for section in document.sections:
        for block in blocks_of(section.blocks):
            lines: tuple[Runs, ...] = ()
            if isinstance(block, Paragraph):
                lines = (block.runs,)
            elif isinstance(block, Bullets):
                lines = block.points
            for runs in lines:
                yield {"section": section.id, **_said(runs)}


def _said(runs: Runs) -> dict[str, Any]:
    values = [_value(run) for run in runs if isinstance(run, Value)]
    return {"sentence": plain(runs), "values": values}


def _value(value: Value) -> dict[str, Any]:
    low, high = value.ends or (None, None)
    return {
        "key": value.key,
        "text": plain((value,)),
        "number": value.number,
        "low": low,
        "high": high,
        "unit": value.unit,
        "grade": value.grade.value,
        "sources": list(value.sources),
    }


def schema() -> dict[str, Any]:
    """Give the JSON Schema of a brief.

    Examples
    --------
    >>> schema()["title"]
    'narrows/brief/1'
    """
    said = {"sentence": _TEXT, "values": _list(_object(_VALUE))}
    oldest: dict[str, Any] = {part.name: _TEXT for part in fields(Oldest)}
    source = dict.fromkeys(("id", "publisher", "title", "date", "url"), _TEXT)
    out = _object(
        {
            "schema": {"const": _NAME},
            "case": {"type": "object"},
            "settings": {"type": "object"},
            "title": _TEXT,
            "language": _TEXT,
            "evidence_date": _TEXT,
            "oldest_figure": {"anyOf": [_object(oldest), {"type": "null"}]},
            "marking": _TEXT,
            "answers": _list(_object({"id": _TEXT, "question": _TEXT, **said})),
            "sentences": _list(_object({"section": _TEXT, **said})),
            "results": _results(),
            "stress": {"anyOf": [_stress_form(), {"type": "null"}]},
            "plan": {"anyOf": [plan_schema(), {"type": "null"}]},
            "sources": _list(_object({"number": {"type": "integer"}, **source})),
        }
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": _NAME, **out}


def _results() -> dict[str, Any]:
    names = ("concentration", "contingency", "exposure", "autonomy")
    return {
        "type": "object",
        "properties": {name: _inner(name) for name in names},
        "required": ["concentration", "contingency"],
        "additionalProperties": False,
    }


def _stress(stress: Stress) -> dict[str, Any]:
    """Give the scenario over time: its result, and the tables that the brief adds to it."""
    return {
        "result": dict(stress.form),
        "unit": stress.unit,
        "value_lost": _rows(stress.value),
        "places": _rows(stress.places),
        "met": [
            {"market": str(name), **{each: _rounded(rows[each]) for each in _MET}}
            for name, rows in stress.met.groupby("market", sort=False)
        ],
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _rounded(values: "pd.Series[float]") -> list[float]:
    return [round(float(value), 4) for value in values]


def _stress_form() -> dict[str, Any]:
    banded = {
        kind: {f"{kind}_{band}": _NUMBER for band in ("10", "50", "90")}
        for kind in ("lost", "days")
    }
    series = {each: _list({"type": "number"}) for each in _MET}
    return _object(
        {
            "result": {key: part for key, part in stress_schema("stress").items() if key[0] != "$"},
            "unit": _TEXT,
            "value_lost": _list(_object({"market": _TEXT, **banded["lost"]})),
            "places": _list(_object({"place": _TEXT, **banded["lost"], **banded["days"]})),
            "met": _list(_object({"market": _TEXT, **series})),
        }
    )


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _inner(name: str) -> dict[str, Any]:
    return {key: part for key, part in json_schema(name).items() if key != "$schema"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
