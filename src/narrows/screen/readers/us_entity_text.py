"""Small US lists of the Bureau of Industry and Security: rule text as JSON, and a short csv."""

import csv
import io
import json
import re
from datetime import date

from narrows.screen.parties.records import ListedName, ListedParty, PartyList
from narrows.screen.readers.files import ListFile, checked_date, decoded, fault, parts

__all__ = ["read_end_users_csv", "read_entity_text"]

_PUBLISHER = "US Bureau of Industry and Security"
_ALIASES = re.compile(r",?\s*a\.k\.a\.,?\s*the following[^:]*:", re.IGNORECASE)
_END_USERS = ("Type", "Name", "Alias", "Country", "Program", "Date")


def read_entity_text(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give Entity List entries as printed in 15 CFR 744, supplement 4: name, aliases, address.

    Raises
    ------
    BadInput
        When the JSON is not whole or an entry has no text.
    """
    try:
        held = json.loads(decoded(file, "utf-8-sig"))
        entries = tuple(
            _printed(one["name"], one["raw"], place) for place, one in enumerate(held["entries"], 1)
        )
    except json.JSONDecodeError as error:
        found = f"text that breaks off ({error.msg})"
        raise fault(file.name, error.lineno, "", found, "whole JSON") from error
    except (KeyError, TypeError) as error:
        raise fault(file.name, None, "entries", f"no {error}", "`name` and `raw`") from error
    dated = checked_date(str(held.get("generatedAt", "")), file.name, today=today)
    title = "Entity List (EL), entries as printed"
    return PartyList("us-entity-text", title, _PUBLISHER, dated, file.digest, file.name, entries)


def _printed(name: str, raw: str, place: int) -> ListedParty:
    rest = raw.removeprefix(name)
    listed = ""
    if marks := _ALIASES.search(rest):
        listed, _, rest = rest[marks.end() :].rpartition(". ")
        if not listed:
            listed, rest = rest, ""
    aliases = [
        re.sub(r"[;,.]?\s*(?:and)?$", "", " ".join(item.split())).strip()
        for item in re.split(r"[—–]|(?:^|\s)-(?=\S)", listed)
    ]
    address = rest.strip(" ,.")
    country = re.sub(r"[\d\s]+$", "", address.rsplit(",", 1)[-1]).strip()
    return ListedParty(
        key=str(place),
        list_name="Entity List (EL) - Bureau of Industry and Security",
        schema="Organization",
        names=tuple(ListedName(text) for text in dict.fromkeys([name, *aliases]) if text),
        record=place,
        countries=(country,) if country else (),
        addresses=(address,) if address else (),
        programmes=("15 CFR 744, supplement 4",),
    )


def read_end_users_csv(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the military-intelligence end users of 15 CFR 744.22 from a short csv.

    Raises
    ------
    BadInput
        When columns are missing or a row is cut short.
    """
    rows = csv.DictReader(io.StringIO(decoded(file, "utf-8-sig"), newline=""))
    missing = [column for column in _END_USERS if column not in (rows.fieldnames or ())]
    if missing:
        raise fault(file.name, 1, ", ".join(missing), "no such column", "the columns of the list")
    entries = []
    for row in rows:
        if None in row or None in row.values():
            raise fault(file.name, rows.line_num, "", "a row cut short", "a cell for each column")
        names = (row["Name"], *parts(row["Alias"]))
        entries.append(
            ListedParty(
                key=str(rows.line_num),
                list_name="Military-Intelligence End User (MIEU) - Bureau of Industry and Security",
                schema=row["Type"],
                names=tuple(ListedName(text.strip()) for text in names if text.strip()),
                record=rows.line_num,
                countries=(row["Country"],),
                programmes=(row["Program"],),
                start_date=row["Date"],
            )
        )
    dated = checked_date("", file.name, today=today)
    notes = () if dated else ("the file does not say of what date the list is",)
    title = "Military-intelligence end users"
    return PartyList(
        "us-mieu", title, _PUBLISHER, dated, file.digest, file.name, tuple(entries), notes
    )
