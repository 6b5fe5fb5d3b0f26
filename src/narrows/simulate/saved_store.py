"""An ensemble in one NetCDF file or Zarr folder, read like the store it was saved from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.saving import opened
from narrows.simulate.store import Store
from narrows.terms import BadInput, Fault

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["AnyStore", "SavedStore"]

Array = NDArray[np.float64]
_EXPECTED = "an ensemble saved as NetCDF or Zarr"


@dataclass(frozen=True)
class SavedStore:
    """A saved ensemble.

    Parameters
    ----------
    data
        As `Ensemble.to_dataset` gives it, not read at once.
    about
        What the ensemble was made from, and the labels of its axes.
    """

    data: "xr.Dataset"
    about: Mapping[str, Any]

    @classmethod
    def opened(cls, path: str | Path) -> "SavedStore":
        """Open a saved ensemble.

        Raises
        ------
        BadInput
            When there is none.
        """
        data = opened(path, _EXPECTED)
        try:
            about = json.loads(data.attrs["about"])
            missing = [name for name in about["groups"] if name not in data]
        except (ValueError, KeyError, TypeError):
            missing = ["what it was made from"]
        if missing:
            raise BadInput(Fault(str(path), None, "", f"no {missing[0]}", _EXPECTED))
        return cls(data, about)

    @cached_property
    def quantiles(self) -> Array:
        """Where each draw lies in the range of each input, (inputs, draws)."""
        return np.asarray(self.data["quantile"].to_numpy())

    @cached_property
    def weights(self) -> Array:
        """Value of the markets in each draw, (draws, markets)."""
        return np.asarray(self.data["weight"].to_numpy())

    @property
    def shape(self) -> tuple[int, int, int]:
        """Draws, days and series."""
        width = sum(len(self.about["labels"][axis]) for axis in self._groups.values())
        return int(self.about["draws"]), int(self.about["days"]), width

    def part(self, name: str, _columns: slice) -> Any:  # noqa: ANN401 - of xarray, not read yet
        """Give some of the series of all draws, (draws, days, series), not read at once."""
        return self.data[name].variable

    def draws(self, first: int, last: int) -> Array:
        """Read the series of some draws, (draws, days, series)."""
        return self._read({"draw": slice(first, last)})

    def days(self, first: int, last: int) -> Array:
        """Read some days of all draws, (draws, days, series)."""
        return self._read({"day": slice(first, last)})

    def _read(self, where: Mapping[str, slice]) -> Array:
        parts = [self.data[name].isel(where).to_numpy() for name in self._groups]
        return np.concatenate(parts, axis=-1)

    @property
    def _groups(self) -> dict[str, str]:
        return dict(self.about["groups"])


AnyStore = Store | SavedStore
