"""What a plan is asked: its terms, and the question in the form of a programme."""

from collections.abc import Mapping
from dataclasses import dataclass

from narrows.network import Network
from narrows.plan.budget import Budget
from narrows.plan.kernels.two_stage import TwoStage
from narrows.plan.layout import Layout
from narrows.plan.master import Master
from narrows.plan.options import Options
from narrows.plan.outcomes import Leaf
from narrows.plan.schedule import Decision
from narrows.plan.threats import Episode, Threat
from narrows.terms import BadInput, Fault

__all__ = ["Question", "Reached", "Terms"]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a plan is asked for.

    Parameters
    ----------
    budget
        Limits of money.
    first_year, years
        First year and number of years.
    payers
        Who pays; empty: every place for itself.
    risk, level
        Weight of the conditional value at risk (0 to 1), and its level.
    period_days
        Length of the periods in which a scenario is followed.
    every
        Years that share a start and an episode: 2 halves the decisions and the branches.
    cost_weight
        1 weighs cost against loss; 0 spends the budget on less loss.
    apart
        Places told apart even where no scenario does.
    """

    budget: Budget
    first_year: int = 2027
    years: int = 10
    payers: tuple[str, ...] = ()
    risk: float = 0.5
    level: float = 0.9
    period_days: int = 30
    every: int = 1
    cost_weight: float = 1.0
    apart: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        wrong = [
            ("risk", self.risk, 0 <= self.risk <= 1, "0 to 1"),
            ("level", self.level, 0 <= self.level < 1, "0 to below 1"),
            ("years", self.years, self.years >= 1, "1 or more"),
            ("period_days", self.period_days, self.period_days >= 1, "1 or more"),
            ("every", self.every, self.every >= 1, "1 or more"),
        ]
        faults = [
            Fault("plan", None, name, f"{v:g}", expected)
            for name, v, ok, expected in wrong
            if not ok
        ]
        if faults:
            raise BadInput(faults)

    @property
    def calendar(self) -> tuple[int, ...]:
        """Give the years of the plan."""
        return tuple(range(self.first_year, self.first_year + self.years))


@dataclass(frozen=True)
class Reached:
    """How far time has moved on when a plan is made again.

    Attributes
    ----------
    year
        Nothing has happened before; what was not started before is not.
    leaves
        Outcomes of research that are still open, with probabilities that add to 1.
    """

    year: int
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True)
class Question:
    """Everything asked, and the programme that answers it.

    Attributes
    ----------
    net, options, threats, terms
        As given.
    leaves
        Outcomes of research.
    master
        The first stage.
    layout
        Rows and columns of the second stage.
    episodes
        Episode and leaf of each branch; leaf -1 where nothing happens.
    problem
        The two-stage programme.
    fixed, reached
        What is started already, and how far time has moved on.
    """

    net: Network
    options: Options
    threats: tuple[Threat, ...]
    terms: Terms
    leaves: tuple[Leaf, ...]
    master: Master
    layout: Layout
    episodes: tuple[tuple[Episode, int], ...]
    problem: TwoStage
    fixed: Mapping[tuple[str, str, int], float] | None = None
    reached: Reached | None = None

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Give what can be decided."""
        return self.master.decisions
