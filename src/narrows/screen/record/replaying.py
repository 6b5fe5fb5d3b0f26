"""Decide a kept screening again: under the texts of its time, or under those of today."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from narrows.screen.diversion import diversion, read_flows
from narrows.screen.items.classifying import classify
from narrows.screen.items.entries import ControlList
from narrows.screen.items.reading import bundled_lists, read_control_list
from narrows.screen.parties.screening import parties
from narrows.screen.record.kinds import outcomes, to_keep
from narrows.screen.record.screening import Kept, Screening, Version
from narrows.screen.record.store import Record
from narrows.screen.rules.pack_reading import bundled_packs, pack, read_pack
from narrows.screen.rules.packs import Pack
from narrows.screen.shipments import shipment
from narrows.terms import BadInput, CouldNotFinish, Fault

__all__ = ["Change", "Replayed", "changed_outcomes", "replay"]


@dataclass(frozen=True, slots=True)
class Change:
    """An outcome that is another one now."""

    name: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """A kept screening decided again.

    Attributes
    ----------
    kept
        What was decided then.
    again
        What is decided now.
    same
        Whether the whole result is the same, reasons and all.
    versions
        Lists and rules that differ, each with what it was and what it is.
    flips
        Outcomes that differ.
    """

    kept: Kept
    again: Screening
    same: bool
    versions: tuple[Change, ...]
    flips: tuple[Change, ...]

    def explain(self) -> str:
        """Give in sentences what was decided, whether it holds, and what changed."""
        then = self.kept.screening
        when = then.on or "no date"
        written = f"written {self.kept.at} for {when} with {then.engine}"
        lines = [f"Screening {self.kept.number}, {then.kind}, {written}."]
        lines += [f"{name}: {word}" for name, word in outcomes(then).items()][:50]
        lines.append("Decided under:")
        versions = (*then.rules, *then.lists)
        lines += [f"  {each.name} {_told(each)}" for each in versions]
        if self.same:
            lines.append("Decided again: the same result, with the same reasons.")
            return "\n".join(lines)
        lines.append(f"Decided again for {self.again.on or 'no date'} with {self.again.engine}:")
        lines += [f"  {flip.name} was {flip.then}, is {flip.now}" for flip in self.versions]
        lines += [f"  {flip.name}: was {flip.then}, is {flip.now}" for flip in self.flips]
        if not self.flips:
            lines.append("  Every outcome is the same; reasons or texts are worded differently.")
        return "\n".join(lines)


def replay(
    record: Record,
    number: int,
    *,
    under: str = "then",
    on: date | None = None,
    data: str | Path | None = None,
) -> Replayed:
    """Decide a kept screening again.

    Parameters
    ----------
    record, number
        The record, and which screening.
    under
        ``then``: under the rules and lists of its time, whose texts the record holds. ``now``:
        under those of today.
    on
        Another day for which to decide; its own where not given.
    data
        Folder or file of the trade data (or party lists), which are too large to be kept.

    Raises
    ------
    BadInput
        When there is no such screening, its kind needs `data`, or the data are others.
    CouldNotFinish
        When a text of its time was not kept, or this version of Narrows cannot read it.
    """
    kept = record.get(number)
    if under not in ("then", "now"):
        raise BadInput(Fault("under", None, "", repr(under), "then or now"))
    again = _again(record, kept.screening, under, on, None if data is None else Path(data))
    return Replayed(
        kept,
        again,
        again.as_json()["result"] == kept.screening.as_json()["result"],
        _versions(kept.screening, again),
        _flips(outcomes(kept.screening), outcomes(again)),
    )


def changed_outcomes(
    record: Record,
    *,
    on: date | None = None,
    kind: str = "",
    under: str = "now",
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Replayed]:
    """Give every kept screening of shipments and items that would come out differently.

    Parameters are those of `replay`; `kind` is ``shipment``, ``item``, or nothing for both.
    """
    total = len(record)
    for kept in record.all(kind=kind):
        if kept.screening.kind in ("shipment", "item"):
            found = replay(record, kept.number, under=under, on=on)
            if found.flips:
                yield found
        if progress:
            progress(kept.number, total)


def _again(
    record: Record, kept: Screening, under: str, on: date | None, data: Path | None
) -> Screening:
    day = on or (date.fromisoformat(kept.on) if kept.on else None)
    if kept.kind == "diversion":
        return _diversion(kept, data, under)
    if kept.kind == "parties":
        return _parties(kept, data, under, day)
    if kept.kind == "shipment":
        with tempfile.TemporaryDirectory() as folder:
            packs = _packs(record, kept, under, Path(folder))
            return to_keep(shipment(kept.inputs, on=day, jurisdictions=packs)).screening
    if kept.kind == "item":
        with tempfile.TemporaryDirectory() as folder:
            names = [str(name) for name in kept.settings["lists"]]
            chosen = [_list(record, kept, name, under, Path(folder)) for name in names]
            return to_keep(classify(kept.inputs, on=day, lists=chosen)).screening
    raise BadInput(Fault("kind", None, "", kept.kind, "a kind that can be decided again"))


def _packs(record: Record, kept: Screening, under: str, folder: Path) -> list[Pack]:
    if under == "now":
        return [pack(str(name)) for name in kept.settings["jurisdictions"]]
    found = []
    for name in kept.settings["jurisdictions"]:
        version = _version(kept.rules, name)
        file = folder / f"{name}.yaml"
        file.write_bytes(_kept_text(record, version, bundled_packs().get(name)))
        about = yaml.safe_load(file.read_bytes())
        if chart := about.get("chart"):
            beside = _version(kept.lists, f"chart {chart}")
            (folder / chart).write_bytes(_kept_text(record, beside, None))
        try:
            read = read_pack(file)
        except BadInput as error:
            told = f"the rules {name} of {version.date} cannot be read by this version: {error}"
            raise CouldNotFinish(told) from error
        controls = _list(record, kept, read.controls.id, under, folder)
        found.append(replace(read, controls=controls))
    return found


def _list(record: Record, kept: Screening, name: str, under: str, folder: Path) -> ControlList:
    present = bundled_lists().get(name)
    if under == "now" and present is not None:
        return read_control_list(present)
    version = _version(kept.lists, f"list {name}")
    file = folder / f"list-{name}.yaml"
    file.write_bytes(_kept_text(record, version, present))
    return read_control_list(file)


def _version(versions: tuple[Version, ...], name: str) -> Version:
    for each in versions:
        if each.name == name:
            return each
    raise CouldNotFinish(f"the screening does not say which {name} it was decided under")


def _kept_text(record: Record, version: Version, present: Path | None) -> bytes:
    """Give the text of a version: as kept, else the present one if it is still the same."""
    text = record.text(version.digest)
    if text is not None:
        return text
    if present is not None and sha256(present.read_bytes()).hexdigest() == version.digest:
        return present.read_bytes()
    raise CouldNotFinish(
        f"the text of {version.name} of {version.date} (sha256 {version.digest[:12]}) "
        "was not kept; decide under the present rules instead (under='now')"
    )


def _diversion(kept: Screening, data: Path | None, under: str) -> Screening:
    if data is None:
        expected = "the trade data it was decided on: they are too large to be kept"
        raise BadInput(Fault("data", None, "", "nothing", expected))
    items = [str(code) for code in kept.settings["items"]]
    flows = read_flows(data, items=items).narrowed(items)
    if under == "then" and flows.digest != kept.inputs["digest"]:
        found = f"sha256 {flows.digest[:12]}"
        expected = f"the data of its time, sha256 {kept.inputs['digest'][:12]}"
        raise BadInput(Fault(str(data), None, "", found, expected))
    asked: dict[str, Any] = {
        name: value
        for name, value in kept.settings.items()
        if name not in ("items", "monthly", "start", "longest")
    }
    found_again = diversion(
        flows, item=kept.settings["items"], periods=kept.settings["longest"], **asked
    )
    return to_keep(found_again).screening


def _parties(kept: Screening, data: Path | None, under: str, day: date | None) -> Screening:
    if data is None:
        expected = "the folder of the lists: they are too large to be kept"
        raise BadInput(Fault("data", None, "", "nothing", expected))
    again = to_keep(
        parties(
            kept.inputs["parties"],
            lists=data,
            threshold=float(kept.settings["threshold"]),
            today=day,
        )
    ).screening
    other = _versions(kept, again)
    if under == "then" and other:
        found = "; ".join(f"{each.name} {each.now}" for each in other[:3])
        expected = "; ".join(f"{each.name} {each.then}" for each in other[:3])
        raise BadInput(Fault(str(data), None, "", found, f"the lists of its time: {expected}"))
    return again


def _versions(then: Screening, now: Screening) -> tuple[Change, ...]:
    first = {each.name: each for each in (*then.rules, *then.lists)}
    second = {each.name: each for each in (*now.rules, *now.lists)}
    return tuple(
        Change(name, _told(first.get(name)), _told(second.get(name)))
        for name in sorted({*first, *second})
        if first.get(name) != second.get(name)
    )


def _told(version: Version | None) -> str:
    return "absent" if version is None else f"of {version.date}, sha256 {version.digest[:12]}"


def _flips(then: dict[str, str], now: dict[str, str]) -> tuple[Change, ...]:
    return tuple(
        Change(name, then.get(name, "absent"), now.get(name, "absent"))
        for name in dict.fromkeys([*then, *now])
        if then.get(name) != now.get(name)
    )
