"""`narrows measure systemic-risk`: how much of an economy of firms stops when a firm fails."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

import narrows as nw
from narrows.cli.options import Csv, Json, Top
from narrows.cli.printing import console, percent, print_csv, print_json, progress, records

__all__ = ["systemic_risk"]


def systemic_risk(
    links: Annotated[Path, typer.Option("--links", help="CSV: supplier, buyer, value (a year).")],
    firms: Annotated[
        Path, typer.Option("--firms", help="CSV: id, sector; revenue and place where known.")
    ],
    essential: Annotated[
        str,
        typer.Option(
            "--essential",
            help="CSV of supplier sector by buyer sector, of essential, non-essential, irrelevant; "
            "or one of these words for all.",
        ),
    ] = "essential",
    replaceable: Annotated[
        bool,
        typer.Option(
            "--replaceable/--not-replaceable",
            help="Whether what is left of a sector can replace a supplier, as published.",
        ),
    ] = True,
    base: Annotated[
        Literal["sales", "output"],
        typer.Option("--base", help="Size of a firm: its sales to firms, or its output."),
    ] = "sales",
    eps: Annotated[
        float, typer.Option("--eps", help="Settled when no firm loses this much more in a step.")
    ] = 1e-2,
    top: Top = 25,
    as_json: Json = False,
    as_csv: Csv = False,
    fail_above: Annotated[
        float | None,
        typer.Option("--fail-above", min=0, max=1, help="Exit with 1 when an index is above this."),
    ] = None,
) -> int:
    """Rank firms by the economic systemic risk index: each fails alone, wholly."""
    net = nw.network.from_firms(links, firms, essential=essential)
    with progress("firms failing") as tick:
        frame = nw.measure.systemic_risk(
            net, replaceable=replaceable, base=base, eps=eps, progress=tick
        )
    frame = frame.sort_values("rank", kind="stable")
    if as_json:
        used: dict[str, Any] = {
            "links": links.name,
            "firms": firms.name,
            "essential": Path(essential).name,
        }
        used |= {"replaceable": replaceable, "base": base, "eps": eps, "notes": list(net.notes)}
        print_json(nw.measure.as_json("systemic_risk", frame, None, settings=used))
    elif as_csv:
        print_csv(frame)
    else:
        table = Table(box=None, pad_edge=False)
        for head in ("rank", "firm", "sector", "index %", "down %", "up %", "own weight %"):
            table.add_column(head, justify="right" if "%" in head or head == "rank" else "left")
        for row in records(frame.head(top) if top else frame):
            values = (row.esri, row.esri_down, row.esri_up, row.direct)
            table.add_row(str(row.rank), row.shock, row.sector, *(percent(each) for each in values))
        console().print(table)
        for note in net.notes:
            console().print(note, style="dim", soft_wrap=True)
    return int(fail_above is not None and bool((frame["esri"] > fail_above).any()))
