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
from narrows.plan.master import BILLION
from narrows.plan.options import Qualification
from narrows.plan.result import Plan
from narrows.simulate import Run, Scenario, Special, run
from narrows.simulate.values import best

__all__ = ["CONFIRMED", "Proof", "loss_usd", "prove"]

Progress = Callable[[int, int], None]
CONFIRMED = 0.5
"""Part of the promised relief that a simulation must show for a plan to be confirmed."""
_DAYS = 365.0


@dataclass(frozen=True)
class Proof:
    """What the simulation says of a plan.

    Attributes
    ----------
    table
        One row a threat: threat, year, promised_without_usd, promised_with_usd, promised_usd (what
        the plan avoids by its own account), simulated_without_usd, simulated_with_usd,
        simulated_usd (what it avoids in the simulation), part (of the promise), confirmed.
    notes
        What of the plan the simulation cannot show.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def confirmed(self) -> bool:
        """Whether the simulation shows enough of the relief promised, under every threat."""
        return bool(self.table["confirmed"].all())

    def sentence(self) -> str:
        """Say what came out."""
        promised, shown = self.table["promised_usd"].sum(), self.table["simulated_usd"].sum()
        if promised <= 0:
            return "The plan promises to avoid no loss, so there is nothing to confirm."
        verdict = "confirms" if self.confirmed else "does not confirm"
        return (
            f"The simulation {verdict} the plan: of the {promised / BILLION:,.3g} billion US "
            f"dollars of loss that it promises to avoid, {shown / BILLION:,.3g} billion are "
            "avoided there."
        )


def prove(
    plan: Plan,
    *,
    year: int | None = None,
    outcome: int | None = None,
    least: float = CONFIRMED,
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
        Part of the promised relief that must show for the plan to be confirmed.
    progress
        Called with runs done and runs in all.

    Returns
    -------
    Proof
        A table of promise and simulation with a verdict for each threat.
    """
    question = plan.question
    when = question.terms.calendar[-1] if year is None else year
    likely = int(np.argmax([leaf.probability for leaf in question.leaves]))
    leaf = likely if outcome is None else outcome
    after = applied(question.net, plan, date=when + 0.5, outcome=leaf)
    rows, notes = [], list(after.notes)
    for number, threat in enumerate(question.threats):
        scenario = threat.scenario
        promised = _promised(plan, threat.name, when, leaf)
        before = loss_usd(question.net, run(question.net, scenario))
        if progress:
            progress(2 * number + 1, 2 * len(question.threats))
        ready = with_rules(plan, scenario, date=when + 0.5, outcome=leaf)
        now = loss_usd(after.net, run(after.net, ready))
        if progress:
            progress(2 * number + 2, 2 * len(question.threats))
        gain, shown = promised[0] - promised[1], before - now
        part = shown / gain if gain > 0 else np.nan
        enough = bool(gain <= 0 or part >= least)
        rows.append((threat.name, when, *promised, gain, before, now, shown, part, enough))
    columns = ["threat", "year", "promised_without_usd", "promised_with_usd", "promised_usd"]
    columns += ["simulated_without_usd", "simulated_with_usd", "simulated_usd", "part", "confirmed"]
    return Proof(pd.DataFrame(rows, columns=columns), tuple(dict.fromkeys(notes)))


def loss_usd(net: Network, made: Run) -> float:
    """Give what the markets of a run went without, US dollars."""
    table = made.summary()
    at = {str(name): number for number, name in enumerate(net.market_names)}
    weight = net.weight[[at[name] for name in table["market"]]] / _DAYS
    return float((weight * table["shortfall_days"].fillna(0.0)).sum()) * BILLION


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
        usual = best(scenario.rules.qualification_days)
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
