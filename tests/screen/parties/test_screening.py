"""Parties held against lists: hits that explain themselves, lists kept, files of parties."""

import csv
import gzip
import json
import os
from datetime import date

import jsonschema
import pandas as pd
import pytest

from narrows import screen
from narrows.screen.parties import ListedName, ListedParty, PartyList, load_lists
from narrows.screen.parties.screening import THRESHOLD
from narrows.terms import BadInput

TODAY = date(2026, 11, 23)


def listed(key, *names, schema="Organization", **more):
    return ListedParty(
        key=str(key),
        list_name="Invented list",
        schema=schema,
        names=tuple(map(ListedName, names)),
        record=int(key),
        **more,
    )


@pytest.fixture(scope="module")
def invented():
    entries = [
        listed(1, "Orion Lithography Works JSC", "OLW", countries=("RU",)),
        listed(2, "Vega Photonics Trading LLC", identifiers=("IMO 9187629",)),
        listed(3, "KESTREL, Ivan Petrovich", schema="Person", birth_dates=("1970-02-03",)),
        listed(4, "ALI, Mohammad", schema="Person", countries=("IR",)),
        listed(5, "天狼星半导体有限公司", "Sirius Semiconductor Co., Ltd."),
        *(listed(10 + n, f"ALI, Mohammad {n}", schema="Person") for n in range(40)),
    ]
    return PartyList(
        "x", "Invented list", "Nobody", "2026-01-02", "d" * 64, "x.json", tuple(entries)
    )


def test_a_hit_says_what_was_compared_why_and_where_it_stands(invented):
    found = screen.parties(["Orion Litography Works"], lists=invented, today=TODAY)
    hit = found.hits[0]
    assert (hit.entity, hit.record, hit.list_date) == (
        "Orion Lithography Works JSC",
        1,
        "2026-01-02",
    )
    assert (hit.asked, hit.listed) == ("Orion Litography Works", "Orion Lithography Works JSC")
    assert hit.list_digest == "d" * 64
    assert any("litography" in rule and "lithography" in rule for rule in hit.rules)
    assert THRESHOLD <= hit.score < 1


def test_han_and_latin_names_of_one_list_find_each_other(invented):
    for name in ("Sirius Semiconductor", "天狼星半導體", "Tianlangxing Semiconductor Co"):
        assert screen.parties(name, lists=invented).hits[0].entity_key == "5"


def test_the_answer_without_a_hit_clears_nobody(invented):
    found = screen.parties(["Unrelated Bakery of Utrecht"], lists=invented)
    assert not found.hits
    assert "does not clear" in found.statement(1)
    assert "Not given: country, identifiers" in found.statement(1)
    text = json.dumps(found.to_json()).casefold()
    assert "all clear" not in text
    assert "is cleared" not in text


def test_a_common_name_is_weak_evidence_at_any_score(invented):
    hit = screen.parties({"name": "Mohammad Ali", "schema": "Person"}, lists=invented).hits[0]
    assert hit.score == 1.0
    assert hit.evidence.strength == "weak"


def test_a_birth_date_strengthens_or_contradicts(invented):
    asked = {"name": "Ivan Petrovich Kestrel", "schema": "Person"}
    same, other = (
        screen.parties({**asked, "birth_date": day}, lists=invented).hits[0]
        for day in ("1970-02-03", "1951-01-01")
    )
    assert same.score == other.score
    assert same.evidence.bits > other.evidence.bits
    assert other.evidence.strength == "contradicted"


def test_a_number_is_a_hit_whatever_the_name(invented):
    found = screen.parties({"name": "Renamed Ship Co", "ids": "imo-9187629"}, lists=invented)
    assert found.hits[0].entity_key == "2"
    assert "number imo-9187629: same as on the list" in found.hits[0].rules[0]


def test_the_json_fits_the_published_schema_and_the_table_its_columns(invented):
    found = screen.parties(["Orion Lithography", "Nobody Known"], lists=invented, today=TODAY)
    told = json.loads(json.dumps(found.to_json()))
    jsonschema.validate(told, screen.party_screening_schema())
    assert list(found.to_frame().columns) == list(told["rows"][0])
    assert told["screened_on"] == "2026-11-23"


def test_every_record_without_a_name_is_told_at_once(invented):
    with pytest.raises(BadInput) as caught:
        screen.parties([{"name": "A"}, {"name": ""}, {"country": "RU"}], lists=invented)
    assert [fault.row for fault in caught.value.faults] == [2, 3]


@pytest.mark.parametrize("threshold", [0, -1, 1.5])
def test_a_threshold_outside_its_range_is_refused(invented, threshold):
    with pytest.raises(BadInput, match="threshold"):
        screen.parties("A", lists=invented, threshold=threshold)


# ---------------------------------------------------------------- files of lists, kept

