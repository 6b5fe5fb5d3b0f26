"""Run the command line: here, where it is fast, or as a process of its own, as users do."""

import functools
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import tiny
from narrows import evidence
from narrows.cli.app import run
from narrows.evidence import load

PROGRAM = Path(sys.executable).parent / "narrows"


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


@functools.cache
def bundled(name):
    """Give a bundled case, read once for all tests: it never changes."""
    return load(name)


@pytest.fixture
def narrows(capsys, monkeypatch):
    """Run a command in this process; `columns` is the width of the window, None for a pipe."""

    names = evidence.bundled()
    opened = lambda case: (bundled if str(case) in names else load)(str(case))  # noqa: E731
    monkeypatch.setattr(evidence, "load", opened)

    def ran(*arguments, columns=None):
        if columns is None:
            monkeypatch.delenv("COLUMNS", raising=False)
        else:
            monkeypatch.setenv("COLUMNS", str(columns))
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        written = capsys.readouterr()
        return Done(code, written.out, written.err)

    return ran


@pytest.fixture(scope="session")
def program():
    """Give the program itself."""
    return PROGRAM


@pytest.fixture
def process(environment):
    """Run a command as a process, its output in a pipe."""

    def ran(*arguments, **options):
        line = [PROGRAM, *map(str, arguments)]
        options = {"capture_output": True, "text": True, "env": environment} | options
        done = subprocess.run(line, check=False, **options)
        return Done(done.returncode, done.stdout, done.stderr)

    return ran


@pytest.fixture
def case(tmp_path):
    """Give the folder of a small case."""
    return tiny.write(tmp_path / "small")


@pytest.fixture(scope="session")
def environment():
    """Give the environment of this process without what changes tables."""
    return {name: value for name, value in os.environ.items() if name != "COLUMNS"}
