"""What was assumed, what static numbers do not say, what is not known."""

from collections import Counter

from narrows.brief import words
from narrows.brief.answers import left_value
from narrows.brief.chain import read_chains
from narrows.brief.facts import Facts
from narrows.brief.limits import Limits
from narrows.brief.tree import Bullets, Callout, Name, Paragraph, Run, Runs, Strong, Text, Value
from narrows.evidence.records import Range, RecipeRow
from narrows.terms import Grade

__all__ = ["assumed", "key_needs", "static", "unknown"]

_WIDE = 0.10  # bounds of the index further apart than this are named
_NAMED = 3


def assumed(facts: Facts, limits: Limits) -> Callout:
    """Count figures by grade and name the assumptions on the way of the second answer."""
    shares = Counter(
        str(grade) for item in facts.rows for grade in facts.shares(item)["grade"]
    )
    needs = Counter(str(row.grade) for row in facts.needs.values())
    blocks = (
        Paragraph(_counted("shares", shares, "share")),
        Paragraph(_counted("recipes", needs, "need")),
        Bullets(tuple(_need(facts, row) for row in key_needs(facts)[: limits.points])),
    )
    return Callout("What was assumed", blocks)


def _counted(key: str, grades: Counter[str], noun: str) -> Runs:
    total = sum(grades.values())
    about = " of makers, " if noun == "share" else " of the chain, "
    runs: list[Run] = [
        Text("Of "),
        Value(words.count(total, noun), f"{key}/count", Grade.DERIVED, (), total, bare=True),
        Text(about),
    ]
    for number, grade in enumerate(Grade):
        value = grades[grade.value]
        verb = (" is " if value == 1 else " are ") if number == 0 else " "
        runs += [
            Text(("", ", ", " and ")[number]),
            Value(
                str(value or "none"), f"{key}/count/{grade}", Grade.DERIVED, (), value, bare=True
            ),
            Text(verb + grade.value),
        ]
    return (*runs, Text("."))


def key_needs(facts: Facts) -> tuple[RecipeRow, ...]:
    """Give the needs on the way of the chain of reasons of the place in front, the worst first."""
    rows = sorted(facts.dropped(facts.focus_place).values(), key=lambda row: row["left_fixed"])
    pairs: dict[tuple[str, str], None] = {}
    for row in rows:
        for chain in read_chains(str(row["because"]))[:1]:
            pairs |= dict.fromkeys(chain.pairs)
    found = [facts.needs[pair] for pair in pairs if pair in facts.needs]
    return tuple(row for row in found if row.grade is Grade.ASSUMED and row.numbers)


def _need(facts: Facts, row: RecipeRow) -> Runs:
    runs: list[Run] = [
        Name(facts.name(row.item)),
        Text(" ← "),
        Name(facts.name(row.input)),
        Text(": "),
    ]
    parts: list[Runs] = []
    stop, cover = row.numbers.get("stops_fraction"), row.numbers.get("cover_days")
    if stop is not None and stop.best < 1:
        value = _ranged(row, "stops_fraction", stop)
        parts.append((value, Text(" of output stops without it")))
    if cover is not None and cover.best > 0:
        value = _ranged(row, "cover_days", cover)
        parts.append((Text("stock of "), value))
    if not parts:
        parts.append((Text("all output stops without it, no stock"),))
    for number, part in enumerate(parts):
        runs += [Text("; " if number else ""), *part]
    return (*runs, Text("."))


def _ranged(row: RecipeRow, column: str, number: Range) -> Value:
    if column == "cover_days":
        text, span = words.days(number.best), words.span(number.low, number.high)
        span = "" if number.low == number.high else span.removesuffix(" days")
    else:
        text, span = words.percent(number.best), words.interval(number.low, number.high)
    key = f"recipes/{row.id}/{column}"
    return Value(text, key, row.grade, (row.source_id,), number.best, span)


