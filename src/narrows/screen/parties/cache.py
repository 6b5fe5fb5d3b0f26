"""The index of lists kept on disk: one file a set of lists, replaced only by a whole new one."""

import hashlib
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from narrows.screen.parties.index import Index, ListCard, Texts
from narrows.terms import write_whole

__all__ = ["cache_folder", "cache_path", "load_index", "save_index"]

_FORMAT = "narrows/party-index/1"
_CODE = ("names.py", "cleaning.py", "scripts.py", "phonetics.py", "index.py", "neighbours.py")
_DATA = ("legal_forms.csv", "words.csv", "confusables.csv")


def cache_folder() -> Path:
    """Give the folder of kept indexes: NARROWS_CACHE, else the user's cache folder."""
    if chosen := os.environ.get("NARROWS_CACHE"):
        return Path(chosen) / "parties"
    home = Path.home()
    if sys.platform == "win32":
        root = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        root = home / "Library" / "Caches"
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return root / "narrows" / "parties"


def cache_path(place: str) -> Path:
    """Give the file that keeps the index of the lists at a place."""
    return cache_folder() / f"{hashlib.sha256(place.encode()).hexdigest()[:24]}.npz"


def _code() -> str:
    """Give the digest of the code and tables that the index depends on."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in (*(here / name for name in _CODE), *(here / "data" / name for name in _DATA)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def save_index(index: Index, path: Path, files: Sequence[Sequence[Any]]) -> None:
    """Write an index whole, with the names, sizes, times and digests of the files it is from.

    Raises
    ------
    CouldNotWrite
        When the folder cannot be written; what was there before stays.
    """
    head = {
        "format": _FORMAT,
        "code": _code(),
        "files": [list(file) for file in files],
        "lists": [asdict(card) for card in index.lists],
    }
    arrays: dict[str, Any] = {f"array_{name}": value for name, value in index.arrays.items()}
    for name, texts in index.texts.items():
        arrays[f"block_{name}"] = np.frombuffer(texts.block, dtype=np.uint8)
        arrays[f"start_{name}"] = texts.starts
    arrays["head"] = np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)
    held = io.BytesIO()
    np.savez(held, **arrays)
    write_whole({path: held.getvalue()})


def load_index(path: Path) -> tuple[Index, list[list[Any]], bool] | None:
    """Give a kept index, the files it is from, and whether this version of the code made it.

    None where there is none or the file is damaged.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as held:
            head = json.loads(held["head"].tobytes())
            if head.get("format") != _FORMAT:
                return None
            arrays = {n.removeprefix("array_"): held[n] for n in held if n.startswith("array_")}
            blocks = [n.removeprefix("block_") for n in held if n.startswith("block_")]
            texts = {n: Texts(held[f"block_{n}"].tobytes(), held[f"start_{n}"]) for n in blocks}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    cards = tuple(ListCard(**{**card, "notes": tuple(card["notes"])}) for card in head["lists"])
    return Index(cards, texts, arrays), head["files"], head["code"] == _code()
