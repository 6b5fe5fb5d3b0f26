"""The record of screenings: an append-only SQLite file whose every entry is chained to the last.

Changing, inserting or deleting an entry breaks the chain, and `verify_record` says where.
Someone who may write the file could build the whole chain anew; two things stand against that: a
key, without which no seal can be made, and a seal noted elsewhere (``number:seal``).
"""

import hmac
import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from narrows.screen.record.canonical import canonical
from narrows.screen.record.screening import Kept, Screening
from narrows.terms import BadInput, CouldNotWrite, Fault, UnknownName

__all__ = ["Record", "open_record"]

_FORM = "narrows-record/1"
_WAIT_SECONDS = 60.0
_START = sha256(_FORM.encode()).hexdigest()
_EXPECTED = "a record of screenings, whole"
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE screenings (
  number INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
  digest TEXT NOT NULL, seal TEXT NOT NULL);
CREATE TABLE texts (digest TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER, seal TEXT);
CREATE TRIGGER screenings_stay BEFORE UPDATE ON screenings
  BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE TRIGGER screenings_remain BEFORE DELETE ON screenings
  BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE TRIGGER texts_stay BEFORE UPDATE ON texts
  BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE TRIGGER texts_remain BEFORE DELETE ON texts
  BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
"""


@dataclass(frozen=True)
class Record:
    """A record of screenings. Several processes may write to it at once.

    Attributes
    ----------
    path
        The SQLite file.
    key
        Secret without which no seal can be made or checked; empty for none.
    """

    path: Path
    key: bytes = b""

    def put(
        self,
        screening: Screening,
        *,
        texts: Mapping[str, bytes] | None = None,
        at: datetime | None = None,
    ) -> Kept:
        """Write a screening down.

        Parameters
        ----------
        screening
            What was decided.
        texts
            Texts of lists and rule packs by their SHA-256 digest, kept once each, so that the
            decision can be taken again when the files are gone.
        at
            When; now where not given.

        Raises
        ------
        BadInput
            When the file is no record or is damaged, or a text is not that of its digest.
        CouldNotWrite
            When the disk is full or the file cannot be written; nothing is half-written.
        """
        moment = (at or datetime.now(tz=UTC)).astimezone(UTC).isoformat(timespec="seconds")
        body, digest = canonical(screening.as_json()), screening.digest
        _check(texts or {})
        with self._open(writing=True) as store:
            row = store.execute("SELECT number, seal FROM head").fetchone()
            if row is None:
                raise BadInput(Fault(str(self.path), None, "", "no last entry", _EXPECTED))
            number = int(row[0]) + 1
            seal = self.seal_of(str(row[1]), number, moment, screening.kind, digest)
            values = (number, moment, screening.kind, body, digest, seal)
            store.execute("INSERT INTO screenings VALUES (?, ?, ?, ?, ?, ?)", values)
            packed = [(name, zlib.compress(text)) for name, text in (texts or {}).items()]
            store.executemany("INSERT OR IGNORE INTO texts VALUES (?, ?)", packed)
            store.execute("UPDATE head SET number = ?, seal = ?", (number, seal))
        return Kept(number, moment, screening, digest, seal)

    def get(self, number: int) -> Kept:
        """Give one screening.

        Raises
        ------
        UnknownName
            When there is none of that number.
        """
        for kept in self.all(first=number, last=number):
            return kept
        raise UnknownName("screening", number, [f"1 to {len(self)}"], where=str(self.path))

    def all(self, *, first: int = 1, last: int | None = None, kind: str = "") -> Iterator[Kept]:
        """Give screenings in order, of all kinds or of one."""
        until = last if last is not None else 1 << 60
        query = "SELECT number, at, kind, body, digest, seal FROM screenings "
        query += "WHERE number BETWEEN ? AND ? ORDER BY number"
        with self._open() as store:
            for number, at, named, body, digest, seal in store.execute(query, (first, until)):
                if not kind or named == kind:
                    yield Kept(number, at, _read(self.path, number, body), digest, seal)

    def text(self, digest: str) -> bytes | None:
        """Give a kept text, None where it was not kept."""
        with self._open() as store:
            query = "SELECT content FROM texts WHERE digest = ?"
            row = store.execute(query, (digest,)).fetchone()
        return None if row is None else _unpacked(self.path, digest, row[0])

    def __len__(self) -> int:
        """Give the number of screenings."""
        with self._open() as store:
            return int(store.execute("SELECT COUNT(*) FROM screenings").fetchone()[0])

    def seal_of(self, previous: str, number: int, at: str, kind: str, digest: str) -> str:
        """Give the seal of an entry: over the seal before it, its place, time and decision."""
        text = "\n".join((previous or _START, str(number), at, kind, digest)).encode()
        if self.key:
            return hmac.new(self.key, text, sha256).hexdigest()
        return sha256(text).hexdigest()

    @contextmanager
    def _open(self, *, writing: bool = False) -> Iterator[sqlite3.Connection]:
        """Open the file for one piece of work; what fails is undone as a whole."""
        store: sqlite3.Connection | None = None
        try:
            uri = f"{self.path.resolve().as_uri()}?mode={'rw' if writing else 'ro'}"
            store = sqlite3.connect(uri, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
            store.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
            self._recognise(store)
            yield store
            store.execute("COMMIT")
        except sqlite3.Error as error:
            raise _told(self.path, error, writing=writing) from error
        finally:
            if store is not None:
                store.close()  # rolls back what was not committed

    def _recognise(self, store: sqlite3.Connection) -> None:
        tables = "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('about', 'screenings', 'head')"
        if store.execute(tables).fetchone()[0] != 3:
            found = "a database of something else"
            raise BadInput(Fault(str(self.path), None, "", found, _EXPECTED))
        about = dict(store.execute("SELECT name, value FROM about").fetchall())
        if about.get("form") != _FORM:
            raise BadInput(Fault(str(self.path), None, "form", str(about.get("form")), _FORM))
        keyed = about.get("keyed") == "yes"
        if keyed != bool(self.key):
            found, expected = ("no key", "the key") if keyed else ("a key", "no key")
            raise BadInput(Fault(str(self.path), None, "key", found, f"{expected} of this record"))


def open_record(path: str | Path, *, key: bytes | str = b"", create: bool = True) -> Record:
    """Open a record of screenings, or make an empty one.

    Parameters
    ----------
    path
        The SQLite file.
    key
        Secret of the seals; whoever changes entries without it is found out.
    create
        Make the file where there is none.

    Raises
    ------
    BadInput
        When there is no such file and none is to be made, when it is something else or damaged,
        or when the key does not fit.
    CouldNotWrite
        When it cannot be made.
    """
    record = Record(Path(path), key.encode() if isinstance(key, str) else key)
    if not record.path.exists():
        if not create:
            raise BadInput(Fault(str(path), None, "", "no such file", "a record of screenings"))
        _made(record)
    with record._open():  # noqa: SLF001 - the maker of a record looks inside it
        return record


def _made(record: Record) -> None:
    """Make an empty record; where another process makes it at the same time, one of them wins."""
    try:
        record.path.parent.mkdir(parents=True, exist_ok=True)
        store = sqlite3.connect(record.path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            store.execute("BEGIN EXCLUSIVE")
            if store.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0] == 0:
                for statement in _statements():
                    store.execute(statement)
                keyed = "yes" if record.key else "no"
                about = [("form", _FORM), ("keyed", keyed)]
                store.executemany("INSERT INTO about VALUES (?, ?)", about)
                store.execute("INSERT INTO head VALUES (1, 0, '')")
            store.execute("COMMIT")
        finally:
            store.close()
    except (OSError, sqlite3.Error) as error:
        raise _told(record.path, error, writing=True) from error


def _statements() -> list[str]:
    """Give the statements one by one, so that all stand in one transaction."""
    found, open_ = [], ""
    for line in _TABLES.strip().splitlines():
        open_ += line + "\n"
        if sqlite3.complete_statement(open_):
            found.append(open_)
            open_ = ""
    return found


def _check(texts: Mapping[str, bytes]) -> None:
    for digest, text in texts.items():
        if sha256(text).hexdigest() != digest:
            raise BadInput(Fault("texts", None, digest[:12], "another digest", "its SHA-256"))


def _read(path: Path, number: int, body: str) -> Screening:
    try:
        return Screening.of(json.loads(body))
    except (ValueError, KeyError, TypeError) as error:
        where = f"screening {number}"
        raise BadInput(Fault(str(path), None, where, f"damage ({error})", _EXPECTED)) from error


def _unpacked(path: Path, digest: str, content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise BadInput(
            Fault(str(path), None, f"text {digest[:12]}", "damage", _EXPECTED)
        ) from error


def _told(path: Path, error: Exception, *, writing: bool) -> BadInput | CouldNotWrite:
    """Give the one error of a file that is no record, is damaged, or cannot be written."""
    text = str(error)
    damaged = ("not a database", "malformed", "no such table", "no such column", "disk image")
    if isinstance(error, sqlite3.DatabaseError) and any(word in text for word in damaged):
        return BadInput(Fault(str(path), None, "", f"damage ({text})", _EXPECTED))
    if "unable to open" in text and not writing:
        return BadInput(Fault(str(path), None, "", "no readable file", _EXPECTED))
    return CouldNotWrite(f"{path}: could not be written ({text}); nothing was changed")
