"""Trade flows as one table, whatever file they came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import pandas as pd

from narrows.screen.diversion.countries import place_code
from narrows.terms import WORLD, BadInput, Fault, UnknownName

__all__ = ["COLUMNS", "REST", "Flows", "checked", "narrowed"]

COLUMNS = ("reporter", "partner", "item", "period", "flow", "value_usd", "weight_kg")
REST = "00"
"""Code under which all other goods stand once flows were narrowed to some items."""
_FLOWS = ("export", "import")
_HEADING = 4
_MOST = 50  # faults told of one file


@dataclass(frozen=True, eq=False, repr=False)
class Flows:
    """What reporters say they sold to and bought from partners.

    Attributes
    ----------
    frame
        reporter, partner (place codes), item (HS digits as text), period (``2022`` or
        ``2022-03``), flow (``export`` or ``import``, as the reporter saw it), value_usd,
        weight_kg (missing where not reported). Each combination stands once.
    source
        Where the figures come from, with digests of the files.
    reconciled
        Whether both sides were made to agree, as BACI does: then there is no mirror gap to see.
    notes
        What was noticed and left out on reading, one sentence each.
    """

    frame: pd.DataFrame
    source: str
    reconciled: bool = False
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Fingerprint of the figures."""
        text = self.frame.to_csv(index=False, float_format="%.12g", lineterminator="\n")
        return sha256(text.encode()).hexdigest()

    @property
    def items(self) -> tuple[str, ...]:
        """Item codes, in order."""
        return tuple(sorted(self.frame["item"].unique()))

    @property
    def periods(self) -> tuple[str, ...]:
        """Periods, in order."""
        return tuple(sorted(self.frame["period"].unique()))

    def of(self, items: Sequence[str]) -> "Flows":
        """Give the flows of some items and of all codes below them.

        Parameters
        ----------
        items
            HS codes such as ``8542`` or ``8542.31``; a code takes in every longer one.

        Raises
        ------
        UnknownName
            When the table has nothing under a code.
        """
        wanted = [code.replace(".", "").strip() for code in items]
        for code in wanted:
            if not code or not any(known.startswith(code) for known in self.items):
                raise UnknownName("item", code, self.items, where="--item")
        mask = self.frame["item"].str.startswith(tuple(wanted))
        found = self.frame[mask].reset_index(drop=True)
        return Flows(found, self.source, self.reconciled, self.notes)

    def narrowed(self, items: Sequence[str]) -> "Flows":
        """Give the flows of the headings of some items; all else as one sum a reporter and period.

        The sums keep what matters of the rest: who has reported when. Narrowing twice changes
        nothing.

        Parameters
        ----------
        items
            HS codes; every code under their headings (four digits) is kept.
        """
        return Flows(narrowed(self.frame, items), self.source, self.reconciled, self.notes)

    def __repr__(self) -> str:
        """Give the size; the rows themselves fill screens."""
        first, last = self.periods[:1], self.periods[-1:]
        return f"<Flows: {len(self.frame)} rows, {''.join(first)} to {''.join(last)}>"


def narrowed(frame: pd.DataFrame, items: Sequence[str]) -> pd.DataFrame:
    """Give the rows of some headings, and the rest as sums under the code 00."""
    headings = tuple(code.replace(".", "").strip()[:_HEADING] for code in items)
    kept = frame["item"].str.startswith(headings) if headings else pd.Series(True, frame.index)
    rest = frame[~kept].assign(partner=WORLD, item=REST)
    keys = list(COLUMNS[:5])
    sums = rest.groupby(keys, sort=True)["value_usd"].sum().reset_index().assign(weight_kg=np.nan)
    whole = pd.concat([frame[kept], sums], ignore_index=True)
    return whole.sort_values(keys).reset_index(drop=True)


