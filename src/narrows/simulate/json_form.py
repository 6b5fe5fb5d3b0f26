"""The JSON form of runs, ensembles and comparisons, and its published schema."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from narrows.network import Network
from narrows.simulate.ensemble_result import Ensemble
from narrows.simulate.guard import Guard
from narrows.simulate.outcomes import BANDS
from narrows.simulate.replay import json_form as replays
from narrows.simulate.result import NORMAL_FLOW, Run
from narrows.simulate.scenario import Scenario
from narrows.terms import UnknownName

if TYPE_CHECKING:
    from narrows.simulate.comparing import Comparison

__all__ = ["COLUMNS", "TABLES", "as_json", "json_schema"]

_SOURCE_KEYS = ("id", "publisher", "title", "date", "url", "kind")
_MARKET = {"market": ("string", "market"), "item": ("string", "item; of a run")}
_LOSSES = {
    "place": ("string", "place, in a table"),
    "unit": ("string", "unit, in a chain"),
    "production": ("number", "on day 0, a day"),
    "shortfall": ("number", "sum of what was missing, day by day"),
    "made_up_later": ("number", "sum of what was above day 0"),
    "lost": ("number", "shortfall minus what was made up"),
    "lost_days": ("number", "lost in days of production"),
    "missing_at_end": ("number", "missing a day, on the last day"),
    "deepest": ("number", "largest part of a day missing"),
    "deepest_day": ("integer", "first day it was"),
}
_OUTCOMES = {
    "shortfall_days": "days of demand missing",
    "missing_at_end": "missing a day, on the last day",
    "deepest": "largest part of a day missing",
    "survive_days": "days from the first shock until more than 1 % is missing",
    "recover_days": "days from the first shock until it stays above 99 % for 30 days",
}
_BANDS = {
    f"{name}_{100 * band:.0f}": ("number", f"{about}; {100 * band:.0f} % of the draws lie below")
    for name, about in _OUTCOMES.items()
    for band in BANDS
}
_GUARD = {
    "check": ("string", "restocking, overproduction, lag or drift"),
    "found": ("string", "the setting, with its number"),
    "reason": ("string", "what it does to the result"),
    "instead": ("string", "nearest setting without it"),
}

COLUMNS: dict[str, dict[str, tuple[str, str]]] = {
    "stress": {
        **_MARKET,
        "demand": ("number", "of a run: on day 0, a day"),
        "shortfall": ("number", "of a run: sum of what was missing"),
        **{name: ("number", f"of a run: {about}") for name, about in _OUTCOMES.items()},
        "deepest_day": ("integer", "of a run: first day it was"),
        **{name: (kind, f"of an ensemble: {about}") for name, (kind, about) in _BANDS.items()},
        "never_short": ("number", "part of the draws that never miss 1 %"),
        "never_back": ("number", "part of the short draws that do not recover"),
    },
    "compare": {
        **_MARKET,
        "outcome": ("string", "shortfall_days, missing_at_end or deepest"),
        "one": ("number", "in the first; of ensembles the median"),
        "other": ("number", "in the second; of ensembles the median"),
        "difference": ("number", "second minus first; of ensembles the median over the draws"),
        "difference_10": ("number", "10 % of the differences draw by draw lie below"),
        "difference_90": ("number", "90 % of the differences draw by draw lie below"),
        "other_is_worse": ("number", "part of the draws in which the second is worse"),
    },
}
"""Columns of the rows of each form: type and meaning."""

TABLES: dict[str, dict[str, dict[str, tuple[str, str]]]] = {
    "stress": {
        "losses": _LOSSES,
        "cautions": _GUARD,
        "turning_points": {
            "day": ("integer", "day"),
            "turn": ("string", "drops, begins to fall, lowest, peak, ..."),
            "level": ("number", "part of day 0"),
            "cause": ("string", "shock, stock, stock back, rationing, restocking, ..."),
            "unit": ("string", "unit or market it is about"),
            "item": ("string", "input it is about"),
            "sentence": ("string", "all of it in words"),
        },
        "drivers": {
            "input": ("string", "input with a range"),
            "about": ("string", "what it is"),
            "first_order": ("number", "part of the variance that goes with it alone"),
            "direction": ("number", "rank correlation"),
            "noise_floor": ("number", "what chance reaches with the best of all inputs"),
            "above_noise": ("boolean", "whether it is above that"),
        },
    },
    "compare": {"cautions": {"of": ("string", "one or other"), **_GUARD}},
}
"""The other tables of each form."""


def json_schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema of a form.

    Parameters
    ----------
    name
        ``stress``, ``compare``, ``replay`` or ``score-card``.

    Raises
    ------
    UnknownName
        For another name.
    """
    if name in replays.COLUMNS:
        return replays.schema(name)
    if name not in COLUMNS:
        known = [*COLUMNS, *replays.COLUMNS]
        raise UnknownName("result", name, known, where="json_schema")
    text = {"type": "string"}
    case = dict.fromkeys(("name", "title", "version", "digest", "evidence_date"), text)
    scenario = {"name": text, "title": text, "days": {"type": "integer"}}
    tables = {"rows": COLUMNS[name], **TABLES[name]}
    sources = {
        "type": "object",
        "properties": dict.fromkeys(_SOURCE_KEYS, text),
        "required": ["id", "publisher", "title"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"narrows/{name}/1",
        "type": "object",
        "required": ["schema", "kind", "case", "scenario", "settings", *tables, "sources"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": f"narrows/{name}/1"},
            "kind": {"enum": ["run", "ensemble"]},
            "case": {"type": ["object", "null"], "properties": case, "required": sorted(case)},
            "scenario": {"type": "object", "properties": scenario, "required": ["name", "days"]},
            "settings": {"type": "object"},
            **{each: _table(columns) for each, columns in tables.items()},
            "sources": {"type": "array", "items": sources},
        },
    }


def as_json(
    result: "Run | Ensemble | Comparison",
    net: Network | None = None,
    *,
    turning_points: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Give a result in its JSON form.

    Parameters
    ----------
    result
        A run, an ensemble, or a comparison of two.
    net
        The network it was made on, for the case and its sources.
    turning_points
        Of a run, from `turning_points`.
    """
    if isinstance(result, Run):
        return _of_run(result, net, turning_points)
    if isinstance(result, Ensemble):
        return _of_ensemble(result, net)
    return _of_comparison(result, net)


def _of_run(run: Run, net: Network | None, turns: pd.DataFrame | None) -> dict[str, Any]:
    attributes = run.to_dataset().attrs
    by = "unit" if attributes["unit"] == NORMAL_FLOW else "place"
    tables = {
        "rows": run.summary(),
        "losses": run.losses(by),
        "cautions": run.guard.to_frame(),
        "turning_points": pd.DataFrame() if turns is None else turns,
        "drivers": pd.DataFrame(),
    }
    kept = ("version", "digest", "seed", "unit", "network")
    return _form("stress", "run", run.scenario, net, _settings(attributes, kept, run.guard), tables)


def _of_ensemble(ensemble: Ensemble, net: Network | None) -> dict[str, Any]:
    about = dict(ensemble.store.about)
    kept = ("version", "digest", "seed", "unit", "network", "draws", "method", "precision")
    tables = {
        "rows": ensemble.summary(),
        "losses": pd.DataFrame(),
        "cautions": ensemble.guard.to_frame(),
        "turning_points": pd.DataFrame(),
        "drivers": ensemble.drivers(),
    }
    used = _settings(about, kept, ensemble.guard)
    return _form("stress", "ensemble", ensemble.scenario, net, used, tables)


def _of_comparison(found: "Comparison", net: Network | None) -> dict[str, Any]:
    tables = {"rows": found.table, "cautions": found.cautions}
    return _form("compare", found.kind, found.one, net, dict(found.settings), tables)


def _form(
    name: str,
    kind: str,
    scenario: Scenario,
    net: Network | None,
    settings: dict[str, Any],
    tables: Mapping[str, pd.DataFrame],
) -> dict[str, Any]:
    case = None if net is None or net.origins is None else net.origins.case
    known = {} if case is None else case.package.sources
    used = () if net is None else net.source_ids
    return {
        "schema": f"narrows/{name}/1",
        "kind": kind,
        "case": None
        if case is None
        else {
            "name": case.name,
            "title": case.title,
            "version": case.info.version,
            "digest": case.digest,
            "evidence_date": case.info.evidence_date,
        },
        "scenario": {"name": scenario.name, "title": scenario.title, "days": scenario.days},
        "settings": settings,
        **{each: _rows(table) for each, table in tables.items()},
        "sources": [
            {key: getattr(known[source], key) for key in _SOURCE_KEYS}
            for source in used
            if source in known
        ],
    }


def _settings(about: Mapping[str, Any], kept: tuple[str, ...], guard: Guard) -> dict[str, Any]:
    return {
        **{key: _plain(about[key]) for key in kept if key in about},
        "surge_gain": _plain(guard.surge_gain),
    }


def _table(columns: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    fields = {
        column: {"type": [kind, "null"], "description": about}
        for column, (kind, about) in columns.items()
    }
    row = {"type": "object", "properties": fields, "additionalProperties": False}
    return {"type": "array", "items": row}


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a table can hold
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
