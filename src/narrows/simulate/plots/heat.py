"""Losses by place and item as a heat map, each cell with its number."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.simulate.plots.style import INK, MUTED, PAPER, RULE, SHADES, figure, ink_on, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["losses_map"]

Array = NDArray[np.float64]
_HALF = 0.5


def losses_map(table: pd.DataFrame, *, title: str, under: str, source: str) -> "Figure":
    """Draw a table of losses in days of own production; a missing cell makes nothing.

    Parameters
    ----------
    table
        Places as rows, items as columns.
    title, under, source
        Words above and below.
    """
    rows, columns = table.shape
    wide = max(len(str(name)) for name in table.columns)
    width = max(6.0, 1.6 + 0.52 * columns + 0.04 * wide)
    top = 0.75 + min(0.075 * wide, 1.9)
    height = top + 0.27 * rows + 0.85
    made = figure(width, height)
    axes = made.add_axes(
        (1.25 / width, 0.75 / height, 0.52 * columns / width, 0.27 * rows / height)
    )
    values = table.to_numpy(dtype=np.float64)
    steps = _steps(values)
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            _cell(axes, row, column, value, steps)
    axes.set_xlim(-_HALF, columns - _HALF)
    axes.set_ylim(rows - _HALF, -_HALF)
    axes.set_xticks(
        range(columns),
        [str(name) for name in table.columns],
        rotation=60,
        ha="left",
        rotation_mode="anchor",
    )
    axes.set_yticks(range(rows), [str(name) for name in table.index])
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=8, colors=INK)
    for side in axes.spines.values():
        side.set_visible(False)
    _key(made, steps, width, height)
    signed(made, title, under, source)
    return made


def _steps(values: Array) -> tuple[float, ...]:
    """Choose limits between the shades, 1, 2 or 5 times a power of ten, that split the values."""
    some = values[np.isfinite(values) & (values > 0)]
    most = float(some.max()) if some.size else 1.0
    ladder = [m * 10.0**e for e in range(-4, 6) for m in (1, 2, 5)]
    below = [step for step in ladder if step < most]
    return tuple((below or [most / 2])[-(len(SHADES) - 1) :])


def _shade(value: float, steps: Sequence[float]) -> int:
    return int(np.searchsorted(steps, value, side="right")) + len(SHADES) - 1 - len(steps)


def _cell(axes: "Axes", row: int, column: int, value: float, steps: Sequence[float]) -> None:
    from matplotlib.patches import Rectangle

    shade = _shade(value, steps) if value > 0 else 0
    axes.add_patch(
        Rectangle(
            (column - _HALF, row - _HALF),
            1,
            1,
            facecolor=SHADES[shade],
            edgecolor=PAPER,
            linewidth=1,
        )
    )
    if value >= steps[0] / 2:
        said = f"{value:.2g}" if value < 9.95 else f"{value:.0f}"
        axes.text(column, row, said, ha="center", va="center", fontsize=7, color=ink_on(shade))


def _key(made: "Figure", steps: Sequence[float], width: float, height: float) -> None:
    """Draw the limits between the shades below the map."""
    from matplotlib.patches import Rectangle

    axes = made.add_axes((1.25 / width, 0.42 / height, 2.6 / width, 0.14 / height))
    axes.set_axis_off()
    used = SHADES[len(SHADES) - 1 - len(steps) :]
    for number, colour in enumerate(used):
        axes.add_patch(
            Rectangle((number, 0), 1, 1, facecolor=colour, edgecolor=RULE, linewidth=0.4)
        )
    for number, step in enumerate(steps):
        axes.text(number + 1, -0.35, f"{step:g}", ha="center", va="top", fontsize=7, color=MUTED)
    axes.text(len(used) + 0.3, 0.5, "days", va="center", fontsize=7.5, color=MUTED)
    axes.set_xlim(0, len(used))
    axes.set_ylim(0, 1)
