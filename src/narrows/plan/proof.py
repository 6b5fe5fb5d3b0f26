"""A plan put to the test of the simulation, which does not foresee the shock.

A plan follows each scenario with perfect coordination and foresight inside it, so its losses are
lower bounds, and so is what it promises to avoid in parts. The simulation lets every unit act day
by day. The proof runs each scenario on the network without and with the plan.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from narrows.network import Network
from narrows.plan.applying import applied
from narrows.plan.drawn import losses_of_draws
from narrows.plan.master import BILLION
from narrows.plan.measures import Qualification
from narrows.plan.result import Plan
from narrows.plan.shifts import qualification_days
from narrows.plan.threats import Threat
from narrows.plan.verdicts import (
    CONFIRMED,
    NOTHING,
    PARTLY,
    verdict_of,
    verdict_sentence,
    worst_verdict,
)
from narrows.simulate import Run, Scenario, Special, run
from narrows.terms import BadInput, Fault

__all__ = ["DRAWS", "Proof", "loss_usd", "prove"]

Progress = Callable[[int, int], None]
DRAWS = 32
"""Draws in which a plan is tried where no number is given."""
_HARDLY = 1e3  # US dollars: less is rounding
_BANDS = (0.1, 0.5, 0.9)
_COLUMNS = [
    *("threat", "year", "promised_without_usd", "promised_with_usd", "promised_usd"),
    *("simulated_without_usd", "simulated_with_usd", "simulated_usd", "part"),
    *("simulated_10_usd", "simulated_50_usd", "simulated_90_usd", "enough", "borne_out"),
    *("verdict", "confirmed"),
]
_DAYS = 365.0


@dataclass(frozen=True)
class Proof:
    """What the simulation says of a plan.

    Attributes
    ----------
    table
        One row a threat: threat, year, promised_without_usd, promised_with_usd, promised_usd (what
        the plan avoids by its own account), simulated_without_usd, simulated_with_usd,
        simulated_usd (what it avoids in the simulation at best values), part (of the promise),
        simulated_10_usd, simulated_50_usd, simulated_90_usd (10, 50 and 90 % of the draws avoid
        less), enough (part of the draws that avoid half of the promise or more), borne_out (part
        of the promise, in the median of the draws; at best values where there are none), verdict
        (``confirmed``, ``confirmed in part``, ``not confirmed``, ``nothing promised``), confirmed.
    draws, seed
        How many, and where they start; 0: best values alone.
    least
        Part of the promise from which on the plan is confirmed.
    notes
        What of the plan the simulation cannot show.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]
    draws: int = 0
    seed: int = 1
    least: float = CONFIRMED

    @property
    def confirmed(self) -> bool:
        """Whether the simulation bears out nearly all of what is promised, under every threat."""
        return bool(self.table["confirmed"].all())

    @property
    def verdict(self) -> str:
        """Say it in a word, the worst of all threats: see the column."""
        return worst_verdict(self.table)

    def sentence(self) -> str:
        """Say what came out."""
        return verdict_sentence(self.table, self.draws)


def prove(
    plan: Plan,
    *,
    year: int | None = None,
    outcome: int | None = None,
    least: float = CONFIRMED,
    draws: int = DRAWS,
    seed: int = 1,
    progress: Progress | None = None,
) -> Proof:
    """Run every scenario of a plan on the network without and with what the plan builds.

    Parameters
    ----------
    plan
        The plan.
    year
        In which the threats begin; the last of the plan by default, when all of it works.
    outcome
        Number of the outcome of research; the likeliest by default.
    least
        Part of the promised relief that half of the draws must show for the plan to be confirmed
        (best values, where there are no draws). From half of the promise on it is confirmed in
        part.
    draws, seed
        Draws of every estimate and every number of the scenario with a range, and where they
        start; 0: best values alone.
    progress
        Called with runs done and runs in all.

    Returns
    -------
    Proof
        A table of promise and simulation with a verdict for each threat.
    """
    if draws < 0:
        raise BadInput(Fault("prove", None, "draws", str(draws), "0 or more"))
    question = plan.question
    when = question.terms.calendar[-1] if year is None else year
    likely = int(np.argmax([leaf.probability for leaf in question.leaves]))
    leaf = likely if outcome is None else outcome
    draws = draws if plan.steps.any() else 0  # a plan of nothing is the same in every draw
    tried = _Trial(plan, when, leaf, least, draws, seed)
    runs = 2 * (1 + draws)
    rows = []
    for number, threat in enumerate(question.threats):

        def told(done: int, before: int = number * runs) -> None:
            if progress:
                progress(before + done, len(question.threats) * runs)

        rows.append(tried.row(threat, told))
    after = applied(question.net, plan, date=when + 0.5, outcome=leaf)
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    return Proof(frame, tuple(dict.fromkeys(after.notes)), draws, seed, least)


