"""One screening as it is kept: what went in, under which lists and rules, what came out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from narrows.screen.record.canonical import digest_of, plain

__all__ = ["Kept", "Screening", "Version"]


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A list, a rule pack or a data set in one state.

    Attributes
    ----------
    name
        Such as ``us-csl`` or ``jp``.
    date
        Its own date, or the day to which its rules were read; empty where it has none.
    digest
        SHA-256 of its text.
    """

    name: str
    date: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Screening:
    """A screening.

    Attributes
    ----------
    kind
        parties, item, shipment, comparison or diversion.
    inputs
        Everything that was asked, as JSON values.
    result
        Everything that came out, with its reasons, as JSON values.
    lists, rules
        Versions used.
    settings
        Thresholds, date, jurisdictions.
    on
        Day for which it was decided, ISO.
    engine
        Version of Narrows.
    """

    kind: str
    inputs: Any
    result: Any
    lists: tuple[Version, ...] = ()
    rules: tuple[Version, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    on: str = ""
    engine: str = f"narrows {version('narrows')}"

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON values; versions in the order of their names."""
        found: dict[str, Any] = plain(self)
        return found | {
            "lists": [plain(each) for each in sorted(self.lists)],
            "rules": [plain(each) for each in sorted(self.rules)],
        }

    @property
    def digest(self) -> str:
        """Fingerprint of the decision: the same inputs and versions give the same one."""
        return digest_of(self.as_json())

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Screening":
        """Give a screening from its JSON values."""
        return cls(
            kind=values["kind"],
            inputs=values["inputs"],
            result=values["result"],
            lists=tuple(Version(**each) for each in values["lists"]),
            rules=tuple(Version(**each) for each in values["rules"]),
            settings=values["settings"],
            on=values["on"],
            engine=values["engine"],
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """A screening in the store.

    Attributes
    ----------
    number
        Its place, from 1.
    at
        When it was written, UTC, ISO.
    screening
        What was decided.
    digest
        Fingerprint of the decision.
    seal
        Digest over this and every earlier one: who notes it elsewhere can prove later that
        nothing up to here was changed.
    """

    number: int
    at: str
    screening: Screening
    digest: str
    seal: str

    @property
    def reference(self) -> str:
        """Number and seal in one word, to be noted elsewhere."""
        return f"{self.number}:{self.seal}"
