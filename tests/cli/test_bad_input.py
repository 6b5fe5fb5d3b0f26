"""Bad input: one clear error each, exit code 2, nothing written, never a traceback."""

import errno
import json
import os

import pytest

import narrows as nw
import tiny

FILES = tiny.FILES


def broken(folder, **altered):
    return tiny.write(folder / "broken", **altered)


def changed(name, old, new):
    """Give a file of the small case with a text replaced, once."""
    text = FILES[f"{name}.csv"]
    assert old in text
    return {name: text.replace(old, new, 1)}


FAULTS = [
    (
        changed("observations", "2022,50,45,54", "2022,150,45,54"),
        "observations.csv:9: value: found 150; expected a percentage from 0 to 100",
    ),
    (changed("recipes", "chip,gas,", "chip,gass,"), "recipes.csv:2: input: found 'gass'; expected"),
    (
        changed("observations", "stated,s1,p. 1", "stated,s9,p. 1"),
        "observations.csv:2: source_id: found 's9'; expected an id of sources.csv",
    ),
    (
        changed("items", "id,name,kind,stage", "id,name,kind,stagge"),
        "items.csv:1: stage: found 'stagge' instead; expected the column 'stage'",
    ),
    (changed("items", "gas,Gas,gas,", "gas,Gas,gaz,"), "nearest: gas"),
    ({"items": "what\na list\n"}, "items.csv:1: found 'what', none of the columns"),
    ({"case": "name: ["}, "case.yaml:1: found no YAML"),
]


@pytest.mark.parametrize(("altered", "message"), FAULTS)
@pytest.mark.parametrize("command", [("data", "check"), ("measure", "concentration"), ("show",)])
def test_a_faulty_case_is_told_with_file_row_found_and_expected(
    narrows, tmp_path, altered, message, command
):
    done = narrows(*command, broken(tmp_path, **altered))
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("error: ")
    assert message in done.err


def test_a_source_that_is_missing_altogether(narrows, tmp_path):
    folder = broken(tmp_path)
    (folder / "sources.csv").unlink()
    done = narrows("data", "check", folder)
    assert (done.code, done.out) == (2, "")
    assert "error: sources.csv: found no such file; expected" in done.err


def test_a_file_that_is_no_csv(narrows, tmp_path):
    folder = broken(tmp_path)
    (folder / "items.csv").write_bytes(b"PK\x03\x04\x00\x00\xff\xfe" * 40)
    done = narrows("show", folder)
    assert (done.code, done.out) == (2, "")
    assert "error: items.csv:1: found" in done.err


def test_a_folder_in_the_place_of_a_file(narrows, tmp_path):
    folder = broken(tmp_path)
    (folder / "items.csv").unlink()
    (folder / "items.csv").mkdir()
    assert "error: items.csv: found unreadable (Is a directory)" in narrows("show", folder).err


