"""Which list a file holds, and all lists of a folder."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from narrows.screen.parties.records import PartyList
from narrows.screen.readers.eu_annexes import read_eu_annexes, read_eu_csv, read_eu_xml
from narrows.screen.readers.files import ListFile, fault, open_list
from narrows.screen.readers.jp_notice import read_jp_notice
from narrows.screen.readers.registry_json import read_registry_json
from narrows.screen.readers.un_consolidated import read_un
from narrows.screen.readers.us_csl import read_csl_csv, read_csl_json
from narrows.screen.readers.us_denied_persons import read_denied_persons
from narrows.screen.readers.us_entity_text import read_end_users_csv, read_entity_text
from narrows.screen.readers.us_ofac_csv import read_ofac_csv
from narrows.screen.readers.us_ofac_xml import read_ofac_xml
from narrows.terms import BadInput, Fault

__all__ = ["list_files", "read_list", "read_lists"]

_SUFFIXES = (".csv", ".json", ".xml", ".txt")
_OFAC = {"sdn.csv": ("add.csv", "alt.csv"), "cons_prim.csv": ("cons_add.csv", "cons_alt.csv")}
_NOT_LISTS = frozenset({"readme.txt", "datapackage.json", "name_match_cases.csv"})
_KNOWN = "a list that docs/how-to/screen-parties.md names"

Reader = Callable[..., PartyList]


def list_files(places: str | Path | Sequence[str | Path]) -> list[Path]:
    """Give the files of lists: those named, and those in the folders named, below included.

    Raises
    ------
    BadInput
        When a place does not exist, or there is no file at all.
    """
    given = [places] if isinstance(places, str | Path) else list(places)
    found: list[Path] = []
    faults = []
    for place in map(Path, given):
        if place.is_dir():
            found += sorted(one for one in place.rglob("*") if _is_list(one))
        elif place.is_file():
            found.append(place)
        else:
            faults.append(Fault(str(place), None, "", "no such file or folder", "lists of parties"))
    if not found and not faults:
        wanted = f"files ending in {', '.join(_SUFFIXES)}, also with .gz"
        faults = [Fault(str(place), None, "", "no list", wanted) for place in given]
    if faults:
        raise BadInput(faults)
    return list(dict.fromkeys(found))


def _plain(path: Path) -> str:
    return path.name.casefold().removesuffix(".gz")


def _is_list(path: Path) -> bool:
    plain = _plain(path)
    hidden = path.name.startswith(".")
    return path.is_file() and not hidden and plain.endswith(_SUFFIXES) and plain not in _NOT_LISTS


def read_lists(files: Sequence[Path], *, today: date | None = None) -> list[PartyList]:
    """Give every list of some files; the three files of OFAC's csv are one list.

    Raises
    ------
    BadInput
        With the faults of every file that cannot be read.
    """
    faults: list[Fault] = []
    found: list[PartyList] = []
    by_place = {(path.parent, _plain(path)): path for path in files}
    for path in files:
        whole = _whole_of(path, by_place)
        if whole is not None and whole != path:
            continue
        try:
            found.append(read_list(path, today=today, beside=by_place))
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)
    return found


def _whole_of(path: Path, by_place: dict[tuple[Path, str], Path]) -> Path | None:
    """Give the file of names that a file of OFAC's addresses or aliases belongs to."""
    plain = _plain(path)
    for main, others in _OFAC.items():
        if plain in others:
            return by_place.get((path.parent, main))
    return None


def read_list(
    path: str | Path,
    *,
    today: date | None = None,
    beside: dict[tuple[Path, str], Path] | None = None,
) -> PartyList:
    """Give the list a file holds, known by its contents.

    Parameters
    ----------
    path
        The file, also packed with gzip.
    today
        Date after which the list may not be dated.
    beside
        Other files by folder and name, for lists that come in several.

    Raises
    ------
    BadInput
        When the file is none of the known lists, or is damaged.
    """
    place = Path(path)
    file = open_list(place)
    if _plain(place) in _OFAC:
        others = [_beside(place, name, beside) for name in _OFAC[_plain(place)]]
        return read_ofac_csv(file, *others, today=today)
    reader = next((read for fits, read in _readers() if fits(file)), None)
    if reader is None:
        start = file.data[:40].decode("utf-8", "replace").splitlines()[0]
        raise fault(file.name, 1, "", repr(start), _KNOWN)
    return reader(file, today=today)


def _beside(place: Path, name: str, beside: dict[tuple[Path, str], Path] | None) -> ListFile | None:
    near = (beside or {}).get((place.parent, name))
    options = [near] if near else [place.with_name(name), place.with_name(f"{name}.gz")]
    return next((open_list(one) for one in options if one.is_file()), None)


def _readers() -> Iterator[tuple[Callable[[ListFile], bool], Reader]]:
    yield _starts(rb"\s*(\"?_id\"?,)?\"?source\"?,\"?entity_number\"?,"), read_csl_csv
    yield _starts(rb"\"?Name\"?\t\"?Street_Address"), read_denied_persons
    yield _starts(rb"celex,recordId,"), read_eu_annexes
    yield _starts(rb"\"?fileGenerationDate\"?;"), read_eu_csv
    yield _starts(rb"Type,Name,Alias,Country,"), read_end_users_csv
    yield _holds(rb"<sdnList"), read_ofac_xml
    yield _holds(rb"<CONSOLIDATED_LIST"), read_un
    yield _holds(rb"<sanctionEntity|<export\b"), read_eu_xml
    yield _holds(rb"\"entity_name\""), read_registry_json
    yield _holds(rb"\"raw\"\s*:"), read_entity_text
    yield _starts(rb"\s*\{"), read_csl_json
    yield _holds("所在地：".encode()), read_jp_notice


def _starts(pattern: bytes) -> Callable[[ListFile], bool]:
    known = re.compile(rb"(?:\xef\xbb\xbf)?" + pattern)
    return lambda file: known.match(file.data) is not None


def _holds(pattern: bytes) -> Callable[[ListFile], bool]:
    known = re.compile(pattern)
    return lambda file: known.search(file.data[:20_000]) is not None
