"""The coalition's view: through which member or third place a shipment would pass unasked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narrows.screen.decision_json import table_json
from narrows.screen.rules.deciding import Decision, decide
from narrows.screen.rules.notice import NOTICE
from narrows.screen.rules.packs import Outcome, Pack
from narrows.screen.rules.shipment_reading import Shipment, read_shipment
from narrows.screen.shipments import Given, chosen_packs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MEMBERS", "CoalitionGaps", "Way", "coalition_gaps"]

MEMBERS = ("USA", "NLD", "DEU", "JPN", "KOR")
"""Places whose rules are held here, and that may make the item."""


@dataclass(frozen=True)
class Way:
    """One way for the same item to reach its destination.

    Parameters
    ----------
    origin
        The member that makes and sends it.
    through
        The third place that it is declared for first; empty: straight.
    decisions
        Every jurisdiction on every leg.
    """

    origin: str
    through: str
    decisions: tuple[Decision, ...]

    @property
    def low(self) -> Outcome:
        """What somebody surely requires on the way."""
        return max(each.low for each in self.decisions)

    @property
    def high(self) -> Outcome:
        """What somebody may require on the way."""
        return max(each.high for each in self.decisions)

    @property
    def required(self) -> str:
        """One word, as in a decision."""
        settled = self.low is self.high or self.low >= Outcome.LICENCE
        return self.low.name.lower() if settled else "needs_facts"

    @property
    def stopped_by(self) -> tuple[str, ...]:
        """The jurisdictions that surely ask for a licence or prohibit."""
        found = (each.pack.id for each in self.decisions if each.low >= Outcome.LICENCE)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class CoalitionGaps:
    """All ways, and which of them let the item through where another would not."""

    shipment: Shipment
    on: date
    ways: tuple[Way, ...]
    notice: str = NOTICE

    @property
    def strictest(self) -> Outcome:
        """The most that is surely required on any way."""
        return max(way.low for way in self.ways)

    @property
    def gaps(self) -> tuple[Way, ...]:
        """Ways on which less is surely required than on the strictest."""
        return tuple(way for way in self.ways if way.low < self.strictest)

    def kind(self, way: Way) -> str:
        """Say of a way: closed, open (surely less is required) or unsure (facts are missing)."""
        if way.low >= self.strictest:
            return "closed"
        return "open" if way.high < self.strictest else "unsure"

    def to_frame(self) -> "pd.DataFrame":
        """Give one row a way: what is required, by whom, and whether it is a gap."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def rows(self) -> list[dict[str, Any]]:
        """Give the rows of `to_frame`."""
        return [self._row(way) for way in self.ways]

    def as_json(self) -> dict[str, Any]:
        """Give the JSON form; its schema is `narrows.screen.decision_schema("coalition")`."""
        return table_json("coalition", self.on, self.rows())

    def _row(self, way: Way) -> dict[str, Any]:
        rules = (
            step.rule.id
            for each in way.decisions
            if each.low >= Outcome.LICENCE
            for step in each.fired
            if step.rule.effect in ("licence", "prohibit")
        )
        return {
            "origin": way.origin,
            "through": way.through,
            "required": way.required,
            "gap": self.kind(way),
            "stopped_by": "; ".join(way.stopped_by),
            "rules": "; ".join(dict.fromkeys(rules)),
            "on": self.on.isoformat(),
            "rules_as_of": min(each.pack.as_of for each in way.decisions).isoformat(),
        }


def coalition_gaps(
    given: Given,
    *,
    members: Sequence[str] = MEMBERS,
    through: Sequence[str] = (),
    on: date | None = None,
    jurisdictions: Sequence[str | Pack | Path] | None = None,
    changed: Mapping[str, Mapping[str, Any]] | None = None,
) -> CoalitionGaps:
    """Send the same item from each member, straight or through third places, and compare.

    Parameters
    ----------
    given
        The shipment; its route, origin and exporter are replaced by each member in turn.
    members
        Places that make the item; by default those whose rules are held here.
    through
        Third places. The item is declared for the third place on the first leg, and goes on from
        there to its destination on the second; who asks on either leg stops it.
    on, jurisdictions
        As for `shipment`.
    changed
        Other facts that hold only where a member makes it, by member (US content, say).

    Returns
    -------
    CoalitionGaps
        A row a way.
    """
    read = read_shipment(given)
    day = on or read.on or datetime.now(tz=UTC).date()
    packs = chosen_packs(jurisdictions)
    extra = changed or {}
    ways = [
        _way(read, member, third, packs, day, extra.get(member, {}))
        for member in members
        for third in ("", *through)
    ]
    return CoalitionGaps(read, day, tuple(ways))


def _way(
    read: Shipment,
    member: str,
    third: str,
    packs: Sequence[Pack],
    day: date,
    changed: Mapping[str, Any],
) -> Way:
    made = {"route.from": member, "item.origin": member, "exporter.residence": member, **changed}
    legs = [read.replaced(made)]
    if third:
        first = {**made, "route.to": third}
        second = {**made, "route.from": third, "exporter.residence": third, "act": "reexport"}
        legs = [read.replaced(first), read.replaced(second)]
    decisions = [decide(pack, leg.facts, day) for leg in legs for pack in packs]
    return Way(member, third, tuple(decisions))
