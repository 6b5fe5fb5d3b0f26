"""An input-output table of many regions: who sells how much to whom in a year."""

from dataclasses import dataclass

import pandas as pd

__all__ = ["InputOutputTable"]


@dataclass(frozen=True, eq=False, repr=False)
class InputOutputTable:
    """Flows of a year between sectors of regions, with where they come from.

    Attributes
    ----------
    Z
        Purchases of industries: rows sell, columns buy, both labelled (region, sector).
    Y
        Final use: rows as in `Z`, columns labelled (region, category). May be negative where
        stocks are drawn down.
    x
        Output of each (region, sector).
    value_added, taxes
        Value added, and taxes less subsidies on what is bought, of each (region, sector).
    name
        A short name, such as ``icio-2023-2020``.
    source, edition, year
        Publisher and data set; edition and year, empty where the file does not tell.
    unit
        Unit of every flow, for one year, such as ``million USD``.
    licence
        Terms of use as far as they are known.
    digest
        SHA-256 of the file that was read.
    final_taxes
        Taxes less subsidies on products that final use pays, of all regions together.
    notes
        What was noticed and done on reading, one sentence each.
    """

    Z: pd.DataFrame
    Y: pd.DataFrame
    x: pd.Series
    value_added: pd.Series
    taxes: pd.Series
    name: str
    source: str
    edition: str
    year: str
    unit: str
    licence: str
    digest: str
    final_taxes: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[tuple[str, str], ...]:
        """(region, sector) of each row, in the order of the table."""
        return _pairs(self.Z.index)

    @property
    def markets(self) -> tuple[tuple[str, str], ...]:
        """(region, category) of each column of final use."""
        return _pairs(self.Y.columns)

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions in the order of the table."""
        return tuple(dict.fromkeys(region for region, _ in self.units))

    @property
    def sectors(self) -> tuple[str, ...]:
        """Sectors in the order of the table."""
        return tuple(dict.fromkeys(sector for _, sector in self.units))

    @property
    def world_gdp(self) -> float:
        """Sum of GDP in the table: value added and all taxes less subsidies on products."""
        return float(self.value_added.sum() + self.taxes.sum()) + self.final_taxes

    def __repr__(self) -> str:
        """Give name and size; the flows themselves fill screens."""
        size = f"{len(self.regions)} regions x {len(self.sectors)} sectors"
        return f"<InputOutputTable {self.name}: {size}, {self.year or 'year not known'}>"


def _pairs(labels: pd.Index) -> tuple[tuple[str, str], ...]:
    both = (labels.get_level_values(level) for level in (0, 1))
    return tuple((str(region), str(rest)) for region, rest in zip(*both, strict=True))
