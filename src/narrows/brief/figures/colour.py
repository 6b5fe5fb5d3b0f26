"""Colours: one hue from light to dark, one accent; every one also tells apart in grey."""

from bisect import bisect_right

__all__ = [
    "ACCENT",
    "EDGE",
    "HATCH",
    "HATCH_DARK",
    "INK",
    "MUTED",
    "PAPER",
    "RULE",
    "SHADES",
    "STEPS",
    "WASH",
    "ink_on",
    "shade",
]

INK = "#1d2630"
MUTED = "#5b6570"
RULE = "#c9d0d6"
EDGE = "#8b97a3"
WASH = "#f4f6f8"
PAPER = "#ffffff"
HATCH = "#a9b4bf"
HATCH_DARK = "#7d9bb8"
ACCENT = "#a8401c"
STEPS = (0.15, 0.25, 0.40, 0.60, 0.80)  # limits of the shades of concentration, named in legends
SHADES = ("#f1f5f9", "#d5e2ee", "#a9c6de", "#6f9dc3", "#386a97", "#173f67")
_FIRST_DARK = 4


def shade(value: float, steps: tuple[float, ...] = STEPS) -> int:
    """Give the number of the shade of a value, 0 the lightest.

    Examples
    --------
    >>> shade(0.1), shade(0.40), shade(1.0)
    (0, 3, 5)
    """
    return bisect_right(steps, value)


def ink_on(number: int) -> str:
    """Give the colour of text that reads well on a shade.

    Examples
    --------
    >>> ink_on(0), ink_on(5)
    ('#1d2630', '#ffffff')
    """
    return PAPER if number >= _FIRST_DARK else INK
