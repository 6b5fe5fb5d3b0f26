"""Numbers and names of a plan as the brief prints them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from narrows.brief import words
from narrows.brief.amounts import amount
from narrows.brief.facts import Facts, Row, weakest
from narrows.brief.planned import Help
from narrows.brief.tree import Unit, Value
from narrows.plan import Centre, Figure, Option, Stockpile
from narrows.terms import ASSUMED_SOURCE, Grade

__all__ = [
    "BILLION",
    "banded",
    "billions",
    "chance",
    "figure_value",
    "figure_words",
    "idle",
    "in_words",
    "likelihood",
    "named",
    "option_title",
    "origin",
    "payer_names",
    "summed",
    "times",
    "titles",
]

BILLION = 1e9
_HARDLY = 5e6  # US dollars: less is printed as 0
_TIMES = ("", "", "twice")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_FROM_TWENTY = 2
_FIGURES = {
    "size": "size of a step, part of the world’s output",
    "days": "days of use a step",
    "years": "years until it works",
    "ramp_years": "years from then until it works in full",
    "yearly_usd": "cost a year of a step once it works",
    "public_part": "part of the cost that payers bear",
    "shelf_life_years": "years until stock is bought again",
    "saves_days": "days of qualification saved",
    "part": "part of the need saved",
    "late": "chance that the last gate is late",
    "late_years": "years by which it is late",
    "yearly": "chance that it begins in a year",
    "success": "chance of passing",
}
_PARTS = ("size", "public_part", "part", "late", "success", "yearly")


def billions(
    usd: float,
    key: str,
    origin: tuple[Grade, tuple[str, ...]] = (Grade.ASSUMED, (ASSUMED_SOURCE,)),
    *,
    unit: bool = True,
    bare: bool = False,
) -> Value:
    """Give US dollars in billions; the number of the value counts billions.

    Examples
    --------
    >>> billions(45.64e9, "k").text, billions(0.0, "k", unit=False).text
    ('USD\u202f46\u202fbillion', '0')
    """
    number = usd / BILLION if abs(usd) >= _HARDLY else 0.0
    shown = amount(number)
    text = words.NARROW.join(("USD", shown, "billion")) if unit else shown
    return Value(text, key, *origin, number, bare=bare)


def banded(value: Value, low: float, high: float) -> Value:
    """Give an amount in billions its band, in US dollars; as it is where there is none."""
    if words.missing(low) or words.missing(high):
        return value
    ends = low / BILLION, high / BILLION
    first, last = (amount(each) for each in ends)
    return value if first == last else replace(value, span=f"{first}–{last}", ends=ends)


def origin(figures: Iterable[Figure]) -> tuple[Grade, tuple[str, ...]]:
    """Give the weakest grade of some figures, and their sources."""
    found = list(figures)
    sources = tuple(dict.fromkeys(figure.source_id for figure in found))
    return weakest([figure.grade.value for figure in found]), sources


def likelihood(help_: Help, *, bare: bool = False) -> Value:
    """Give the probability a year that the scenario begins, with its range."""
    value = figure_value(help_.yearly, "plan/likelihood", "yearly")
    return replace(value, bare=bare)


def option_title(help_: Help, name: str) -> str:
    """Give the title of an option, its id where it has none."""
    return help_.asked.options[name].title or name


def times(steps: float) -> str:
    """Say how many steps are taken, nothing for one.

    Examples
    --------
    >>> times(1), times(2), times(4)
    ('', 'twice', 'four times')
    """
    if steps == int(steps) and steps < len(_TIMES):
        return _TIMES[int(steps)]
    count = words.number(int(steps)) if steps == int(steps) else f"{steps:g}"
    return f"{count} times"


def chance(part: float, key: str) -> Value:
    """Give a probability a year with two figures.

    Examples
    --------
    >>> chance(0.02202, "k").text, chance(0.0875, "k").text
    ('2.2\u202f%', '8.8\u202f%')
    """
    text = f"{100 * part:.2g}{words.NARROW}%"
    return Value(text, key, Grade.ASSUMED, (ASSUMED_SOURCE,), part, unit="part")


def named(help_: Help, rows: Sequence[Row]) -> str:
    """Name an option in a sentence by its rows in the portfolio, with its steps where sure."""
    option = help_.asked.options[str(rows[0]["option"])]
    title = words.in_sentence(option.title or option.id)
    steps = sum(float(row["steps"]) for row in rows)
    if steps == 1 or not all(float(row["probability"]) > 1 - 1e-9 for row in rows):
        return title
    there = len({str(row["place"]) for row in rows}) == 1
    return (there and summed(option, title, steps)) or f"{title} ({times(steps)})"


def summed(option: Option, title: str, steps: float) -> str:
    """Give the title of a stock with the days of all its steps; empty where it names none."""
    if not isinstance(option, Stockpile):
        return ""
    days = option.figure("days").best
    said, found, rest = title.partition(" days ")
    if not found or said not in (in_words(days), f"{days:g}"):
        return ""
    return f"{in_words(days * steps)} days {rest}"


def in_words(count: float) -> str:
    """Give a whole number below a hundred in words, another as it is.

    Examples
    --------
    >>> in_words(40), in_words(25), in_words(120), in_words(7.5)
    ('forty', 'twenty-five', '120', '7.5')
    """
    tens, rest = divmod(count, 10)
    if count != int(count) or count < 1 or tens >= len(_TENS):
        return f"{count:g}"
    last = words.number(int(rest)) if rest else ""
    if tens < _FROM_TWENTY:
        return _TEENS[int(count) - 10] if tens else last
    return "-".join(each for each in (_TENS[int(tens)], last) if each)


def titles(help_: Help, text: str) -> str:
    """Put titles, in quotes, in the place of the ids of options in a text."""
    known = {option.id: f"“{option.title or option.id}”" for option in help_.asked.options}
    return re.sub(r"[\w-]+", lambda found: known.get(found[0], found[0]), text)


def payer_names(facts: Facts, given: str | Iterable[str]) -> list[str]:
    """Give the names of payers, with their article."""
    codes = given.split(",") if isinstance(given, str) else list(given)
    return [words.the(facts.place(code.strip())) for code in codes if code.strip()]


def figure_words(facts: Facts, name: str) -> str:
    """Say what a figure of an option is.

    `name` is such as ``size``, ``cost_usd.JPN`` or ``gates.pilot.success``.
    """
    first, _, rest = name.partition(".")
    if first == "cost_usd":
        return f"cost of a step, {facts.place(rest)}" if rest else "cost of a step"
    if first == "gates":
        gate, _, what = rest.rpartition(".")
        said = {"cost_usd": "cost", "years": "years"}.get(what, _FIGURES.get(what, what))
        return f"gate “{gate}”: {said}"
    return _FIGURES.get(first, first.replace("_", " "))


def idle(option: Option, name: str, figure: Figure) -> bool:
    """Tell whether a figure is at its default and says nothing."""
    if name == "public_part":
        return figure.best == 1 and not figure.is_open
    plain = figure.grade is Grade.ASSUMED and not figure.reason
    return figure.best == 0 and not figure.is_open and (plain or isinstance(option, Centre))


def figure_value(figure: Figure, key: str, name: str) -> Value:
    """Give a figure of an option as it is printed, with its range."""
    last = name.rsplit(".", maxsplit=1)[-1] if not name.startswith("cost_usd") else "cost_usd"
    money, part = last.endswith("_usd"), last in _PARTS
    scale = 1 / BILLION if money else 100 if part else 1
    low, best, high = (f"{scale * x:.3g}" for x in (figure.low, figure.best, figure.high))
    tail = f"{words.NARROW}%" if part else ""
    text = words.NARROW.join(("USD", best, "billion")) if money else f"{best}{tail}"
    span = f"{low}–{high}{tail}" if low != high else ""
    unit: Unit = "part" if part else "days" if "days" in last else ""
    ends = (figure.low, figure.high) if span else None
    number = figure.best
    if money:
        number, ends = number / BILLION, ends and (ends[0] / BILLION, ends[1] / BILLION)
    return Value(text, key, figure.grade, (figure.source_id,), number, span, unit=unit, ends=ends)
