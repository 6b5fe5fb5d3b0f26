"""Find out whether a record still says what was written."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from narrows.screen.record.canonical import canonical
from narrows.screen.record.store import Record
from narrows.terms import BadInput, Fault

__all__ = ["Verification", "verify_record"]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found.

    Attributes
    ----------
    screenings, texts
        How many were looked at.
    seal
        Number and seal of the last one (``number:seal``), to be noted elsewhere.
    faults
        What no longer fits; none where all is as written.
    against
        The noted seal that was compared; empty where none was handed in.
    """

    screenings: int
    texts: int
    seal: str
    faults: tuple[Fault, ...]
    against: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, left out or put in."""
        return not self.faults


def verify_record(
    record: Record, *, seal: str = "", progress: Callable[[int, int], None] | None = None
) -> Verification:
    """Check every entry, the chain between them, every kept text, and a seal noted elsewhere.

    Parameters
    ----------
    record
        The record.
    seal
        ``number:seal`` as noted when that screening was written. Without it, a record that was
        built anew from its start by someone who has the key cannot be told from the true one.
    progress
        Called with entries checked and entries in all.

    Raises
    ------
    BadInput
        When the file cannot be read as a record at all, or the seal is not written as one.
    """
    noted = _noted(seal)
    with record._open() as store:  # noqa: SLF001 - one reading of the whole file
        faults, last, count, seals = _entries(record, store, noted[0], progress)
        head = store.execute("SELECT number, seal FROM head").fetchall()
        expected = [(count, last)] if count else [(0, "")]
        if [tuple(row) for row in head] != expected:
            found = ", ".join(f"number {row[0]}" for row in head) or "nothing"
            faults.append(_fault(record, "head", found, f"number {count}: entries were cut off"))
        texts, damaged = _texts(record, store)
    if noted[1] and seals.get(noted[0]) != noted[1]:
        found = "another seal" if noted[0] in seals else "no such screening"
        faults.append(_fault(record, f"screening {noted[0]}", found, "the seal noted elsewhere"))
    return Verification(count, texts, f"{count}:{last}", (*faults, *damaged), seal)


def _entries(
    record: Record,
    store: sqlite3.Connection,
    noted: int,
    progress: Callable[[int, int], None] | None,
) -> tuple[list[Fault], str, int, dict[int, str]]:
    """Walk along the chain."""
    faults: list[Fault] = []
    previous, count = "", 0
    seals: dict[int, str] = {}
    total = int(store.execute("SELECT COUNT(*) FROM screenings").fetchone()[0])
    rows = store.execute(
        "SELECT number, at, kind, body, digest, seal FROM screenings ORDER BY number"
    )
    for number, at, kind, body, digest, seal in rows:
        where = f"screening {number}"
        if number != count + 1:
            faults.append(_fault(record, where, "a gap before it", f"screening {count + 1}"))
        if _digest(body) != digest:
            faults.append(_fault(record, where, "another content", "the content as written"))
        if _kind(body) != kind:
            faults.append(_fault(record, where, f"kind {kind}", "the kind of its content"))
        if record.seal_of(previous, number, str(at), str(kind), str(digest)) != seal:
            faults.append(_fault(record, where, "a seal that does not follow", "the chain whole"))
        previous, count = str(seal), number
        if number == noted:
            seals[number] = previous
        if progress:
            progress(number, total)
    return faults, previous, count, seals


def _digest(body: Any) -> str:  # noqa: ANN401 - SQLite may hold anything in a cell
    try:
        return sha256(canonical(json.loads(body)).encode()).hexdigest()
    except (ValueError, TypeError):
        return ""


def _kind(body: Any) -> str:  # noqa: ANN401
    try:
        return str(json.loads(body)["kind"])
    except (ValueError, TypeError, KeyError):
        return ""


def _texts(record: Record, store: sqlite3.Connection) -> tuple[int, list[Fault]]:
    """Check each kept text against its digest."""
    faults: list[Fault] = []
    names = [row[0] for row in store.execute("SELECT digest FROM texts ORDER BY digest")]
    for name in names:
        try:
            text = record.text(name)
        except BadInput as error:
            faults += error.faults
            continue
        if text is None or sha256(text).hexdigest() != name:
            faults.append(_fault(record, f"text {name[:12]}", "another content", "its digest"))
    return len(names), faults


def _noted(seal: str) -> tuple[int, str]:
    if not seal:
        return 0, ""
    number, colon, digest = seal.strip().partition(":")
    if not colon or not number.isdigit() or len(digest) != 64:
        raise BadInput(Fault("--seal", None, "", repr(seal), "number:seal, as it was printed"))
    return int(number), digest


def _fault(record: Record, where: str, found: str, expected: str) -> Fault:
    return Fault(str(record.path), None, where, found, expected)
