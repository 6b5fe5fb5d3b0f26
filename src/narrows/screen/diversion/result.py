"""What a search for diversion found, and why: figures compared, periods, what else may explain."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from narrows.screen.diversion.flows import Flows
from narrows.screen.diversion.judging import false_discovery
from narrows.screen.diversion.question import Question
from narrows.screen.diversion.wording import INNOCENT, explanation

__all__ = ["Diversion", "finished"]

NOTICE = (
    "Statistics of trade, decision support and not legal advice: a flag is a reason to ask, "
    "no proof against a country, a firm or a shipment."
)
_MIRROR = 0.1  # the gap has to widen by ten points of the exports
_ALONE = 0.05  # probability below which a sign beside the surge counts
_DEARER = 1.1
_ONWARD = (2.0, 0.1)  # twice as much goes onward, and a tenth of the excess


@dataclass(frozen=True, eq=False, repr=False)
class Diversion:
    """Third countries judged, the least likely to be chance first.

    Attributes
    ----------
    frame
        One row an origin, third country and item. US dollars are those of the whole span.
        origin, transit, item; before, after (periods compared); before_usd (mean of the years),
        after_usd, rise, others_rise (median of all third countries), own_trend, expected_usd,
        excess_usd, over_expected; score, p_value, q_value, placebo_share, placebos;
        mirror_before, mirror_after (part of exports that imports do not show),
        missing_of_additional, mirror_score, mirror_p, mirror_q; weight_rise, unit_value_rise,
        unit_value_p; onward_before_usd, onward_after_usd; lost_usd, of_lost; neighbour_rise,
        neighbour_p; other_suppliers_usd; largest_part; use_usd, over_use, use_source;
        signs, innocent (words divided by commas); flagged.
    question
        The settings.
    source, digest
        Where the flows come from, and their fingerprint.
    notes
        What was left out, one sentence each.
    """

    frame: pd.DataFrame
    question: Question
    source: str
    digest: str
    last_period: str
    notes: tuple[str, ...]
    notice: str = NOTICE

    @property
    def flagged(self) -> pd.DataFrame:
        """The rows that are flagged."""
        return self.frame[self.frame["flagged"]].reset_index(drop=True)

    def explain(self, transit: str, *, origin: str | None = None, item: str | None = None) -> str:
        """Give the reasons of one row in sentences.

        Raises
        ------
        UnknownName
            When no row is of that place.
        """
        return explanation(self.frame, self.question, transit, origin=origin, item=item)

    def as_json(self) -> dict[str, Any]:
        """Give everything as plain values, missing ones as None."""
        plain = self.frame.astype(object).replace([np.inf, -np.inf], np.nan)
        plain = plain.where(plain.notna(), None)
        return {
            "schema": "narrows/diversion/1",
            "notice": self.notice,
            "control_date": self.question.after.isoformat(),
            "data_until": self.last_period,
            "source": self.source,
            "digest": self.digest,
            "settings": self.question.as_json(),
            "notes": list(self.notes),
            "rows": [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")],
        }

    def __repr__(self) -> str:
        """Give the size; the rows themselves fill screens."""
        return f"<Diversion: {len(self.flagged)} of {len(self.frame)} rows flagged>"


def finished(
    frame: pd.DataFrame, question: Question, flows: Flows, notes: tuple[str, ...]
) -> Diversion:
    """Give the result: the rate of false alarms held over all rows and both tests at once."""
    tests = frame[["p_value", "mirror_p"]].to_numpy(np.float64)
    q_values = false_discovery(tests)
    frame = frame.assign(q_value=q_values[:, 0], mirror_q=q_values[:, 1])
    marks = _signs(frame, question)
    frame["signs"] = _words(marks)
    frame["innocent"] = _words(_innocent(frame))
    frame["flagged"] = marks["surge"] | marks["mirror gap"]
    order = np.lexsort([frame["p_value"].fillna(1.0), ~frame["flagged"]])
    frame = frame.iloc[order].reset_index(drop=True)
    if not np.isfinite(tests).any():
        notes += ("no test: too few third countries, and no earlier years to compare with",)
    last = flows.periods[-1] if flows.periods else ""
    return Diversion(frame, question, flows.source, flows.digest, last, notes)


def _signs(frame: pd.DataFrame, question: Question) -> dict[str, pd.Series]:
    """Tell which signs each row shows."""
    rate = question.false_discovery
    widened = frame["mirror_after"] - frame["mirror_before"].fillna(0.0)
    onward = frame["onward_after_usd"] - frame["onward_before_usd"]
    times, part = _ONWARD
    big = (frame["over_expected"] >= 1 + question.least_rise) & (
        frame["excess_usd"] >= max(question.least_usd, 0.0)
    )
    return {
        "surge": (frame["q_value"] <= rate) & big & (frame["excess_usd"] > 0),
        "mirror gap": (frame["mirror_q"] <= rate)
        & (widened >= _MIRROR)
        & (frame["after_usd"] * widened >= question.least_usd),
        "dearer by weight": (frame["unit_value_p"] <= _ALONE)
        & (frame["unit_value_rise"] >= _DEARER),
        "onward": (frame["onward_after_usd"] >= times * frame["onward_before_usd"])
        & (onward > 0)
        & (onward >= part * frame["excess_usd"]),
        "more than it can use": frame["over_use"] > 1,
        "neighbour codes": (frame["neighbour_p"] <= _ALONE)
        & (frame["neighbour_rise"] >= 1 + question.least_rise),
    }


def _innocent(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Tell which innocent explanations the figures leave open."""
    value = np.log(frame["rise"].clip(lower=1e-9))
    dearer = np.log(frame["weight_rise"].clip(lower=1e-9)) < value / 2
    base = frame["before_usd"] < frame["after_usd"] / 20
    found = (
        frame["others_rise"] >= 1.1,
        frame["own_trend"] >= 1.1,
        dearer & (frame["rise"] > 1.1),
        (frame["other_suppliers_usd"] <= -frame["excess_usd"] / 2) & (frame["excess_usd"] > 0),
        (frame["largest_part"] >= 0.7) & (frame["after"].str.contains(" to ")),
        base & (frame["rise"] > 1),
        frame["of_lost"] > 1,
        frame["over_use"] <= 1,
    )
    return dict(zip(INNOCENT, found, strict=True))


def _words(marks: dict[str, pd.Series]) -> list[str]:
    table = pd.DataFrame(marks)
    names = np.array(list(marks), dtype=object)
    return [", ".join(names[row]) for row in table.to_numpy(dtype=bool)]
