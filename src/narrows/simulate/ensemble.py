"""Run a scenario many times over what is not known for sure."""

import tempfile
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from narrows.network import Network
from narrows.simulate.batches import Queue, Work, in_this_process, on_dask
from narrows.simulate.digest import digest_of
from narrows.simulate.ensemble_result import Ensemble
from narrows.simulate.guard import guard
from narrows.simulate.prepare import prepare
from narrows.simulate.processes import in_processes
from narrows.simulate.result import NORMAL_FLOW, network_name
from narrows.simulate.sampling import METHODS, design, ranges_of, with_values, words_of
from narrows.simulate.saving import scenario_text
from narrows.simulate.scenario import Scenario
from narrows.simulate.store import Store
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["about_of", "computed", "ensemble", "estimates_of", "shapes_of", "width_of"]

Progress = Callable[[int, int], None]
_PRECISIONS = ("float64", "float32")
_BATCH_BYTES = 512 * 2**20
_MOST_BY_UNIT = 20_000_000
_LEAST_BATCH, _MOST_BATCH = 4, 32  # wider batches leave the cache: 64 took half as long again


def ensemble(
    net: Network,
    scenario: Scenario,
    draws: int = 1000,
    seed: int = 1,
    *,
    client: Any = None,  # noqa: ANN401 - a client of Dask, which need not be installed
    workers: int = 1,
    store: str | Path | None = None,
    method: str = METHODS[0],
    batch: int | None = None,
    by_unit: bool | None = None,
    precision: str = "float64",
    progress: Progress | None = None,
) -> Ensemble:
    """Run a scenario on draws of everything that has a range.

    Drawn are the estimates of the case that the network uses, and every number of the scenario
    with a range. The same draws, seed, method and batch give the same bits, whoever computes.

    Parameters
    ----------
    net
        A network, from a case or from a table.
    scenario
        Shocks, rules and days.
    draws, seed
        How many draws, and where their streams start.
    client
        A ``dask.distributed`` client: the batches run on its workers.
    workers
        Processes of this machine; 1 is this process. A script that asks for more needs
        ``if __name__ == "__main__":`` around its main part. On large dense tables they are
        threads, which share the table.
    store
        Folder that keeps each finished batch. After an interruption the same call goes on from
        there. None: a temporary folder, gone with the result.
    method
        ``latin-hypercube``, or ``sobol`` with a power of two as number of draws.
    batch
        Draws computed side by side; None: what fits about 512 MB, 32 at most.
    by_unit
        Whether production is kept by unit too; None: where all draws take less than 160 MB.
    precision
        ``float64`` or ``float32``.
    progress
        Called with draws done and draws in all.

    Returns
    -------
    Ensemble
        Daily series of each draw; bands, summary, drivers.

    Raises
    ------
    BadInput
        When an argument is out of range, or the store holds an ensemble of other inputs.
    UnknownName
        When the scenario names what the network has not.
    CouldNotFinish
        When a draw gives what is no number, or workers keep dying; finished batches are kept.
    CouldNotWrite
        When the disk is full; finished batches are kept.
    """
    for name, value, least in (("draws", draws, 1), ("seed", seed, 0), ("workers", workers, 1)):
        _whole(name, value, least)
    if precision not in _PRECISIONS:
        raise UnknownName("precision", precision, list(_PRECISIONS), where="ensemble")
    if by_unit is None:
        by_unit = draws * scenario.days * len(net.units.item) <= _MOST_BY_UNIT
    work = _work(net, scenario, precision, by_unit=by_unit)
    width = width_of(net, batch)
    kept = _store(work, draws, seed, method, width, store)
    result = Ensemble(kept)
    if store is None:
        weakref.finalize(kept, _removed, kept.folder)
    queue = Queue(kept.quantiles, width, kept.finished())
    done = draws - sum(queue.size(number) for number in queue)
    if progress:
        progress(done, draws)
    for number, arrays in computed(work, queue, workers, client):
        kept.put(number, number * width, arrays)
        done += queue.size(number)
        if progress:
            progress(done, draws)
    return result


