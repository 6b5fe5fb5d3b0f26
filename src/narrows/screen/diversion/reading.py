"""Read trade flows: a file or a folder, in the layout of BACI, of Comtrade, or of Narrows."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from narrows.screen.diversion import baci, comtrade
from narrows.screen.diversion.flows import Flows, checked
from narrows.terms import BadInput, Fault

__all__ = ["read_flows"]

_TABLES = (".csv", ".csv.gz", ".json", ".json.gz", ".zip", ".parquet")
_OWN = {"reporter", "partner", "item", "period", "value_usd"}
_EXPECTED = (
    "a file of BACI (t,i,j,k,v,q), of UN Comtrade (csv or JSON), "
    "or a table with reporter, partner, item, period, flow, value_usd, weight_kg"
)


def read_flows(path: str | Path, *, progress: Callable[[int, int], None] | None = None) -> Flows:
    """Give the trade flows of a file or of every such file in a folder.

    Parameters
    ----------
    path
        csv, csv.gz, JSON, Parquet or a zip of csv files. The layout is told by the columns. Code
        tables of BACI in the same folder are passed over: the numbers are known.
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
        digest = sha256(file.read_bytes()).hexdigest()[:12]
        for name, data in _members(file):
            if baci.is_code_table(data[:4096]):
                continue
            found = _one(name, data)
            frames.append(found.frame)
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


def _members(file: Path) -> Iterator[tuple[str, bytes]]:
    """Give name and bytes of what a file holds, unpacked."""
    try:
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as packed:
                names = [name for name in packed.namelist() if name.endswith(".csv")]
                for name in names:
                    yield name, packed.read(name)
        elif file.suffix == ".gz":
            yield file.name, gzip.decompress(file.read_bytes())
        else:
            yield file.name, file.read_bytes()
    except (OSError, EOFError, zipfile.BadZipFile, ValueError) as error:
        whole = "a whole file: this one is damaged or cut off"
        raise BadInput(Fault(file.name, None, "", f"{error}", whole)) from error


def _one(name: str, data: bytes) -> Flows:
    if name.endswith(".parquet"):
        return _parquet(name, data)
    if data.lstrip()[:1] in (b"{", b"["):
        return comtrade.from_records(_json(name, data), name)
    head = data[:4096].partition(b"\n")[0].decode("latin-1")
    columns = {cell.strip().strip('"').lstrip("ï»¿") for cell in head.split(",")}
    if baci.is_baci(columns):
        return baci.from_csv(data, name)
    if comtrade.is_comtrade(columns):
        return comtrade.from_csv(data, name)
    if columns >= _OWN:
        return checked(_own(name, data), source="table", file=name)
    found = f"the columns {', '.join(sorted(columns))[:120]}" if data else "an empty file"
    raise BadInput(Fault(name, 1, "", found, _EXPECTED))


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
