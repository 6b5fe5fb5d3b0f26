"""What holds for the project as a whole: doors of rooms, pins, versions, figures in code."""

import ast
import importlib
import itertools
import re
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import narrows

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "narrows"
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_every_folder_of_the_package_with_code_is_a_package():
    bare = [
        str(folder.relative_to(PACKAGE))
        for folder in PACKAGE.rglob("*")
        if folder.is_dir() and list(folder.glob("*.py")) and not (folder / "__init__.py").exists()
    ]
    assert bare == []


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_lists_is_what_its_door_imports(room):
    door = importlib.import_module(f"narrows.{room}")
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text("utf-8"))
    for_types = [node.body for node in tree.body if isinstance(node, ast.If)]
    imported = {
        alias.asname or alias.name
        for node in (*tree.body, *itertools.chain(*for_types))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("narrows")
        for alias in node.names
    }
    made_here = {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    public = {name for name in imported | made_here if not name.startswith("_")}
    assert set(door.__all__) >= public
    assert [name for name in door.__all__ if not hasattr(door, name)] == []
    assert door.__doc__


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "cli"])
def test_every_public_name_has_a_docstring(room):
    door = importlib.import_module(f"narrows.{room}")
    named = [(name, getattr(door, name)) for name in door.__all__]
    assert [name for name, thing in named if callable(thing) and not thing.__doc__] == []


def test_the_package_offers_its_rooms_and_no_face():
    assert set(narrows.__all__) == set(ROOMS) - {"cli"}


def test_the_version_is_the_same_everywhere():
    cited = re.search(r"^version: (\S+)", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert narrows.__version__ == version("narrows") == PROJECT["project"]["version"]
    assert cited
    assert cited[1] == narrows.__version__
    assert f"## {narrows.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_dependency_is_pinned_without_an_address():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[A-Za-z0-9.+]+", pin)] == []
    pinned = {pin.partition("==")[0] for pin in pins}
    wanted = [*PROJECT["project"]["dependencies"]]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        wanted += extra
    names = {re.split(r"[\[<>=!~ ]", need, maxsplit=1)[0].lower() for need in wanted}
    assert names - {"narrows"} <= pinned


_OURS = ("dev", "docs", "test")  # extras for those who work on the package


def test_the_package_imports_only_what_it_declares():
    modules = {"python-docx": "docx", "pyyaml": "yaml"}
    extras = PROJECT["project"]["optional-dependencies"]
    optional = [need for name in extras if name not in _OURS for need in extras[name]]
    wanted = [*PROJECT["project"]["dependencies"], *optional]
    needs = [re.split(r"[<>=]", need)[0] for need in wanted]
    declared = {modules.get(need, need) for need in needs} | {"narrows", *sys.stdlib_module_names}
    imported = {
        (name.partition(".")[0], str(path.relative_to(PACKAGE)))
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
    }
    assert sorted((name, path) for name, path in imported if name not in declared) == []


def _imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module]
    return []


def test_no_file_names_a_machine_or_a_registry():
    forbidden = re.compile(r"index-url|registry *= *.http|/(home|root|Users)/[a-z]")
    suffixes = {".py", ".md", ".toml", ".txt", ".yaml", ".json", ".csv", ".cff", ".typ"}
    found = [
        str(path.relative_to(ROOT))
        for top in ("src", "docs", "README.md", "pyproject.toml", "constraints.txt", "Makefile")
        for path in [ROOT / top, *(ROOT / top).rglob("*")]
        if path.is_file() and (path.suffix in suffixes or path.name == "Makefile")
        if "_build" not in path.parts and forbidden.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_the_readme_names_the_command_that_ci_runs():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.search(r"^make brief\b", readme, re.MULTILINE)
    assert re.search(r"^make test\b", readme, re.MULTILINE)
