"""Files are written whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from narrows.terms import CouldNotWrite, write_whole


def files_under(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def full_disk(monkeypatch):
    """Let the disk be full at the n-th flush."""

    def after(good):
        calls = iter(range(100))

        def fsync(handle):
            if next(calls) >= good:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", fsync)

    return after


def test_files_appear_with_their_bytes_and_folders_are_made(tmp_path):
    write_whole({tmp_path / "a" / "b.txt": b"one", tmp_path / "c.txt": b""})
    assert files_under(tmp_path) == {"a/b.txt": b"one", "c.txt": b""}


def test_a_file_from_before_is_replaced(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old and longer")
    write_whole({path: b"new"})
    assert files_under(tmp_path) == {"a.txt": b"new"}


def test_a_written_file_has_the_rights_that_any_new_file_has(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    write_whole({tmp_path / "whole": b""})
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("good", [0, 1])
def test_a_full_disk_leaves_everything_as_it_was(tmp_path, full_disk, good):
    (tmp_path / "a.txt").write_bytes(b"old")
    full_disk(good)
    with pytest.raises(CouldNotWrite, match=r"No space left.*nothing was changed"):
        write_whole({tmp_path / "a.txt": b"new", tmp_path / "b.txt": b"new"})
    assert files_under(tmp_path) == {"a.txt": b"old"}


def test_a_file_in_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(CouldNotWrite, match=r"out.*could not be written"):
        write_whole({tmp_path / "out" / "a.txt": b"new"})
    assert files_under(tmp_path) == {"out": b"a file"}


def test_a_folder_that_may_not_be_written_is_told(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(CouldNotWrite, match="Permission denied"):
        write_whole({tmp_path / "a.txt": b"new"})
    assert files_under(tmp_path) == {}


def test_a_folder_in_place_of_the_last_file_keeps_the_first_from_changing(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"old")
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(CouldNotWrite, match="nothing was changed"):
        write_whole({tmp_path / "a.txt": b"new", tmp_path / "b.txt": b"new"})
    assert files_under(tmp_path) == {"a.txt": b"old"}


def test_a_stop_by_the_user_leaves_no_temporary_file(tmp_path, monkeypatch):
    def stop(_handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_whole({tmp_path / "a.txt": b"new"})
    assert files_under(tmp_path) == {}


def test_the_error_names_the_file_and_keeps_the_cause(tmp_path, full_disk):
    full_disk(0)
    with pytest.raises(CouldNotWrite) as caught:
        write_whole({tmp_path / "report.json": b"x"})
    assert str(Path("report.json")) in str(caught.value)
    assert isinstance(caught.value.__cause__, OSError)
