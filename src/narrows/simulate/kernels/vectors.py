"""The two inner loops of the fused day in vector registers, for numba.

`product` is the inner part of a matrix product: a tile of the result stays in registers while the
sum runs, and the last axis, of scenarios, lies in the lanes of the vectors. It reads the sourcing
shares as they lie, by columns or by rows, so no copy of them is packed. `evening` is the stock and
the need of one row, from one load to one store.

Numba keeps what it compiled by the date of `sweep.py`; after a change here, touch that file.

References
----------
Goto and van de Geijn (2008), Anatomy of high-performance matrix multiplication, ACM Transactions
on Mathematical Software 34(3), article 12.
"""

from typing import Any

import llvmlite.binding as host
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["ROWS", "evening", "lanes", "pointer", "product", "start"]

_FEATURES = host.get_host_cpu_features()
_BYTES = 64 if _FEATURES.get("avx512f") else 32 if _FEATURES.get("avx2") else 16
ROWS = 6 if _FEATURES.get("sse2") and _BYTES < 64 else 12
"""Rows of a full tile: with two vectors each they fill the registers (16 or 32)."""
_INT = ir.IntType(64)
_intrinsic: Any = intrinsic  # numba's types for these say less than they do
_pointer_to: Any = types.CPointer
_unpacked: Any = cgutils.unpack_tuple
_FUSED = ("contract",)  # multiply and add at once where the processor can


