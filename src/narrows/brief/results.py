"""The results that a brief is made of, as `measure` gives them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from narrows.brief.planned import Help
from narrows.brief.stress import Stress
from narrows.evidence.info import Perspective

__all__ = ["Results"]


@dataclass(frozen=True)
class Results:
    """Tables of the measures, with the settings under which they were made.

    Attributes
    ----------
    concentration
        One row an item.
    contingency
        One row for each place dropped and end use, ``all`` being the weighted sum.
    autonomy
        One row an item, for `perspective`; empty where the case has none.
    exposure
        Who depends on the focus place, direct and looking through the chain.
    perspective
        The two sides of `autonomy`.
    settings
        Period, basis, sourcing, draws, seed and what else the measures were given.
    stress
        What the draws of a scenario come to; None where there is no scenario.
    help
        What a budget buys against the scenario; None where it is not planned for.
    unplanned
        Why it is not, where it could have been expected.
    """

    concentration: pd.DataFrame
    contingency: pd.DataFrame
    autonomy: pd.DataFrame = field(default_factory=pd.DataFrame)
    exposure: pd.DataFrame = field(default_factory=pd.DataFrame)
    perspective: Perspective | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    stress: Stress | None = None
    help: Help | None = None
    unplanned: str = ""

    @property
    def period(self) -> str:
        """The period shown."""
        return str(self.settings["period"])

    def tables(self) -> dict[str, pd.DataFrame]:
        """Give the tables by the name of their measure."""
        return {
            "concentration": self.concentration,
            "contingency": self.contingency,
            "exposure": self.exposure,
            "autonomy": self.autonomy,
        }
