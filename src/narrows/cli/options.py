"""Options that several commands share."""

from collections.abc import Sequence
from typing import Annotated

import typer

from narrows import evidence
from narrows.evidence import Case
from narrows.terms import BadInput, Fault

__all__ = [
    "Basis",
    "CaseName",
    "Csv",
    "Draws",
    "Json",
    "PeriodOption",
    "Seed",
    "Settings",
    "Sourcing",
    "Top",
    "Within",
    "opened",
]

CaseName = Annotated[str, typer.Argument(metavar="CASE", help="Bundled case, or a case folder.")]
PeriodOption = Annotated[
    str | None, typer.Option("--period", help="Period, such as 2019; the case has a default.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Top = Annotated[int, typer.Option("--top", min=0, help="Rows to show; 0 shows all.")]
Draws = Annotated[
    int, typer.Option("--draws", min=0, help="Draws of the estimates to see how ranks hold.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Where the draws start.")]
Within = Annotated[
    float,
    typer.Option(
        "--within-days", min=0, help="Inputs with a longer stock do not bind; inf: all do."
    ),
]
Basis = Annotated[
    str, typer.Option("--basis", help="location (a place stops) or headquarters (a control).")
]
Sourcing = Annotated[
    str, typer.Option("--sourcing", help="Who buys from whom: pooled or home_first.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="Set a value, such as cover.neon-chip-grade=30; repeatable."),
]


def opened(name: str, settings: Sequence[str] | None) -> Case:
    """Load a case and apply what the user set.

    Raises
    ------
    BadInput
        When a setting has no value or names nothing.
    """
    case = evidence.load(name)
    if not settings:
        return case
    pairs: dict[str, float] = {}
    faults = []
    for text in settings:
        path, _, value = text.partition("=")
        try:
            pairs[path.strip()] = float(value)
        except ValueError:
            faults.append(Fault("--set", None, path, repr(value), "PATH=NUMBER"))
    if faults:
        raise BadInput(faults)
    return case.override(pairs)
