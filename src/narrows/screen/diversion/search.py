"""Find third countries whose imports jumped after a control: flows in, a judged table out."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from narrows.screen.diversion import signs
from narrows.screen.diversion.changes import log_changes, means, small_amount
from narrows.screen.diversion.flows import Flows
from narrows.screen.diversion.judging import judge
from narrows.screen.diversion.question import ask
from narrows.screen.diversion.result import Diversion, finished
from narrows.screen.diversion.stage import Stage, staged
from narrows.terms import OTHER, WORLD

__all__ = ["diversion"]

_ALL = "all"


def diversion(
    flows: Flows,
    *,
    item: str | Sequence[str],
    after: date | str,
    targets: str | Sequence[str] = (),
    origins: Sequence[str] = (),
    candidates: Sequence[str] = (),
    periods: int | None = None,
    years: int = 2,
    each_origin: bool = False,
    each_item: bool = False,
    false_discovery: float = 0.1,
    least_rise: float = 0.25,
    least_usd: float = 100_000.0,
    freight: float = 0.06,
    absorption: pd.DataFrame | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Diversion:
    """Give the third countries through which controlled goods may have gone, each with reasons.

    Parameters
    ----------
    flows
        From `read_flows`.
    item
        HS codes under control; a code takes in every longer one.
    after
        Date of the control.
    targets
        Places that the control is aimed at. They tell how much trade was lost and what goes
        onward; without them a surge can be seen, its use not.
    origins
        Whose exports are under control; all who report exports where not given.
    candidates
        Third countries to look at; all where not given.
    periods
        Months (years in yearly data) after the control that are counted; 6 (1) where not given.
    years
        Years before it that make the baseline; fewer where the data do not reach back.
    each_origin, each_item
        Judge every origin, every HS code alone.
    false_discovery
        Part of the flags that may be false alarms, on average (Benjamini and Hochberg 1995).
    least_rise, least_usd
        Rise over what was expected (0.25: 25 percent) and US dollars over it, in the whole span,
        without which nothing is flagged.
    freight
        Freight and insurance within imports, as a part of the exports.
    absorption
        What each country could use: place, use_usd (US dollars a year), source; from
        `absorption_from_case` or `absorption_from_table`. A row `Other` stands for the rest.
    progress
        Called with searches done and searches in all.

    Returns
    -------
    Diversion
        One row an origin, third country and item, the least likely to be chance first.

    Raises
    ------
    BadInput
        When the data do not lie on both sides of the control, no origin reports on both, or a
        setting is out of range.
    """
    flows = flows.narrowed([item] if isinstance(item, str) else list(item))
    question = ask(
        flows,
        item=item,
        after=after,
        targets=targets,
        origins=origins,
        candidates=candidates,
        periods=periods,
        years=years,
        each_origin=each_origin,
        each_item=each_item,
        false_discovery=false_discovery,
        least_rise=least_rise,
        least_usd=least_usd,
        freight=freight,
    )
    known = flows.of(question.items)
    goods = [(code,) for code in known.items] if each_item else [question.items]
    use = signs.checked_use(absorption) if absorption is not None else None
    frames: list[pd.DataFrame] = []
    notes = list(flows.notes)
    for at, codes in enumerate(goods):
        stage = staged(flows, codes, question)
        notes += stage.notes
        frames += [_searched(stage, name, own, use) for name, own in _origins(stage)]
        if progress:
            progress(at + 1, len(goods))
    frame = pd.concat(frames, ignore_index=True)
    return finished(frame, question, flows, tuple(dict.fromkeys(notes)))


def _origins(stage: Stage) -> list[tuple[str, tuple[str, ...]]]:
    if stage.question.each_origin or len(stage.origins) == 1:
        return [(name, (name,)) for name in stage.origins]
    return [(_ALL, stage.origins)]


def _searched(
    stage: Stage, name: str, own: tuple[str, ...], use: pd.DataFrame | None
) -> pd.DataFrame:
    """Judge every third country beside all others, and keep those asked for."""
    cut, width = stage.cuts[0], stage.windows.width
    aside = {WORLD, OTHER, *stage.question.targets, *(own if len(own) == 1 else ())}
    third = sorted(set(stage.board.partners) - aside)
    series = stage.board.values("export", third, own)
    small = small_amount(series, stage.windows, cut)
    changes = log_changes(series, stage.windows, stage.cuts, small=small)
    after, before = means(series, stage.windows, cut)
    judged = judge(changes, before, np.isfinite(changes[:, 0]))
    growth = np.exp(judged.others + judged.trend)
    expected = np.maximum((before + small) * growth - small, 0.0)
    frame = pd.DataFrame(
        {
            "origin": name,
            "transit": third,
            "item": "+".join(stage.codes),
            "before": stage.before,
            "after": stage.after,
            "before_usd": before * width,
            "after_usd": after * width,
            "rise": np.divide(after, before, out=np.full(len(after), np.inf), where=before > 0),
            "others_rise": float(np.exp(judged.others)),
            "own_trend": np.exp(judged.trend),
            "expected_usd": expected * width,
            "excess_usd": (after - expected) * width,
            "over_expected": np.exp(changes[:, 0]) / growth,
            "score": judged.score,
            "p_value": judged.p_value,
            "placebo_share": judged.placebo_share,
            "placebos": judged.placebos,
        }
    )
    frame = signs.added(frame, series, stage, own, use)
    asked = frame["transit"].isin(stage.question.candidates)
    return frame[asked & np.isfinite(changes[:, 0])].reset_index(drop=True)
