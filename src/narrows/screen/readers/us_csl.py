"""The US Consolidated Screening List, as csv (28 or 29 columns) and json (full or compact)."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from narrows.screen.parties.cleaning import other_names
from narrows.screen.parties.records import ListedName, ListedParty, PartyList
from narrows.screen.readers.files import (
    ListFile,
    checked_date,
    csv_rows,
    days_in,
    decoded,
    fault,
    parts,
)

__all__ = ["read_csl_csv", "read_csl_json"]

_NAME = "us-csl"
_TITLE = "Consolidated Screening List"
_PUBLISHER = "US Departments of Commerce, State and the Treasury"
_NEEDED = ("source", "name", "addresses", "alt_names", "ids")
_SCHEMAS = {
    "individual": "Person",
    "entity": "Organization",
    "vessel": "Vessel",
    "aircraft": "Aircraft",
}
_PEOPLE_LISTS = ("Palestinian Legislative Council",)
_COMPANY_LISTS = ("Entity List", "Unverified", "Military End User", "Capta", "Nonproliferation")


def read_csl_csv(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the list from its csv; lists within a cell are parted by semicolons.

    Raises
    ------
    BadInput
        When columns are missing, a row is cut short, or the encoding is not UTF-8.
    """
    rows = csv_rows(file, decoded(file, "utf-8-sig"))
    _, header = next(rows, (1, []))
    missing = [column for column in _NEEDED if column not in header]
    if missing:
        raise fault(file.name, 1, ", ".join(missing), "no such column", "the columns of the CSL")
    entries = []
    for line, row in rows:
        if len(row) != len(header):
            raise fault(
                file.name,
                line,
                "",
                f"{len(row)} cells",
                f"{len(header)}; the file may have been cut short",
            )
        entries.append(_from_row(dict(zip(header, row, strict=True)), line, file.name))
    return _list(file, entries, checked_date("", file.name, today=today))


def _from_row(cells: Mapping[str, str], record: int, file: str) -> ListedParty:
    if not cells["name"].strip():
        raise fault(file, record, "name", "nothing", "the name of the party")
    last = [address.rsplit(",", 1)[-1].strip() for address in parts(cells["addresses"])]
    countries = [text for text in last if len(text) == 2 and text.isalpha()]
    return ListedParty(
        key=cells.get("entity_number") or cells.get("_id") or str(record),
        list_name=cells["source"],
        schema=_schema(cells.get("type", ""), cells["source"]),
        names=_names(cells["name"], parts(cells["alt_names"])),
        record=record,
        birth_dates=days_in(cells.get("dates_of_birth", "")),
        birth_places=parts(cells.get("places_of_birth", "")),
        countries=_unique(countries, parts(cells.get("nationalities", ""))),
        addresses=parts(cells["addresses"]),
        identifiers=_numbers(parts(cells["ids"])),
        programmes=parts(cells.get("programs", "")),
        start_date=cells.get("start_date", ""),
        end_date=cells.get("end_date", ""),
        remarks=cells.get("license_requirement", "") or cells.get("remarks", ""),
        source_url=cells.get("source_list_url", ""),
    )


