"""What was noticed and changed when a network was built from a table."""

from dataclasses import dataclass

import pandas as pd

__all__ = ["TableReport"]


@dataclass(frozen=True, eq=False, repr=False)
class TableReport:
    """What a table was like, and what was done to it; amounts are those of the table, a year.

    Attributes
    ----------
    unit
        Unit of the amounts; empty where the table does not tell.
    closed
        Rows whose output was set to the row sum: unit, output, row_sum, gap, part (of the row's
        output or of a mean row's, whichever is larger). The largest part first.
    negative_final_use
        Negative cells of final use, which are kept: unit, market, value.
    changed
        Cells that were changed so that no output is negative or comes from nothing: unit,
        what, before, after.
    no_output
        Units that make nothing.
    inputs_above_output
        Units whose inputs cost more than their output: unit, inputs, output.
    largest_gap, total_gap
        Largest part in `closed`; all gaps without their sign as part of world output.
    world_output, world_intermediate_use, world_value_added
        Sums of the table as closed. Value added includes taxes on products.
    """

    unit: str
    closed: pd.DataFrame
    negative_final_use: pd.DataFrame
    changed: pd.DataFrame
    no_output: tuple[str, ...]
    inputs_above_output: pd.DataFrame
    largest_gap: float
    total_gap: float
    world_output: float
    world_intermediate_use: float
    world_value_added: float

    def __str__(self) -> str:
        """Give the report as text."""
        unit = f" {self.unit}" if self.unit else ""
        negative = self.negative_final_use["value"].sum()
        largest, total = 100 * self.largest_gap, 100 * self.total_gap
        gaps = f"The largest gap is {largest:.2g} % of a row, all are {total:.2g} % of output."
        lines = [
            f"World output is {self.world_output:,.6g}{unit} a year.",
            f"Value added, with taxes on products, is {self.world_value_added:,.6g}{unit}.",
            f"{len(self.closed)} rows closed by setting output to the row sum. {gaps}",
            f"{len(self.negative_final_use)} negative cells of final use kept ({negative:,.6g}).",
            f"{len(self.no_output)} units make nothing.",
        ]
        if len(self.changed):
            lines.append(f"{len(self.changed)} rows or columns changed, see `changed`.")
        if len(self.inputs_above_output):
            units = ", ".join(self.inputs_above_output["unit"].head(3))
            count = len(self.inputs_above_output)
            lines.append(f"{count} units have inputs above their output: {units}.")
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Give the size of what was found."""
        return (
            f"<TableReport: {len(self.closed)} rows closed, "
            f"{len(self.negative_final_use)} negative cells of final use>"
        )
