"""Rows of sixteen distances: how sixteen searches keep what they know of a place, and pass it on to others.

A row is begun when the first of sixteen searches comes to a place, so that memory and work follow what is reached.
Rows of a level of the folded graph (`xsgeo.search.contraction`) form a list, the latest first.

`_relaxing` is written in the language of the compiler because numba does not find the vector instruction by itself; on
a processor without it the compiler takes what there is, and sixteen additions at worst.
"""

# Compiled functions take arrays one by one.
# ruff: noqa: PLR0917

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba.extending import intrinsic

from xsgeo.search.kernels import Int32s, Int64s, _compiled

LANES = 16


def _relaxing(typing: Any, lanes: Any, row: Any, others: Any, to: Any, ms: Any) -> Any:
    """``others[to] = min(others[to], lanes[row] + ms)`` for rows of sixteen; whether any became less."""
    number, several, mask = ir.IntType(64), ir.VectorType(ir.IntType(32), LANES), ir.IntType(LANES)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def address(array: int) -> Any:
            data = context.make_array(signature.args[array])(context, builder, arguments[array]).data
            offset = builder.mul(builder.zext(arguments[array + 1], number), ir.Constant(number, LANES))
            return builder.bitcast(builder.gep(data, [offset]), several.as_pointer())

        none = ir.Constant(several, ir.Undefined)
        one = builder.insert_element(none, arguments[4], ir.Constant(ir.IntType(32), 0))
        added = builder.shuffle_vector(one, none, ir.Constant(several, [0] * LANES))
        target = address(2)
        total, before = builder.add(builder.load(address(0), align=4), added), builder.load(target, align=4)
        less = builder.icmp_signed("<", total, before)
        builder.store(builder.select(less, total, before), target, align=4)
        return builder.icmp_signed("!=", builder.bitcast(less, mask), ir.Constant(mask, 0))

    types = numba.types
    return types.boolean(lanes, types.uint32, others, types.uint32, types.int32), generate


_Relax = Callable[[Int32s, np.uint32, Int32s, np.uint32, np.int32], bool]
_relax = cast("_Relax", intrinsic(_relaxing))


_Rows = tuple[Int32s, Int32s, Int32s, Int32s]
"""Place of each row, the least of its sixteen distances, the next row of its level, and the distances."""


@_compiled
def _empty_rows(size: int) -> _Rows:
    return (
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        np.empty(size * LANES, np.int32),
    )


@_compiled
def _larger(held: _Rows, n_rows: int, wanted: int) -> _Rows:
    """A copy of the rows with room for twice as many, and some more."""
    node, least, after, lanes = held
    grown = _empty_rows(2 * len(node) + wanted)
    grown[0][:n_rows], grown[1][:n_rows], grown[2][:n_rows] = node[:n_rows], least[:n_rows], after[:n_rows]
    grown[3][: n_rows * LANES] = lanes[: n_rows * LANES]
    return grown


@_compiled
def _begin(row: np.uint32, here: np.uint32, far: np.int32, node: Int32s, least: Int32s, lanes: Int32s) -> None:
    """Begin a row for a place, from which all is far."""
    node[row], least[row] = here, far
    for k in range(row * np.uint32(LANES), (row + np.uint32(1)) * np.uint32(LANES)):
        lanes[k] = far


@_compiled
def _level(here: np.uint32, levels: Int64s) -> np.uint32:
    """The level of a place, which is 0 in the core."""
    level = np.uint32(0)
    for i in range(1, len(levels) - 1):
        level += np.uint32(here >= levels[i])
    return level


@_compiled
def _push(
    level: int,
    held: _Rows,
    n_rows: int,
    first: Int32s,
    arcs: Int32s,
    limit: np.int32,
    levels: Int64s,
    head: Int32s,
    row_of: Int32s,
) -> tuple[_Rows, int]:
    """Relax the arcs of the rows of a level, and begin rows where they lead to."""
    node, least, after, lanes = held
    at_level, far = head[level], np.int32(limit + 1)
    while at_level >= 0:
        row = np.uint32(at_level)
        here = np.uint32(node[row])
        begin, end = np.uint32(first[here]), np.uint32(first[here + np.uint32(1)])
        if n_rows + (end - begin) > len(node):
            node, least, after, lanes = _larger((node, least, after, lanes), n_rows, int(end - begin))
        own_least = least[row]
        for k in range(begin, end):
            total = np.int32(own_least + arcs[k, 1])
            if total <= limit:
                there = np.uint32(arcs[k, 0])
                if row_of[there] >= 0:
                    _begin(np.uint32(n_rows), there, far, node, least, lanes)
                    own = _level(there, levels)
                    after[n_rows], head[own] = head[own], n_rows
                    row_of[there] = np.int32(-1 - n_rows)
                    n_rows += 1
                to = np.uint32(np.int32(-1) - row_of[there])
                least[to] = min(least[to], total)
                _relax(lanes, row, lanes, to, arcs[k, 1])
        at_level = after[row]
    return (node, least, after, lanes), n_rows
