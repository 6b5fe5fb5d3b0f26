"""Put regions and sectors of an input-output table together by a concordance."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from narrows.evidence.io_table import InputOutputTable
from narrows.evidence.tables import read_text
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["aggregate", "number_groups", "sum_groups"]

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Concordance = Mapping[str, str] | str | Path


def aggregate(
    table: InputOutputTable,
    *,
    regions: Concordance | None = None,
    sectors: Concordance | None = None,
) -> InputOutputTable:
    """Give the table with regions and sectors put together; every sum stays.

    Parameters
    ----------
    table
        The table.
    regions, sectors
        The group of each label: a mapping, or a CSV file with a header and two columns, label
        and group. Labels that are not named stay as they are.

    Raises
    ------
    UnknownName
        When a label is not in the table.
    BadInput
        When a label belongs to two groups (to split one needs shares, not a concordance), or a
        group has the name of a label that stays outside it.
    """
    by_region = _read(regions, "regions", table.regions)
    by_sector = _read(sectors, "sectors", table.sectors)
    units, rows = number_groups(
        [(by_region[region], by_sector[sector]) for region, sector in table.units]
    )
    markets, columns = number_groups(
        [(by_region.get(region, region), category) for region, category in table.markets]
    )
    index = pd.MultiIndex.from_tuples(units, names=["region", "sector"])
    uses = pd.MultiIndex.from_tuples(markets, names=["region", "category"])
    z = sum_groups(table.Z.to_numpy(dtype=np.float64), rows, rows)
    y = sum_groups(table.Y.to_numpy(dtype=np.float64), rows, columns)
    changed = len(table.Z) - len(units)
    return replace(
        table,
        Z=pd.DataFrame(z, index=index, columns=index),
        Y=pd.DataFrame(y, index=index, columns=uses),
        x=_summed(table.x, rows, index),
        value_added=_summed(table.value_added, rows, index),
        taxes=_summed(table.taxes, rows, index),
        notes=(*table.notes, f"Aggregated: {changed} of {len(table.Z)} rows put into others."),
    )


def sum_groups(values: Array, rows: Codes, columns: Codes) -> Array:
    """Sum the cells of a matrix by the group of their row and of their column.

    Examples
    --------
    >>> sum_groups(np.arange(4.0).reshape(2, 2), np.array([0, 0]), np.array([0, 1]))
    array([[2., 4.]])
    """
    by_row = _membership(rows) @ values
    return np.asarray((_membership(columns) @ by_row.T).T)


def _membership(codes: Codes) -> sparse.csr_array:
    shape = (int(codes.max(initial=-1)) + 1, len(codes))
    return sparse.csr_array((np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=shape)


def number_groups(pairs: Sequence[tuple[str, str]]) -> tuple[list[tuple[str, str]], Codes]:
    """Give each pair a number, in the order in which they first appear.

    Examples
    --------
    >>> number_groups([("JPN", "A"), ("JPN", "B"), ("JPN", "A")])[1]
    array([0, 1, 0])
    """
    numbers: dict[tuple[str, str], int] = {}
    codes = [numbers.setdefault(pair, len(numbers)) for pair in pairs]
    return list(numbers), np.array(codes, dtype=np.int64)


def _summed(vector: pd.Series, codes: Codes, index: pd.MultiIndex) -> pd.Series:
    sums = np.bincount(codes, weights=vector.to_numpy(dtype=np.float64), minlength=len(index))
    return pd.Series(sums, index=index, name=vector.name)


def _read(concordance: Concordance | None, what: str, known: Sequence[str]) -> dict[str, str]:
    """Give the group of every label."""
    if concordance is None:
        return dict(zip(known, known, strict=True))
    if isinstance(concordance, Mapping):
        where, pairs = what, _items(concordance)
    else:
        where, pairs = Path(concordance).name, _rows(Path(concordance))
    groups: dict[str, str] = {}
    faults: list[Fault] = []
    for line, label, group in pairs:
        if not isinstance(group, str) or not group:
            faults.append(Fault(where, line, str(label), repr(group), "the name of one group"))
        elif groups.setdefault(label, group) != group:
            found = f"in {groups[label]!r} and in {group!r}"
            faults.append(Fault(where, line, label, found, "one group: a label cannot be split"))
    unknown = [label for label in groups if label not in set(known)]
    faults += [fault for each in unknown for fault in UnknownName(what[:-1], each, known).faults]
    inside = set(groups.values())
    for label in known:
        if label in inside and groups.get(label, "") != label and label not in unknown:
            belongs = f"which belongs to {groups[label]!r}" if label in groups else "left outside"
            found = f"a group with the name of the label {label!r}, {belongs}"
            expected = f"another name, or {label!r} named as a member of {label!r}"
            faults.append(Fault(where, None, label, found, expected))
    if faults:
        raise BadInput(faults)
    return {label: groups.get(label, label) for label in known}


def _items(concordance: Mapping[str, str]) -> list[tuple[int | None, str, object]]:
    return [(None, label, group) for label, group in concordance.items()]


def _rows(path: Path) -> list[tuple[int | None, str, object]]:
    faults: list[Fault] = []
    text = read_text(path, faults)
    reader = csv.reader((text or "").splitlines())
    next(reader, None)
    out: list[tuple[int | None, str, object]] = []
    for cells in reader:
        if len(cells) != 2:
            found = f"{len(cells)} cells"
            faults.append(Fault(path.name, reader.line_num, "", found, "two: label and group"))
        else:
            out.append((reader.line_num, cells[0].strip(), cells[1].strip()))
    if faults:
        raise BadInput(faults)
    return out
