"""The record: append-only, chained, safe for several writers, and what damage looks like."""

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrows.screen.record import Screening, Version, open_record, verify_record
from narrows.screen.record.canonical import canonical, digest_of
from narrows.terms import BadInput, CouldNotWrite, UnknownName

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def screening(number=0, **changed):
    values = {
        "kind": "shipment",
        "inputs": {"to": "CHN", "number": number},
        "result": {"rows": [{"jurisdiction": "us", "required": "licence"}]},
        "rules": (Version("us", "2026-07-23", "ab"), Version("jp", "2026-11-23", "cd")),
        "on": "2026-11-23",
    }
    return Screening(**(values | changed))


@pytest.fixture
def filled(tmp_path):
    """Give a record with five screenings and one text."""
    record = open_record(tmp_path / "record.sqlite")
    text = b"rule: one"
    for number in range(5):
        record.put(screening(number), texts={sha256(text).hexdigest(): text}, at=AT)
    return record


def altered(record, *statements):
    """Change the file as someone would who knows SQLite: the guards removed first."""
    with sqlite3.connect(record.path) as store:
        for name in ("screenings_stay", "screenings_remain", "texts_stay", "texts_remain"):
            store.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            store.execute(statement)


def told(record, seal=""):
    return [str(fault).partition(": ")[2] for fault in verify_record(record, seal=seal).faults]


def test_what_is_put_in_comes_out_and_the_chain_holds(filled):
    assert len(filled) == 5
    kept = filled.get(3)
    assert kept.screening.as_json() == screening(2).as_json()
    assert kept.at == "2026-11-23T12:00:00+00:00"
    found = verify_record(filled)
    assert (found.whole, found.screenings, found.texts) == (True, 5, 1)
    assert found.seal == filled.get(5).reference
    assert filled.text(sha256(b"rule: one").hexdigest()) == b"rule: one"
    assert filled.text("0" * 64) is None


def test_the_same_decision_has_the_same_digest_at_any_time_and_in_any_order_of_versions(tmp_path):
    record = open_record(tmp_path / "record.sqlite")
    one = record.put(screening())
    turned = screening(rules=tuple(reversed(screening().rules)))
    two = record.put(turned, at=datetime(2031, 1, 1, tzinfo=UTC))
    assert one.digest == two.digest == screening().digest
    assert one.seal != two.seal


@pytest.mark.parametrize(
    "changed",
    [
        {"inputs": {"to": "JPN", "number": 0}},
        {"rules": (Version("us", "2026-07-24", "ab"),)},
        {"lists": (Version("us-csl", "2026-07-31", "ef"),)},
        {"settings": {"threshold": 0.8}},
        {"on": "2026-11-24"},
        {"engine": "narrows 9"},
        {"result": {"rows": []}},
    ],
)
def test_another_input_version_or_result_has_another_digest(changed):
    assert screening(**changed).digest != screening().digest


ALTERATIONS = [
    (
        "UPDATE screenings SET body = replace(body, 'licence', 'nothing') WHERE number = 2",
        "screening 2: found another content",
    ),
    ("UPDATE screenings SET at = '2020-01-01' WHERE number = 2", "screening 2: found a seal that"),
    ("UPDATE screenings SET kind = 'item' WHERE number = 4", "screening 4: found kind item"),
    ("DELETE FROM screenings WHERE number = 3", "screening 4: found a gap before it"),
    ("DELETE FROM screenings WHERE number = 5", "head: found number 5"),
    ("DELETE FROM screenings", "head: found number 5"),
    ("UPDATE head SET number = 4", "head: found number 4"),
    ("DELETE FROM head", "head: found nothing"),
    ("UPDATE screenings SET body = '{' WHERE number = 1", "screening 1: found another content"),
    ("UPDATE screenings SET body = x'00ff' WHERE number = 1", "screening 1: found another content"),
    ("UPDATE texts SET content = x'00'", "found damage"),
    ("UPDATE screenings SET number = 9 WHERE number = 5", "screening 9: found a gap before it"),
]


@pytest.mark.parametrize(("statement", "message"), ALTERATIONS)
def test_every_alteration_is_found_and_located(filled, statement, message):
    altered(filled, statement)
    assert any(message in line for line in told(filled)), told(filled)


def test_the_file_itself_refuses_to_change_or_forget(filled):
    for statement in ("UPDATE screenings SET at = ''", "DELETE FROM screenings"):
        with (
            sqlite3.connect(filled.path) as store,
            pytest.raises(sqlite3.IntegrityError, match="append-only"),
        ):
            store.execute(statement)


