"""The result of an ensemble: series of all draws, bands, summary, drivers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.simulate.collect import slices
from narrows.simulate.drivers import first_order
from narrows.simulate.guard import Guard
from narrows.simulate.outcomes import ALL, BANDS, LOSSES, outcomes_of, summary_of
from narrows.simulate.pictures import PICTURES, of_ensemble
from narrows.simulate.saved_store import AnyStore, SavedStore
from narrows.simulate.saving import is_zarr, scenario_from, written
from narrows.simulate.scenario import Scenario
from narrows.simulate.store import Store
from narrows.terms import BadInput, Fault, UnknownName

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["Ensemble"]

Array = NDArray[np.float64]
_CHUNK_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Ensemble:
    """Many draws of one scenario on one network.

    Parameters
    ----------
    store
        The folder or file that holds them.
    """

    store: AnyStore

    @classmethod
    def load(cls, path: str | Path) -> "Ensemble":
        """Open a stored or saved ensemble; its series are read as needed.

        Parameters
        ----------
        path
            Folder of the argument `store` of `ensemble`, or what `save` wrote.

        Raises
        ------
        BadInput
            When there is none, or one that was interrupted.
        """
        if is_zarr(path) or Path(path).is_file():
            return cls(SavedStore.opened(path))
        store = Store.opened(Path(path))
        batches = -(-store.about["draws"] // store.about["batch"])
        marks = len(list((store.folder / "done").glob("*.json")))
        if marks < batches:
            expected = "all of them; run the same ensemble with this store to finish it"
            found = f"{marks} of {batches} batches"
            raise BadInput(Fault(str(path), None, "store", found, expected))
        return cls(store)

    def save(self, path: str | Path) -> Path:
        """Write all draws with their labels, whole or not at all.

        Parameters
        ----------
        path
            A folder of Zarr where it ends with ``.zarr`` (extra ``zarr``), else a NetCDF file,
            for which all draws must fit into memory.

        Raises
        ------
        CouldNotWrite
            When it cannot be written.
        BadInput
            When zarr is not installed, or the folder holds other files.
        """
        about = json.dumps(self._about, ensure_ascii=False)
        return written(self.to_dataset().assign_attrs(about=about), path)

    def plot(self, kind: str = "markets", *, top: int = 6, names: Sequence[str] = ()) -> "Figure":
        """Draw the draws: their median and the band of 80 % of them.

        Parameters
        ----------
        kind
            ``markets`` (demand met), ``places`` or ``items`` (production) over time, or
            ``losses``: a map of places and items.
            The map needs production by unit (`by_unit`).
        top
            How many series; those that lose most.
        names
            These instead; of ``losses`` the places.

        Returns
        -------
        matplotlib.figure.Figure
            To be written with its ``savefig``.

        Raises
        ------
        UnknownName
            For another kind or name.
        BadInput
            For places of a chain, whose items are not added to each other, or a map
            without production by unit.
        """
        if kind not in PICTURES:
            raise UnknownName("kind", kind, PICTURES, where="plot")
        return of_ensemble(self, kind, top=top, names=names)

    @property
    def guard(self) -> Guard:
        """What the guard found before the draws: surge gain and cautions."""
        return Guard.from_json(self.store.about["guard"])

    @property
    def scenario(self) -> Scenario:
        """The scenario it was made from, with its ranges."""
        return scenario_from(self.store.about["scenario_json"])

    def to_dataset(self) -> "xr.Dataset":
        """Give the series of all draws with their labels; they are read from disk as needed.

        Returns
        -------
        xarray.Dataset
            ``production`` (draw, day, unit) where it was kept; ``production_of_item`` (draw,
            day, item); of a table ``production_of_place`` (draw, day, place); ``demand`` and
            ``demand_met`` (draw, day, market); ``weight`` (draw, market); ``quantile`` (input,
            draw). Attributes: scenario, version, digest, seed, method, unit.
        """
        import xarray as xr

        series = {
            name: (("draw", "day", axis), self.store.part(name, self._columns[name]))
            for name, axis in self._groups.items()
        }
        return xr.Dataset(
            {
                **series,
                "weight": (("draw", "market"), self.store.weights),
                "quantile": (("input", "draw"), self.store.quantiles),
            },
            coords={"draw": np.arange(self._draws), "input": self._inputs, **self._coordinates},
            attrs=self._attributes,
        )

    def bands(self, quantiles: Sequence[float] = BANDS) -> "xr.Dataset":
        """Give quantiles of the draws, day by day.

        Parameters
        ----------
        quantiles
            Parts of the draws that lie below.

        Returns
        -------
        xarray.Dataset
            The series of `to_dataset` with ``quantile`` in place of ``draw``.
        """
        import xarray as xr

        size = self.store.shape[2]
        out = np.empty((len(quantiles), self._days, size))
        step = max(1, _CHUNK_BYTES // (8 * self._draws * size))
        for first in range(0, self._days, step):
            last = min(first + step, self._days)
            out[:, first:last] = np.quantile(
                self.store.days(first, last), quantiles, axis=0, overwrite_input=True
            )
        series = {
            name: (("quantile", "day", axis), out[:, :, self._columns[name]])
            for name, axis in self._groups.items()
        }
        coordinates = {"quantile": list(quantiles), **self._coordinates}
        return xr.Dataset(series, coords=coordinates, attrs=self._attributes)

    def outcomes(self) -> pd.DataFrame:
        """Give what each draw comes to, one row a draw and market.

        Returns
        -------
        DataFrame
            draw, market, shortfall_days (in days of demand), missing_at_end (part of a day's
            demand on the last day), deepest (part of a day), survive_days, recover_days (NaN: not
            reached). The market ``all`` weighs the markets by their value; its times are those
            of the value met.
        """
        return self._outcomes.copy()

    def summary(self) -> pd.DataFrame:
        """Tell what each market goes without over the draws, the largest median first.

        Returns
        -------
        DataFrame
            market; shortfall_days, missing_at_end, deepest, survive_days, recover_days, each as
            ``_10``, ``_50``, ``_90`` (percent of the draws lie below; NaN: not reached there);
            never_short and never_back, the parts of the draws in which the time to survive and
            the time to recover are not reached (never_back among the draws that were short).
        """
        frame = pd.DataFrame(
            [summary_of(str(name), found) for name, found in self._outcomes.groupby("market")]
        )
        order = np.lexsort((-frame["shortfall_days_50"], frame["market"].ne(ALL)))
        return frame.iloc[order].reset_index(drop=True)

    def drivers(self, of: str = "shortfall_days", *, market: str = ALL) -> pd.DataFrame:
        """Tell which inputs move an outcome, from the draws already made.

        Parameters
        ----------
        of
            ``shortfall_days``, ``missing_at_end`` or ``deepest``.
        market
            A market, or ``all``.

        Returns
        -------
        DataFrame
            input, about, first_order (part of the variance of the outcome that goes with the
            input alone), direction (rank correlation), noise_floor (what chance reaches with the
            best of all inputs), above_noise; the strongest first.

        Raises
        ------
        UnknownName
            For another outcome or market.
        """
        if of not in LOSSES:
            raise UnknownName("outcome", of, LOSSES, where="drivers")
        mine = self._outcomes[self._outcomes["market"] == market]
        if mine.empty:
            markets = list(dict.fromkeys(self._outcomes["market"]))
            raise UnknownName("market", market, markets, where="drivers")
        found = first_order(self.store.quantiles, mine[of].to_numpy(), seed=self._about["seed"])
        frame = pd.DataFrame(
            {
                "input": self._inputs,
                "about": [each["about"] for each in self._about["inputs"]],
                "first_order": found.first_order,
                "direction": found.direction,
                "noise_floor": found.noise_floor,
                "above_noise": found.first_order > found.noise_floor,
            }
        )
        return frame.sort_values("first_order", ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def _outcomes(self) -> pd.DataFrame:
        return outcomes_of(self.store, self._columns)

    @property
    def _about(self) -> dict[str, Any]:
        return dict(self.store.about)

    @property
    def _draws(self) -> int:
        return int(self.store.about["draws"])

    @property
    def _days(self) -> int:
        return int(self.store.about["days"])

    @cached_property
    def _inputs(self) -> list[str]:
        return [each["input"] for each in self.store.about["inputs"]]

    @cached_property
    def _columns(self) -> dict[str, slice]:
        return slices(self._groups, self.store.about["labels"])

    @property
    def _groups(self) -> dict[str, str]:
        return dict(self.store.about["groups"])

    @property
    def _coordinates(self) -> dict[str, Any]:
        return {"day": np.arange(self._days), **self.store.about["labels"]}

    @property
    def _attributes(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.store.about.items()
            if name not in ("groups", "labels", "inputs")
        }
