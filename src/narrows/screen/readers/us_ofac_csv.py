"""OFAC's lists in their csv without headings: names, addresses and aliases in three files."""

import re
from collections import defaultdict
from datetime import date

from narrows.screen.parties.records import ListedName, ListedParty, PartyList
from narrows.screen.readers.files import ListFile, checked_date, csv_rows, days_in, decoded, fault

__all__ = ["read_ofac_csv"]

_WIDTHS = {"names": 12, "addresses": 6, "aliases": 5}
_PUBLISHER = "US Department of the Treasury, OFAC"
_KINDS = {"individual": "Person", "vessel": "Vessel", "aircraft": "Aircraft", "": "Organization"}
_BIRTH = re.compile(r"\bDOB ([^;.]+)")
_PLACE = re.compile(r"\bPOB ([^;.]+)")
_NUMBER = re.compile(
    r"\b(?:Passport|Cedula No\.?|Tax ID No\.?|Registration (?:ID|Number)|Identification Number|"
    r"National ID No\.?|Vessel Registration Identification|SSN|R\.?F\.?C\.?|NIT #?|IMO|MMSI)"
    r"[\s#]*([A-Z0-9][A-Z0-9/.-]{3,})"
)
_NATION = re.compile(r"\b(?:nationality|citizen) ([A-Z][A-Za-z ]+)")
_QUOTED = re.compile(r"a\.k\.a\. '([^']+)'")
_END = "\x1a"


def read_ofac_csv(
    names: ListFile,
    addresses: ListFile | None = None,
    aliases: ListFile | None = None,
    *,
    today: date | None = None,
) -> PartyList:
    """Give a list of OFAC: the SDN list, or the consolidated one of other lists.

    Parameters
    ----------
    names, addresses, aliases
        ``sdn.csv``, ``add.csv``, ``alt.csv``, or the ``cons_`` files.
    today
        Date after which the list may not be dated.

    Raises
    ------
    BadInput
        When a row is cut short, or a number of an address or alias is on no name.
    """
    rows = _rows(names, "names")
    known = {row[0] for _, row in rows}
    places, others = (
        _by_number(addresses, "addresses", known),
        _by_number(aliases, "aliases", known),
    )
    sdn = "cons" not in names.name.casefold()
    title = "Specially Designated Nationals (SDN)" if sdn else "Consolidated non-SDN lists"
    entries = tuple(_entry(row, line, title, places[row[0]], others[row[0]]) for line, row in rows)
    dated = checked_date("", names.name, today=today)
    notes = [] if dated else ["the file does not say of what date the list is"]
    notes += [] if addresses else ["no file of addresses beside it"]
    notes += [] if aliases else ["no file of aliases beside it: aliases are missing"]
    return PartyList(
        "us-ofac-sdn" if sdn else "us-ofac-consolidated",
        title,
        _PUBLISHER,
        dated,
        names.digest,
        names.name,
        entries,
        tuple(notes),
    )


def _rows(file: ListFile, kind: str) -> list[tuple[int, list[str]]]:
    text = decoded(file, "utf-8", "latin-1")
    whole = text.rstrip("\r\n \0").endswith(_END)
    found = []
    for line, row in csv_rows(file, text.replace(_END, "")):
        cells = ["" if cell.strip() == "-0-" else cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != _WIDTHS[kind] or not cells[0].isdigit():
            what = f"{len(cells)} cells" + ("" if whole else "; the file may have been cut short")
            raise fault(file.name, line, "", what, f"a number and {_WIDTHS[kind]} cells")
        found.append((line, cells))
    if not found:
        raise fault(file.name, 1, "", "no entry", f"rows of {kind}")
    return found


def _by_number(
    file: ListFile | None, kind: str, known: set[str]
) -> defaultdict[str, list[list[str]]]:
    found: defaultdict[str, list[list[str]]] = defaultdict(list)
    for line, row in _rows(file, kind) if file else ():
        if row[0] not in known:
            name = file.name if file else ""
            raise fault(name, line, "", f"number {row[0]}", "a number of the file of names")
        found[row[0]].append(row)
    return found


def _entry(
    row: list[str],
    line: int,
    title: str,
    places: list[list[str]],
    others: list[list[str]],
) -> ListedParty:
    number, name, kind, programme = row[:4]
    remarks = row[11]
    weak = [ListedName(text, weak=True) for text in _QUOTED.findall(remarks)]
    strong = [ListedName(text) for text in dict.fromkeys([name, *(row[3] for row in others)])]
    births = [day for text in _BIRTH.findall(remarks) for day in days_in(text)]
    countries = [row[4] for row in places if row[4]]
    countries += [text.strip() for text in _NATION.findall(remarks)]
    return ListedParty(
        key=number,
        list_name=title,
        schema=_KINDS.get(kind, ""),
        names=(*strong, *(one for one in weak if one.text not in {s.text for s in strong})),
        record=line,
        birth_dates=tuple(dict.fromkeys(births)),
        birth_places=tuple(text.strip() for text in _PLACE.findall(remarks)),
        countries=tuple(dict.fromkeys(countries)),
        addresses=tuple(", ".join(filter(None, row[2:5])) for row in places if any(row[2:5])),
        identifiers=tuple(dict.fromkeys(_NUMBER.findall(remarks))),
        programmes=(programme,) if programme else (),
        remarks=remarks,
    )
