"""Pictures of a plan as SVG: loss against money, and what each assumption moves."""

from xml.sax.saxutils import escape

import pandas as pd

from narrows.plan.master import BILLION

__all__ = ["draw_frontier", "draw_tornado"]

_MUTED, _RULE = "#5b6570", "#c9d0d6"
_DARK, _LIGHT, _ACCENT = "#386a97", "#a9c6de", "#a8401c"
_WIDTH, _HEIGHT, _LEFT, _TOP = 520.0, 300.0, 56.0, 22.0
_FONT = "font-family=\"'Libertinus Serif','Times New Roman',serif\""
_BARS = 12
_LEAST_SWING = 1e-3  # of the largest


def draw_frontier(frame: pd.DataFrame) -> str:
    """Draw loss against money: the mean of all outcomes and the mean of the worst.

    Parameters
    ----------
    frame
        A table of `frontier`.

    Returns
    -------
    str
        An SVG drawing.
    """
    cost = frame["cost_usd"].to_numpy() / BILLION
    lines = {
        "worst outcomes": (frame["tail_loss_usd"].to_numpy() / BILLION, _ACCENT),
        "all outcomes": (frame["expected_loss_usd"].to_numpy() / BILLION, _DARK),
    }
    right, low = _WIDTH - 90, _HEIGHT - 34
    most = max(float(cost.max()), 1e-9)
    top = max(float(max(values.max() for values, _ in lines.values())), 1e-9)

    def x(value: float) -> float:
        return _LEFT + value / most * (right - _LEFT)

    def y(value: float) -> float:
        return low - value / top * (low - _TOP)

    parts = [_line(_LEFT, low, right, low), _line(_LEFT, _TOP, _LEFT, low)]
    for part in (0.0, 0.5, 1.0):
        parts.append(_text(x(part * most), low + 14, f"{part * most:,.3g}", "middle"))
        parts.append(_text(_LEFT - 5, y(part * top) + 3, f"{part * top:,.3g}", "end"))
    parts.append(_text((_LEFT + right) / 2, low + 28, "cost, billion US dollars", "middle"))
    parts.append(_text(4, 12, "mean loss left, billion US dollars"))
    for name, (values, colour) in lines.items():
        points = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(cost, values, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}"/>')
        parts += [
            f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="2.4" fill="{colour}"/>'
            for a, b in zip(cost, values, strict=True)
        ]
        parts.append(_text(x(cost[-1]) + 6, y(values[-1]) + 3, name, fill=colour))
    return _drawing(parts, _HEIGHT, "Loss left against cost")


def draw_tornado(frame: pd.DataFrame) -> str:
    """Draw how far each figure moves cost and weighed loss of the best plan.

    Parameters
    ----------
    frame
        A table of `sensitivity`; the twelve largest swings are drawn, and those that move nothing
        are counted.

    Returns
    -------
    str
        An SVG drawing.
    """
    felt = frame[frame["swing_usd"] > _LEAST_SWING * frame["swing_usd"].max()]
    shown = felt.head(_BARS)
    ends = shown[["objective_low_usd", "objective_high_usd"]].to_numpy() / BILLION
    low, high = (float(ends.min()), float(ends.max())) if len(shown) else (0.0, 1.0)
    left, right = 230.0, _WIDTH - 20
    span = max(high - low, 1e-9)

    def x(value: float) -> float:
        return left + (value - low) / span * (right - left)

    parts = []
    for number, row in enumerate(shown.itertuples(index=False)):
        y = _TOP + 18 * number
        name = f"{row.subject}: {_said(row.figure)}, {_number(row.low)} to {_number(row.high)}"
        one, other = sorted((float(ends[number, 0]), float(ends[number, 1])))
        parts.append(_text(left - 8, y + 9, name[:52], "end"))
        parts.append(
            f'<rect x="{x(one):.1f}" y="{y:.1f}" width="{max(x(other) - x(one), 1):.1f}" '
            f'height="11" fill="{_LIGHT}" stroke="{_DARK}" stroke-width="0.5"/>'
        )
    foot = _TOP + 18 * len(shown) + 12
    parts.append(_line(left, foot - 8, right, foot - 8))
    parts.append(_text(left, foot + 5, f"{low:,.4g}", "start"))
    parts.append(_text(right, foot + 5, f"{high:,.4g}", "end"))
    words = "cost and weighed loss, billion US dollars, over each range"
    if len(felt) < len(frame):
        words += f"; figures that move nothing: {len(frame) - len(felt)}"
    parts.append(_text(4, 12, words))
    return _drawing(parts, foot + 14, "What each assumption moves")


def _said(figure: str) -> str:
    """Read the path of a figure, such as ``gates.prototype.cost_usd``."""
    words = "chance a year" if figure == "yearly" else figure.removeprefix("gates.")
    return words.replace("_usd", ", USD").replace("_", " ").replace(".", " ")


def _number(value: float) -> str:
    for size, word in ((BILLION, " billion"), (1e6, " million")):
        if abs(value) >= size:
            return f"{value / size:.3g}{word}"
    return f"{value:.3g}"


def _text(x: float, y: float, words: str, anchor: str = "start", fill: str = _MUTED) -> str:
    at = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {at} font-size="10" fill="{fill}">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{_RULE}"/>'


def _drawing(parts: list[str], height: float, title: str) -> str:
    size = f'width="{_WIDTH:g}" height="{height:g}" viewBox="0 0 {_WIDTH:g} {height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" {_FONT}>'
    return f"{head}<title>{escape(title)}</title>{''.join(parts)}</svg>\n"
