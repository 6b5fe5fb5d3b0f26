"""Tell apart the parts of a sheet of the OECD ICIO or FIGARO: which rows and columns are what.

References
----------
OECD, Inter-Country Input-Output tables, editions 2016, 2018, 2021, 2023 and 2025;
Eurostat, FIGARO inter-country tables, matrix format.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from narrows.evidence.readers.label_sheets import Sheet
from narrows.terms import WORLD, BadInput, Fault

__all__ = ["Parts", "folded", "parts_of"]

Array = NDArray[np.float64]
Numbers = NDArray[np.int64]
Pair = tuple[str, str]

_TOTALS = ("OUT", "OUTPUT", "TOTAL")
_VALUE_ADDED = re.compile(r"VA|VALU|VA[+. _-]?TAXSUB|W2_D1|W2_D29X39|W2_B2A3.?")
_TAXES = re.compile(r"TLS|(\w+_)?TAXSUB|W2_D21X31")
_ADJUSTMENTS = re.compile(r"W2_OP_N?RES")  # residents' purchases abroad: final use only
_FOLDED = re.compile(r"(CN|MX)\d")  # kinds of firms of China and Mexico in extended tables
_WHOLE = {"CN": "CHN", "MX": "MEX"}
_WORST = 8


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a sheet; the regions are places, and firm kinds are not folded yet.

    Attributes
    ----------
    figaro
        Whether this is the FIGARO layout.
    units
        (region, sector) of each industry: rows of all arrays.
    markets
        (region, category) of each column of `y`.
    z, y
        Purchases of industries and final use.
    outputs
        Output of the industries by where the sheet prints it.
    value_added, taxes
        Sums of the rows of value added, and of taxes on products, of each industry.
    final_taxes
        Taxes on products that final use pays, of all markets together.
    extended
        Whether China or Mexico come in several kinds of firms.
    """

    figaro: bool
    units: tuple[Pair, ...]
    markets: tuple[Pair, ...]
    z: Array
    y: Array
    outputs: Mapping[str, Array]
    value_added: Array
    taxes: Array
    final_taxes: float
    extended: bool


def parts_of(sheet: Sheet) -> Parts:
    """Split a sheet.

    Raises
    ------
    BadInput
        When a label stands twice, a row or column is of no known kind, an industry has a row and
        no column, or a part is missing.
    """
    _labels_once(sheet)
    columns = {label: number for number, label in enumerate(sheet.columns)}
    industries = [label for label in sheet.rows if label in columns and label not in _TOTALS]
    if not industries:
        found = f"rows such as {', '.join(sheet.rows[:3])} and none of them a column"
        expected = "labels REGION_SECTOR on rows and columns, as in the OECD ICIO and FIGARO"
        raise BadInput(Fault(sheet.name, None, "", found, expected))
    figaro = sheet.corner.lower() == "rowlabels" or any(row[:3] == "W2_" for row in sheet.rows)
    known = _places() if figaro else {}
    rows = {label: number for number, label in enumerate(sheet.rows)}
    mine = np.array([rows[label] for label in industries])
    uses = np.array([columns[label] for label in industries])
    final = [each for each in sheet.columns if each not in rows and each not in _TOTALS]
    units = tuple(_pair(label) for label in industries)
    markets = _markets(sheet, units, final)
    ends = np.array([columns[label] for label in final])
    value_added, taxes = _value_rows(sheet, set(industries))
    return Parts(
        figaro=figaro,
        units=_placed(units, known),
        markets=_placed(markets, known),
        z=sheet.values[np.ix_(mine, uses)],
        y=sheet.values[np.ix_(mine, ends)],
        outputs=_outputs(sheet, mine, uses),
        value_added=np.nansum(sheet.values[np.ix_(value_added, uses)], axis=0),
        taxes=np.nansum(sheet.values[np.ix_(taxes, uses)], axis=0),
        final_taxes=float(np.nansum(sheet.values[np.ix_(taxes, ends)])),
        extended=any(_FOLDED.fullmatch(region) for region, _ in units),
    )


