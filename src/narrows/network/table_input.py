"""Take the labels of an input-output table and put its parts into one order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.evidence import check_flows
from narrows.terms import WORLD, BadInput, Fault, UnknownName

__all__ = ["Flows", "flows_of"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Labels = NDArray[np.str_]
Pair = tuple[str, str]

_WORST = 8


@dataclass(frozen=True, eq=False)
class Flows:
    """A checked table, in the order of its own rows.

    Attributes
    ----------
    z
        Purchases of industries; its rows are the units, its columns stand as in the table.
    columns
        The column of `z` of each unit.
    y
        Final use, shape (units, markets).
    x
        Output, None where the table has none.
    place, item
        Region and sector of each unit.
    markets
        (region, category) of each column of `y`.
    unit
        Unit of the flows, empty where the table does not tell.
    year
        Year of the table, empty where the table does not tell.
    """

    z: NDArray[np.generic]
    columns: Numbers
    y: Array
    x: Array | None
    place: Labels
    item: Labels
    markets: tuple[Pair, ...]
    unit: str
    year: str


def flows_of(Z: object, Y: object, x: object) -> Flows:  # noqa: N803 - names of pymrio
    """Check labels and cells, and align `Y`, `x` and the columns of `Z` with its rows.

    Raises
    ------
    BadInput
        With every fault of the labels; or, where those hold, every fault of the cells.
    """
    whole = Z
    if not isinstance(Z, pd.DataFrame) and hasattr(Z, "Z"):
        Z, Y, x = Z.Z, getattr(Z, "Y", None), getattr(Z, "x", None)  # noqa: N806
    if not isinstance(Z, pd.DataFrame) or not isinstance(Y, pd.DataFrame | pd.Series):
        found = f"{type(Z).__name__} and {type(Y).__name__}"
        expected = "pandas tables Z and Y, or one object that has both, such as an IOSystem"
        raise BadInput(Fault("Z, Y", None, "", found, expected))
    final = Y.to_frame((WORLD, "final")) if isinstance(Y, pd.Series) else Y
    output = _output(x)
    sides = {"Z rows": Z.index, "Z columns": Z.columns, "Y rows": final.index}
    if output is not None:
        sides["x"] = output.index
    pairs = _pairs(sides)
    markets = _market_pairs(final.columns)
    units = pairs["Z rows"]
    order = {name: _order(units, each) for name, each in pairs.items()}
    z = _numbers(Z, "Z")
    y = _numbers(final, "Y")[order["Y rows"]].astype(np.float64)
    out = None if output is None else _numbers(output.to_frame(), "x")[order["x"], 0]
    labels = ["/".join(unit) for unit in units]
    faults = check_flows(
        z,
        y,
        None if out is None else out.astype(np.float64),
        units=labels,
        users=["/".join(user) for user in pairs["Z columns"]],
        markets=["/".join(market) for market in markets],
        where="table",
    )
    if not faults and not (z.any() or y.any()):
        faults.append(Fault("table", None, "", "no flow at all", "a table with flows"))
    if faults:
        raise BadInput(faults)
    return Flows(
        z=z,
        columns=order["Z columns"],
        y=y,
        x=None if out is None else out.astype(np.float64),
        place=np.array([region for region, _ in units]),
        item=np.array([sector for _, sector in units]),
        markets=tuple(markets),
        unit=_unit(whole),
        year=str(getattr(whole, "year", "") or ""),
    )


def _output(x: object) -> pd.Series | None:
    if x is None or isinstance(x, pd.Series):
        return x
    if isinstance(x, pd.DataFrame) and x.shape[1] == 1:
        return x.iloc[:, 0]
    found = f"{x.shape[1]} columns" if isinstance(x, pd.DataFrame) else type(x).__name__
    raise BadInput(Fault("x", None, "", found, "one pandas column, labelled as the rows of Z"))


def _unit(whole: object) -> str:
    """Give the unit of a table: a text, or pymrio's column with one unit for each row."""
    unit = getattr(whole, "unit", "")
    if isinstance(unit, pd.DataFrame):
        names = sorted({str(each) for each in unit.to_numpy().ravel()})
        return names[0] if len(names) == 1 else ""
    return unit if isinstance(unit, str) and not isinstance(whole, pd.DataFrame) else ""


