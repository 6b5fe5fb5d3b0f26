"""`narrows screen parties` and `lists`: names against the lists of restricted parties."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from narrows.cli.options import Csv, Json, Top
from narrows.cli.printing import print_csv, print_json, progress, say
from narrows.cli.screen_options import Keep, RecordFile, day, keep, printed, told_kept
from narrows.cli.screen_printing import cell, notice, rows_table
from narrows.cli.tables import Column, number, text

if TYPE_CHECKING:
    import pandas as pd

    from narrows.screen.parties.records import PartyList
    from narrows.screen.parties.results import PartyScreening

__all__ = ["lists", "parties"]

_TABLES = (".csv", ".json", ".jsonl", ".ndjson", ".parquet")


def parties(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV, JSON or Parquet with names; or one name.")
    ],
    lists: Annotated[
        list[Path],
        typer.Option("--lists", metavar="FOLDER", help="Lists as published; repeatable."),
    ],
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", min=0, max=1, help="Score from which a hit is told."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="Day of the screening. [default: today]"),
    ] = None,
    use_previous: Annotated[
        bool,
        typer.Option("--use-previous", help="Where a list cannot be read, use it as last read."),
    ] = False,
    kept: Keep = True,
    record: RecordFile = None,
    top: Top = 50,
    as_json: Json = False,
    as_csv: Csv = False,
    fail_above: Annotated[
        float | None,
        typer.Option("--fail-above", min=0, max=1, help="Exit with 1 when a score is above this."),
    ] = None,
) -> int:
    """Hold parties against lists: each hit with score, evidence and reasons apart."""
    from narrows.screen.parties.loading import load_lists
    from narrows.screen.parties.screening import THRESHOLD
    from narrows.screen.parties.screening import parties as screened

    asked = _asked(file)
    today = day(on)
    loaded = load_lists(list(lists), today=today, use_previous=use_previous)
    with progress("screening parties") as tick:
        found = screened(
            asked, lists=loaded, threshold=threshold or THRESHOLD, today=today, progress=tick
        )
    where = keep(found, kept, record)
    if not printed(found.to_json(), found.to_frame(), where, as_json=as_json, as_csv=as_csv):
        _show(found, top)
        told_kept(where)
    return _exit(found, fail_above)


def _asked(file: str) -> Any:  # noqa: ANN401 - a name, or records
    """Give what is asked: a name as typed, or the records of a file."""
    from narrows.screen.parties.batch import read_parties

    path = Path(file)
    if path.exists() or path.name.lower().removesuffix(".gz").endswith(_TABLES):
        return read_parties(path)
    return file


def _exit(found: "PartyScreening", fail_above: float | None) -> int:
    above = [hit for hit in found.hits if fail_above is not None and hit.score > fail_above]
    if not above:
        return 0
    best = max(above, key=lambda hit: hit.score)
    sys.stderr.write(
        f"finding: {len(above)} hits above {fail_above:g}; "
        f"the most: {best.query} - {best.entity} {best.score:.3f}\n"
    )
    return 1


def _show(found: "PartyScreening", top: int) -> None:
    title = f"{len(found.parties)} parties, {len(found.hits)} hits at {found.threshold:.2f} or more"
    say(title, style="bold")
    columns = [number("no."), text("asked", 14), text("listed", 14), number("score")]
    columns += [Column("evidence"), text("why", 24), text("list", 12), text("line", 8, spare=2)]
    rows = [
        {
            "no": hit.number,
            "asked": hit.asked,
            "listed": hit.listed if hit.listed == hit.entity else f"{hit.listed}\n= {hit.entity}",
            "score": f"{hit.score:.3f}",
            "evidence": hit.evidence.strength,
            "why": [*hit.rules, *(fact.sentence for fact in hit.evidence.facts)],
            "list": f"{hit.list_name} {hit.list_date}".strip(),
            "line": f"{hit.file}:{hit.record}",
        }
        for hit in found.hits[: top or None]
    ]
    names = ("no", "asked", "listed", "score", "evidence", "why", "list", "line")
    if rows:
        rows_table(rows, names, columns)
    without = [at for at in range(1, len(found.parties) + 1) if not found.of(at)]
    for at in without[: top or None]:
        say(f"{at} {found.parties[at - 1].name}: {found.statement(at)}")
    hidden = max(len(found.hits) - (top or len(found.hits)), 0)
    if hidden:
        say(f"{hidden} more hits: --top 0 shows all, --csv and --json too.", style="dim")
    for note in found.notes:
        say(note, style="dim")
    notice(found.notice, {card.file: card.date for card in found.lists})


def lists(
    folder: Annotated[list[Path], typer.Argument(metavar="FOLDER", help="Lists as published.")],
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="OLD", help="Older lists: show who came and who went."),
    ] = None,
    fail_above: Annotated[
        int | None,
        typer.Option(
            "--fail-above", min=0, help="Exit with 1 when more entries than this changed."
        ),
    ] = None,
    top: Top = 25,
    as_json: Json = False,
    as_csv: Csv = False,
) -> int:
    """Show which lists a folder holds, their dates and digests, and what changed since others."""
    from narrows.screen.parties.results import NOTICE
    from narrows.screen.readers.detecting import list_files, read_lists

    found = read_lists(list_files(list(folder)))
    cards = [
        {
            "name": each.name,
            "title": each.title,
            "publisher": each.publisher,
            "date": each.date,
            "entries": len(each),
            "names": sum(len(entry.names) for entry in each),
            "file": each.file,
            "digest": each.digest,
            "notes": list(each.notes),
        }
        for each in found
    ]
    changes = None if against is None else _changes(against, found)
    count = 0 if changes is None else len(changes)
    if as_json:
        rows = [] if changes is None else changes.to_dict("records")
        head = {"schema": "narrows/screen-lists/1", "notice": NOTICE}
        print_json({**head, "lists": cards, "changes": rows})
    elif as_csv:
        import pandas as pd

        frame = pd.DataFrame(cards) if changes is None else changes
        print_csv(frame.assign(notice=NOTICE))
    else:
        _show_lists(cards, changes, top)
        notice(NOTICE, {str(card["file"]): str(card["date"]) for card in cards})
    return int(fail_above is not None and count > fail_above)


def _changes(against: Path, found: "list[PartyList]") -> "pd.DataFrame":
    """Give who came, went and changed, list by list; a list on one side only is named as such."""
    import pandas as pd

    from narrows.screen.parties.changes import list_changes
    from narrows.screen.readers.detecting import list_files, read_lists

    older, newer = _by_name(read_lists(list_files(against))), _by_name(found)
    frames = [list_changes(older[key], newer[key]).to_frame() for key in older if key in newer]
    whole = [("list went", key, older) for key in older if key not in newer]
    whole += [("list came", key, newer) for key in newer if key not in older]
    rows = [
        {"change": word, "name": held[key].title, "list_name": key[0], "after": held[key].file}
        for word, key, held in whole
    ]
    return pd.concat([pd.DataFrame(rows), *frames], ignore_index=True).fillna("")


def _by_name(lists: "list[PartyList]") -> "dict[tuple[str, int], PartyList]":
    """Give lists by their name, numbered where several have one name."""
    seen: Counter[str] = Counter()
    found = {}
    for each in lists:
        found[(each.name, seen[each.name])] = each
        seen[each.name] += 1
    return found


def _show_lists(cards: list[dict[str, Any]], changes: "pd.DataFrame | None", top: int) -> None:
    columns = [text("list", 10), text("title", 16, spare=2), text("publisher", 12, spare=3)]
    columns += [Column("date"), number("entries"), number("names"), text("file", 14)]
    columns += [Column("sha256", spare=1)]
    rows = [{**card, "short": str(card["digest"])[:12]} for card in cards]
    names = ("name", "title", "publisher", "date", "entries", "names", "file", "short")
    rows_table(rows, names, columns)
    for card in cards:
        for note in card["notes"]:
            say(f"{card['file']}: {note}", style="dim")
    if changes is None:
        return
    shown = changes.head(top or len(changes))
    say(f"{len(changes)} changes", style="bold")
    for row in shown.to_dict("records"):
        say("  ".join(cell(value) for value in row.values()))
    if len(shown) < len(changes):
        say(f"{len(changes) - len(shown)} more: --top 0 shows all, --csv and --json too.")
