"""Measures: what can be done, with size, time and cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import ClassVar

from narrows.plan.figures import Figure
from narrows.terms import BadInput, Fault

__all__ = [
    "Capacity",
    "Centre",
    "Gate",
    "HeadroomContract",
    "Option",
    "Qualification",
    "Recycling",
    "Stockpile",
    "Substitution",
]

Number = float | Figure


@dataclass(frozen=True, kw_only=True)
class Option:
    """What all options share.

    Parameters
    ----------
    id, title
        Short name and one line.
    item
        What it is about.
    cost_usd
        Cost of one step by place, over the time it takes; the places are those it can be at.
    years
        Time from the start until it works.
    ramp_years
        Time from then until it works in full.
    yearly_usd
        Cost of one step a year once it works (premium of running it, holding, fees).
    steps
        Most steps, over all years, at one place.
    public_part
        Part of the cost that payers bear, 0 to 1; the rest is private.
    payers
        Who may pay; empty: the place itself.
    opened_by
        The centre whose success opens it; empty: open from the beginning.
    """

    kind: ClassVar[str] = ""

    id: str
    title: str = ""
    item: str = ""
    cost_usd: Mapping[str, Number] = field(default_factory=dict)
    years: Number = 0.0
    ramp_years: Number = 0.0
    yearly_usd: Number = 0.0
    steps: int = 1
    public_part: Number = 1.0
    payers: Sequence[str] = ()
    opened_by: str = ""

    def __post_init__(self) -> None:
        for name in self.numbers():
            figure = Figure.of(getattr(self, name))
            object.__setattr__(self, name, figure)
            if figure.low < 0:
                self.refuse(name, f"{figure.low:g}", "0 or more")
        costs = {place: Figure.of(cost) for place, cost in self.cost_usd.items()}
        object.__setattr__(self, "cost_usd", costs)
        object.__setattr__(self, "payers", tuple(self.payers))
        if not costs:
            self.refuse("cost_usd", "no place", "the cost at one place or more")
        steps: object = self.steps  # of a file: anything
        if not isinstance(steps, int | float) or steps < 1 or steps % 1:
            self.refuse("steps", str(steps), "a whole number, 1 or more")
        if Figure.of(self.public_part).high > 1:
            self.refuse("public_part", f"{Figure.of(self.public_part).high:g}", "0 to 1")

    def refuse(self, name: str, found: str, expected: str) -> None:
        """Raise what is wrong with a field."""
        raise BadInput(Fault(f"option {self.id}", None, name, found, expected))

    @classmethod
    def numbers(cls) -> tuple[str, ...]:
        """Give the names of the fields that are figures."""
        return tuple(each.name for each in fields(cls) if each.type in (Number, "Number"))

    def figure(self, name: str) -> Figure:
        """Give a figure by its name; ``cost_usd.JPN`` is that of a place."""
        field_name, _, place = name.partition(".")
        value = getattr(self, field_name)
        return Figure.of(value[place] if place else value)

    def figures(self) -> dict[str, Figure]:
        """Give every figure by its name."""
        costs = {f"cost_usd.{place}": Figure.of(cost) for place, cost in self.cost_usd.items()}
        return {**{name: self.figure(name) for name in self.numbers()}, **costs}

    def with_figure(self, name: str, value: float) -> "Option":
        """Give the same option with another value of a figure."""
        field_name, _, place = name.partition(".")
        new: object = self.figure(name).at(value)
        if place:
            new = {**self.cost_usd, place: new}
        return replace(self, **{field_name: new})  # type: ignore[arg-type]

    @property
    def places(self) -> tuple[str, ...]:
        """Where it can be."""
        return tuple(self.cost_usd)


@dataclass(frozen=True, kw_only=True)
class Capacity(Option):
    """New or larger capacity: `size` is a part of the world's base output of the item."""

    kind: ClassVar[str] = "capacity"

    size: Number


@dataclass(frozen=True, kw_only=True)
class Recycling(Option):
    """Supply that needs no inputs: `size` is a part of the world's base output of the item."""

    kind: ClassVar[str] = "recycling"

    size: Number


@dataclass(frozen=True, kw_only=True)
class Stockpile(Option):
    """Days of base use of the buyers at the place (a group, or ``World``: of all buyers).

    Parameters
    ----------
    days
        Days of one step.
    shelf_life_years
        After which stock is bought again; 0: it keeps.
    """

    kind: ClassVar[str] = "stockpile"

    days: Number
    shelf_life_years: Number = 0.0


@dataclass(frozen=True, kw_only=True)
class Qualification(Option):
    """Suppliers are qualified before they are needed: `saves_days` of the scenario's days."""

    kind: ClassVar[str] = "qualification"

    saves_days: Number


@dataclass(frozen=True, kw_only=True)
class HeadroomContract(Option):
    """Reserved room: `size` is a part of the base output of the place's units of the item."""

    kind: ClassVar[str] = "headroom"

    size: Number


@dataclass(frozen=True, kw_only=True)
class Substitution(Option):
    """Makers of `item` at the place need less of `input`: `part` of their base use is saved."""

    kind: ClassVar[str] = "substitution"

    input: str
    part: Number


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A stage of a centre: passed with probability `success` after `years`, at `cost_usd`."""

    name: str
    years: Number
    cost_usd: Number
    success: Number

    def __post_init__(self) -> None:
        for name in ("years", "cost_usd", "success"):
            figure = Figure.of(getattr(self, name))
            object.__setattr__(self, name, figure)
            if figure.low < 0:
                raise BadInput(
                    Fault(f"gate {self.name}", None, name, f"{figure.low:g}", "0 or more")
                )
        if not 0 <= Figure.of(self.success).low <= Figure.of(self.success).high <= 1:
            found = f"{Figure.of(self.success).best:g}"
            raise BadInput(Fault(f"gate {self.name}", None, "success", found, "0 to 1"))


@dataclass(frozen=True, kw_only=True)
class Centre(Option):
    """A research centre with stage gates; its success opens the options that name it.

    Parameters
    ----------
    gates
        Stages in their order.
    start_year
        When it can begin; None: the first year of the plan.
    late
        Probability that the last gate takes `late_years` longer.
    members
        Places that may use the result, beside the place of the centre; `shared` switches it.
    """

    kind: ClassVar[str] = "centre"

    gates: Sequence[Gate] = ()
    start_year: int | None = None
    late: Number = 0.0
    late_years: Number = 0.0
    members: Sequence[str] = ()
    shared: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "gates", tuple(self.gates))
        object.__setattr__(self, "members", tuple(self.members))
        if not self.gates:
            self.refuse("gates", "none", "one gate or more")

    def figures(self) -> dict[str, Figure]:
        """Give every figure by its name, those of gates as ``gates.NAME.success``."""
        gates = {
            f"gates.{gate.name}.{name}": Figure.of(getattr(gate, name))
            for gate in self.gates
            for name in ("years", "cost_usd", "success")
        }
        return {**super().figures(), **gates}

    def with_figure(self, name: str, value: float) -> "Option":
        """Give the same centre with another value of a figure."""
        if not name.startswith("gates."):
            return super().with_figure(name, value)
        _, wanted, what = name.split(".")
        gates = [
            replace(gate, **{what: Figure.of(getattr(gate, what)).at(value)})  # type: ignore[arg-type]
            if gate.name == wanted
            else gate
            for gate in self.gates
        ]
        return replace(self, gates=tuple(gates))
