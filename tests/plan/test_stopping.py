"""Ctrl-C on a plan, for real: what is best so far is kept and told."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import tiny
from plan.test_cli import OPTIONS

WORK = """
import sys, time
import narrows as nw
from narrows.cli.app import run

solve = nw.plan.solve

def slowly(*given, progress=None, **more):
    def told(now):
        print(f"round {now.number}: gap {now.gap:.3g}", file=sys.stderr, flush=True)
        time.sleep(0.5)
        return progress(now)
    return solve(*given, progress=told, **more)

nw.plan.solve = slowly
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture
def heard():
    """Let processes hear Ctrl-C, also where the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_keeps_the_best_plan_so_far(tmp_path):
    case = tiny.write(tmp_path / "case")
    (case / "options.yaml").write_text(OPTIONS, "utf-8")
    script = tmp_path / "work.py"
    script.write_text(f"if __name__ == '__main__':\n{textwrap.indent(WORK, '    ')}", "utf-8")
    line = [sys.executable, str(script), "plan", "--case", str(case), "--no-proof"]
    line += ["--against", "TWN=0.2,KOR=0.1", "--gap", "0", "--years", "6", "--workers", "2"]
    with subprocess.Popen(
        line,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path.cwd(),
        env={**os.environ, "COLUMNS": "120"},
    ) as work:
        for said in work.stderr:
            if said.startswith("round 3"):
                break
        work.send_signal(signal.SIGINT)
        try:
            out, err = work.communicate(timeout=60)
        finally:
            work.kill()
    assert work.returncode == 0, err
    assert "interrupted: the best so far" in out
    assert "Plan 2027 to 2032" in out
    assert "stock" in out
