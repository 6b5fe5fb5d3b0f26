"""Two runs or ensembles side by side, draw by draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from narrows.simulate.ensemble_result import Ensemble
from narrows.simulate.outcomes import ALL, LOSSES
from narrows.simulate.result import Run
from narrows.simulate.scenario import Scenario
from narrows.terms import BadInput, Fault

__all__ = ["Comparison", "compare"]

_BANDS = (0.1, 0.5, 0.9)
_SAME = ("days", "unit")
_SAME_DRAWS = ("draws", "seed", "method")
_KEY = ["market", "item", "outcome"]


@dataclass(frozen=True)
class Comparison:
    """Two runs or two ensembles side by side.

    Attributes
    ----------
    kind
        ``run`` or ``ensemble``.
    one, other
        Their scenarios.
    table
        One row a market (in runs a market and item) and outcome: one, other, difference (other
        minus one); of ensembles also difference_10, difference_90 and other_is_worse, over the
        draws one by one. The largest difference in days of demand first.
    cautions
        What the guard found in either: of, check, found, reason, instead.
    settings
        Days, draws, seed, and what names the two.
    """

    kind: str
    one: Scenario
    other: Scenario
    table: pd.DataFrame
    cautions: pd.DataFrame
    settings: Mapping[str, Any]


def compare(one: Run | Ensemble, other: Run | Ensemble) -> Comparison:
    """Put two runs or two ensembles on the same draws side by side.

    In ensembles the draws are compared one by one, so that what both share cancels out: the band
    of the difference is narrower than the difference of the bands.

    Parameters
    ----------
    one, other
        Two runs, or two ensembles, of networks with the same markets.

    Returns
    -------
    Comparison
        Both, and the difference.

    Raises
    ------
    BadInput
        When one is a run and the other an ensemble, or their days, units, markets, or draws
        (number, seed, method, where an input lies in each draw) differ.

    Examples
    --------
    >>> import pandas as pd
    >>> from narrows.network import from_mrio
    >>> from narrows.simulate import CapacityLoss, Scenario, run
    >>> units = pd.MultiIndex.from_product([["JPN", "USA"], ["cars"]])
    >>> uses = pd.MultiIndex.from_product([["JPN", "USA"], ["final"]])
    >>> net = from_mrio(pd.DataFrame(10.0, units, units), pd.DataFrame(40.0, units, uses))
    >>> stops = [CapacityLoss(place="JPN", lost=part, start=2, days=9) for part in (0.2, 0.4)]
    >>> one, other = (run(net, Scenario(name="x", days=40, shocks=[stop])) for stop in stops)
    >>> found = compare(one, other).table
    >>> bool((found["other"] >= found["one"]).all())
    True
    """
    if isinstance(one, Run) and isinstance(other, Run):
        return _runs(one, other)
    if isinstance(one, Ensemble) and isinstance(other, Ensemble):
        return _ensembles(one, other)
    kinds = [type(each).__name__ for each in (one, other)]
    fault = Fault("compare", None, "", f"{kinds[0]} and {kinds[1]}", "two runs, or two ensembles")
    raise BadInput(fault)


def _runs(one: Run, other: Run) -> Comparison:
    about = [{"days": r.to_dataset().sizes["day"], **r.to_dataset().attrs} for r in (one, other)]
    _same(about, _SAME)
    tables = [each.summary() for each in (one, other)]
    long = [_long(table, ["market", "item"]) for table in tables]
    if set(map(tuple, long[0][_KEY].to_numpy())) != set(map(tuple, long[1][_KEY].to_numpy())):
        raise _markets_differ()
    both = long[0].merge(long[1], on=_KEY, suffixes=("_one", "_other"))
    both = both.rename(columns={"value_one": "one", "value_other": "other"})
    both["difference"] = both["other"] - both["one"]
    return _made("run", one, other, both, _settings(about, ("days",)))


def _ensembles(one: Ensemble, other: Ensemble) -> Comparison:
    about = [dict(each.store.about) for each in (one, other)]
    _same(about, (*_SAME, *_SAME_DRAWS))
    _same_quantiles(one, other)
    tables = [each.outcomes() for each in (one, other)]
    if tables[0]["market"].tolist() != tables[1]["market"].tolist():
        raise _markets_differ()
    rows = []
    for market, mine in tables[0].groupby("market", sort=False):
        theirs = tables[1].loc[mine.index]
        for outcome in LOSSES:
            a, b = mine[outcome].to_numpy(), theirs[outcome].to_numpy()
            low, middle, high = np.quantile(b - a, _BANDS).tolist()
            rows.append(
                {
                    "market": str(market),
                    "item": "",
                    "outcome": outcome,
                    "one": float(np.median(a)),
                    "other": float(np.median(b)),
                    "difference": middle,
                    "difference_10": low,
                    "difference_90": high,
                    "other_is_worse": float((b > a).mean()),
                }
            )
    used = _settings(about, ("days", *_SAME_DRAWS))
    return _made("ensemble", one, other, pd.DataFrame(rows), used)


def _made(
    kind: str,
    one: Run | Ensemble,
    other: Run | Ensemble,
    table: pd.DataFrame,
    settings: dict[str, Any],
) -> Comparison:
    order = table["outcome"].map({name: number for number, name in enumerate(LOSSES)})
    whole = table["market"].ne(ALL)
    rank = pd.DataFrame({"a": whole, "b": -table["difference"].abs(), "c": order})
    days = table[table["outcome"] == LOSSES[0]].set_index(["market", "item"])["difference"].abs()
    rank["b"] = [-days[(m, i)] for m, i in zip(table["market"], table["item"], strict=True)]
    table = table.loc[rank.sort_values(["a", "b", "c"], kind="stable").index]
    frames = [
        each.guard.to_frame().assign(of=name)
        for name, each in (("one", one), ("other", other))
        if each.guard.cautions
    ]
    columns = ["of", "check", "found", "reason", "instead"]
    cautions = pd.concat(frames)[columns] if frames else pd.DataFrame(columns=columns)
    return Comparison(
        kind, one.scenario, other.scenario, table.reset_index(drop=True), cautions, settings
    )


def _long(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    relative = table.assign(
        missing_at_end=table["missing_at_end"] / table["demand"].where(table["demand"] != 0)
    )
    return relative.melt(keys, list(LOSSES), var_name="outcome", value_name="value")


def _settings(about: list[dict[str, Any]], kept: tuple[str, ...]) -> dict[str, Any]:
    named = {
        side: {name: each[name] for name in ("scenario", "title", "digest", "version")}
        for side, each in zip(("one", "other"), about, strict=True)
    }
    return {**{name: about[0][name] for name in kept}, **named}


def _same(about: list[dict[str, Any]], names: tuple[str, ...]) -> None:
    """Refuse what cannot be set side by side, all differences in one error."""
    one, other = about
    faults = [
        Fault("compare", None, name, f"{one[name]} and {other[name]}", "the same in both")
        for name in names
        if one[name] != other[name]
    ]
    if faults:
        raise BadInput(faults)


def _same_quantiles(one: Ensemble, other: Ensemble) -> None:
    """Refuse ensembles in which an input that both have lies elsewhere."""
    rows = [
        {each["input"]: number for number, each in enumerate(e.store.about["inputs"])}
        for e in (one, other)
    ]
    for name in rows[0].keys() & rows[1].keys():
        a, b = (e.store.quantiles[r[name]] for e, r in zip((one, other), rows, strict=True))
        if not np.array_equal(a, b):
            found = f"other draws of {name}"
            raise BadInput(Fault("compare", None, "draws", found, "the same draws in both"))


def _markets_differ() -> BadInput:
    return BadInput(Fault("compare", None, "markets", "not the same in both", "the same markets"))
