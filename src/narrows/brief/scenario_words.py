"""What a scenario assumes, in words: its shocks, its rules, and what each input of the draws is."""

import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from narrows.brief import words
from narrows.brief.facts import Facts
from narrows.brief.tree import Name, Runs, Text, Unit, Value
from narrows.evidence.schema import is_share
from narrows.simulate import Range, Scenario
from narrows.terms import ASSUMED_SOURCE, Grade

__all__ = ["Assumed", "estimate_words", "input_words", "rules_of", "shock_words", "shocks_of"]

_NAMED, _LISTED = 1, 8  # items before "and N more", in a sentence and in a table
_PARTS = ("lost", "change", "redirected", "psi", "process_lost")
_VERBS = ("lost", "released_days", "stock_days")
_NUMBERS = {
    "lost": "lost",
    "change": "change",
    "released_days": "released",
    "stock_days": "stocked up",
    "process_lost": "lost of goods in process",
    "rebuild_days": "to rebuild",
    "cover_days": "stock of inputs",
    "restocking_days": "to fill a stock up again",
    "qualification_days": "until buyers have other suppliers",
    "redirected": "part of orders placed elsewhere at once",
    "psi": "part of the stock below which a maker slows",
    "headroom": "most output, of normal",
    "headroom_days": "until spare capacity works",
    "process_days": "from start to finished goods",
    "finished_days": "stock of finished goods",
}
_KINDS = {
    "capacity": "Capacity",
    "capital": "Capital",
    "trade": "Trade",
    "demand": "Demand",
    "stock": "Stocks",
    "stockpiling": "Orders ahead",
    "recipe": "Need of inputs",
}
_MEASURES = {
    "headroom": "most output of {0}, of normal",
    "headroom_days": "days until spare capacity of {0} works",
    "process_days": "days from start to finished {0}",
    "qualification_days": "days to move a design of {0} to another maker",
    "cover_days": "stock of {1} at makers of {0}",
    "stops_fraction": "part of {0} that stops without {1}",
    "substitute_days": "days until {0} has a substitute for {1}",
    "allocation": "part of {1} that goes to {0}",
}


@dataclass(frozen=True)
class Assumed:
    """One assumption of a scenario: what it is about, its numbers in words, and its reason."""

    what: str
    about: str
    numbers: Runs
    reason: str


def shocks_of(facts: Facts, scenario: Scenario, most: int = _LISTED) -> Iterator[Assumed]:
    """Give the shocks of a scenario, in order; of many items as many by name as `most` says."""
    for number, shock in enumerate(scenario.shocks):
        runs: Runs = ()
        for each in fields(shock):
            value = getattr(shock, each.name)
            if each.name in _NUMBERS and _wanted(value):
                runs += (Text(", ") if runs else Text(""), *_number(each.name, value, number))
        key = f"stress/shocks/{number}"
        start = Value(str(shock.start), f"{key}/start", *_origin(), shock.start, unit="days")
        runs += (Text(", " if runs else ""), Name("from day"), Text(" "), _bare(start))
        if shock.days is not None:
            last = Value(f"{shock.days} days", f"{key}/days", *_origin(), shock.days, unit="days")
            runs += (Text(", "), Name("for"), Text(" "), _bare(last))
        kind = _KINDS.get(shock.kind, shock.kind)
        yield Assumed(kind, _whom(facts, shock, most), runs, _line(shock.why))


def shock_words(facts: Facts, scenario: Scenario) -> Iterator[Runs]:
    """Give each shock of a scenario as one line."""
    for each in shocks_of(facts, scenario, _NAMED):
        yield (Name(f"{each.what}, {each.about}: "), *each.numbers, Text("."))


def rules_of(facts: Facts, scenario: Scenario) -> Iterator[Assumed]:
    """Give the rules of behaviour that a scenario sets, those for some items last."""
    rules = scenario.rules
    why = {name: _line(str(text)) for name, text in rules.why.items()}
    sourcing = "buyers look for other suppliers" if rules.sourcing == "adaptive" else "as ever"
    yield Assumed("Suppliers", "all", (Name(sourcing),), why.get("sourcing", ""))
    for each in fields(rules):
        value = getattr(rules, each.name)
        if each.name in _NUMBERS and _wanted(value):
            found = _number(each.name, value, "rules")
            yield Assumed("Rule", "all", found, why.get(each.name, ""))
    for number, special in enumerate(rules.special):
        runs: Runs = ()
        for each in fields(special):
            value = getattr(special, each.name)
            if each.name in _NUMBERS and _wanted(value):
                found = _number(each.name, value, f"rules/special/{number}")
                runs += (Text(", ") if runs else Text(""), *found)
        yield Assumed("Rule", _meant(facts, special, _LISTED), runs, _line(special.why))


def input_words(facts: Facts, scenario: Scenario, name: str) -> str:
    """Say what an input of the draws is: a number of the scenario, or an estimate of the case."""
    if name not in facts.estimates:
        return _path_words(facts, scenario, name)
    return estimate_words(facts, name)


