"""Checked copies of tables in the user's data folder."""

import json
import sys

import numpy as np
import pandas as pd
import pytest

from narrows import evidence
from narrows.cli import main
from narrows.evidence import table_store
from narrows.terms import BadInput, UnknownName

HEAD = "V1,JPN_A01,JPN_C26,USA_A01,USA_C26,JPN_HFCE,USA_HFCE,OUT"
ROWS = [
    "JPN_A01,1,2,0,1,6,0,10",
    "JPN_C26,1,4,1,6,4,4,20",
    "USA_A01,0,1,3,1,0,10,15",
    "USA_C26,1,3,1,9,1,15,30",
    "TLS,1,1,1,1,2,3,9",
    "VA,6,9,9,12,0,0,36",
    "OUT,10,20,15,30,13,32,120",
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "2022_SML.csv"
    path.write_text("\n".join([HEAD, *ROWS]) + "\n")
    return path


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NARROWS_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "tables"


def narrows(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["narrows", *map(str, words)])
    try:
        code = main()
    except SystemExit as stop:
        code = stop.code
    return code or 0, capsys.readouterr()


def test_a_table_is_stored_and_comes_back_as_it_was(file, home):
    card = evidence.add_table(file)
    assert card.name == "icio-2025-2022"
    assert (card.regions, card.sectors, card.file) == (2, 2, "2022_SML.csv")
    assert "OECD" in card.licence
    read, stored = evidence.read_icio(file), evidence.load_table("icio-2025-2022")
    pd.testing.assert_frame_equal(read.Z, stored.Z)
    pd.testing.assert_frame_equal(read.Y, stored.Y)
    for name in ("x", "value_added", "taxes"):
        pd.testing.assert_series_equal(getattr(read, name), getattr(stored, name))
    for name in ("source", "edition", "year", "unit", "licence", "digest", "notes", "final_taxes"):
        assert getattr(read, name) == getattr(stored, name)
    assert sorted(path.name for path in home.iterdir()) == [
        "icio-2025-2022.json",
        "icio-2025-2022.npz",
    ]
    assert evidence.stored_tables() == (card,)


def test_a_file_can_be_loaded_without_storing_it(file, home):
    assert evidence.load_table(file).year == "2022"
    assert not home.exists()
    assert evidence.stored_tables() == ()


def test_the_same_file_may_be_added_again_and_another_needs_another_name(file, tmp_path):
    evidence.add_table(file, "mine")
    evidence.add_table(file, "mine")
    other = tmp_path / "2021_SML.csv"
    other.write_text(file.read_text() + "\n")
    with pytest.raises(BadInput, match=r"'mine', which holds another table \(2022_SML.csv 2022\)"):
        evidence.add_table(other, "mine")
    evidence.add_table(other)
    assert [card.name for card in evidence.stored_tables()] == ["icio-2025-2021", "mine"]


def test_a_refused_table_leaves_nothing_behind(file, home):
    file.write_text(file.read_text().replace("JPN_A01,1,2,0,1,6,0,10", "JPN_A01,1,2,0,1,6,0,13"))
    with pytest.raises(BadInput, match="JPN_A01"):
        evidence.add_table(file)
    assert not home.exists()


def test_names_and_unknown_tables_are_told(file):
    evidence.add_table(file)
    with pytest.raises(BadInput, match="lower-case letters"):
        evidence.add_table(file, "../evil")
    with pytest.raises(UnknownName, match="nearest: icio-2025-2022"):
        evidence.load_table("icio-2025-2021")
    with pytest.raises(BadInput, match="no such file"):
        evidence.load_table("folder/none.csv")


def test_a_copy_that_was_changed_is_refused(file, home):
    evidence.add_table(file)
    copy = home / "icio-2025-2022.npz"
    copy.write_bytes(copy.read_bytes()[:-9])
    with pytest.raises(BadInput, match="changed or cut off"):
        evidence.load_table("icio-2025-2022")
    copy.unlink()
    with pytest.raises(BadInput, match="add the table again"):
        evidence.load_table("icio-2025-2022")
    (home / "icio-2025-2022.json").write_text("{}")
    with pytest.raises(BadInput, match="a card that cannot be read"):
        evidence.stored_tables()


@pytest.mark.parametrize(
    ("system", "variables", "ends"),
    [
        ("linux", {"XDG_DATA_HOME": "/x"}, "/x/narrows/tables"),
        ("linux", {}, ".local/share/narrows/tables"),
        ("darwin", {}, "Library/Application Support/narrows/tables"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/narrows/tables"),
        ("linux", {"NARROWS_DATA": "/n", "XDG_DATA_HOME": "/x"}, "/n/tables"),
    ],
)
def test_the_folder_is_the_usual_one_of_the_system(monkeypatch, system, variables, ends):
    for name in ("NARROWS_DATA", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(table_store.sys, "platform", system)
    assert table_store._folder().as_posix().endswith(ends)


def test_the_command_line_adds_and_lists(file, monkeypatch, capsys):
    code, out = narrows(monkeypatch, capsys, "data", "tables")
    assert (code, "narrows data add icio" in out.out) == (0, True)
    code, out = narrows(monkeypatch, capsys, "data", "add", "icio", file, "--name", "mine")
    assert code == 0
    assert "Stored as mine: 2 regions x 2 sectors, million USD." in out.out
    assert "Terms of use: OECD" in out.out
    code, out = narrows(monkeypatch, capsys, "data", "add", "icio", file, "--json")
    assert json.loads(out.out)["name"] == "icio-2025-2022"
    code, out = narrows(monkeypatch, capsys, "data", "tables", "--json")
    assert [row["name"] for row in json.loads(out.out)["rows"]] == ["icio-2025-2022", "mine"]
    code, out = narrows(monkeypatch, capsys, "data", "tables")
    assert "icio-2025-2022" in out.out
    code, out = narrows(monkeypatch, capsys, "data", "add", "icio", file, "--world-gdp", "1e9")
    assert code == 2
    assert "at most 25 % apart" in out.err


def test_taxes_on_final_use_count_towards_gdp(file):
    table = evidence.load_table(file)
    assert table.final_taxes == 5
    assert table.world_gdp == 36 + 4 + 5
    np.testing.assert_array_equal(table.taxes, [1, 1, 1, 1])
