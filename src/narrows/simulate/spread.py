"""What the draws of an ensemble lose, by day, by value and by unit."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.simulate.collect import slices
from narrows.simulate.ensemble_result import Ensemble
from narrows.simulate.outcomes import ALL, BANDS
from narrows.terms import BadInput, Fault

__all__ = ["lost_by_place", "lost_by_unit", "met_by_day", "value_lost"]

Array = NDArray[np.float64]
_YEAR = 365.0


def met_by_day(ensemble: Ensemble) -> pd.DataFrame:
    """Give the part of its demand that each market gets, day by day.

    Returns
    -------
    DataFrame
        market, day, met_10, met_50, met_90 (part of the demand of the day; so many percent of the
        draws lie below), a market after the other.
    """
    names = list(ensemble.store.about["labels"]["market"])
    demand, met = (_part(ensemble, name) for name in ("demand", "demand_met"))
    parts = []
    for column, name in enumerate(names):
        wished, got = (np.array(each[:, :, column]) for each in (demand, met))
        part = np.where(wished > 0, got / np.where(wished > 0, wished, 1.0), 1.0)
        found = np.quantile(part, BANDS, axis=0)
        columns = {_named("met", band): each for band, each in zip(BANDS, found, strict=True)}
        parts.append(pd.DataFrame({"market": name, "day": np.arange(part.shape[1]), **columns}))
    return pd.concat(parts, ignore_index=True)


def value_lost(ensemble: Ensemble) -> pd.DataFrame:
    """Give what the markets go without in value: days of demand missing, at the value of a day.

    Returns
    -------
    DataFrame
        market (``all`` is their sum), lost_10, lost_50, lost_90 in the unit of the weight, which
        is taken to be that of a year.
    """
    found = ensemble.outcomes()
    days = found[found["market"] != ALL].pivot_table(
        index="draw", columns="market", values="shortfall_days", sort=False
    )
    names = list(ensemble.store.about["labels"]["market"])
    lost = days[names].to_numpy() * np.array(ensemble.store.weights) / _YEAR
    return _banded("market", [ALL, *names], np.column_stack([lost.sum(axis=1), lost]), "lost")


def lost_by_unit(ensemble: Ensemble) -> pd.DataFrame:
    """Give the production that each unit loses, less what it makes up for later.

    Returns
    -------
    DataFrame
        unit, lost_10, lost_50, lost_90 in days of its production on day 0; below 0 where it makes
        more.

    Raises
    ------
    BadInput
        When the ensemble keeps no production by unit.
    """
    lost, made, names = _units(ensemble)
    days = lost / np.where(made > 0, made, np.nan)
    return _banded("unit", names, np.where(np.isnan(days), 0.0, days), "lost")


def lost_by_place(
    ensemble: Ensemble, value: Mapping[str, float], places: Sequence[str] = ()
) -> pd.DataFrame:
    """Give the production that each place loses over some items, less what it makes up for later.

    Parameters
    ----------
    ensemble
        Draws with production by unit, of a chain in normal flow.
    value
        What all the world makes of an item in a year is worth; other items are left out.
    places
        Places wanted, all where not given.

    Returns
    -------
    DataFrame
        place, lost_10, lost_50, lost_90 in the unit of the values, days_10, days_50, days_90 in
        days of what the place makes of these items by value; the largest median first.

    Raises
    ------
    BadInput
        When the ensemble keeps no production by unit.
    """
    lost, made, names = _units(ensemble)
    known: dict[str, list[int]] = {}
    for column, name in enumerate(names):
        place, _, item = name.partition("/")
        if item in value and (not places or place in places):
            known.setdefault(place, []).append(column)
    worth = np.array([value.get(name.partition("/")[2], 0.0) for name in names])
    rows = list(known.values())
    sums = [(lost[:, each] * worth[each]).sum(axis=1) / _YEAR for each in rows]
    daily = [(made[:, each] * worth[each]).sum(axis=1) / _YEAR for each in rows]
    total = np.column_stack(sums) if sums else np.empty((len(lost), 0))
    base = np.column_stack(daily) if daily else np.empty((len(lost), 0))
    days = total / np.where(base > 0, base, np.inf)
    frame = _banded("place", list(known), total, "lost")
    frame = frame.merge(_banded("place", list(known), days, "days"), on="place")
    return frame.sort_values("lost_50", ascending=False, kind="stable", ignore_index=True)


def _units(ensemble: Ensemble) -> tuple[Array, Array, list[str]]:
    """Give lost production and that of day 0, (draws, units), one draw read at a time."""
    if "production" not in ensemble.store.about["groups"]:
        found = "an ensemble without production by unit"
        raise BadInput(Fault("ensemble", None, "by_unit", found, "one made with by_unit=True"))
    series = _part(ensemble, "production")
    lost, made = [], []
    for draw in range(series.shape[0]):
        each = np.array(series[draw])
        made.append(each[0])
        lost.append((each[0] - each).sum(axis=0))
    return np.array(lost), np.array(made), list(ensemble.store.about["labels"]["unit"])


def _part(ensemble: Ensemble, name: str) -> Array:
    about = ensemble.store.about
    return ensemble.store.part(name, slices(about["groups"], about["labels"])[name])


def _banded(what: str, names: Sequence[str], values: Array, column: str) -> pd.DataFrame:
    """Give the bands of values of shape (draws, names)."""
    found = np.quantile(values, BANDS, axis=0)
    columns = {_named(column, band): each for band, each in zip(BANDS, found, strict=True)}
    return pd.DataFrame({what: list(names), **columns})


def _named(column: str, band: float) -> str:
    return f"{column}_{100 * band:.0f}"
