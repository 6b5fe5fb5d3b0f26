"""Tell from names and codes which edition and year a table is, and on what terms it may be used."""

import re
from dataclasses import dataclass

from narrows.evidence.readers.icio_layout import Parts

__all__ = ["Origin", "origin_of"]

_OECD = "OECD, Inter-Country Input-Output Tables"
_FIGARO = "Eurostat, FIGARO inter-country input-output tables"
_UNKNOWN = "not stated; in the layout of the OECD ICIO"
_TERMS = {
    _OECD: (
        "OECD terms and conditions: any use, commercial too, with attribution to the OECD; "
        "who passes the data on passes this condition on."
    ),
    _FIGARO: "Eurostat: reuse allowed with the source acknowledged (CC BY 4.0).",
    _UNKNOWN: "Not known. Ask the publisher before you pass the data on.",
}
# One sector code that only this edition has.
_MARKS = {"A01": "2025", "A01_02": "2023", "01T02": "2021", "01T03": "2018", "C01T05": "2016"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a table comes from.

    Attributes
    ----------
    name
        Such as ``icio-2023-2020``; empty where the edition is not known.
    source, edition, year, unit, licence
        As in `InputOutputTable`.
    """

    name: str
    source: str
    edition: str
    year: str
    unit: str
    licence: str


def origin_of(file: str, member: str, parts: Parts) -> Origin:
    """Tell the origin of a table.

    Parameters
    ----------
    file, member
        Name of the file, and of the member of a zip (the same for other files).
    parts
        The table.
    """
    year = _year(member) or _year(file)
    if parts.figaro:
        edition = _figaro_edition(member) or _figaro_edition(file)
        source, family, unit = _FIGARO, "figaro", "million EUR"
    else:
        edition = _edition(member) or _edition(file) or _by_codes(parts)
        source, family, unit = _OECD if edition else _UNKNOWN, "icio", "million USD"
    name = "-".join(each for each in (family, edition, year) if each) if edition else ""
    return Origin(name, source, edition, year, unit, _TERMS[source])


def _year(name: str) -> str:
    """Give the last number of four digits in a name.

    Examples
    --------
    >>> _year("ICIO2021_2018.csv"), _year("2022_SML.csv"), _year("2016-2022_SML.zip")
    ('2018', '2022', '')
    """
    if re.search(r"\d{4}-\d{4}", name):
        return ""
    found = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", re.sub(r"(?i)ICIO-?\d{4}", "", name))
    return found[-1] if found else ""


def _edition(name: str) -> str:
    """Give the edition in a name of the OECD.

    Examples
    --------
    >>> _edition("ICIO2021_2018.csv"), _edition("2022_SML.csv")
    ('2021', '')
    """
    found = re.match(r"(?i)ICIO(\d{4})", name)
    return found[1] if found else ""


def _figaro_edition(name: str) -> str:
    """Give the edition in a name of Eurostat.

    Examples
    --------
    >>> _figaro_edition("matrix_eu-ic-io_ind-by-ind_25ed_2023.csv")
    '2025'
    """
    found = re.search(r"(?<!\d)(\d\d)ed(?![a-z])", name)
    return f"20{found[1]}" if found else ""


def _by_codes(parts: Parts) -> str:
    codes = {sector for _, sector in parts.units}
    codes |= {code[:6] for code in codes if code.startswith("C01T05")}
    return next((edition for mark, edition in _MARKS.items() if mark in codes), "")
