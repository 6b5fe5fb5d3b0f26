"""What speaks for and against diversion beside the surge itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.screen.diversion.changes import log_changes, means, small_amount
from narrows.screen.diversion.judging import judge
from narrows.screen.diversion.series import Board
from narrows.screen.diversion.stage import Stage
from narrows.terms import OTHER, WORLD, BadInput, Fault

__all__ = ["added", "checked_use"]

Array = NDArray[np.float64]


def added(
    frame: pd.DataFrame,
    series: Array,
    stage: Stage,
    own: Sequence[str],
    use: pd.DataFrame | None,
) -> pd.DataFrame:
    """Give the table with the columns of every other sign.

    Parameters
    ----------
    frame
        One row a third country.
    series
        Exports to each of them, (rows, periods).
    stage, own, use
        The flows, the origins added up, and what each country could use.
    """
    third = list(frame["transit"])
    columns: dict[str, Any] = {}
    columns |= _mirror(series, frame, stage, own)
    columns |= _unit_value(third, stage, own)
    columns |= _onward(third, stage)
    columns |= _lost(frame, stage, own)
    columns |= _neighbours(third, stage, own)
    columns |= _suppliers(third, stage, own)
    columns["largest_part"] = _largest_part(series, stage, frame)
    columns |= _use(frame, stage, use)
    return frame.assign(**columns)


def _mirror(series: Array, frame: pd.DataFrame, stage: Stage, own: Sequence[str]) -> dict[str, Any]:
    """Compare what was sent with what the third country says it got."""
    cut, windows = stage.cuts[0], stage.windows
    got = stage.board.values("import", list(frame["transit"]), own, turned=True)
    small = small_amount(series, windows, cut)
    sent_change = log_changes(series, windows, stage.cuts, small=small)
    got_change = log_changes(got, windows, stage.cuts, small=small)
    sent_after, sent_before = means(series, windows, cut)
    got_after, got_before = means(got, windows, cut)
    shortfall = sent_change - got_change
    judged = judge(shortfall, sent_before, np.isfinite(shortfall[:, 0]))
    scale = 1 + stage.question.freight
    due = (frame["expected_usd"] / windows.width).to_numpy(np.float64)
    growth = np.nan_to_num(_over(due, sent_before, sent_before > 0))
    more = sent_after > due
    missing = 1 - _over(got_after - growth * got_before, scale * (sent_after - due), more)
    return {
        "mirror_before": 1 - _over(got_before, scale * sent_before, sent_before > 0),
        "mirror_after": 1 - _over(got_after, scale * sent_after, sent_after > 0),
        "missing_of_additional": missing,
        "mirror_score": judged.score,
        "mirror_p": judged.p_value,
    }


def _unit_value(third: Sequence[str], stage: Stage, own: Sequence[str]) -> dict[str, Any]:
    """Compare value by weight before and after."""
    value = stage.board.values("export", third, own, column="weighed_usd")
    weight = stage.board.values("export", third, own, column="weight_kg")
    value_change = log_changes(value, stage.windows, stage.cuts)
    weight_change = log_changes(weight, stage.windows, stage.cuts)
    change = value_change - weight_change
    size = means(value, stage.windows, stage.cuts[0])[1]
    judged = judge(change, size, np.isfinite(change[:, 0]))
    return {
        "weight_rise": np.exp(weight_change[:, 0]),
        "unit_value_rise": np.exp(change[:, 0] - judged.others),
        "unit_value_p": judged.p_value,
    }


def _onward(third: Sequence[str], stage: Stage) -> dict[str, Any]:
    """Give what the third country sent on to the targets, by its own word or by theirs."""
    targets, windows, cut = stage.question.targets, stage.windows, stage.cuts[0]
    if not targets:
        nothing = np.full(len(third), np.nan)
        return {"onward_before_usd": nothing, "onward_after_usd": nothing}
    sent = means(stage.board.values("export", third, targets, turned=True), windows, cut)
    got = means(stage.board.values("import", third, targets), windows, cut)
    after, before = (
        np.where(np.isfinite(sent[0] + sent[1]), mine, theirs)
        for mine, theirs in zip(sent, got, strict=True)
    )
    return {
        "onward_before_usd": before * windows.width,
        "onward_after_usd": after * windows.width,
    }


def _lost(frame: pd.DataFrame, stage: Stage, own: Sequence[str]) -> dict[str, Any]:
    """Give the excess as a part of what the origins no longer sell to the targets."""
    targets = stage.question.targets
    if not targets:
        return {"lost_usd": np.nan, "of_lost": np.nan}
    direct = stage.board.values("export", targets, own).sum(0, keepdims=True)
    after, before = means(direct, stage.windows, stage.cuts[0])
    growth = float(frame["others_rise"].iloc[0]) if len(frame) else 1.0
    lost = float((before[0] * growth - after[0]) * stage.windows.width)
    part = frame["excess_usd"] / lost if lost > 0 else np.nan
    return {"lost_usd": lost, "of_lost": part}


def _neighbours(third: Sequence[str], stage: Stage, own: Sequence[str]) -> dict[str, Any]:
    """Look at other codes under the same heading, where goods may be written down instead."""
    near: Board | None = stage.neighbours
    if near is None:
        return {"neighbour_rise": np.nan, "neighbour_p": np.nan}
    series = near.values("export", third, own)
    small = small_amount(series, stage.windows, stage.cuts[0])
    change = log_changes(series, stage.windows, stage.cuts, small=small)
    size = means(series, stage.windows, stage.cuts[0])[1]
    judged = judge(change, size, np.isfinite(change[:, 0]))
    growth = judged.others + judged.trend
    return {
        "neighbour_rise": np.exp(change[:, 0] - growth),
        "neighbour_p": judged.p_value,
    }


def _suppliers(third: Sequence[str], stage: Stage, own: Sequence[str]) -> dict[str, Any]:
    """Give how imports from all other suppliers changed: a surge may only replace them."""
    windows, cut = stage.windows, stage.cuts[0]
    rest = set(stage.board.places) - {WORLD, OTHER, *own}
    got = means(stage.board.values("import", third, rest, turned=True), windows, cut)
    spans = np.concatenate([windows.after(cut), windows.before(cut).ravel()])
    sellers = stage.board.reporting("export", spans) - set(own)
    sent = means(stage.board.values("export", third, sorted(sellers)), windows, cut)
    usable = sent if sellers else (np.full(len(third), np.nan),) * 2
    by_import, by_export = got[0] - got[1], usable[0] - usable[1]
    change = np.where(np.isfinite(by_import), by_import, by_export)
    return {"other_suppliers_usd": change * windows.width}


def _largest_part(series: Array, stage: Stage, frame: pd.DataFrame) -> Array:
    """Give the part of the excess that the largest single period brings."""
    expected = frame["expected_usd"].to_numpy(np.float64) / stage.windows.width
    after = series[:, stage.windows.after(stage.cuts[0])]
    over = np.maximum(after - expected[:, None], 0.0)
    whole = over.sum(1)
    return _over(over.max(1), whole, whole > 0)


def _use(frame: pd.DataFrame, stage: Stage, use: pd.DataFrame | None) -> dict[str, Any]:
    """Compare a year of imports at the new pace with what the country could use in a year."""
    if use is None:
        return {"use_usd": np.nan, "over_use": np.nan, "use_source": ""}
    known = use.drop_duplicates("place").set_index("place")
    most = frame["transit"].map(known["use_usd"]).astype(np.float64)
    source = frame["transit"].map(known["source"])
    if OTHER in known.index:  # the most that a country which is not named could use
        most = most.fillna(float(known["use_usd"].to_dict()[OTHER]))
        source = source.fillna(f"{known['source'].to_dict()[OTHER]}, rest")
    yearly = (frame["after_usd"] * stage.windows.season / stage.windows.width).to_numpy(np.float64)
    ratio = _over(yearly, most.to_numpy(np.float64), (most > 0).to_numpy())
    ratio[(most == 0).to_numpy()] = np.inf
    return {"use_usd": most, "over_use": ratio, "use_source": source.fillna("")}


def checked_use(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table of what each country could use, after looking at it.

    Raises
    ------
    BadInput
        When a column is missing, a figure is negative or no number, or a place stands twice.
    """
    missing = [name for name in ("place", "use_usd") if name not in table]
    if missing:
        expected = "the columns place, use_usd, source"
        raise BadInput([Fault("absorption", 1, c, "no such column", expected) for c in missing])
    numbers = pd.to_numeric(table["use_usd"], errors="coerce")
    wrong = np.flatnonzero((numbers.isna() | (numbers < 0) | np.isinf(numbers)).to_numpy())
    faults = [
        Fault("absorption", int(row) + 2, "use_usd", f"{table['use_usd'].iloc[row]}", "0 or more")
        for row in wrong
    ]
    twice = np.flatnonzero(table["place"].duplicated().to_numpy())
    faults += [
        Fault("absorption", int(row) + 2, "place", f"{table['place'].iloc[row]} again", "each once")
        for row in twice
    ]
    if faults:
        raise BadInput(faults)
    source = table.get("source", "")
    return table.assign(use_usd=numbers.astype(np.float64), source=source)


def _over(top: NDArray[Any], bottom: NDArray[Any], where: NDArray[np.bool_]) -> Array:
    out = np.full(len(top), np.nan)
    np.divide(top, bottom, out=out, where=where)
    return out
