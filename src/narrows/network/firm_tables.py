"""Read and check the tables of a firm network: firms, links, which inputs are essential."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.terms import BadInput, Fault

__all__ = ["CRITICALITIES", "FirmTables", "read_tables", "sum_by"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

CRITICALITIES = ("irrelevant", "non-essential", "essential")
_WORLD = "World"
_MOST = 10  # faults of one kind that are listed one by one


@dataclass(frozen=True)
class FirmTables:
    """Checked tables; firms are sorted by sector and id.

    Attributes
    ----------
    ids, place, sector
        Id and place of each firm and number of its sector, shape (firms,).
    revenue
        Yearly revenue of each firm, NaN where not known, shape (firms,).
    sectors
        Names of the sectors, sorted.
    supplier, buyer, value
        Firms and yearly value of each link, each pair once, shape (links,).
    criticality
        0 irrelevant, 1 non-essential, 2 essential; supplier sector x buyer sector.
    notes
        What was changed on the way, as sentences.
    """

    ids: NDArray[np.str_]
    place: NDArray[np.str_]
    sector: Numbers
    revenue: Array
    sectors: tuple[str, ...]
    supplier: Numbers
    buyer: Numbers
    value: Array
    criticality: Numbers
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Table:
    """A table of text and numbers with the name and the lines to put into a fault."""

    name: str
    frame: pd.DataFrame
    lines: Sequence[int] | None

    def text(self, column: str) -> NDArray[np.str_]:
        values = self.frame[column]
        return values.where(values.notna(), "").astype(str).str.strip().to_numpy(dtype=np.str_)

    def numbers(self, column: str) -> Array:
        return pd.to_numeric(self.frame[column], errors="coerce").to_numpy(dtype=np.float64)

    def faults(self, bad: Flags, column: str, expected: str) -> Iterator[Fault]:
        """Give a fault for each bad row, the first few one by one."""
        rows = np.flatnonzero(bad)
        for row in rows[:_MOST]:
            line = None if self.lines is None else self.lines[row]
            name = self.name if self.lines is not None else f"{self.name}[{self.frame.index[row]}]"
            found = self.frame.iloc[row][column]
            shown = "nothing" if pd.isna(found) or found == "" else repr(found)
            yield Fault(name, line, column, shown, expected)
        if len(rows) > _MOST:
            yield Fault(self.name, None, column, f"{len(rows) - _MOST} more such rows", expected)


def read_tables(
    links: pd.DataFrame | Path | str,
    firms: pd.DataFrame | Path | str,
    essential: pd.DataFrame | Path | str,
) -> FirmTables:
    """Read and check; see `from_firms`.

    Raises
    ------
    BadInput
        With every fault of all three tables.
    """
    faults: list[Fault] = []
    firm_table = _table(firms, "firms", ("id", "sector"), faults)
    link_table = _table(links, "links", ("supplier", "buyer", "value"), faults)
    matrix = _matrix_table(essential, faults)
    if faults or firm_table is None or link_table is None:
        raise BadInput(faults)
    faults += _firm_faults(firm_table)
    ids, sector = firm_table.text("id"), firm_table.text("sector")
    order = np.lexsort((ids, sector))
    ids = ids[order]
    sectors, numbers = np.unique(sector[order], return_inverse=True)
    names = tuple(str(name) for name in sectors)
    ends, more = _ends(link_table, ids)
    faults += more
    criticality, more = _criticality(matrix, names)
    faults += more
    if faults:
        raise BadInput(faults)
    supplier, buyer, value, notes = _merged(ends, link_table.numbers("value"), len(ids))
    known = "revenue" in firm_table.frame
    revenue = firm_table.numbers("revenue")[order] if known else np.full(len(ids), np.nan)
    placed = "place" in firm_table.frame
    place = firm_table.text("place")[order] if placed else np.full(len(ids), "")
    return FirmTables(
        ids=ids,
        place=np.where(place == "", _WORLD, place),
        sector=numbers.astype(np.int64),
        revenue=revenue,
        sectors=names,
        supplier=supplier,
        buyer=buyer,
        value=value,
        criticality=criticality,
        notes=notes,
    )


def _table(
    given: pd.DataFrame | Path | str, name: str, columns: Sequence[str], faults: list[Fault]
) -> _Table | None:
    lines: list[int] | None = None
    if not isinstance(given, pd.DataFrame):
        path = Path(given)
        read = _csv(path, faults)
        if read is None:
            return None
        name, given, lines = path.name, *read
    missing = [column for column in columns if column not in given.columns]
    for column in missing:
        near = get_close_matches(column, [str(each) for each in given.columns], n=1)
        found = f"{near[0]!r} instead" if near else "no such column"
        faults.append(Fault(name, None if lines is None else 1, column, found, f"column {column}"))
    return None if missing else _Table(name, given, lines)


def _csv(path: Path, faults: list[Fault]) -> tuple[pd.DataFrame, list[int]] | None:
    """Read a CSV file as text, with the line in the file of each row."""
    rows: list[list[str]] = []
    lines: list[int] = []
    before = len(faults)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            head = [name.strip() for name in next(reader, [])]
            for row in reader:
                if row and len(row) != len(head):
                    found, expected = f"{len(row)} cells", f"{len(head)} cells, one a column"
                    faults.append(Fault(path.name, reader.line_num, "", found, expected))
                elif row:
                    rows.append(row)
                    lines.append(reader.line_num)
    except OSError as error:
        faults.append(Fault(str(path), None, "", error.strerror or str(error), "a readable file"))
    except (csv.Error, UnicodeDecodeError) as error:
        faults.append(Fault(path.name, None, "", f"no CSV ({error})", "a CSV file in UTF-8"))
    if len(faults) > before:
        return None
    return pd.DataFrame(rows, columns=pd.Index(head)), lines


def _firm_faults(table: _Table) -> Iterator[Fault]:
    ids = table.frame["id"].where(table.frame["id"].notna(), "").astype(str).str.strip()
    yield from table.faults((ids == "").to_numpy(), "id", "the id of a firm")
    again = (ids.duplicated() & (ids != "")).to_numpy()
    yield from table.faults(again, "id", "each firm once")
    yield from table.faults(table.text("sector") == "", "sector", "the sector of the firm")
    if not len(ids):
        yield Fault(table.name, None, "", "no firm", "at least one firm")
    if "revenue" in table.frame:
        revenue, empty = table.numbers("revenue"), table.text("revenue") == ""
        bad = ~empty & ~((revenue >= 0) & np.isfinite(revenue))
        yield from table.faults(bad, "revenue", "a number from 0 up, or nothing where not known")


def _ends(table: _Table, ids: NDArray[np.str_]) -> tuple[tuple[Numbers, Numbers], list[Fault]]:
    """Give the firms of each link; unknown ones and loops are faults, and so are bad values."""
    faults: list[Fault] = []
    known = pd.Series(np.arange(len(ids)), index=ids)
    known = known[~known.index.duplicated()]
    ends = []
    for column in ("supplier", "buyer"):
        names = table.text(column)
        found = known.index.get_indexer(pd.Index(names))
        bad = np.flatnonzero(found < 0)
        near = get_close_matches(names[bad[0]], ids.tolist(), n=1) if bad.size else []
        hint = f" (nearest to the first: {near[0]})" if near else ""
        faults += table.faults(found < 0, column, "the id of a firm in the table of firms" + hint)
        ends.append(found.astype(np.int64))
    loops = (ends[0] == ends[1]) & (ends[0] >= 0)
    faults += table.faults(loops, "buyer", "another firm than the supplier")
    value = table.numbers("value")
    faults += table.faults(~((value >= 0) & np.isfinite(value)), "value", "a number from 0 up")
    return (ends[0], ends[1]), faults


def _merged(
    ends: tuple[Numbers, Numbers], value: Array, size: int
) -> tuple[Numbers, Numbers, Array, tuple[str, ...]]:
    """Add up links named more than once and leave out those without value; say both."""
    keys, of = np.unique(ends[0] * size + ends[1], return_inverse=True)
    sums = sum_by(of, value, len(keys))
    kept = sums > 0
    notes = []
    if len(keys) < len(value):
        notes.append(f"{len(value) - len(keys)} rows repeat a link: values were added up.")
    if not kept.all():
        notes.append(f"{int((~kept).sum())} links have no value: left out.")
    return keys[kept] // size, keys[kept] % size, sums[kept], tuple(notes)


def sum_by(number: NDArray[np.integer], value: Array, size: int) -> Array:
    """Add up values by number, shape (size,)."""
    return np.asarray(np.bincount(number, value, size), dtype=np.float64)


def _matrix_table(given: pd.DataFrame | Path | str, faults: list[Fault]) -> _Table | str | None:
    """Give the table of criticalities by supplier sector, or one word that holds for all."""
    if isinstance(given, str) and given in CRITICALITIES:
        return given
    if isinstance(given, pd.DataFrame):
        return _Table("essential", given, None)
    path = Path(given)
    read = _csv(path, faults)
    if read is None:
        return None
    frame, lines = read
    if not len(frame.columns):
        faults.append(Fault(path.name, 1, "", "an empty file", "sectors in the first line"))
        return None
    return _Table(path.name, frame.set_index(frame.columns[0]), lines)


def _criticality(
    matrix: _Table | str | None, sectors: Sequence[str]
) -> tuple[Numbers, list[Fault]]:
    """Give the numbers of the criticalities in the order of the sectors of the firms."""
    size = len(sectors)
    if matrix is None:
        return np.zeros((size, size), dtype=np.int64), []
    if isinstance(matrix, str):
        return np.full((size, size), CRITICALITIES.index(matrix), dtype=np.int64), []
    frame = matrix.frame.rename(index=_word, columns=_word)
    faults = [
        Fault(matrix.name, None, str(name), "no such sector", f"a {axis} for every sector of firms")
        for axis, labels in (("row", frame.index), ("column", frame.columns))
        for name in sectors
        if name not in labels
    ]
    faults += [
        Fault(matrix.name, None, str(name), f"the {axis} twice", f"each {axis} once")
        for axis, labels in (("row", frame.index), ("column", frame.columns))
        for name in labels[labels.duplicated()].unique()
    ]
    for column in () if faults else sectors:
        bad = ~frame[column].map(_word).isin(CRITICALITIES).to_numpy()
        named = _Table(matrix.name, frame, matrix.lines)
        faults += named.faults(bad, column, "one of " + ", ".join(CRITICALITIES))
    if faults:
        return np.zeros((size, size), dtype=np.int64), faults
    words = frame.loc[list(sectors), list(sectors)].map(_word)
    return words.map(CRITICALITIES.index).to_numpy(dtype=np.int64), []


def _word(value: object) -> str:
    return str(value).strip()
