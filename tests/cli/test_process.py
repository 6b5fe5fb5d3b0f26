"""The command line as a process: real exit codes, pipes, signals, and disks that are full."""

import json
import os
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

import tiny

SHELL = shutil.which("sh") or "/bin/sh"


def test_the_share_of_taiwan_below_10_nm(process):
    done = process("show", "logic-lt10nm", "--period", "2019")
    assert (done.code, done.err) == (0, "")
    assert "92 %" in next(line for line in done.out.splitlines() if " TWN " in line)


def test_a_finding_is_exit_code_1_and_the_result_is_printed_all_the_same(process, case):
    line = ("measure", "concentration", case, "--draws", "0", "--fail-above", "0.5", "--json")
    done = process(*line)
    assert done.code == 1
    assert json.loads(done.out)["schema"] == "narrows/concentration/1"
    assert done.err.startswith("finding: ")


def test_bad_input_is_exit_code_2_without_a_traceback(process, tmp_path):
    rows = tiny.FILES["observations.csv"].replace("2019,92,", "2019,192,")
    done = process("measure", "exposure", tiny.write(tmp_path / "broken", observations=rows))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: observations.csv:2: value: found 192; expected")
    assert "Traceback" not in done.err


def test_a_reader_that_goes_away_is_no_error(program, case):
    line = f"'{program}' show '{case}' --json; echo $? >&2"
    done = subprocess.run(
        [SHELL, "-c", f"({line}) | head -c 1"], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("{", "0\n")


def test_output_that_cannot_be_written_is_exit_code_2(process, case):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        done = process("show", case, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.code == 2
    assert done.err == "error: output: No space left on device\n"


def test_closed_streams_are_no_error(program, case):
    done = subprocess.run([SHELL, "-c", f"'{program}' show '{case}' >&- 2>&-"], check=False)
    assert done.returncode == 0


def test_letters_that_the_terminal_lacks_are_no_error(process, tmp_path, environment):
    items = tiny.FILES["items.csv"].replace("gas,Gas,", "gas,Gäs 気体,")
    folder = tiny.write(tmp_path / "letters", items=items)
    done = process("show", folder, env=environment | {"PYTHONIOENCODING": "ascii"})
    assert (done.code, done.err) == (0, "")
    assert r"G\xe4s \u6c17\u4f53" in done.out


@pytest.fixture
def heard():
    """Let processes hear Ctrl-C, also where the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_is_exit_code_3_with_one_line(program, case):
    line = [program, "measure", "concentration", case, "--draws", "10000000"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as work:
        time.sleep(2.5)
        work.send_signal(signal.SIGINT)
        try:
            out, err = work.communicate(timeout=30)
        finally:
            work.kill()
    assert (work.returncode, out, err) == (3, "", "error: stopped\n")


@pytest.fixture
def bound():
    """Give what makes file permissions hold for a process, also where the tests run as root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root reads every file, and there is no setpriv here")
    without = "-dac_override,-dac_read_search"
    return [setpriv, f"--bounding-set={without}", f"--inh-caps={without}"]


@pytest.mark.parametrize(
    "line",
    [
        ("show", "./closed"),
        ("data", "check", "closed/case"),
        ("brief", "case", "--out", "closed/b.pdf"),
    ],
)
def test_a_folder_without_permission_is_told(bound, program, tmp_path, line):
    tiny.write(tmp_path / "case")
    closed = tmp_path / "closed"
    tiny.write(closed / "case")
    closed.chmod(0o000)
    try:
        done = subprocess.run(
            [*bound, program, *line], capture_output=True, text=True, check=False, cwd=tmp_path
        )
    finally:
        closed.chmod(0o755)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: closed")
    assert "ermission denied" in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in closed.iterdir()] == ["case"]


def small_files():
    """Let a process write no file beyond 16 kB, as a disk that runs full does."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384))


def test_an_import_that_does_not_fit_the_disk_leaves_nothing(process, shared_data, tmp_path):
    line = ("data", "import", "eto", shared_data / "eto-chips", "--out", tmp_path / "eto")
    done = process(*line, preexec_fn=small_files)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "could not be written (File too large)" in done.err
    assert list(tmp_path.iterdir()) == []
