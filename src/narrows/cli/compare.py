"""`narrows compare`: two runs or ensembles on the same draws side by side."""

from typing import Annotated

import typer

import narrows as nw
from narrows.cli.options import Csv, Json, Top
from narrows.cli.printing import print_csv, print_json
from narrows.cli.stress_files import loaded
from narrows.cli.stress_tables import show_comparison

__all__ = ["compare"]

_Result = Annotated[
    str, typer.Argument(metavar="RUN", help="Saved run or ensemble, or a folder of --out.")
]


def compare(
    one: _Result, other: _Result, top: Top = 15, as_json: Json = False, as_csv: Csv = False
) -> int:
    """Put two runs, or two ensembles on the same draws, side by side.

    Both must look at the same days and markets; ensembles must share draws, seed and method. The
    difference is the second minus the first.
    """
    found = nw.simulate.compare(loaded(one), loaded(other))
    if as_json:
        print_json(nw.simulate.as_json(found))
    elif as_csv:
        print_csv(found.table)
    else:
        show_comparison(found, top)
    return 0
