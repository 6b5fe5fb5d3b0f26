"""A scenario: shocks, rules of behaviour and a horizon."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as Date  # noqa: N812 - a field is called date
from importlib.resources import files
from pathlib import Path

from narrows.simulate.reading import read_scenario
from narrows.simulate.rules import Rules
from narrows.simulate.shocks import Shock
from narrows.simulate.values import LONGEST
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["Scenario", "bundled_scenarios", "load_scenario"]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What happens, how everybody behaves, and for how long we look.

    Parameters
    ----------
    name, title
        Short name and one line.
    days
        Days of the run; day 0 is undisturbed.
    shocks
        What happens.
    rules
        How units and markets behave.
    date
        Calendar day of day 0.
    case
        Case it was written for.
    reasoning, sources
        Why it is as it is, and the ids of sources of that case.

    Raises
    ------
    BadInput
        When a shock begins after the last day.

    Examples
    --------
    >>> Scenario(name="nothing", days=30).rules.sourcing
    'adaptive'
    """

    name: str
    days: int
    title: str = ""
    shocks: Sequence[Shock] = ()
    rules: Rules = field(default_factory=Rules)
    date: Date | None = None
    case: str = ""
    reasoning: str = ""
    sources: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "shocks", tuple(self.shocks))
        object.__setattr__(self, "sources", tuple(self.sources))
        days: object = self.days  # a caller may give anything
        if not isinstance(days, int) or isinstance(days, bool) or days < 1:
            raise BadInput(Fault(self.name, None, "days", f"{self.days!r}", "1 or more whole days"))
        if days > LONGEST:
            raise BadInput(Fault(self.name, None, "days", f"{days}", f"{LONGEST} or fewer"))
        late = [
            Fault(
                shock.where or self.name,
                None,
                "start",
                f"day {shock.start} ({shock.kind})",
                f"a day of the run, 1 to {self.days - 1}",
            )
            for shock in self.shocks
            if shock.start >= self.days
        ]
        if late:
            raise BadInput(late)


def bundled_scenarios() -> dict[str, Path]:
    """Give the files of the bundled scenarios by name."""
    root = Path(str(files("narrows.evidence"))) / "data"
    return {path.stem: path for path in sorted(root.glob("*/scenarios/*.yaml"))}


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario: a bundled one by name, or a YAML file.

    Parameters
    ----------
    name_or_path
        Name of a bundled scenario, or a file.

    Raises
    ------
    UnknownName
        When it is neither.
    BadInput
        When the file is not there, or faulty: every fault with file, line, what was found and what
        is allowed.
    """
    path = bundled_scenarios().get(str(name_or_path), Path(name_or_path))
    if not path.is_file():
        if path.suffix in (".yaml", ".yml") or path.is_dir():
            found = "a folder" if path.is_dir() else "no such file"
            raise BadInput(Fault(str(path), None, "", found, "a scenario file"))
        known = list(bundled_scenarios())
        raise UnknownName("scenario", str(name_or_path), known, where="scenario")
    return Scenario(**read_scenario(path))
