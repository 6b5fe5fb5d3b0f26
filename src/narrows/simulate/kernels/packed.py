"""The constant part of the fused day, as flat arrays for the loops of `sweep`."""

from collections.abc import Sized
from dataclasses import MISSING, fields
from itertools import pairwise
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from narrows.simulate.kernels import sweep as loops
from narrows.simulate.kernels.blocks import Block, Cut, Model
from narrows.simulate.kernels.states import Day
from narrows.simulate.kernels.vectors import lanes

__all__ = ["Packed", "fits"]

Array = NDArray[Any]
_COPIES: WeakValueDictionary[Any, Array] = WeakValueDictionary()
_TERMS = ("recipe", "goal", "restock", "reach")
_READ = {
    Model: "output headroom headroom_rate blocks nested holds market_needs no_free_share calm",
    Block: "item units buyers shares market adaptive waits base never stops substitute cuts "
    + " ".join(_TERMS),
    Cut: "number rows columns shares total",
    Day: "loss demand open adaptive surge stock_kept stock_added recipe waits morning",
}


def fits(model: Model, day: Day) -> bool:
    """Tell whether the fused day can do a model; a day shows what its shocks use.

    It can where each block has one array of shares for all scenarios, the worst input counts, and
    nothing is used that it does not know: a field it does not read must have its default.
    """
    cuts = [cut for block in model.blocks for cut in block.cuts]
    return (
        model.nested
        and bool(model.blocks)
        and all(_only_known(part) for part in (model, day, *model.blocks, *cuts))
        and all(isinstance(block.shares, np.ndarray) for block in model.blocks)
        and all(block.shares.ndim < 3 for block in model.blocks)
    )


def _only_known(part: Any) -> bool:  # noqa: ANN401 - a dataclass of `blocks`
    """Tell whether the fields that are not read have their defaults."""
    known = _READ[type(part)].split()
    return all(
        _empty(getattr(part, each.name), each.default)
        for each in fields(part)
        if each.name not in known
    )


def _empty(value: object, default: object) -> bool:
    if isinstance(value, Sized) and not isinstance(value, str):
        return not len(value)
    return default is not MISSING and value == default


class Packed:
    """Blocks, terms and shares of a model, one after the other.

    Parameters
    ----------
    model
        The model.
    width
        Number of scenarios.
    kind
        Type of the numbers.

    Attributes
    ----------
    columns
        Scenarios with those added to fill vectors: copies of the first one, never shown.
    rows
        Where the needs of each block lie among all needs.
    given, units
        For the loops: see `sweep`; output, headroom and its rate.
    bounded
        Blocks whose bound hangs on more than their stock.
    """

    def __init__(self, model: Model, width: int, kind: Any) -> None:  # noqa: ANN401
        self.model, self.width, self.kind = model, width, np.dtype(kind)
        alone = width == 1 and all(_by_unit(block.shares) for block in model.blocks)
        self.columns = 1 if alone else -(-width // lanes(kind)) * lanes(kind)
        ends = np.cumsum([0, *(len(block.base) for block in model.blocks)]).tolist()
        self.rows = [slice(*pair) for pair in pairwise(ends)]
        self.shares = [_of_kind(block.shares, self.kind) for block in model.blocks]
        self.blocks = np.array([self._described(number) for number in range(len(self.rows))])
        self.buyers = np.concatenate([_numbers(block.buyers) for block in model.blocks])
        self.base, self.terms = self._terms()
        self.units = (
            self.wide(model.output),
            self.wide(model.headroom),
            self.wide(model.headroom_rate),
        )
        self.given = (
            self.blocks,
            np.array([_place(shares) for shares in self.shares]),
            self.buyers,
            self.terms,
            self.base,
            self.kind.type(model.no_free_share),
            lanes(kind),
        )
        self.bounded = [
            number
            for number, block in enumerate(model.blocks)
            if block.stops is not None or block.substitute is not None
        ]
        self.calm = self.kind.type(-1.0 if model.calm is None else model.calm)
        self.no_cut = np.zeros((5, 0, self.columns), kind)

    def wide(self, values: Array, columns: int | None = None) -> Array:
        """Give an array of the right type with all columns."""
        size = self.columns if columns is None else columns
        out = np.empty((len(values), size), self.kind)
        given = values.shape[1]
        out[:, :given] = values
        if given < size:
            out[:, given:] = out[:, :1]
        return out

    def factors(self, day: Day) -> Array:
        """Give the factors on recipes of today, and note where they lie."""
        self.blocks[:, loops.FACTOR] = -1
        seen, parts = 0, [np.zeros((0, self.columns), self.kind)]
        for number, factor in day.recipe.items():
            self.blocks[number, loops.FACTOR] = seen
            parts.append(self.wide(factor))
            seen += len(factor)
        return np.concatenate(parts)

    def re_sourcing(self, day: Day) -> Array:
        """Give rho of each block, (blocks, columns), and note where all of it is 0."""
        rho = np.concatenate([self.wide(np.reshape(each, (1, -1))) for each in day.adaptive])
        now = (self.blocks[:, loops.WAITS] == 0) | (rho > 0).any(axis=1)
        self.blocks[:, loops.FREE] = self.blocks[:, loops.ADAPTIVE] * now
        return rho

    def _described(self, number: int) -> list[int]:
        """Give the whole numbers that describe a block to the loops, see `sweep`."""
        block, rows = self.model.blocks[number], self.rows[number]
        running = block.stops is None and block.substitute is None and not block.market
        units = (block.units.start, block.units.stop - block.units.start)
        waits, pooled = block.adaptive and block.waits, block.shares.ndim == 1
        stops = block.stops is not None
        flags = [block.market, block.adaptive, waits, False, pooled, running, stops]
        return [rows.start, rows.stop - rows.start, *units, *map(int, flags), -1, 0]

    def _terms(self) -> tuple[Array, Array]:
        """Give the use in normal times and the terms of all needs."""
        blocks = self.model.blocks
        each = [getattr(block, name) for block in blocks for name in ("base", *_TERMS)]
        several = any(term is not None and term.shape[1] > 1 for term in each)
        size = self.columns if several else 1
        base = np.zeros((self.rows[-1].stop, size), self.kind)
        terms = np.zeros((4, *base.shape), self.kind)
        for block, rows in zip(blocks, self.rows, strict=True):
            base[rows] = self.wide(block.base, size)
            for term, name in zip(terms, _TERMS, strict=True):
                if not block.market:
                    term[rows] = self.wide(getattr(block, name), size)
        return base, terms


def _of_kind(shares: Array, kind: np.dtype[Any]) -> Array:
    """Give shares in a precision; all models that are in use take the same copy."""
    if shares.dtype == kind:
        return shares
    key = (shares.ctypes.data, shares.shape, shares.strides, kind)
    found = _COPIES.get(key)
    if found is None:
        found = _COPIES[key] = shares.astype(kind)
    return found


def _numbers(rows: Any) -> NDArray[np.int64]:  # noqa: ANN401 - a slice or numbers
    found = np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows
    return np.asarray(found, np.int64)


def _by_unit(shares: Array) -> bool:
    """Tell whether each need has its own shares, and those of a unit follow each other."""
    return shares.ndim > 1 and shares.strides[-1] == shares.itemsize


def _place(shares: Array) -> tuple[int, int, int]:
    """Give the address of shares, and their steps by unit and by need."""
    steps = [step // shares.itemsize for step in shares.strides]
    return shares.ctypes.data, steps[0], steps[1] if shares.ndim > 1 else 0