def test_all_faults_are_told_at_once_and_as_json(narrows, tmp_path):
    rows = FILES["observations.csv"].replace(",p. 1,", ",p. 1,,,", 1).replace("s2,p. 9", "s7,p. 9")
    folder = broken(tmp_path, observations=rows)
    done = narrows("data", "check", folder)
    assert done.err.count("error: ") >= 2
    found = json.loads(narrows("data", "check", folder, "--json").out)
    assert len(found["faults"]) == done.err.count("error: ")
    assert set(found["faults"][0]) == {"file", "row", "field", "found", "expected"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("show logic-lt10n", "nearest: logic-lt10nm"),
        ("show Taiwn", "Taiwan"),
        ("show Amsl", "'Amsl'; expected one of"),
        ("show euv", "lithography-euv"),
        ("show dram --case semiconductor", "nearest: semiconductors"),
        ("show dram --case no/such", "no/such: found no such folder"),
        ("show batteriess", "'batteriess'; expected one of"),
        ("show dram --period 20x9", "found '20x9'; expected a period such as 2019"),
        ("show dram --period 2019Q5", "found '2019Q5'; expected a period"),
        ("measure concentration baterries", "found 'baterries'; expected one of the known names"),
        ("measure concentration --by site", "'site' is not one of 'place', 'firm'"),
        ("measure concentration --basis here", "'here' is not one of 'location', 'headquarters'"),
        ("measure concentration --draws -1", "invalid value for '--draws'"),
        ("measure concentration --draws many", "invalid value for '--draws'"),
        ("measure concentration --fail-above 2", "invalid value for '--fail-above'"),
        ("measure concentration --fail-above nan", "invalid value for '--fail-above'"),
        ("measure concentration --top -3", "invalid value for '--top'"),
        ("measure concentration --period", "'--period' requires an argument"),
        ("measure exposure --on TWM", "found 'TWM'; expected one of"),
        ("measure exposure --within-days nan", "invalid value for '--within-days'"),
        ("measure contingency --drop TWN/logic-lt10", "nearest: logic-lt10nm"),
        ("measure contingency --sourcing near", "'near' is not one of 'pooled', 'home_first'"),
        ("measure contingency -k 9", "`worst` finds the worst of them"),
        ("measure worst --over lane", "'lane' is not one of"),
        ("measure worst -k 999", "found 999; expected 1 to"),
        ("measure worst --end-use smartphon", "nearest: smartphone"),
        ("measure autonomy --us USA", "missing option '--them'"),
        ("measure screens --partners x.csv", "expected both --partners and --totals"),
        ("measure screens --risk no-such.csv", "no-such.csv: found No such file or directory"),
        ("measure concentration --set cover.neon-chip-grade", "expected PATH=NUMBER"),
        ("measure concentration --set cover.neon-chip-grade=lots", "found 'lots'; expected"),
        ("measure concentration --set cover.neon-chip-grad=30", "nearest: neon-chip-grade"),
        ("measure concentration --set share.dram.KOR=101", "at most 100"),
        ("measure concentration --set share.dram.XXY=10", "--set share.dram.XXY"),
        ("measure concentration --set stops_fraction.dram=nan", "expected a number of at least 0"),
        ("measure concentration --set height.dram=3", "found a path that names nothing"),
        ("measure concentration --perid 2019", "no such option: --perid (Possible options: --p"),
        ("measure concentratio", "no such command 'concentratio'. Did you mean 'concentration'?"),
        ("shw", "no such command 'shw'"),
        ("data check", "missing argument 'folder'"),
        ("data check no-such", "no-such: found no such folder; expected a case folder"),
        ("data import eto no-such --out made", "no-such: found no such folder"),
        ("data import eto . ", "missing option '--out'"),
    ],
)
def test_what_is_typed_wrong_is_one_line_and_exit_code_2(
    narrows, tmp_path, monkeypatch, line, message
):
    monkeypatch.chdir(tmp_path)
    done = narrows(*line.split())
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1
    assert message in done.err
    assert list(tmp_path.iterdir()) == []


def test_each_wrong_setting_is_told(narrows, case):
    settings = ("--set", "cover.gas=-1", "--set", "cover.gass=3", "--set", "share.chip.TWN=200")
    done = narrows("measure", "concentration", case, *settings)
    assert (done.code, done.err.count("error: ")) == (2, 3)


@pytest.mark.parametrize("content", [b"\x00\x01\xff\xfe\x80", b"", b"a,b\n1,2,3\n", b"x\n1\n"])
def test_tables_of_the_user_that_do_not_fit(narrows, tmp_path, content):
    table = tmp_path / "table.csv"
    table.write_bytes(content)
    done = narrows("measure", "screens", "--risk", table)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")


def test_a_full_disk_leaves_nothing_behind(narrows, case, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    old = tmp_path / "old.pdf"
    old.write_bytes(b"what was there before")
    monkeypatch.setattr(os, "fsync", full)
    done = narrows("brief", case, "--draws", "0", "--out", old)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "old.pdf: could not be written (No space left on device)" in done.err
    assert old.read_bytes() == b"what was there before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.pdf", "small"]


def test_a_fault_of_the_program_is_one_line_too(narrows, case, monkeypatch):
    def fails(*_, **__):
        raise KeyError("surprise")

    monkeypatch.setattr(nw.measure, "profile", fails)
    monkeypatch.delenv("NARROWS_TRACEBACK", raising=False)
    done = narrows("show", case)
    assert (done.code, done.err.count("\n")) == (3, 1)
    assert done.err.startswith("error: KeyError: 'surprise' (a fault of narrows, please report it")
    monkeypatch.setenv("NARROWS_TRACEBACK", "1")
    with pytest.raises(KeyError):
        narrows("show", case)


def test_too_little_memory_is_told(narrows, case, monkeypatch):
    def fails(*_, **__):
        raise MemoryError

    monkeypatch.setattr(nw.measure, "concentration", fails)
    done = narrows("measure", "concentration", case)
    assert (done.code, "not enough memory" in done.err) == (3, True)
