"""Many draws as columns of one simulation.

Each draw has its own network, rules and shocks, with the same structure: the same units, needs
and links. What is the same in all draws stays one array; what differs becomes columns.
"""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from narrows.network import Network
from narrows.simulate.cuts import Links
from narrows.simulate.drive import Drive
from narrows.simulate.kernels.blocks import Block, Model
from narrows.simulate.prepare import Prepared, before, prepare
from narrows.simulate.scenario import Scenario

__all__ = ["prepare_draws"]

Part = TypeVar("Part", bound=Any)

_NEUTRAL = {"stops": 1.0, "substitute": np.inf}  # of a block, where some draws have none


def prepare_draws(
    nets: Sequence[Network], scenarios: Sequence[Scenario], *, slack: float
) -> list[Prepared]:
    """Bind draws to one simulation, a column each; to one simulation each where links differ.

    Parameters
    ----------
    nets
        The network of each draw; one for all where it is the same.
    scenarios
        The scenario of each draw: the same but for numbers.
    slack
        See `prepare`.

    Returns
    -------
    list of Prepared
        In the order of the draws.
    """
    first = scenarios[0]
    if len(nets) == 1 and all(each.rules == first.rules for each in scenarios):
        return [prepare(nets[0], scenarios, slack=slack)]
    each = [nets[0]] * len(scenarios) if len(nets) == 1 else nets
    parts = [
        prepare(net, [scenario], slack=slack) for net, scenario in zip(each, scenarios, strict=True)
    ]
    if not _alike(parts):
        return parts
    model = _model([part.model for part in parts])
    slack = 0.0 if first.rules.peer else slack
    links = Links(())
    shocks = len(first.shocks)
    links.members = [
        frozenset(number + draw * shocks for number in members for draw in range(len(scenarios)))
        for members in parts[0].drive.links.members
    ]
    drive = Drive(nets[0], scenarios, model, links)
    return [Prepared(model, before(model, drive, slack), drive, parts[0].blocks)]


def _alike(parts: Sequence[Prepared]) -> bool:
    """Tell whether links and units are of the same kind in all draws.

    With home first, a cut may close other links; a time at sea with a range differs in days.
    """

    def links(part: Prepared) -> list[object]:
        process = part.model.process
        rows = [] if process is None else process.rows.tolist()
        shapes = [
            (
                np.ravel(block.item).tolist(),
                cut.number,
                cut.lane,
                cut.rows.tolist(),
                cut.columns.tolist(),
            )
            for block in part.model.blocks
            for cut in block.cuts
        ]
        lanes = [[(lane.rank, lane.days) for lane in block.lanes] for block in part.model.blocks]
        goods = [(each.goods.shape, each.goods.tobytes()) for each in part.model.rebuildings]
        return [shapes, lanes, rows, goods, part.drive.links.members]

    first = links(parts[0])
    return all(links(part) == first for part in parts[1:])


def _model(parts: Sequence[Model]) -> Model:
    blocks = tuple(_block(same) for same in zip(*(part.blocks for part in parts), strict=True))
    bare = [replace(part, blocks=()) for part in parts]
    return replace(_joined(bare, bare[0]), blocks=blocks)


def _block(parts: Sequence[Block]) -> Block:
    """Join the same block of all draws."""
    for name, neutral in _NEUTRAL.items():
        values = [getattr(part, name) for part in parts]
        if any(each is None for each in values) and any(each is not None for each in values):
            parts = [
                part
                if getattr(part, name) is not None
                else replace(part, **{name: np.full_like(part.base, neutral)})
                for part in parts
            ]
    return _joined(parts, parts[0])


def _joined(parts: Sequence[Part], first: Part) -> Part:
    """Join the same dataclass of all draws, field by field."""
    changes = {
        each.name: _field(each.name, [getattr(part, each.name) for part in parts])
        for each in fields(first)
    }
    joined: Part = replace(first, **changes)
    return joined


def _field(name: str, values: Sequence[Any]) -> Any:  # noqa: ANN401 - any field of a model
    first = values[0]
    if isinstance(first, tuple):
        return tuple(_field(name, same) for same in zip(*values, strict=True))
    if is_dataclass(first) and not isinstance(first, type):
        return _joined(values, first)
    if not isinstance(first, np.ndarray) or all(_same(first, each) for each in values[1:]):
        return first
    if name == "shares":
        stacked = np.stack(values, axis=-1)
        return stacked[:, None] if first.ndim == 1 else stacked
    return np.concatenate(values, axis=-1)


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Tell whether two arrays are equal, at once where they are the same memory."""
    here, there = one.__array_interface__, other.__array_interface__
    if here["data"] == there["data"] and here["strides"] == there["strides"]:
        return one.shape == other.shape
    return np.array_equal(one, other)