@dataclass(frozen=True)
class _Trial:
    """A plan, and how it is tried."""

    plan: Plan
    year: int
    leaf: int
    least: float
    draws: int
    seed: int

    def row(self, threat: Threat, told: Callable[[int], None]) -> tuple[object, ...]:
        """Run a threat at best values and in draws."""
        net, scenario = self.plan.question.net, threat.scenario
        promised = _promised(self.plan, threat.name, self.year, self.leaf)
        gain = promised[0] - promised[1]
        gain = gain if abs(gain) > _HARDLY else 0.0
        before = loss_usd(net, run(net, scenario))
        told(1)
        now = loss_usd(*self._run(*self._changed(net, scenario)))
        told(2)
        shown = before - now
        part = shown / gain if gain > 0 else np.nan
        band, enough = self._drawn(net, scenario, gain, told)
        borne_out = band[1] / gain if self.draws and gain > 0 else part
        word = verdict_of(borne_out, self.least)
        row = (threat.name, self.year, *promised, gain, before, now, shown, part)
        return (*row, *band, enough, borne_out, word, word in ("confirmed", NOTHING))

    def _run(self, net: Network, scenario: Scenario) -> tuple[Network, Run]:
        return net, run(net, scenario)

    def _changed(self, net: Network, scenario: Scenario) -> tuple[Network, Scenario]:
        """Give network and scenario as the plan makes them."""
        date = self.year + 0.5
        ready = with_rules(self.plan, scenario, date=date, outcome=self.leaf)
        return applied(net, self.plan, date=date, outcome=self.leaf).net, ready

    def _drawn(
        self, net: Network, scenario: Scenario, gain: float, told: Callable[[int], None]
    ) -> tuple[list[float], float]:
        """Give the band of what is avoided, and the part of the draws that avoid half."""
        if not self.draws:
            return [np.nan] * len(_BANDS), np.nan
        pair = losses_of_draws(
            *(net, scenario, self._changed),
            draws=self.draws,
            seed=self.seed,
            progress=lambda done: told(2 + 2 * done),
        )
        shown = pair.without - pair.planned
        enough = float((shown >= PARTLY * gain).mean())
        return np.quantile(shown, _BANDS).tolist(), enough


def loss_usd(net: Network, made: Run) -> float:
    """Give what the markets of a run went without, US dollars."""
    table = made.summary()
    at = {str(name): number for number, name in enumerate(net.market_names)}
    weight = net.weight[[at[name] for name in table["market"]]] / _DAYS
    part = table["demand"] / table.groupby("market")["demand"].transform("sum")
    return float((weight * part * table["shortfall_days"].fillna(0.0)).sum()) * BILLION


def with_rules(
    plan: Plan, scenario: Scenario, *, date: float, outcome: int | None = None
) -> Scenario:
    """Give a scenario in which what a plan has qualified is re-sourced sooner."""
    question = plan.question
    leaf = 0 if outcome is None else outcome
    special: list[Special] = []
    for decision, steps in zip(question.decisions, plan.steps, strict=True):
        option = decision.option
        if not steps or leaf not in decision.leaves or not isinstance(option, Qualification):
            continue
        ready = float(decision.ready(np.array([date]))[0])
        usual = qualification_days(question.net, scenario.rules, question.net.number(option.item))
        saved = steps * ready * option.figure("saves_days").best
        special.append(Special(inputs=option.item, qualification_days=max(usual - saved, 0.0)))
    if not special:
        return scenario
    rules = replace(scenario.rules, special=(*scenario.rules.special, *special))
    return replace(scenario, rules=rules)


def _promised(plan: Plan, threat: str, year: int, leaf: int) -> tuple[float, float]:
    """Give the loss without and with the plan by its own account."""
    question = plan.question
    mine = [
        number
        for number, (episode, which) in enumerate(question.episodes)
        if episode.scenario and episode.scenario.name == threat and which == leaf
    ]
    at = min(mine, key=lambda number: abs(question.episodes[number][0].year - year))
    return float(plan.without[at]) * BILLION, float(plan.loss[at]) * BILLION
