"""`narrows screen`: items, parties, shipments and trade against dated lists and rules."""

import typer

from narrows.cli.screen_compare import compare
from narrows.cli.screen_diversion import diversion
from narrows.cli.screen_parties import lists, parties
from narrows.cli.screen_record import app as record
from narrows.cli.screen_shipments import item, shipment

__all__ = ["app"]

app = typer.Typer(
    help="Is it controlled, is a party restricted, who asks for a licence, where does it go round? "
    "Decision support, not legal advice.",
    no_args_is_help=True,
)
app.command()(parties)
app.command()(item)
app.command()(shipment)
app.command()(compare)
app.command()(diversion)
app.command()(lists)
app.add_typer(record, name="record")
