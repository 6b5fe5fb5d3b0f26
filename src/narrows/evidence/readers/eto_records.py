"""The ETO chip data set as checked rows."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["EUROPE", "Edge", "EtoData", "Provider", "Provision", "Thing", "share_number"]

EUROPE = "Europe"
"""Group that stands for the region code of the data set; its members are in `eto_europe.csv`."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An input, or a stage (type ``stage``)."""

    id: str
    name: str
    type: str
    stage: str
    about: str
    year: str
    market_size: str
    market_source: str
    caption: str


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider under the name that the case uses: a place, a group, `Other` or ``firm:NAME``.

    `seat` is the place of a firm, empty where the data set has none. `aliases` are the other
    names of a firm: the file has a line for each.
    """

    id: str
    name: str
    entity: str
    firm: bool
    seat: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provision:
    """One line on who provides what; `share` is None where no number is printed."""

    line: int
    provider: Provider
    name_printed: str
    subject: str
    share: float | None
    share_printed: str
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class Edge:
    """`input` goes into `target`, or is a kind of it."""

    input: str
    target: str
    kind_of: bool


@dataclass(frozen=True)
class EtoData:
    """The data set, checked."""

    things: Mapping[str, Thing]
    providers: Mapping[str, Provider]
    provisions: tuple[Provision, ...]
    edges: tuple[Edge, ...]

    def of_type(self, *types: str) -> tuple[Thing, ...]:
        """Give the inputs or stages of some types in the order of the file."""
        return tuple(thing for thing in self.things.values() if thing.type in types)


def share_number(text: str) -> float | None:
    """Give a share as a number; None for an empty cell or a word such as ``Major``."""
    try:
        return float(text.removesuffix("%"))
    except ValueError:
        return None
