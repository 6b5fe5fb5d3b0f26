"""EU lists: the annexes of single regulations as csv, and the consolidated list as csv or XML."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from xml.etree.ElementTree import Element

from narrows.screen.parties.records import ListedName, ListedParty, PartyList
from narrows.screen.readers.files import (
    ListFile,
    checked_date,
    csv_rows,
    day,
    days_in,
    decoded,
    fault,
    parts,
)
from narrows.screen.readers.xml_files import children, root_of, text_at, xml_date

__all__ = ["read_eu_annexes", "read_eu_csv", "read_eu_xml"]

_PUBLISHER = "European Union"
_TITLE = "EU consolidated list of financial sanctions"
_NEEDED = ("celex", "recordId", "annex", "name", "alias", "birthDate", "address")
_NUMBERS = (
    "passportNumber",
    "registrationNumber",
    "taxNumber",
    "idNumber",
    "innCode",
    "ogrnCode",
    "leiCode",
    "swiftBic",
    "imoNumber",
)
_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_KINDS = {"person": "Person", "enterprise": "Organization", "P": "Person", "E": "Organization"}


def read_eu_annexes(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the parties of a regulation's annexes from their csv of 45 columns.

    Raises
    ------
    BadInput
        When columns are missing or a row is cut short.
    """
    entries = []
    celex = ""
    for line, cells in _rows(file, ",", _NEEDED):
        celex = cells["celex"] or celex
        if not cells["name"].strip():
            continue
        entries.append(_annex_entry(cells, line))
    if not entries:
        raise fault(file.name, None, "", "no entry", "at least one listed party")
    dated = checked_date("", "" if file.name.startswith("3") else file.name, today=today)
    notes = () if dated else ("the file does not say of what date the list is",)
    return PartyList(
        f"eu-{celex.lower()}",
        f"Annexes of EU regulation {celex}",
        _PUBLISHER,
        dated,
        file.digest,
        file.name,
        tuple(entries),
        notes,
    )


