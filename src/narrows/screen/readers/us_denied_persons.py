"""The US Denied Persons List of the Bureau of Industry and Security, tab separated."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from narrows.screen.parties.records import ListedName, ListedParty, PartyList
from narrows.screen.readers.files import ListFile, checked_date, csv_rows, day, decoded, fault

__all__ = ["read_denied_persons"]

_COLUMNS = (
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
)
_TITLE = "Denied Persons List (DPL)"


def read_denied_persons(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the list; rows of one name are one party with several addresses.

    Raises
    ------
    BadInput
        When the columns differ or a row is cut short.
    """
    rows = csv_rows(file, decoded(file, "utf-8-sig", "latin-1"), "\t")
    header = [cell.strip() for cell in next(rows, (1, []))[1]]
    if tuple(header) != _COLUMNS:
        raise fault(file.name, 1, "", ", ".join(header[:3]), ", ".join(_COLUMNS[:3]) + " ...")
    found: dict[tuple[str, str], list[tuple[int, dict[str, str]]]] = {}
    for line, row in rows:
        if len(row) != len(_COLUMNS):
            expected = f"{len(_COLUMNS)}; the file may have been cut short"
            raise fault(file.name, line, "", f"{len(row)} cells", expected)
        cells = dict(zip(_COLUMNS, (" ".join(cell.split()) for cell in row), strict=True))
        key = (cells["Name"], cells["Effective_Date"])
        found.setdefault(key, []).append((line, cells))
    now = today or datetime.now(tz=UTC).date()
    entries = tuple(_entry(group, now) for group in found.values())
    if not entries:
        raise fault(file.name, 2, "", "no entry", "at least one denied person")
    days = {cells["Last_Update"] for group in found.values() for _, cells in group}
    updates = max((one for one in days if one <= now.isoformat()), default="no day")
    dated = checked_date("", file.name, today=today)
    notes = (
        () if dated else (f"the file names no date of its own; its last change is of {updates}",)
    )
    return PartyList(
        "us-denied-persons",
        _TITLE,
        "US Bureau of Industry and Security",
        dated,
        file.digest,
        file.name,
        entries,
        notes,
    )


def _entry(group: list[tuple[int, dict[str, str]]], now: date) -> ListedParty:
    line, first = group[0]
    ends = day(first["Expiration_Date"])
    over = " The order's last day has passed." if ends and ends < now.isoformat() else ""
    return ListedParty(
        key=f"{first['Name']} {day(first['Effective_Date'])}".strip(),
        list_name=_TITLE,
        schema="",
        names=(ListedName(first["Name"]),),
        record=line,
        countries=tuple(dict.fromkeys(_country(cells) for _, cells in group)),
        addresses=tuple(dict.fromkeys(_address(cells) for _, cells in group)),
        programmes=(first["FR_Citation"],) if first["FR_Citation"] else (),
        start_date=day(first["Effective_Date"]),
        end_date=ends,
        remarks=f"Standard order: {first['Standard_Order'] or 'not said'}.{over}",
    )


def _country(cells: Mapping[str, str]) -> str:
    return cells["Country"] or ("US" if cells["State"] else "")


def _address(cells: Mapping[str, str]) -> str:
    told = ("Street_Address", "City", "State", "Postal_Code", "Country")
    return ", ".join(filter(None, (cells[part] for part in told)))
