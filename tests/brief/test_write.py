"""Writing: three files beside each other, whole or not at all."""

import errno
import json
import os

import pytest

from narrows.brief import write, writing
from narrows.terms import BadInput, CouldNotWrite


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_three_files_lie_beside_each_other(plain_case, tmp_path):
    brief = write(plain_case, None, tmp_path / "brief.pdf", draws=4)
    assert names(tmp_path) == ["brief.html", "brief.json", "brief.pdf"]
    assert [path.suffix for path in brief.files] == [".pdf", ".html", ".json"]
    assert brief.pages == (2, 3)
    assert len(brief.answers) == 3
    made = json.loads((tmp_path / "brief.json").read_text("utf-8"))
    assert [answer["sentence"] for answer in made["answers"]] == list(brief.answers)
    assert made["settings"]["draws"] == 4
    for answer in brief.answers:
        assert "\u202f" not in answer


@pytest.mark.parametrize("name", ["brief", "brief.html", "my.brief.pdf"])
def test_the_stem_is_kept_whatever_the_suffix(plain_case, tmp_path, name):
    write(plain_case, None, tmp_path / name, draws=0, formats=("html", "json"))
    stem = {"brief": "brief", "brief.html": "brief", "my.brief.pdf": "my.brief"}[name]
    assert names(tmp_path) == [f"{stem}.html", f"{stem}.json"]


@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_the_name_of_an_office_file_asks_for_it_too(plain_case, tmp_path, suffix):
    write(plain_case, None, tmp_path / f"brief.{suffix}", draws=0, formats=("html",))
    assert names(tmp_path) == sorted([f"brief.{suffix}", "brief.html"])


def test_the_same_seed_gives_the_same_bytes(plain_case, tmp_path):
    for folder in ("one", "two"):
        path = tmp_path / folder / "brief.pdf"
        write(plain_case, None, path, draws=4, seed=7, formats=writing.KNOWN)
    for suffix in writing.KNOWN:
        one, two = (
            (tmp_path / folder / f"brief.{suffix}").read_bytes() for folder in ("one", "two")
        )
        assert one == two


def test_a_scenario_an_unknown_format_and_a_folder_are_refused_together(plain_case, tmp_path):
    with pytest.raises(BadInput) as caught:
        write(plain_case, object(), tmp_path, formats=("odt",))
    assert [fault.file for fault in caught.value.faults] == ["scenario", "formats", "path"]
    assert names(tmp_path) == []


def test_an_unknown_period_is_refused_before_anything_is_written(plain_case, tmp_path):
    with pytest.raises(BadInput):
        write(plain_case, None, tmp_path / "brief.pdf", period="soon")
    assert names(tmp_path) == []


def test_a_full_disk_leaves_what_was_there(plain_case, tmp_path, monkeypatch):
    (tmp_path / "brief.pdf").write_text("old")

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CouldNotWrite, match="No space left on device"):
        write(plain_case, None, tmp_path / "brief.pdf", draws=0)
    assert names(tmp_path) == ["brief.pdf"]
    assert (tmp_path / "brief.pdf").read_text() == "old"


def test_a_place_that_cannot_be_written_gives_one_clear_error(plain_case, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CouldNotWrite, match=r"could not be written .*; nothing was changed"):
        write(plain_case, None, tmp_path / "file" / "brief.pdf", draws=0)
    assert names(tmp_path) == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_folder_gives_one_clear_error(plain_case, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    with pytest.raises(CouldNotWrite, match="could not be written"):
        write(plain_case, None, locked / "brief.pdf", draws=0)
    assert names(locked) == []


def test_measures_are_asked_in_one_place_only():
    assert writing.results_of.__module__ == "narrows.brief.wiring"


@pytest.mark.parametrize("marking", ["two\nlines", "x" * 81, "極秘", "bell\x07"])
def test_a_marking_that_the_pages_cannot_show_whole_is_refused(plain_case, tmp_path, marking):
    with pytest.raises(BadInput) as caught:
        write(plain_case, None, tmp_path / "brief.pdf", marking=marking)
    assert [fault.file for fault in caught.value.faults] == ["marking"]
    assert names(tmp_path) == []
