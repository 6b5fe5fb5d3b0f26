"""Sentences that explain a row of a search for diversion."""

import math
from typing import Any

import pandas as pd

from narrows.screen.diversion.countries import place_code
from narrows.screen.diversion.question import Question
from narrows.terms import UnknownName, place_name

__all__ = ["INNOCENT", "explanation"]

INNOCENT = {
    "trade grew everywhere": "Exports to all third countries rose in the same time.",
    "grew before": "Exports to this country were already growing faster than to others.",
    "dearer goods": "Value rose far more than weight: dearer goods rather than more of them.",
    "other suppliers replaced": "Imports from other suppliers fell by at least half as much.",
    "one delivery": "One single period brings most of it: a plant or a ship may explain it.",
    "small base": "There was almost no trade before: one firm's order can look like this.",
    "more than was lost": "It is more than the target lost: other demand explains most of it.",
    "could be used there": "The country could use as much by the table handed in.",
}
_ALWAYS = (
    "Not seen in these figures: a new plant, a change of port or of customs practice, "
    "a stock bought ahead."
)


def explanation(
    frame: pd.DataFrame, question: Question, transit: str, *, origin: str | None, item: str | None
) -> str:
    """Give what was compared, how unusual it is, what else speaks for and against it."""
    code = place_code(transit)
    rows = frame[frame["transit"] == code]
    rows = rows if origin is None else rows[rows["origin"] == origin]
    rows = rows if item is None else rows[rows["item"] == item]
    if rows.empty:
        raise UnknownName("third country", code, list(frame["transit"].unique()), where="transit")
    row: Any = next(rows.itertuples(index=False))
    verdict = "Flagged" if row.flagged else "Not flagged"
    lines = [
        f"{verdict}: HS {row.item} from {_origin(row.origin)} to {place_name(code)}.",
        _compared(row),
        _chance(row, question),
        *_mirror(row),
        *_others(row),
    ]
    open_ = [INNOCENT[word] for word in str(row.innocent).split(", ") if word in INNOCENT]
    return "\n".join([*lines, *open_, _ALWAYS])


def _origin(name: str) -> str:
    return "all origins" if name == "all" else place_name(name)


def _compared(row: Any) -> str:  # noqa: ANN401 - a row of the table
    word = "more" if row.excess_usd >= 0 else "less"
    return (
        f"Exports of {_usd(row.after_usd)} in {row.after}, against {_usd(row.before_usd)} in "
        f"{row.before} (mean of the years): {_times(row.rise)}. "
        f"All third countries: {_times(row.others_rise)}. "
        f"Expected {_usd(row.expected_usd)}; it is {_usd(abs(row.excess_usd))} {word}."
    )


def _chance(row: Any, question: Question) -> str:  # noqa: ANN401
    if math.isnan(row.p_value):
        return "How unusual this is cannot be said: too little to compare with."
    text = f"{row.score:.1f} times the usual noise; probability by chance {row.p_value:.2g}, "
    text += f"false discovery rate {row.q_value:.2g} (limit {question.false_discovery:g})"
    if row.placebos:
        part = f"{100 * row.placebo_share:.2g} %"
        text += f"; as high in {part} of {row.placebos} earlier dates without a control"
    return text + "."


def _mirror(row: Any) -> list[str]:  # noqa: ANN401
    if math.isnan(row.mirror_after):
        return ["Its own import figures are not in the data: no mirror gap can be seen."]
    before = "" if math.isnan(row.mirror_before) else f", before {_part(row.mirror_before)}"
    text = f"Exports that its import figures do not show: {_part(row.mirror_after)}{before}"
    if not math.isnan(row.missing_of_additional):
        text += f"; of the additional exports {_part(row.missing_of_additional)}"
    return [text + "."]


def _others(row: Any) -> list[str]:  # noqa: ANN401
    lines = []
    if not math.isnan(row.of_lost):
        lines.append(
            f"Direct exports to the target fell by {_usd(row.lost_usd)}; the excess is "
            f"{_part(row.of_lost)} of it."
        )
    if not math.isnan(row.onward_after_usd):
        lines.append(
            f"It sent {_usd(row.onward_after_usd)} on to the target, "
            f"against {_usd(row.onward_before_usd)} before."
        )
    if not math.isnan(row.unit_value_rise):
        lines.append(f"Value by weight, beside other countries: {_times(row.unit_value_rise)}.")
    if not math.isnan(row.neighbour_rise):
        lines.append(f"Neighbouring codes, beside expectation: {_times(row.neighbour_rise)}.")
    if not math.isnan(row.over_use):
        pace = "no use is known" if math.isinf(row.over_use) else f"{row.over_use:.2g} times"
        known = f"{_usd(row.use_usd)} a year ({row.use_source or 'table handed in'})"
        lines.append(f"At this pace against what it could use, {known}: {pace}.")
    return lines


def _usd(value: float) -> str:
    if math.isnan(value):
        return "an unknown amount"
    for size, word in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(value) >= size:
            return f"{value / size:.3g} {word} USD"
    return f"{value:.0f} USD"


def _times(ratio: float) -> str:
    if math.isinf(ratio):
        return "from nothing"
    return f"{ratio:.2g} times" if ratio < 10 else f"{ratio:.0f} times"


def _part(value: float) -> str:
    return "-" if math.isnan(value) else f"{100 * value:.0f} %"
