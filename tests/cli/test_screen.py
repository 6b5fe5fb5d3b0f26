"""`narrows screen`: answers, where they are kept, exit codes, and what is typed wrong."""

import csv
import io
import json

import jsonschema
import pytest

from narrows import screen

LIST = (
    "Type,Name,Alias,Country,Topics,Program,Date,End date,Source URL\n"
    "Organization,Example Directorate of Signals,EDS,CU,export.control,US-BIS-MIEU,2021-03-16,,\n"
    "Organization,Sample Institute of Optics,,CN,export.control,US-BIS-MIEU,2022-03-16,,\n"
)
GALLIUM = """shipment: gallium
title: Gallium from China
route: {from: CHN, to: USA}
item: {kind: raw-material, material: gallium-metal, origin: CHN}
"""


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Keep every record in a folder of the test."""
    monkeypatch.setenv("NARROWS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("NARROWS_RECORD_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def gallium(data):
    (data / "gallium.yaml").write_text(GALLIUM)
    return data / "gallium.yaml"


@pytest.fixture
def lists(data):
    folder = data / "lists"
    folder.mkdir()
    (folder / "end-users.csv").write_text(LIST)
    return folder


def test_a_shipment_is_told_with_its_dates_and_notice_and_kept(narrows, gallium):
    done = narrows("screen", "shipment", gallium, "--on", "2026-06-01")
    assert (done.code, done.err) == (0, "")
    assert "Gallium from China, on 2026-06-01" in done.out
    assert "not legal advice" in done.out
    assert "Rules and lists of: cn 20" in done.out
    assert "Kept as screening 1" in done.out
    narrows("screen", "shipment", gallium, "--no-keep")
    assert "Kept" not in narrows("screen", "shipment", gallium, "--no-keep").out
    shown = narrows("screen", "record", "show", "--json")
    assert len(json.loads(shown.out)["rows"]) == 1


def test_the_json_of_a_shipment_fits_its_published_schema(narrows, gallium):
    done = narrows("screen", "shipment", gallium, "--on", "2026-06-01", "--json")
    found = json.loads(done.out)
    kept = found.pop("kept")
    assert kept["reference"].startswith("1:")
    jsonschema.validate(found, screen.decision_schema("shipment"))


def test_the_json_of_an_item_fits_its_published_schema(narrows):
    found = json.loads(narrows("screen", "item", "euv-scanner", "--json", "--no-keep").out)
    assert found.pop("kept") is None
    jsonschema.validate(found, screen.decision_schema("item"))


@pytest.mark.parametrize(
    "line",
    [
        "screen shipment gallium.yaml --csv",
        "screen item gallium.yaml --csv",
        "screen compare gallium.yaml --csv",
        "screen compare gallium.yaml --on 2020-01-01 --on 2026-01-01 --csv",
        "screen compare gallium.yaml --member CHN --through VNM --csv",
        "screen compare --list us --list jp --csv",
        "screen lists lists --csv",
        "screen parties Directorate --lists lists --csv",
        "screen record show --csv",
    ],
)
def test_every_row_of_a_csv_carries_the_notice(narrows, gallium, lists, line):
    narrows("screen", "shipment", gallium)
    done = narrows(*line.split())
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert done.code == 0
    assert all("not legal advice" in row["notice"] for row in rows)
    if "parties" not in line:
        assert rows


@pytest.mark.parametrize(
    "line",
    [
        "screen compare gallium.yaml",
        "screen compare gallium.yaml --on 2020-01-01 --on 2026-01-01",
        "screen compare gallium.yaml --member CHN --through VNM",
        "screen compare --list us --list jp",
        "screen lists lists",
        "screen parties Directorate --lists lists",
    ],
)
def test_every_answer_as_json_has_schema_notice_and_dates(narrows, gallium, lists, line):
    found = json.loads(narrows(*line.split(), "--json").out)
    assert found["schema"].startswith("narrows/")
    assert "not legal advice" in found["notice"]
    assert "rules_as_of" in found or "lists" in found


def test_the_threshold_of_a_shipment_decides_the_exit_code(narrows, gallium):
    line = ("screen", "shipment", gallium, "--on", "2026-06-01", "--jurisdiction", "cn")
    assert narrows(*line).code == 0
    assert narrows(*line, "--fail-at", "licence").code == 1
    assert narrows(*line, "--fail-at", "prohibited").code == 0


def test_the_threshold_of_an_item_decides_the_exit_code(narrows):
    line = ("screen", "item", "euv-scanner", "--list", "us", "--on", "2026-01-01")
    assert narrows(*line).code == 0
    assert narrows(*line, "--fail-on", "controlled").code == 1
    line = ("screen", "item", "gallium-us", "--list", "us", "--on", "2026-01-01")
    assert narrows(*line, "--fail-on", "controlled").code == 0


def test_the_trace_lists_every_rule(narrows, gallium):
    done = narrows("screen", "shipment", gallium, "--trace", "cn", "--jurisdiction", "cn")
    assert "Rules of cn" in done.out
    rows = narrows("screen", "shipment", gallium, "--trace", "cn", "--csv").out
    assert {"rule", "fires", "because"} <= set(next(csv.DictReader(io.StringIO(rows))))


def test_parties_of_a_file_are_held_against_lists(narrows, lists, data):
    file = data / "parties.csv"
    file.write_text("name,country\nExample Directorate of Signals,CU\nQuiet Bakery,FR\n")
    done = narrows("screen", "parties", file, "--lists", lists, "--fail-above", "0.9")
    assert done.code == 1
    assert "Example Directorate of Signals" in done.out
    assert "Quiet Bakery: No listed name reached" in done.out
    assert "end-users.csv without a date" in done.out
    assert done.err.startswith("finding: 1 hits above 0.9")
    found = json.loads(narrows("screen", "parties", file, "--lists", lists, "--json").out)
    found.pop("kept")
    from narrows.screen.parties.results import party_screening_schema

    jsonschema.validate(found, party_screening_schema())


def test_a_screening_of_parties_is_decided_again_with_its_lists(narrows, lists):
    narrows("screen", "parties", "Directorate of Signals Example", "--lists", lists)
    done = narrows("screen", "record", "replay", "1", "--data", lists)
    assert "Decided again: the same result" in done.out
    (lists / "end-users.csv").write_text(LIST.replace("Signals", "Sygnals"))
    changed = narrows("screen", "record", "replay", "1", "--data", lists)
    assert (changed.code, "expected the lists of its time" in changed.err) == (2, True)
    assert narrows("screen", "record", "replay", "1", "--data", lists, "--now").code == 0


def test_lists_say_what_came_and_went(narrows, lists, data):
    old = data / "old"
    old.mkdir()
    (old / "end-users.csv").write_text(LIST.replace("Sample Institute of Optics", "Gone Office"))
    done = narrows("screen", "lists", lists, "--against", old)
    assert "came  Sample Institute of Optics" in done.out
    assert "went  Gone Office" in done.out
    assert narrows("screen", "lists", lists, "--against", old, "--fail-above", "1").code == 1
    assert narrows("screen", "lists", lists, "--against", lists, "--fail-above", "0").code == 0


def test_a_tampered_record_ends_with_exit_code_1_and_a_broken_one_with_2(narrows, gallium, data):
    import sqlite3

    narrows("screen", "shipment", gallium)
    file = data / "data" / "screenings.sqlite"
    assert "whole; 1 screenings" in narrows("screen", "record", "verify").out
    with sqlite3.connect(file) as store:
        store.execute("DROP TRIGGER screenings_stay")
        store.execute("UPDATE screenings SET at = '2001-01-01'")
    done = narrows("screen", "record", "verify")
    assert done.code == 1
    assert "NOT whole" in done.out
    assert json.loads(narrows("screen", "record", "verify", "--json").out)["whole"] is False
    file.write_bytes(file.read_bytes()[:3000])
    broken = narrows("screen", "record", "verify")
    assert (broken.code, broken.err.count("\n")) == (2, 1)
    assert "found damage" in broken.err
    again = narrows("screen", "shipment", gallium)
    assert (again.code, again.err.count("\n")) == (2, 1)


def test_a_kept_screening_is_shown_in_full_and_decided_again(narrows, gallium):
    line = ("screen", "shipment", gallium, "--on", "2020-01-01", "--jurisdiction", "cn")
    narrows(*line)
    shown = narrows("screen", "record", "show", "1")
    assert "For 2020-01-01" in shown.out
    assert "Seal 1:" in shown.out
    whole = json.loads(narrows("screen", "record", "show", "1", "--json").out)
    assert whole["inputs"]["item.material"] == "gallium-metal"
    again = narrows("screen", "record", "replay", "1")
    assert "the same result, with the same reasons" in again.out
    other = ("screen", "record", "replay", "--all", "--now", "--on", "2026-06-01")
    assert "1 of 1 screenings would come out differently" in narrows(*other).out
    assert narrows(*other, "--fail-on-flip").code == 1
    rows = json.loads(narrows(*other, "--json").out)["rows"]
    assert rows[0]["flips"][0]["now"] == "licence"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("screen shipment euv-scaner", "nearest: euv-scanner"),
        ("screen shipment none.yaml", "none.yaml: found"),
        ("screen shipment gallium.yaml --on tomorrow", "found 'tomorrow'; expected a date"),
        ("screen shipment gallium.yaml --jurisdiction jq", "nearest: jp"),
        ("screen shipment gallium.yaml --trace xx", "--trace: jurisdiction: found 'xx'"),
        ("screen shipment gallium.yaml --fail-at all", "'all' is not one of"),
        ("screen shipment broken.yaml", "broken.yaml"),
        ("screen item gallium.yaml --list uss", "nearest: us"),
        ("screen compare", "SHIPMENT, --list: found neither"),
        ("screen compare --list us", "found 1 lists; expected two lists"),
        ("screen compare gallium.yaml --list us --list jp", "and no shipment"),
        ("screen parties x --lists none", "none: found no such file or folder"),
        ("screen parties none.csv --lists lists", "none.csv: found"),
        ("screen parties x", "missing option '--lists'"),
        ("screen parties x --lists lists --threshold 2", "invalid value for '--threshold'"),
        ("screen lists none", "none: found no such file or folder"),
        ("screen diversion none.csv --item 8542 --after 2022-01-01", "no such file or folder"),
        ("screen diversion gallium.yaml --item 8542 --after 2022-01-01", "found the columns"),
        ("screen record show", "found no such file; expected a record"),
        ("screen record verify --record gallium.yaml", "found damage"),
        ("screen record replay", "found neither; expected one of the two"),
    ],
)
def test_what_is_typed_wrong_is_one_line_and_exit_code_2(narrows, gallium, lists, line, message):
    (gallium.parent / "broken.yaml").write_text("item: {kind: [")
    done = narrows(*line.split())
    if line == "screen record replay":
        narrows("screen", "shipment", gallium)
        done = narrows(*line.split())
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1
    assert message in done.err
