"""Full Sobol indices of a few named inputs: what each does alone, and with all others.

The draws of `ensemble` give first-order indices of every input at no cost. Total indices, which
count joint action too, need a design of their own: ``draws (inputs + 2)`` runs.

References
----------
Saltelli et al. (2010), Variance based sensitivity analysis of model output. Design and estimator
for the total sensitivity index, Computer Physics Communications 181(2):259-270.
Herman and Usher (2017), SALib: An open-source Python library for sensitivity analysis, Journal of
Open Source Software 2(9):97.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.batches import Queue, Work
from narrows.simulate.ensemble import about_of, computed, estimates_of, shapes_of, width_of
from narrows.simulate.ensemble_result import Ensemble
from narrows.simulate.outcomes import ALL, LOSSES
from narrows.simulate.sampling import ranges_of
from narrows.simulate.scenario import Scenario
from narrows.simulate.store import Store
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["Sobol", "sobol"]

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
_MOST_INPUTS = 20
_EDGE = 1e-12


@dataclass(frozen=True)
class Sobol:
    """Sobol indices of some inputs.

    Attributes
    ----------
    table
        One row an input: input, first_order and total (parts of the variance of the
        outcome), each with ``_interval`` (half the width of its 95 % interval by bootstrap); the
        largest total first.
    outcome, market
        What varies.
    runs
        How many runs were made.
    """

    table: pd.DataFrame
    outcome: str
    market: str
    runs: int


def sobol(
    net: Network,
    scenario: Scenario,
    inputs: Sequence[str],
    draws: int = 256,
    seed: int = 1,
    *,
    of: str = LOSSES[0],
    market: str = ALL,
    workers: int = 1,
    progress: Progress | None = None,
) -> Sobol:
    """Give first-order and total Sobol indices of a few inputs; all others keep one value.

    Other numbers of the scenario keep their best value. Other estimates of the case do too where
    no estimate is asked about, and else keep the median of their range.

    Parameters
    ----------
    net, scenario
        As in `ensemble`.
    inputs
        Numbers of the scenario with a range (``shocks.0.lost``, ``rules.psi``) and estimates of
        the case, as `Ensemble.drivers` names them; at most 20.
    draws
        A power of two; ``draws (inputs + 2)`` runs are made.
    seed
        Of the scrambled Sobol points and of the bootstrap.
    of, market
        Outcome and market, as in `Ensemble.drivers`.
    workers
        Processes of this machine.
    progress
        Called with runs done and runs in all.

    Returns
    -------
    Sobol
        The indices.

    Raises
    ------
    UnknownName
        For an input without a range, another outcome or market.
    BadInput
        When draws is no power of two, there are no inputs or too many, or SALib is not installed.
    """
    _checked(inputs, draws, of)
    ranges, known = tuple(ranges_of(scenario)), estimates_of(net)
    for name in inputs:
        if name not in ranges and name not in known:
            raise UnknownName("input", name, [*ranges, *known], where="sobol")
    paths = tuple(name for name in inputs if name in ranges)
    work = Work(net, scenario, paths, tuple(n for n in inputs if n in known), "float64", False)
    names = [*work.paths, *work.estimates]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    quantiles = _design(problem, draws, seed)
    with tempfile.TemporaryDirectory(prefix="narrows-") as folder:
        result = _outcomes(work, quantiles, Path(folder), workers, progress)
    mine = result[result["market"] == market]
    if mine.empty:
        markets = list(dict.fromkeys(result["market"]))
        raise UnknownName("market", market, markets, where="sobol")
    table = _indices(problem, mine[of].to_numpy(), seed)
    return Sobol(table, of, market, quantiles.shape[1])


def _checked(inputs: Sequence[str], draws: int, of: str) -> None:
    from importlib.util import find_spec

    faults = []
    if not 1 <= len(inputs) <= _MOST_INPUTS or len(set(inputs)) < len(inputs):
        found = f"{len(inputs)} names"
        faults.append(Fault("sobol", None, "inputs", found, f"1 to {_MOST_INPUTS}, each once"))
    if draws < 2 or draws & (draws - 1):
        faults.append(Fault("sobol", None, "draws", f"{draws!r}", "a power of two, such as 256"))
    if find_spec("SALib") is None:
        expected = "pip install 'narrows[sensitivity]'"
        faults.append(Fault("sobol", None, "SALib", "no such package", expected))
    if faults:
        raise BadInput(faults)
    if of not in LOSSES:
        raise UnknownName("outcome", of, LOSSES, where="sobol")


def _design(problem: dict[str, Any], draws: int, seed: int) -> Array:
    """Give quantiles, (inputs, runs)."""
    from SALib.sample import sobol as points

    found = points.sample(problem, draws, calc_second_order=False, seed=seed)
    return np.ascontiguousarray(np.clip(found, _EDGE, 1 - _EDGE).T)


def _indices(problem: dict[str, Any], values: Array, seed: int) -> pd.DataFrame:
    from SALib.analyze import sobol as analysis

    names = problem["names"]
    if np.ptp(values) <= 1e-12 * max(abs(float(values.mean())), 1e-12):
        zero = np.zeros(len(names))
        found = dict.fromkeys(("S1", "S1_conf", "ST", "ST_conf"), zero)
    else:
        found = analysis.analyze(problem, values, calc_second_order=False, seed=seed)
    frame = pd.DataFrame(
        {
            "input": names,
            "first_order": found["S1"],
            "first_order_interval": found["S1_conf"],
            "total": found["ST"],
            "total_interval": found["ST_conf"],
        }
    )
    return frame.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def _outcomes(
    work: Work, quantiles: Array, folder: Path, workers: int, progress: Progress | None
) -> pd.DataFrame:
    """Run every column of the design; one row a run and market."""
    runs, width = quantiles.shape[1], width_of(work.net, None)
    about = about_of(work, draws=runs, seed=0, method="saltelli", batch=width)
    store = Store.made(folder, about, quantiles, shapes_of(work, runs))
    queue = Queue(store.quantiles, width, frozenset())
    done = 0
    for number, arrays in computed(work, queue, workers, None):
        store.put(number, number * width, arrays)
        done += queue.size(number)
        if progress:
            progress(done, runs)
    return Ensemble(store).outcomes()
