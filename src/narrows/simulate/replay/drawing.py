"""Draws of everything that has a range in a replay: the file's numbers and the behaviour.

Low and high are a 90 % range around the best value, which is the median: below it a number is
drawn from one half of a normal distribution, above it from another.

References
----------
Wallis (2014), The two-piece normal, binormal, or double Gaussian distribution: its origin and
rediscoveries, Statistical Science 29(1):106-112.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

import numpy as np
from scipy.special import ndtri

from narrows.simulate.replay.behaviour import Behaviour
from narrows.simulate.replay.case import ReplayCase
from narrows.simulate.replay.chain import Chain
from narrows.simulate.sampling import design, ranges_of
from narrows.simulate.values import Number, Range

__all__ = ["drawn", "inputs", "put", "uncertain"]

_MOST_GROUPS = 4  # draws with the same days at sea run together
_LEAST = 1e-6  # what may be none in some draws is kept, so that all draws have one shape
_TAIL = float(ndtri(0.95))
_BEYOND = 0.5  # part of its distance from best that an end may be passed by
_PARTS = (
    *("lost", "first_share", "licence_first_share", "covered"),
    *("redirected", "psi", "wip_usable", "shares", "without", "moved", "stays", "leaks"),
)
_PARTS_OF_FLOW = ("part_of_item", "substitute_share")
_MULTIPLES = ("headroom", "types_at_once")


def inputs(chain: Chain) -> dict[str, Range]:
    """Give every number with a range, by its path."""
    return ranges_of(cast("Any", chain))


def drawn(case: ReplayCase, rules: Behaviour, *, draws: int, seed: int) -> list[Chain]:
    """Give as many chains of plain numbers.

    Parameters
    ----------
    case, rules
        The replay and the behaviour.
    draws, seed
        How many, and where the streams start.
    """
    whole = Chain(uncertain(case, rules), rules)
    ranges = inputs(whole)
    quantiles = design(list(ranges), draws=draws, seed=seed)
    at_sea = [row for row, name in enumerate(ranges) if name.endswith(".transit_days")]
    classes = max(1, int(_MOST_GROUPS ** (1.0 / max(len(at_sea), 1))))
    if at_sea:
        quantiles[at_sea] = (np.floor(quantiles[at_sea] * classes) + 0.5) / classes
    columns = [
        _values(name, each, u) for (name, each), u in zip(ranges.items(), quantiles, strict=True)
    ]
    rows = np.array(columns).T.tolist() if columns else [[]] * draws
    return [put(whole, "", dict(zip(ranges, row, strict=True))) for row in rows]


def uncertain(case: ReplayCase, rules: Behaviour) -> ReplayCase:
    """Give a range to losses and their length where a file states one number.

    What is known in the first weeks is an estimate. All of it, or no day, is left as it is.
    """
    events = tuple(
        replace(
            each,
            lost=each.lost
            if each.lost is None or each.lost == 1
            else _spread(each.lost, rules.lost_over_stated),
            hold_days=_spread(each.hold_days, rules.hold_over_stated),
        )
        if each.kind in ("capacity", "lane")
        else each
        for each in case.events
    )
    return replace(case, events=events)


def _spread(value: Number, factor: Number) -> Number:
    """Give a plain number the range of a factor around it."""
    if isinstance(value, Range) or not value or not isinstance(factor, Range):
        return value
    return Range(value * factor.low, value * factor.best, value * factor.high)


def _values(name: str, value: Range, u: Any) -> Any:  # noqa: ANN401 - an array
    """Give the values of a range at some quantiles, within what the number can be."""
    z = ndtri(u) / _TAIL
    down, up = value.best - value.low, value.high - value.best
    out = value.best + np.where(z < 0, down * z, up * z)
    out = np.clip(out, value.low - _BEYOND * down, value.high + _BEYOND * up)
    words = name.split(".")
    least = 1.0 if words[-1] in _MULTIPLES else min(_LEAST, value.best)
    part = any(word in (*_PARTS, *_PARTS_OF_FLOW) for word in words[-2:]) and "path" not in words
    return np.clip(out, least, 1.0 if part else np.inf)


def put(thing: Any, path: str, values: Mapping[str, float]) -> Any:  # noqa: ANN401 - any part
    """Put plain numbers in place of ranges."""
    if isinstance(thing, Range):
        return values.get(path, thing)
    ahead = f"{path}." if path else ""
    if isinstance(thing, tuple):
        new = tuple(put(each, f"{ahead}{n}", values) for n, each in enumerate(thing))
        return new if any(a is not b for a, b in zip(new, thing, strict=True)) else thing
    if is_dataclass(thing) and not isinstance(thing, type):
        changes = {}
        for each in fields(thing):
            old = getattr(thing, each.name)
            made = put(old, ahead + each.name, values)
            if made is not old:
                changes[each.name] = made
        return replace(thing, **changes) if changes else thing
    return thing
