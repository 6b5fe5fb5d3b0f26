"""`narrows data`: check, list, and import."""

import json
import re

import pytest

import tiny


def test_a_case_without_fault_is_counted(narrows, case):
    done = narrows("data", "check", case)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Tiny: no fault. 8 items, 8 recipe rows, 12 observations, 11 assumptions, 3 sources.\n"
    )
    assert json.loads(narrows("data", "check", case, "--json").out)["faults"] == []


def test_the_bundled_cases_are_listed_with_their_periods(narrows):
    out = narrows("data", "list", columns=120).out
    for name in ("batteries", "energy-and-food", "semiconductors"):
        assert re.search(rf"^{name} ", out, re.MULTILINE)
    assert "2019, 2022, 2025" in out
    rows = json.loads(narrows("data", "list", "--json").out)["rows"]
    assert {row["name"] for row in rows} >= {"batteries", "energy-and-food", "semiconductors"}


@pytest.fixture(scope="module")
def imported(shared_data, tmp_path_factory):
    """Import the ETO data set once."""
    from narrows.evidence import import_eto

    out = tmp_path_factory.mktemp("eto") / "chips"
    import_eto(shared_data / "eto-chips", out)
    return out


def test_eto_is_imported_with_its_terms_shown(process, shared_data, tmp_path):
    done = process(
        "data", "import", "eto", shared_data / "eto-chips", "--out", "chips", cwd=tmp_path
    )
    assert (done.code, done.err) == (0, "")
    assert "Creative Commons Attribution-NonCommercial" in done.out.splitlines()[0]
    assert "Written to chips: " in done.out
    assert done.out.splitlines()[-1] == "Next: narrows show ./chips"
    assert (tmp_path / "chips" / "case.yaml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["chips"]


def test_eto_as_json(narrows, shared_data, tmp_path):
    out = tmp_path / "chips"
    done = narrows("data", "import", "eto", shared_data / "eto-chips", "--out", out, "--json")
    report = json.loads(done.out)
    assert report["out"] == str(out)
    assert report["rows"]["observations"] > 1000
    assert report["terms"]
    assert report["noticed"]


def test_the_imported_case_is_shown_and_measured(narrows, imported):
    out = narrows("show", "euv-lithography-tools", "--case", imported, columns=120).out
    assert re.search(r"Netherlands +NLD +100 %", out)
    done = narrows("measure", "concentration", imported, "--draws", "0", "--top", "0")
    assert done.code == 0
    assert len(done.out.splitlines()) > 90


def test_a_folder_that_holds_something_is_not_written_over(narrows, shared_data, tmp_path):
    kept = tmp_path / "chips"
    kept.mkdir()
    (kept / "mine.txt").write_text("mine")
    done = narrows("data", "import", "eto", shared_data / "eto-chips", "--out", kept)
    assert (done.code, done.out) == (2, "")
    assert "found a folder that is not empty; expected a new or an empty folder" in done.err
    assert [path.name for path in kept.iterdir()] == ["mine.txt"]


def test_a_wrong_folder_is_told_file_by_file(narrows, tmp_path):
    folder = tiny.write(tmp_path / "not-eto")
    done = narrows("data", "import", "eto", folder, "--out", tmp_path / "chips")
    assert (done.code, done.out) == (2, "")
    for name in ("inputs", "providers", "provision", "sequence", "stages"):
        assert f"error: {name}.csv: found no such file" in done.err
    assert not (tmp_path / "chips").exists()


@pytest.mark.parametrize(("name", "column"), [("inputs", "input_id"), ("provision", "provided_id")])
def test_a_wrong_column_or_a_binary_file_is_told(narrows, shared_data, tmp_path, name, column):
    folder = tmp_path / "eto"
    folder.mkdir()
    for path in (shared_data / "eto-chips").glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    table = folder / f"{name}.csv"
    text = table.read_text("utf-8-sig")
    for data in (text.replace(column, "other", 1).encode(), b"\xff\xfe\x00\x01" * 30):
        table.write_bytes(data)
        done = narrows("data", "import", "eto", folder, "--out", tmp_path / "chips")
        assert (done.code, done.out) == (2, "")
        assert f"error: {name}.csv" in done.err
        assert not (tmp_path / "chips").exists()
