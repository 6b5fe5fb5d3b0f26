"""BACI of CEPII: yearly flows by HS6, both sides reconciled.

Columns t (year), i (exporter), j (importer), k (HS6), v (thousand USD), q (tonnes, padded with
blanks, ``NA`` where unknown). Licence Etalab 2.0: name the source.

References
----------
Gaulier, G. and Zignago, S. (2010), BACI: International Trade Database at the Product-Level,
CEPII Working Paper 2010-23.
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from narrows.screen.diversion.countries import number_to_place
from narrows.screen.diversion.flows import COLUMNS, REST, Flows, checked, narrowed
from narrows.terms import OTHER, BadInput, Fault

__all__ = ["from_csv", "from_table", "is_baci", "is_code_table"]

_COLUMNS = ["t", "i", "j", "k", "v", "q"]
_THOUSAND = 1000.0
_ROWS = 500_000
_NO_CODE = "000000"  # no product has it


def is_baci(columns: set[str]) -> bool:
    """Tell whether these are the columns of BACI."""
    return columns == set(_COLUMNS)


def is_code_table(head: bytes) -> bool:
    """Tell whether a file begins like one of BACI's tables of countries or products."""
    first = head.partition(b"\n")[0].replace(b'"', b"").strip().lower()
    return first.startswith((b"country_code,", b"code,description"))


def from_csv(file: BinaryIO, name: str, items: Sequence[str] = ()) -> Flows:
    """Give the flows of a csv file of BACI, read piece by piece: a year has 11 million rows.

    Parameters
    ----------
    file, name
        Bytes of the csv, and the name that errors give.
    items
        HS codes to which the flows are narrowed while they are read; all where none are given.

    Raises
    ------
    BadInput
        When a row is cut off or holds no numbers.
    """
    frames: list[pd.DataFrame] = []
    notes: list[str] = []
    first = 0
    try:
        for part in pd.read_csv(file, dtype=str, keep_default_na=False, chunksize=_ROWS):
            found = _piece(part, name, items, first)
            frames.append(narrowed(found.frame, items))
            notes += found.notes
            first += len(part)
    except (ValueError, EOFError, OSError, BadZipFile, zlib.error) as error:
        found_ = f"no whole CSV ({error})".replace("\n", " ")
        raise BadInput(Fault(name, None, "", found_, "t,i,j,k,v,q")) from error
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))
    keys = list(COLUMNS[:5])
    if len(frames) > 1:
        frame = frame.groupby(keys)[list(COLUMNS[5:])].sum(min_count=1).reset_index()
    notes.append("BACI makes both sides agree, so no mirror gap can be seen in it")
    return Flows(frame, "BACI", reconciled=True, notes=tuple(dict.fromkeys(notes)))


def _piece(part: pd.DataFrame, name: str, items: Sequence[str], first: int) -> Flows:
    """Read a piece; a fault names the line of the whole file."""
    try:
        return from_table(_few(part, items), name)
    except BadInput:
        try:
            return from_table(part, name)
        except BadInput as error:
            moved = [replace(each, row=first + (each.row or 0)) for each in error.faults]
            raise BadInput(moved) from None


def _few(part: pd.DataFrame, items: Sequence[str]) -> pd.DataFrame:
    """Sum up what is not asked for before it is looked at closely; as it is where that fails."""
    if not items or list(part.columns) != _COLUMNS:
        return part
    codes = part["k"].str.strip().str.zfill(6)
    kept = codes.str.startswith(tuple(code.replace(".", "").strip()[:4] for code in items))
    value = pd.to_numeric(part["v"][~kept], errors="coerce")
    if value.isna().any() or (value < 0).any():
        return part
    sums = value.groupby([part["t"][~kept], part["i"][~kept]]).sum().reset_index()
    rest = sums.assign(j="0", k=_NO_CODE, q="NA", v=sums["v"].astype(str))
    return pd.concat([part[kept], rest[_COLUMNS]], ignore_index=True)


def from_table(table: pd.DataFrame, name: str) -> Flows:
    """Give the flows of a table of BACI whose cells are text."""
    table = table.reset_index(drop=True)
    text = table.apply(lambda cells: cells.astype(str).str.strip())
    value = pd.to_numeric(text["v"], errors="coerce")
    weight = pd.to_numeric(text["q"].replace({"NA": np.nan, "": np.nan}), errors="coerce")
    notes = []
    short = text["k"].str.len() < 6
    if short.any():
        notes.append("product codes that had lost leading zeros were filled up")
    frame = pd.DataFrame(
        {
            "reporter": _places(text["i"], name, "i"),
            "partner": _places(text["j"], name, "j"),
            "item": text["k"].str.zfill(6).replace(_NO_CODE, REST),
            "period": text["t"],
            "value_usd": value * _THOUSAND,
            "weight_kg": weight * _THOUSAND,
        }
    )
    unknown = (frame["reporter"] == OTHER) | (frame["partner"] == OTHER)
    if unknown.any():
        notes.append("places that are no country were kept as Other")
    return checked(frame, source="BACI", reconciled=True, notes=notes, file=name)


def _places(column: pd.Series, file: str, field: str) -> pd.Series:
    wrong = np.flatnonzero(~column.str.fullmatch(r"\d{1,4}").to_numpy(dtype=bool))
    if wrong.size:
        row = int(wrong[0])
        fault = Fault(file, row + 2, field, repr(column.iloc[row]), "a country number such as 417")
        raise BadInput(fault)
    codes = {text: number_to_place(int(text)) for text in column.unique()}
    return column.map(codes)
