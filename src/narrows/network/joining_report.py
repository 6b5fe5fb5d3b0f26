"""What was carved out of a table, what was moved for it to fit, and what was assumed."""

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.network.from_table import NEGATIVE
from narrows.network.network import Network
from narrows.network.table_report import TableReport
from narrows.terms import BadInput, Fault

__all__ = ["JoinReport", "table_of", "value_added"]

Array = NDArray[np.float64]
DAYS = 365
_SEEN = 1e-6  # of the world's value of an item: smaller differences are not listed


@dataclass(frozen=True, eq=False, repr=False)
class JoinReport(TableReport):
    """A `TableReport` with what a join did; amounts are those of the table, a year.

    Attributes
    ----------
    join
        Kind of table.
    parent
        Sector that the items were carved out of.
    items
        Items carved out.
    carved
        By item: wanted (its value in the world), placed, left (what stays in the parent).
    supply
        By item and region: wanted (by the shares of the chain), placed.
    uses
        By item, sector and region that buys: wanted, placed.
    value_added
        By region: output carved out, wanted and placed value added.
    places
        Places of the chain that the table does not name: item, place, region, part of the
        world's output.
    assumptions
        name, low, best, high, used, why.
    """

    join: str
    parent: str
    items: tuple[str, ...]
    carved: pd.DataFrame
    supply: pd.DataFrame
    uses: pd.DataFrame
    value_added: pd.DataFrame
    places: pd.DataFrame
    assumptions: pd.DataFrame

    def moved(self) -> pd.DataFrame:
        """Give what did not fit where it was wanted, the largest first.

        Returns
        -------
        DataFrame
            what (``supply``, ``use`` or ``value added``), item, where, wanted, placed, moved
            (placed minus wanted), part (of the world's value of the item).
        """
        world = self.carved.set_index("item")["wanted"]
        added = self.value_added.assign(item="", where=self.value_added["region"])
        parts = [
            self.supply.assign(what="supply", where=self.supply["region"]),
            self.uses.assign(what="use", where=self.uses["region"] + "/" + self.uses["sector"]),
            added.assign(what="value added"),
        ]
        columns = ["what", "item", "where", "wanted", "placed"]
        found = pd.concat([each[columns] for each in parts], ignore_index=True)
        found["moved"] = found["placed"] - found["wanted"]
        found["part"] = found["moved"] / found["item"].map(world).fillna(world.sum())
        found = found[found["part"].abs() > _SEEN]
        order = found["moved"].abs().sort_values(ascending=False, kind="stable").index
        return found.loc[order].reset_index(drop=True)

    def __str__(self) -> str:
        """Give the report as text."""
        placed, wanted = self.carved["placed"].sum(), self.carved["wanted"].sum()
        moved = self.moved()
        lines = [
            super().__str__(),
            f"{', '.join(self.items)} carved out of {self.parent} ({self.join}).",
            f"Placed: {placed:,.6g} of {wanted:,.6g} {self.unit} a year.",
        ]
        for what, rows in moved.groupby("what"):
            size = rows["moved"].clip(lower=0).sum()
            short = -rows["moved"].clip(upper=0).sum()
            lines.append(
                f"{what}: {len(rows)} figures moved to fit, {size:,.4g} up and {short:,.4g} down."
            )
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Give the size of what was carved out."""
        return f"<JoinReport: {len(self.items)} items out of {self.parent}>"


def join_report(base: TableReport, **found: object) -> JoinReport:
    """Add what a join did to the report of its table."""
    kept = {each.name: getattr(base, each.name) for each in fields(TableReport)}
    return JoinReport(**kept, **found)  # type: ignore[arg-type]


def value_added(net: Network) -> pd.DataFrame:
    """Give the value added of each unit of a network from a table.

    Returns
    -------
    DataFrame
        unit, item, place, output and value_added a day in the money of the table, part (value
        added as part of output; 0 where there is none). Value added includes taxes on products.

    Raises
    ------
    BadInput
        For a network that is not from a table.
    """
    _from_table(net)
    size = len(net.units.item)
    spent = np.bincount(net.needs.buyer, weights=net.needs.recipe, minlength=size)[:size]
    output = net.units.output
    part = np.where(output > 0, 1.0 - spent, 0.0)
    return pd.DataFrame(
        {
            "unit": net.labels,
            "item": np.array(net.items)[net.units.item],
            "place": net.units.place,
            "output": output,
            "value_added": part * output,
            "part": part,
        }
    )


def table_of(net: Network, *, whole: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the yearly table of a network from a table: purchases of industries and final use.

    Parameters
    ----------
    net
        A network from `from_mrio` or `joined`.
    whole
        Whether what was carved out is added back into its parent sector.

    Returns
    -------
    Z, Y
        Labelled (region, sector) and (region, category), in the money of the table a year.

    Raises
    ------
    BadInput
        For a network that is not from a table.
    """
    flows = flows_of_net(net)
    size = len(flows)
    sectors = list(np.array(net.items)[net.units.item])
    if whole and isinstance(net.report, JoinReport):
        carved = set(net.report.items)
        sectors = [net.report.parent if each in carved else each for each in sectors]
    rows = pd.MultiIndex.from_arrays([net.units.place, sectors], names=["region", "sector"])
    uses = final_uses_of(net)
    z = pd.DataFrame(flows[:, :size], rows, rows)
    y = pd.DataFrame(flows[:, size:], rows, uses)
    if rows.has_duplicates:
        z = z.groupby(level=[0, 1]).sum().T.groupby(level=[0, 1]).sum().T
        y = y.groupby(level=[0, 1]).sum()
    return z, y.T.groupby(level=[0, 1]).sum().T


def flows_of_net(net: Network) -> Array:
    """Give the flows of a year from all units to all units and markets."""
    _from_table(net)
    base = np.concatenate([net.units.output, net.demand])
    used = net.needs.recipe * base[net.needs.buyer] * DAYS
    flows = np.zeros((len(net.units.item), len(base)))
    for units, needs, sourcing in zip(net.unit_slices, net.need_slices, net.sourcing, strict=True):
        flows[units, net.needs.buyer[needs]] = np.asarray(sourcing.shares) * used[needs]
    return flows


def final_uses_of(net: Network) -> pd.MultiIndex:
    """Give region and category of each market; those of negative cells as their own market."""
    names = [name.removesuffix(NEGATIVE).split("/", 1) for name in net.market_names.tolist()]
    pairs = [(region, kind) for region, kind in names]
    return pd.MultiIndex.from_tuples(pairs, names=["region", "category"])


def _from_table(net: Network) -> None:
    if net.report is None:
        found = "a network from a case" if net.origins else "a network from firms"
        raise BadInput(Fault("network", None, "", found, "a network from a table"))
