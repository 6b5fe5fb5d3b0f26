"""Everything with a range, and how one draw of it is made.

Single values follow a PERT distribution between low and high with its mode at best.
Shares of one set are drawn as ``best * exp(sigma * z)`` and divided by their sum, `Other`
included; a share of zero stays zero. Low and high are read as the 5 and 95 percent points.
A printed share without a range may be off by half a unit of its last digit, no more is assumed.

References
----------
Malcolm, Roseboom, Clark and Fazar (1959), Application of a technique for research and
development program evaluation, Operations Research 7(5), 646-669 (PERT).
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from narrows.evidence.package import Package
from narrows.evidence.records import Figure
from narrows.evidence.schema import is_share
from narrows.terms import BadInput, Fault, Status, UnknownName

__all__ = ["EstimateTable", "as_quantiles", "pert", "streams"]

_Z95 = 1.6448536269514722
_COLUMNS = ("id", "kind", "subject", "measure", "entity", "period", "low", "best", "high", "unit")
_RECIPE_UNITS = {"allocation": "fraction", "stops_fraction": "fraction"}


@dataclass(frozen=True)
class EstimateTable:
    """All estimates of a case in a fixed order, ready to be drawn."""

    frame: pd.DataFrame
    ids: tuple[str, ...]
    share: NDArray[np.bool_]
    low: NDArray[np.float64]
    best: NDArray[np.float64]
    high: NDArray[np.float64]

    @classmethod
    def of(cls, package: Package) -> "EstimateTable":
        """List everything of a case that has a range."""
        rows = [*_shares(package), *_values(package), *_recipes(package)]
        frame = pd.DataFrame(rows, columns=[*_COLUMNS, "grade", "source_id", "range_from"])
        return cls(
            frame=frame,
            ids=tuple(frame["id"]),
            share=(frame["kind"] == "share").to_numpy(),
            low=frame["low"].to_numpy(np.float64),
            best=frame["best"].to_numpy(np.float64),
            high=frame["high"].to_numpy(np.float64),
        )

    def at(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the value of each estimate at its quantile `u`, shares not yet divided.

        Parameters
        ----------
        u
            Shape (estimates,), each in the open interval from 0 to 1.
        """
        out = self.best.copy()
        single = ~self.share
        out[single] = pert(u[single], self.low[single], self.best[single], self.high[single])
        best = self.best[self.share]
        sigma = _spread(self.low[self.share], best, self.high[self.share])
        out[self.share] = best * np.exp(sigma * special.ndtri(u[self.share]))
        return out


def pert(
    u: NDArray[np.float64],
    low: NDArray[np.float64],
    best: NDArray[np.float64],
    high: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give PERT quantiles; where `low` equals `high` the value itself.

    Examples
    --------
    >>> pert(np.array([0.5]), np.array([0.0]), np.array([5.0]), np.array([10.0]))
    array([5.])
    """
    span = np.where(high > low, high - low, 1.0)
    alpha = 1 + 4 * (best - low) / span
    beta = 1 + 4 * (high - best) / span
    drawn = low + span * special.betaincinv(alpha, beta, u)
    return np.where(high > low, drawn, best)


def streams(ids: Iterable[str], seed: int, draws: int) -> NDArray[np.float64]:
    """Give one stream of quantiles for each estimate, keyed by its id.

    A stream depends on the seed and the id alone: adding an estimate changes no other one.

    Returns
    -------
    ndarray
        Shape (draws, estimates), in the open interval from 0 to 1.
    """
    columns = [
        np.random.Generator(np.random.Philox(key=[seed, zlib.crc32(name.encode())])).random(draws)
        for name in ids
    ]
    out = np.stack(columns, axis=1) if columns else np.empty((draws, 0))
    return np.clip(out, 1e-12, 1 - 1e-12)


def _spread(
    low: NDArray[np.float64], best: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give sigma of a share: from both bounds, or from the upper one where the lower is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.log(high / low) / (2 * _Z95)
        upper = np.log(high / best) / _Z95
    sigma = np.where(low > 0, both, upper)
    return np.where((best > 0) & np.isfinite(sigma), sigma, 0.0)


def _shares(package: Package) -> Iterable[tuple[object, ...]]:
    sets = (found for sets in package.index.sets.values() for found in sets)
    rows = [row for found in sets if found.key.status == Status.ACTUAL for row in found.rows]
    rows += [row for rows in package.index.splits.values() for row in rows]
    for row in rows:
        best = row.value or 0.0
        given = row.low is not None and row.high is not None
        low = row.low if row.low is not None else max(best - row.half_step, 0.0)
        high = row.high if row.high is not None else min(best + row.half_step, 100.0)
        if best > 0 and high > low:
            yield _line("share", row, low, best, high, given=given)


def _values(package: Package) -> Iterable[tuple[object, ...]]:
    for row in package.figures:
        if row.low is None or row.high is None or row.status != Status.ACTUAL:
            continue
        if not is_share(row.measure) and row.high > row.low:
            best = (row.low + row.high) / 2 if row.value is None else row.value
            yield _line("value", row, row.low, best, row.high, given=True)


def _line(
    kind: str, row: Figure, low: float, best: float, high: float, *, given: bool
) -> tuple[object, ...]:
    head = (row.id, kind, row.subject, row.measure, row.entity, row.period, low, best, high)
    return (*head, row.unit, row.grade, row.source_id, "given" if given else "rounding")


def _recipes(package: Package) -> Iterable[tuple[object, ...]]:
    for row in package.recipes:
        for name, number in row.numbers.items():
            if number.high > number.low:
                unit = _RECIPE_UNITS.get(name, "days")
                bounds = (number.low, number.best, number.high)
                head = (f"{row.id}:{name}", "recipe", row.item, name, row.input, row.period)
                yield (*head, *bounds, unit, row.grade, row.source_id, "given")


def as_quantiles(
    u: Mapping[str, float] | pd.Series | NDArray[np.float64], ids: tuple[str, ...]
) -> NDArray[np.float64]:
    """Bring quantiles given by id, or in the order of the estimates, into that order.

    Raises
    ------
    BadInput
        When an array has another length, an id is unknown, or a quantile is not between 0 and 1.
    """
    if isinstance(u, Mapping | pd.Series):
        unknown = set(map(str, u.keys())).difference(ids)
        if unknown:
            raise UnknownName("estimate", min(unknown), ids, where="draw")
        u = np.array([float(u.get(name, 0.5)) for name in ids])
    out = np.asarray(u, dtype=np.float64)
    if out.shape != (len(ids),):
        expected = f"one quantile for each of {len(ids)} estimates"
        raise BadInput(Fault("draw", None, "u", f"the shape {out.shape}", expected))
    if not ((out > 0) & (out < 1)).all():
        raise BadInput(Fault("draw", None, "u", "0, 1 or beyond", "quantiles between 0 and 1"))
    return out
