"""Sixteen searches in one: the loops for many sources that lie close together.

Sources that are neighbours on the map reach nearly the same nodes by nearly the same ways. The sixteen distances of a
node stand side by side, and one instruction of the processor relaxes an arc for all of them.

That alone gains nothing. There is no order of nodes in which sixteen searches are all done at once, so each node is
looked at ten times. It pays on the folded graph (`xsgeo.search.contraction`): climbing into its core and coming down
to the other three quarters of the nodes take one pass each, in an order that is right for every source; and the core
is so much smaller that going round it until nothing changes is soon done. What is looked at is what any of the sixteen
reaches, which one ordinary search from all of them together finds first.

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

from xsgeo.search.kernels import Int32s, Int64s, _compiled, _flood, _more_room

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


@_compiled
def _together(seed_first: Int64s, seeds: Int32s, sources: Int64s) -> Int32s:
    """The seeds of some sources."""
    count = 0
    for source in sources:
        count += seed_first[source + 1] - seed_first[source]
    joined = np.empty((count, 2), np.int32)
    count = 0
    for source in sources:
        for k in range(seed_first[source], seed_first[source + 1]):
            joined[count, 0], joined[count, 1] = seeds[k, 0], seeds[k, 1]
            count += 1
    return joined


@_compiled
def overlap(
    first: Int32s,
    arcs: Int32s,
    seed_first: Int64s,
    seeds: Int32s,
    sources: Int64s,
    limit: int,
    bits: int,
    distance: Int32s,
    head: Int32s,
    pool: Int32s,
) -> tuple[int, int, Int32s]:
    """How many nodes the middle one of some sources reaches, and how many any of them; the pool."""
    found = np.zeros(2, np.int64)
    middle = len(sources) // 2
    for i in range(2):
        part = sources[middle : middle + 1] if i == 0 else sources
        used, pool = _flood(
            first, arcs, _together(seed_first, seeds, part), np.int32(limit), np.uint32(bits), distance, head, pool
        )
        for j in range(used):
            node = np.uint32(pool[j, 0])
            found[i] += distance[node] == pool[j, 1]
        for j in range(used):
            distance[np.uint32(pool[j, 0])] = np.int32(limit + 1)
    one, any_of_them = int(found[0]), int(found[1])
    return one, any_of_them, pool


@_compiled
def _rows(
    place: Int32s, levels: Int64s, used: np.uint32, distance: Int32s, pool: Int32s, far: np.int32
) -> tuple[int, int, Int32s]:
    """How many nodes of the core, and how many nodes, a search left behind; these, by level. Clears the distances."""
    n_levels = len(levels) - 1
    begin = np.zeros(n_levels + 1, np.int64)
    found, level = np.empty(used, np.int32), np.empty(used, np.uint8)
    n_rows = np.uint32(0)
    for j in range(used):
        node = np.uint32(pool[j, 0])
        here = place[node]
        own = np.uint8(0)
        for i in range(1, n_levels):
            own += np.uint8(here >= levels[i])
        last = distance[node] == pool[j, 1]
        found[n_rows], level[n_rows] = here, own
        begin[own + 1] += last
        n_rows += np.uint32(last)
    for i in range(n_levels):
        begin[i + 1] += begin[i]
    n_core = begin[1]
    for j in range(used):
        distance[np.uint32(pool[j, 0])] = far
    rows = np.empty(n_rows, np.int32)
    for j in range(n_rows):
        rows[begin[level[j]]] = found[j]
        begin[level[j]] += 1
    return int(n_core), int(n_rows), rows


@_compiled
def _climb(
    n_core: int, rows: Int32s, first: Int32s, arcs: Int32s, row_of: Int32s, lanes: Int32s, fresh: Int32s
) -> None:
    """Relax the arcs that lead up, from the lowest level to the core."""
    for j in range(len(rows) - 1, n_core - 1, -1):
        if fresh[j]:
            here = np.uint32(rows[j])
            for k in range(np.uint32(first[here]), np.uint32(first[here + np.uint32(1)])):
                row = row_of[np.uint32(arcs[k, 0])]
                if row < 0:
                    to = np.uint32(np.int32(-1) - row)
                    fresh[to] |= np.int32(_relax(lanes, np.uint32(j), lanes, to, arcs[k, 1]))


@_compiled
def _settle(
    n_core: int, rows: Int32s, first: Int32s, arcs: Int32s, row_of: Int32s, lanes: Int32s, fresh: Int32s
) -> None:
    """Relax the arcs of the core until nothing changes."""
    own_first = np.empty(n_core + 1, np.int32)
    room = 0
    for j in range(n_core):
        room += first[rows[j] + 1] - first[rows[j]]
    own = np.empty((room + 1, 2), np.int32)
    count = np.uint32(0)
    for j in range(n_core):
        here = np.uint32(rows[j])
        own_first[j] = count
        for k in range(np.uint32(first[here]), np.uint32(first[here + np.uint32(1)])):
            row = row_of[np.uint32(arcs[k, 0])]
            own[count, 0], own[count, 1] = np.int32(-1) - row, arcs[k, 1]
            count += np.uint32(row < 0)
    own_first[n_core] = count
    again = True
    while again:
        again = False
        for j in range(np.uint32(n_core)):
            if fresh[j]:
                fresh[j] = 0
                for k in range(np.uint32(own_first[j]), np.uint32(own_first[j + np.uint32(1)])):
                    to = np.uint32(own[k, 0])
                    less = _relax(lanes, np.uint32(j), lanes, to, own[k, 1])
                    fresh[to] |= np.int32(less)
                    again |= bool(less & (to < j))


@_compiled
def _descend(n_core: int, rows: Int32s, in_first: Int32s, in_arcs: Int32s, row_of: Int32s, lanes: Int32s) -> None:
    """Relax the arcs that lead down, level by level from the core."""
    for j in range(n_core, len(rows)):
        here = np.uint32(rows[j])
        for k in range(np.uint32(in_first[here]), np.uint32(in_first[here + np.uint32(1)])):
            row = row_of[np.uint32(in_arcs[k, 0])]
            if row < 0:
                _relax(lanes, np.uint32(np.int32(-1) - row), lanes, np.uint32(j), in_arcs[k, 1])


_Near = tuple[Int32s, Int32s]
_Folded = tuple[Int32s, Int32s, Int32s, Int32s, Int32s, Int64s]


@_compiled
def _swept(
    near: _Near,
    folded: _Folded,
    seed_first: Int64s,
    seeds: Int32s,
    sources: Int64s,
    limit: int,
    bits: int,
    distance: Int32s,
    head: Int32s,
    pool: Int32s,
) -> tuple[Int32s, Int32s, Int32s]:
    """Places that up to sixteen sources reach, the distances at each, and the pool."""
    place, first, arcs, in_first, in_arcs, levels = folded
    far = np.int32(limit + 1)
    joined = _together(seed_first, seeds, sources)
    used, pool = _flood(near[0], near[1], joined, np.int32(limit), np.uint32(bits), distance, head, pool)
    n_core, n_rows, rows = _rows(place, levels, used, distance, pool, far)
    # The distances, all far again, tell the rows from here on: -1, -2, ... at the places of the folded graph.
    for j in range(n_rows):
        distance[np.uint32(rows[j])] = np.int32(-1 - j)
    lanes = np.full(n_rows * LANES, far, np.int32)
    fresh = np.zeros(n_rows, np.int32)
    for lane in range(len(sources)):
        for k in range(seed_first[sources[lane]], seed_first[sources[lane] + 1]):
            row = np.int64(-1) - distance[np.uint32(place[seeds[k, 0]])]
            if row >= 0:
                lanes[row * LANES + lane] = min(lanes[row * LANES + lane], seeds[k, 1])
                fresh[row] = 1
    _climb(n_core, rows, first, arcs, distance, lanes, fresh)
    _settle(n_core, rows, first, arcs, distance, lanes, fresh)
    _descend(n_core, rows, in_first, in_arcs, distance, lanes)
    for j in range(n_rows):
        distance[np.uint32(rows[j])] = far
    return rows, lanes, pool


@_compiled
def _handed_out(
    lanes: Int32s, names: Int32s, limit: int, count: Int64s, answers: Int32s, filled: int
) -> tuple[Int32s, int]:
    """Add what is within the limit to the answers, lane by lane: the name of each row, and its ms."""
    for lane in range(len(count)):
        if filled + len(names) >= len(answers):
            answers = _more_room(answers, filled, len(names))
        at, here = np.uint32(filled), np.uint32(lane)
        for j in range(len(names)):
            ms = lanes[here]
            here += np.uint32(LANES)
            answers[at, 0], answers[at, 1] = names[j], ms
            at += np.uint32(ms <= limit)
        count[lane] = at - filled
        filled = int(at)
    return answers, filled


@_compiled
def reach_nodes(
    near: _Near,
    folded: _Folded,
    number: Int32s,
    seed_first: Int64s,
    seeds: Int32s,
    sources: Int64s,
    limit: int,
    bits: int,
    distance: Int32s,
    head: Int32s,
    pool: Int32s,
    size: int,
) -> tuple[Int64s, Int32s, Int32s]:
    """As `xsgeo.search.kernels.reach_nodes`; `number` is the caller's node at each place of the folded graph."""
    count = np.zeros(len(sources), np.int64)
    answers = np.empty((size, 2), np.int32)
    filled = 0
    for i in range(0, len(sources), LANES):
        some = sources[i : i + LANES]
        rows, lanes, pool = _swept(near, folded, seed_first, seeds, some, limit, bits, distance, head, pool)
        for j in range(len(rows)):
            rows[j] = number[np.uint32(rows[j])]
        answers, filled = _handed_out(lanes, rows, limit, count[i : i + LANES], answers, filled)
    return count, answers[:filled], pool


