"""Scenarios as JSON, and results in folders of Zarr: what a saved run needs to be made again."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from narrows.simulate import profiles, routes, rules, scenario, shocks, values
from narrows.simulate.scenario import Scenario
from narrows.terms import BadInput, CouldNotWrite, Fault

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["is_zarr", "opened", "scenario_from", "scenario_text", "written"]

_CLASSES: dict[str, Any] = {
    name: each
    for module in (profiles, routes, rules, scenario, shocks, values)
    for name, each in vars(module).items()
    if is_dataclass(each)
}
"""Everything a scenario may be made of, by the name of its class."""


def scenario_text(given: Scenario) -> str:
    """Give a scenario as JSON that `scenario_from` reads.

    Examples
    --------
    >>> scenario = Scenario(name="nothing", days=30)
    >>> scenario_from(scenario_text(scenario)) == scenario
    True
    """
    return json.dumps(_plain(given), ensure_ascii=False)


def scenario_from(text: str) -> Scenario:
    """Give the scenario of a saved result.

    Raises
    ------
    BadInput
        When the text is none.
    """
    try:
        made = _made(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        found = f"what cannot be read ({error})"
        raise BadInput(Fault("scenario", None, "", found, "a scenario as saved")) from error
    if not isinstance(made, Scenario):
        raise BadInput(Fault("scenario", None, "", "something else", "a scenario as saved"))
    return made


def is_zarr(path: str | Path) -> bool:
    """Tell whether a path is meant to be Zarr."""
    return Path(path).suffix == ".zarr"


def written(data: "xr.Dataset", path: str | Path) -> Path:
    """Write a dataset, whole or not at all: Zarr where the path ends so, else NetCDF.

    Raises
    ------
    CouldNotWrite
        When it cannot be written.
    BadInput
        When the path is Zarr and zarr is not installed, or there is a folder with other files.
    """
    target = Path(path)
    if is_zarr(target):
        _zarr_there()
        if target.is_dir() and not (target / ".zgroup").is_file() and any(target.iterdir()):
            expected = "a Zarr folder, or nothing"
            raise BadInput(Fault(str(target), None, "", "a folder of other files", expected))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            if is_zarr(target):
                data.to_zarr(beside / "new", mode="w", zarr_format=2, consolidated=False)
            else:
                data.to_netcdf(beside / "new", engine="scipy")
            if is_zarr(target) and target.is_dir():
                shutil.rmtree(target)
            (beside / "new").replace(target)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise CouldNotWrite(f"{target}: {error.strerror or error}") from error
    return target


def opened(path: str | Path, expected: str) -> "xr.Dataset":
    """Open a dataset; its series are read from the disk as needed.

    Raises
    ------
    BadInput
        When it is not there or cannot be read.
    """
    import xarray as xr

    if is_zarr(path):
        _zarr_there()
    try:
        if is_zarr(path):
            found: xr.Dataset = xr.open_zarr(path, chunks=None, consolidated=False)
            return found
        return xr.open_dataset(path, engine="scipy")
    except (OSError, TypeError, ValueError, KeyError, IndexError) as error:
        told = f"what cannot be read ({error})"
        raise BadInput(Fault(str(path), None, "", told, expected)) from error


def _zarr_there() -> None:
    from importlib.util import find_spec

    if find_spec("zarr") is None:
        expected = "pip install 'narrows[zarr]', or a file that ends with .nc"
        raise BadInput(Fault("zarr", None, "", "no such package", expected))


def _plain(thing: Any) -> Any:  # noqa: ANN401 - any part of a scenario
    if is_dataclass(thing) and not isinstance(thing, type):
        parts = {each.name: getattr(thing, each.name) for each in fields(thing) if each.init}
        parts.pop("where", None)
        return {"is": type(thing).__name__, **{name: _plain(part) for name, part in parts.items()}}
    if isinstance(thing, tuple):
        return [_plain(part) for part in thing]
    if isinstance(thing, list):
        return {"is": "list", "parts": [_plain(part) for part in thing]}
    if isinstance(thing, Mapping):
        return {"is": "mapping", "parts": {str(key): _plain(part) for key, part in thing.items()}}
    if isinstance(thing, date):
        return {"is": "date", "day": thing.isoformat()}
    return thing.item() if hasattr(thing, "item") else thing


def _made(plain: Any) -> Any:  # noqa: ANN401 - any part of a scenario
    if isinstance(plain, list):
        return tuple(_made(part) for part in plain)
    if not isinstance(plain, Mapping):
        return plain
    if plain["is"] == "list":
        return [_made(part) for part in plain["parts"]]
    if plain["is"] == "mapping":
        return {key: _made(part) for key, part in plain["parts"].items()}
    if plain["is"] == "date":
        return date.fromisoformat(plain["day"])
    given = {name: _made(part) for name, part in plain.items() if name != "is"}
    return _CLASSES[plain["is"]](**given)
