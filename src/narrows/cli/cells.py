"""Numbers as the tables write them, each with its unit; a dash where there is none."""

import math

__all__ = ["days", "figure", "part", "percent", "span"]

NONE = "-"


def part(value: float | None) -> str:
    """Write a part from 0 to 1 as percent with three figures.

    Examples
    --------
    >>> part(0.9212), part(0.0004), part(None)
    ('92.1 %', '0.04 %', '-')
    """
    if value is None or math.isnan(value):
        return NONE
    number = 100 * value
    return f"{number:.0f} %" if number >= 99.95 else f"{number:.3g} %"


def percent(value: float | None) -> str:
    """Write percent as printed.

    Examples
    --------
    >>> percent(92.0), percent(0.25), percent(float("nan"))
    ('92 %', '0.25 %', '-')
    """
    return NONE if value is None or math.isnan(value) else f"{value:.4g} %"


def days(value: float | None) -> str:
    """Write days.

    Examples
    --------
    >>> days(30.0), days(1.0), days(math.inf)
    ('30 days', '1 day', '-')
    """
    if value is None or not math.isfinite(value):
        return NONE
    number = f"{value:.0f}"
    return f"{number} day" + ("" if number == "1" else "s")


def figure(value: float | None) -> str:
    """Write a number as the source has it, never with an exponent where it has none.

    Examples
    --------
    >>> figure(2019.0), figure(1234567.0), figure(0.35), figure(None)
    ('2019', '1,234,567', '0.35', '-')
    """
    if value is None or math.isnan(value):
        return NONE
    form = ".0f" if value == round(value) else ".8g"
    return format(value, form if abs(value) < 10_000 else f",{form}")


def span(low: float | None, high: float | None, unit: str = "") -> str:
    """Write a range; empty where there is none.

    Examples
    --------
    >>> span(45.0, 54.0, " %"), span(float("nan"), 3.0), span(None, None)
    ('45 to 54 %', 'at most 3', '')
    """
    lower, upper = (figure(value) for value in (low, high))
    if lower == NONE and upper == NONE:
        return ""
    if lower == NONE:
        return f"at most {upper}{unit}"
    return f"at least {lower}{unit}" if upper == NONE else f"{lower} to {upper}{unit}"
