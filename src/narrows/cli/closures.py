"""What is left when something closes, as tables."""

import math
from typing import TYPE_CHECKING, Any

from narrows.cli.cells import days, part
from narrows.cli.notes import Settings, first, how, more, notes
from narrows.cli.printing import records
from narrows.cli.tables import number, print_table, text
from narrows.terms import place_name

if TYPE_CHECKING:
    import pandas as pd

    from narrows.network import Network

__all__ = ["contingency", "worst"]

_WHOLE = 1 - 1e-9  # more than this is all
_STATIC = "Static numbers rank exposure; they are not losses over time."


def contingency(frame: "pd.DataFrame", net: "Network", used: Settings, *, top: int) -> None:
    """Print what is left when something closes: end uses where named, else all together."""
    single = bool(used["drop"])
    shown = frame if single else frame[frame["end_use"] == "all"]
    drawn = "holds" in frame
    columns = [
        *([text("end use")] if single else [number("rank"), text("closes", 10)]),
        *(number("left, fixed"), number("left, best"), number("stock")),
        *((number("holds", spare=1), number("ranks", spare=2)) if drawn and not single else ()),
        text("because", 30),
    ]
    rows = [
        [
            *([str(row.end_use)] if single else [str(row.rank), _closing(row.dropped)]),
            *(part(row.left_fixed), part(row.left_best), days(row.stock_days)),
            *([part(row.holds), _ranks(row)] if drawn and not single else []),
            _reasons(str(row.because), every=single),
        ]
        for row in records(first(shown, top))
    ]
    what = _closing(" + ".join(used["drop"])) if single else _choices(used)
    left = "each end use" if single else "all end uses"
    title = f"Closed for good: {what}, {used['period']}. What is left of {left}:"
    print_table(rows, columns, title=title)
    lines = [
        (
            "left: part still made once stocks are gone; fixed: nothing re-routed; best: best "
            "re-routed. stock: days of stock on the way, the least sum along the reasons."
        ),
        f"{_weights(net)} {how(used)}",
    ]
    if drawn:
        lines.append(
            f"holds: part of {used['draws']} draws of the estimates with the same rank; "
            "ranks: from the 10 to the 90 percent point of the draws."
        )
    if single and (frame["left_fixed"] > _WHOLE).all():
        lines.append(_untouched(used))
    notes([*lines, _STATIC, *more(shown, top)])


def worst(frame: "pd.DataFrame", net: "Network", used: Settings) -> None:
    """Print the worst choices of closures."""
    columns = [text("close together"), number("left, fixed"), number("left, best")]
    columns += [number("synergy"), text("because", 30)]
    rows = [
        [
            *(_closing(row.dropped), part(row.left_fixed), part(row.left_best)),
            *(f"{100 * row.synergy:+.1f} points", _reasons(str(row.because), every=False)),
        ]
        for row in records(frame)
    ]
    end_use = "all end uses" if used["end_use"] == "all" else used["end_use"]
    title = f"Closed for good: {_choices(used)}, {used['period']}. What is left of {end_use}:"
    print_table(rows, columns, title=title)
    notes(
        [
            (
                "left: part still made once stocks are gone; fixed: nothing re-routed; best: best "
                "re-routed."
            ),
            "synergy: loss beyond the sum of the losses one by one (negative: they overlap).",
            "Proved: every choice was tried."
            if frame["proved"].all()
            else "Not proved: the worst found; not every choice was tried.",
            f"{_weights(net)} {how(used)}",
            _STATIC,
        ]
    )


def _untouched(used: Settings) -> str:
    """Say why a closure takes nothing away."""
    why = "Nothing is lost: no end use needs what closes, or it can be replaced"
    if math.isinf(used["within_days"]):
        return f"{why}."
    return (
        f"{why}, or what is in place lasts longer than {used['within_days']:g} days (tools, "
        "licences): --within-days inf counts that as gone too."
    )


def _weights(net: "Network") -> str:
    equal = "weight" in net.weight_unit  # narrows.network calls it "equal weights"
    return f"all: end uses weighted {'equally' if equal else f'by value, {net.weight_unit}'}."


def _choices(used: Settings) -> str:
    one = {"place": "place", "firm": "firm", "place-item": "item at a place"}[used["over"]]
    many = {"place": "places", "firm": "firms", "place-item": "items at places"}[used["over"]]
    return f"each {one} in turn" if used["k"] == 1 else f"{used['k']} {many} at a time"


def _closing(dropped: str) -> str:
    """Give the name of what closes, with the code to type."""
    names = []
    for label in dropped.split(" + "):
        place, slash, item = label.partition("/")
        title = place_name(place)
        names.append(label if title == label else f"{title} ({place}){slash and ' '}{item}")
    return " + ".join(names)


def _ranks(row: Any) -> str:  # noqa: ANN401 - a row of any table
    low, high = f"{row.rank_low:.0f}", f"{row.rank_high:.0f}"
    return low if low == high else f"{low} to {high}"


def _reasons(because: str, *, every: bool) -> str:
    """Give all reasons, one a line, or the worst one and how many more there are."""
    reasons = because.split("; ")
    if every or len(reasons) == 1:
        return "\n".join(reasons)
    return f"{reasons[0]} (and {len(reasons) - 1} more)"
