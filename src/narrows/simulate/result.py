"""The result of a run: daily series with labels, their summary, and their file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.accounts import account, times
from narrows.simulate.guard import Guard
from narrows.simulate.pictures import PICTURES, of_run
from narrows.simulate.saving import opened, scenario_from, scenario_text, written
from narrows.simulate.scenario import Scenario
from narrows.terms import BadInput, Fault, UnknownName

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["NORMAL_FLOW", "Run", "dataset", "network_name"]

Array = NDArray[np.float64]
NORMAL_FLOW = "part of world output a day"
_BY = {"unit": "unit", "item": "unit_item", "place": "unit_place"}


@dataclass(frozen=True)
class Run:
    """One scenario on one network, day by day.

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
            ``production``, ``orders``, ``scarcity`` (part of the orders not filled) by day and
            unit; ``demand`` and ``demand_met`` by day, market and item; ``stock_days`` (stock in
            days of normal use) by day and need, in large networks the shortest by day and item;
            ``limited_by`` by day and unit: 0 its orders, 1 its capacity, 2 and more its stock
            of an input, 2 + the place of the item in ``item``. Day 0 is undisturbed.
            Attributes: scenario, version, digest, seed, unit.
        """
        return self.data

    def summary(self) -> pd.DataFrame:
        """Tell what each market went without, one row a market and item, the largest first.

        Returns
        -------
        DataFrame
            market, item, demand (on day 0), shortfall (sum over the days), shortfall_days (in
            days of demand), missing_at_end (a day, on the last day), deepest, deepest_day,
            survive_days, recover_days (NaN: not reached).
        """
        stacked = self.data[["demand", "demand_met"]].stack(row=("market", "item"))  # noqa: PD013 - xarray
        normal = np.nan_to_num(stacked["demand"].to_numpy())
        actual = np.nan_to_num(stacked["demand_met"].to_numpy())
        bought = (normal > 0).any(axis=0)
        normal, actual = normal[:, bought], actual[:, bought]
        found = account(normal, actual)
        survive, recover = times(normal, actual, int(self.data.attrs["first_shock"]))
        frame = pd.DataFrame(
            {
                "market": stacked["market"].to_numpy()[bought],
                "item": stacked["item"].to_numpy()[bought],
                "demand": normal[0],
                "shortfall": found.shortfall,
                "shortfall_days": found.shortfall / np.where(normal[0] > 0, normal[0], np.nan),
                "missing_at_end": found.missing_at_end,
                "deepest": found.deepest,
                "deepest_day": found.deepest_day,
                "survive_days": survive,
                "recover_days": recover,
            }
        )
        return frame.sort_values("shortfall", ascending=False, kind="stable", ignore_index=True)

    def losses(self, by: str = "place") -> pd.DataFrame:
        """Tell what was not made, the largest loss first.

        Parameters
        ----------
        by
            ``place``, ``item`` or ``unit``.

        Returns
        -------
        DataFrame
            The name, production (on day 0), shortfall, made_up_later, lost (shortfall minus
            what was made up), lost_days (in days of production), missing_at_end (a day, on the
            last day: the loss goes on beyond the window), deepest, deepest_day.

        Raises
        ------
        UnknownName
            For another kind.
        BadInput
            For places in a chain: parts of different items are no sum.
        """
        if by not in _BY:
            raise UnknownName("kind", by, list(_BY), where="losses")
        if by == "place" and self.data.attrs["unit"] == NORMAL_FLOW:
            chain = "a chain in normal flow, where items are not added to each other"
            raise BadInput(Fault("losses", None, "by", chain, "item or unit"))
        names = self.data[_BY[by]].to_numpy().astype(str)
        labels, rows = np.unique(names, return_inverse=True)
        made = np.zeros((self.data.sizes["day"], len(labels)))
        np.add.at(made.T, rows, self.data["production"].to_numpy().T)
        found = account(np.broadcast_to(made[0], made.shape), made)
        frame = pd.DataFrame(
            {
                by: labels,
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

    def plot(self, kind: str = "markets", *, top: int = 6, names: Sequence[str] = ()) -> "Figure":
        """Draw the run.

        Parameters
        ----------
        kind
            ``markets`` (demand met), ``places`` or ``items`` (production) over time, or
            ``losses``: a map of places and items.
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
            For places of a chain, whose items are not added to each other.
        """
        if kind not in PICTURES:
            raise UnknownName("kind", kind, PICTURES, where="plot")
        return of_run(self, kind, top=top, names=names)

    @property
    def guard(self) -> Guard:
        """What the guard found before the run: surge gain and cautions."""
        return Guard.from_json(self.data.attrs["guard"])

    @property
    def scenario(self) -> Scenario:
        """The scenario it was made from; with the same network `run` makes it again."""
        return scenario_from(self.data.attrs["scenario_json"])

    def save(self, path: str | Path) -> Path:
        """Write the run, whole or not at all.

        Parameters
        ----------
        path
            A folder of Zarr where it ends with ``.zarr`` (extra ``zarr``), else a NetCDF file.

        Raises
        ------
        CouldNotWrite
            When it cannot be written.
        BadInput
            When zarr is not installed, or the folder holds other files.
        """
        return written(self.data, path)

    @classmethod
    def load(cls, path: str | Path) -> "Run":
        """Read a run that was saved, from NetCDF or Zarr.

        Raises
        ------
        BadInput
            When the file is not there or is no run.
        """
        expected = "a run saved as NetCDF or Zarr"
        with opened(path, expected) as found:
            if "draw" in found.dims or "scenario_json" not in found.attrs:
                raise BadInput(Fault(str(path), None, "", "something else", expected))
            return cls(found.load())


def dataset(
    net: Network,
    scenario: Scenario,
    series: Mapping[str, Any],
    *,
    digest: str,
    checked: Guard,
) -> "xr.Dataset":
    """Put labels around the series of a run."""
    from importlib.metadata import version

    import xarray as xr

    items = np.array(net.items, dtype=str)
    by_unit = {
        name: (("day", "unit"), series[name])
        for name in ("production", "orders", "scarcity", "limited_by")
    }
    by_market = {
        name: (("day", "market", "item"), _by_market(net, series[name]))
        for name in ("demand", "demand_met")
    }
    stock = series["stock_days"]
    each = stock.shape[1] == len(net.needs.item)
    coordinates = {
        "day": np.arange(scenario.days),
        "unit": net.labels.astype(str),
        "unit_item": ("unit", items[net.units.item]),
        "unit_place": ("unit", net.units.place.astype(str)),
        "market": net.market_names.astype(str),
        "item": items,
    }
    if each:
        needs = net.needs
        pairs = zip(net.buyers[needs.buyer], items[needs.item], strict=True)
        coordinates["need"] = np.array([f"{buyer} <- {item}" for buyer, item in pairs])
    first = min((shock.start for shock in scenario.shocks), default=1)
    return xr.Dataset(
        {**by_unit, **by_market, "stock_days": (("day", "need" if each else "item"), stock)},
        coords=coordinates,
        attrs={
            "scenario": scenario.name,
            "title": scenario.title,
            "date": str(scenario.date or ""),
            "version": version("narrows"),
            "digest": digest,
            "seed": "none",
            "unit": net.weight_unit if net.origins is None else NORMAL_FLOW,
            "first_shock": first,
            "scenario_json": scenario_text(scenario),
            "guard": checked.to_json(),
            "network": network_name(net),
        },
    )


def network_name(net: Network) -> str:
    """Name what a network was made from."""
    return f"case {net.origins.case.name}" if net.origins else "an input-output table"


def _by_market(net: Network, values: Array) -> Array:
    """Spread the market needs over markets and items, NaN where a market buys nothing of it."""
    size = len(net.units.item)
    mine = net.needs.buyer >= size
    out = np.full((len(values), len(net.market_names), len(net.items)), np.nan)
    out[:, net.needs.buyer[mine] - size, net.needs.item[mine]] = values
    return out