def read_csl_json(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the list from its json: `results` as published, or the compact form with short keys.

    Raises
    ------
    BadInput
        When the text is no whole JSON, or entries are missing.
    """
    try:
        held = json.loads(decoded(file, "utf-8-sig"))
    except json.JSONDecodeError as error:
        raise fault(
            file.name, error.lineno, "", f"text that breaks off ({error.msg})", "whole JSON"
        ) from error
    if isinstance(held, dict) and "entries" in held and "fieldKey" in held:
        return _compact(file, held, today)
    if not isinstance(held, dict) or not isinstance(held.get("results"), list):
        raise fault(file.name, 1, "results", "none", "the `results` of the CSL")
    entries = [
        _from_json(entry, place, file.name) for place, entry in enumerate(held["results"], 1)
    ]
    stated = str(held.get("search_performed_at", "") or held.get("generated_at", ""))
    return _list(file, entries, checked_date(stated, file.name, today=today))


def _from_json(entry: Mapping[str, Any], record: int, file: str) -> ListedParty:
    if not entry.get("name"):
        raise fault(file, record, "name", "nothing", "the name of the party")
    addresses = [address for address in entry.get("addresses") or () if address]
    told = ("address", "city", "state", "postal_code", "country")
    return ListedParty(
        key=str(entry.get("entity_number") or entry.get("id") or record),
        list_name=str(entry.get("source", "")),
        schema=_schema(str(entry.get("type") or ""), str(entry.get("source", ""))),
        names=_names(str(entry["name"]), entry.get("alt_names") or ()),
        record=record,
        birth_dates=days_in("; ".join(map(str, entry.get("dates_of_birth") or ()))),
        birth_places=tuple(map(str, entry.get("places_of_birth") or ())),
        countries=_unique(
            [str(address.get("country") or "") for address in addresses],
            entry.get("nationalities") or (),
            entry.get("citizenships") or (),
            [str(entry.get("country") or "")],
        ),
        addresses=tuple(
            ", ".join(str(address[part]) for part in told if address.get(part))
            for address in addresses
        ),
        identifiers=tuple(
            str(number["number"]) for number in entry.get("ids") or () if number.get("number")
        ),
        programmes=tuple(map(str, entry.get("programs") or ())),
        start_date=str(entry.get("start_date") or ""),
        end_date=str(entry.get("end_date") or ""),
        remarks=str(entry.get("license_requirement") or entry.get("remarks") or ""),
        source_url=str(entry.get("source_list_url") or ""),
    )


def _compact(file: ListFile, held: Mapping[str, Any], today: date | None) -> PartyList:
    tables = held.get("tables", {})
    if held.get("entryCount") not in (None, len(held["entries"])):
        raise fault(
            file.name,
            None,
            "entries",
            str(len(held["entries"])),
            f"{held['entryCount']}, as `entryCount` says",
        )
    try:
        entries = [_short(entry, place, tables) for place, entry in enumerate(held["entries"], 1)]
    except (KeyError, IndexError, TypeError) as error:
        raise fault(file.name, None, "entries", f"a broken entry ({error})", "n, s, ...") from error
    date_told = str(held.get("sourceGeneratedAt", ""))
    return _list(file, entries, checked_date(date_told, file.name, today=today))


def _short(entry: Mapping[str, Any], record: int, tables: Mapping[str, list[str]]) -> ListedParty:
    source = tables["sources"][entry["s"]]
    programme = tables["programmes"][entry["pg"]] if "pg" in entry else ""
    return ListedParty(
        key=str(entry.get("e") or record),
        list_name=source,
        schema=_schema(entry.get("t", ""), source),
        names=_names(entry["n"], entry.get("a", ())),
        record=record,
        countries=tuple(entry.get("c", ())),
        programmes=(programme if isinstance(programme, str) else "; ".join(programme),)
        if programme
        else (),
        start_date=str(entry.get("sd", "")),
        remarks=tables["licenceRequirements"][entry["lr"]] if "lr" in entry else "",
        source_url=tables["urls"][entry["u"]] if "u" in entry else "",
    )


def _schema(kind: str, source: str) -> str:
    if kind:
        return _SCHEMAS.get(kind.casefold(), "")
    if any(name in source for name in _PEOPLE_LISTS):
        return "Person"
    return "Organization" if any(name in source for name in _COMPANY_LISTS) else ""


def _names(name: str, aliases: Sequence[str]) -> tuple[ListedName, ...]:
    every = [part for text in (name, *aliases) for part in other_names(str(text))]
    return tuple(ListedName(text) for text in dict.fromkeys(every) if text.strip())


def _numbers(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Give the number of each "country, number, kind" cell."""
    found = []
    for text in ids:
        pieces = [piece.strip() for piece in text.split(",")]
        number = max(pieces, key=lambda piece: sum(map(str.isdigit, piece)))
        if sum(map(str.isdigit, number)) >= 4 and not number.startswith(("Subject to", "31 CFR")):
            found.append(number)
    return tuple(found)


def _unique(*groups: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for group in groups for text in group if text))


def _list(file: ListFile, entries: list[ListedParty], dated: str) -> PartyList:
    if not entries:
        raise fault(file.name, None, "", "no entry", "at least one listed party")
    notes = () if dated else ("the file does not say of what date the list is",)
    return PartyList(
        _NAME, _TITLE, _PUBLISHER, dated, file.digest, file.name, tuple(entries), notes
    )
