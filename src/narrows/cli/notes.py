"""What stands under a table, and findings above a threshold."""

import math
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from narrows.cli.printing import say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FILLED", "Settings", "dated", "findings", "first", "how", "more", "notes"]

Settings = Mapping[str, Any]
_SAME = 1e-9  # numbers this close are equal
FILLED = "* no set of shares for the period asked: the nearest one."


def first(frame: "pd.DataFrame", top: int) -> "pd.DataFrame":
    """Give the rows to show; 0 for all."""
    return frame.head(top) if top else frame


def more(frame: "pd.DataFrame", top: int) -> list[str]:
    """Say how many rows are not shown."""
    hidden = len(frame) - top if top else 0
    return [f"{hidden} more rows: --top 0 shows all, --csv and --json too."] if hidden > 0 else []


def notes(lines: Sequence[str]) -> None:
    """Print notes in a quiet tone."""
    if lines:
        say("\n".join(lines), style="dim")


def how(used: Settings) -> str:
    """Say how a network was looked at."""
    within = used["within_days"]
    kind = "all inputs" if math.isinf(within) else f"inputs with {within:g} days of stock or less"
    return f"Sourcing: {used['sourcing']}; basis: {used['basis']}; {kind} bind."


def dated(row: Any) -> str:  # noqa: ANN401 - a row of any table
    """Give the period of a row, with a star where it is the nearest one."""
    return str(row.period) + ("*" if row.filled else "")


def findings(
    names: "pd.Series[str]", values: "pd.Series[float]", above: float | None, what: str
) -> int:
    """Say on the error stream what is above the threshold the user set.

    Returns
    -------
    int
        The exit code: 1 where there is a finding.
    """
    numbers = values.to_numpy()
    count = 0 if above is None else int((numbers > above + _SAME).sum())
    if not count:
        return 0
    most = int(numbers.argmax())
    sys.stderr.write(
        f"finding: {count} of {len(numbers)} above {above:g} ({what}); "
        f"the most: {names.iloc[most]} {numbers[most]:.3f}\n"
    )
    return 1
