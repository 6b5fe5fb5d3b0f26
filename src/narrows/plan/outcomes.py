"""How research centres can turn out, as dated branches, and what is known when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from narrows.plan.figures import Figure
from narrows.plan.measures import Centre
from narrows.terms import BadInput, Fault

__all__ = ["Leaf", "leaves", "nodes"]

_MOST = 32


@dataclass(frozen=True)
class Outcome:
    """How one centre turns out.

    Attributes
    ----------
    name
        Such as ``fails at pilot``.
    probability
        Of this outcome.
    opened
        Date of success in years; None where it fails.
    known
        What is known from which date on, in order.
    costs
        Cost by gate: from when, to when, US dollars.
    """

    name: str
    probability: float
    opened: float | None
    known: tuple[tuple[float, str], ...]
    costs: tuple[tuple[float, float, float], ...]

    def seen(self, date: float) -> str:
        """Tell what is known at a date."""
        return next((what for when, what in reversed(self.known) if when <= date + 1e-9), "")


@dataclass(frozen=True)
class Leaf:
    """How all centres turn out together.

    Attributes
    ----------
    name, probability
        Of the whole.
    outcomes
        By id of the centre.
    """

    name: str
    probability: float
    outcomes: Mapping[str, Outcome]

    def opened(self, centre: str) -> float | None:
        """Give the date of success of a centre, None where it fails."""
        return self.outcomes[centre].opened

    def seen(self, date: float) -> tuple[str, ...]:
        """Tell what is known of all centres at a date."""
        return tuple(each.seen(date) for each in self.outcomes.values())


def outcomes(centre: Centre, first_year: int) -> tuple[Outcome, ...]:
    """Give the ways in which a centre can turn out if it is begun."""
    date = float(first_year if centre.start_year is None else centre.start_year)
    out: list[Outcome] = []
    known: list[tuple[float, str]] = []
    costs: list[tuple[float, float, float]] = []
    reached = 1.0
    for gate in centre.gates:
        years, cost, success = (
            Figure.of(value).best for value in (gate.years, gate.cost_usd, gate.success)
        )
        costs = [*costs, (date, date + years, cost)]
        date += years
        if success < 1:
            failed = (*known, (date, f"failed at {gate.name}"))
            name = f"fails at {gate.name}"
            out.append(Outcome(name, reached * (1 - success), None, failed, tuple(costs)))
        reached *= success
        known = [*known, (date, f"passed {gate.name}")]
    late, more = centre.figure("late").best, centre.figure("late_years").best
    last = centre.gates[-1].name
    if late > 0 and reached > 0:
        waits = (*known[:-1], (date, f"late at {last}"), (date + more, "succeeded late"))
        out.append(Outcome("succeeds late", reached * late, date + more, waits, tuple(costs)))
    if reached * (1 - late) > 0:
        out.append(Outcome("succeeds", reached * (1 - late), date, tuple(known), tuple(costs)))
    return tuple(out)


def leaves(centres: Sequence[Centre], first_year: int) -> tuple[Leaf, ...]:
    """Give all ways in which the centres can turn out together; one where there is none.

    Raises
    ------
    BadInput
        When there are more than can be planned for.
    """
    each = [outcomes(centre, first_year) for centre in centres]
    found = []
    for chosen in product(*each):
        probability = 1.0
        for outcome in chosen:
            probability *= outcome.probability
        pairs = dict(zip((centre.id for centre in centres), chosen, strict=True))
        name = ", ".join(f"{centre} {outcome.name}" for centre, outcome in pairs.items())
        found.append(Leaf(name, probability, pairs))
    if len(found) > _MOST:
        fault = Fault(
            "options", None, "centre", f"{len(found)} outcomes together", f"at most {_MOST}"
        )
        raise BadInput(fault)
    return tuple(found)


def nodes(every: Sequence[Leaf], date: float) -> list[tuple[int, ...]]:
    """Give the leaves in groups that cannot be told apart at a date."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, leaf in enumerate(every):
        groups.setdefault(leaf.seen(date), []).append(number)
    return [tuple(group) for group in groups.values()]
