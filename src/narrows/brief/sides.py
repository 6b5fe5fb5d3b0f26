"""The third answer: who holds whom, the firmest hold in each direction."""

from narrows.brief import words
from narrows.brief.facts import Facts, Row, records
from narrows.brief.field import field, firmest, hold
from narrows.brief.headlines import share_value
from narrows.brief.limits import Limits
from narrows.brief.tree import Answer, Name, Paragraph, Runs, Strong, Text
from narrows.brief.values import tally
from narrows.evidence.info import Perspective
from narrows.terms import Grade

__all__ = ["nobody", "whom"]

_HALF = 0.5
_NEXT = 5  # shares told after the largest


def whom(facts: Facts, limits: Limits) -> Answer:
    """Answer who holds whom: the firmest hold in each direction."""
    side = facts.results.perspective
    assert side is not None  # noqa: S101 - asked only then
    us, them = ([facts.place(place) for place in part] for part in (side.us, side.them))
    frame = facts.results.autonomy.dropna(subset=["reliance", "leverage"])
    they = firmest(records(frame), "reliance", "leverage")
    we = firmest(records(frame), "leverage", "reliance")
    back = words.agree(us, "it", "them")
    sentence: Runs = (
        Strong(_upper(_sides(us))),
        Text(f" {words.agree(us, 'relies', 'rely')} on "),
        Strong(_sides(them)),
        Text(" most for "),
        Strong(words.in_sentence(facts.name(str(they["item"])))),
        Text(" ("),
        hold(facts, they, "reliance"),
        Text("); "),
        Text(f"{_sides(them)} {words.agree(them, 'relies', 'rely')} on {back} most for "),
        Strong(words.in_sentence(facts.name(str(we["item"])))),
        Text(" ("),
        hold(facts, we, "leverage"),
        Text(")."),
    )
    support = (Paragraph(_quadrants(facts, us, them)), Paragraph(_pool(facts)))
    figure = field(facts, (us, them), limits)
    return Answer("whom", "Who holds whom?", sentence, support, (figure,))


def nobody(facts: Facts) -> Answer:
    """Answer where no pair can be weighed: what the other side has, and why no more is told."""
    for side in facts.case.info.perspectives:
        idle = [place for place in (*side.us, *side.them) if not facts.makes(place)]
        shares = _shares_of(facts, side.them)
        if idle and shares:
            return _one_sided(facts, side, idle, shares)
    reason = "nothing in the chain is taken by both sides of a pair that the case names."
    if not facts.case.info.perspectives:
        reason = "the case names no pair of sides."
    said = (Text(f"No two sides are weighed here: {reason}"),)
    return Answer("whom", "Who holds whom?", said, (), ())


def _one_sided(
    facts: Facts, side: Perspective, idle: list[str], shares: list[tuple[str, Row]]
) -> Answer:
    """Say what the other side has where one of ours makes nothing that it could take."""
    us, them = ([facts.place(place) for place in part] for part in (side.us, side.them))
    lacking = [facts.place(place) for place in idle]
    (item, largest), *others = shares
    sentence: Runs = (
        Strong(_upper(words.the(facts.place(str(largest["entity"]))))),
        Text(f" has {'about ' if largest['grade'] == Grade.ASSUMED else ''}"),
        share_value(item, largest),
        Text(" of "),
        Strong(words.in_sentence(facts.name(item))),
        Text(f", its largest share; what {_sides(them)} {words.agree(them, 'takes', 'take')} "),
        Text(f"from {_sides(us)} cannot be weighed, for {_sides(lacking)} "),
        Text(f"{words.agree(lacking, 'makes', 'make')} nothing in this chain."),
    )
    more: Runs = (Text("The next largest: "),)
    for number, (other, row) in enumerate(others[:_NEXT]):
        more += (Text(", " if number else ""), Name(words.in_sentence(facts.name(other))))
        more += (Text(" "), share_value(other, row))
    support = (Paragraph((*more, Text("."))),) if others else ()
    return Answer("whom", "Who holds whom?", sentence, support, ())


def _shares_of(facts: Facts, places: tuple[str, ...]) -> list[tuple[str, Row]]:
    """Give the shares that places have of the items of the chain, the largest first."""
    front = (item for item in facts.brief("matrix_items", ()) if item in facts.every)
    found = [
        (item, row)
        for item in dict.fromkeys((*facts.rows, *front))
        for row in facts.shares(item, rest="split")
        if row["entity"] in places
    ]
    return sorted(found, key=lambda pair: -float(pair[1]["value"]))


def _sides(names: list[str]) -> str:
    return words.listed([words.the(name) for name in names])


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _quadrants(facts: Facts, us: list[str], them: list[str]) -> Runs:
    frame = facts.results.autonomy
    they_hold = frame["reliance"] >= _HALF
    we_hold = frame["leverage"] >= _HALF
    counts = (
        ("they", int((they_hold & ~we_hold).sum())),
        ("we", int((we_hold & ~they_hold).sum())),
        ("both", int((they_hold & we_hold).sum())),
    )
    shown = [
        tally(number, f"autonomy/count/{key}", words.count(number, "item"))
        for key, number in counts
    ]
    names = _sides(them)
    verb = words.agree(them, "supplies", "supply")
    back = words.agree(us, "supplies", "supply")
    other = words.agree(us, "it takes", "they take")
    take = words.agree(them, "takes", "take")
    return (
        Text(f"{_upper(names)} {verb} half or more of what {other} of "),
        shown[0],
        Text(f"; {_sides(us)} {back} half or more of what {names} {take} of "),
        shown[1],
        *((Text(", and each side does for "), shown[2]) if counts[2][1] else ()),
        Text("."),
    )


def _pool(facts: Facts) -> Runs:
    frame = facts.results.autonomy
    kinds = set(frame["sourcing"].astype(str)) if "sourcing" in frame else set()
    tail = Text("Leverage is not power: using it costs its user too.")
    if kinds == {"pooled"}:
        pool = "Every buyer is taken to draw on the world’s pool; both sides together hold at most "
        return (Text(pool), Text("the whole of an item. "), tail)
    if kinds == {"home_first"}:
        return (Text("Every buyer is taken to buy at home first, then from the world. "), tail)
    return (tail,)
