"""Read trade flows: a file or a folder, in the layout of BACI, of Comtrade, or of Narrows."""

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pandas as pd

from narrows.screen.diversion import baci, comtrade
from narrows.screen.diversion.flows import Flows, checked
from narrows.terms import BadInput, Fault

__all__ = ["read_flows"]

_TABLES = (".csv", ".csv.gz", ".json", ".json.gz", ".zip", ".parquet")
_HEAD = 4096
_OWN = {"reporter", "partner", "item", "period", "value_usd"}
_EXPECTED = (
    "a file of BACI (t,i,j,k,v,q), of UN Comtrade (csv or JSON), "
    "or a table with reporter, partner, item, period, flow, value_usd, weight_kg"
)


def read_flows(
    path: str | Path,
    *,
    items: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Flows:
    """Give the trade flows of a file or of every such file in a folder.

    Parameters
    ----------
    path
        csv, csv.gz, JSON, Parquet or a zip of csv files. The layout is told by the columns. Code
        tables of BACI in the same folder are passed over: the numbers are known.
    items
        HS codes: only codes under their headings are kept one by one, all else as one sum a
        reporter and period. Needed for whole years of BACI, which do not fit into memory.
    progress
        Called with files read and files in all.

    Returns
    -------
    Flows
        With the name and the SHA-256 digest of each file in `source`.

    Raises
    ------
    BadInput
        When there is no such file, a file is of none of the layouts, is cut off, or has faulty
        rows; or when files mix reconciled flows (BACI) with reported ones.
    """
    files = _files(Path(path))
    frames, sources, notes, kinds = [], [], [], set()
    for at, file in enumerate(files):
        digest = _digest(file)
        for name, stream in _members(file):
            head = _read(name, stream, _HEAD)
            stream.seek(0)
            if baci.is_code_table(head):
                continue
            found = _one(name, head, stream, items)
            frames.append(found.narrowed(items).frame if items else found.frame)
            kinds.add(found.reconciled)
            sources.append(f"{found.source} {name} (sha256 {digest})")
            notes += [f"{name}: {note}" for note in found.notes]
        if progress:
            progress(at + 1, len(files))
    if not frames:
        raise BadInput(Fault(str(path), None, "", "code tables only", _EXPECTED))
    if len(kinds) > 1:
        found_both = "flows of BACI beside reported ones"
        raise BadInput(Fault(str(path), None, "", found_both, "one kind: they would count twice"))
    return _joined(str(path), frames, sources, notes, reconciled=kinds.pop())


def _joined(
    path: str, frames: list[pd.DataFrame], sources: list[str], notes: list[str], *, reconciled: bool
) -> Flows:
    """Put files together; the same flow in two files is refused, as it would count twice."""
    frame = pd.concat(frames, ignore_index=True)
    keys = ["reporter", "partner", "item", "period", "flow"]
    again = frame.duplicated(keys)
    if len(frames) > 1 and again.any():
        row = " ".join(str(cell) for cell in frame[keys].iloc[int(np.argmax(again))])
        raise BadInput(Fault(path, None, "", f"{row} in two files", "each flow in one file"))
    frame = frame.sort_values(keys).reset_index(drop=True)
    return Flows(frame, "; ".join(sources), reconciled, tuple(notes))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise BadInput(Fault(str(path), None, "", "no such file or folder", _EXPECTED))
    found = sorted(each for each in path.iterdir() if each.name.endswith(_TABLES))
    if not found:
        raise BadInput(Fault(str(path), None, "", "no table in this folder", _EXPECTED))
    return found


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()[:12]


def _members(file: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Give name and bytes of what a file holds, unpacked as they are read."""
    try:
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as packed:
                for name in (each for each in packed.namelist() if each.endswith(".csv")):
                    with packed.open(name) as stream:
                        yield name, cast("BinaryIO", stream)
        elif file.suffix == ".gz":
            with gzip.open(file) as stream:
                yield file.name, cast("BinaryIO", stream)
        else:
            with file.open("rb") as plain:
                yield file.name, plain
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        whole = "a whole file: this one is damaged or cut off"
        raise BadInput(Fault(file.name, None, "", f"{error}", whole)) from error


def _one(name: str, head: bytes, stream: BinaryIO, items: Sequence[str]) -> Flows:
    """Read one table in the layout that its beginning shows."""
    if name.endswith(".parquet"):
        return _parquet(name, _read(name, stream))
    if head.lstrip()[:1] in (b"{", b"["):
        return comtrade.from_records(_json(name, _read(name, stream)), name)
    first = head.partition(b"\n")[0].decode("latin-1")
    columns = {cell.strip().strip('"').lstrip("ï»¿") for cell in first.split(",")}
    if baci.is_baci(columns):
        return baci.from_csv(stream, name, items)
    if comtrade.is_comtrade(columns):
        return comtrade.from_csv(_read(name, stream), name)
    if columns >= _OWN:
        return checked(_own(name, _read(name, stream)), source="table", file=name)
    found = f"the columns {', '.join(sorted(columns))[:120]}" if head else "an empty file"
    raise BadInput(Fault(name, 1, "", found, _EXPECTED))


def _read(name: str, stream: BinaryIO, size: int = -1) -> bytes:
    """Give all of a file, or its beginning; one that breaks off is refused."""
    try:
        return stream.read(size)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        whole = "a whole file: this one is damaged or cut off"
        raise BadInput(Fault(name, None, "", f"{error}", whole)) from error


def _json(name: str, data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError as error:
        found = f"no JSON ({error})"
        raise BadInput(Fault(name, None, "", found, "the JSON of UN Comtrade")) from error


def _own(name: str, data: bytes) -> pd.DataFrame:
    try:
        return pd.read_csv(io.BytesIO(data), dtype=str, encoding="utf-8-sig", keep_default_na=False)
    except (ValueError, pd.errors.ParserError) as error:
        found = f"no CSV in UTF-8 ({error})".replace("\n", " ")
        raise BadInput(Fault(name, None, "", found, _EXPECTED)) from error


def _parquet(name: str, data: bytes) -> Flows:
    try:
        table = pd.read_parquet(io.BytesIO(data))
    except ImportError as error:
        needs = "the extra narrows[tables], which reads Parquet"
        raise BadInput(Fault(name, None, "", "Parquet", needs)) from error
    except (OSError, ValueError) as error:
        found = f"no Parquet ({error})".replace("\n", " ")
        raise BadInput(Fault(name, None, "", found, _EXPECTED)) from error
    if baci.is_baci(set(table.columns)):
        return baci.from_table(table.astype(str), name)
    return checked(table, source="table", file=name)
