"""Options that several commands share. Nothing heavy is loaded here: `--help` answers at once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

import narrows as nw
from narrows.terms import FIRM, BadInput, Fault, is_firm, places

if TYPE_CHECKING:
    from narrows.evidence import Case

__all__ = [
    "DEFAULT_CASE",
    "WITHIN_DAYS",
    "Basis",
    "BasisName",
    "CaseName",
    "Csv",
    "Draws",
    "FailAbove",
    "Json",
    "Over",
    "PeriodOption",
    "Seed",
    "Settings",
    "Sourcing",
    "Top",
    "Within",
    "coded",
    "meant",
    "opened",
    "seen_by",
]

DEFAULT_CASE = "semiconductors"
WITHIN_DAYS = 365.0  # narrows.measure.WITHIN_DAYS, which would be slow to load; a test compares


CaseName = Annotated[str, typer.Argument(metavar="CASE", help="Bundled case, or a case folder.")]
PeriodOption = Annotated[
    str | None,
    typer.Option("--period", metavar="PERIOD", help="Such as 2019; the case has a default."),
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
        "--within-days",
        min=0,
        help="Inputs with a longer stock do not bind; inf: all do.",
    ),
]
BasisName = Literal["location", "headquarters"]
Basis = Annotated[
    BasisName | None,
    typer.Option(
        "--basis",
        help="location: a place stops what is made there; headquarters: its firms. "
        "[default: headquarters where a firm closes, else location]",
    ),
]
Sourcing = Annotated[
    Literal["pooled", "home_first"],
    typer.Option(
        "--sourcing",
        help="pooled: all buy the world's shares; home_first: at home first, then abroad.",
    ),
]
Over = Annotated[
    Literal["place", "firm", "place-item"], typer.Option("--over", help="What can close.")
]
FailAbove = Annotated[
    float | None,
    typer.Option(
        "--fail-above",
        min=0,
        max=1,
        help="Exit with 1 when a finding is above this part (0 to 1), in any row.",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=NUMBER",
        help="Set a figure, such as cover.neon-chip-grade=30; repeatable.",
    ),
]


def opened(name: str, settings: Sequence[str] | None) -> "Case":
    """Load a case and apply what the user set.

    Raises
    ------
    BadInput
        When a setting has no value or names nothing.
    """
    case = nw.evidence.load(name)
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


def coded(name: str) -> str:
    """Give the code of a place that is typed by its name; any other name as it is.

    Examples
    --------
    >>> coded("South Korea"), coded("taiwan/dram"), coded("firm:ASML")
    ('KOR', 'TWN/dram', 'firm:ASML')
    """
    place, slash, item = name.partition("/")
    codes = {title.casefold(): code for code, title in places().items()}
    return codes.get(place.strip().casefold(), place) + slash + item


def meant(case: "Case", name: str) -> str:
    """Give the code of a place, or a firm of the case with its ``firm:``, as either is typed."""
    code = coded(name)
    firms = {firm.removeprefix(FIRM).casefold(): firm for firm in case.package.seats}
    return code if case.knows(code) else firms.get(name.removeprefix(FIRM).casefold(), code)


def seen_by(basis: BasisName | None, names: Sequence[str], over: str = "place") -> BasisName:
    """Give the basis not typed: firms close by their seat, places where things are made."""
    firms = over == "firm" or any(is_firm(name) for name in names)
    return basis or ("headquarters" if firms else "location")
