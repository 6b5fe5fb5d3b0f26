"""Parties asked about, from names, records and tables."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from narrows.screen.parties.records import Party
from narrows.terms import BadInput, Fault

__all__ = ["parties_of", "party_of"]


_NAMES = {
    "name": ("name", "names", "party", "party_name", "full_name", "company", "company_name"),
    "schema": ("schema", "type", "kind", "entity_type"),
    "aliases": ("aliases", "alias", "alt_names", "aka", "other_names"),
    "birth_date": ("birth_date", "date_of_birth", "dob", "birthdate"),
    "birth_place": ("birth_place", "place_of_birth", "pob"),
    "countries": ("countries", "country", "nationality", "nationalities"),
    "address": ("address", "addresses"),
    "identifiers": ("identifiers", "identifier", "ids", "id_number", "registration_number"),
    "reference": ("reference", "id", "key", "record_id"),
}
_FIELD = {name: field for field, names in _NAMES.items() for name in names}
_SEVERAL = frozenset({"aliases", "countries", "identifiers"})


def parties_of(asked: object, *, source: str = "parties") -> tuple[Party, ...]:
    """Give the parties of a name, a record, a list of them or a table.

    Raises
    ------
    BadInput
        With every record that has no name, by its place.
    """
    found: list[Party] = []
    faults: list[Fault] = []
    for place, one in enumerate(_each(asked), 1):
        try:
            found.append(party_of(one, source=source, row=place))
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    return tuple(found)


def _each(asked: object) -> Iterator[object]:
    if isinstance(asked, str | Party | Mapping):
        yield asked
    elif hasattr(asked, "to_dict") and hasattr(asked, "columns"):
        yield from asked.to_dict("records")
    elif isinstance(asked, Iterable):
        yield from asked
    else:
        found = type(asked).__name__
        raise BadInput(Fault("parties", None, "", found, "names, records or a table"))


def party_of(one: object, *, source: str = "parties", row: int | None = None) -> Party:
    """Give one party of a name or a record.

    >>> party_of({"name": "Ivan Petrov", "type": "Person", "dob": 1970, "country": "RU; KZ"})
    Party(name='Ivan Petrov', ... birth_date='1970', ... countries=('RU', 'KZ'), ...)
    """
    if isinstance(one, Party):
        party = one
    elif isinstance(one, str):
        party = Party(name=one.strip())
    elif isinstance(one, Mapping):
        party = _of_record(one)
    else:
        raise BadInput(Fault(source, row, "", type(one).__name__, "a name or a record"))
    if not any(map(str.isalnum, party.name)):
        raise BadInput(Fault(source, row, "name", repr(party.name), "a name with letters"))
    return party


def _of_record(record: Mapping[str, Any]) -> Party:
    fields: dict[str, Any] = {}
    for key, value in record.items():
        field = _FIELD.get(str(key).strip().casefold().replace(" ", "_"))
        if field is None or _missing(value):
            continue
        told = _texts(value)
        fields[field] = told if field in _SEVERAL else "; ".join(told)
    fields.setdefault("name", "")
    if fields.get("birth_date"):
        from narrows.screen.readers.files import day

        fields["birth_date"] = day(fields["birth_date"])
    return Party(**fields)


def _missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and value != value)  # noqa: PLR0124 - not a number


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - what a record can hold
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(str(one).strip() for one in value if not _missing(one))
    return tuple(part.strip() for part in str(value).split(";") if part.strip())