@_compiled
def reach_doors(
    near: _Near,
    folded: _Folded,
    seed_first: Int64s,
    seeds: Int32s,
    sources: Int64s,
    limit: int,
    bits: int,
    distance: Int32s,
    head: Int32s,
    pool: Int32s,
    size: int,
    way_first: Int64s,
    ways: Int32s,
    short_first: Int64s,
    shorts: Int32s,
    best: Int32s,
) -> tuple[Int64s, Int32s, Int32s]:
    """As `xsgeo.search.kernels.reach_doors`; `way_first` is by place of the folded graph."""
    count = np.zeros(len(sources), np.int64)
    answers = np.empty((size, 2), np.int32)
    filled = 0
    for i in range(0, len(sources), LANES):
        some = sources[i : i + LANES]
        rows, lanes, pool = _swept(near, folded, seed_first, seeds, some, limit, bits, distance, head, pool)
        doors, at_doors = _at_doors(rows, lanes, some, limit, way_first, ways, short_first, shorts, best)
        answers, filled = _handed_out(at_doors, doors, limit, count[i : i + LANES], answers, filled)
    return count, answers[:filled], pool


@_compiled
def _at_doors(
    rows: Int32s,
    lanes: Int32s,
    sources: Int64s,
    limit: int,
    way_first: Int64s,
    ways: Int32s,
    short_first: Int64s,
    shorts: Int32s,
    best: Int32s,
) -> tuple[Int32s, Int32s]:
    """The doors that hang on some rows or are reached by shortcuts, and the distances at each.

    `best` is far (above the limit) for every door, and again when all is done; in between it tells a door's row.
    """
    room = 0
    for row in rows:
        room += way_first[row + 1] - way_first[row]
    for source in sources:
        room += short_first[source + 1] - short_first[source]
    doors, at_doors = np.empty(room, np.int32), np.full(room * LANES, np.int32(limit + 1), np.int32)
    n_doors = 0
    for j in range(len(rows)):
        for k in range(way_first[rows[j]], way_first[rows[j] + 1]):
            door = np.uint32(ways[k, 0])
            if best[door] > limit:
                best[door] = np.int32(-1 - n_doors)
                doors[n_doors] = door
                n_doors += 1
            _relax(lanes, np.uint32(j), at_doors, np.uint32(np.int32(-1) - best[door]), ways[k, 1])
    for lane in range(len(sources)):
        for k in range(short_first[sources[lane]], short_first[sources[lane] + 1]):
            door, ms = np.uint32(shorts[k, 0]), shorts[k, 1]
            if best[door] > limit:
                best[door] = np.int32(-1 - n_doors)
                doors[n_doors] = door
                n_doors += 1
            at = (np.int64(-1) - best[door]) * LANES + lane
            at_doors[at] = min(at_doors[at], ms)
    for j in range(n_doors):
        best[np.uint32(doors[j])] = np.int32(limit + 1)
    return doors[:n_doors], at_doors