def estimate_words(facts: Facts, name: str) -> str:
    """Say what an estimate of the case is."""
    row = facts.estimates.get(name) or facts.assumptions[name]
    measure, item = str(row["measure"]), words.in_sentence(facts.name(str(row["subject"])))
    entity = str(row["entity"] or "")
    if measure in _MEASURES:
        other = words.in_sentence(facts.name(entity)) if entity else ""
        return _MEASURES[measure].format(item, other)
    if is_share(measure):
        return f"share of {words.the(facts.place(entity))} in {item}"
    return f"{measure.replace('_', ' ')} of {item}"


def _path_words(facts: Facts, scenario: Scenario, path: str) -> str:
    """Read a path into a scenario, such as ``rules.special.9.finished_days``."""
    steps = path.split(".")
    said = _NUMBERS.get(steps[-1], " ".join(steps[-2:]).replace("_", " "))
    said = f"part {said}" if steps[-1] in ("lost", "process_lost") else said
    if steps[0] == "shocks" and len(steps) > 1:
        shock = scenario.shocks[int(steps[1])]
        kind = _KINDS.get(shock.kind, shock.kind).lower()
        return f"{said}, {kind} of {_whom(facts, shock)}"
    if steps[:2] == ["rules", "special"] and len(steps) > 2:
        special = scenario.rules.special[int(steps[2])]
        return f"{'days ' if _is_wait(steps[-1]) else ''}{said}, {_meant(facts, special)}"
    return f"{'days ' if _is_wait(steps[-1]) else ''}{said}"


def _is_wait(name: str) -> bool:
    return name in ("restocking_days", "qualification_days", "headroom_days", "process_days")


def _origin() -> tuple[Grade, tuple[str, ...]]:
    return Grade.ASSUMED, (ASSUMED_SOURCE,)


def _bare(value: Value) -> Value:
    return replace(value, bare=True)


def _wanted(value: object) -> bool:
    return isinstance(value, Range | int | float) and not isinstance(value, bool) and value != 0


def _number(name: str, value: float | Range, where: object) -> Runs:
    """Give a number of a scenario with its range and what it is."""
    given = value if isinstance(value, Range) else Range(value, value, value)
    scale = 100 if name in _PARTS else 1
    low, best, high = (f"{scale * each:.3g}" for each in (given.low, given.best, given.high))
    unit: Unit = "part" if name in _PARTS else "" if name == "headroom" else "days"
    tail = {"part": f"{words.NARROW}%", "days": " days", "": " times"}[unit]
    tail = " day" if (unit, best) == ("days", "1") else tail
    key = f"stress/shocks/{where}/{name}" if isinstance(where, int) else f"stress/{where}/{name}"
    span = "" if low == high else f"{low}–{high}{tail if unit == 'part' else ''}"
    ends = (given.low, given.high) if span else None
    shown = Value(
        f"{best}{tail}", key, *_origin(), given.best, span, bare=True, unit=unit, ends=ends
    )
    return (Name(_NUMBERS[name]), Text(" " if name in _VERBS else ": "), shown)


def _whom(facts: Facts, shock: Any, most: int = _NAMED) -> str:  # noqa: ANN401 - any kind of shock
    """Say whom a shock hits."""
    items = _items(facts, shock.items, most)
    if hasattr(shock, "ways"):
        if shock.between:
            one, other = (_places(facts, side) for side in shock.between)
            return f"{items} between {one} and {other}"
        return f"{items} from {_places(facts, shock.from_)} to {_places(facts, shock.to)}"
    units = [str(each) for each in _tuple(getattr(shock, "unit", ()))]
    if units:
        return words.listed([_unit(facts, each) for each in units])
    firms = [facts.place(str(each)) for each in _tuple(getattr(shock, "firm", ()))]
    places = firms or [_places(facts, getattr(shock, "place", getattr(shock, "market", "*")))]
    return f"{items}, {words.listed(places)}"


def _meant(facts: Facts, special: Any, most: int = _NAMED) -> str:  # noqa: ANN401 - a set of special rules
    """Say for whom special rules are."""
    said = [] if _all(special.items) else [_items(facts, special.items, most)]
    said += [] if _all(special.places) else [_places(facts, special.places)]
    said += [_unit(facts, str(each)) for each in _tuple(special.units)]
    said += [] if _all(special.inputs) else [f"buyers of {_items(facts, special.inputs, most)}"]
    return ", ".join(said) or "all"


def _unit(facts: Facts, label: str) -> str:
    place, _, item = label.partition("/")
    return f"{words.in_sentence(facts.name(item))} in {words.the(facts.place(place))}"


def _tuple(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _all(given: str | Sequence[str]) -> bool:
    return _tuple(given) in ((), ("*",))


def _items(facts: Facts, given: str | Sequence[str], most: int) -> str:
    """Name items, those that a pattern means too; of many the first and how many more."""
    if _all(given):
        return "all items"
    found = dict.fromkeys(
        item
        for each in _tuple(given)
        for item in (fnmatch.filter(facts.items, each) or [each])
        if not facts.is_group(item)
    )
    names = [words.in_sentence(facts.name(item)) for item in found]
    more = len(names) - most
    return words.listed([*names[:most], words.number(more) + " more"] if more > 1 else names)


def _places(facts: Facts, given: str | Sequence[str]) -> str:
    if _all(given):
        return "everywhere"
    return words.listed([words.the(facts.place(each)) for each in _tuple(given)])


def _line(text: str) -> str:
    return " ".join(text.split())
