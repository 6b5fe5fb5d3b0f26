"""The command line answers at once, and says how it is used."""

import subprocess
import sys

import pytest

from narrows.cli import options
from narrows.measure import WITHIN_DAYS

HEAVY = ("numpy", "pandas", "scipy", "typst", "yaml", "narrows.evidence", "narrows.measure")


def test_help_loads_nothing_heavy():
    code = "import sys, narrows.cli.app as a; a.run(['measure', '--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "concentration" in loaded
    assert [name for name in HEAVY if name in loaded] == []


@pytest.mark.parametrize(
    "words",
    [
        "",
        "show",
        "brief",
        "measure",
        "measure concentration",
        "measure exposure",
        "measure contingency",
        "measure worst",
        "measure autonomy",
        "measure screens",
        "data",
        "data check",
        "data list",
        "data import",
        "data import eto",
    ],
)
def test_every_command_has_help(narrows, words):
    done = narrows(*words.split(), "--help")
    assert done.code == 0
    assert f"Usage: narrows {words}".strip() in " ".join(done.out.split())
    assert done.err == ""


def test_without_a_command_the_help_is_shown(narrows):
    done = narrows()
    assert done.code == 2
    assert "measure" in done.out + done.err


def test_the_version_is_told(process):
    done = process("--version")
    assert (done.code, done.out.split()[0]) == (0, "narrows")


def test_the_default_of_within_days_is_that_of_the_library():
    assert options.WITHIN_DAYS == WITHIN_DAYS
