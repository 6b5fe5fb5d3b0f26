"""One shipment under the rules of several jurisdictions, with reasons and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narrows.screen.rules.deciding import Decision, decide
from narrows.screen.rules.notice import NOTICE
from narrows.screen.rules.pack_reading import bundled_packs, pack, read_pack
from narrows.screen.rules.packs import Pack
from narrows.screen.rules.questions import missing_facts
from narrows.screen.rules.shipment_reading import Shipment, read_shipment
from narrows.screen.rules.telling import as_row, step_row
from narrows.terms import UnknownName

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Given", "ShipmentResult", "chosen_packs", "shipment"]

Given = str | Path | Mapping[str, Any] | Shipment
"""What is taken for a shipment: a YAML file, a mapping of the same form, or one that was read."""


@dataclass(frozen=True)
class ShipmentResult:
    """What each jurisdiction requires of one shipment on a day.

    Parameters
    ----------
    shipment
        What was asked about.
    on
        The day whose rules were applied.
    decisions
        One a jurisdiction.
    notice
        What the answer is not.
    """

    shipment: Shipment
    on: date
    decisions: tuple[Decision, ...]
    notice: str = NOTICE

    def __getitem__(self, jurisdiction: str) -> Decision:
        """Give the decision of one jurisdiction.

        Raises
        ------
        UnknownName
            When it was not asked.
        """
        for each in self.decisions:
            if each.pack.id == jurisdiction:
                return each
        raise UnknownName("jurisdiction", jurisdiction, list(self.jurisdictions))

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """The jurisdictions that were asked."""
        return tuple(each.pack.id for each in self.decisions)

    def required(self) -> dict[str, str]:
        """Give one word a jurisdiction; see `Outcome` and, where facts are missing, needs_facts."""
        return {each.pack.id: each.required for each in self.decisions}

    def missing(self) -> dict[str, tuple[str, ...]]:
        """Give the missing facts that can change the answer, by jurisdiction."""
        return {each.pack.id: missing_facts(each) for each in self.decisions}

    def to_frame(self) -> "pd.DataFrame":
        """Give one row a jurisdiction: what is required, why, and what is missing."""
        import pandas as pd

        return pd.DataFrame([as_row(each) for each in self.decisions])

    def trace(self, jurisdiction: str) -> "pd.DataFrame":
        """Give one row a rule: whether it fires, and the facts that decide it."""
        import pandas as pd

        decision = self[jurisdiction]
        return pd.DataFrame([step_row(decision, step) for step in decision.steps])

    def as_json(self) -> dict[str, Any]:
        """Give the JSON form; its schema is `narrows.screen.decision_schema("shipment")`."""
        return {
            "schema": "narrows/screen-shipment/1",
            "notice": self.notice,
            "on": self.on.isoformat(),
            "shipment": {
                "name": self.shipment.name,
                "title": self.shipment.title,
                "facts": {key: _plain(value) for key, value in self.shipment.facts.items()},
                "sources": list(self.shipment.sources),
            },
            "rows": [
                {
                    **as_row(each),
                    "steps": [
                        step_row(each, step) for step in each.steps if step.fires is not False
                    ],
                }
                for each in self.decisions
            ],
        }


def shipment(
    given: Given,
    *,
    on: date | None = None,
    jurisdictions: Sequence[str | Pack | Path] | None = None,
) -> ShipmentResult:
    """Say what each jurisdiction requires of a shipment on a day.

    Parameters
    ----------
    given
        A YAML file, a mapping of the same form, or a shipment that was read. A fact that is not
        stated is unknown; it is never taken for "no".
    on
        The day; by default the one that the shipment names, else the present day.
    jurisdictions
        Names of bundled packs, files of packs, or packs; all bundled ones by default.

    Returns
    -------
    ShipmentResult
        A row a jurisdiction. It never says that a shipment may go: the least it says is that
        nothing was found under the rules held here.

    Raises
    ------
    BadInput
        When the shipment or a pack is faulty.
    UnknownName
        When there is no such jurisdiction.

    Examples
    --------
    >>> facts = {
    ...     "route": {"from": "CHN", "to": "JPN"},
    ...     "item": {"kind": "raw-material", "material": "gallium-metal", "origin": "CHN"},
    ... }
    >>> answer = shipment(facts, on=date(2026, 6, 1), jurisdictions=["cn"])
    >>> answer.required()
    {'cn': 'licence'}
    """
    read = read_shipment(given)
    day = on or read.on or datetime.now(tz=UTC).date()
    packs = chosen_packs(jurisdictions)
    return ShipmentResult(read, day, tuple(decide(each, read.facts, day) for each in packs))


def chosen_packs(jurisdictions: Sequence[str | Pack | Path] | None = None) -> tuple[Pack, ...]:
    """Give packs by name or file; all bundled ones where nothing is named."""
    out = []
    for each in bundled_packs() if jurisdictions is None else jurisdictions:
        if isinstance(each, Pack):
            out.append(each)
        elif isinstance(each, Path) or str(each).endswith((".yaml", ".yml")):
            out.append(read_pack(each))
        else:
            out.append(pack(each))
    return tuple(out)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a fact is
    return list(value) if isinstance(value, tuple) else value