def checked(
    table: pd.DataFrame,
    *,
    source: str,
    reconciled: bool = False,
    notes: Sequence[str] = (),
    file: str = "flows",
) -> Flows:
    """Give flows from a table of the columns of `Flows`, after looking at every row.

    Parameters
    ----------
    table
        reporter, partner, item, period, value_usd; flow (``export`` where the column is absent)
        and weight_kg may be absent. Places may be codes, UN numbers or English names.
    source, reconciled, notes
        As in `Flows`.
    file
        Name that errors give.

    Raises
    ------
    BadInput
        When a column is missing, a place or a period is unknown, or a value is negative or no
        number. Rows of the same flow are added together.
    """
    missing = [c for c in ("reporter", "partner", "item", "period", "value_usd") if c not in table]
    if missing:
        expected = "the columns " + ", ".join(COLUMNS)
        raise BadInput([Fault(file, 1, name, "no such column", expected) for name in missing])
    frame = pd.DataFrame({"reporter": _places(table["reporter"], file, "reporter")})
    frame["partner"] = _places(table["partner"], file, "partner")
    frame["item"] = _items(table["item"], file)
    frame["period"] = _periods(table["period"], file)
    frame["flow"] = _kinds(table["flow"], file) if "flow" in table else "export"
    frame["value_usd"] = _numbers(table["value_usd"], file, "value_usd", needed=True)
    weight = table["weight_kg"] if "weight_kg" in table else pd.Series(np.nan, table.index)
    frame["weight_kg"] = _numbers(weight, file, "weight_kg", needed=False)
    keys = list(COLUMNS[:5])
    summed = frame.groupby(keys, sort=True)[["value_usd", "weight_kg"]]
    out = summed.sum(min_count=1).reset_index()
    return Flows(out, source, reconciled, tuple(notes))


def _places(column: pd.Series, file: str, field: str) -> pd.Series:
    """Give place codes, each distinct name looked up once."""
    text = column.astype(str)
    codes, faults = {}, []
    for name in text.unique():
        try:
            codes[name] = place_code(name)
        except UnknownName as error:
            row = int(np.flatnonzero(text == name)[0]) + 2
            faults.append(Fault(file, row, field, repr(name), error.faults[0].expected))
    if faults:
        raise BadInput(faults[:_MOST])
    return text.map(codes)


def _items(column: pd.Series, file: str) -> pd.Series:
    text = column.astype(str).str.replace(".", "", regex=False).str.strip()
    _refuse(~text.str.fullmatch(r"\d{2,12}"), text, file, "item", "HS digits, kept as text")
    return text


def _periods(column: pd.Series, file: str) -> pd.Series:
    """Give ``2022`` or ``2022-03`` from ``2022``, ``202203``, ``2022-03`` or a full date."""
    text = column.astype(str).str.strip().str.replace(r"\.0$", "", regex=True)
    parts = text.str.extract(r"^(\d{4})(?:-?(0[1-9]|1[0-2])(?:-\d{2})?)?$")
    expected = "a year such as 2022 or a month such as 2022-03"
    _refuse(parts[0].isna(), text, file, "period", expected)
    return parts[0].where(parts[1].isna(), parts[0] + "-" + parts[1].fillna(""))


def _kinds(column: pd.Series, file: str) -> pd.Series:
    text = column.astype(str).str.strip().str.lower()
    _refuse(~text.isin(_FLOWS), text, file, "flow", "export or import")
    return text


def _numbers(column: pd.Series, file: str, field: str, *, needed: bool) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce").astype(np.float64)
    empty = column.isna() | column.astype(str).str.strip().isin(("", "NA", "nan"))
    wrong = (numbers.isna() & ~empty) | (numbers < 0) | np.isinf(numbers)
    _refuse(wrong | empty if needed else wrong, column, file, field, "a number of 0 or more")
    return numbers


def _refuse(wrong: pd.Series, cells: pd.Series, file: str, field: str, expected: str) -> None:
    rows = np.flatnonzero(wrong.to_numpy())
    if rows.size:
        shown = [(int(row), str(cells.iloc[row])) for row in rows[:_MOST]]
        raise BadInput([Fault(file, row + 2, field, repr(cell), expected) for row, cell in shown])
