"""All that can be done, what is barred, what must hold: the options of a plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from narrows.plan.conditions import Control, Floor
from narrows.plan.figures import Figure
from narrows.plan.measures import Centre, Option
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["Options"]


@dataclass(frozen=True)
class Options:
    """All that can be done, what is barred, what must hold, and how likely what is feared is.

    Attributes
    ----------
    options, controls, floors
        In the order of the file.
    likelihood
        Probability a year of scenarios by name.
    sources
        What figures rest on, by id: publisher, title, date, url, kind.
    """

    options: tuple[Option, ...]
    controls: tuple[Control, ...] = ()
    floors: tuple[Floor, ...] = ()
    likelihood: Mapping[str, Figure] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple(self.options))
        ids = [each.id for each in self.options]
        centres = [each.id for each in self.options if isinstance(each, Centre)]
        faults = [
            Fault("options", None, "id", f"{name} twice", "each once")
            for name in sorted({name for name in ids if ids.count(name) > 1})
        ]
        faults += [
            Fault(f"option {each.id}", None, "opened_by", each.opened_by, f"one of {centres}")
            for each in self.options
            if each.opened_by and each.opened_by not in centres
        ]
        if faults:
            raise BadInput(faults)

    def __iter__(self) -> Iterator[Option]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.options)

    def __getitem__(self, name: str) -> Option:
        for each in self.options:
            if each.id == name:
                return each
        raise UnknownName("option", name, [each.id for each in self.options], where="options")

    def without(self, *names: str) -> "Options":
        """Give the options but some; what a left-out centre opens goes with it."""
        for name in names:
            self[name]
        kept = [
            each for each in self.options if each.id not in names and each.opened_by not in names
        ]
        return replace(self, options=tuple(kept))

    def only(self, *names: str) -> "Options":
        """Give some of the options; those that a centre opens come with it."""
        for name in names:
            self[name]
        kept = [each for each in self.options if each.id in names or each.opened_by in names]
        return replace(self, options=tuple(kept))

    def changed(self, name: str, figure: str, value: float) -> "Options":
        """Give the options with another value of one figure of one of them."""
        new = self[name].with_figure(figure, value)
        return replace(
            self, options=tuple(new if each.id == name else each for each in self.options)
        )

    def unshared(self) -> "Options":
        """Give the options with every centre kept to its own place."""
        changed = [
            replace(each, shared=False) if isinstance(each, Centre) else each
            for each in self.options
        ]
        return replace(self, options=tuple(changed))
