"""Read the eCFR text of title 15, parts 738, 740 and 774: chart, groups and control list."""

import re
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

from narrows.terms import BadInput, Fault

__all__ = ["read_chart", "read_groups", "read_list", "supplements"]

_ECCN: Final = re.compile(r"^(\d[A-E]\d{3})\s+(.*)$", re.DOTALL)
_FEWEST_ROWS = 100


def supplements(path: Path) -> dict[str, ET.Element]:
    """Give the supplements of a file by their name (``Supplement No. 1 to Part 738``).

    Raises
    ------
    BadInput
        When the file is no XML, or is cut off.
    """
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - a government text the user has put there
    except ET.ParseError as error:
        line = error.position[0]
        raise BadInput(Fault(path.name, line, "", str(error), "a whole XML file")) from error
    return {each.get("N", ""): each for each in root.iter("DIV9")}


def _text(node: ET.Element) -> str:
    return " ".join("".join(node.itertext()).split())


def _rows(table: ET.Element) -> list[list[ET.Element]]:
    """Give the cells of each row; an empty cell keeps its place."""
    return [[cell for cell in row if cell.tag in ("TD", "TH")] for row in table.iter("TR")]


def _name(cell: ET.Element) -> str:
    """Give the words of a cell without its footnote marks."""
    parts = [cell.text or ""]
    for each in cell:
        if each.tag.lower() != "sup":
            parts.append("".join(each.itertext()))
        parts.append(each.tail or "")
    return " ".join("".join(parts).split())


def read_chart(supplement: ET.Element, file: str) -> tuple[dict[str, list[str]], list[str]]:
    """Give the marked columns by place name, and the places that the chart refers elsewhere.

    Raises
    ------
    BadInput
        When there is no chart, or too few rows: then the file is cut off.
    """
    for table in supplement.iter("TABLE"):
        rows = _rows(table)
        head = next((row for row in rows if any(_text(cell) == "NS 1" for cell in row)), None)
        if head is None:
            continue
        columns = [_text(cell) for cell in head]
        marks, elsewhere = {}, []
        for row in rows[rows.index(head) + 1 :]:
            if len(row) == len(columns) + 1:
                found = [n for n, c in zip(columns, row[1:], strict=True) if _text(c) == "X"]
                marks[_name(row[0])] = found
            elif len(row) > 1:
                elsewhere.append(_name(row[0]))
        if len(marks) < _FEWEST_ROWS:
            expected = f"{_FEWEST_ROWS} rows or more; the file is cut off"
            raise BadInput(Fault(file, None, "Country Chart", f"{len(marks)} rows", expected))
        return marks, elsewhere
    raise BadInput(Fault(file, None, "Country Chart", "no table with NS 1", "the Country Chart"))


def read_groups(supplement: ET.Element, file: str) -> dict[str, list[str]]:
    """Give the place names of each Country Group.

    Raises
    ------
    BadInput
        When a group is missing.
    """
    found: dict[str, list[str]] = {}
    for letter, count in (("A", 6), ("D", 5), ("E", 2)):
        labels = [f"{letter}:{number}" for number in range(1, count + 1)]
        found |= {label: [] for label in labels}
        for table in supplement.iter("TABLE"):
            if f"Country Group {letter}" not in _text(table):
                continue
            for row in _rows(table):
                if len(row) == len(labels) + 1 and row[0].tag == "TD":
                    for label, cell in zip(labels, row[1:], strict=True):
                        if "X" in _text(cell).upper():
                            found[label].append(_name(row[0]))
    found["B"] = [_text(each) for part in supplement.iter("SCOL2") for each in part.iter("LI")]
    empty = [name for name, members in found.items() if not members]
    if empty:
        faults = (Fault(file, None, f"group {n}", "no places", "its members") for n in empty)
        raise BadInput(faults)
    return found


def read_list(supplement: ET.Element) -> list[dict[str, Any]]:
    """Give the entries of the Commerce Control List with their licence requirements."""
    entries: list[dict[str, Any]] = []
    for node in supplement.iter():
        if node.tag == "FP-2" and (bold := node.find("B")) is not None:
            if head := _ECCN.match(_text(bold)):
                entries.append({"eccn": head[1], "heading": head[2], "rows": [], "exceptions": {}})
        elif entries and node.tag == "TABLE":
            entries[-1]["rows"] += _requirements(node)
        elif entries and node.tag == "FP-1":
            word, colon, rest = _text(node).partition(":")
            if colon and re.fullmatch(r"[A-Z]{3,4}", word):
                entries[-1]["exceptions"][word] = rest.strip()
    return entries


def _requirements(table: ET.Element) -> list[tuple[str, str]]:
    """Give control and requirement of a licence-requirements table; nothing for other tables."""
    rows = [[_text(cell) for cell in row] for row in _rows(table)]
    if not rows or not any("country chart" in cell.lower() for cell in rows[0]):
        return []
    return [(row[0], row[1] or row[0]) for row in rows[1:] if len(row) > 1 and row[0]]
