"""The result of many scenarios: series of each, outcomes, losses."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.accounts import account, times
from narrows.simulate.collect import Collector, slices
from narrows.simulate.outcomes import ALL
from narrows.simulate.result import NORMAL_FLOW
from narrows.simulate.saving import opened, written
from narrows.simulate.scenario import Scenario
from narrows.terms import BadInput, Fault, UnknownName

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Runs", "dataset_of"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Runs:
    """Many scenarios on one network.

    Parameters
    ----------
    data
        The series, see `to_dataset`.
    """

    data: "xr.Dataset"

    def to_dataset(self) -> "xr.Dataset":
        """Give the series with their labels.

        Returns
        -------
        xarray.Dataset
            ``production_of_item`` (scenario, day, item); of a table ``production_of_place``
            (scenario, day, place); ``demand`` and ``demand_met`` (scenario, day, market);
            ``production`` (scenario, day, unit) where it was kept; ``weight`` (market);
            ``first_shock`` (scenario). Attributes: version, digest, precision, unit.
        """
        return self.data

    def outcomes(self) -> pd.DataFrame:
        """Give what each scenario comes to, one row a scenario and market.

        Returns
        -------
        DataFrame
            scenario, market, shortfall_days (in days of demand), missing_at_end (part of a day's
            demand on the last day), deepest (part of a day), survive_days, recover_days (from the
            first shock of the scenario; NaN: not reached). The market ``all`` weighs the markets
            by their value.
        """
        return pd.concat([self._outcomes(str(name)) for name in self.data["scenario"].to_numpy()],
                         ignore_index=True)  # fmt: skip

    def losses(self, by: str = "item") -> pd.DataFrame:
        """Tell what was not made, one row a scenario and name.

        Parameters
        ----------
        by
            ``item``; of a table also ``place``; ``unit`` where it was kept.

        Returns
        -------
        DataFrame
            scenario, the name, production (on day 0), shortfall, made_up_later, lost (shortfall
            minus what was made up), lost_days (in days of production), missing_at_end, deepest,
            deepest_day; in each scenario the largest loss first.

        Raises
        ------
        UnknownName
            For what was not kept.
        """
        kept = {"item": "production_of_item", "place": "production_of_place", "unit": "production"}
        known = [axis for axis, series in kept.items() if series in self.data]
        if by not in known:
            raise UnknownName("kind", by, known, where="losses")
        return pd.concat([self._losses(str(name), by, kept[by])
                          for name in self.data["scenario"].to_numpy()],
                         ignore_index=True)  # fmt: skip

    def save(self, path: str | Path) -> Path:
        """Write the series to a NetCDF file or a Zarr folder, whole or not at all.

        Raises
        ------
        CouldNotWrite
            When it cannot be written.
        """
        return written(self.data, path)

    @classmethod
    def load(cls, path: str | Path) -> "Runs":
        """Read runs that were saved.

        Raises
        ------
        BadInput
            When there are none.
        """
        expected = "many runs saved as NetCDF or Zarr"
        data = opened(path, expected)
        if "production_of_item" not in data or "first_shock" not in data:
            raise BadInput(Fault(str(path), None, "", "no runs", expected))
        return cls(data)

    def _outcomes(self, name: str) -> pd.DataFrame:
        mine = self.data.sel(scenario=name)
        normal, actual = mine["demand"].to_numpy(), mine["demand_met"].to_numpy()
        usual, weight = normal[0], self.data["weight"].to_numpy()
        value = np.divide(weight, usual, out=np.zeros_like(usual), where=usual != 0)
        normal, actual = (np.column_stack([each, each @ value]) for each in (normal, actual))
        base = np.where(normal[0] != 0, normal[0], np.nan)
        found = account(np.broadcast_to(normal, normal.shape), actual)
        survive, recover = times(normal, actual, int(mine["first_shock"]))
        return pd.DataFrame(
            {
                "scenario": name,
                "market": [*self.data["market"].to_numpy().tolist(), ALL],
                "shortfall_days": found.shortfall / base,
                "missing_at_end": found.missing_at_end / base,
                "deepest": found.deepest,
                "survive_days": survive,
                "recover_days": recover,
            }
        )

    def _losses(self, name: str, by: str, series: str) -> pd.DataFrame:
        made = self.data[series].sel(scenario=name).to_numpy()
        found = account(np.broadcast_to(made[0], made.shape), made)
        frame = pd.DataFrame(
            {
                "scenario": name,
                by: self.data[by].to_numpy(),
                "production": made[0],
                "shortfall": found.shortfall,
                "made_up_later": found.made_up_later,
                "lost": found.lost,
                "lost_days": found.lost / np.where(made[0] > 0, made[0], np.nan),
                "missing_at_end": found.missing_at_end,
                "deepest": found.deepest,
                "deepest_day": found.deepest_day,
            }
        )
        return frame.sort_values("lost", ascending=False, kind="stable", ignore_index=True)


def dataset_of(
    net: Network,
    scenarios: Sequence[Scenario],
    collector: Collector,
    series: Array,
    *,
    digest: str,
    precision: str,
) -> "xr.Dataset":
    """Put labels around the series of many scenarios, (scenarios, days, columns)."""
    from importlib.metadata import version

    import xarray as xr

    columns = slices(collector.groups, collector.labels)
    first = [min((shock.start for shock in each.shocks), default=1) for each in scenarios]
    return xr.Dataset(
        {
            **{
                name: (("scenario", "day", axis), series[:, :, columns[name]])
                for name, axis in collector.groups.items()
            },
            "weight": (("market",), collector.weights(net)),
            "first_shock": (("scenario",), np.array(first)),
        },
        coords={
            "scenario": np.array([each.name for each in scenarios]),
            "day": np.arange(scenarios[0].days),
            **{axis: np.array(names) for axis, names in collector.labels.items()},
        },
        attrs={
            "version": version("narrows"),
            "digest": digest,
            "precision": precision,
            "unit": net.weight_unit if net.origins is None else NORMAL_FLOW,
        },
    )
