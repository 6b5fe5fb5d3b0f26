"""The manual holds: it names everything public, and what it shows runs and prints what it says.

How a block of a page is run:

- ``python`` blocks run in order, in one namespace a page; with ``>>>`` their output is compared;
- ``console`` blocks run each line that begins with ``$ narrows``; the lines after it must be in
  the output, in order, where ``...`` stands for anything;
- a ``{code-block}`` with a caption is written to the file that the caption names.

A comment before a block changes this: ``<!-- not run: why -->``, ``<!-- exit: 2 -->``,
``<!-- needs: eto-chips -->`` (a folder of the public tables, linked into the page's folder).
"""

import contextlib
import doctest
import importlib
import inspect
import io
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.main import get_command

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "narrows"
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
RULES = re.compile(r"<!-- (not run|exit|needs): (.+?) -->")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page, with the rules of the comments before it."""

    language: str
    text: str
    line: int
    rules: dict[str, str]
    caption: str = ""


def blocks_of(page):
    """Give the fenced blocks of a page that are run or written."""
    found, rules, opened = [], {}, None
    for number, line in enumerate(page.read_text("utf-8").splitlines(), start=1):
        if opened is None and line.startswith("```"):
            opened, body = (line.strip("` "), number), []
        elif opened is not None and line.strip() == "```":
            found.append(_block(*opened, body, rules))
            opened, rules = None, {}
        elif opened is not None:
            body.append(line)
        elif rule := RULES.match(line):
            rules[rule[1]] = rule[2]
        elif line.strip():
            rules = {}
    return [block for block in found if block.caption or block.language in ("python", "console")]


def _block(language, number, body, rules):
    caption = ""
    if language.startswith("{code-block}"):
        options = [line for line in body if line.startswith(":")]
        caption = next((line[10:] for line in options if line.startswith(":caption: ")), "")
        body = body[len(options) :]
    return Block(language, "\n".join(body).strip("\n") + "\n", number, rules, caption)


def runs(page):
    """Tell whether a page has anything to run."""
    return any("not run" not in block.rules for block in blocks_of(page))


def narrows(line):
    """Run one command line of narrows in this process; give its exit code and output."""
    main = importlib.import_module("narrows.cli").main
    out = io.StringIO()
    argv, sys.argv = sys.argv, shlex.split(line)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = main()
    except SystemExit as stop:
        code = stop.code
    finally:
        sys.argv = argv
    return code or 0, out.getvalue()


def holds(output, expected):
    """Tell which expected line is missing from the output, looking in order; None if all hold."""
    lines = iter([" ".join(line.split()) for line in output.splitlines()])
    for wanted in expected:
        parts = [re.escape(" ".join(part.split())) for part in wanted.split("...")]
        pattern = re.compile(r".*".join(parts))
        if wanted.strip() not in ("", "...") and not any(pattern.search(line) for line in lines):
            return wanted
    return None


def run_console(block):
    """Run the commands of a block and compare what they print."""
    commands = re.split(r"^\$ ", block.text.replace("\\\n", " "), flags=re.MULTILINE)[1:]
    for command in commands:
        line, *expected = command.splitlines()
        assert line.startswith("narrows "), f"line {block.line}: cannot run {line!r}"
        code, output = narrows(line)
        shown = "\n".join(output.splitlines()[:40])
        if code != int(block.rules.get("exit", 0)):
            pytest.fail(f"line {block.line}: {line} ended with {code}\n{shown}", pytrace=False)
        if missing := holds(output, expected):
            pytest.fail(
                f"line {block.line}: {line} does not print {missing!r}\n{shown}", pytrace=False
            )


def run_python(block, namespace, page):
    """Run a block in the namespace of its page."""
    if block.text.startswith(">>>"):
        parsed = doctest.DocTestParser().get_doctest(
            block.text, namespace, page.name, str(page), block.line
        )
        report = io.StringIO()
        flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
        failed, _ = doctest.DocTestRunner(optionflags=flags).run(
            parsed, out=report.write, clear_globs=False
        )
        assert not failed, report.getvalue()
        namespace.update(parsed.globs)
        return
    code = compile("\n" * block.line + block.text, str(page), "exec")
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, namespace)  # noqa: S102 - the manual is ours


@pytest.mark.parametrize(
    "page", [page for page in PAGES if runs(page)], ids=lambda page: str(page.relative_to(ROOT))
)
def test_what_a_page_shows_runs_and_prints_what_it_says(page, tmp_path, monkeypatch, request):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("NARROWS_DATA", str(tmp_path / "narrows-data"))
    namespace = {"__name__": "__manual__"}
    for block in blocks_of(page):
        if "not run" in block.rules:
            continue
        if needed := block.rules.get("needs"):
            shared = request.getfixturevalue("shared_data")
            (tmp_path / needed).symlink_to(shared / needed)
        if block.caption:
            target = tmp_path / block.caption
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, "utf-8")
        elif block.language == "console":
            run_console(block)
        else:
            run_python(block, namespace, page)


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "cli"])
def test_every_public_name_is_in_the_reference(room):
    door = importlib.import_module(f"narrows.{room}")
    reference = (DOCS / "reference" / "python.md").read_text("utf-8")
    section = re.search(
        rf"^## narrows\.{room}\n(.*?)(?=^## |\Z)", reference, re.MULTILINE | re.DOTALL
    )
    assert section, f"reference/python.md has no section narrows.{room}"
    listed = set(re.findall(r"^\| `(\w+)`", section[1], re.MULTILINE))
    assert listed == set(door.__all__)


def test_every_measure_has_its_page():
    measure = importlib.import_module("narrows.measure")
    pages = "\n".join(page.read_text("utf-8") for page in DOCS.rglob("*.md"))
    functions = [name for name in measure.__all__ if inspect.isfunction(getattr(measure, name))]
    assert [name for name in functions if f"narrows.measure.{name}`" not in pages] == []


def commands(command, path=()):
    """Give the words of every command of the command line."""
    parts = getattr(command, "commands", {})
    for name, part in parts.items():
        yield from commands(part, (*path, name))
    if not parts:
        yield " ".join(path)


def test_every_command_is_in_the_reference_with_its_options():
    app = importlib.import_module("narrows.cli.app").app
    reference = (DOCS / "reference" / "command-line.md").read_text("utf-8")
    listed = re.findall(r"^## narrows (.+)\n\n```{command-options} (.+)$", reference, re.MULTILINE)
    assert sorted(listed) == sorted((words, words) for words in commands(get_command(app)))


def test_every_word_of_the_case_format_that_binds_is_in_the_glossary():
    glossary = (DOCS / "glossary.md").read_text("utf-8")
    words = importlib.import_module("narrows.terms")
    wanted = {*words.Grade, *words.Criticality, "location", "headquarters"}
    assert [word for word in wanted if word not in glossary] == []


def test_every_page_can_be_reached_from_an_index():
    linked = "\n".join(page.read_text("utf-8") for page in DOCS.rglob("*.md"))
    pages = [page for page in DOCS.rglob("*.md") if page.parent.name != "decisions"]
    lost = [page.stem for page in pages if f"{page.stem}.md" not in linked and page.stem != "index"]
    assert lost == []
