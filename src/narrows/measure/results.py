"""The one JSON form of every result, and its published schema.

The command line (`--json`), the brief and every later face use it.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from narrows.evidence import Case
from narrows.network import Network
from narrows.terms import UnknownName

__all__ = ["COLUMNS", "about", "as_json", "json_schema", "rows", "sources"]

_SOURCE_KEYS = ("id", "publisher", "title", "date", "url", "kind")
_PART = ("number", "part from 0 to 1")
_TEXT = ("string", "")
_WHERE = {
    "period": ("string", "period of the figures"),
    "basis": ("string", "location or headquarters"),
    "source_id": ("string", "source, in `sources`"),
    "grade": ("string", "weakest grade of the figures: stated, derived or assumed"),
    "filled": ("string", "the rule that filled a period without a figure; empty: none needed"),
}
_RANKS = {
    "rank": ("integer", "1 is the narrowest"),
    "holds": ("number", "part of the draws with the same rank"),
    "rank_low": ("number", "10 percent point of the drawn ranks"),
    "rank_high": ("number", "90 percent point of the drawn ranks"),
}
_LEFT = {
    "left_fixed": ("number", "part still made, nothing re-routed"),
    "left_best": ("number", "part still made, best re-routed"),
}

COLUMNS: dict[str, dict[str, tuple[str, str]]] = {
    "concentration": {
        "item": ("string", "item"),
        "name": ("string", "name of the item"),
        "stage": ("string", "stage of the chain"),
        "period": _WHERE["period"],
        "basis": _WHERE["basis"],
        "measure": ("string", "share measure"),
        "hhi": ("number", "sum of squared shares, Other as one provider"),
        "hhi_low": ("number", "the same, Other spread over endlessly many"),
        "hhi_high": ("number", "the same, Other in one hand"),
        "effective_number": ("number", "1 / hhi"),
        "cr1": ("number", "largest named share"),
        "cr3": ("number", "three largest named shares"),
        "theil": ("number", "ln n minus entropy"),
        "top_entity": ("string", "largest provider, Other where the unnamed rest is largest"),
        "top_share": _PART,
        "n_entities": ("integer", "named providers"),
        "other_share": ("number", "share that no name is given for"),
        "source_id": _WHERE["source_id"],
        "grade": _WHERE["grade"],
        "filled": _WHERE["filled"],
        **_RANKS,
        "top_ten": ("number", "part of the draws within the first ten"),
    },
    "exposure": {
        "buyer": ("string", "unit or market that buys"),
        "item": ("string", "item bought"),
        "direct": ("number", "part bought from there"),
        "look_through": ("number", "part of the supply lost when it is dropped"),
        "stand_in": ("number", "part of `direct` on units whose place stands in"),
    },
    "autonomy": {
        "item": ("string", "item"),
        "reliance": ("number", "part of our use bought from them"),
        "leverage": ("number", "part of their use bought from us"),
        "reliance_look_through": ("number", "part of our supply lost without them"),
        "leverage_look_through": ("number", "part of their supply lost without us"),
        "sourcing": ("string", "who buys from whom: pooled or home_first"),
    },
    "contingency": {
        "dropped": ("string", "what closed"),
        "end_use": ("string", "end use, or all weighted by value"),
        **_LEFT,
        "stock_days": ("number", "days of stock on the way; null where nothing is lost"),
        "because": ("string", "chain of reasons"),
        "stand_in": ("number", "part of the loss on units whose place stands in"),
        **_RANKS,
        "left_fixed_low": ("number", "10 percent point of the drawn left_fixed"),
        "left_fixed_high": ("number", "90 percent point of the drawn left_fixed"),
    },
    "worst": {
        "dropped": ("string", "what closed"),
        "end_use": ("string", "end use, or all weighted by value"),
        **_LEFT,
        "because": ("string", "chain of reasons"),
        "synergy": ("number", "loss beyond the sum of the losses one by one"),
        "proved": ("boolean", "whether every choice was tried"),
    },
    "systemic_risk": {
        "shock": ("string", "the firm that fails, or the name of the case"),
        "sector": ("string", "its sector; empty for a case of one's own"),
        "place": ("string", "its place; empty for a case of one's own"),
        "direct": ("number", "weight of what fails itself"),
        "esri": ("number", "weighted part of all firms lost, by suppliers or customers"),
        "esri_down": ("number", "the same, for lack of suppliers alone"),
        "esri_up": ("number", "the same, for lack of customers alone"),
        "steps": ("integer", "steps until no firm lost more than eps"),
        "rank": ("integer", "1 is the greatest esri"),
    },
    "single_producer": {
        "item": ("string", "item"),
        "name": ("string", "name of the item"),
        "stage": ("string", "stage of the chain"),
        "level": ("string", "place or firm"),
        "holder": ("string", "place or firm"),
        "held": _PART,
        **_WHERE,
    },
    "shares": {
        "entity": ("string", "place, group, firm:NAME or Other"),
        "value": ("number", "percent"),
        "low": ("number", "percent; null where no range is given"),
        "high": ("number", "percent; null where no range is given"),
        "unit": _TEXT,
        "locator": ("string", "where in the source"),
        **_WHERE,
        "measure": ("string", "share measure"),
        "status": ("string", "actual, forecast or plan"),
        "id": ("string", "observation or assumption"),
        "note": ("string", "remark, formula or reason"),
    },
    "eu_core_indicators": {
        "product": _TEXT,
        "cdi1": ("number", "HHI of imports from outside"),
        "cdi2": ("number", "imports from outside over all imports"),
        "cdi3": ("number", "imports from outside over exports"),
        "dependent": ("boolean", "all three above their thresholds"),
        "margin": ("number", "smallest distance to a threshold"),
    },
    "eu_supply_risk": {
        "material": _TEXT,
        "stage": _TEXT,
        "hhi_world": ("number", "governed HHI of world supply"),
        "hhi_own": ("number", "governed HHI of own sourcing"),
        "supply_risk": ("number", "supply risk of the stage"),
        "counts": ("boolean", "whether it is the greater of the stages"),
        "critical_supply": ("boolean", "1.0 or more"),
    },
}


def json_schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema of a result.

    Raises
    ------
    UnknownName
        When no result has that name.
    """
    if name not in COLUMNS:
        raise UnknownName("result", name, list(COLUMNS), where="json_schema")
    fields = {
        column: {"type": [kind, "null"], "description": about}
        for column, (kind, about) in COLUMNS[name].items()
    }
    text = {"type": "string"}
    case = dict.fromkeys(("name", "title", "version", "digest", "evidence_date"), text)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"narrows/{name}/1",
        "type": "object",
        "required": ["schema", "case", "settings", "rows", "sources"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": f"narrows/{name}/1"},
            "case": {"type": ["object", "null"], "properties": case, "required": sorted(case)},
            "settings": {"type": "object"},
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": fields,
                    "additionalProperties": False,
                },
            },
            "sources": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": dict.fromkeys(_SOURCE_KEYS, text),
                    "required": ["id", "publisher", "title"],
                },
            },
        },
    }


