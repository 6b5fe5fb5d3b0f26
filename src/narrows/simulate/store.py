"""The folder of an ensemble: every finished batch is kept, none is lost or doubled.

- ``ensemble.json``: what the ensemble was made from, and the labels of its axes;
- ``quantiles.npy`` (inputs, draws): where each draw lies in the range of each input;
- ``series.npy`` (draws, days, series), ``weights.npy`` (draws, markets): filled batch by batch;
- ``done/00000.json``: written once a batch lies on the disk, with its fingerprint.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from narrows.terms import BadInput, CouldNotWrite, Fault, write_whole

__all__ = ["Store"]

Array = NDArray[np.float64]
_FILLED = ("series", "weights")
_OWN = {"quantiles.npy", "series.npy", "weights.npy"}  # left where the very start was cut off


@dataclass(frozen=True)
class Store:
    """The folder of an ensemble.

    Parameters
    ----------
    folder
        Where it lies.
    about
        What is in ``ensemble.json``.
    """

    folder: Path
    about: Mapping[str, Any]

    @classmethod
    def made(
        cls, folder: Path, about: Mapping[str, Any], quantiles: Array, shapes: Mapping[str, Any]
    ) -> "Store":
        """Make the folder, or take up the one that was interrupted.

        Raises
        ------
        BadInput
            When the folder holds an ensemble of other inputs, or other files.
        CouldNotWrite
            When it cannot be written.
        """
        if (folder / "ensemble.json").is_file():
            found = cls.opened(folder)
            _same(found.about, about, folder)
            return found
        if folder.is_dir() and any(each.name not in _OWN for each in folder.iterdir()):
            expected = "an empty folder, or the store of this ensemble"
            raise BadInput(Fault(str(folder), None, "store", "other files", expected))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            np.save(folder / "quantiles.npy", quantiles)
            for name, shape in shapes.items():
                path = folder / f"{name}.npy"
                np.lib.format.open_memmap(path, mode="w+", dtype=np.float64, shape=tuple(shape))
            write_whole({folder / "ensemble.json": json.dumps(dict(about), indent=1).encode()})
        except OSError as error:
            raise _not_written(folder, error) from error
        return cls(folder, json.loads(json.dumps(dict(about))))

    @classmethod
    def opened(cls, folder: Path) -> "Store":
        """Open a folder.

        Raises
        ------
        BadInput
            When it holds no ensemble.
        """
        try:
            about = json.loads((folder / "ensemble.json").read_text("utf-8"))
            return cls(folder, {**about, "digest": about["digest"]})
        except (OSError, ValueError, TypeError, KeyError) as error:
            fault = Fault(str(folder), None, "store", f"no ensemble ({error})", "a stored ensemble")
            raise BadInput(fault) from error

    @cached_property
    def quantiles(self) -> Array:
        """Where each draw lies in the range of each input, (inputs, draws), not read at once."""
        return self._array("quantiles")

    @cached_property
    def series(self) -> Array:
        """All series, (draws, days, series), not read at once."""
        return self._array("series")

    @cached_property
    def weights(self) -> Array:
        """Value of the markets in each draw, (draws, markets)."""
        return self._array("weights")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Draws, days and series."""
        draws, days, width = self.series.shape
        return int(draws), int(days), int(width)

    def part(self, _name: str, columns: slice) -> Array:
        """Give some of the series of all draws, (draws, days, series), not read at once."""
        return self.series[:, :, columns]

    def finished(self) -> set[int]:
        """Give the numbers of the batches that lie on the disk, whole."""
        out = set()
        for mark in sorted((self.folder / "done").glob("*.json")):
            written = json.loads(mark.read_text("utf-8"))
            first, last = written["draws"]
            if written["digest"] == self._digest(first, last):
                out.add(int(mark.stem))
        return out

    def put(self, number: int, first: int, arrays: Mapping[str, Array]) -> None:
        """Write a batch that begins with the draw `first`.

        Raises
        ------
        CouldNotWrite
            When the disk is full or gone; the batches before it stay.
        """
        last = first
        try:
            for name, values in arrays.items():
                last = first + len(values)
                self._write(name, first, np.ascontiguousarray(values, dtype=np.float64))
            mark = {"draws": [first, last], "digest": _fingerprint(arrays[n] for n in _FILLED)}
            write_whole({self.folder / "done" / f"{number:05d}.json": json.dumps(mark).encode()})
        except OSError as error:
            raise _not_written(self.folder, error) from error

    def draws(self, first: int, last: int) -> Array:
        """Read the series of some draws, (draws, days, series)."""
        whole = self._array("series")
        with (self.folder / "series.npy").open("rb") as file:
            file.seek(int(whole.offset) + first * whole.strides[0])  # type: ignore[attr-defined]
            flat = np.fromfile(file, np.float64, (last - first) * whole[0].size)
        return flat.reshape(last - first, *whole.shape[1:])

    def days(self, first: int, last: int) -> Array:
        """Read some days of all draws, (draws, days, series)."""
        whole = self._array("series")
        out = np.empty((len(whole), last - first, whole.shape[2]))
        start = int(whole.offset) + first * whole.strides[1]  # type: ignore[attr-defined]
        with (self.folder / "series.npy").open("rb") as file:
            for draw, each in enumerate(out):
                file.seek(start + draw * whole.strides[0])
                each[:] = np.fromfile(file, np.float64, each.size).reshape(each.shape)
        return out

    def _array(self, name: str) -> Array:
        return np.asanyarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"))

    def _write(self, name: str, first: int, values: Array) -> None:
        whole = self._array(name)
        with (self.folder / f"{name}.npy").open("r+b") as file:
            file.seek(int(whole.offset) + first * whole.strides[0])  # type: ignore[attr-defined]
            file.write(values.data)
            file.flush()
            os.fsync(file.fileno())

    def _digest(self, first: int, last: int) -> str:
        return _fingerprint([self.draws(first, last), self._array("weights")[first:last]])


def _fingerprint(arrays: Iterable[Array]) -> str:
    found = blake2b(digest_size=16)
    for each in arrays:
        found.update(np.ascontiguousarray(each, dtype=np.float64).data)
    return found.hexdigest()


def _same(stored: Mapping[str, Any], wanted: Mapping[str, Any], folder: Path) -> None:
    """Refuse a store of other inputs; say which differ."""
    plain = json.loads(json.dumps(dict(wanted)))
    names = (
        "scenario",
        "draws",
        "seed",
        "method",
        "batch",
        "precision",
        "groups",
        "version",
        "digest",
    )
    faults = [
        Fault(
            str(folder), None, name, f"{stored.get(name)}", f"{plain.get(name)}, or another store"
        )
        for name in names
        if stored.get(name) != plain.get(name)
    ]
    if faults:
        raise BadInput(faults)


def _not_written(folder: Path, error: OSError) -> CouldNotWrite:
    reason = error.strerror or str(error)
    return CouldNotWrite(f"{folder}: could not be written ({reason}); finished batches are kept")
