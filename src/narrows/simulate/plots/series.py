"""Series over time as small multiples: one panel a market, place or item, with its band."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.plots.style import BAND, INK, LINE, MUTED, WASH, figure, quiet, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Panel", "small_multiples"]

Array = NDArray[np.float64]
_ACROSS = 3
_STILL = 0.05  # percent; no more is shown as nothing lost


@dataclass(frozen=True)
class Panel:
    """One series.

    Attributes
    ----------
    name, note
        What stands above it, and a smaller line below that.
    middle
        The run, or the median of the draws; percent of day 0, by day.
    low, high
        10 and 90 % of the draws; None for a run.
    """

    name: str
    note: str
    middle: Array
    low: Array | None = None
    high: Array | None = None


def small_multiples(
    panels: Sequence[Panel],
    *,
    title: str,
    under: str,
    source: str,
    shocks: Sequence[tuple[int, int]] = (),
) -> "Figure":
    """Draw series beside each other, all on the same axes.

    Parameters
    ----------
    panels
        What to draw.
    title, under, source
        Words above and below.
    shocks
        First day and day after the last of each shock, marked by a wash.
    """
    across = min(_ACROSS, len(panels))
    down = ceil(len(panels) / across)
    width, height = 1.0 + 2.9 * across, 1.3 + 1.9 * down
    made = figure(width, height)
    axes = made.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    made.subplots_adjust(
        left=0.55 / width,
        right=1 - 0.35 / width,
        top=1 - 1.02 / height,
        bottom=0.66 / height,
        wspace=0.12,
        hspace=0.42,
    )
    low, high = _limits(panels)
    for number, place in enumerate(axes.flat):
        if number >= len(panels):
            place.set_visible(False)
            continue
        _draw(place, panels[number], shocks)
        place.set_ylim(low, high)
        if number + across >= len(panels):
            place.tick_params(labelbottom=True)
            place.set_xlabel("day", fontsize=8, color=MUTED, labelpad=2)
    signed(made, title, under, source)
    return made


def _draw(axes: "Axes", panel: Panel, shocks: Sequence[tuple[int, int]]) -> None:
    quiet(axes)
    days = np.arange(len(panel.middle))
    for first, last in shocks:
        axes.axvspan(first, min(last, days[-1]), color=WASH, zorder=0, linewidth=0)
    if panel.low is not None and panel.high is not None:
        axes.fill_between(days, panel.low, panel.high, color=BAND, linewidth=0, alpha=0.8)
    axes.plot(days, panel.middle, color=LINE, linewidth=1.6)
    deepest = int(np.argmin(panel.middle))
    value = float(panel.middle[deepest])
    if value < 99.95:
        axes.plot([deepest], [value], "o", color=LINE, markersize=3.2)
        right, above = deepest > 0.62 * len(days), value < 15
        axes.annotate(
            f"{value:.3g} %, day {deepest}",
            (deepest, value),
            xytext=(-5 if right else 5, 4 if above else -3),
            textcoords="offset points",
            ha="right" if right else "left",
            va="bottom" if above else "top",
            fontsize=7.5,
            color=INK,
        )
    axes.set_xlim(0, max(days[-1], 1))
    axes.set_title(panel.name, loc="left", fontsize=9, color=INK, weight="bold", pad=13)
    axes.text(0, 1.03, panel.note, transform=axes.transAxes, fontsize=7.5, color=MUTED, va="bottom")


def _limits(panels: Sequence[Panel]) -> tuple[float, float]:
    """Give the axis of all panels: from 0, but where little is lost nearer to 100.

    Where nothing moves it goes from 0 too: rounding is not to be looked at closely.
    """
    every = [each for p in panels for each in (p.middle, p.low, p.high) if each is not None]
    least = min(float(each.min()) for each in every)
    most = max(float(each.max()) for each in every)
    room = max(most, 100.0) - least
    if room < _STILL:
        return 0.0, 106.0
    low = 0.0 if least < 60 else least - 0.28 * room
    return low, max(most, 100.0) + 0.06 * room
