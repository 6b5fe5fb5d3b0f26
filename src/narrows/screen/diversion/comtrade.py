"""UN Comtrade: flows as each reporter gave them, from the web export (csv) or the API (JSON).

The web csv is in latin-1 and has one comma more in each row than in its heading. Rows split by
second partner, customs procedure or means of transport stand beside their total: only the total
is kept, or the flow would count twice. UN Comtrade does not allow passing its data on.
"""

import csv
import io
from collections.abc import Mapping, Sequence

import pandas as pd

from narrows.screen.diversion.countries import number_to_place
from narrows.screen.diversion.flows import Flows, checked
from narrows.terms import BadInput, Fault

__all__ = ["from_csv", "from_records", "is_comtrade"]

_NEEDED = ("period", "reporterCode", "flowCode", "partnerCode", "cmdCode", "primaryValue")
_TOTALS = {"partner2Code": ("0",), "customsCode": ("C00",), "motCode": ("0",)}
_FLOWS = {"X": "export", "M": "import"}


def is_comtrade(columns: set[str]) -> bool:
    """Tell whether these are columns of UN Comtrade."""
    return {"reporterCode", "cmdCode", "primaryValue"} <= columns


def from_csv(data: bytes, name: str) -> Flows:
    """Give the flows of a csv file of the web export.

    Raises
    ------
    BadInput
        When a column is missing or a row has lost cells.
    """
    rows = list(csv.reader(io.StringIO(data.decode("latin-1"))))
    head = [cell.strip().lstrip("ï»¿") for cell in rows[0]]
    body = []
    for at, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) < len(head):
            found, expected = f"{len(row)} cells", f"{len(head)}: the file may be cut off"
            raise BadInput(Fault(name, at, "", found, expected))
        body.append(row[: len(head)])
    return _from_table(pd.DataFrame(body, columns=head, dtype=str), name)


def from_records(content: object, name: str) -> Flows:
    """Give the flows of an answer of the API, or of a list of its records.

    Raises
    ------
    BadInput
        When there are no records, or the answer says that it failed.
    """
    rows = content.get("data") if isinstance(content, Mapping) else content
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        error = content.get("error") if isinstance(content, Mapping) else ""
        found = f"the error {error}" if error else "no records"
        raise BadInput(Fault(name, None, "data", found, "a list of records of UN Comtrade"))
    table = pd.DataFrame(list(rows))
    text = table.astype(object).where(table.notna(), "").astype(str)
    return _from_table(text.replace(r"\.0$", "", regex=True), name)


def _from_table(table: pd.DataFrame, name: str) -> Flows:
    missing = [column for column in _NEEDED if column not in table]
    if missing:
        faults = [Fault(name, 1, c, "no such column", "a column of Comtrade") for c in missing]
        raise BadInput(faults)
    notes = []
    kept = table[table["flowCode"].isin(list(_FLOWS))]
    if len(kept) < len(table):
        kinds = ", ".join(sorted(set(table["flowCode"]) - set(_FLOWS)))
        notes.append(f"{len(table) - len(kept)} rows of other flows left out ({kinds})")
    for column, totals in _TOTALS.items():
        if column in kept:
            part = kept[kept[column].isin(totals)]
            if len(part) < len(kept):
                notes.append(f"{len(kept) - len(part)} rows split by {column} left out")
            kept = part
    digits = kept["cmdCode"].str.fullmatch(r"\d{2,12}")
    if not digits.all():
        notes.append(f"{int((~digits).sum())} rows of totals of all goods left out")
        kept = kept[digits]
    frame = pd.DataFrame(
        {
            "reporter": _places(kept["reporterCode"], name, "reporterCode"),
            "partner": _places(kept["partnerCode"], name, "partnerCode"),
            "item": kept["cmdCode"],
            "period": kept["period"],
            "flow": kept["flowCode"].map(_FLOWS),
            "value_usd": kept["primaryValue"],
            "weight_kg": kept.get("netWgt", ""),
        }
    )
    return checked(frame, source="UN Comtrade", notes=notes, file=name)


def _places(column: pd.Series, file: str, field: str) -> pd.Series:
    wrong = column[~column.str.fullmatch(r"\d{1,4}")]
    if len(wrong):
        found, row = repr(wrong.iloc[0]), int(str(wrong.index[0])) + 2
        raise BadInput(Fault(file, row, field, found, "a country number such as 417"))
    return column.map({text: number_to_place(int(text)) for text in column.unique()})
