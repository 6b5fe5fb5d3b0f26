"""Japan's end-user list and China's control lists in the JSON of the open registry of parties."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from narrows.screen.parties.cleaning import other_names
from narrows.screen.parties.countries import country_code
from narrows.screen.parties.records import ListedName, ListedParty, PartyList
from narrows.screen.readers.files import ListFile, checked_date, decoded, fault, parts

__all__ = ["read_registry_json"]

_NEEDED = ("entity_name", "list_id", "source_list_name")
_OF = {
    "jp": ("jp-meti-end-users", "Foreign End User List", "Japan, METI"),
    "cn": ("cn-mofcom", "Export control, unreliable entity and attention lists", "China, MOFCOM"),
}
_BRACKETS = re.compile(r"\s*[(（]([^()（）]{2,})[)）]")
_AND_OTHERS = re.compile(r"(?:及其|等).*$")


def read_registry_json(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the list: a JSON array with `entity_name`, `aliases`, `list_id` and so on.

    Raises
    ------
    BadInput
        When the text is no whole JSON, entries lack their name, or the country is another.
    """
    try:
        held = json.loads(decoded(file, "utf-8-sig"))
    except json.JSONDecodeError as error:
        found = f"text that breaks off ({error.msg})"
        raise fault(file.name, error.lineno, "", found, "whole JSON") from error
    if not isinstance(held, list) or not held:
        raise fault(file.name, 1, "", "no entries", "an array of entries")
    country = str(held[0].get("country", ""))
    if country not in _OF:
        raise fault(file.name, 1, "country", repr(country), " or ".join(_OF))
    entries = tuple(_entry(one, place, file.name) for place, one in enumerate(held, 1))
    name, title, publisher = _OF[country]
    checked = max(str(one.get("last_verified") or "") for one in held)
    added = max(str(one.get("date_added") or "") for one in held)
    dated = checked_date(checked or added, file.name, today=today)
    return PartyList(name, title, publisher, dated, file.digest, file.name, entries)


def _entry(one: Mapping[str, Any], place: int, file: str) -> ListedParty:
    missing = [key for key in _NEEDED if key not in one]
    main = str(one.get("entity_name", ""))
    places = tuple(map(str, one.get("addresses") or ()))
    if not main and places:
        places, main = _parted(places[0])
    texts = [main, *map(str, one.get("aliases") or ())]
    if missing or not any(texts):
        found = f"without {', '.join(missing) or 'a name'}"
        raise fault(file, place, "entry", found, "the name and list of the party")
    names = dict.fromkeys(name for text in texts if text for name in _names(text))
    return ListedParty(
        key=str(one.get("id") or place),
        list_name=str(one["source_list_name"]),
        schema="Person" if one.get("entity_type") == "person" else "Organization",
        names=tuple(map(ListedName, names)),
        record=place,
        countries=tuple(text for text in places if country_code(text)),
        addresses=tuple(text for text in places if not country_code(text)),
        programmes=(str(one["list_id"]),),
        start_date=str(one.get("date_added") or ""),
        remarks=str(one.get("reason") or ""),
        source_url=str(one.get("source_url") or ""),
    )


def _parted(text: str) -> tuple[tuple[str, ...], str]:
    """Give country and name where a row of the list ran both together."""
    words = text.split()
    for size in range(len(words) - 1, 0, -1):
        country = " ".join(words[:size])
        if country_code(country):
            return (country,), " ".join(words[size:])
    return (), text


def _names(text: str) -> list[str]:
    """Give the names of a text: outside brackets, within them, without "and others"."""
    found = []
    for part in (one for name in other_names(text) for one in parts(name)):
        plain = _BRACKETS.sub("", part).strip()
        found.append(_AND_OTHERS.sub("", plain).strip() or plain or part)
        found += [inner.strip() for inner in _BRACKETS.findall(part)]
    return [name for name in found if name]
