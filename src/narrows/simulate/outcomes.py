"""What each draw of an ensemble comes to, and how the draws spread."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.simulate.accounts import account, times
from narrows.simulate.saved_store import AnyStore

__all__ = ["ALL", "BANDS", "LOSSES", "outcomes_of", "summary_of"]

Array = NDArray[np.float64]
ALL = "all"
"""All markets together, each weighed by its value."""
BANDS = (0.1, 0.5, 0.9)
LOSSES = ("shortfall_days", "missing_at_end", "deepest")
_TIMES = ("survive_days", "recover_days")
_SERIES = ("demand", "demand_met")
_CHUNK_BYTES = 64 * 2**20


def outcomes_of(store: AnyStore, columns: Mapping[str, slice]) -> pd.DataFrame:
    """Account for every draw, some at a time: one row a draw and market."""
    draws, days, width = store.shape
    step = max(1, _CHUNK_BYTES // (8 * days * width))
    return pd.concat(
        [_chunk(store, columns, at, min(at + step, draws)) for at in range(0, draws, step)],
        ignore_index=True,
    )


def _chunk(store: AnyStore, columns: Mapping[str, slice], first: int, last: int) -> pd.DataFrame:
    """Account for some draws, the markets and all of them together."""
    whole = store.draws(first, last)
    weights = np.array(store.weights[first:last])
    usual = whole[:, 0, columns["demand"]]
    value = weights / np.where(usual != 0, usual, np.inf)
    normal, actual = (_with_all(whole[:, :, columns[name]], value) for name in _SERIES)
    found = account(normal, actual)
    survive, recover = times(normal, actual, int(store.about["first_shock"]))
    base = np.where(normal[0] != 0, normal[0], np.nan)
    names = [*store.about["labels"]["market"], ALL]
    return pd.DataFrame(
        {
            "draw": np.repeat(np.arange(first, last), len(names)),
            "market": names * (last - first),
            "shortfall_days": found.shortfall / base,
            "missing_at_end": found.missing_at_end / base,
            "deepest": found.deepest,
            "survive_days": survive,
            "recover_days": recover,
        }
    )


def _with_all(series: Array, value: Array) -> Array:
    """Add the sum over the markets by value; give (days, draws x markets)."""
    every = (series * value[:, None]).sum(-1, keepdims=True)
    both = np.concatenate([series, every], axis=-1)
    return both.swapaxes(0, 1).reshape(both.shape[1], -1)


def summary_of(market: str, found: pd.DataFrame) -> dict[str, Any]:
    """Give the quantiles of the outcomes of a market, and how often a time is not reached."""
    row: dict[str, Any] = {"market": market}
    for name in (*LOSSES, *_TIMES):
        values = found[name].to_numpy()
        late = name in _TIMES
        values = np.where(np.isnan(values), np.inf, values) if late else values
        points = np.quantile(values, BANDS, method="nearest" if late else "linear")
        for band, point in zip(BANDS, points.tolist(), strict=True):
            row[f"{name}_{band * 100:.0f}"] = point if np.isfinite(point) else np.nan
    short = found["survive_days"].notna()
    back = found.loc[short, "recover_days"].isna()
    row["never_short"] = float(1.0 - short.mean())
    row["never_back"] = float(back.mean()) if len(back) else 0.0
    return row
