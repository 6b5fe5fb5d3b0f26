"""Turn the provisions of the ETO data set into observations, sources and groups."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from narrows.evidence.readers.eto_groups import europe
from narrows.evidence.readers.eto_records import EUROPE, EtoData, Provision, Thing
from narrows.terms import ASSUMED_SOURCE, OTHER, BadInput, Basis, Fault, Grade, Status

__all__ = [
    "CREDIT",
    "DATA_SET",
    "FIRM_MEASURE",
    "PROVIDER_MEASURE",
    "TERMS",
    "SetOfRows",
    "Sources",
    "basis",
    "measure",
    "observations",
    "sets_of",
    "size_row",
]

Cells = dict[str, str]

CREDIT = (
    "Emerging Technology Observatory, Center for Security and Emerging Technology, "
    "Georgetown University"
)
TERMS = (
    f"Figures of this case: {CREDIT}, Advanced Semiconductor Supply Chain data set. Creative "
    "Commons Attribution-NonCommercial 4.0 (CC BY-NC 4.0): name the origin wherever you show "
    "them; no commercial use. Some shares are credited by it to an analysis of TechInsights data, "
    "others to the report The Semiconductor Supply Chain (2021)."
)
DATA_SET = "eto"
FIRM_MEASURE = "firm_market_share"
PROVIDER_MEASURE = "named_provider"

_LINK = re.compile(r"\[([^\]]*)\]\((https?://[^)\s,]*)[^)]*\)")
_SIZE = re.compile(r"\$([\d.,]+)\s*(billion|million)")
_YEAR = re.compile(r"\((\d{4})\)")


def basis(thing: Thing) -> Basis:
    """Tell what country shares of an item count.

    Location where the data set captions them so ("by site location", "site capacity");
    headquarters otherwise: its country shares of tools are those of the firms seated there.
    """
    return Basis.LOCATION if "site" in thing.caption.lower() else Basis.HEADQUARTERS


def measure(thing: Thing) -> str:
    """Give the measure of country shares: capacity of sites, else share of the market."""
    return "capacity_share" if basis(thing) == Basis.LOCATION else "market_share"


class SetOfRows(NamedTuple):
    """What makes rows one set: subject, year, source, and whether they name firms."""

    subject: str
    year: str
    source: str
    firms: bool


def sets_of(data: EtoData) -> dict[SetOfRows, list[Provision]]:
    """Sort the rows with a number into sets; countries and firms are told apart."""
    out: dict[SetOfRows, list[Provision]] = defaultdict(list)
    for row in data.provisions:
        if row.share is not None:
            out[SetOfRows(row.subject, row.year, row.source, row.provider.firm)].append(row)
    return dict(out)


@dataclass
class Sources:
    """Sources by their text, in the order in which they are first asked for."""

    by_text: dict[str, str] = field(default_factory=dict)

    def id(self, text: str) -> str:
        """Give the id of a source text, a new one where it was not seen before."""
        name = f"{DATA_SET}-{len(self.by_text) + 1:02d}" if text else f"{DATA_SET}-no-source"
        return self.by_text.setdefault(text, name)

    def rows(self) -> Iterator[Cells]:
        """Give the rows of `sources.csv`."""
        for text, name in {"the data set itself": DATA_SET, **self.by_text}.items():
            link = _LINK.search(text)
            plain = _LINK.sub(r"\1", text) or "no source printed beside the figure"
            yield {
                "id": name,
                "publisher": CREDIT,
                "title": f"Advanced Semiconductor Supply Chain data set: {plain}",
                "url": link.group(2) if link else "",
                "kind": "secondary",
                "terms": "CC BY-NC 4.0",
                "read_as": "rows of the files that were imported",
            }
        yield {
            "id": ASSUMED_SOURCE,
            "publisher": "Narrows",
            "title": "Assumption of the import; each row gives its reason",
            "kind": "assumption",
        }


def observations(data: EtoData, ids: Mapping[str, str], sources: Sources) -> list[Cells]:
    """Give the rows of `observations.csv` for shares, providers without one, and market sizes.

    Raises
    ------
    BadInput
        When shares of one set add to more than rounding explains, or a provider stands in it
        twice.
    """
    faults: list[Fault] = []
    rows: list[Cells] = []
    for key, members in sets_of(data).items():
        faults.extend(_set_faults(key, members))
        rows.extend(_set_rows(data.things[key.subject], key, members, sources))
    rows += [
        _named_row(data.things[row.subject], row, sources)
        for row in data.provisions
        if row.share is None
    ]
    rows += [size for thing in data.things.values() if (size := size_row(thing, sources))]
    if faults:
        raise BadInput(faults)
    for number, cells in enumerate(rows, 1):
        cells["id"] = f"{DATA_SET}-{number:04d}"
        cells["subject"] = ids[cells["subject"]]
        cells["status"] = Status.ACTUAL
    return rows


def _decimals(rows: Iterable[Provision]) -> int:
    """Count the digits that a set really has: the file prints ``51`` percent as ``51.0``."""
    printed = [row.share_printed.removesuffix("%").partition(".")[2].rstrip("0") for row in rows]
    return max(len(digits) for digits in printed)


def _set_faults(key: SetOfRows, rows: Sequence[Provision]) -> Iterator[Fault]:
    room = 0.5 * 10.0 ** -_decimals(rows) * len(rows)
    total = sum(row.share or 0.0 for row in rows)
    if total > 100 + room + 1e-9:
        found = f"shares of {key.subject} in {key.year} that add to {total:g}"
        expected = f"at most 100, give or take {room:g} for rounding"
        yield Fault("provision.csv", rows[0].line, "share_provided", found, expected)
    seen: set[str] = set()
    for row in rows:
        entity = row.provider.entity
        if entity in seen and entity != OTHER:
            found = f"{row.provider.name!r} twice for {key.subject} in {key.year}"
            yield Fault("provision.csv", row.line, "provider_id", found, "each provider once")
        seen.add(entity)


def _set_rows(
    thing: Thing, key: SetOfRows, rows: Sequence[Provision], sources: Sources
) -> Iterator[Cells]:
    """Give the rows of one set; several placeholders become one `Other`."""
    digits = _decimals(rows)
    by_entity: dict[str, list[Provision]] = defaultdict(list)
    for row in rows:
        by_entity[row.provider.entity].append(row)
    for entity, same in by_entity.items():
        total = sum(row.share or 0.0 for row in same)
        yield {
            "subject": key.subject,
            "measure": FIRM_MEASURE if key.firms else measure(thing),
            "entity": entity,
            "period": key.year,
            "value": f"{total:.{digits}f}",
            "unit": "percent",
            "basis": Basis.HEADQUARTERS if key.firms else basis(thing),
            "grade": Grade.STATED if len(same) == 1 else Grade.DERIVED,
            "source_id": sources.id(key.source),
            "locator": f"provision.csv, {same[0].provider.id} for {key.subject}",
            "note": _note(entity, same, by_entity),
        }


def _note(entity: str, same: Sequence[Provision], entities: Iterable[str]) -> str:
    if entity == OTHER:
        printed = " + ".join(f"{row.name_printed} {row.share_printed}" for row in same)
        return f"Printed as {printed}: no place or firm, so the rest of the set."
    if entity == EUROPE:
        inside = set(europe()) & set(entities)
        rest = " Rest of the group: members stand beside it." if inside else ""
        return f"Printed as EUR; the data set does not list its members.{rest}"
    if same[0].name_printed != same[0].provider.name:
        return f"Printed as {same[0].name_printed}; name as in providers.csv."
    return ""


def _named_row(thing: Thing, row: Provision, sources: Sources) -> Cells:
    """Keep a provider without a number: that it is named is all that the data set says."""
    word = f"Printed as {row.share_printed!r}, no number." if row.share_printed else ""
    return {
        "subject": thing.id,
        "measure": PROVIDER_MEASURE,
        "entity": row.provider.entity,
        "period": row.year,
        "value": "1",
        "unit": "named",
        "basis": Basis.HEADQUARTERS if row.provider.firm else basis(thing),
        "grade": Grade.STATED,
        "source_id": sources.id(row.source),
        "locator": f"provision.csv, {row.provider.id} for {row.subject}",
        "note": f"Named as a provider, without a share. {word}".strip(),
    }


def size_row(thing: Thing, sources: Sources | None = None) -> Cells | None:
    """Give the market size, where its text holds one, in billion USD."""
    found = _SIZE.search(thing.market_size)
    year = _YEAR.findall(thing.market_size)
    period = year[-1] if year else thing.year
    if not found or not period:
        return None
    digits = found.group(1).replace(",", "")
    if found.group(2) == "million":
        digits = f"{float(digits) / 1000:g}"
    return {
        "subject": thing.id,
        "measure": "market_size",
        "entity": "World",
        "period": period,
        "value": digits,
        "unit": "USD billion",
        "basis": Basis.NONE,
        "grade": Grade.STATED,
        "source_id": sources.id(thing.market_source) if sources else "",
        "locator": f"{'stages' if thing.type == 'stage' else 'inputs'}.csv, {thing.id}",
        "note": f"Printed as {thing.market_size}.",
    }
