"""`narrows measure systemic-risk`: how much of an economy of firms stops when a firm fails."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

import narrows as nw
from narrows.cli.cells import part
from narrows.cli.notes import findings, first, more, notes
from narrows.cli.options import Csv, FailAbove, Json, Top
from narrows.cli.printing import printed, progress, records
from narrows.cli.tables import number, print_table, text

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
    fail_above: FailAbove = None,
) -> int:
    """Rank firms by the economic systemic risk index: each fails alone, wholly."""
    net = nw.network.from_firms(links, firms, essential=essential)
    with progress("firms failing") as tick:
        frame = nw.measure.systemic_risk(
            net, replaceable=replaceable, base=base, eps=eps, progress=tick
        )
    frame = frame.sort_values("rank", kind="stable")
    used: dict[str, Any] = {
        "links": links.name,
        "firms": firms.name,
        "essential": Path(essential).name,
        "replaceable": replaceable,
        "base": base,
        "eps": eps,
        "notes": list(net.notes),
    }
    if not printed("systemic_risk", frame, None, used, as_json=as_json, as_csv=as_csv):
        columns = [number("rank"), text("firm", 10), text("sector", 10), number("index")]
        columns += [number("downstream"), number("upstream"), number("own weight")]
        rows = [
            [
                *(str(row.rank), str(row.shock), str(row.sector), part(row.esri)),
                *(part(row.esri_down), part(row.esri_up), part(row.direct)),
            ]
            for row in records(first(frame, top))
        ]
        print_table(rows, columns)
        notes([*net.notes, *more(frame, top)])
    return findings(frame["shock"], frame["esri"], fail_above, "systemic risk index")
