"""`narrows replay`: run disruptions of the past and put what was seen beside it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import narrows as nw
from narrows.cli.options import Json, Seed
from narrows.cli.printing import print_json, progress, records, say
from narrows.cli.tables import number, print_table, text
from narrows.terms import BadInput, Fault, write_whole

if TYPE_CHECKING:
    import pandas as pd

    from narrows.simulate import Replay, ScoreCard

__all__ = ["replay"]

_RULES = (
    "Rival A: a share of supply lost is a share of output lost the same day. Rival B: stocks "
    "first, then the same. Prices and times are shown, not scored."
)


def replay(
    name: Annotated[
        str, typer.Argument(metavar="NAME|FILE", help="Bundled replay, or a YAML file.")
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Run all bundled replays: the score card.")
    ] = False,
    draws: Annotated[
        int, typer.Option("--draws", min=10, help="Draws of all that has a range.")
    ] = 200,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for tables as CSV, and pictures.")
    ] = None,
    as_json: Json = False,
) -> int:
    """Run a disruption as known at the time; compare with what was seen and with two rivals.

    The score is the interval score (width of the 80 % band plus ten times the miss), the share of
    points hit, and the error of the median.
    """
    if everything == bool(name):
        known = ", ".join(nw.simulate.bundled_replays())
        found = "both a name and --all" if name else "neither"
        raise BadInput(Fault("replay", None, "", found, f"--all, a file, or one of {known}"))
    if everything:
        with progress("replays") as tick:
            card = nw.simulate.score_card(draws=draws, seed=seed, progress=tick)
        files = _save_card(card, out) if out else []
        if as_json:
            print_json(card.to_json())
        else:
            _show_card(card)
    else:
        made = nw.simulate.replay(name, draws=draws, seed=seed)
        files = made.save(out) if out else []
        if as_json:
            print_json(made.to_json())
        else:
            _show(made)
    for file in files if not as_json else []:
        say(f"written: {file}", style="dim")
    return 0


def _show(made: "Replay") -> None:
    case = made.case
    say(f"{case.title}", style="bold")
    say(f"Known as of {case.as_of}; {made.draws} draws, seed {made.seed}")
    rows = [_cells(row) for row in records(made.table)]
    columns = [text("point"), text("kind", spare=2), number("observed"), number("median")]
    columns += [number("80 % band"), number("A"), number("B"), text("", 4), number("error")]
    print_table([*rows], [*columns, text("unit", spare=1)], title="Predicted and observed")
    _scores(made.score, "Score")
    say(_RULES)


def _cells(row: "pd.Series[float]") -> list[str]:
    return [
        str(row.point),
        str(row.kind),
        f"{row.observed_low:g} to {row.observed_high:g}",
        f"{row.predicted:.3g}",
        f"{row.predicted_low:.3g} to {row.predicted_high:.3g}",
        f"{row.rival_a:.3g}",
        f"{row.rival_b:.3g}",
        "hit" if row.hit else "miss",
        f"{row.error:.2f}",
        str(row.unit),
    ]


def _scores(score: "pd.DataFrame", title: str, by: str = "") -> None:
    """Print scores, the least error and interval score being the best."""
    rows = [
        [
            *([str(getattr(row, by))] if by else []),
            str(row.party),
            f"{row.points:.0f}",
            f"{row.error:.2f}",
            f"{row.interval_score:.2f}",
            f"{100 * row.coverage:.0f} %",
            f"{100 * row.strict_coverage:.0f} %",
        ]
        for row in records(score)
    ]
    columns = [*([text(by)] if by else []), text("party"), number("points"), number("error")]
    columns += [number("interval score"), number("hits"), number("strict", spare=1)]
    print_table(rows, columns, title=title)


def _show_card(card: "ScoreCard") -> None:
    say("Where a rival wins", style="bold")
    for each in card.rival_wins or ["nowhere"]:
        say(f"  {each}")
    _scores(card.score, "All replays, one set of behaviour", "over")
    _scores(card.table, "Replay by replay", "replay")
    say(_RULES)


def _save_card(card: "ScoreCard", folder: Path) -> list[Path]:
    """Write the card, all points and scores, and every replay."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "score-card.md", folder / "points.csv", folder / "scores.csv"]
    write_whole({written[0]: card.to_markdown().encode()})
    card.points.to_csv(written[1], index=False)
    card.score.to_csv(written[2], index=False)
    for each in card.replays:
        written += each.save(folder)
    return written
