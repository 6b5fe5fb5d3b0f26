"""How numbers and names are put into sentences: rounding, intervals, lists, plurals.

Rules (each is tested):

- Percent: whole above 1; below 1 "under 1 %"; a part that is not all never rounds to 100 or to 0.
- An interval is printed where low and high differ after rounding.
- Days: whole up to 60, to the nearest 5 up to a year, then in years.
- HHI: two decimals.
"""

import datetime as dt
import math
from collections.abc import Sequence

__all__ = [
    "NARROW",
    "agree",
    "count",
    "date",
    "days",
    "decimals",
    "in_sentence",
    "interval",
    "listed",
    "measure_words",
    "missing",
    "number",
    "ordinal",
    "percent",
    "span",
    "the",
    "year_of",
]

NARROW = "\u202f"  # a narrow space that does not break: 92 %
_SMALL = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ARTICLE = ("United ", "Netherlands", "Philippines", "Czech Republic", "Bahamas", "Maldives")


def missing(value: float | None) -> bool:
    """Tell whether a number is absent."""
    return value is None or math.isnan(value)


def percent(part: float, *, sign: bool = True) -> str:
    """Give a part (0 to 1) as percent for reading.

    Examples
    --------
    >>> [percent(x, sign=False) for x in (0.92, 0.004, 0.996, 1.0, 0.0)]
    ['92', 'under 1', 'over 99', '100', '0']
    """
    tail = f"{NARROW}%" if sign else ""
    if 0 < part < 0.0095:
        return f"under 1{tail}"
    if 0.995 <= part < 1 - 1e-9:
        return f"over 99{tail}"
    return f"{_half_up(100 * part)}{tail}"


def _half_up(number: float) -> int:
    return math.floor(number + 0.5 + 1e-9)


def decimals(value: float, places: int = 2) -> str:
    """Give an index with fixed decimals, half rounded up.

    Examples
    --------
    >>> decimals(0.8528), decimals(1.0)
    ('0.85', '1.00')
    """
    step = 10**places
    return f"{_half_up(value * step) / step:.{places}f}"


def interval(low: float | None, high: float | None) -> str:
    """Give the interval of a part as percent, empty where both ends round alike.

    Examples
    --------
    >>> interval(0.61, 0.77), interval(0.611, 0.613)
    ('61–77\u202f%', '')
    """
    if low is None or high is None or missing(low) or missing(high):
        return ""
    first, last = _half_up(100 * low), _half_up(100 * high)
    return "" if first == last else f"{first}–{last}{NARROW}%"


def days(number: float) -> str:
    """Give a number of days for reading.

    Examples
    --------
    >>> [days(x) for x in (1, 44.6, 93, 800, float("inf"))]
    ['1 day', '45 days', '95 days', '2.2 years', 'no end']
    """
    if math.isinf(number):
        return "no end"
    if number > 365:
        years = number / 365
        text = f"{years:.0f}" if years >= 10 else f"{years:.1f}".removesuffix(".0")
        return f"{text} {'year' if text == '1' else 'years'}"
    whole = _half_up(number) if number <= 60 else 5 * _half_up(number / 5)
    return f"{whole} {'day' if whole == 1 else 'days'}"


def span(low: float, high: float) -> str:
    """Give a range of days for a table.

    Examples
    --------
    >>> span(20, 75), span(90, 90), span(1095, 2920)
    ('20–75 days', '90 days', '3–8 years')
    """
    scale, unit = (365, "years") if low > 365 else (1, "days")
    first, last = _half_up(low / scale), _half_up(high / scale)
    if first == last == 1:
        return f"1 {unit.removesuffix('s')}"
    return f"{first} {unit}" if first == last else f"{first}–{last} {unit}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Give a count with its noun, small numbers in words.

    Examples
    --------
    >>> count(1, "item"), count(3, "assembly", "assemblies"), count(14, "item")
    ('one item', 'three assemblies', '14 items')
    """
    word = _SMALL[number] if number < len(_SMALL) else f"{number:,}".replace(",", NARROW)
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def number(count_: int) -> str:
    """Give a count without a noun, small numbers in words.

    Examples
    --------
    >>> number(0), number(3), number(41)
    ('none', 'three', '41')
    """
    return (("none", *_SMALL[1:])[count_]) if count_ < len(_SMALL) else str(count_)


def ordinal(number: int) -> str:
    """Give a place in an order.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 22)]
    ['first', 'second', 'third', 'fourth', '11th', '22nd']
    """
    if number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def listed(words: Sequence[str], *, joint: str = "and") -> str:
    """Join words as in a sentence; with semicolons where a word itself holds a comma.

    Examples
    --------
    >>> listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])
    ('A', 'A and B', 'A, B and C')
    """
    if len(words) < 2:
        return "".join(words)
    comma = "; " if any("," in word for word in words) else ", "
    return f"{comma.join(words[:-1])} {joint} {words[-1]}"


def in_sentence(name: str) -> str:
    """Give a name as it stands inside a sentence: ``Neon`` small, ``EUV`` and ``ArF`` as they are.

    Examples
    --------
    >>> in_sentence("Logic below 10 nm"), in_sentence("EUV tools"), in_sentence("ArF resist")
    ('logic below 10 nm', 'EUV tools', 'ArF resist')
    """
    first = name.split(" ", 1)[0].split("-", 1)[0].rstrip(",;:")
    ordinary = len(first) > 1 and first[1:].islower() and first.isalpha()
    return name[0].lower() + name[1:] if ordinary else name


def the(name: str) -> str:
    """Give a place with its article.

    Examples
    --------
    >>> the("United States"), the("Taiwan")
    ('the United States', 'Taiwan')
    """
    return f"the {name}" if name.startswith(_ARTICLE) else name


def agree(names: Sequence[str], one: str, many: str) -> str:
    """Give the verb that fits one or several places.

    Examples
    --------
    >>> agree(["Taiwan"], "holds", "hold"), agree(["Japan", "China"], "holds", "hold")
    ('holds', 'hold')
    """
    return one if len(names) == 1 else many


def measure_words(measure: str) -> str:
    """Give what a share measure counts.

    Examples
    --------
    >>> measure_words("capacity_share"), measure_words("wafer_start_share")
    ('capacity', 'wafer start')
    """
    what = measure.partition("_share")[0].replace("_", " ")
    return f"{what}s" if what in ("export", "import", "sale") else what


def date(text: str) -> str:
    """Give a day for reading, other text as it is.

    Examples
    --------
    >>> date("2026-11-23"), date("2021-04")
    ('23 November 2026', '2021-04')
    """
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def year_of(period: str) -> str:
    """Give a period for reading.

    Examples
    --------
    >>> year_of("2017/2020"), year_of("2021Q4")
    ('2017–2020', '2021 Q4')
    """
    return period.replace("/", "–").replace("Q", " Q")
