"""A case folder describes itself to tools that do not know Narrows."""

import json

import frictionless
import pytest

import tiny
from narrows import evidence
from narrows.evidence import datapackage
from narrows.evidence.schema import TABLES
from narrows.terms import CaseError, CouldNotWrite

BUNDLED = evidence.bundled()


def validated(folder):
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    return report.flatten(["type", "title", "rowNumber", "message"])


@pytest.fixture
def folder(tmp_path):
    return tiny.write(tmp_path / "case")


@pytest.mark.parametrize("name", BUNDLED)
def test_the_bundled_description_is_what_the_schema_gives(name):
    text = (BUNDLED[name] / "datapackage.json").read_text(encoding="utf-8")
    assert json.loads(text) == datapackage.describe(BUNDLED[name])


@pytest.mark.parametrize("name", BUNDLED)
def test_frictionless_finds_no_fault_in_a_bundled_case(name):
    assert validated(BUNDLED[name]) == []


def test_frictionless_finds_no_fault_in_a_sound_case_that_describes_itself(folder):
    datapackage.write(folder)
    assert validated(folder) == []
    assert evidence.check(folder) == ()


@pytest.mark.parametrize(
    ("name", "change", "kind"),
    [
        ("items", ("gas,Gas,gas", "gas,Gas,gass"), "constraint-error"),
        ("items", ("gas,Gas,", "gas,,"), "constraint-error"),
        ("recipes", ("memory,gas,,0.4", "memory,gasoline,,0.4"), "foreign-key"),
        ("recipes", ("chip,tool,,1,", "chip,tool,,all,"), "type-error"),
        ("recipes", ("chip,tool,,1,", "chip,tool,,4,"), "constraint-error"),
        ("observations", ("stated,s1,p. 1,\no2", "stated,s9,p. 1,\no2"), "foreign-key"),
        ("observations", ("o2,chip", "o1,chip"), "primary-key"),
        ("sources", ("id,publisher", "id,editor"), "incorrect-label"),
    ],
)
def test_what_our_checker_refuses_cell_by_cell_frictionless_refuses_too(
    tmp_path, name, change, kind
):
    folder = tiny.write(tmp_path / "case", **tiny.edit(name, change))
    datapackage.write(folder)
    assert kind in {error[0] for error in validated(folder)}
    assert evidence.check(folder) != ()


def test_every_table_and_column_is_described(folder):
    told = {each["path"]: each for each in datapackage.describe(folder)["resources"]}
    assert set(told) == {table.file for table in TABLES.values()}
    for table in TABLES.values():
        fields = told[table.file]["schema"]["fields"]
        assert [field["name"] for field in fields] == list(table.names)
        assert all(field["description"] for field in fields)
        assert told[table.file]["schema"].get("primaryKey", []) == list(table.key)


def test_title_version_and_terms_come_from_case_yaml(tmp_path):
    change = ("title: Tiny", "title: Tiny\nterms: Public domain.")
    folder = tiny.write(tmp_path / "case", **tiny.edit("case", change))
    told = datapackage.describe(folder)
    assert (told["name"], told["title"], told["version"]) == ("tiny", "Tiny", "1")
    assert told["licenses"] == [{"title": "Public domain.", "path": "sources.csv"}]


def test_a_case_loads_without_a_description_and_checks_without_fault(folder):
    assert not (folder / "datapackage.json").exists()
    assert evidence.check(folder) == ()


def test_a_description_in_other_words_is_no_fault(folder):
    path = datapackage.write(folder)
    told = json.loads(path.read_text(encoding="utf-8"))
    told["title"] = "Another title"
    told["resources"].append({"path": "more.csv", "schema": {"fields": [{"name": "x"}]}})
    path.write_text(json.dumps(told), encoding="utf-8")
    assert evidence.check(folder) == ()


def test_a_description_of_other_columns_is_a_fault_of_checking_and_not_of_loading(folder):
    path = datapackage.write(folder)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"criticality"', '"severity"'), encoding="utf-8")
    (fault,) = evidence.check(folder)
    assert (fault.file, fault.field) == ("datapackage.json", "resources.recipes")
    assert "severity" in fault.found
    assert "criticality" in fault.expected
    assert evidence.load(folder).name == "tiny"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{\n  no json", "no JSON"),
        ("[]", "no list of tables"),
        ('{"resources": [1]}', "no list of tables"),
        ('{"resources": []}', "no such table"),
    ],
)
def test_a_description_that_is_none_is_a_fault(folder, text, found):
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    told = evidence.check(folder)
    assert {fault.file for fault in told} == {"datapackage.json"}
    assert found in told[0].found


def test_a_bad_case_yaml_cannot_be_described(tmp_path):
    folder = tiny.write(tmp_path / "case", **tiny.edit("case", ("name: tiny", "nam: tiny")))
    with pytest.raises(CaseError, match="unknown key"):
        datapackage.write(folder)
    assert not (folder / "datapackage.json").exists()


def test_a_description_is_written_whole_or_not_at_all(folder, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CouldNotWrite):
        datapackage.write(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(tiny.FILES)
