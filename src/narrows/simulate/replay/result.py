"""What a replay comes to: predicted, observed and the two rivals side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from narrows.simulate.replay.case import ReplayCase

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PARTIES", "Replay", "plain_rows", "scores"]

PARTIES = {"model": "", "rival A": "_a", "rival B": "_b"}
"""Who is scored, and the ending of its columns."""


@dataclass(frozen=True)
class Replay:
    """A replay: predictions with their 80 % band, what was seen, and two rivals.

    Parameters
    ----------
    case
        The file as read.
    draws, seed
        Of the ensemble.
    table
        A row an observation: ``point``, ``kind`` (``volume`` and ``null`` are scored, ``price``
        and ``time`` shown), ``unit``, the observed band, the predicted median and 80 % band, the
        rivals ``rival_a`` (static proportional) and ``rival_b`` (stocks, then proportional),
        ``hit``, ``strict_hit`` (the middle of the observed band inside the predicted one, nothing
        else), ``error`` and ``interval_score`` of all three.
    daily
        A row a day and provider or item: what is shipped over the base, median and band, and what
        the rivals say.
    """

    case: ReplayCase
    draws: int
    seed: int
    table: pd.DataFrame
    daily: pd.DataFrame = field(repr=False)

    @cached_property
    def score(self) -> pd.DataFrame:
        """Scores of the model and both rivals over the scored points; see `scores`."""
        return scores(self.table)

    @property
    def scored(self) -> pd.DataFrame:
        """Rows of the table that count."""
        return self.table[self.table["kind"].isin(["volume", "null"])]

    def to_json(self) -> dict[str, Any]:
        """Give everything but the daily series in plain types; see `json_schema`."""
        seen = [each for each in self.case.observations if each.score == "context"]
        return {
            "schema": "narrows/replay/1",
            "replay": self.case.name,
            "title": self.case.title,
            "day_zero": self.case.day_zero.isoformat(),
            "as_of": self.case.as_of.isoformat(),
            "draws": self.draws,
            "seed": self.seed,
            "points": plain_rows(self.table),
            "score": plain_rows(self.score),
            "context": [
                {
                    "point": each.id,
                    "unit": each.unit,
                    "observed_low": each.low,
                    "observed_high": each.high,
                    "source": each.src,
                }
                for each in seen
            ],
            "assumptions": [
                {"id": name, "text": text, "why": why} for name, text, why in self.case.assumptions
            ],
            "leaks": self.case.leaks,
            "sources": [
                {"id": name, "who": each.who, "address": each.address}
                for name, each in self.case.sources.items()
            ],
        }

    def plot(self) -> "Figure":
        """Draw what each end use ships by day, with its band, the rivals and what was seen."""
        from narrows.simulate.replay.picture import picture

        return picture(self)

    def save(self, folder: str | Path) -> list[Path]:
        """Write points, scores and daily series as CSV, and the picture as PNG and SVG."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        name = self.case.name
        tables: Mapping[str, pd.DataFrame] = {
            "points": self.table,
            "score": self.score,
            "daily": self.daily,
        }
        written = []
        for kind, frame in tables.items():
            written.append(place / f"{name}-{kind}.csv")
            frame.to_csv(written[-1], index=False)
        made = self.plot()
        for ending in ("png", "svg"):
            written.append(place / f"{name}.{ending}")
            made.savefig(written[-1], dpi=150, metadata={"Date": None} if ending == "svg" else None)
        return written


def scores(points: pd.DataFrame) -> pd.DataFrame:
    """Give the scores of the model and of both rivals.

    Parameters
    ----------
    points
        Rows of the tables of replays.

    Returns
    -------
    DataFrame
        ``party``, ``points``, mean ``error`` of the median, mean ``interval_score``, and
        ``coverage``, the part of points hit; ``strict_coverage`` counts only bands that hold the
        middle of what was seen.
    """
    counted = points[points["kind"].isin(["volume", "null"])]
    rows = [
        {
            "party": party,
            "points": len(counted),
            "error": counted[f"error{ending}"].mean(),
            "interval_score": counted[f"interval_score{ending}"].mean(),
            "coverage": counted[f"hit{ending}"].mean(),
            "strict_coverage": counted[f"strict_hit{ending}"].mean(),
        }
        for party, ending in PARTIES.items()
    ]
    return pd.DataFrame(rows)


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows in plain types; what is no number is None."""
    whole = frame.astype(object).where(frame.notna(), None)
    found = whole.to_dict("records")
    return [
        {str(key): getattr(value, "item", lambda v=value: v)() for key, value in row.items()}
        for row in found
    ]
