"""The picture of a replay: what was shipped day by day, and what was seen."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from narrows.simulate.plots.style import ACCENT, BAND, LINE, MUTED, figure, quiet, signed
from narrows.simulate.values import best

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from narrows.simulate.replay.result import Replay

__all__ = ["picture"]

_WIDE, _TALL, _HEAD = 7.5, 2.3, 1.1
_MOST = 4


def picture(replay: "Replay") -> "Figure":
    """Draw a panel for each thing that is observed as a flow, or for what is made in the end."""
    whom = _whom(replay)
    height = _HEAD + _TALL * len(whom)
    made = figure(_WIDE, height)
    signed(
        made,
        replay.case.title,
        f"Shipments over normal; band: 80 % of {replay.draws} draws; boxes: what was seen",
        f"narrows replay {replay.case.name}, seed {replay.seed}; known as of {replay.case.as_of}",
    )
    axes = made.subplots(len(whom), 1, squeeze=False, sharex=True)[:, 0]
    made.subplots_adjust(
        left=0.08, right=0.98, bottom=0.45 / height, top=1 - 0.85 / height, hspace=0.35
    )
    for panel, name in zip(axes, whom, strict=True):
        _panel(panel, replay, name)
    handles, labels = axes[0].get_legend_handles_labels()
    place = (0.99, 1 - 0.5 / height)
    made.legend(
        handles,
        labels,
        frameon=False,
        fontsize=8,
        ncols=4,
        loc="upper right",
        bbox_to_anchor=place,
        labelcolor=MUTED,
    )
    return made


def _whom(replay: "Replay") -> list[str]:
    """Give the items and providers that are observed as a flow; else the last item."""
    case = replay.case
    seen: list[str] = []
    for each in case.observations:
        if each.measure.kind in ("ratio", "loss_percent", "units_lost"):
            seen += [each.measure.whom] * (each.measure.whom not in seen)
    items = [item.id for item in case.items]
    seen.sort(key=lambda name: name not in items)
    return seen[:_MOST] or [case.upstream_first[-1]]


def _panel(axes: Any, replay: "Replay", name: str) -> None:  # noqa: ANN401 - of matplotlib
    mine = replay.daily[replay.daily["whom"] == name]
    days = mine["day"]
    axes.fill_between(
        days, mine["predicted_low"], mine["predicted_high"], color=BAND, lw=0, label="80 % of draws"
    )
    axes.plot(days, mine["predicted"], color=LINE, lw=1.5, label="median")
    axes.plot(days, mine["rival_a"], color=MUTED, lw=0.9, ls=":", label="rival A")
    axes.plot(days, mine["rival_b"], color=MUTED, lw=0.9, ls="--", label="rival B")
    zero = pd.Timestamp(replay.case.day_zero)
    for each in replay.case.observations:
        measure = each.measure
        if measure.kind == "ratio" and name == measure.whom and measure.over is None:
            first, last = (zero + pd.Timedelta(days=day) for day in measure.window)
            factor = best(measure.base_factor)
            low, high = each.low / factor, max(each.high, each.low + 0.01) / factor
            axes.fill_between([first, last], low, high, color=ACCENT, alpha=0.8, lw=0)
    axes.set_ylim(bottom=0)
    axes.set_title(_name(replay, name), fontsize=9, color=MUTED, loc="left")
    quiet(axes)


def _name(replay: "Replay", name: str) -> str:
    """Give the words for what a panel shows."""
    case = replay.case
    if " + " in name:
        return " and ".join(_name(replay, each) for each in name.split(" + "))
    for item in case.items:
        if item.id == name:
            return item.name
    maker = case.provider(name)
    made = next(each.name for each in case.items if each.id == maker.item)
    return f"{made}: {maker.firm}, {maker.place}"