def computed(
    work: Work,
    queue: Queue,
    workers: int,
    client: Any,  # noqa: ANN401 - of Dask
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Compute the batches: here, in processes beside this one, or on Dask."""
    waiting = list(queue)
    if client is not None and waiting:
        return on_dask(work, queue, client)
    if workers > 1 and len(waiting) > 1:
        return in_processes(work, queue, min(workers, len(waiting)))
    return in_this_process(work, queue)


def _work(net: Network, scenario: Scenario, precision: str, *, by_unit: bool) -> Work:
    """Find the inputs; a scenario that fails, at the ends of its ranges too, fails here."""
    prepare(net, [scenario])
    paths = tuple(ranges_of(scenario))
    for u in (0.0, 1.0):
        with_values(scenario, dict.fromkeys(paths, u))
    return Work(net, scenario, paths, estimates_of(net), precision, by_unit)


def estimates_of(net: Network) -> tuple[str, ...]:
    """Give the estimates of the case that the network uses."""
    if net.origins is None:
        return ()
    used = net.origins.row_ids()
    ids = net.origins.case.estimates()["id"].tolist()
    return tuple(name for name in ids if name in used or name.rpartition(":")[0] in used)


def _store(
    work: Work, draws: int, seed: int, method: str, width: int, folder: str | Path | None
) -> Store:
    about = about_of(work, draws=draws, seed=seed, method=method, batch=width)
    names = [*work.paths, *work.estimates]
    quantiles = design(names, draws=draws, seed=seed, method=method)
    path = Path(tempfile.mkdtemp(prefix="narrows-")) if folder is None else Path(folder)
    return Store.made(path, about, quantiles, shapes_of(work, draws))


def shapes_of(work: Work, draws: int) -> dict[str, tuple[int, ...]]:
    """Give the shapes of what a store keeps."""
    return {
        "series": (draws, work.scenario.days, work.collector.width),
        "weights": (draws, len(work.collector.labels["market"])),
    }


def about_of(work: Work, **settings: object) -> dict[str, Any]:
    """Tell what the ensemble is made from, with the labels of its axes."""
    from importlib.metadata import version

    collector, scenario, net = work.collector, work.scenario, work.net
    case = () if net.origins is None else net.origins.case
    parts = (case.digest, case.drawn, case.settings) if case else ()
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "date": str(scenario.date or ""),
        "days": scenario.days,
        **settings,
        "precision": work.precision,
        "version": version("narrows"),
        "digest": digest_of(net, scenario, *parts),
        "unit": net.weight_unit if net.origins is None else NORMAL_FLOW,
        "weight_unit": net.weight_unit,
        "first_shock": min((shock.start for shock in scenario.shocks), default=1),
        "groups": collector.groups,
        "labels": {axis: list(names) for axis, names in collector.labels.items()},
        "scenario_json": scenario_text(scenario),
        "guard": guard(net, scenario).to_json(),
        "network": network_name(net),
        "inputs": _inputs(work),
    }


def _inputs(work: Work) -> list[dict[str, Any]]:
    """Tell what each input is, with its range."""
    ranges = ranges_of(work.scenario)
    out: list[dict[str, Any]] = [
        {
            "input": path,
            "about": words_of(work.scenario, path),
            "low": r.low,
            "best": r.best,
            "high": r.high,
        }
        for path, r in ranges.items()
    ]
    if not work.estimates:
        return out
    frame = work.net.made_from.case.estimates().set_index("id").loc[list(work.estimates)]
    words = frame[["subject", "measure", "entity", "period"]].astype(str).agg(" ".join, axis=1)
    for name, about, low, best, high in zip(
        frame.index, words, frame["low"], frame["best"], frame["high"], strict=True
    ):
        text = " ".join(about.split())
        out.append({"input": name, "about": text, "low": low, "best": best, "high": high})
    return out


def width_of(net: Network, wanted: int | None) -> int:
    """Give the draws of a batch: as wanted, or what fits into memory."""
    if wanted is not None:
        _whole("batch", wanted, 1)
        return wanted
    numbers = 8 * (len(net.needs.item) + len(net.units.item)) + 1
    fits = int(np.clip(_BATCH_BYTES // (8 * numbers), _LEAST_BATCH, _MOST_BATCH))
    return int(2 ** (fits.bit_length() - 1))


def _whole(name: str, value: object, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise BadInput(Fault("ensemble", None, name, f"{value!r}", f"{least} or more, whole"))


def _removed(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
