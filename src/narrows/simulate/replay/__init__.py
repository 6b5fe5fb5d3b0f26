"""Replay: disruptions of the past, run as known at the time and scored against what was seen."""

from narrows.simulate.replay.card import ScoreCard, recorded_card, score_card
from narrows.simulate.replay.playing import bundled_replays, read_replay, replay
from narrows.simulate.replay.result import Replay

__all__ = [
    "Replay",
    "ScoreCard",
    "bundled_replays",
    "read_replay",
    "recorded_card",
    "replay",
    "score_card",
]