def as_json(
    name: str,
    frame: pd.DataFrame,
    case: Case | None,
    *,
    settings: Mapping[str, Any] | None = None,
    net: Network | None = None,
) -> dict[str, Any]:
    """Give a result in its JSON form.

    Parameters
    ----------
    name
        Name of the result, a key of `COLUMNS`.
    frame
        The result.
    case
        The case it was made from.
    settings
        How it was made (period, draws, seed ...); what the user set is added.
    net
        The network it was made from, for its sources.
    """
    columns = [column for column in COLUMNS[name] if column in frame.columns]
    wanted = dict.fromkeys(frame["source_id"]) if "source_id" in frame else {}
    if net is not None:
        wanted |= dict.fromkeys(net.source_ids)
    return {
        "schema": f"narrows/{name}/1",
        "case": None if case is None else about(case),
        "settings": {
            **{key: _plain(value) for key, value in (settings or {}).items()},
            **({"set": dict(case.settings)} if case is not None and case.settings else {}),
        },
        "rows": rows(frame[columns]),
        "sources": [] if case is None else sources(case, wanted),
    }


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a table as JSON objects; missing cells are null."""
    return [
        {str(key): _plain(value) for key, value in row.items()} for row in frame.to_dict("records")
    ]


def about(case: Case) -> dict[str, str]:
    """Give what names a case and its version."""
    info = case.info
    return {
        "name": case.name,
        "title": case.title,
        "version": info.version,
        "digest": case.digest,
        "evidence_date": info.evidence_date,
    }


def sources(case: Case, wanted: Iterable[str]) -> list[dict[str, str]]:
    """Give the sources of a case by id, in the order asked."""
    known = case.package.sources
    return [
        {key: getattr(known[name], key) for key in _SOURCE_KEYS} for name in wanted if name in known
    ]


def _plain(value: Any) -> Any:  # noqa: ANN401 - what a table can hold
    """Give a number, text or flag that JSON holds; what is not finite becomes null."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value)
