"""Jurisdictions side by side: one shipment, many shipments, other routes, other days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narrows.screen.decision_json import table_json
from narrows.screen.rules.deciding import Decision, decide
from narrows.screen.rules.notice import NOTICE
from narrows.screen.rules.packs import Outcome, Pack
from narrows.screen.rules.shipment_reading import Shipment, read_shipment
from narrows.screen.rules.telling import as_row
from narrows.screen.shipments import Given, ShipmentResult, chosen_packs, shipment

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Flip", "ShipmentComparison", "compare_shipment", "compare_shipments", "flips"]


@dataclass(frozen=True)
class ShipmentComparison:
    """One shipment under several jurisdictions: who asks most, who least, and who not at all."""

    result: ShipmentResult
    notice: str = NOTICE

    @property
    def reaching(self) -> tuple[Decision, ...]:
        """The jurisdictions that reach the shipment, or may."""
        return tuple(each for each in self.result.decisions if each.high is not Outcome.OUTSIDE)

    @property
    def strictest(self) -> tuple[str, ...]:
        """The jurisdictions that surely require most."""
        most = max((each.low for each in self.reaching), default=Outcome.OUTSIDE)
        return tuple(each.pack.id for each in self.reaching if each.low is most)

    @property
    def differ(self) -> bool:
        """Whether the jurisdictions that reach it require different things."""
        return len({each.required for each in self.reaching}) > 1

    def to_frame(self) -> "pd.DataFrame":
        """Give one row a jurisdiction, with whether it reaches the shipment and asks most."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def rows(self) -> list[dict[str, Any]]:
        """Give the rows of `to_frame`."""
        reaching = {each.pack.id for each in self.reaching}
        return [
            {
                **as_row(each),
                "reaches": each.pack.id in reaching,
                "strictest": each.pack.id in self.strictest,
            }
            for each in self.result.decisions
        ]

    def as_json(self) -> dict[str, Any]:
        """Give the JSON form; its schema is `narrows.screen.decision_schema("comparison")`."""
        return table_json("comparison", self.result.on, self.rows())


def compare_shipment(
    given: Given,
    *,
    on: date | None = None,
    jurisdictions: Sequence[str | Pack | Path] | None = None,
) -> ShipmentComparison:
    """Put one shipment under every jurisdiction and say who asks most.

    Parameters
    ----------
    given, on, jurisdictions
        As for `shipment`.

    Examples
    --------
    >>> facts = {
    ...     "route": {"from": "CHN", "to": "USA"},
    ...     "item": {"kind": "raw-material", "material": "gallium-metal", "origin": "CHN"},
    ... }
    >>> compare_shipment(facts, on=date(2025, 6, 1), jurisdictions=["cn", "jp"]).strictest
    ('cn',)
    """
    return ShipmentComparison(shipment(given, on=on, jurisdictions=jurisdictions))


def compare_shipments(
    given: Iterable[Given] | Mapping[str, Given],
    *,
    on: date | Sequence[date] | None = None,
    jurisdictions: Sequence[str | Pack | Path] | None = None,
) -> "pd.DataFrame":
    """Give what each jurisdiction requires of many shipments, on one day or several.

    Parameters
    ----------
    given
        Shipments, or shipments by name.
    on
        A day or several; by default the one that each shipment names.
    jurisdictions
        As for `shipment`.

    Returns
    -------
    pandas.DataFrame
        A row a shipment and day; a column a jurisdiction with what it requires. `rules_as_of` is
        the day to which all of them were read: the earliest of theirs.
    """
    import pandas as pd

    if isinstance(given, Mapping):
        named = [(name, read_shipment(each)) for name, each in given.items()]
    else:
        named = [(each.name, each) for each in map(read_shipment, given)]
    days: Sequence[date | None] = [on] if on is None or isinstance(on, date) else on
    packs = chosen_packs(jurisdictions)
    as_of = min((each.as_of for each in packs), default=date.max).isoformat()
    rows: list[dict[str, Any]] = []
    for name, each in named:
        for day in days:
            found = shipment(each, on=day, jurisdictions=packs)
            row = {"shipment": name, "on": found.on.isoformat(), **found.required()}
            rows.append({**row, "rules_as_of": as_of})
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Flip:
    """A decision that comes out otherwise on another day.

    Parameters
    ----------
    before, after
        What is required on the two days.
    gone, come
        Rules that fire on one of the two days only.
    rules_as_of
        The day to which the rules were read.
    """

    shipment: str
    jurisdiction: str
    before: str
    after: str
    gone: tuple[str, ...]
    come: tuple[str, ...]
    rules_as_of: date


def flips(
    decisions: Iterable[Given | ShipmentResult],
    first: date,
    second: date,
    *,
    jurisdictions: Sequence[str | Pack | Path] | None = None,
) -> tuple[Flip, ...]:
    """Say which decisions come out otherwise on the second day than on the first.

    Parameters
    ----------
    decisions
        Shipments, or answers that were kept; their facts are taken, their day is not.
    first, second
        The two days.
    jurisdictions
        As for `shipment`.

    Examples
    --------
    >>> facts = {
    ...     "route": {"from": "CHN", "to": "USA"},
    ...     "end_user.military": False,
    ...     "end_use": {"military": False, "wmd": False},
    ...     "told.cn": False,
    ...     "parties.cn_control_list": False,
    ...     "item": {"kind": "raw-material", "material": "gallium-metal", "origin": "CHN"},
    ... }
    >>> found = flips([facts], date(2025, 6, 1), date(2026, 6, 1), jurisdictions=["cn"])
    >>> found[0].before, found[0].after
    ('prohibited', 'licence')
    """
    packs = chosen_packs(jurisdictions)
    out = []
    for each in decisions:
        one = each.shipment if isinstance(each, ShipmentResult) else read_shipment(each)
        out += [_flip(one, pack, first, second) for pack in packs]
    return tuple(flip for flip in out if flip.before != flip.after)


def _flip(one: Shipment, pack: Pack, first: date, second: date) -> Flip:
    before, after = decide(pack, one.facts, first), decide(pack, one.facts, second)
    old = [step.rule.id for step in before.fired]
    new = [step.rule.id for step in after.fired]
    return Flip(
        shipment=one.name,
        jurisdiction=pack.id,
        before=before.required,
        after=after.required,
        gone=tuple(name for name in old if name not in new),
        come=tuple(name for name in new if name not in old),
        rules_as_of=pack.as_of,
    )