def _rows(
    file: ListFile, separator: str, needed: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    rows = csv_rows(file, decoded(file, "utf-8-sig"), separator)
    _, header = next(rows, (1, []))
    missing = [column for column in needed if column not in header]
    if missing:
        raise fault(file.name, 1, ", ".join(missing), "no such column", "the columns of the list")
    for line, row in rows:
        if len(row) != len(header):
            expected = f"{len(header)}; the file may have been cut short"
            raise fault(file.name, line, "", f"{len(row)} cells", expected)
        yield line, dict(zip(header, row, strict=True))


def _annex_entry(cells: Mapping[str, str], line: int) -> ListedParty:
    names = dict.fromkeys((*_outside(cells["name"]), *_outside(cells["alias"])), False)
    names |= dict.fromkeys(_outside(cells.get("previousName", "")), False)
    for text in parts(cells.get("weakAlias", "")):
        names.setdefault(text, True)
    countries = [
        cells.get(column, "") for column in ("country", "nationality", "jurisdiction", "flag")
    ]
    kind = cells.get("schema", "")
    return ListedParty(
        key=f"{cells['celex']}/{cells['annex']}/{cells['recordId']}",
        list_name=f"EU {cells['celex']}, annex {cells['annex']}",
        schema="" if kind == "LegalEntity" else kind,
        names=tuple(ListedName(text, weak) for text, weak in names.items()),
        record=line,
        birth_dates=days_in(cells["birthDate"]),
        birth_places=parts(cells.get("birthPlace", "")),
        countries=tuple(one for text in countries for one in parts(text)),
        addresses=parts(cells["address"]),
        identifiers=tuple(one for column in _NUMBERS for one in parts(cells.get(column, ""))),
        programmes=tuple(filter(None, (cells.get("programKey", ""), cells.get("measure", "")))),
        start_date=day(cells.get("startDate", "")),
        remarks=cells.get("reason", "") or cells.get("notes", ""),
    )


def _outside(text: str) -> list[str]:
    """Give the names of a cell, and those it puts in brackets after another."""
    found = []
    for part in parts(text):
        found.append(_BRACKETS.sub("", part).strip() or part)
        found += [inner for inner in _BRACKETS.findall(part) if len(inner.split()) > 1]
    return found


def read_eu_csv(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the consolidated list from its csv; the rows of one number are one party.

    Raises
    ------
    BadInput
        When columns are missing, a row is cut short, or the date lies in the future.
    """
    needed = ("Entity_LogicalId", "NameAlias_WholeName")
    groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
    stated = ""
    for line, cells in _rows(file, ";", needed):
        stated = stated or cells.get("fileGenerationDate", "").replace("/", ".")
        groups.setdefault(cells["Entity_LogicalId"], []).append((line, cells))
    entries = tuple(
        entry for number, rows in groups.items() if (entry := _csv_entry(number, rows)) is not None
    )
    dated = checked_date(stated, file.name, today=today)
    return _consolidated(file, entries, dated)


def _csv_entry(number: str, rows: list[tuple[int, dict[str, str]]]) -> ListedParty | None:
    def told(column: str) -> tuple[str, ...]:
        found = (cells.get(column, "").strip() for _, cells in rows)
        return tuple(dict.fromkeys(text for text in found if text))

    names = told("NameAlias_WholeName")
    if not names:
        return None
    kind = (*told("Entity_SubjectType"), *told("Entity_SubjectType_ClassificationCode"), "")[0]
    births = (*told("BirthDate_BirthDate"), *told("BirthDate_Year"))
    return ListedParty(
        key=(*told("Entity_EU_ReferenceNumber"), number)[0],
        list_name=_TITLE,
        schema=_KINDS.get(kind, ""),
        names=tuple(map(ListedName, names)),
        record=rows[0][0],
        birth_dates=tuple(dict.fromkeys(one for text in births for one in days_in(text))),
        birth_places=told("BirthDate_City"),
        countries=(*told("Citizenship_CountryDescription"), *told("Address_CountryDescription")),
        addresses=told("Address_Street"),
        identifiers=told("Identification_Number"),
        programmes=told("Entity_Regulation_Programme"),
        remarks="; ".join(told("Entity_Remark")),
    )


def read_eu_xml(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the consolidated list from its XML (`sanctionEntity`).

    Raises
    ------
    BadInput
        When the XML is not whole, has no entry, or is dated in the future.
    """
    root = root_of(file)
    found = children(root, "sanctionEntity")
    entries = tuple(_xml_entry(one, place) for place, one in enumerate(found, 1))
    dated = xml_date(root.get("generationDate", ""), file, today)
    return _consolidated(file, tuple(entry for entry in entries if entry.names), dated)


def _xml_entry(one: Element, place: int) -> ListedParty:
    def told(path: str, *keys: str) -> tuple[str, ...]:
        found = (
            ", ".join(filter(None, (child.get(key, "").strip() for key in keys)))
            for child in children(one, path)
        )
        return tuple(dict.fromkeys(text for text in found if text))

    kind = (*told("subjectType", "code"), "")[0]
    weak = {alias.get("wholeName", "") for alias in children(one, "nameAlias[@strong='false']")}
    births = (*told("birthdate", "birthdate"), *told("birthdate", "year"))
    return ListedParty(
        key=one.get("euReferenceNumber") or one.get("logicalId") or str(place),
        list_name=_TITLE,
        schema=_KINDS.get(kind, ""),
        names=tuple(ListedName(name, name in weak) for name in told("nameAlias", "wholeName")),
        record=place,
        birth_dates=tuple(dict.fromkeys(births)),
        birth_places=told("birthdate", "city", "countryDescription"),
        countries=(
            *told("citizenship", "countryDescription"),
            *told("address", "countryDescription"),
        ),
        addresses=told("address", "street", "city", "zipCode", "countryDescription"),
        identifiers=told("identification", "number"),
        programmes=told("regulation", "programme"),
        remarks=text_at(one, "remark"),
    )


def _consolidated(file: ListFile, entries: tuple[ListedParty, ...], dated: str) -> PartyList:
    if not entries:
        raise fault(file.name, None, "", "no entry", "at least one listed party")
    notes = () if dated else ("the file does not say of what date the list is",)
    return PartyList(
        "eu-consolidated", _TITLE, _PUBLISHER, dated, file.digest, file.name, entries, notes
    )
