"""What is not known, and what would change the answers, read off the results."""

from narrows.brief import words
from narrows.brief.caveats import key_needs
from narrows.brief.facts import Facts
from narrows.brief.limits import Limits
from narrows.brief.tree import Bullets, Callout, Name, Runs, Strong, Text, Value
from narrows.brief.values import part, tally
from narrows.terms import Grade

__all__ = ["unknown"]

_WIDE = 0.10  # bounds of the index further apart than this are named
_NAMED = 3
_SMALL_PART = 0.005


def unknown(facts: Facts, limits: Limits) -> Callout:
    """Say what is not known and what would change the answers, from the results alone."""
    found = [
        _assumed_points(facts, limits),
        _makers_unknown(facts),
        _wide_bounds(facts),
        _other_years(facts),
        _stand_ins(facts),
        _shaky(facts),
        _would_move(facts),
    ]
    points = tuple(point for point in found if point)
    return Callout(
        "What we do not know, and what would change our mind",
        (Bullets(points[: limits.points + 3]),),
    )


def _named(facts: Facts, items: list[str]) -> str:
    names = [words.in_sentence(facts.name(item)) for item in items[:_NAMED]]
    more = len(items) - len(names)
    return words.listed([*names, f"{more} more"] if more else names)


def _assumed_points(facts: Facts, limits: Limits) -> Runs:
    items = list(facts.rows)[: limits.narrowest]
    weak = [item for item in items if facts.rows[item]["grade"] == Grade.ASSUMED]
    if not weak:
        return ()
    return (
        Strong("Where things are made: "),
        tally(len(weak), "concentration/count(assumed)", words.number(len(weak))),
        Text(" of the "),
        tally(len(items), "concentration/count(shown)", words.number(len(items))),
        Text(f" narrowest points {'rests' if len(weak) == 1 else 'rest'} on shares we assumed, "),
        Name(words.in_sentence(facts.name(weak[0]))),
        Text(" first; a published figure by place could reorder them."),
    )


def _makers_unknown(facts: Facts) -> Runs:
    inputs = {row.input for row in facts.needs.values()}
    items = [
        item
        for item, row in facts.items.items()
        if item in inputs
        and not facts.is_group(item)
        and item not in facts.rows
        and row["local"] != "yes"
    ]
    if not items:
        return ()
    return (
        Strong("Makers: "),
        Text("no figure says who makes "),
        tally(len(items), "items/unknown", words.count(len(items), "item")),
        Text(" of the chain ("),
        Name(_named(facts, items)),
        Text(")."),
    )


def _wide_bounds(facts: Facts) -> Runs:
    def gap(item: str) -> float:
        return float(facts.rows[item]["hhi_high"] - facts.rows[item]["hhi_low"])

    item = max(facts.rows, key=gap, default="")
    if not item or gap(item) < _WIDE:
        return ()
    row = facts.rows[item]
    low, high = (words.decimals(float(row[end])) for end in ("hhi_low", "hhi_high"))
    wide = sum(gap(other) >= _WIDE for other in facts.rows)
    head = f"concentration/{item}"
    return (
        Strong("Unnamed makers: "),
        Text("for "),
        tally(wide, "concentration/count(wide)", words.count(wide, "item")),
        Text(" they leave the HHI wide open, most for "),
        Name(words.in_sentence(facts.name(item))),
        Text(" ("),
        Value(f"{low}–{high}", f"{head}/hhi_low", Grade.DERIVED, facts.sources_of(item)),
        Text(")."),
    )


def _other_years(facts: Facts) -> Runs:
    items = [item for item, row in facts.rows.items() if row["filled"]]
    if not items:
        return ()
    number = len(items)
    return (
        Strong("Other years: "),
        tally(number, "concentration/count(filled)", words.count(number, "item")),
        Text(f" {'has' if number == 1 else 'have'} no figure for "),
        Name(words.year_of(facts.results.period)),
        Text(f" and {'stands' if number == 1 else 'stand'} with the nearest year ("),
        Name(_named(facts, items)),
        Text(")."),
    )


def _stand_ins(facts: Facts) -> Runs:
    seats = [item for item, row in facts.rows.items() if row["basis"] == "headquarters"]
    frame = facts.results.contingency
    frame = frame[(frame["dropped"] == facts.focus_place) & (frame["end_use"] == "all")]
    lost = float(frame["stand_in"].iloc[0]) if "stand_in" in frame and len(frame) else 0.0
    runs: Runs = ()
    if lost >= _SMALL_PART:
        key = f"contingency/{facts.focus_place}/all/stand_in"
        runs = (
            Strong("Seat for place: "),
            part(lost, key, Grade.DERIVED),
            Text(" of the loss above rests on makers whose seat stands in for their place"),
        )
    if seats:
        head: Runs = (Text("; by seat only: "),) if runs else (Strong("By seat only: "),)
        runs = (*runs, *head, Name(_named(facts, seats)))
    return (*runs, Text(".")) if runs else ()


def _shaky(facts: Facts) -> Runs:
    rows = [
        (float(row["holds"]), item)
        for item, row in list(facts.rows.items())[:10]
        if "holds" in row and not words.missing(row["holds"])
    ]
    held, item = min(rows, default=(1.0, ""))
    if held > 0.995:
        return ()
    return (
        Strong("The order "),
        Text("of the narrowest points is least sure at "),
        Name(words.in_sentence(facts.name(item))),
        Text(", whose rank holds in "),
        part(held, f"concentration/{item}/holds", Grade.DERIVED, bare=True),
        Text(" of the draws."),
    )


def _would_move(facts: Facts) -> Runs:
    rows = [row for row in key_needs(facts) if "stops_fraction" in row.numbers]
    rows = [
        row
        for row in rows
        if row.numbers["stops_fraction"].high > row.numbers["stops_fraction"].low
    ]
    if not rows:
        return ()
    row = max(
        rows, key=lambda row: row.numbers["stops_fraction"].high - row.numbers["stops_fraction"].low
    )
    total = facts.dropped(facts.focus_place).get("all")
    tail: Runs = (Text("."),)
    if total is not None:
        tail = (
            Text("; so would evidence on who can re-route (from "),
            facts.left(total, "left_fixed"),
            Text(" to "),
            facts.left(total, "left_best"),
            Text(" over all end uses)."),
        )
    return (
        Strong("A published figure "),
        Text("on how much of "),
        Name(words.in_sentence(facts.name(row.item))),
        Text(" stops without "),
        Name(words.in_sentence(facts.name(row.input))),
        Text(" would move the second answer"),
        *tail,
    )
