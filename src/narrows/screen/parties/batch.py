"""Parties of a file, CSV, JSON or Parquet, held against lists."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from narrows.screen.parties.results import PartyScreening
from narrows.screen.parties.screening import THRESHOLD, ListSource, Progress, parties
from narrows.screen.readers.files import ListFile, csv_rows, decoded, fault, open_list
from narrows.terms import CouldNotFinish

__all__ = ["read_parties", "screen_parties_file"]


def read_parties(path: str | Path) -> list[dict[str, Any]]:
    """Give the records of a file of parties: CSV, JSON (array or lines) or Parquet.

    Raises
    ------
    BadInput
        When the file is missing, cut short, in another encoding, or of another kind.
    CouldNotFinish
        When it is Parquet and pyarrow is not installed.
    """
    place = Path(path)
    kind = place.name.casefold().removesuffix(".gz").rpartition(".")[2]
    if kind == "parquet":
        return _parquet(place)
    file = open_list(place)
    if kind == "csv":
        return _csv(file)
    if kind in {"json", "jsonl", "ndjson"}:
        return _json(file)
    raise fault(place.name, None, "", f"a file ending in {kind!r}", "csv, json, jsonl or parquet")


def _csv(file: ListFile) -> list[dict[str, Any]]:
    text = decoded(file, "utf-8-sig")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows = csv_rows(file, text, separator)
    header = [cell.strip() for cell in next(rows)[1]]
    found = []
    for line, row in rows:
        if len(row) != len(header):
            expected = f"{len(header)}; the file may have been cut short"
            raise fault(file.name, line, "", f"{len(row)} cells", expected)
        found.append(dict(zip(header, row, strict=True)))
    return found


def _json(file: ListFile) -> list[dict[str, Any]]:
    text = decoded(file, "utf-8-sig")
    try:
        held = json.loads(text) if text.lstrip().startswith("[") else None
        if held is None:
            held = [json.loads(line) for line in text.splitlines() if line.strip()]
    except json.JSONDecodeError as error:
        found = f"text that breaks off ({error.msg})"
        raise fault(file.name, error.lineno, "", found, "whole JSON") from error
    return [one if isinstance(one, dict) else {"name": one} for one in held]


def _parquet(path: Path) -> list[dict[str, Any]]:
    import pandas as pd

    try:
        return [
            {str(key): value for key, value in row.items()}
            for row in pd.read_parquet(path).to_dict("records")
        ]
    except ImportError as error:
        message = "Parquet needs pyarrow: pip install 'narrows[tables]'"
        raise CouldNotFinish(message) from error
    except (OSError, ValueError) as error:
        raise fault(path.name, None, "", f"no whole Parquet file ({error})", "Parquet") from error


def screen_parties_file(
    path: str | Path,
    *,
    lists: ListSource,
    threshold: float = THRESHOLD,
    most: int = 20,
    today: date | None = None,
    progress: Progress | None = None,
) -> PartyScreening:
    """Hold the parties of a file against lists.

    Parameters
    ----------
    path
        CSV, JSON or Parquet with a column `name` and, as far as known, schema, aliases,
        birth_date, birth_place, country, address, identifiers, reference.
    lists, threshold, most, today, progress
        As in `parties`.

    Raises
    ------
    BadInput
        When the file or a list cannot be read.
    """
    return parties(
        read_parties(path),
        lists=lists,
        threshold=threshold,
        most=most,
        today=today,
        progress=progress,
    )
