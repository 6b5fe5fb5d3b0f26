"""Read an inter-country input-output table: OECD ICIO of every edition, or FIGARO."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.evidence.aggregation import number_groups, sum_groups
from narrows.evidence.flow_checks import check_flows, gap_faults, in_percent
from narrows.evidence.io_table import InputOutputTable
from narrows.evidence.readers.icio_layout import Parts, folded, parts_of
from narrows.evidence.readers.icio_origin import Origin, origin_of
from narrows.evidence.readers.label_sheets import Sheet, read_sheet
from narrows.terms import BadInput, Fault

__all__ = ["read_icio"]

Array = NDArray[np.float64]

# A copy of the table of 2020 (edition 2023) that circulates without its decimal points.
_CORRUPTED = "d1b887aa"
_MILLION = 1e6
_NOISE = 1e-9  # of a mean row: rounding of the arithmetic
# The 17 years of WIOD 2013 hold 93.4 to 93.9 % of the World Bank's world GDP, the ICIO of 2019
# and 2020 99.9 and 100.1 %. A quarter leaves room for older national accounts.
_GDP_APART = 0.25


def read_icio(
    path: str | Path, *, year: int | None = None, world_gdp: float | None = None
) -> InputOutputTable:
    """Read a table in the layout of the OECD ICIO or of FIGARO, and check that it balances.

    Editions 2016, 2018, 2021, 2023 and 2025 of the ICIO are read. In the extended tables the
    kinds of firms of China (CN1, CN2 ...) and Mexico (MX1, MX2 ...) are put together. The
    two-letter codes of FIGARO become ISO codes of three letters.

    Parameters
    ----------
    path
        CSV, zip with CSV, or Parquet (extra ``tables``), as downloaded.
    year
        Which table, where a zip holds several years.
    world_gdp
        World GDP of that year in the unit of the table, to hold the table against. Where not
        given, only the order of magnitude is checked.

    Raises
    ------
    BadInput
        When the file is not in this layout, is the known corrupted copy, holds cells that are no
        number, or does not balance; the worst rows are named.
    """
    sheet = read_sheet(Path(path), year)
    if any(each.startswith(_CORRUPTED) for each in sheet.md5):
        found = f"the corrupted copy of the table of 2020 (MD5 {_CORRUPTED}..., no decimal points)"
        raise BadInput(Fault(sheet.name, None, "", found, "the file from the OECD itself"))
    parts = parts_of(sheet)
    parts = _folded(parts) if parts.extended else parts
    origin = origin_of(Path(path).name, sheet.name, parts)
    x, faults = _balanced(sheet, parts)
    gdp = float(parts.value_added.sum() + parts.taxes.sum()) + parts.final_taxes
    faults += _world(gdp, world_gdp, sheet.name, origin.unit)
    if faults:
        raise BadInput(faults)
    return _table(parts, x, origin, sheet, gdp)


def _folded(parts: Parts) -> Parts:
    """Put the kinds of firms of China and Mexico together."""
    units, rows = number_groups([(folded(region), sector) for region, sector in parts.units])
    markets, columns = number_groups([(folded(region), kind) for region, kind in parts.markets])
    one = np.zeros(1, dtype=np.int64)
    vectors = {"value added": parts.value_added, "taxes": parts.taxes, **parts.outputs}
    sums = {name: sum_groups(each[:, None], rows, one)[:, 0] for name, each in vectors.items()}
    return Parts(
        figaro=parts.figaro,
        units=tuple(units),
        markets=tuple(markets),
        z=sum_groups(parts.z, rows, rows),
        y=sum_groups(parts.y, rows, columns),
        value_added=sums.pop("value added"),
        taxes=sums.pop("taxes"),
        outputs=sums,
        final_taxes=parts.final_taxes,
        extended=True,
    )


def _balanced(sheet: Sheet, parts: Parts) -> tuple[Array, list[Fault]]:
    """Give the output, and every reason why rows and columns do not meet it."""
    labels = ["_".join(unit) for unit in parts.units]
    with np.errstate(invalid="ignore"):
        columns = parts.z.sum(axis=0) + parts.value_added + parts.taxes
    sums = {**parts.outputs, "the column sum with value added": columns}
    name, x = next(iter(sums.items()))
    faults = check_flows(
        parts.z,
        parts.y,
        x,
        units=labels,
        users=labels,
        markets=["_".join(market) for market in parts.markets],
        where=sheet.name,
    )
    if np.isfinite(x).all() and np.isfinite(columns).all():
        for what, found in sums.items():
            faults += gap_faults(np.nan_to_num(found), x, labels, sheet.name, what, against=name)
    return x, faults


def _world(gdp: float, expected: float | None, where: str, unit: str) -> Iterator[Fault]:
    """Hold the sum of GDP in the table against the world's."""
    if expected is not None:
        if not abs(gdp - expected) <= _GDP_APART * expected:
            found = f"world GDP of {gdp:,.4g} {unit}"
            limit = f"{expected:,.4g}, at most {in_percent(_GDP_APART)} apart"
            yield Fault(where, None, "value added", found, limit)
        return
    _, high = _bounds()
    if gdp * _MILLION > high:
        found = f"world value added of {gdp:,.4g} {unit}: decimal points or the unit are lost"
        yield Fault(where, None, "value added", found, f"at most {high / _MILLION:,.3g} {unit}")


@cache
def _bounds() -> tuple[float, float]:
    """Give bounds of world GDP in USD; for other currencies they are rough all the same."""
    text = files("narrows.evidence.readers").joinpath("world_gdp.csv").read_text("utf-8")
    row = next(csv.DictReader(text.splitlines()))
    return float(row["low"]), float(row["high"])


def _table(parts: Parts, x: Array, origin: Origin, sheet: Sheet, gdp: float) -> InputOutputTable:
    index = pd.MultiIndex.from_tuples(parts.units, names=["region", "sector"])
    uses = pd.MultiIndex.from_tuples(parts.markets, names=["region", "category"])
    return InputOutputTable(
        Z=pd.DataFrame(parts.z, index=index, columns=index, copy=False),
        Y=pd.DataFrame(parts.y, index=index, columns=uses, copy=False),
        x=pd.Series(x, index=index, name="output"),
        value_added=pd.Series(parts.value_added, index=index, name="value_added"),
        taxes=pd.Series(parts.taxes, index=index, name="taxes"),
        name=origin.name or re.sub(r"[^a-z0-9]+", "-", Path(sheet.name).stem.lower()).strip("-"),
        source=origin.source,
        edition=origin.edition,
        year=origin.year,
        unit=origin.unit,
        licence=origin.licence,
        digest=sheet.digest,
        final_taxes=parts.final_taxes,
        notes=tuple(_notes(parts, x, gdp, origin.unit)),
    )


def _notes(parts: Parts, x: Array, gdp: float, unit: str) -> Iterator[str]:
    gap = np.abs(parts.z.sum(axis=1) + parts.y.sum(axis=1) - x)
    worst = int(gap.argmax())
    yield f"World GDP in the table is {gdp:,.4g} {unit}."
    if gdp * _MILLION < _bounds()[0]:
        yield "That is less than a world has: the table covers a part, or is in another unit."
    if gap[worst] > _NOISE * x.mean():
        label = "_".join(parts.units[worst])
        yield f"The largest gap of a row is {gap[worst]:,.3g} {unit} ({label})."
    else:
        yield "Every row adds to its output."
    if (parts.y < 0).any():
        yield f"{int((parts.y < 0).sum())} negative cells of final use are kept."
    if parts.extended:
        yield "Kinds of firms of China and Mexico are put together as CHN and MEX."
