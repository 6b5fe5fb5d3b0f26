"""The score card: all bundled replays with one set of behaviour, and who wins where."""

import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from narrows.simulate.replay.behaviour import HISTORY
from narrows.simulate.replay.playing import DRAWS, bundled_replays, replay
from narrows.simulate.replay.result import PARTIES, Replay, plain_rows, scores

__all__ = ["ScoreCard", "recorded_card", "score_card"]

_LESS = {"error": "error of the median", "interval_score": "interval score"}
_TIE = 5e-3


@dataclass(frozen=True)
class ScoreCard:
    """Scores of many replays.

    Parameters
    ----------
    replays
        One a case.
    """

    replays: tuple[Replay, ...]

    @cached_property
    def points(self) -> pd.DataFrame:
        """Tables of all replays, with the column ``replay``."""
        return pd.concat(
            [each.table.assign(replay=each.case.name) for each in self.replays], ignore_index=True
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """Scores by replay and party."""
        parts = [each.score.assign(replay=each.case.name) for each in self.replays]
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def score(self) -> pd.DataFrame:
        """Scores over points, over cases, over the points and cases where something happened.

        Over all points means prices and times too, which are not scored elsewhere.
        """
        busy = [each.case.name for each in self.replays if not each.case.null]
        some = self.points[self.points["kind"] != "null"]
        views = {
            "points": scores(self.points),
            "points, not null": scores(some),
            "cases": _over_cases(self.table),
            "cases, not null": _over_cases(self.table[self.table["replay"].isin(busy)]),
            "points, prices and times too": scores(self.points.assign(kind="volume")),
        }
        return pd.concat([each.assign(over=name) for name, each in views.items()])[
            ["over", *scores(self.points).columns]
        ].reset_index(drop=True)

    @property
    def rival_wins(self) -> list[str]:
        """Where a rival does better than the model, as sentences."""
        return list(self._wins())

    def _wins(self) -> Iterator[str]:
        by_case = [(name, part) for name, part in self.table.groupby("replay", sort=False)]
        by_view = [(f"over {name}", part) for name, part in self.score.groupby("over", sort=False)]
        for where, part in (*by_view, *by_case):
            own = part[part["party"] == "model"].iloc[0].to_dict()
            for row in part[part["party"] != "model"].to_dict("records"):
                yield from (f"{where}: {row['party']} has {each}" for each in _better(row, own))

    def record(self) -> dict[str, Any]:
        """Give what is kept with the program: where rivals win, and all scores."""
        first = self.replays[0]
        return {
            "draws": first.draws,
            "seed": first.seed,
            "rival_wins": self.rival_wins,
            "score": _rounded(self.score),
            "by_replay": _rounded(self.table),
        }

    def to_json(self) -> dict[str, Any]:
        """Give the card in plain types; see `json_schema`."""
        return {
            "schema": "narrows/score-card/1",
            "rival_wins": self.rival_wins,
            "score": plain_rows(self.score),
            "replays": [each.to_json() for each in self.replays],
        }

    def to_markdown(self) -> str:
        """Give the card as text: first where a rival wins, then scores, then every point."""
        wins = self.rival_wins or ["nowhere"]
        parts = ["Where a rival wins:", "", *(f"- {each}" for each in wins), ""]
        columns = ["error", "interval_score", "coverage", "strict_coverage"]
        parts += _table(self.score, ["over", "party", "points", *columns])
        parts += _table(self.table, ["replay", "party", "points", *columns])
        for each in self.replays:
            parts += [f"**{each.case.name}**: {each.case.title}", "", *_points(each.table)]
        return "\n".join(parts)


def score_card(
    names: Sequence[str] | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> ScoreCard:
    """Run replays with one set of behaviour, and score them.

    Parameters
    ----------
    names
        Bundled names or files; None: all that are bundled.
    draws, seed
        See `replay`.
    progress
        Called with replays done and replays in all.
    """
    wanted = list(bundled_replays()) if names is None else list(names)
    done = []
    for number, name in enumerate(wanted):
        done.append(replay(name, draws=draws, seed=seed))
        if progress:
            progress(number + 1, len(wanted))
    return ScoreCard(tuple(done))


def recorded_card() -> dict[str, Any]:
    """Give the scores of the bundled replays as they were when they were last run.

    Returns
    -------
    dict
        ``draws``, ``seed``, ``rival_wins`` (sentences), ``score`` and ``by_replay`` (rows of
        `ScoreCard.score` and `ScoreCard.table`).
    """
    found: dict[str, Any] = json.loads((HISTORY / "score-card.json").read_text("utf-8"))
    return found


def _rounded(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): round(each, 3) if isinstance(each, float) else each for key, each in row.items()}
        for row in frame.to_dict("records")
    ]


def _better(row: Mapping[Hashable, Any], own: Mapping[Hashable, Any]) -> Iterator[str]:
    """Say in what a rival does better."""
    for measure, word in _LESS.items():
        if row[measure] < own[measure] - _TIE:
            yield f"the better {word} ({row[measure]:.2f} against {own[measure]:.2f})"
    if row["coverage"] > own["coverage"] + _TIE:
        hits = f"{100 * row['coverage']:.0f} against {100 * own['coverage']:.0f} %"
        yield f"more hits ({hits})"


def _over_cases(table: pd.DataFrame) -> pd.DataFrame:
    """Give the mean over cases, each counting alike."""
    means = table.drop(columns="replay").groupby("party", sort=False).mean().reset_index()
    means["points"] = table.groupby("party", sort=False)["points"].sum().to_numpy()
    order = {party: number for number, party in enumerate(PARTIES)}
    return means.sort_values("party", key=lambda each: each.map(order)).reset_index(drop=True)


def _points(table: pd.DataFrame) -> list[str]:
    head = ["point", "kind", "observed", "model [80 %]", "rival A", "rival B", "hit", "error"]
    lines = [" | ".join(["", *head, ""]).strip(), "|" + "---|" * len(head)]
    for row in table.to_dict("records"):
        band = f"{row['predicted']:.3g} [{row['predicted_low']:.3g}, {row['predicted_high']:.3g}]"
        cells = [
            row["point"],
            row["kind"],
            f"{row['observed_low']:g} to {row['observed_high']:g}",
            band,
            f"{row['rival_a']:.3g}",
            f"{row['rival_b']:.3g}",
            "hit" if row["hit"] else "miss",
            f"{row['error']:.2f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


def _table(frame: pd.DataFrame, columns: list[str]) -> list[str]:
    words = [each.replace("_", " ") for each in columns]
    lines = ["| " + " | ".join(words) + " |", "|" + "---|" * len(columns)]
    for row in frame[columns].to_dict("records"):
        cells = [f"{each:.2f}" if isinstance(each, float) else str(each) for each in row.values()]
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]
