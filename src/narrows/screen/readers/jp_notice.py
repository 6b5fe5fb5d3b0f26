"""Japan's lists of parties barred from exports, as the text of the ministries' notices."""

import re
from datetime import date

from narrows.screen.parties.records import ListedName, ListedParty, PartyList
from narrows.screen.readers.files import ListFile, checked_date, decoded, fault, parts

__all__ = ["read_jp_notice"]

_ADDRESS = "所在地："
_SPACED = re.compile(r"所[ 　]*在[ 　]*地[ 　]*[：:]")
_ENTRY = re.compile(r"(?m)(?:^|(?<=[.A-Za-z)]))\s*([0-9０-９]{1,4})[ 　]+(?=[^\d\s,年月日])")
_JAPANESE_ALIAS = re.compile(r"（(?:別称|旧称|通称)、?(.*?)）", re.DOTALL)
_ALIASES = re.compile(
    r",?\s*(?:a\.k\.a\.?|f\.k\.a\.?),?\s*(?:the\s*following[^:：]*[:：])?", re.IGNORECASE
)
_ITEM = re.compile(r"(?m)^\s*[-—–]\s*")
_OTHER = "別称："
_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_BASIC = re.compile(r"令和.年.{2,6}告示第.{2,8}号")
_FOLLOWING = re.compile(r"(?:the\s*)?following\b.*:$", re.IGNORECASE)
_WIDE = re.compile(r"（([^（）]+)）")
_END = re.compile(r"[;；.]?\s*(?:and)?\s*$")


def read_jp_notice(file: ListFile, *, today: date | None = None) -> PartyList:
    """Give the parties of a notice: number, name in Japanese, name in Latin letters, address.

    Raises
    ------
    BadInput
        When no entry is found, the numbers have a gap, or the last entry has no address.
    """
    text = _SPACED.sub(_ADDRESS, decoded(file, "utf-8-sig"))
    if _ADDRESS not in text:
        raise fault(file.name, 1, _ADDRESS, "nothing", "a notice with the addresses of parties")
    dates = [f"{y}-{int(m):02}-{int(d):02}" for y, m, d in _DATE.findall(text[:2000])]
    head = _BASIC.search(text[:2000].replace("\n", ""))
    legal = head.group() if head else ""
    entries = tuple(
        _entry(number, body, line, legal) for number, body, line in _bodies(text, file.name)
    )
    title = "Parties barred from exports" + (f", {legal}" if legal else "")
    return PartyList(
        "jp-export-ban",
        title,
        "Japan, Ministry of Foreign Affairs and METI",
        checked_date(max(dates, default=""), file.name, today=today),
        file.digest,
        file.name,
        entries,
    )


def _bodies(text: str, file: str) -> list[tuple[int, str, int]]:
    """Give number, text and line of each entry: those whose numbers go up by one."""
    found: list[tuple[int, int, int]] = []
    for mark in _ENTRY.finditer(text):
        number = int(mark.group(1))
        told = not found or _ADDRESS in text[found[-1][2] : mark.start()]
        if told and number == (found[-1][0] + 1 if found else 1):
            found.append((number, mark.start(1), mark.end()))
    if not found:
        raise fault(file, None, "", "no numbered entry", "entries numbered from 1")
    ends = [start for _, start, _ in found[1:]] + [len(text)]
    bodies = [
        (number, text[begin:end], text.count("\n", 0, start) + 1)
        for (number, start, begin), end in zip(found, ends, strict=True)
    ]
    if _ADDRESS not in bodies[-1][1]:
        raise fault(file, bodies[-1][2], _ADDRESS, "nothing", "the address of the last entry")
    missed = [number for number, body, _ in bodies if body.count(_ADDRESS) > 1]
    if missed:
        line = next(line for number, _, line in bodies if number == missed[0])
        raise fault(file, line, "", f"several parties under number {missed[0]}", "one each")
    return bodies


def _entry(number: int, body: str, line: int, legal: str) -> ListedParty:
    named, _, address = body.partition(_ADDRESS)
    names = dict.fromkeys(_names(named))
    place = " ".join(address.split()).rstrip(". ")
    last = re.split(r"[,;]", place)[-1].strip(" .")
    return ListedParty(
        key=str(number),
        list_name="Japan, parties barred from exports",
        schema="Organization",
        names=tuple(map(ListedName, names)) or (ListedName(str(number)),),
        record=line,
        countries=(last,) if last else (),
        addresses=parts(place.replace("; and ", "; ")),
        programmes=(legal,) if legal else (),
    )


def _names(named: str) -> list[str]:
    others = [
        one
        for part in _JAPANESE_ALIAS.findall(named)
        for one in re.split(r"、|及び", part.replace("\n", ""))
    ]
    main, _, listed = _JAPANESE_ALIAS.sub("", named).partition(_OTHER)
    lines = [line.strip() for line in main.strip().split("\n") if line.strip()]
    at = next((n for n, line in enumerate(lines) if n and _latin(line)), len(lines))
    japanese = "".join(lines[:at])
    latin = "\n".join(lines[at:])
    first, *rest = _ALIASES.split(latin, maxsplit=1)
    items = _ITEM.split("\n" + "\n".join(rest))
    found = [japanese, " ".join(first.split()), *others]
    found += [" ".join(item.split()) for item in items]
    found += [" ".join(one.split()) for one in re.split(r"[;；\n]", listed)]
    parted = [one for name in found for one in _parted(_END.sub("", name).strip(" ,"))]
    return [name for name in parted if any(map(str.isalnum, name)) and not _FOLLOWING.match(name)]


def _parted(name: str) -> list[str]:
    """Give a name without what it puts in wide brackets, and that as a name of its own."""
    return [_WIDE.sub("", name).strip(), *(inner.strip() for inner in _WIDE.findall(name))]


def _latin(line: str) -> bool:
    letters = [letter for letter in line if letter.isalpha()]
    return bool(letters) and sum(letter.isascii() for letter in letters) > 0.8 * len(letters)
