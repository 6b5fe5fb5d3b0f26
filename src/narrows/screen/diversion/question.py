"""What is asked of trade flows: which goods, whose exports, round which control."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from narrows.screen.diversion.countries import place_code
from narrows.screen.diversion.flows import REST, Flows
from narrows.screen.diversion.windows import first_after
from narrows.terms import OTHER, WORLD, BadInput, Fault

__all__ = ["Question", "ask"]

_MONTHS = 6
_MIN_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Question:
    """The settings of a search for diversion, as a result keeps them.

    Attributes
    ----------
    items, after, targets
        HS codes, date of the control, places it is aimed at.
    origins
        Whose exports are under control; those who report exports where none are given.
    candidates
        Third countries looked at; all where none are given.
    monthly, start
        Length of a period, and the first one after the control.
    longest
        Periods after it that are counted at most.
    years
        Years before it that make the baseline, at most.
    each_origin, each_item
        Whether each is judged alone instead of all together.
    false_discovery
        Part of the flags that may be false.
    least_rise, least_usd
        Rise over what was expected (0.25 is 25 percent) and amount below which nothing is flagged.
    freight
        Freight and insurance in imports, as part of the exports: imports are counted with them.
    """

    items: tuple[str, ...]
    after: date
    targets: tuple[str, ...]
    origins: tuple[str, ...]
    candidates: tuple[str, ...]
    monthly: bool
    start: str
    longest: int
    years: int
    each_origin: bool
    each_item: bool
    false_discovery: float
    least_rise: float
    least_usd: float
    freight: float

    def as_json(self) -> dict[str, Any]:
        """Give the settings as plain values."""
        plain = asdict(self) | {"after": self.after.isoformat()}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in plain.items()}


def ask(
    flows: Flows,
    *,
    item: str | Sequence[str],
    after: date | str,
    targets: str | Sequence[str],
    origins: Sequence[str],
    candidates: Sequence[str],
    periods: int | None,
    **rest: Any,  # noqa: ANN401 - the settings of `Question` that need no thought
) -> Question:
    """Give a question whose every word is known.

    Raises
    ------
    BadInput
        When a date, a code or a number cannot be used; every fault is told.
    """
    items = tuple(code.replace(".", "").strip() for code in _listed(item))
    day = _day(after)
    faults = [
        Fault("--item", None, "", repr(code), "HS digits such as 8542 or 8542.31")
        for code in items
        if not code.isdigit() or len(code) < _MIN_DIGITS
    ]
    limits = {"false_discovery": (0.0, 1.0), "least_rise": (0.0, 1e6), "least_usd": (0.0, 1e15)}
    limits |= {"freight": (0.0, 1.0), "years": (1, 10)}
    faults += [
        Fault(name, None, "", f"{rest[name]}", f"{low:g} to {high:g}")
        for name, (low, high) in limits.items()
        if not low <= rest[name] <= high
    ]
    if periods is not None and not 1 <= periods <= 24:
        faults.append(Fault("periods", None, "", f"{periods}", "1 to 24"))
    if not items:
        faults.append(Fault("--item", None, "", "nothing", "an HS code"))
    if faults:
        raise BadInput(faults)
    monthly = _monthly(flows, day)
    aimed = tuple(place_code(name) for name in _listed(targets))
    frame = flows.frame[flows.frame["item"] != REST]
    reporters = set(frame.loc[frame["flow"] == "export", "reporter"])
    partners = set(frame["partner"]) | reporters
    own = tuple(place_code(name) for name in origins) or tuple(sorted(reporters - set(aimed)))
    third = tuple(place_code(name) for name in candidates) or tuple(
        sorted(partners - {WORLD, OTHER, *aimed, *(own if origins else ())})
    )
    return Question(
        items=items,
        after=day,
        targets=aimed,
        origins=own,
        candidates=tuple(name for name in third if name not in aimed),
        monthly=monthly,
        start=first_after(day, monthly=monthly),
        longest=periods or (_MONTHS if monthly else 1),
        **rest,
    )


def _listed(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _day(after: date | str) -> date:
    if isinstance(after, date):
        return after
    text = after if len(after) > 7 else after + "-01" * (1 + (len(after) < 5))
    try:
        return date.fromisoformat(text)
    except ValueError:
        expected = "a date such as 2022-02-24"
        raise BadInput(Fault("--after", None, "", repr(after), expected)) from None


def _monthly(flows: Flows, day: date) -> bool:
    """Tell whether months are to be used: where there are months on both sides of the control."""
    months = [period for period in flows.periods if "-" in period]
    start = first_after(day, monthly=True)
    years = len(months) < len(flows.periods)
    return bool(months) and (not years or months[0] < start <= months[-1])
