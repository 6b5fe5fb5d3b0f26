"""Two versions of a list: who came, who went, who changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narrows.screen.parties.records import ListedParty, PartyList
from narrows.screen.readers.detecting import list_files, read_lists
from narrows.terms import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Change", "ListChanges", "list_changes"]

_ASIDE = frozenset({"record", "key", "source_url"})
_COLUMNS = ("change", "name", "list_name", "key", "field", "before", "after")


@dataclass(frozen=True, slots=True)
class Change:
    """A listed party that stayed, and one field of it that did not."""

    before: ListedParty
    after: ListedParty
    field: str

    @property
    def told(self) -> tuple[str, str]:
        """The field before and after, as text; of names only those that went and came."""
        old, new = _text(self.before, self.field), _text(self.after, self.field)
        return (
            "; ".join(text for text in old if text not in new),
            "; ".join(text for text in new if text not in old),
        )


@dataclass(frozen=True)
class ListChanges:
    """What changed between two versions of a list.

    Attributes
    ----------
    old_date, new_date, old_digest, new_digest
        The two versions.
    came, went
        Parties on the new or on the old version only.
    changed
        Fields of parties on both.
    """

    old_date: str
    new_date: str
    old_digest: str
    new_digest: str
    came: tuple[ListedParty, ...]
    went: tuple[ListedParty, ...]
    changed: tuple[Change, ...]

    def to_frame(self) -> "pd.DataFrame":
        """Give one row a change: came, went, changed."""
        import pandas as pd

        rows = [("came", one.name, one.list_name, one.key, "", "", "") for one in self.came]
        rows += [("went", one.name, one.list_name, one.key, "", "", "") for one in self.went]
        rows += [
            ("changed", one.after.name, one.after.list_name, one.after.key, one.field, *one.told)
            for one in self.changed
        ]
        return pd.DataFrame(rows, columns=list(_COLUMNS))

    def to_json(self) -> dict[str, Any]:
        """Give everything as plain values."""
        return {
            "schema": "narrows/list-changes/1",
            "old": {"date": self.old_date, "digest": self.old_digest},
            "new": {"date": self.new_date, "digest": self.new_digest},
            "rows": self.to_frame().to_dict("records"),
        }


def list_changes(old: PartyList | str | Path, new: PartyList | str | Path) -> ListChanges:
    """Give who came, who went and who changed between two versions of a list.

    Parameters
    ----------
    old, new
        Lists as read, or their files. Parties are the same where their number on the list is;
        where the list has no numbers, where list and main name are.

    Raises
    ------
    BadInput
        When a file cannot be read or the two are not of one kind.
    """
    before, after = _list(old, "old"), _list(new, "new")
    if before.name != after.name:
        raise BadInput(Fault("list_changes", None, "new", after.name, f"a list {before.name}"))
    first, second = _by_identity(before), _by_identity(after)
    changed = [
        Change(first[key], entry, field)
        for key, entry in second.items()
        if key in first
        for field in _fields_changed(first[key], entry)
    ]
    return ListChanges(
        before.date,
        after.date,
        before.digest,
        after.digest,
        tuple(entry for key, entry in second.items() if key not in first),
        tuple(entry for key, entry in first.items() if key not in second),
        tuple(changed),
    )


def _list(given: PartyList | str | Path, argument: str) -> PartyList:
    if isinstance(given, PartyList):
        return given
    found = read_lists(list_files(given))
    if len(found) != 1:
        raise BadInput(Fault("list_changes", None, argument, f"{len(found)} lists", "one list"))
    return found[0]


def _by_identity(held: PartyList) -> Mapping[tuple[str, str, int], ListedParty]:
    """Give the parties by list and number, or main name, with a count where these repeat."""
    seen: Counter[tuple[str, str]] = Counter()
    found = {}
    for entry in held.entries:
        numbered = entry.key != str(entry.record)
        key = (entry.list_name, entry.key if numbered else entry.name)
        found[(*key, seen[key])] = entry
        seen[key] += 1
    return found


def _fields_changed(before: ListedParty, after: ListedParty) -> list[str]:
    names = (field.name for field in fields(ListedParty) if field.name not in _ASIDE)
    return [name for name in names if sorted(_text(before, name)) != sorted(_text(after, name))]


def _text(entry: ListedParty, field: str) -> Sequence[str]:
    if field == "names":
        return [f"{name.text} (weak)" if name.weak else name.text for name in entry.names]
    value = getattr(entry, field)
    return list(value) if isinstance(value, tuple) else [value] if value else []
