"""Each kind of result as a screening to keep, with the texts it was decided under."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from narrows.screen.diversion import Diversion
from narrows.screen.items.classifying import Classification
from narrows.screen.items.entries import ControlList
from narrows.screen.items.reading import bundled_lists
from narrows.screen.parties.results import PartyScreening
from narrows.screen.record.canonical import plain
from narrows.screen.record.screening import Screening, Version
from narrows.screen.rules.pack_reading import bundled_packs
from narrows.screen.rules.packs import Pack
from narrows.screen.rules.shipment_reading import Shipment
from narrows.screen.shipments import ShipmentResult

__all__ = ["Keepable", "ToKeep", "outcomes", "to_keep"]

Keepable: TypeAlias = ShipmentResult | Classification | Diversion | PartyScreening


@dataclass(frozen=True)
class ToKeep:
    """A screening with the texts of its rules and lists, by SHA-256 digest."""

    screening: Screening
    texts: dict[str, bytes]


def to_keep(result: Keepable, *, files: Sequence[Path] = ()) -> ToKeep:
    """Give what the record keeps of a result.

    Parameters
    ----------
    result
        Of `shipment`, `classify`, `diversion` or `parties`.
    files
        Files of rule packs and control lists that are not bundled; what lies beside them counts.
    """
    if isinstance(result, ShipmentResult):
        return _of_shipment(result, files)
    if isinstance(result, Classification):
        return _of_item(result, files)
    if isinstance(result, PartyScreening):
        return _of_parties(result)
    return _of_diversion(result)


def outcomes(screening: Screening) -> dict[str, str]:
    """Give the outcome in one word each: by jurisdiction, list, party or third country.

    Examples
    --------
    >>> rows = [{"jurisdiction": "us", "required": "licence"}]
    >>> outcomes(Screening("shipment", {}, {"rows": rows}))
    {'us': 'licence'}
    """
    rows = screening.result.get("rows", [])
    if screening.kind == "shipment":
        return {row["jurisdiction"]: row["required"] for row in rows}
    if screening.kind == "item":
        return dict(screening.result["answers"])
    if screening.kind == "diversion":
        return {
            f"{row['origin']} to {row['transit']}, {row['item']}": "flagged"
            if row["flagged"]
            else "not flagged"
            for row in rows
        }
    return _party_outcomes(screening.result) if screening.kind == "parties" else {}


def _of_shipment(result: ShipmentResult, files: Sequence[Path]) -> ToKeep:
    packs = [each.pack for each in result.decisions]
    texts, charts = _texts(packs, [each.controls for each in packs], files)
    screening = Screening(
        kind="shipment",
        inputs=_facts(result.shipment),
        result=result.as_json(),
        lists=(*(_list_version(each.controls) for each in packs), *charts),
        rules=tuple(Version(each.id, each.as_of.isoformat(), each.digest) for each in packs),
        settings={"jurisdictions": list(result.jurisdictions)},
        on=result.on.isoformat(),
    )
    return ToKeep(screening, texts)


def _of_item(result: Classification, files: Sequence[Path]) -> ToKeep:
    screening = Screening(
        kind="item",
        inputs=_facts(result.item),
        result=result.as_json(),
        lists=tuple(_list_version(each) for each in result.lists),
        settings={"lists": [each.id for each in result.lists]},
        on=result.on.isoformat(),
    )
    return ToKeep(screening, _texts([], result.lists, files)[0])


def _of_diversion(result: Diversion) -> ToKeep:
    screening = Screening(
        kind="diversion",
        inputs={"source": result.source, "digest": result.digest},
        result=result.as_json(),
        lists=(Version("trade flows", result.last_period, result.digest),),
        settings=result.question.as_json(),
        on=result.question.after.isoformat(),
    )
    return ToKeep(screening, {})


def _of_parties(result: PartyScreening) -> ToKeep:
    names = "; ".join(party.name for party in result.parties[:5])
    screening = Screening(
        kind="parties",
        inputs={"names": names, "parties": plain(result.parties)},
        result=result.to_json(),
        lists=tuple(Version(f"{c.name} {c.file}", c.date, c.digest) for c in result.lists),
        settings={"threshold": result.threshold},
        on=result.screened_on,
    )
    return ToKeep(screening, {})


def _party_outcomes(result: Mapping[str, Any]) -> dict[str, str]:
    """Give the listed parties found, by the party asked about."""
    found: dict[str, list[str]] = {}
    for row in result["rows"]:
        found.setdefault(str(row["number"]), []).append(f"{row['entity']} ({row['list_name']})")
    return {
        f"{each['number']} {each['query']}": "; ".join(found.get(str(each["number"]), ["no hit"]))
        for each in result["answers"]
    }


def _facts(given: Shipment) -> dict[str, Any]:
    """Give a shipment in the form in which it can be read again."""
    named = {"shipment": given.name, "title": given.title, "note": given.note}
    stated = {name: _listed(value) for name, value in given.stated.items()}
    return {**named, "sources": list(given.sources), **stated}


def _listed(value: Any) -> Any:  # noqa: ANN401 - whatever a fact is
    return list(value) if isinstance(value, tuple) else value


def _list_version(controls: ControlList) -> Version:
    return Version(f"list {controls.id}", controls.as_of.isoformat(), controls.digest)


def _texts(
    packs: Iterable[Pack], lists: Iterable[ControlList], files: Sequence[Path]
) -> tuple[dict[str, bytes], tuple[Version, ...]]:
    """Give the texts of packs and lists by digest, and the charts beside the packs."""
    days = {each.digest: each.as_of.isoformat() for each in packs}
    days |= {each.digest: each.as_of.isoformat() for each in lists}
    given = [Path(file) for file in files]
    known = [*bundled_packs().values(), *bundled_lists().values(), *given]
    known += [beside for file in given for beside in file.parent.glob("*.yaml")]
    found: dict[str, bytes] = {}
    charts: set[Version] = set()
    for file in dict.fromkeys(known):
        text = file.read_bytes()
        digest = sha256(text).hexdigest()
        if digest not in days:
            continue
        found[digest] = text
        for chart in file.parent.glob("*.csv"):
            if f"chart: {chart.name}".encode() in text:
                beside = chart.read_bytes()
                found[sha256(beside).hexdigest()] = beside
                name = f"chart {chart.name}"
                charts.add(Version(name, days[digest], sha256(beside).hexdigest()))
    return found, tuple(charts)