def _pairs(sides: dict[str, pd.Index]) -> dict[str, list[Pair]]:
    """Read (region, sector) labels of every side and hold them against the rows of Z."""
    faults: list[Fault] = []
    pairs: dict[str, list[Pair]] = {}
    for name, index in sides.items():
        if not isinstance(index, pd.MultiIndex) or index.nlevels != 2:
            found = f"{index.nlevels} level(s) of labels"
            faults.append(Fault(name, None, "labels", found, "two levels: region and sector"))
            continue
        faults += _label_faults(index, name)
        pairs[name] = _text(index)
    units = pairs.get("Z rows", [])
    for name, found_here in pairs.items():
        if units and not faults:
            faults += _differences(units, found_here, name)
    if not faults and not units:
        faults.append(Fault("Z rows", None, "", "no row", "at least one unit"))
    if faults:
        raise BadInput(faults)
    return pairs


def _text(index: pd.MultiIndex) -> list[Pair]:
    return [(str(region), str(rest)) for region, rest in index]


def _label_faults(index: pd.MultiIndex, name: str) -> Iterator[Fault]:
    missing = index.to_frame().isna().any(axis=1).to_numpy()
    if missing.any():
        row = int(np.flatnonzero(missing)[0])
        yield Fault(name, None, "labels", f"no label at position {row}", "a label everywhere")
    twice = index[index.duplicated()].unique()
    for label in twice[:_WORST]:
        text = "/".join(map(str, label))
        yield Fault(name, None, "labels", f"{text!r} more than once", "each label once")


def _differences(units: Sequence[Pair], others: Sequence[Pair], name: str) -> Iterator[Fault]:
    """Name labels that one side has and the other has not."""
    known, here = set(units), set(others)
    extra = sorted("/".join(each) for each in here - known)
    lost = sorted("/".join(each) for each in known - here)
    for label in extra[:_WORST]:
        near = UnknownName("unit", label, lost or ["/".join(unit) for unit in units]).nearest
        hint = f" (nearest: {near[0]})" if near else ""
        yield Fault(name, None, "labels", repr(label), f"a label of the rows of Z{hint}")
    for label in lost[:_WORST]:
        yield Fault(name, None, "labels", f"no {label!r}", "every label of the rows of Z")
    if (more := len(extra) + len(lost) - 2 * _WORST) > 0:
        found = f"about {more} more labels that do not match"
        yield Fault(name, None, "labels", found, "the labels of the rows of Z")


def _market_pairs(columns: pd.Index) -> list[Pair]:
    """Read (region, category) labels; with one level, that is the region."""
    if columns.nlevels > 2:
        found = f"{columns.nlevels} levels of labels"
        raise BadInput(Fault("Y columns", None, "labels", found, "region and category"))
    if columns.has_duplicates:
        label = columns[columns.duplicated()][0]
        fault = Fault("Y columns", None, "labels", f"{label!r} more than once", "each label once")
        raise BadInput(fault)
    if isinstance(columns, pd.MultiIndex):
        return _text(columns)
    return [each if isinstance(each, tuple) else (str(each), "final") for each in columns]


def _order(units: Sequence[Pair], others: Sequence[Pair]) -> Numbers:
    place = {pair: number for number, pair in enumerate(others)}
    return np.array([place[unit] for unit in units], dtype=np.int64)


def _numbers(table: pd.DataFrame, name: str) -> NDArray[np.generic]:
    """Give the cells, without a copy where they are numbers of one kind already."""
    cells = table.to_numpy()
    if cells.dtype.kind in "iuf":
        return cells
    try:
        return table.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        texts = [
            "/".join(map(str, column)) if isinstance(column, tuple) else str(column)
            for column, kind in table.dtypes.items()
            if not pd.api.types.is_numeric_dtype(kind)
        ]
        found = f"cells that are no number in {', '.join(texts[:3])}"
        raise BadInput(Fault(name, None, "", found, "numbers")) from None
