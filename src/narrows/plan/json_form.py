"""The JSON form of a plan and of what it answers, and its published schema."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from narrows.plan.answers import Worth
from narrows.plan.break_even import BreakEven
from narrows.plan.columns import SUMMARY, TABLES, Columns
from narrows.plan.figures import Figure
from narrows.plan.proof import Proof
from narrows.plan.result import Plan
from narrows.plan.rolling import Rolled
from narrows.terms import UnknownName

__all__ = ["as_json", "json_schema", "threats"]

_SOURCE_KEYS = ("id", "publisher", "title", "date", "url", "kind")
_ALWAYS = ("portfolio", "payments", "losses", "threats")
_VALUES: Columns = {
    "evpi_usd": ("number", "expected value of perfect information"),
    "vss_usd": ("number", "value of the stochastic solution"),
    "break_even_factor": ("number", "on all likelihoods; null: nothing is ever worth its cost"),
    "avoided_per_dollar": ("number", "by what is worth its cost first, at the likelihoods given"),
}


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema of a plan: ``narrows/plan/1``."""
    text = {"type": "string"}
    case = dict.fromkeys(("name", "title", "version", "digest", "evidence_date"), text)
    verdict = {
        "confirmed": {"type": "boolean"},
        "word": text,
        "sentence": text,
        "notes": {"type": "array", "items": text},
        "draws": {"type": "integer"},
        "seed": {"type": "integer"},
    }
    sources = {
        "type": "object",
        "properties": dict.fromkeys(_SOURCE_KEYS, text),
        "required": ["id", "publisher", "title"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "narrows/plan/1",
        "type": "object",
        "required": ["schema", "case", "settings", "summary", *_ALWAYS, "sources"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": "narrows/plan/1"},
            "case": {"type": ["object", "null"], "properties": case, "required": sorted(case)},
            "settings": {"type": "object"},
            "summary": _row(SUMMARY, required=True),
            "values": _row(_VALUES),
            "verdict": {"type": "object", "properties": verdict, "required": sorted(verdict)},
            **{name: {"type": "array", "items": _row(each)} for name, each in TABLES.items()},
            "sources": {"type": "array", "items": sources},
        },
    }


def as_json(
    plan: Plan,
    *,
    proof: Proof | None = None,
    worth: Worth | None = None,
    even: BreakEven | None = None,
    rolled: Rolled | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, Any]:
    """Give a plan in its JSON form, with what else was asked of it.

    Parameters
    ----------
    plan
        The plan.
    proof, worth, even, rolled
        Of `prove`, `value_of_knowing`, `break_even` and `roll`.
    tables
        Further tables by their name in the form: ``frontier``, ``next_billion``, ``sensitivity``,
        ``worth``, ``robustness``.

    Raises
    ------
    UnknownName
        For another name.
    """
    question = plan.question
    given = dict(tables or {})
    given |= {"portfolio": plan.portfolio(), "payments": plan.payments(), "losses": plan.losses()}
    given["threats"] = threats(plan)
    values: dict[str, Any] = {}
    if proof is not None:
        given["proof"] = proof.table
    if worth is not None:
        given["regret"] = worth.regret
        values |= {"evpi_usd": worth.evpi_usd, "vss_usd": worth.vss_usd}
    if even is not None:
        given |= {"break_even": even.rows, "first": even.first[list(TABLES["first"])]}
        ratio = _plain(even.avoided_per_dollar)
        values |= {"break_even_factor": _plain(even.factor), "avoided_per_dollar": ratio}
    if rolled is not None:
        given |= {"stages": rolled.summary(), "stage_decisions": rolled.decisions()}
    for name in given:
        if name not in TABLES:
            raise UnknownName("table", name, list(TABLES), where="as_json")
    case = None if question.net.origins is None else question.net.origins.case
    out: dict[str, Any] = {
        "schema": "narrows/plan/1",
        "case": None
        if case is None
        else {
            "name": case.name,
            "title": case.title,
            "version": case.info.version,
            "digest": case.digest,
            "evidence_date": case.info.evidence_date,
        },
        "settings": _settings(plan),
        "summary": {key: _plain(value) for key, value in plan.summary().items()},
        **({"values": values} if values else {}),
        **{name: _rows(given[name]) for name in TABLES if name in given},
        "sources": _sources(plan),
    }
    if proof is not None:
        out["verdict"] = {
            "confirmed": proof.confirmed,
            "word": proof.verdict,
            "sentence": proof.sentence(),
            "notes": list(proof.notes),
            "draws": proof.draws,
            "seed": proof.seed,
        }
    return out


def threats(plan: Plan) -> pd.DataFrame:
    """Give what is feared, with its probability a year and why it is taken so."""
    rows = []
    for threat in plan.question.threats:
        figure = Figure.of(threat.yearly)
        title = threat.scenario.title or threat.name
        ends = (figure.best, figure.low, figure.high)
        rows.append((threat.name, title, *ends, figure.reason, figure.source_id))
    return pd.DataFrame(rows, columns=list(TABLES["threats"]))


def _settings(plan: Plan) -> dict[str, Any]:
    terms = plan.question.terms
    origins = plan.question.net.origins
    budget = terms.budget
    return {
        "period": plan.question.net.period,
        "payers": list(terms.payers),
        "period_days": terms.period_days,
        "every": terms.every,
        "options": [option.id for option in plan.question.options],
        "by_year_usd": {str(year): usd for year, usd in budget.by_year.items()},
        "by_payer_usd": dict(budget.by_payer),
        **({"set": dict(origins.case.settings)} if origins and origins.case.settings else {}),
    }


def _sources(plan: Plan) -> list[dict[str, str]]:
    """Give every source that the options, the threats and the network rest on."""
    question = plan.question
    options = question.options
    used = [figure.source_id for option in options for figure in option.figures().values()]
    used += [Figure.of(threat.yearly).source_id for threat in question.threats]
    used += list(question.net.source_ids)
    case = None if question.net.origins is None else question.net.origins.case
    known = {} if case is None else case.package.sources
    out = []
    for name in dict.fromkeys(used):
        if name in options.sources:
            out.append({key: options.sources[name].get(key, "") for key in _SOURCE_KEYS})
        elif name in known:
            out.append({key: getattr(known[name], key) for key in _SOURCE_KEYS})
    return out


def _row(columns: Columns, *, required: bool = False) -> dict[str, Any]:
    fields = {
        name: {"type": [kind, "null"], "description": about}
        for name, (kind, about) in columns.items()
    }
    return {
        "type": "object",
        "properties": fields,
        "additionalProperties": False,
        **({"required": list(columns)} if required else {}),
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a table can hold
    if value is None or value is pd.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
