"""BACI of CEPII: yearly flows by HS6, both sides reconciled.

Columns t (year), i (exporter), j (importer), k (HS6), v (thousand USD), q (tonnes, padded with
blanks, ``NA`` where unknown). Licence Etalab 2.0: name the source.

References
----------
Gaulier, G. and Zignago, S. (2010), BACI: International Trade Database at the Product-Level,
CEPII Working Paper 2010-23.
"""

import io

import numpy as np
import pandas as pd

from narrows.screen.diversion.countries import number_to_place
from narrows.screen.diversion.flows import Flows, checked
from narrows.terms import OTHER, BadInput, Fault

__all__ = ["from_csv", "from_table", "is_baci", "is_code_table"]

_COLUMNS = ["t", "i", "j", "k", "v", "q"]
_THOUSAND = 1000.0


def is_baci(columns: set[str]) -> bool:
    """Tell whether these are the columns of BACI."""
    return columns == set(_COLUMNS)


def is_code_table(head: bytes) -> bool:
    """Tell whether a file begins like one of BACI's tables of countries or products."""
    first = head.partition(b"\n")[0].replace(b'"', b"").strip().lower()
    return first.startswith((b"country_code,", b"code,description"))


def from_csv(data: bytes, name: str) -> Flows:
    """Give the flows of a csv file of BACI.

    Raises
    ------
    BadInput
        When a row is cut off or holds no numbers.
    """
    try:
        table = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    except (ValueError, pd.errors.ParserError) as error:
        found = f"no CSV ({error})".replace("\n", " ")
        raise BadInput(Fault(name, None, "", found, "t,i,j,k,v,q")) from error
    return from_table(table, name)


def from_table(table: pd.DataFrame, name: str) -> Flows:
    """Give the flows of a table of BACI whose cells are text."""
    text = table.apply(lambda cells: cells.astype(str).str.strip())
    value = pd.to_numeric(text["v"], errors="coerce")
    weight = pd.to_numeric(text["q"].replace({"NA": np.nan, "": np.nan}), errors="coerce")
    notes = []
    short = text["k"].str.len() < 6
    if short.any():
        notes.append(f"{int(short.sum())} product codes had lost leading zeros; put back")
    frame = pd.DataFrame(
        {
            "reporter": _places(text["i"], name, "i"),
            "partner": _places(text["j"], name, "j"),
            "item": text["k"].str.zfill(6),
            "period": text["t"],
            "value_usd": value * _THOUSAND,
            "weight_kg": weight * _THOUSAND,
        }
    )
    unknown = (frame["reporter"] == OTHER) | (frame["partner"] == OTHER)
    if unknown.any():
        notes.append(f"{int(unknown.sum())} rows of places that are no country: kept as Other")
    notes.append("BACI makes both sides agree, so no mirror gap can be seen in it")
    return checked(frame, source="BACI", reconciled=True, notes=notes, file=name)


def _places(column: pd.Series, file: str, field: str) -> pd.Series:
    wrong = np.flatnonzero(~column.str.fullmatch(r"\d{1,4}").to_numpy(dtype=bool))
    if wrong.size:
        row = int(wrong[0])
        fault = Fault(file, row + 2, field, repr(column.iloc[row]), "a country number such as 417")
        raise BadInput(fault)
    codes = {text: number_to_place(int(text)) for text in column.unique()}
    return column.map(codes)