def lanes(kind: Any) -> int:  # noqa: ANN401 - a type of numpy
    """Give how many numbers of a kind a vector holds."""
    return int(_BYTES // np.dtype(kind).itemsize)


@_intrinsic  # type: ignore[untyped-decorator]
def start(typing: Any, array: Any, offset: Any) -> Any:  # noqa: ANN401, ARG001 - of numba
    """Give the address of an element of an array, counted in elements from its first."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ANN401, ARG001
        made = context.make_array(array)(context, builder, given[0])
        return builder.gep(made.data, [given[1]])

    return _pointer_to(array.dtype)(array, offset), code


@_intrinsic  # type: ignore[untyped-decorator]
def pointer(typing: Any, number: Any, like: Any) -> Any:  # noqa: ANN401, ARG001 - of numba
    """Give the address that a whole number names, of elements as an array has them."""

    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ANN401
        return builder.inttoptr(given[0], context.get_value_type(signature.return_type))

    return _pointer_to(like.dtype)(number, like), code


def product(rows: int, vectors: int) -> Any:  # noqa: ANN401 - of numba
    """Make out[r] (+)= sum over n of s[n s_n + r s_r] x[n x_n], for `rows` rows of vectors.

    Parameters
    ----------
    rows, vectors
        Size of the tile.

    Returns
    -------
    intrinsic
        Called with s, s_n, s_r, x, x_n, count (1 or more), out, out_r and whether to add to what
        `out` holds; steps are in elements.
    """

    @_intrinsic  # type: ignore[untyped-decorator]
    def tile(  # noqa: PLR0917
        typing: Any,  # noqa: ANN401, ARG001
        s: Any,  # noqa: ANN401
        s_n: Any,  # noqa: ANN401, ARG001
        s_r: Any,  # noqa: ANN401, ARG001
        x: Any,  # noqa: ANN401
        x_n: Any,  # noqa: ANN401, ARG001
        count: Any,  # noqa: ANN401, ARG001
        out: Any,  # noqa: ANN401
        out_r: Any,  # noqa: ANN401, ARG001
        add: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ANN401, ARG001
            kind = context.get_value_type(s.dtype)
            _Tile(builder, kind, s.dtype.bitwidth // 8, rows, vectors).write(given)
            return context.get_dummy_value()

        whole = types.intp
        return types.void(s, whole, whole, x, whole, whole, out, whole, add), code

    return tile


class _Tile:
    """Writes the code of a tile."""

    def __init__(self, builder: Any, kind: Any, size: int, rows: int, vectors: int) -> None:  # noqa: ANN401
        self.builder, self.lanes = builder, _BYTES // size
        self.tools = _Vectors(builder, ir.VectorType(kind, self.lanes))
        self.places = [(row, column) for row in range(rows) for column in range(vectors)]
        self.rows, self.vectors = range(rows), range(vectors)

    def write(self, given: Any) -> None:  # noqa: ANN401
        """Write the loop over n, with the tile in registers."""
        s, s_n, s_r, x, x_n, count, out, out_r, add = given
        build, tools = self.builder, self.tools
        left = [build.gep(s, [build.mul(s_r, _INT(row))]) for row in self.rows]
        kept = {(r, c): self._place(out, build.mul(out_r, _INT(r)), c) for r, c in self.places}
        before = build.block
        old, loop, done = (build.append_basic_block(name) for name in ("old", "loop", "done"))
        build.cbranch(add, old, loop)
        build.position_at_end(old)
        held = {at: tools.load(kept[at]) for at in self.places}
        build.branch(loop)
        build.position_at_end(loop)
        number, at_s, at_x = (build.phi(_INT) for _ in range(3))
        sums = {at: build.phi(tools.vector) for at in self.places}
        right = [tools.load(self._place(x, at_x, column)) for column in self.vectors]
        factor = [tools.spread(build.load(build.gep(each, [at_s]))) for each in left]
        new = {(r, c): _Value(build, sums[r, c]) + factor[r] * right[c] for r, c in self.places}
        for phi, step in ((number, _INT(1)), (at_s, s_n), (at_x, x_n)):
            after = build.add(phi, step)
            for value, block in ((_INT(0), before), (_INT(0), old), (after, loop)):
                phi.add_incoming(value, block)
            if phi is number:
                more = build.icmp_signed("<", after, count)
        for at in self.places:
            first = tools.zero().value
            for value, block in ((first, before), (held[at].value, old), (new[at].value, loop)):
                sums[at].add_incoming(value, block)
        build.cbranch(more, loop, done)
        build.position_at_end(done)
        for at in self.places:
            tools.store(new[at], kept[at])

    def _place(self, first: Any, offset: Any, column: int) -> Any:  # noqa: ANN401
        return self.tools.vector_at(first, self.builder.add(offset, _INT(column * self.lanes)))


def evening(*, spread: bool) -> Any:  # noqa: ANN401 - of numba
    """Make the loop that brings the stock of one need to the evening and places its order.

    Parameters
    ----------
    spread
        Whether the need is spread over the free shares.

    Returns
    -------
    intrinsic
        Called with the addresses of deliveries (a part of E), free share, order (comes out), E,
        stock, production, wanted production and running bound of the row; with recipe, goal,
        restock, reach, never and the least free share; and with the number of vectors.
    """

    @_intrinsic  # type: ignore[untyped-decorator]
    def row(typing: Any, rows: Any, terms: Any, count: Any) -> Any:  # noqa: ANN401, ARG001
        kind = rows[0].dtype

        def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:  # noqa: ANN401, ARG001
            at = _unpacked(builder, given[0])
            lanes = _BYTES // (kind.bitwidth // 8)
            tools = _Vectors(builder, ir.VectorType(context.get_value_type(kind), lanes))
            terms = [tools.spread(each) for each in _unpacked(builder, given[1])]
            with cgutils.for_range(builder, given[2]) as loop:
                offset = builder.mul(loop.index, loop.index.type(lanes))
                _evening(tools, [tools.vector_at(each, offset) for each in at], terms, spread)
            return context.get_dummy_value()

        return types.void(rows, terms, count), code

    return row


def _evening(tools: Any, at: list[Any], terms: list[Any], spread: bool) -> None:  # noqa: ANN401
    came, free, e, scaled, stock, made, wanted, level = at
    recipe, goal, restock, reach, never, least = terms
    use, held = recipe * tools.load(made), tools.load(stock)
    left = held + tools.load(came) * tools.load(scaled) - use.least(held)
    tools.store(left, stock)
    tools.store(tools.load(level).least(left * reach + never), level)
    zero = tools.zero()
    need = (goal * tools.load(wanted) - left).most(zero) * restock + use
    if spread:
        able = tools.load(free)
        need = able.above(least, need / able, zero)
    tools.store(need, e)
    tools.store(need, scaled)


class _Vectors:
    """Loads, stores and makes vectors."""

    def __init__(self, builder: Any, vector: Any) -> None:  # noqa: ANN401
        self.builder, self.vector = builder, vector

    def vector_at(self, place: Any, offset: Any) -> Any:  # noqa: ANN401
        here = self.builder.gep(place, [offset])
        return self.builder.bitcast(here, self.vector.as_pointer())

    def load(self, place: Any) -> "_Value":  # noqa: ANN401
        found = self.builder.load(place)
        found.align = _BYTES // self.vector.count
        return _Value(self.builder, found)

    def store(self, value: "_Value", place: Any) -> None:  # noqa: ANN401
        self.builder.store(value.value, place).align = _BYTES // self.vector.count

    def zero(self) -> "_Value":
        return _Value(self.builder, ir.Constant(self.vector, None))

    def spread(self, number: Any) -> "_Value":  # noqa: ANN401
        """Put a number into all lanes."""
        none = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(none, number, ir.IntType(32)(0))
        count = self.vector.count
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), count), [0] * count)
        return _Value(self.builder, self.builder.shuffle_vector(first, none, lanes))


class _Value:
    """A vector that writes the code of what is done with it."""

    def __init__(self, builder: Any, value: Any) -> None:  # noqa: ANN401
        self.builder, self.value = builder, value

    def __add__(self, other: "_Value") -> "_Value":
        return _Value(self.builder, self.builder.fadd(self.value, other.value, flags=_FUSED))

    def __sub__(self, other: "_Value") -> "_Value":
        return _Value(self.builder, self.builder.fsub(self.value, other.value, flags=_FUSED))

    def __mul__(self, other: "_Value") -> "_Value":
        return _Value(self.builder, self.builder.fmul(self.value, other.value, flags=_FUSED))

    def __truediv__(self, other: "_Value") -> "_Value":
        return _Value(self.builder, self.builder.fdiv(self.value, other.value))

    def least(self, other: "_Value") -> "_Value":
        """Give the lesser; `other` where one is no number."""
        return other.above(self, self, other)

    def most(self, other: "_Value") -> "_Value":
        """Give the greater; `self` where one is no number."""
        return other.above(self, other, self)

    def above(self, limit: "_Value", then: "_Value", otherwise: "_Value") -> "_Value":
        """Give one or the other, by whether this is above a limit."""
        over = self.builder.fcmp_ordered(">", self.value, limit.value)
        return _Value(self.builder, self.builder.select(over, then.value, otherwise.value))
