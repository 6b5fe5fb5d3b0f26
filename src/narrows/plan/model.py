"""A question of planning brought into the form of a two-stage programme."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from narrows.network import Network
from narrows.plan.binding import bound
from narrows.plan.blocs import Blocs
from narrows.plan.branches import branch_of
from narrows.plan.chain import Chain
from narrows.plan.effects import Effect, full_effect
from narrows.plan.kernels.two_stage import Branch, Risk, TwoStage
from narrows.plan.layout import Layout, Wanted
from narrows.plan.master import Master, master_of
from narrows.plan.measures import Capacity, Centre, Recycling, Substitution
from narrows.plan.options import Options
from narrows.plan.outcomes import Leaf, leaves
from narrows.plan.periods import Periods
from narrows.plan.question import Question, Reached, Terms
from narrows.plan.schedule import decisions_of
from narrows.plan.shifts import Shifts
from narrows.plan.threats import Episode, Threat, as_threats, episodes, first_day
from narrows.simulate import RecipeChange, Scenario, TradeCut
from narrows.simulate.targets import items_named
from narrows.terms import BadInput, Fault, UnknownName, places

__all__ = ["against", "branches_of", "model_of"]

_MONEY = ("USD billion", "USD billion a year")


def model_of(
    net: Network,
    scenarios: Sequence[Threat | Scenario],
    options: Options,
    terms: Terms,
    *,
    fixed: Mapping[tuple[str, str, int], float] | None = None,
    reached: Reached | None = None,
) -> Question:
    """Bring a question into the form of a programme.

    Parameters
    ----------
    fixed
        Steps already started by option, place and year.
    reached
        How far time has moved on; None: the plan begins in its first year.

    Raises
    ------
    BadInput, UnknownName
        When the network is not in money, an option or floor names what the network has not, or a
        scenario has no probability.
    """
    _check(net, options)
    threats = as_threats(scenarios, options.likelihood)
    layout = _second_stage(net, [threat.scenario for threat in threats], options, terms)
    research = [each for each in options if isinstance(each, Centre)]
    ends = reached.leaves if reached else leaves(research, terms.first_year)
    decisions = decisions_of(
        net, options, ends, terms.calendar, payers=terms.payers, every=terms.every
    )
    master = master_of(
        net,
        decisions,
        ends,
        terms.calendar,
        budget=terms.budget,
        floors=options.floors,
        fixed=fixed,
        before=reached.year if reached else None,
        cost_weight=terms.cost_weight,
    )
    now = reached.year if reached else terms.first_year
    left = terms.first_year + terms.years - now
    when = episodes(threats, now, left, every=terms.every)
    branches, shown = branches_of(when, layout, master, ends, options)
    risk = Risk(weight=terms.risk, level=terms.level, least=0.0)
    problem = TwoStage(master.choice, layout.recourse, branches, risk)
    return Question(
        *(net, options, threats, terms, ends, master, layout, shown, problem),
        fixed=fixed,
        reached=reached,
    )


def against(
    question: Question, scenarios: Sequence[Scenario], year: int
) -> tuple[TwoStage, tuple[tuple[Episode, int], ...]]:
    """Give the programme with the same decisions in which other scenarios begin in a year.

    Each is as likely as the others; the programme serves to follow a plan, not to make one.
    """
    terms, options = question.terms, question.options
    layout = _second_stage(question.net, scenarios, options, terms)
    when = [Episode(each.name, 1.0 / len(scenarios), each, year) for each in scenarios]
    branches, shown = branches_of(when, layout, question.master, question.leaves, options)
    risk = question.problem.risk
    return TwoStage(question.master.choice, layout.recourse, branches, risk), shown


def _second_stage(
    net: Network, scenarios: Sequence[Scenario], options: Options, terms: Terms
) -> Layout:
    """Give the rows and columns in which these scenarios can be followed."""
    control = Scenario(name="controls", days=2, shocks=_cuts(options))
    blocs = Blocs.of(net, [*scenarios, control], terms.apart)
    longest = max(scenario.days - first_day(scenario) for scenario in scenarios)
    periods = Periods(terms.period_days, -(-longest // terms.period_days))
    days = periods.days * periods.count
    chain = Chain.of(net, blocs, longest_days=days, scenarios=scenarios)
    return Layout(chain, periods, _wanted(chain, options, scenarios))


def branches_of(
    when: Sequence[Episode],
    layout: Layout,
    master: Master,
    ends: Sequence[Leaf],
    options: Options,
) -> tuple[tuple[Branch, ...], tuple[tuple[Episode, int], ...]]:
    """Give a branch for each episode and outcome of research; what is calm is one branch."""
    width = len(master.choice.cost)
    known: dict[str, tuple[Shifts, dict[tuple[str, str], Effect]]] = {}
    branches: list[Branch] = []
    shown: list[tuple[Episode, int]] = []
    floors = [floor for floor in options.floors if floor.kind == "met"]
    for episode in when:
        name = episode.scenario.name if episode.scenario else ""
        if name not in known:
            shifts = bound(layout.chain, episode.scenario, layout.periods, options.controls)
            known[name] = shifts, _effects(master, layout, shifts)
        shifts, effects = known[name]
        for number, leaf in enumerate(ends) if episode.scenario else [(-1, None)]:
            mine = [
                (at, decision, effects[decision.option.id, decision.place])
                for at, decision in enumerate(master.decisions)
                if number in decision.leaves
            ]
            label = f"{episode.name}; {leaf.name}" if leaf and leaf.name else episode.name
            part = episode.probability * (leaf.probability if leaf else 1.0)
            made = branch_of(
                label,
                part,
                layout,
                shifts,
                mine,
                begins=episode.year + 0.5,
                width=width,
                floors=[floor for floor in floors if floor.holds_in(episode.year)],
            )
            if episode.scenario is None:
                made = replace(made, known=0.0)
            branches.append(_shared(made, branches))
            shown.append((episode, number))
    return tuple(branches), tuple(shown)


def _shared(branch: Branch, others: Sequence[Branch]) -> Branch:
    """Keep bounds that equal those of the branch before in one place."""
    if not others:
        return branch
    last = others[-1]
    same = {
        name: getattr(last, name)
        for name in ("row_low", "row_high", "high")
        if np.array_equal(getattr(branch, name), getattr(last, name))
    }
    return replace(branch, **same)


def _effects(master: Master, layout: Layout, shifts: Shifts) -> dict[tuple[str, str], Effect]:
    pairs = {(each.option.id, each.place): each.option for each in master.decisions}
    return {
        (name, place): full_effect(option, place, layout, shifts)
        for (name, place), option in pairs.items()
    }


def _wanted(chain: Chain, options: Options, scenarios: Sequence[Scenario]) -> Wanted:
    """Tell what options and scenarios need in the second stage."""
    net = chain.net

    def where(kind: type) -> frozenset[tuple[int, int]]:
        return frozenset(
            (net.number(option.item), int(bloc))
            for option in options
            if isinstance(option, kind)
            for place in option.places
            for bloc in np.flatnonzero(chain.at(place))
        )

    saved = frozenset(
        (net.number(option.input), net.number(option.item))
        for option in options
        if isinstance(option, Substitution)
    )
    floors = tuple(net.number(floor.item) for floor in options.floors if floor.kind == "met")
    eased = _eased(chain, scenarios)
    return Wanted(where(Capacity), where(Recycling), saved | eased, floors)


def _eased(chain: Chain, scenarios: Sequence[Scenario]) -> frozenset[tuple[int, int]]:
    """Give the (input, user) whose recipe a scenario changes."""
    net, uses = chain.net, chain.uses
    pairs = set(zip(uses.input.tolist(), uses.user.tolist(), strict=True))
    out = set()
    for scenario in scenarios:
        for shock in scenario.shocks:
            if isinstance(shock, RecipeChange):
                inputs = items_named(net, shock.inputs, where=shock.where)
                users = items_named(net, shock.items, where=shock.where)
                out |= {(one, user) for one, user in pairs if inputs[one] and users[user]}
    return frozenset(out)


def _cuts(options: Options) -> list[TradeCut]:
    return [
        TradeCut(from_=each.from_, to=each.to, items=each.items, lost=each.lost)
        for each in options.controls
    ]


def _check(net: Network, options: Options) -> None:
    """Refuse what cannot be planned on this network."""
    if net.report is not None or net.weight_unit not in _MONEY:
        expected = "a chain whose end uses have a value in USD billion a year"
        raise BadInput(Fault("network", None, "weights", net.weight_unit, expected))
    known = {*net.places, *net.groups, *places(), "World", "Other"}
    for option in options:
        if not isinstance(option, Centre):
            net.number(option.item)
        if isinstance(option, Substitution):
            net.number(option.input)
        for place in option.places:
            if place not in known:
                raise UnknownName("place", place, sorted(known), where=f"option {option.id}")
    for floor in options.floors:
        net.number(floor.item)
        if floor.kind == "met" and floor.item not in net.end_uses:
            raise UnknownName("end use", floor.item, net.end_uses, where=f"floor {floor.id}")
