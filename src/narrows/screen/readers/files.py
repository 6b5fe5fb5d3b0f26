"""Files of lists opened with care: packed or not, whole, in the stated encoding, with a date."""

import calendar
import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from narrows.terms import BadInput, Fault

__all__ = [
    "ListFile",
    "checked_date",
    "csv_rows",
    "day",
    "days_in",
    "decoded",
    "fault",
    "open_list",
    "parts",
]

_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_US = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_EU = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
_WORDS = re.compile(r"(?<!\d)(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_MONTHS = {name[:3]: number for number, name in enumerate(calendar.month_name) if name}
_LARGEST = 1 << 30


@dataclass(frozen=True)
class ListFile:
    """A list's file: its name, bytes and digest."""

    name: str
    data: bytes

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes, unpacked."""
        return hashlib.sha256(self.data).hexdigest()


def fault(file: str, row: int | None, field: str, found: str, expected: str) -> BadInput:
    """Give the error for one thing wrong in a list."""
    return BadInput(Fault(file, row, field, found, expected))


def open_list(path: Path) -> ListFile:
    """Give the bytes of a list, unpacked where the file is gzip.

    Raises
    ------
    BadInput
        When the file is missing, empty, too large or ends too early.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise fault(path.name, None, "", error.strerror or "no file", "a readable file") from error
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise fault(
                path.name, None, "", "a gzip file that ends too early or is damaged", "a whole file"
            ) from error
    if not data.strip():
        raise fault(path.name, None, "", "an empty file", "a list of parties")
    if len(data) > _LARGEST:
        raise fault(path.name, None, "", f"{len(data)} bytes", "less than one GiB")
    return ListFile(path.name, data)


def decoded(file: ListFile, *encodings: str) -> str:
    """Give the text of a list in the first encoding that fits.

    Raises
    ------
    BadInput
        When none fits, with the first byte that does not.
    """
    first: UnicodeDecodeError | None = None
    for encoding in encodings:
        try:
            text = file.data.decode(encoding)
        except UnicodeDecodeError as error:
            first = first or error
            continue
        if "\x00" not in text:
            return text
    at = first.start if first else file.data.index(b"\x00")
    row = file.data.count(b"\n", 0, at) + 1
    raise fault(
        file.name, row, "", f"byte {file.data[at]:#04x} at {at}", f"text in {encodings[0]}"
    ) from first


def csv_rows(file: ListFile, text: str, separator: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Give line and cells of each row that is not blank.

    Raises
    ------
    BadInput
        When a quoted cell has no end.
    """
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                yield rows.line_num, row
    except csv.Error as error:
        found = f"a row that cannot be read ({error})"
        raise fault(file.name, rows.line_num, "", found, "whole rows; is it cut short?") from error


def day(text: str) -> str:
    """Give the first date in a text as ISO; a year alone stays a year; else empty.

    >>> day("24.9.2004"), day("06/19/2003"), day("circa 1965"), day("05 Mar 1971")
    ('2004-09-24', '2003-06-19', '1965', '1971-03-05')
    """
    found = days_in(text)
    return found[0] if found else ""


def days_in(text: str) -> tuple[str, ...]:
    """Give every date in a text as ISO, in order; years alone where no full date stands."""
    found = [
        (place.start(), year, month, number)
        for pattern, order in ((_ISO, (0, 1, 2)), (_US, (2, 0, 1)), (_EU, (2, 1, 0)))
        for place in pattern.finditer(text)
        for year, month, number in [tuple(int(place.groups()[at]) for at in order)]
    ]
    found += [
        (place.start(), int(place.group(3)), _MONTHS[place.group(2)], int(place.group(1)))
        for place in _WORDS.finditer(text)
        if place.group(2) in _MONTHS
    ]
    full = [(at, iso) for at, *parts in sorted(found) if (iso := _iso(*parts))]
    if full:
        return tuple(dict.fromkeys(iso for _, iso in full))
    return tuple(dict.fromkeys(_YEAR.findall(text)))


def _iso(year: int, month: int, number: int) -> str:
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return ""


def checked_date(text: str, file: str, *, today: date | None = None) -> str:
    """Give the date of a list as ISO, else the one in the file's name, else nothing.

    Raises
    ------
    BadInput
        When it lies after today: the list, or the clock, is wrong.
    """
    found = day(text) or day(file.replace("_", "-"))
    if len(found) != len("2026-01-01"):
        return ""
    now = today or datetime.now(tz=UTC).date()
    if date.fromisoformat(found) > now:
        raise fault(file, None, "date of the list", found, f"a date up to today, {now}")
    return found


def parts(text: str, separator: str = ";") -> tuple[str, ...]:
    """Give the parts of a cell that holds several, blanks left out, each once."""
    found = (part.strip() for part in text.split(separator))
    return tuple(dict.fromkeys(part for part in found if part))
