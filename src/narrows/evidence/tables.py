"""Read the CSV tables of a case, cell by cell, gathering every fault."""

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from narrows.evidence.schema import Column, Table
from narrows.terms import Fault

__all__ = ["Row", "read_rows", "read_text"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number in the file and its cells by column."""

    line: int
    cells: dict[str, str]

    def number(self, column: str) -> float | None:
        """Give a numeric cell, None where it is empty."""
        text = self.cells[column]
        return float(text) if text else None


def read_text(path: Path, faults: list[Fault]) -> str | None:
    """Give the text of a file, or add a fault and give None."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        faults.append(Fault(path.name, None, "", "no such file", f"a file {path.name} in the case"))
    except OSError as error:
        reason = error.strerror or str(error)
        faults.append(Fault(path.name, None, "", f"unreadable ({reason})", "a readable file"))
    else:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            found = f"byte {data[error.start]:#04x} that is not UTF-8"
            faults.append(Fault(path.name, line, "", found, "text in UTF-8"))
    return None


def read_rows(folder: Path, table: Table, faults: list[Fault]) -> list[Row]:
    """Read one table and check every cell by its schema.

    Returns
    -------
    list of Row
        The rows whose cells all hold; every other one has left at least one fault.
    """
    text = read_text(folder / table.file, faults)
    if text is None:
        return []
    before = len(faults)
    lines = _lines(text, table, faults)
    head = next(lines, None)
    if head is None:
        if len(faults) == before:
            expected = "a line with the columns " + ", ".join(table.names)
            faults.append(Fault(table.file, 1, "", "an empty file", expected))
        return []
    if not _heads(head[1], table, faults):
        return []
    rows, seen = [], dict[tuple[str, ...], int]()
    for line, cells in lines:
        row = _row(line, cells, head[1], table, faults)
        if row is None:
            continue
        key = tuple(row.cells[name] for name in table.key)
        if table.key and key in seen:
            found = f"{', '.join(key)!r} again, first on line {seen[key]}"
            faults.append(Fault(table.file, line, "+".join(table.key), found, "a new key"))
            continue
        seen[key] = line
        rows.append(row)
    return rows


def _lines(text: str, table: Table, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        faults.append(Fault(table.file, line, "", "a zero byte", "a CSV text file"))
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Fault(table.file, start, "", f"no CSV ({error})", "comma-separated text"))
            return
        if cells:
            yield start, [cell.strip() for cell in cells]
        start = reader.line_num + 1


def _heads(head: list[str], table: Table, faults: list[Fault]) -> bool:
    missing = [name for name in table.names if name not in head]
    unknown = [name for name in head if name not in table.names]
    if len(missing) == len(table.names):
        found = f"{','.join(head)[:60]!r}, none of the columns of this table"
        expected = "comma-separated text with the columns " + ", ".join(table.names)
        faults.append(Fault(table.file, 1, "", found, expected))
        return False
    for name in missing:
        near = get_close_matches(name, unknown, n=1)
        found = f"{near[0]!r} instead" if near else "no such column"
        faults.append(Fault(table.file, 1, name, found, f"the column {name!r}"))
    for name in unknown:
        if not any(get_close_matches(lost, [name], n=1) for lost in missing):
            expected = "only the columns " + ", ".join(table.names)
            faults.append(Fault(table.file, 1, name or "header", f"column {name!r}", expected))
    doubled = {name for name in head if head.count(name) > 1}
    faults.extend(
        Fault(table.file, 1, name, "the column twice", "each column once") for name in doubled
    )
    return not (missing or unknown or doubled)


def _row(
    line: int, cells: list[str], head: list[str], table: Table, faults: list[Fault]
) -> Row | None:
    if len(cells) != len(head):
        found = f"{len(cells)} cells"
        faults.append(Fault(table.file, line, "", found, f"{len(head)} cells, one a column"))
        return None
    row = Row(line, dict(zip(head, cells, strict=True)))
    wrong = [
        Fault(table.file, line, column.name, found, expected)
        for column in table.columns
        for found, expected in _cell(row.cells[column.name], column)
    ]
    faults.extend(wrong)
    return None if wrong else row


def _cell(text: str, column: Column) -> Iterator[tuple[str, str]]:
    """Give what was found and expected where a cell breaks its schema."""
    if not text:
        if column.required:
            yield "an empty cell", column.about
        return
    if column.allowed and text not in column.allowed:
        near = get_close_matches(text, column.allowed, n=1)
        hint = f" (nearest: {near[0]})" if near else ""
        yield repr(text), "one of " + ", ".join(column.allowed) + hint
    if column.pattern and not re.fullmatch(column.pattern, text):
        yield repr(text), column.about
    if column.type == "number":
        yield from _number(text, column)


def _number(text: str, column: Column) -> Iterator[tuple[str, str]]:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        yield repr(text), "a number"
    elif column.minimum is not None and value < column.minimum:
        yield text, f"at least {column.minimum:g}"
    elif column.maximum is not None and value > column.maximum:
        yield text, f"at most {column.maximum:g}"