CSL = {
    "results": [
        {"id": "1", "source": "Entity List (EL)", "name": "Orion Lithography", "alt_names": []}
    ]
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NARROWS_CACHE", str(tmp_path / "cache"))
    place = tmp_path / "lists"
    place.mkdir()
    (place / "csl_2026-07-31.json").write_text(json.dumps(CSL), encoding="utf-8")
    return place


def test_a_list_is_kept_and_read_again_only_when_its_file_changes(folder):
    first = load_lists(folder, today=TODAY)
    assert first.index.lists[0].date == "2026-07-31"
    again = load_lists(folder, today=TODAY)
    assert again.index.lists == first.index.lists
    path = folder / "csl_2026-07-31.json"
    changed = {
        "results": [*CSL["results"], {**CSL["results"][0], "id": "2", "name": "Vega Optics"}]
    }
    path.write_text(json.dumps(changed), encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert len(load_lists(folder, today=TODAY)) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (json.dumps(CSL).encode()[:-20], "breaks off"),
        (gzip.compress(json.dumps(CSL).encode())[:-9], "ends too early"),
        (b"", "an empty file"),
        (b"\xff\xfe{\x00}\x00", "breaks off|text in utf-8|expected a list that"),
        (b"name of nothing", "a list that docs/how-to/screen-parties.md names"),
    ],
)
def test_a_bad_list_is_one_clear_error_and_the_previous_one_stays_in_use(folder, data, said):
    load_lists(folder, today=TODAY)
    (folder / "csl_2026-07-31.json").write_bytes(data)
    with pytest.raises(BadInput, match=said) as caught:
        load_lists(folder, today=TODAY)
    assert len(caught.value.faults) == 1
    kept = load_lists(folder, today=TODAY, use_previous=True)
    assert kept.stale == caught.value.faults
    found = screen.parties("Orion Lithography", lists=kept)
    assert found.hits[0].entity == "Orion Lithography"
    assert any("as read before" in note for note in found.notes)


def test_a_list_of_the_future_is_refused(folder):
    with pytest.raises(BadInput, match="a date up to today, 2026-07-01"):
        load_lists(folder, today=date(2026, 7, 1))


def test_a_damaged_cache_is_read_anew(folder, tmp_path):
    load_lists(folder, today=TODAY)
    for path in (tmp_path / "cache").rglob("*.npz"):
        path.write_bytes(path.read_bytes()[:100])
    assert len(load_lists(folder, today=TODAY)) == 1


def test_a_folder_without_lists_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no list"):
        load_lists(tmp_path)


# ---------------------------------------------------------------- files of parties

ROWS = [
    {"name": "Orion Lithography Works", "country": "RU", "reference": "a-1"},
    {"name": "Nobody Known", "country": "", "reference": "a-2"},
]


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "parquet"])
def test_parties_of_a_file_are_screened_with_progress(invented, tmp_path, kind):
    path = tmp_path / f"parties.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ROWS[0])
            writer.writeheader()
            writer.writerows(ROWS)
    elif kind == "parquet":
        pd.DataFrame(ROWS).to_parquet(path)
    else:
        lines = [json.dumps(row) for row in ROWS]
        path.write_text("\n".join(lines) if kind == "jsonl" else f"[{','.join(lines)}]")
    seen = []
    found = screen.screen_parties_file(
        path, lists=invented, progress=lambda done, every: seen.append((done, every))
    )
    assert seen[-1] == (2, 2)
    assert [hit.reference for hit in found.hits] == ["a-1"]


def test_a_file_of_parties_cut_short_is_refused_with_its_line(invented, tmp_path):
    path = tmp_path / "parties.csv"
    path.write_text("name,country\nOrion,RU\nVeg", encoding="utf-8")
    with pytest.raises(BadInput, match=r"parties.csv:3: found 1 cells; expected 2"):
        screen.screen_parties_file(path, lists=invented)


# ---------------------------------------------------------------- changes of a list


def test_changes_tell_who_came_who_went_and_who_changed(invented):
    entries = [*invented.entries[1:4], listed(90, "Lyra Gases")]
    entries[0] = listed(2, "Vega Photonics Trading LLC", "Vega Trade", identifiers=("IMO 9187629",))
    entries = [ListedParty(**{**_fields(entry), "key": f"k{entry.key}"}) for entry in entries]
    before = [ListedParty(**{**_fields(e), "key": f"k{e.key}"}) for e in invented.entries[:4]]
    old = PartyList("x", "", "", "2026-01-01", "1", "a", tuple(before))
    new = PartyList("x", "", "", "2026-02-01", "2", "b", tuple(entries))
    found = screen.list_changes(old, new)
    assert [one.name for one in found.came] == ["Lyra Gases"]
    assert [one.name for one in found.went] == ["Orion Lithography Works JSC"]
    assert [(one.field, one.told) for one in found.changed] == [("names", ("", "Vega Trade"))]
    assert set(found.to_frame()["change"]) == {"came", "went", "changed"}
    assert screen.list_changes(old, old).to_frame().empty


def _fields(entry):
    return {name: getattr(entry, name) for name in entry.__slots__}
