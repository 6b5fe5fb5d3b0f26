"""The worked shipments that come with Narrows."""

import csv
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from narrows.screen.rules.shipment_reading import read_shipment
from narrows.screen.shipments import chosen_packs, shipment

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["worked_shipments", "worked_table"]


def worked_shipments() -> dict[str, Path]:
    """Give the files of the worked shipments by name, in the order of the table.

    Examples
    --------
    >>> list(worked_shipments())[0]
    'euv-scanner'
    """
    folder = Path(str(files("narrows.screen.worked").joinpath("")))
    return {name: folder / f"{name}.yaml" for name, _, _ in _days()}


def worked_table() -> "pd.DataFrame":
    """Give what each jurisdiction requires of each worked shipment on each of its days."""
    import pandas as pd

    known = {name: read_shipment(path) for name, path in worked_shipments().items()}
    packs = chosen_packs()
    rows = [
        {
            "shipment": name,
            "on": on.isoformat(),
            "why": why,
            **shipment(known[name], on=on, jurisdictions=packs).required(),
        }
        for name, on, why in _days()
    ]
    return pd.DataFrame(rows)


def _days() -> list[tuple[str, date, str]]:
    text = files("narrows.screen.worked").joinpath("days.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return [(row["shipment"], date.fromisoformat(row["on"]), row["why"]) for row in rows]
