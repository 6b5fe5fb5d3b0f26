"""The record of the model on disruptions of the past, from the score card kept with the program."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from narrows.brief.pictures import cells
from narrows.brief.tree import (
    Bullets,
    Column,
    Name,
    Paragraph,
    Runs,
    Section,
    Strong,
    Table,
    Text,
    Value,
)
from narrows.brief.values import index, part, tally
from narrows.simulate.replay import read_replay, recorded_card
from narrows.terms import Grade

__all__ = ["record_line", "record_section"]

_MODEL, _POINTS = "model", "points"
_SCORES = {"error": "Error", "interval_score": "Score", "coverage": "In the band"}


def record_line() -> Runs:
    """Say in one line how the model did on disruptions of the past."""
    row = _row(_card()["score"], over=_POINTS, party=_MODEL)
    key = f"record/{_POINTS}/{_MODEL}"
    names = dict.fromkeys(str(each["replay"]) for each in _card()["by_replay"])
    runs: Runs = (
        Strong("How far to trust the model: "),
        Text("of "),
        tally(int(row["points"]), f"{key}/points"),
        Text(" figures seen in "),
        tally(len(names), "record/replays"),
        Text(" past disruptions, "),
        _hits(row, key),
        Text(" lay in its 80 percent bands"),
    )
    wins = len(_card()["rival_wins"])
    if wins:
        runs += (Text("; simple rivals do better in "), tally(wins, "record/rival_wins"))
        runs += (Text(" comparisons"),)
    return (*runs, Text(" (annex)."))


def record_section() -> Section:
    """Give the score card: first where a rival wins, then the scores over all, then by replay."""
    card = _card()
    about: Runs = (
        Text("Disruptions of the past, run with what was known in the first weeks and one set of "),
        Text("behaviour for all ("),
        tally(int(card["draws"]), "record/draws"),
        Text(
            " draws), against what was seen. Rival A takes the share hit as the share lost; rival "
        ),
        Text(
            "B lets stocks run down first; both carry a band of a fifth either way. Error: that of "
        ),
        Text("the median. Score: width of the band and what it misses; of both, less is better. "),
        Text(
            "In the band: figures seen that lie in the 80 percent band. These networks are small; "
        ),
        Text("the network of this case has not been scored itself."),
    )
    wins = tuple((Name(str(each)),) for each in card["rival_wins"])
    title = (Paragraph((Strong("Where a rival wins:"),), role="small"), Bullets(wins))
    return Section(
        "record",
        "The record of the model",
        (
            Paragraph(about, role="small"),
            *(title if wins else ()),
            _scores("Scores over all", "Over", card["score"], "over"),
            _scores("Scores by disruption", "Disruption", card["by_replay"], "replay"),
        ),
    )


def _scores(title: str, first: str, rows: Sequence[Mapping[str, Any]], what: str) -> Table:
    """Tabulate the model and its rivals beside each other."""
    names = list(dict.fromkeys(str(row[what]) for row in rows))
    parties = list(dict.fromkeys(str(row["party"]) for row in rows))
    width = 0.64 / (len(_SCORES) * len(parties) + 1)
    columns = (
        Column(first, width=0.36),
        Column("Points", "right", width),
        *(
            Column(f"{said}: {p.removeprefix('rival ')}", "right", width)
            for said in _SCORES.values()
            for p in parties
        ),
    )
    lines = []
    for name in names:
        found = {party: _row(rows, **{what: name}, party=party) for party in parties}
        shown = _title(name) if what == "replay" else name
        points = tally(int(found[_MODEL]["points"]), f"record/{name}/{_MODEL}/points")
        values: list[Runs] = [
            (_score(found[party], column, f"record/{name}/{party}"),)
            for column in _SCORES
            for party in parties
        ]
        lines.append(cells(shown, (points,), *values))
    return Table(title, columns, tuple(lines), small=True, short=title)


def _score(row: Mapping[str, Any], column: str, key: str) -> Value:
    if column == "coverage":
        return _hits(row, key)
    return index(float(row[column]), f"{key}/{column}", Grade.DERIVED, bare=True)


def _hits(row: Mapping[str, Any], key: str) -> Value:
    return part(float(row["coverage"]), f"{key}/coverage", Grade.DERIVED, bare=True)


def _row(rows: Sequence[Mapping[str, Any]], **wanted: str) -> Mapping[str, Any]:
    return next(row for row in rows if all(row[key] == each for key, each in wanted.items()))


@cache
def _card() -> Mapping[str, Any]:
    return recorded_card()


@cache
def _title(name: str) -> str:
    return read_replay(name).title
