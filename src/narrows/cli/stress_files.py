"""Files of `narrows stress` and `narrows compare`: results, tables, pictures."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import narrows as nw
from narrows.terms import BadInput, Fault, write_whole

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from narrows.simulate import Ensemble, Run

__all__ = ["loaded", "saved", "write_ensemble", "write_run"]

_ENDS = (".nc", ".zarr")
_INSIDE = ("run.nc", "run.zarr", "draws")
_DOTS = 150


def saved(name: str) -> "Run | Ensemble | None":
    """Open a saved run or ensemble; None where the name means none.

    The name of a bundled scenario means the scenario, also beside a folder of that name:
    ``./NAME`` means the folder.
    """
    if name in nw.simulate.bundled_scenarios():
        return None
    path = Path(name)
    inside = any((path / each).exists() for each in _INSIDE) or (path / "ensemble.json").is_file()
    return loaded(name) if inside or path.suffix in _ENDS else None


def loaded(name: str) -> "Run | Ensemble":
    """Open a saved run or ensemble: a file, a folder of Zarr, or a folder of ``--out``.

    Raises
    ------
    BadInput
        When there is none.
    """
    path = Path(name)
    if path.suffix not in _ENDS and path.is_dir():
        inside = [path / each for each in _INSIDE if (path / each).exists()]
        if not inside:
            return nw.simulate.Ensemble.load(path)
        path = inside[0]
        if path.name == "draws":
            return nw.simulate.Ensemble.load(path)
    if not path.exists():
        expected = "a saved run or ensemble, or a folder of --out"
        raise BadInput(Fault(name, None, "", "no such file or folder", expected))
    try:
        return nw.simulate.Run.load(path)
    except BadInput as run_error:
        try:
            return nw.simulate.Ensemble.load(path)
        except BadInput:
            raise run_error from None


def write_run(made: "Run", turns: "pd.DataFrame", folder: Path, form: str) -> list[Path]:
    """Write a run, its tables and its pictures."""
    chain = made.to_dataset().attrs["unit"] == nw.simulate.NORMAL_FLOW
    by = "unit" if chain else "place"
    frames = {
        "markets": made.summary(),
        f"losses-by-{by}": made.losses(by),
        "losses-by-item": made.losses("item"),
        "turning-points": turns,
    }
    kinds = ["markets", "items" if chain else "places", "losses"]
    pictures = {kind: made.plot(kind) for kind in kinds}
    files = _written(folder, frames, pictures)
    ending = "zarr" if form == "zarr" else "nc"
    return [made.save(folder / f"run.{ending}"), *files]


def write_ensemble(many: "Ensemble", folder: Path, form: str) -> list[Path]:
    """Write tables and pictures of an ensemble; its draws lie in the folder already."""
    frames = {
        "markets": many.summary(),
        "outcomes": many.outcomes(),
        "drivers": many.drivers(),
    }
    places = "production_of_place" in many.to_dataset()
    pictures = {kind: many.plot(kind) for kind in ["markets", "places" if places else "items"]}
    files = [folder / "draws", *_written(folder, frames, pictures)]
    if form == "zarr":
        files.append(many.save(folder / "ensemble.zarr"))
    else:
        bands = many.bands()
        write_whole({folder / "bands.nc": bytes(bands.to_netcdf(engine="scipy"))})
        files.append(folder / "bands.nc")
    return files


def _written(
    folder: Path, frames: "dict[str, pd.DataFrame]", pictures: "dict[str, Figure]"
) -> list[Path]:
    contents = {
        folder / f"{name}.csv": frame.to_csv(index=False, lineterminator="\n").encode()
        for name, frame in frames.items()
    }
    for name, figure in pictures.items():
        for ending in ("svg", "png"):
            contents[folder / f"{name}.{ending}"] = _drawn(figure, ending)
    write_whole(contents)
    return list(contents)


def _drawn(figure: "Figure", ending: str) -> bytes:
    """Give a picture as bytes, the same ones for the same picture."""
    import matplotlib as mpl

    out = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "narrows", "svg.fonttype": "none"}):
        metadata = {"Date": None} if ending == "svg" else {"Software": None}
        figure.savefig(out, format=ending, dpi=_DOTS, metadata=metadata)
    return out.getvalue()
