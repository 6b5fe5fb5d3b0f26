"""A party asked about, a party on a list, and a list as read."""

from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["ListedName", "ListedParty", "Party", "PartyList", "identifier_key"]


def identifier_key(text: str) -> str:
    """Give a number without spaces and signs; empty where fewer than four are left.

    >>> identifier_key("IMO 9187-629"), identifier_key("12")
    ('IMO9187629', '')
    """
    kept = "".join(filter(str.isalnum, text)).upper()
    return kept if len(kept) >= 4 else ""


@dataclass(frozen=True, slots=True)
class Party:
    """A party asked about.

    Attributes
    ----------
    name
        Its name as known, in any script.
    schema
        Person, Company, Organization, LegalEntity, Vessel; empty where not known.
    aliases
        Further names.
    birth_date
        ISO date, or a year.
    birth_place
        Town or country.
    countries
        Countries it is tied to, as names or ISO codes.
    address
        One address.
    identifiers
        Numbers of passports, registers, ships.
    reference
        The asker's own key; kept in the result.
    """

    name: str
    schema: str = ""
    aliases: tuple[str, ...] = ()
    birth_date: str = ""
    birth_place: str = ""
    countries: tuple[str, ...] = ()
    address: str = ""
    identifiers: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name of a listed party; `weak` where the list calls the alias weak or low quality."""

    text: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class ListedParty:
    """An entry of a list.

    Attributes
    ----------
    key
        What names the entry on its list: its number, else its place.
    list_name
        The list, as the publisher calls it.
    schema
        Person, Company, Organization, Vessel ...; empty where the list does not say.
    names
        The main name first.
    birth_dates, birth_places, countries, addresses, identifiers
        As written in the list; identifiers without their kind.
    programmes
        Legal basis or programme.
    start_date, end_date
        ISO dates of listing and of expiry, where given.
    remarks
        What else the entry says that a reader needs.
    source_url
        Address that the list gives for itself.
    record
        Line of the file, or place of the entry in it, from 1.
    """

    key: str
    list_name: str
    schema: str
    names: tuple[ListedName, ...]
    record: int
    birth_dates: tuple[str, ...] = ()
    birth_places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    start_date: str = ""
    end_date: str = ""
    remarks: str = ""
    source_url: str = ""

    @property
    def name(self) -> str:
        """The main name."""
        return self.names[0].text


@dataclass(frozen=True, slots=True)
class PartyList:
    """A list as read from one file, or from the files that belong together.

    Attributes
    ----------
    name
        Short name of the kind of list, as `us-csl`.
    title
        Its name in words.
    publisher
        Who publishes it.
    date
        ISO date of the list; empty where the file does not say.
    digest
        SHA-256 of the file, unpacked; of the first one where a list comes in several.
    file
        Name of the file, or of the first one.
    entries
        The listed parties.
    notes
        What was noticed on reading.
    """

    name: str
    title: str
    publisher: str
    date: str
    digest: str
    file: str
    entries: tuple[ListedParty, ...] = field(repr=False)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Give the number of listed parties."""
        return len(self.entries)

    def __iter__(self) -> Iterator[ListedParty]:
        """Go through the listed parties."""
        return iter(self.entries)
