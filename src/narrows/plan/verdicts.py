"""How far a simulation bears out what a plan promises, in one word and in a sentence."""

import math
from typing import Any

import pandas as pd

from narrows.plan.master import BILLION

__all__ = ["CONFIRMED", "NOTHING", "PARTLY", "verdict_of", "verdict_sentence", "worst_verdict"]

CONFIRMED = 0.9
"""Part of the promised relief from which on a plan is confirmed."""
PARTLY = 0.5
"""Part from which on it is confirmed in part."""
NOTHING = "nothing promised"
_WORST_FIRST = ("not confirmed", "confirmed in part", "confirmed")


def verdict_of(part: float, least: float = CONFIRMED) -> str:
    """Give the word for the part of a promise that is borne out; nan: nothing was promised.

    Examples
    --------
    >>> verdict_of(0.95), verdict_of(0.7), verdict_of(0.2)
    ('confirmed', 'confirmed in part', 'not confirmed')
    """
    if math.isnan(part):
        return NOTHING
    return _WORST_FIRST[int(part >= least) + int(part >= min(PARTLY, least))]


def worst_verdict(table: pd.DataFrame) -> str:
    """Give the worst word of a proof."""
    words = [str(word) for word in table["verdict"] if word != NOTHING]
    return min(words, key=_WORST_FIRST.index) if words else NOTHING


def verdict_sentence(table: pd.DataFrame, draws: int) -> str:
    """Say how far each threat of a proof bears a plan out."""
    rows = table[table["promised_usd"] > 0].to_dict("records")
    if not rows:
        return "The plan promises to avoid no loss, so there is nothing to confirm."
    word = worst_verdict(table)
    said = "; ".join(_one(row, draws, named=len(table) > 1) for row in rows)
    return f"{word[:1].upper()}{word[1:]} by the simulation, which bears out {said}."


def _one(row: dict[Any, Any], draws: int, *, named: bool) -> str:
    """Say it for a threat."""
    under = f" under {row['threat']}" if named else ""
    shown = row["simulated_50_usd"] if draws else row["simulated_usd"]
    low, high = row["simulated_10_usd"], row["simulated_90_usd"]
    band = (
        f"median of {draws} draws, of which 80 % lie between {low / BILLION:,.3g} and "
        f"{high / BILLION:,.3g}"
        if draws
        else "best values alone"
    )
    part = max(100 * row["borne_out"], 0.0)
    return (
        f"{part:.0f} % of the promise{under}: {shown / BILLION:,.3g} of "
        f"{row['promised_usd'] / BILLION:,.3g} billion US dollars of loss avoided ({band})"
    )
