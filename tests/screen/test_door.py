"""The door of the room: nothing heavy behind it, and every name in it."""

import inspect
import subprocess
import sys

import pytest

from narrows import screen

HEAVY = ("numpy", "pandas", "scipy", "rapidfuzz", "yaml")


def told(code):
    """Give what a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_room_opens_without_anything_heavy():
    loaded = told("import sys, narrows.screen; print(*sys.modules)")
    assert "narrows.screen" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_a_folder_that_was_loaded_first_is_still_its_function():
    code = (
        "import inspect, narrows.screen.diversion.flows, narrows.screen.parties.names\n"
        "from narrows import screen\n"
        "for each in (screen.diversion, screen.parties):\n"
        "    print(callable(each), *list(inspect.signature(each).parameters)[:2])"
    )
    assert told(code) == ["True", "flows", "item", "True", "asked", "lists"]


def test_the_folder_takes_what_its_function_takes():
    from narrows.screen import diversion as folder_or_function
    from narrows.screen.diversion.search import diversion

    assert inspect.signature(folder_or_function) == inspect.signature(diversion)


def test_the_names_are_listed_before_they_are_loaded():
    assert set(screen.__all__) <= set(dir(screen))


def test_a_name_that_is_not_there_is_told():
    with pytest.raises(AttributeError, match="no attribute 'shipmant'"):
        _ = screen.shipmant
