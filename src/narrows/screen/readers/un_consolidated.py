"""The consolidated list of the UN Security Council, XML."""

from datetime import date
from xml.etree.ElementTree import Element

from narrows.screen.parties.records import ListedName, ListedParty, PartyList
from narrows.screen.readers.files import ListFile, day, fault, parts
from narrows.screen.readers.xml_files import children, root_of, text_at, texts_at, xml_date

__all__ = ["read_un"]

_TITLE = "UN Security Council Consolidated List"
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_PLACE = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE")


def read_un(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the list: individuals, then entities.

    Raises
    ------
    BadInput
        When the XML is not whole, has no entry, or is dated in the future.
    """
    root = root_of(file)
    people = children(root, "INDIVIDUALS/INDIVIDUAL")
    groups = children(root, "ENTITIES/ENTITY")
    if not people and not groups:
        raise fault(file.name, None, "INDIVIDUAL", "no entry", "individuals and entities")
    kinds = [("Person", "INDIVIDUAL", one) for one in people]
    kinds += [("Organization", "ENTITY", one) for one in groups]
    entries = tuple(
        _entry(one, kind, mark, place, file.name)
        for place, (kind, mark, one) in enumerate(kinds, 1)
    )
    dated = xml_date(root.get("dateGenerated", ""), file, today)
    return PartyList(
        "un-consolidated",
        _TITLE,
        "United Nations Security Council",
        dated,
        file.digest,
        file.name,
        entries,
    )


def _entry(one: Element, kind: str, mark: str, place: int, file: str) -> ListedParty:
    first = " ".join(filter(None, (text_at(one, part) for part in _NAMES)))
    if not first:
        raise fault(file, place, "FIRST_NAME", "nothing", "the name of the party")
    main = parts(first) if kind == "Organization" else (first,)
    births = children(one, "INDIVIDUAL_DATE_OF_BIRTH")
    dates = [day(text_at(birth, part)) for birth in births for part in ("DATE", "YEAR")]
    countries = (
        *texts_at(one, "NATIONALITY/VALUE"),
        *texts_at(one, f"{mark}_ADDRESS/COUNTRY"),
    )
    return ListedParty(
        key=text_at(one, "REFERENCE_NUMBER") or text_at(one, "DATAID") or str(place),
        list_name=_TITLE,
        schema=kind,
        names=tuple(_names(one, mark, main)),
        record=place,
        birth_dates=tuple(dict.fromkeys(filter(None, dates))),
        birth_places=tuple(_places(one, "INDIVIDUAL_PLACE_OF_BIRTH")),
        countries=tuple(dict.fromkeys(countries)),
        addresses=tuple(_places(one, f"{mark}_ADDRESS")),
        identifiers=texts_at(one, "INDIVIDUAL_DOCUMENT/NUMBER"),
        programmes=texts_at(one, "UN_LIST_TYPE"),
        start_date=day(text_at(one, "LISTED_ON")),
        remarks=text_at(one, "COMMENTS1"),
    )


def _names(one: Element, mark: str, main: tuple[str, ...]) -> list[ListedName]:
    names = dict.fromkeys((*main, *texts_at(one, "NAME_ORIGINAL_SCRIPT")), False)
    for alias in children(one, f"{mark}_ALIAS"):
        weak = text_at(alias, "QUALITY").casefold() == "low"
        for text in parts(text_at(alias, "ALIAS_NAME")):
            names.setdefault(text, weak)
    return [ListedName(text, weak) for text, weak in names.items()]


def _places(one: Element, path: str) -> list[str]:
    found = (
        ", ".join(filter(None, (text_at(place, part) for part in _PLACE)))
        for place in children(one, path)
    )
    return [text for text in dict.fromkeys(found) if text]
