"""What the brief asks of a plan, and what it gets: the question and the answer on what helps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from narrows.evidence import Case
from narrows.plan import BreakEven, Figure, Options, Proof, Threat, load_options
from narrows.simulate import Scenario
from narrows.terms import BadInput, Fault

__all__ = ["BUDGET_USD", "Asked", "Curve", "Help", "asked_of"]

BUDGET_USD = 50e9
"""Budget where none is given: about that of the CHIPS and Science Act of the United States."""

LITTLE = 1e6
"""US dollars: less is no loss."""


@dataclass(frozen=True)
class Asked:
    """What the brief asks of a plan.

    Attributes
    ----------
    threat
        The scenario with its probability a year.
    options
        What can be done.
    sources
        Sources that the file of options names, by id.
    budget_usd, payers
        Money in all, and who pays; no payers: whoever the options name.
    """

    threat: Threat
    options: Options
    sources: Mapping[str, Mapping[str, str]]
    budget_usd: float = BUDGET_USD
    payers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Curve:
    """What other budgets buy, and from which likelihood on anything pays; see `Help`."""

    frontier: pd.DataFrame
    even: BreakEven
    even_mean: float | None
    form: Mapping[str, Any]


@dataclass(frozen=True)
class Help:
    """What a budget buys against a scenario.

    Attributes
    ----------
    asked
        What was asked.
    pays
        Whether anything is worth its cost; if not, the budget is spent on the least loss.
    summary
        Cost, losses, gap and terms of the plan; see `Plan.summary`.
    portfolio
        What is started, rows that differ in the outcome of research only joined.
    payments, losses, frontier
        As `plan` gives them.
    knowing
        Loss, least loss had the year been known, and regret, by the year in which it begins.
    evpi_usd, vss_usd
        What it is worth to know the year, and what planning for the mean future would lose.
    moves
        How far each figure moves what is left, see `narrows.plan.sensitivity`; empty where
        nothing is started.
    proof
        What the simulation says; None where nothing is started.
    even
        From which likelihood on anything is worth its cost, in the measure of the plan.
    even_mean
        Probability a year from which on some plan of the frontier avoids in the mean what it
        costs, about; None where none does.
    form
        The plan and what it answers in their JSON form.
    """

    asked: Asked
    pays: bool
    summary: Mapping[str, Any]
    portfolio: pd.DataFrame
    payments: pd.DataFrame
    losses: pd.DataFrame
    knowing: pd.DataFrame
    evpi_usd: float
    vss_usd: float
    frontier: pd.DataFrame = field(default_factory=pd.DataFrame)
    moves: pd.DataFrame = field(default_factory=pd.DataFrame)
    proof: Proof | None = None
    even: BreakEven | None = None
    even_mean: float | None = None
    form: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scenario(self) -> Scenario:
        """What is planned against."""
        return self.asked.threat.scenario

    @property
    def yearly(self) -> Figure:
        """Probability that it begins in a year."""
        return Figure.of(self.asked.threat.yearly)

    @property
    def even_from(self) -> float | None:
        """Probability a year from which on anything is worth its cost; None: none is enough."""
        return self.even.yearly.get(self.scenario.name) if self.even else None

    @property
    def harms(self) -> bool:
        """Whether there is a loss to avoid at all, as a plan reckons it."""
        return float(self.summary["expected_loss_without_usd"]) >= LITTLE

    @property
    def last_year(self) -> int:
        """Last year of the plan."""
        return int(self.summary["first_year"]) + int(self.summary["years"]) - 1

    @property
    def avoided_usd(self) -> float:
        """Mean loss avoided over all futures."""
        return float(self.summary["expected_loss_without_usd"] - self.summary["expected_loss_usd"])

    @property
    def tail_avoided_usd(self) -> float:
        """Loss avoided in the worst tenth of futures."""
        return float(self.summary["tail_loss_without_usd"] - self.summary["tail_loss_usd"])


def asked_of(
    case: Case,
    scenario: Scenario,
    *,
    budget_usd: float = BUDGET_USD,
    payers: Sequence[str] = (),
    options: str | Path | None = None,
    likelihood: float | None = None,
) -> Asked | None:
    """Gather what a plan needs; None where the case has no options, or the scenario no likelihood.

    Parameters
    ----------
    case, scenario
        The case, and what is planned against.
    budget_usd, payers
        See `Asked`.
    options
        File of options; by default ``options.yaml`` of the case.
    likelihood
        Probability a year that the scenario begins; by default that of the options.

    Raises
    ------
    BadInput
        When the options, the budget or the likelihood cannot be used.
    """
    file = Path(options) if options is not None else case.package.folder / "options.yaml"
    if options is None and not file.is_file():
        return None
    found = load_options(file)
    yearly: float | Figure | None = likelihood
    if likelihood is None:
        yearly = found.likelihood.get(scenario.name)
    if yearly is None:
        return None
    if not budget_usd >= 0:
        raise BadInput(Fault("budget", None, "", f"{budget_usd:g}", "0 or more US dollars"))
    threat = Threat(scenario=scenario, yearly=yearly)
    return Asked(threat, found, _sources(file), float(budget_usd), tuple(payers))


def _sources(file: Path) -> Mapping[str, Mapping[str, str]]:
    """Read the sources of a file of options, which `load_options` has found whole."""
    read = yaml.safe_load(file.read_text(encoding="utf-8")).get("sources") or ()
    return {str(each["id"]): {key: str(value) for key, value in each.items()} for each in read}