def folded(region: str) -> str:
    """Give the place of a region: kinds of firms of China and Mexico become the country.

    Examples
    --------
    >>> folded("CN1"), folded("MX2"), folded("JPN")
    ('CHN', 'MEX', 'JPN')
    """
    return _WHOLE[region[:2]] if _FOLDED.fullmatch(region) else region


def _labels_once(sheet: Sheet) -> None:
    faults = []
    for what, labels in (("row", sheet.rows), ("column", sheet.columns)):
        seen: dict[str, int] = {}
        for number, label in enumerate(labels, start=2):
            if not label:
                faults.append(Fault(sheet.name, None, f"{what} {number}", "no label", "a label"))
            elif label in seen:
                found = f"the {what} {label!r} again, first as {what} {seen[label]}"
                faults.append(Fault(sheet.name, None, f"{what} {number}", found, "each label once"))
            seen.setdefault(label, number)
    if faults:
        raise BadInput(faults[:_WORST])


def _pair(label: str) -> Pair:
    region, _, rest = label.partition("_")
    return region, rest


def _value_rows(sheet: Sheet, industries: set[str]) -> tuple[Numbers, Numbers]:
    """Find the rows of value added and of taxes below the industries."""
    value_added: list[int] = []
    taxes: list[int] = []
    faults = []
    for number, label in enumerate(sheet.rows):
        if label in industries or label in _TOTALS or _ADJUSTMENTS.fullmatch(label):
            continue
        if _VALUE_ADDED.fullmatch(label):
            value_added.append(number)
        elif _TAXES.fullmatch(label):
            taxes.append(number)
        else:
            expected = "an industry with a column of its own, TLS, VA, VALU, OUT or a W2_ row"
            faults.append(Fault(sheet.name, number + 2, label, "a row of no known kind", expected))
    if not value_added:
        expected = "a row VA (ICIO), VALU (ICIO to 2021) or W2_D1 ... (FIGARO)"
        faults.append(Fault(sheet.name, None, "", "no row of value added", expected))
    if faults:
        raise BadInput(faults[:_WORST])
    return np.array(value_added, dtype=np.int64), np.array(taxes, dtype=np.int64)


def _markets(sheet: Sheet, units: Sequence[Pair], final: Sequence[str]) -> tuple[Pair, ...]:
    """Read the labels of final use: REGION_CATEGORY, or CATEGORY_REGION in the edition of 2016."""
    regions = {region for region, _ in units} | {folded(region) for region, _ in units}
    sectors = {sector for _, sector in units}
    out, faults = [], []
    for label in final:
        region, category = _pair(label)
        if region not in regions:
            category, _, region = label.rpartition("_")
        if region not in regions and (label == "DISC" or region == "DISC"):
            region, category = WORLD, "DISC"  # the statistical discrepancy of the edition of 2016
        if region not in regions | {WORLD}:
            expected = "REGION_CATEGORY with the region of an industry"
            faults.append(Fault(sheet.name, 1, label, "final use of an unknown region", expected))
        elif category in sectors:
            expected = "a row of its own, as every industry has"
            faults.append(Fault(sheet.name, 1, label, "an industry without a row", expected))
        out.append((region, category))
    if not final:
        expected = "columns such as JPN_HFCE (ICIO) or JP_P3_S14 (FIGARO)"
        faults.append(Fault(sheet.name, 1, "", "no column of final use", expected))
    if faults:
        raise BadInput(faults[:_WORST])
    return tuple(out)


def _outputs(sheet: Sheet, mine: Numbers, uses: Numbers) -> dict[str, Array]:
    columns = {
        f"the column {label}": sheet.values[mine, number]
        for number, label in enumerate(sheet.columns)
        if label in _TOTALS
    }
    rows = {
        f"the row {label}": sheet.values[number, uses]
        for number, label in enumerate(sheet.rows)
        if label in _TOTALS
    }
    return columns | rows


def _placed(pairs: Sequence[Pair], places: Mapping[str, str]) -> tuple[Pair, ...]:
    return tuple((places.get(region, region), rest) for region, rest in pairs)


@cache
def _places() -> dict[str, str]:
    """Give the place of each region code of FIGARO."""
    text = files("narrows.evidence.readers").joinpath("figaro_regions.csv").read_text("utf-8")
    return {row["code"]: row["place"] for row in csv.DictReader(text.splitlines())}
