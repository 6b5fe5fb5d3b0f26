"""What is planned against: scenarios, and how likely each is to begin in a year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from narrows.network import Network
from narrows.plan.figures import Figure
from narrows.simulate import CapacityLoss, Scenario, TradeCut
from narrows.simulate.values import best
from narrows.terms import BadInput, Fault

__all__ = ["Episode", "Threat", "as_threats", "episodes", "outages"]


@dataclass(frozen=True, kw_only=True)
class Threat:
    """A scenario and its probability.

    Parameters
    ----------
    scenario
        What happens.
    yearly
        Probability that it begins in a year, given that nothing has happened yet.
    """

    scenario: Scenario
    yearly: float | Figure

    def __post_init__(self) -> None:
        figure = Figure.of(self.yearly)
        object.__setattr__(self, "yearly", figure)
        if not 0 <= figure.low <= figure.high <= 1:
            found = f"{figure.best:g}"
            raise BadInput(Fault(f"threat {self.name}", None, "yearly", found, "0 to 1"))

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.name

    def with_yearly(self, value: float) -> "Threat":
        """Give the same threat with another probability."""
        return replace(self, yearly=Figure.of(self.yearly).at(value))


@dataclass(frozen=True)
class Episode:
    """A threat that begins in a certain year; `scenario` None: nothing happens.

    Attributes
    ----------
    name, probability
        ``NAME in YEAR``, or ``calm``.
    scenario, year
        What happens and when; it begins in the middle of the year.
    """

    name: str
    probability: float
    scenario: Scenario | None = None
    year: int = 0


def as_threats(
    scenarios: Sequence[Threat | Scenario], likelihood: Mapping[str, Figure]
) -> tuple[Threat, ...]:
    """Give every scenario its probability.

    Raises
    ------
    BadInput
        When a scenario has none, two have the same name, or they are too likely together.
    """
    found, faults = [], []
    for each in scenarios:
        if isinstance(each, Threat):
            found.append(each)
        elif each.name in likelihood:
            found.append(Threat(scenario=each, yearly=likelihood[each.name]))
        else:
            expected = (
                f"a probability a year: {each.name}=0.01 on the command line, a Threat in Python, "
                "or one under `likelihood` in the options"
            )
            faults.append(Fault("scenarios", None, each.name, "no probability", expected))
    names = sorted(threat.name for threat in found)
    twice = {one for one, other in pairwise(names) if one == other}
    faults += [Fault("scenarios", None, name, "it twice", "each once") for name in sorted(twice)]
    together = sum(Figure.of(threat.yearly).best for threat in found)
    if together > 1:
        faults.append(Fault("scenarios", None, "yearly", f"{together:g} together", "at most 1"))
    if not found and not faults:
        faults.append(Fault("scenarios", None, "", "none", "one or more"))
    if faults:
        raise BadInput(faults)
    return tuple(found)


def episodes(
    threats: Sequence[Threat], first_year: int, years: int, *, every: int = 1
) -> tuple[Episode, ...]:
    """Give the ways in which the years can go: each threat first in each year, or calm.

    Parameters
    ----------
    threats
        What can happen; after the first nothing more is planned for.
    first_year, years
        The years of the plan.
    every
        Years that share one episode, dated in the middle of them.
    """
    yearly = {threat.name: Figure.of(threat.yearly).best for threat in threats}
    calm = 1.0 - sum(yearly.values())
    out = []
    for start in range(0, years, every):
        length = min(every, years - start)
        reached = calm**start
        part = sum(calm**k for k in range(length))
        year = first_year + start + (length - 1) // 2
        out += [
            Episode(
                f"{threat.name} in {year}",
                reached * part * yearly[threat.name],
                threat.scenario,
                year,
            )
            for threat in threats
            if yearly[threat.name] > 0
        ]
    return (*out, Episode("calm", max(calm**years, 0.0)))


def outages(
    net: Network,
    places: Sequence[str] | None = None,
    *,
    days: int = 180,
    horizon: int = 720,
    items: str | Sequence[str] = "*",
    cut: bool = False,
) -> tuple[Scenario, ...]:
    """Give one scenario a place: all it makes stops, or all its trade, for some days.

    Parameters
    ----------
    net
        The network.
    places
        Places; all that the network has by default.
    days, horizon
        Length of the stop, and of the scenario; it begins on day 1.
    items
        What stops.
    cut
        Whether trade is cut instead of production.
    """
    out = []
    for place in net.places if places is None else places:
        shock: CapacityLoss | TradeCut = CapacityLoss(place=place, items=items, days=days)
        if cut:
            shock = TradeCut(between=[place, "*"], items=items, days=days)
        what = "cut off" if cut else "stops"
        out.append(
            Scenario(
                name=f"{place}-{what.replace(' ', '-')}",
                title=f"{place} {what} for {days} days",
                days=horizon,
                shocks=[shock],
            )
        )
    return tuple(out)


def first_day(scenario: Scenario) -> int:
    """Give the day on which the first shock of a scenario begins."""
    return min((int(best(shock.start)) for shock in scenario.shocks), default=1)
