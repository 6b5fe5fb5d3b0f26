"""Describe a case folder as a Frictionless data package, for tools that do not know Narrows.

The description is made from the one schema of the tables and from `case.yaml`; a case loads
without it.

References
----------
Frictionless Data, Data Package and Table Schema, version 1 (specs.frictionlessdata.io).
"""

import json
from pathlib import Path
from typing import Any

from narrows.evidence.info import CaseInfo, read_info
from narrows.evidence.schema import TABLES, Column, Table
from narrows.evidence.tables import read_text
from narrows.terms import CaseError, Fault, write_whole

__all__ = ["FILE", "describe", "mismatches", "write"]

FILE = "datapackage.json"


def describe(folder: str | Path) -> dict[str, Any]:
    """Give the data package description of a case folder.

    Parameters
    ----------
    folder
        The case folder; only its `case.yaml` is read.

    Raises
    ------
    CaseError
        When `case.yaml` cannot be used.
    """
    faults: list[Fault] = []
    info = read_info(Path(folder), faults)
    if info is None or faults:
        raise CaseError(faults)
    return {
        "profile": "tabular-data-package",
        **_about(info),
        "licenses": [{"title": info.terms or "Terms of each source", "path": "sources.csv"}],
        "sources": [{"title": "Every figure names its source by id", "path": "sources.csv"}],
        "resources": [_resource(table) for table in TABLES.values()],
    }


def write(folder: str | Path) -> Path:
    """Write `datapackage.json` into a case folder and give its path.

    Raises
    ------
    CaseError
        When `case.yaml` cannot be used.
    CouldNotWrite
        When the folder cannot be written; a description from before is untouched.
    """
    path = Path(folder) / FILE
    text = json.dumps(describe(folder), ensure_ascii=False, indent=2) + "\n"
    write_whole({path: text.encode()})
    return path


def mismatches(folder: str | Path) -> tuple[Fault, ...]:
    """Give what a `datapackage.json` says otherwise than the tables are; none where it is absent.

    Only what would mislead another tool counts: files and columns. Titles and remarks are free.
    """
    path = Path(folder) / FILE
    if not path.exists():
        return ()
    faults: list[Fault] = []
    text = read_text(path, faults)
    if text is None:
        return tuple(faults)
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        return (Fault(FILE, error.lineno, "", f"no JSON ({error.msg})", "a JSON object"),)
    columns = _columns(found)
    if columns is None:
        return (Fault(FILE, None, "resources", "no list of tables", "a list of {path, schema}"),)
    for table in TABLES.values():
        if columns.get(table.file) != list(table.names):
            told = columns.get(table.file)
            told_text = "no such table" if told is None else "the columns " + ", ".join(told)
            expected = "the columns " + ", ".join(table.names)
            faults.append(Fault(FILE, None, f"resources.{table.name}", told_text, expected))
    return tuple(faults)


def _columns(found: object) -> dict[str, list[str]] | None:
    """Give the columns of each file that a description names, None where it has no such form."""
    try:
        return {
            str(each["path"]): [str(field["name"]) for field in each["schema"]["fields"]]
            for each in found["resources"]  # type: ignore[index]
        }
    except (KeyError, TypeError):
        return None


def _about(info: CaseInfo) -> dict[str, str]:
    return {
        "name": info.name,
        "title": info.title,
        "description": info.summary.strip(),
        "version": info.version,
    }


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [_foreign_key(table, column) for column in table.columns if column.refers]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "description": table.about,
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {**schema, "missingValues": [""]},
    }


def _field(column: Column) -> dict[str, Any]:
    constraints = {
        "required": column.required or None,
        "enum": [str(word) for word in column.allowed] or None,
        "pattern": column.pattern or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
    }
    given = {name: value for name, value in constraints.items() if value is not None}
    field = {"name": column.name, "type": column.type, "description": column.about}
    return {**field, "constraints": given} if given else field


def _foreign_key(table: Table, column: Column) -> dict[str, Any]:
    resource, field = column.refers or ("", "")
    reference = {"resource": "" if resource == table.name else resource, "fields": field}
    return {"fields": column.name, "reference": reference}
