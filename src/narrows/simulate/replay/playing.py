"""Run a replay: draws of everything with a range, the rivals, and the scores."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from narrows.simulate.replay.behaviour import HISTORY, behaviour
from narrows.simulate.replay.case import Observation, ReplayCase
from narrows.simulate.replay.chain import Chain
from narrows.simulate.replay.drawing import drawn
from narrows.simulate.replay.measures import Seen, read_off
from narrows.simulate.replay.reading import read_case
from narrows.simulate.replay.result import Replay
from narrows.simulate.replay.rivals import rival
from narrows.simulate.replay.scoring import (
    BAND,
    error,
    hit,
    interval_score,
    rival_band,
    strict_hit,
)
from narrows.simulate.replay.series import Series, simulated
from narrows.terms import BadInput, Fault, UnknownName

__all__ = ["DRAWS", "bundled_replays", "read_replay", "replay"]

Array = NDArray[np.float64]
DRAWS = 200
_LEAST_DRAWS = 10
_NOTHING = 1e-9  # of any unit: rounding


def bundled_replays() -> dict[str, Path]:
    """Give the files of the bundled replays by name."""
    return {path.stem: path for path in sorted((HISTORY / "replays").glob("*.yaml"))}


def read_replay(name_or_path: str | Path) -> ReplayCase:
    """Read a replay: a bundled one by name, or a YAML file.

    Raises
    ------
    UnknownName
        When it is neither.
    BadInput
        When it is a folder, is not there, or is faulty: every fault with file, line, what was
        found and what is allowed.
    """
    path = bundled_replays().get(str(name_or_path), Path(name_or_path))
    if path.is_dir():
        raise BadInput(Fault(str(name_or_path), None, "", "a folder", "a replay file"))
    if not path.is_file():
        if path.suffix in (".yaml", ".yml"):
            raise BadInput(Fault(str(name_or_path), None, "", "no such file", "a replay file"))
        raise UnknownName("replay", str(name_or_path), list(bundled_replays()))
    return read_case(path)


def replay(name_or_path: str | Path, *, draws: int = DRAWS, seed: int = 1) -> Replay:
    """Run a disruption of the past as known at the time, and put what was seen beside it.

    Parameters
    ----------
    name_or_path
        Name of a bundled replay, or a file.
    draws, seed
        Draws of everything that has a range in the file and in the behaviour, and where they
        start. Observations are never drawn from, and never seen by the engine.

    Returns
    -------
    Replay
        With ``.table`` (a row an observation) and ``.score``.

    Raises
    ------
    UnknownName, BadInput
        See `narrows.simulate.Scenario` for the form of faults.

    Examples
    --------
    >>> made = replay("renesas-fire-2021", draws=20)
    >>> made.table["point"].tolist()
    ['capacity-day29', 'capacity-day73', 'full-shipments']
    """
    wanted_draws: object = draws  # a caller may give anything
    if not isinstance(wanted_draws, int) or draws < _LEAST_DRAWS:
        fault = Fault("replay", None, "draws", f"{draws!r}", f"{_LEAST_DRAWS} or more, whole")
        raise BadInput(fault)
    case = read_replay(name_or_path)
    chains = drawn(case, behaviour(), draws=draws, seed=seed)
    series = simulated(chains)
    seen = [_one(series, chain, number) for number, chain in enumerate(chains)]
    plain = Chain(case, behaviour())
    paper = tuple(rival(case, plain, stocks=stocks) for stocks in (False, True))
    wanted = [each for each in case.observations if each.score != "context"]
    table = pd.DataFrame([_row(each, seen, paper) for each in wanted])
    return Replay(case, draws, seed, table, _daily(case, seen, paper))


def _one(series: Series, chain: Chain, draw: int) -> Seen:
    return Seen(
        chain,
        series.shipped[draw],
        series.made[draw],
        series.orders[draw],
        {pair: each[draw] for pair, each in series.stock.items()},
        {pair: each[draw] for pair, each in series.delivered.items()},
    )


def _row(point: Observation, seen: Sequence[Seen], paper: Sequence[Seen]) -> dict[str, object]:
    """Give the row of an observation."""
    values = np.array([read_off(each, point) for each in seen])
    ends = np.percentile(values, [BAND[0], 50, BAND[1]])
    low, median, high = np.where(np.abs(ends) < _NOTHING, 0.0, ends).tolist()
    said = [read_off(each, point) for each in paper]
    bands = {"": (low, high), "_a": rival_band(said[0]), "_b": rival_band(said[1])}
    middles = {"": median, "_a": said[0], "_b": said[1]}
    row: dict[str, object] = {
        "point": point.id,
        "kind": point.score,
        "unit": point.unit,
        "observed_low": point.low,
        "observed_high": point.high,
        "predicted": median,
        "predicted_low": low,
        "predicted_high": high,
        "rival_a": said[0],
        "rival_b": said[1],
    }
    for ending, band in bands.items():
        row[f"hit{ending}"] = hit(point, *band)
        row[f"strict_hit{ending}"] = strict_hit(point, *band)
        row[f"error{ending}"] = error(point, middles[ending])
        row[f"interval_score{ending}"] = interval_score(point, *band)
    return {**row, "source": point.src}


def _daily(case: ReplayCase, seen: Sequence[Seen], paper: Sequence[Seen]) -> pd.DataFrame:
    """Give what is shipped by day over the base: of each item, and of each provider."""
    days = pd.date_range(
        pd.Timestamp(case.day_zero) + pd.Timedelta(days=case.days[0]), periods=case.horizon
    )
    whom = {item.id: case.members((item.id,)) for item in case.items}
    whom |= {maker.id: (maker.id,) for maker in case.providers}
    whom |= {each.measure.whom: case.members(each.measure.of) for each in case.observations}
    whom.pop("", None)
    frames = []
    for name, members in whom.items():
        flows = np.stack([each.flow(each.shipped, members) for each in seen])
        low, median, high = np.percentile(flows, [BAND[0], 50, BAND[1]], axis=0)
        said = [each.flow(each.shipped, members) for each in paper]
        columns: dict[str, Array] = {
            "predicted": median,
            "predicted_low": low,
            "predicted_high": high,
            "rival_a": said[0],
            "rival_b": said[1],
        }
        frames.append(pd.DataFrame({"day": days, "whom": name, **columns}))
    return pd.concat(frames, ignore_index=True)
