"""Small tables of the import: members of its Europe, days of stock assumed, and `groups.csv`."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from narrows.evidence.readers.eto_records import EUROPE, EtoData, Provider

__all__ = ["Cover", "covers", "europe", "groups"]


@dataclass(frozen=True, slots=True)
class Cover:
    """Days of stock assumed for inputs of one kind, and why."""

    low: str
    value: str
    high: str
    reason: str


def _table(name: str) -> Iterator[dict[str, str]]:
    text = files("narrows.evidence.readers").joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def europe() -> tuple[str, ...]:
    """Give the places taken as members of the region code EUR."""
    return tuple(row["member"] for row in _table("eto_europe.csv"))


@cache
def covers() -> dict[str, Cover]:
    """Give the days of stock assumed by kind of item."""
    return {
        row["kind"]: Cover(row["low"], row["value"], row["high"], row["reason"])
        for row in _table("eto_cover.csv")
    }


def groups(data: EtoData, source_id: str) -> Iterator[dict[str, str]]:
    """Give the rows of `groups.csv`: seats of firms, and the members of Europe where it occurs."""
    for provider in data.providers.values():
        if provider.seat:
            yield {
                "group": provider.entity,
                "member": provider.seat,
                "relation": "seat",
                "source_id": source_id,
                "note": "; ".join([f"providers.csv, {provider.id}", *_also(provider)]),
            }
    if any(row.provider.entity == EUROPE for row in data.provisions):
        for member in europe():
            note = "taken as geography, without Russia; the data set lists no members"
            yield {"group": EUROPE, "member": member, "relation": "member", "note": note}


def _also(provider: Provider) -> Iterator[str]:
    if provider.aliases:
        yield f"also {', '.join(provider.aliases)}"
