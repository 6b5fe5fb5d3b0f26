"""Numbers of a stress as the brief prints them: days, value, parts, each with its band."""

import math
from collections.abc import Mapping
from typing import Any

from narrows.brief import words
from narrows.brief.tree import Value
from narrows.brief.values import part
from narrows.terms import ASSUMED_SOURCE, Grade

__all__ = ["FELT", "Row", "amount", "days_of", "money", "money_unit", "part_of", "when"]

_ENDS = ("10", "90")
_ORIGIN = (Grade.ASSUMED, (ASSUMED_SOURCE,))
FELT = 0.5
"""Days of supply; less is not worth a sentence."""
Row = Mapping[str, Any]


def days_of(row: Row, column: str, key: str, *, bare: bool = False, unit: bool = True) -> Value:
    """Give days with their band: the median, in brackets 80 % of the draws."""
    middle = float(row[f"{column}_50"])
    low, high = (float(row[f"{column}_{end}"]) for end in _ENDS)
    first, last = _whole(low), _whole(high)
    span = "" if first == last else f"{first}–{last}"
    tail = f" {'day' if _whole(middle) == '1' else 'days'}" if unit else ""
    text, ends = f"{_whole(middle)}{tail}", (low, high) if span else None
    return Value(text, key, *_ORIGIN, middle, span, bare=bare, unit="days", ends=ends)


def _whole(number: float) -> str:
    return "under 1" if 0 < number < FELT else f"{math.floor(number + 0.5)}"


def when(row: Row, column: str, key: str, horizon: int, *, bare: bool = False) -> Value:
    """Give days until something, in words where it is not reached in the days of the run."""
    numbers = [float(row[f"{column}_{end}"]) for end in ("10", "50", "90")]
    low, middle, high = (math.inf if math.isnan(each) else each for each in numbers)
    shown = [_after(each, horizon) for each in (low, high)]
    span = "" if shown[0] == shown[1] else f"{shown[0]}–{shown[1]}"
    finite = math.isfinite(low) and math.isfinite(high)
    text = f"{_whole(middle)} days" if math.isfinite(middle) else f"over {horizon} days"
    text = "1 day" if text == "1 days" else text
    number = middle if math.isfinite(middle) else None
    ends = (low, high) if span and finite else None
    return Value(text, key, *_ORIGIN, number, span, bare=bare, unit="days", ends=ends)


def _after(number: float, horizon: int) -> str:
    return _whole(number) if math.isfinite(number) else f"over {horizon}"


def part_of(row: Row, column: str, key: str, *, bare: bool = False) -> Value:
    """Give a part with its band as percent."""
    ends = (float(row[f"{column}_10"]), float(row[f"{column}_90"]))
    return part(float(row[f"{column}_50"]), key, *_ORIGIN, ends=ends, bare=bare)


def money_unit(unit: str) -> str:
    """Give the unit of an amount from the unit of what is made in a year, empty where none.

    Examples
    --------
    >>> money_unit("USD billion a year"), money_unit("index")
    ('USD billion', '')
    """
    return unit.removesuffix(" a year") if unit.startswith(("USD", "EUR", "JPY")) else ""


def money(row: Row, column: str, key: str, unit: str = "", *, bare: bool = False) -> Value:
    """Give an amount with its band; `unit` stands before and after it (``USD 12 billion``)."""
    middle = float(row[f"{column}_50"])
    low, high = (float(row[f"{column}_{end}"]) for end in _ENDS)
    shown = [amount(each) for each in (low, middle, high)]
    currency, _, size = unit.partition(" ")
    pieces = [each for each in (currency, shown[1], size) if each]
    span = "" if shown[0] == shown[2] else f"{shown[0]}–{shown[2]}"
    ends = (low, high) if span else None
    return Value(words.NARROW.join(pieces), key, *_ORIGIN, middle, span, bare=bare, ends=ends)


def amount(number: float) -> str:
    """Give an amount with two or three figures.

    Examples
    --------
    >>> [amount(x) for x in (316.6, 12.4, 5.71, 0.02, -0.3)]
    ['317', '12', '5.7', 'under 0.1', '-0.3']
    """
    if 0 < number < 0.05:
        return "under 0.1"
    shown = f"{abs(number):.1f}" if abs(number) < 9.95 else f"{abs(number):.0f}"
    shown = "0" if shown == "0.0" else shown
    return f"-{shown}" if number < 0 and shown != "0" else shown
