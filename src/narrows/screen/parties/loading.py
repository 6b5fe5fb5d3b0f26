"""Lists from files and folders, with the index of their names kept for the next time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from narrows.screen.parties.cache import cache_path, load_index, save_index
from narrows.screen.parties.index import Index, build_index
from narrows.screen.parties.records import PartyList
from narrows.screen.readers.detecting import list_files, read_lists
from narrows.terms import BadInput, CouldNotWrite, Fault

__all__ = ["Lists", "index_of", "load_lists"]


@dataclass(frozen=True)
class Lists:
    """Lists ready to be asked.

    Attributes
    ----------
    index
        Their names.
    stale
        Faults of files that could not be read, where older lists are in use for it.
    """

    index: Index
    stale: tuple[Fault, ...] = ()

    def __len__(self) -> int:
        """Give the number of listed parties."""
        return self.index.n_entries


def load_lists(
    places: str | Path | Sequence[str | Path],
    *,
    today: date | None = None,
    use_previous: bool = False,
    cache: bool = True,
) -> Lists:
    """Read the lists in a folder, or the files named, and keep their index.

    Parameters
    ----------
    places
        A folder, a file, or several.
    today
        Date after which no list may be dated; today where not given.
    use_previous
        Where a list cannot be read, use the lists as they were last read whole, and say so in
        the notes of every result.
    cache
        Whether the index is kept in the user's cache folder; it is replaced only when every new
        list reads whole.

    Raises
    ------
    BadInput
        With every file that cannot be read; the lists kept from the last time stay.
    """
    files = list_files(places)
    path = cache_path("|".join(str(file.resolve()) for file in files))
    stamps = [[file.name, file.stat().st_size, file.stat().st_mtime_ns] for file in files]
    kept = load_index(path) if cache else None
    if kept is not None and kept[1] == stamps and kept[2]:
        return Lists(kept[0])
    try:
        index = build_index(read_lists(files, today=today))
    except BadInput as error:
        if use_previous and kept is not None:
            return Lists(_marked(kept[0], error), error.faults)
        raise
    if cache:
        _keep(index, path, stamps)
    return Lists(index)


def _keep(index: Index, path: Path, stamps: list[list[object]]) -> None:
    """Keep an index where the folder can be written; a screening does not fail for that."""
    try:
        save_index(index, path, stamps)
    except CouldNotWrite:
        return


def _marked(index: Index, error: BadInput) -> Index:
    note = f"the lists as read before are in use; the new ones could not be read: {error}"
    return Index(
        tuple(replace(card, notes=(*card.notes, note)) for card in index.lists),
        index.texts,
        index.arrays,
    )


def index_of(
    lists: str | Path | PartyList | Index | Lists | Sequence[str | Path | PartyList],
    *,
    today: date | None = None,
) -> Index:
    """Give the index of lists, however they are given."""
    if isinstance(lists, Index):
        return lists
    if isinstance(lists, Lists):
        return lists.index
    if isinstance(lists, str | Path):
        return load_lists(lists, today=today).index
    given = [lists] if isinstance(lists, PartyList) else list(lists)
    if not given:
        raise BadInput(Fault("parties", None, "lists", "none", "a folder, files or lists"))
    paths = [one for one in given if isinstance(one, str | Path)]
    read = [one for one in given if isinstance(one, PartyList)]
    if len(paths) + len(read) != len(given):
        raise BadInput(Fault("parties", None, "lists", "something else", "folders, files, lists"))
    if not read:
        return load_lists(paths, today=today).index
    return build_index([*read, *(read_lists(list_files(paths), today=today) if paths else ())])
