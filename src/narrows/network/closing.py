"""Close small gaps of a table so that its flows balance to the last digit, and list them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.evidence import ROW_GAP
from narrows.network.table_report import TableReport
from narrows.terms import BadInput, Fault

__all__ = ["Closed", "close"]

Array = NDArray[np.float64]
Labels = NDArray[np.str_]

_NOISE = 1e-9  # of a row: below this a gap is rounding of the arithmetic and not listed
Change = tuple[str, str, float, float]


@dataclass(frozen=True, eq=False)
class Closed:
    """A balanced table.

    Attributes
    ----------
    output
        Output of each unit: exactly what its row adds to.
    use
        What each buyer uses of each item, shape (items, buyers).
    """

    output: Array
    use: Array
    printed: Array
    rows: Array
    labels: Labels
    negative: pd.DataFrame
    changes: tuple[Change, ...]

    def report(self, unit: str) -> TableReport:
        """Say what was closed and listed."""
        size = len(self.output)
        gap = self.rows - self.printed
        part = np.abs(gap) / _row_scale(self.printed)
        listed = np.flatnonzero(part > _NOISE)
        listed = listed[np.argsort(-part[listed], kind="stable")]
        inputs = self.use[:, :size].sum(axis=0)
        above = np.flatnonzero(inputs > self.output * (1 + _NOISE))
        columns = ["unit", "what", "before", "after"]
        return TableReport(
            unit=unit,
            closed=pd.DataFrame(
                {
                    "unit": self.labels[listed],
                    "output": self.printed[listed],
                    "row_sum": self.rows[listed],
                    "gap": gap[listed],
                    "part": part[listed],
                }
            ),
            negative_final_use=self.negative,
            changed=pd.DataFrame(list(self.changes), columns=columns),
            no_output=tuple(self.labels[self.output == 0].tolist()),
            inputs_above_output=pd.DataFrame(
                {
                    "unit": self.labels[above],
                    "inputs": inputs[above],
                    "output": self.output[above],
                }
            ),
            largest_gap=float(part.max()),
            total_gap=float(np.abs(gap).sum() / (self.printed.sum() or 1.0)),
            world_output=float(self.output.sum()),
            world_intermediate_use=float(inputs.sum()),
            world_value_added=float(self.use[:, size:].sum()),
        )


def close(
    blocks: list[Array], x: Array | None, units: Sequence[slice], labels: Labels, markets: Labels
) -> Closed:
    """Balance the flows in place and give output and use.

    Output becomes the row sum. Two things cannot stay then: a row whose negative final use is
    larger than all its sales has that final use raised until the row adds to 0; and a unit
    without output that still has inputs loses them, where they are as small as a gap may be.

    Parameters
    ----------
    blocks
        Flows from the units of each item to all buyers (units, then markets); changed in place.
    x
        Output of each unit as printed, None where the table has none.
    units
        Units of each item.
    labels, markets
        Labels of the units and of the markets.

    Raises
    ------
    BadInput
        When a unit without output has inputs that are too large to be left out.
    """
    size = len(labels)
    rows = _row_sums(blocks)
    printed = rows.copy() if x is None else x
    negative = _negative(blocks, units, labels, markets)
    changes = _raise_negative_rows(blocks, units, labels, size)
    dropped = np.zeros(size, dtype=np.bool_)
    while True:
        output = np.maximum(_row_sums(blocks), 0.0)
        idle = (output == 0) & ~dropped
        inputs = np.sum([block[:, :size].sum(axis=0) for block in blocks], axis=0)
        idle &= inputs > 0
        if not idle.any():
            break
        _refuse_large(inputs, idle, printed, labels)
        changes += [(str(labels[u]), "inputs", float(inputs[u]), 0.0) for u in np.flatnonzero(idle)]
        for block in blocks:
            block[:, :size][:, idle] = 0.0
        dropped |= idle
    return Closed(
        output=output,
        use=np.stack([block.sum(axis=0) for block in blocks]),
        printed=printed,
        rows=rows,
        labels=labels,
        negative=negative,
        changes=tuple(changes),
    )


def _row_sums(blocks: list[Array]) -> Array:
    return np.concatenate([block.sum(axis=1) for block in blocks])


def _row_scale(x: Array) -> Array:
    """Give what a gap is a part of: the row's output, or a mean row's where that is larger."""
    return np.maximum(x, x.mean() or 1.0)


def _negative(
    blocks: list[Array], units: Sequence[slice], labels: Labels, markets: Labels
) -> pd.DataFrame:
    """List the negative cells; only final use can have any."""
    found = []
    for mine, block in zip(units, blocks, strict=True):
        final = block[:, len(labels) :]
        row, market = np.nonzero(final < 0)
        frame = pd.DataFrame(
            {"unit": labels[mine][row], "market": markets[market], "value": final[row, market]}
        )
        found.append(frame)
    return pd.concat(found, ignore_index=True)


def _raise_negative_rows(
    blocks: list[Array], units: Sequence[slice], labels: Labels, size: int
) -> list[Change]:
    changes = []
    for mine, block in zip(units, blocks, strict=True):
        final = block[:, size:]
        for row in np.flatnonzero(block.sum(axis=1) < 0):
            below = np.minimum(final[row], 0.0)
            sold = np.maximum(block[row], 0.0).sum()
            final[row] = np.where(below < 0, -below / below.sum() * sold, final[row])
            after = float(np.minimum(final[row], 0.0).sum())
            label = str(labels[mine][row])
            changes.append((label, "negative final use", float(below.sum()), after))
    return changes


def _refuse_large(inputs: Array, idle: NDArray[np.bool_], printed: Array, labels: Labels) -> None:
    limit = ROW_GAP * float(printed.mean())
    large = np.flatnonzero(idle & (inputs > limit))
    if large.size:
        expected = f"no inputs where there is no output, or less than {limit:,.3g}"
        raise BadInput(
            Fault("table", None, str(labels[u]), f"inputs of {inputs[u]:,.6g}, no output", expected)
            for u in large[:8]
        )
