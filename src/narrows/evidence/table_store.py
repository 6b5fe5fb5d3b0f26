"""Checked copies of input-output tables in the user's data folder."""

import hashlib
import io
import json
import os
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from narrows.evidence.io_table import InputOutputTable
from narrows.evidence.readers.icio import read_icio
from narrows.terms import BadInput, Fault, UnknownName, write_whole

__all__ = ["StoredTable", "add_table", "load_table", "stored_tables"]

_SCHEMA = "narrows/stored-table/1"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_TEXTS = ("name", "source", "edition", "year", "unit", "licence", "digest")


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A stored table, as its card tells it.

    Attributes
    ----------
    name
        Name by which `load_table` finds it.
    source, edition, year, unit, licence
        As in `InputOutputTable`.
    digest
        SHA-256 of the file that was added.
    file
        Name of that file.
    copy_digest
        SHA-256 of the stored copy.
    regions, sectors
        How many there are.
    notes
        What was noticed on reading.
    """

    name: str
    source: str
    edition: str
    year: str
    unit: str
    licence: str
    digest: str
    file: str
    copy_digest: str
    regions: int
    sectors: int
    notes: tuple[str, ...]


def add_table(
    path: str | Path,
    name: str | None = None,
    *,
    year: int | None = None,
    world_gdp: float | None = None,
) -> StoredTable:
    """Check a table and keep a copy of it in the data folder of the user.

    The folder is ``$NARROWS_DATA``, or the usual place of the system, such as
    ``~/.local/share/narrows``.

    Parameters
    ----------
    path, year, world_gdp
        As for `read_icio`.
    name
        Name to store it under, in lower case with hyphens; taken from edition and year where not
        given, such as ``icio-2023-2020``.

    Raises
    ------
    BadInput
        When the table is refused, or another table is stored under this name.
    CouldNotWrite
        When the folder cannot be written.
    """
    table = read_icio(path, year=year, world_gdp=world_gdp)
    wanted = table.name if name is None else name
    if not _NAME.fullmatch(wanted):
        fault = Fault("name", None, "", repr(wanted), "lower-case letters, digits and hyphens")
        raise BadInput(fault)
    known = {each.name: each for each in stored_tables()}
    if (other := known.get(wanted)) and (other.digest, other.year) != (table.digest, table.year):
        found = f"{wanted!r}, which holds another table ({other.file} {other.year})"
        raise BadInput(Fault("name", None, "", found, "a name that is free (name=, --name)"))
    copy = _packed(table)
    card = StoredTable(
        name=wanted,
        **{field: getattr(table, field) for field in _TEXTS if field != "name"},
        file=Path(path).name,
        copy_digest=hashlib.sha256(copy).hexdigest(),
        regions=len(table.regions),
        sectors=len(table.sectors),
        notes=table.notes,
    )
    text = json.dumps({"schema": _SCHEMA, **asdict(card)}, indent=2, ensure_ascii=False) + "\n"
    folder = _folder()
    write_whole({folder / f"{wanted}.npz": copy, folder / f"{wanted}.json": text.encode()})
    return card


def stored_tables() -> tuple[StoredTable, ...]:
    """Give the cards of the stored tables, sorted by name.

    Raises
    ------
    BadInput
        When a card cannot be read.
    """
    return tuple(_card(path) for path in sorted(_folder().glob("*.json")))


def load_table(table: str | Path) -> InputOutputTable:
    """Give a table by the name under which it is stored, or from a file.

    Parameters
    ----------
    table
        Name of a stored table, or a file for `read_icio`.

    Raises
    ------
    UnknownName
        When it is neither.
    BadInput
        When the file is refused, or the stored copy was changed or damaged.
    """
    cards = {each.name: each for each in stored_tables()}
    if str(table) in cards:
        return _unpacked(cards[str(table)])
    path = Path(table)
    if not path.exists() and len(path.parts) == 1 and not path.suffix:
        raise UnknownName("table", str(table), list(cards), where="table")
    return read_icio(path)


def _folder() -> Path:
    """Give the folder of the tables, whether it exists or not."""
    home = Path.home()
    if chosen := os.environ.get("NARROWS_DATA"):
        root = Path(chosen)
    elif sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "narrows"
    elif sys.platform == "darwin":
        root = home / "Library" / "Application Support" / "narrows"
    else:
        root = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "narrows"
    return root / "tables"


def _card(path: Path) -> StoredTable:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))
        cells["notes"] = tuple(cells["notes"])
        del cells["schema"]
        return StoredTable(**cells)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        found = f"a card that cannot be read ({error})"
        expected = "a stored table; remove the file and add the table again"
        raise BadInput(Fault(str(path), None, "", found, expected)) from None


def _packed(table: InputOutputTable) -> bytes:
    buffer = io.BytesIO()
    np.savez(
        buffer,
        units=np.array(table.units),
        markets=np.array(table.markets),
        Z=table.Z.to_numpy(dtype=np.float64),
        Y=table.Y.to_numpy(dtype=np.float64),
        x=table.x.to_numpy(dtype=np.float64),
        value_added=table.value_added.to_numpy(dtype=np.float64),
        taxes=table.taxes.to_numpy(dtype=np.float64),
        final_taxes=np.array(table.final_taxes),
    )
    return buffer.getvalue()


def _unpacked(card: StoredTable) -> InputOutputTable:
    path = _folder() / f"{card.name}.npz"
    expected = "the copy that was stored; add the table again"
    try:
        copy = path.read_bytes()
    except OSError as error:
        fault = Fault(str(path), None, "", error.strerror or str(error), expected)
        raise BadInput(fault) from None
    if hashlib.sha256(copy).hexdigest() != card.copy_digest:
        raise BadInput(Fault(str(path), None, "", "a copy that was changed or cut off", expected))
    with np.load(io.BytesIO(copy), allow_pickle=False) as parts:
        arrays = dict(parts)
    index = pd.MultiIndex.from_tuples(map(tuple, arrays["units"]), names=["region", "sector"])
    uses = pd.MultiIndex.from_tuples(map(tuple, arrays["markets"]), names=["region", "category"])
    return InputOutputTable(
        Z=pd.DataFrame(arrays["Z"], index=index, columns=index),
        Y=pd.DataFrame(arrays["Y"], index=index, columns=uses),
        x=pd.Series(arrays["x"], index=index, name="output"),
        value_added=pd.Series(arrays["value_added"], index=index, name="value_added"),
        taxes=pd.Series(arrays["taxes"], index=index, name="taxes"),
        **{field: getattr(card, field) for field in _TEXTS},
        final_taxes=float(arrays["final_taxes"]),
        notes=card.notes,
    )