def test_a_record_built_anew_is_found_by_a_seal_noted_elsewhere(tmp_path):
    true = open_record(tmp_path / "true.sqlite")
    false = open_record(tmp_path / "false.sqlite")
    for number in range(3):
        true.put(screening(number), at=AT)
        false.put(screening(number, result={"rows": []}), at=AT)
    noted = true.get(2).reference
    assert verify_record(false).whole
    assert verify_record(true, seal=noted).whole
    assert told(false, noted) == [
        "screening 2: found another seal; expected the seal noted elsewhere"
    ]
    short = open_record(tmp_path / "short.sqlite")
    short.put(screening(0), at=AT)
    assert "no such screening" in told(short, noted)[0]


def test_with_a_key_nobody_else_can_make_seals(tmp_path):
    record = open_record(tmp_path / "record.sqlite", key="of the office")
    record.put(screening())
    assert verify_record(record).whole
    with pytest.raises(BadInput, match="found no key; expected the key"):
        open_record(record.path)
    forger = open_record(record.path, key="guessed")
    assert "a seal that does not follow" in told(forger)[0]
    forger.put(screening(1))
    assert "a seal that does not follow" in told(record)[0]
    plain = open_record(tmp_path / "plain.sqlite")
    with pytest.raises(BadInput, match="found a key; expected no key"):
        open_record(plain.path, key="any")


WRITER = """
import sys
from narrows.screen.record import Screening, open_record

record = open_record(sys.argv[1])
first = int(sys.argv[2])
for number in range(first, first + 25):
    record.put(Screening("shipment", {"number": number}, {"rows": []}))
"""


def test_writers_at_the_same_time_lose_nothing(tmp_path):
    path = tmp_path / "record.sqlite"
    line = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*line, str(100 * at)]) for at in range(3)]
    assert [each.wait() for each in writers] == [0, 0, 0]
    record = open_record(path)
    numbers = {kept.screening.inputs["number"] for kept in record.all()}
    assert numbers == {100 * at + step for at in range(3) for step in range(25)}
    assert verify_record(record).whole


def test_a_writer_that_dies_leaves_no_half_entry(filled, monkeypatch):
    def fails(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("narrows.screen.record.store.zlib.compress", fails)
    with pytest.raises(KeyboardInterrupt):
        filled.put(screening(9), texts={sha256(b"x").hexdigest(): b"x"})
    monkeypatch.undo()
    assert len(filled) == 5
    assert verify_record(filled).whole


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no database at all, only text " * 40, "found damage"),
        (b"", "found a database of something else"),
        (b"SQLite format 3\x00" + b"\x00" * 50, "found damage"),
    ],
)
def test_a_file_that_is_no_record_is_one_clear_error(tmp_path, content, message):
    file = tmp_path / "x.sqlite"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=message) as error:
        open_record(file)
    assert len(error.value.faults) == 1


def test_a_database_of_something_else_stays_untouched(tmp_path):
    file = tmp_path / "other.sqlite"
    with sqlite3.connect(file) as store:
        store.execute("CREATE TABLE mine (a)")
    before = file.read_bytes()
    with pytest.raises(BadInput, match="a database of something else"):
        open_record(file)
    assert file.read_bytes() == before


def test_a_truncated_record_is_one_clear_error(filled):
    data = filled.path.read_bytes()
    filled.path.write_bytes(data[: len(data) // 2])
    with pytest.raises(BadInput, match="found damage") as error:
        verify_record(open_record(filled.path))
    assert len(error.value.faults) == 1


def test_what_is_not_there_is_told(filled, tmp_path):
    with pytest.raises(UnknownName, match="screening: found '9'"):
        filled.get(9)
    with pytest.raises(BadInput, match="no such file"):
        open_record(tmp_path / "none.sqlite", create=False)
    assert not (tmp_path / "none.sqlite").exists()
    with pytest.raises(BadInput, match="number:seal"):
        verify_record(filled, seal="12")
    with pytest.raises(BadInput, match="its SHA-256"):
        filled.put(screening(), texts={"ab": b"x"})
    with pytest.raises(CouldNotWrite, match="could not be written"):
        open_record(tmp_path / "record.sqlite" / "inside.sqlite")


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_a_value_has_one_text_that_reads_back_to_the_same(value):
    text = canonical(value)
    assert canonical(json.loads(text)) == text


@given(st.dictionaries(st.text(), st.integers(), max_size=5))
def test_the_order_of_keys_does_not_matter(value):
    turned = dict(reversed(list(value.items())))
    assert digest_of(turned) == digest_of(value)


def test_numbers_of_numpy_and_sets_are_written_plainly():
    value = {"a": np.float64(1.0), "b": np.array([1, 2]), "c": {2, 1}, "d": np.bool_(True)}
    assert canonical(value) == '{"a":1,"b":[1,2],"c":[1,2],"d":true}'