def static() -> Callout:
    """Say what the static numbers do not say."""
    points: tuple[Runs, ...] = (
        (Strong("They rank exposure; they are not losses."), Text(" No day passes in them, no price moves.")),
        (
            Text("“Nothing re-routed” is the day stocks end, every buyer with its old suppliers; "),
            Text("“best re-routed” is the most that planning could reach. What happens lies between."),
        ),
        (
            Text("A far mineral counts in full, though in the past stocks and substitutes came first: "),
            Text("a place ranks high when much could stop, not because it will."),
        ),
    )
    return Callout("What static numbers do not say", (Bullets(points),))


def unknown(facts: Facts, limits: Limits) -> Callout:
    """Say what is not known and what would change the answers, from the results alone."""
    found = [
        _makers_unknown(facts),
        _wide_bounds(facts),
        _other_years(facts),
        _stand_ins(facts),
        _shaky(facts),
        _would_move(facts),
    ]
    points = tuple(point for point in found if point)
    return Callout("What we do not know, and what would change our mind", (Bullets(points[: limits.points + 2]),))


def _named(facts: Facts, items: list[str]) -> str:
    names = [words.in_sentence(facts.name(item)) for item in items[:_NAMED]]
    more = len(items) - len(names)
    return words.listed([*names, f"{more} more"] if more else names)


def _makers_unknown(facts: Facts) -> Runs:
    inputs = {row.input for row in facts.needs.values()}
    items = [
        item
        for item, row in facts.items.items()
        if item in inputs and not facts.is_group(item) and item not in facts.rows and row["local"] != "yes"
    ]
    if not items:
        return ()
    number = words.count(len(items), "item")
    return (
        Strong("Makers: "),
        Text("no figure says who makes "),
        Value(number, "items/unknown", Grade.DERIVED, (), len(items), bare=True),
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
        Value(words.count(wide, "item"), "concentration/count(wide)", Grade.DERIVED, (), wide, bare=True),
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
        Value(words.count(number, "item"), "concentration/count(filled)", Grade.DERIVED, (), number, bare=True),
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
    part = float(frame["stand_in"].iloc[0]) if "stand_in" in frame and len(frame) else 0.0
    if not seats and not part:
        return ()
    value = Value(
        words.percent(part), f"contingency/{facts.focus_place}/all/stand_in", Grade.DERIVED, (), part
    )
    runs: Runs = (
        Strong("Seat for place: "),
        value,
        Text(" of the loss above rests on makers whose seat stands in for their place"),
    )
    if seats:
        runs += (Text("; by seat only: "), Name(_named(facts, seats)))
    return (*runs, Text("."))


def _shaky(facts: Facts) -> Runs:
    rows = [
        (float(row["top_ten"]), item)
        for item, row in list(facts.rows.items())[:10]
        if "top_ten" in row and not words.missing(row["top_ten"])
    ]
    held, item = min(rows, default=(1.0, ""))
    if held > 0.995:
        return ()
    return (
        Strong("The list of ten "),
        Text("would change first at "),
        Name(words.in_sentence(facts.name(item))),
        Text(", among the ten in "),
        Value(words.percent(held), f"concentration/{item}/top_ten", Grade.DERIVED, (), held, bare=True),
        Text(" of the draws."),
    )


def _would_move(facts: Facts) -> Runs:
    rows = [row for row in key_needs(facts) if "stops_fraction" in row.numbers]
    rows = [row for row in rows if row.numbers["stops_fraction"].high > row.numbers["stops_fraction"].low]
    if not rows:
        return ()
    row = max(rows, key=lambda row: row.numbers["stops_fraction"].high - row.numbers["stops_fraction"].low)
    total = facts.dropped(facts.focus_place).get("all")
    tail: Runs = (Text("."),)
    if total is not None:
        tail = (
            Text("; so would evidence on who can re-route (from "),
            left_value(facts, total, "left_fixed"),
            Text(" to "),
            left_value(facts, total, "left_best"),
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
