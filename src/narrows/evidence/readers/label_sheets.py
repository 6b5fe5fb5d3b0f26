"""Read a wide sheet with labels in its first row and column: CSV, CSV in a zip, or Parquet."""

import csv
import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.terms import BadInput, Fault

__all__ = ["Sheet", "read_sheet"]

_CHUNK = 1 << 20
_WORST = 8
Opener = Callable[[], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet as it stands in the file.

    Attributes
    ----------
    name
        Name of the file, or of the member of the zip that was read.
    corner
        The cell above the row labels.
    rows, columns
        Labels.
    values
        Shape (rows, columns); NaN where a cell is empty.
    digest
        SHA-256 of the file.
    md5
        MD5 of the file and of the member that was read.
    """

    name: str
    corner: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: NDArray[np.float64]
    digest: str
    md5: tuple[str, ...]


def read_sheet(path: Path, year: int | None = None) -> Sheet:
    """Read a sheet.

    Parameters
    ----------
    path
        A CSV file, a zip with CSV files (or with zips of them), or a Parquet file.
    year
        Which file of a zip: the one whose name holds this year.

    Raises
    ------
    BadInput
        When the file is missing, is none of these, is cut off, or holds a cell that is no
        number; when a zip holds several tables and no year says which.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            digest, md5 = _digests(file)
    except OSError as error:
        reason = "no such file" if not path.exists() else error.strerror or str(error)
        raise BadInput(
            Fault(str(path), None, "", reason, "a table as CSV, zip or Parquet")
        ) from None
    if start == b"PAR1":
        return _parquet(path, digest, md5)
    if start[:2] != b"PK":
        return _csv(path.name, lambda: path.open("rb"), digest, (md5,))
    try:
        with zipfile.ZipFile(path) as folder:
            return _member(folder, path.name, year, digest, (md5,))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        fault = Fault(path.name, None, "", f"a zip that cannot be read ({error})", "a whole zip")
        raise BadInput(fault) from None


def _digests(file: IO[bytes]) -> tuple[str, str]:
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    while chunk := file.read(_CHUNK):
        sha256.update(chunk)
        md5.update(chunk)
    return sha256.hexdigest(), md5.hexdigest()


def _member(
    folder: zipfile.ZipFile, name: str, year: int | None, digest: str, md5: tuple[str, ...]
) -> Sheet:
    """Read the table of a zip; some editions pack one zip a year into a zip."""
    tables = [
        each
        for each in folder.namelist()
        if each.lower().endswith((".csv", ".zip")) and not each.startswith("__MACOSX")
    ]
    wanted = [each for each in tables if year is None or _holds_year(each, year)]
    if len(wanted) != 1:
        listed = ", ".join(Path(each).name for each in tables[:12]) or "no CSV file"
        found = f"{listed}" if year is None else f"{listed}, and {len(wanted)} of them for {year}"
        expected = "one table; where there are several, say which year (year=, --year)"
        raise BadInput(Fault(name, None, "", found, expected))
    chosen = wanted[0]
    with folder.open(chosen) as file:
        md5 = (*md5, _digests(file)[1])
    if chosen.lower().endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(folder.read(chosen))) as inner:
            return _member(inner, Path(chosen).name, year, digest, md5)
    return _csv(Path(chosen).name, lambda: folder.open(chosen), digest, md5)


def _holds_year(name: str, year: int) -> bool:
    """Tell whether the last number of four digits in a name is the year.

    Examples
    --------
    >>> _holds_year("ICIO2021_2018.csv", 2018), _holds_year("ICIO2021_2018.csv", 2021)
    (True, False)
    """
    found = re.findall(r"(?<!\d)\d{4}(?!\d)", Path(name).name)
    return bool(found) and found[-1] == str(year)


def _parquet(path: Path, digest: str, md5: str) -> Sheet:
    try:
        frame = pd.read_parquet(path)
    except ImportError:
        found = "a Parquet file, and nothing installed that reads it"
        expected = "the extra of Narrows for tables: pip install 'narrows[tables]'"
        raise BadInput(Fault(path.name, None, "", found, expected)) from None
    except (ValueError, OSError) as error:
        found = f"a Parquet file that cannot be read ({error})"
        raise BadInput(Fault(path.name, None, "", found, "a whole Parquet file")) from None
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    if texts != [frame.columns[0]]:
        found = f"text in {len(texts)} columns: {', '.join(map(str, texts[:5]))}"
        raise BadInput(Fault(path.name, None, "", found, "text in the first column only"))
    return Sheet(
        name=path.name,
        corner=str(frame.columns[0]),
        rows=tuple(frame.iloc[:, 0].astype(str)),
        columns=tuple(map(str, frame.columns[1:])),
        values=frame.iloc[:, 1:].to_numpy(dtype=np.float64, na_value=np.nan),
        digest=digest,
        md5=(md5,),
    )


def _csv(name: str, opened: Opener, digest: str, md5: tuple[str, ...]) -> Sheet:
    head: list[str] = []
    separator = ","
    try:
        with opened() as file:
            head, separator = _head(file)
        with opened() as file:
            frame = _frame(file, len(head), separator)
    except UnicodeDecodeError:
        fault = Fault(name, None, "", "text that is not UTF-8", "a CSV file in UTF-8")
        raise BadInput(fault) from None
    except (ValueError, csv.Error, pd.errors.ParserWarning) as error:
        faults = [Fault(name, None, "", f"no sheet of numbers ({error})", "a CSV file")]
        if head:
            with opened() as file:
                faults = list(islice(_bad_cells(file, name, head, separator), _WORST)) or faults
        raise BadInput(faults) from None
    return Sheet(
        name=name,
        corner=head[0],
        rows=tuple(frame[0].fillna("").str.strip()),
        columns=tuple(head[1:]),
        values=frame.iloc[:, 1:].to_numpy(dtype=np.float64),
        digest=digest,
        md5=md5,
    )


def _head(file: IO[bytes]) -> tuple[list[str], str]:
    line = file.readline(_CHUNK).decode("utf-8-sig")
    separator = ";" if line.count(";") > line.count(",") else ","
    cells = next(csv.reader([line], delimiter=separator), [])
    if len(cells) < 2:
        raise ValueError("one column")
    return [cell.strip() for cell in cells], separator


def _frame(file: IO[bytes], columns: int, separator: str) -> pd.DataFrame:
    types: dict[int, str] = dict.fromkeys(range(1, columns), "float64")
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(
            file,
            sep=separator,
            header=None,
            skiprows=1,
            names=list(range(columns)),
            index_col=False,
            dtype={0: "str", **types},
            encoding="utf-8",
            low_memory=False,
        )


def _bad_cells(file: IO[bytes], name: str, head: Sequence[str], separator: str) -> Iterator[Fault]:
    """Find the cells that are no number, with their lines."""
    with io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
        reader = csv.reader(text, delimiter=separator)
        next(reader)
        for cells in filter(None, reader):
            if len(cells) != len(head):
                found = f"{len(cells)} cells"
                yield Fault(name, reader.line_num, "", found, f"{len(head)} cells, one a column")
            for column, cell in zip(head[1:], cells[1:], strict=False):
                if not _is_number(cell):
                    yield Fault(name, reader.line_num, column, repr(cell), "a number")


def _is_number(cell: str) -> bool:
    try:
        float(cell or "nan")
    except ValueError:
        return False
    return True
