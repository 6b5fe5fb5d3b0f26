"""OFAC's lists in the plain XML (`sdnList`)."""

from datetime import date
from xml.etree.ElementTree import Element

from narrows.screen.parties.records import ListedName, ListedParty, PartyList
from narrows.screen.readers.files import ListFile, days_in, fault
from narrows.screen.readers.xml_files import children, root_of, text_at, texts_at, xml_date

__all__ = ["read_ofac_xml"]

_KINDS = {
    "Individual": "Person",
    "Entity": "Organization",
    "Vessel": "Vessel",
    "Aircraft": "Aircraft",
}


def read_ofac_xml(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the SDN list, or the consolidated list, from its plain XML.

    Raises
    ------
    BadInput
        When the XML is not whole, its count of records differs, or its date is in the future.
    """
    root = root_of(file)
    found = children(root, "sdnEntry")
    stated = text_at(root, "publshInformation/Record_Count")
    if not found or (stated.isdigit() and int(stated) != len(found)):
        raise fault(file.name, None, "sdnEntry", f"{len(found)} entries", stated or "entries")
    title = "Consolidated non-SDN lists" if "cons" in file.name.casefold() else "SDN list"
    entries = tuple(_entry(one, place, title, file.name) for place, one in enumerate(found, 1))
    return PartyList(
        "us-ofac-sdn" if title == "SDN list" else "us-ofac-consolidated",
        title,
        "US Department of the Treasury, OFAC",
        xml_date(text_at(root, "publshInformation/Publish_Date"), file, today),
        file.digest,
        file.name,
        entries,
    )


def _entry(one: Element, place: int, title: str, file: str) -> ListedParty:
    name = _name(one)
    if not name:
        raise fault(file, place, "lastName", "nothing", "the name of the party")
    aliases = [
        ListedName(_name(alias), weak=text_at(alias, "category") == "weak")
        for alias in children(one, "akaList/aka")
        if _name(alias)
    ]
    addresses = children(one, "addressList/address")
    told = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")
    births = [day for text in texts_at(one, ".//dateOfBirth") for day in days_in(text)]
    countries = (
        *texts_at(one, "addressList/address/country"),
        *texts_at(one, "nationalityList/nationality/country"),
        *texts_at(one, "citizenshipList/citizenship/country"),
    )
    return ListedParty(
        key=text_at(one, "uid") or str(place),
        list_name=title,
        schema=_KINDS.get(text_at(one, "sdnType"), ""),
        names=(ListedName(name), *aliases),
        record=place,
        birth_dates=tuple(dict.fromkeys(births)),
        birth_places=texts_at(one, ".//placeOfBirth"),
        countries=tuple(dict.fromkeys(countries)),
        addresses=tuple(
            ", ".join(filter(None, (text_at(address, part) for part in told)))
            for address in addresses
        ),
        identifiers=texts_at(one, "idList/id/idNumber"),
        programmes=texts_at(one, "programList/program"),
        remarks=text_at(one, "remarks"),
    )


def _name(element: Element) -> str:
    last, first = text_at(element, "lastName"), text_at(element, "firstName")
    return f"{last}, {first}" if first else last
