"""Sixteen searches in one: the loops for many sources that lie close together.

Sources that are neighbours on the map reach nearly the same nodes by nearly the same ways. The sixteen distances of a
node stand side by side, and one instruction of the processor relaxes an arc for all of them.

That alone gains nothing. There is no order of nodes in which sixteen searches are all done at once, so each node is
looked at ten times. It pays on the folded graph (`xsgeo.search.contraction`): climbing into its core and coming down
to the other three quarters of the nodes take one pass each, in an order that is right for every source; and the core
is so much smaller that going round it until nothing changes is soon done. What of the core is looked at is what any of
the sixteen reaches, which one ordinary search from all of them together finds first, in the order of their distance;
in that order a few rows at a time are gone round, each two and a half times.
"""

# Compiled functions take arrays one by one.
# ruff: noqa: PLR0917

from __future__ import annotations

import numpy as np

from xsgeo.search.kernels import Int32s, Int64s, _compiled, _flood, _more_room
from xsgeo.search.rows import LANES, _begin, _empty_rows, _level, _push, _relax, _Rows

# How many rows of the core are gone round until nothing changes before the next ones are.
_WINDOW = 256


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


_Folded = tuple[Int32s, Int32s, Int32s, Int32s, Int32s, Int64s]


@_compiled
def _climb(
    folded: _Folded, seed_first: Int64s, seeds: Int32s, sources: Int64s, limit: np.int32, row_of: Int32s
) -> tuple[_Rows, int]:
    """Go from up to sixteen sources up to the core, from the lowest level; the rows on the way. Clears `row_of`."""
    place, first, arcs, _, _, levels = folded
    head = np.full(len(levels) - 1, -1, np.int32)
    n_seeds = 0
    for source in sources:
        n_seeds += seed_first[source + 1] - seed_first[source]
    held, n_rows = _empty_rows(16 * n_seeds), 0
    node, least, after, lanes = held
    for lane in range(len(sources)):
        for k in range(seed_first[sources[lane]], seed_first[sources[lane] + 1]):
            here, ms = np.uint32(place[np.uint32(seeds[k, 0])]), seeds[k, 1]
            if ms <= limit:
                if row_of[here] >= 0:
                    _begin(np.uint32(n_rows), here, np.int32(limit + 1), node, least, lanes)
                    own = _level(here, levels)
                    after[n_rows], head[own] = head[own], n_rows
                    row_of[here] = np.int32(-1 - n_rows)
                    n_rows += 1
                row = np.uint32(np.int32(-1) - row_of[here])
                at = row * np.uint32(LANES) + np.uint32(lane)
                least[row], lanes[at] = min(least[row], ms), min(lanes[at], ms)
    for level in range(len(head) - 1, 0, -1):
        held, n_rows = _push(level, held, n_rows, first, arcs, limit, levels, head, row_of)
    for j in range(n_rows):
        row_of[np.uint32(held[0][j])] = np.int32(limit + 1)
    return held, n_rows


@_compiled
def _into_core(climbed: _Rows, n_climbed: int, n_core: int) -> Int32s:
    """Where a climb comes into the core, as (place, ms)."""
    seeds = np.empty((n_climbed, 2), np.int32)
    count = 0
    for j in range(n_climbed):
        if climbed[0][j] < n_core:
            seeds[count, 0], seeds[count, 1] = climbed[0][j], climbed[1][j]
            count += 1
    return seeds[:count]


@_compiled
def _settle(held: _Rows, n_core: int, fresh: Int32s, first: Int32s, arcs: Int32s, row_of: Int32s) -> None:
    """Relax the arcs of the core until nothing changes, a few rows at a time."""
    node, _, _, lanes = held
    own_first = np.empty(n_core + 1, np.int32)
    room = 0
    for j in range(n_core):
        room += first[node[j] + 1] - first[node[j]]
    own = np.empty((room + 1, 2), np.int32)
    count = np.uint32(0)
    for j in range(n_core):
        here = np.uint32(node[j])
        own_first[j] = count
        for k in range(np.uint32(first[here]), np.uint32(first[here + np.uint32(1)])):
            row = row_of[np.uint32(arcs[k, 0])]
            own[count, 0], own[count, 1] = np.int32(-1) - row, arcs[k, 1]
            count += np.uint32(row < 0)
    own_first[n_core] = count
    again = True
    while again:
        again = False
        for begin in range(np.uint32(0), np.uint32(n_core), np.uint32(_WINDOW)):
            end, inside = min(begin + np.uint32(_WINDOW), np.uint32(n_core)), True
            while inside:
                inside = False
                for j in range(begin, end):
                    if fresh[j]:
                        fresh[j] = 0
                        for k in range(np.uint32(own_first[j]), np.uint32(own_first[j + np.uint32(1)])):
                            to = np.uint32(own[k, 0])
                            less = _relax(lanes, np.uint32(j), lanes, to, own[k, 1])
                            fresh[to] |= np.int32(less)
                            inside |= bool(less & (to < j) & (to >= begin))
                            again |= bool(less & (to < begin))


@_compiled
def _rows(
    climbed: _Rows, n_climbed: int, used: np.uint32, pool: Int32s, limit: np.int32, levels: Int64s, row_of: Int32s
) -> tuple[_Rows, int, int, Int32s, Int32s]:
    """Rows for what a search left behind in the core and, after them, for the rest of a climb.

    With how many are of the core, how many there are, which of the core the climb came to, and the first of each level.
    """
    # About as many rows to a row of the core as the graph has nodes to a node of the core, and a fourth more.
    held = _empty_rows(n_climbed + 256 + int(1.25 * int(used) * (levels[-1] / max(1, levels[1]))))
    node, least, after, lanes = held
    head, n_core = np.full(len(levels) - 1, -1, np.int32), 0
    for j in range(used):
        here, ms = np.uint32(pool[j, 0]), pool[j, 1]
        if row_of[here] == ms:
            _begin(np.uint32(n_core), here, np.int32(limit + 1), node, least, lanes)
            least[n_core], after[n_core] = ms, n_core + 1
            row_of[here] = np.int32(-1 - n_core)
            n_core += 1
    if n_core:
        head[0], after[n_core - 1] = 0, -1
    n_rows, fresh = n_core, np.zeros(n_core, np.int32)
    for j in range(n_climbed):
        here, row = np.uint32(climbed[0][j]), n_rows
        if row_of[here] < 0:
            row = np.int64(-1) - row_of[here]
            fresh[row] = 1
        else:
            own = _level(here, levels)
            node[row], least[row], after[row], head[own] = here, climbed[1][j], head[own], row
            row_of[here] = np.int32(-1 - row)
            n_rows += 1
        for k in range(LANES):
            lanes[row * LANES + k] = climbed[3][j * LANES + k]
    return held, n_core, n_rows, fresh, head


@_compiled
def _swept(
    folded: _Folded,
    seed_first: Int64s,
    seeds: Int32s,
    sources: Int64s,
    limit: np.int32,
    bits: np.uint32,
    row_of: Int32s,
    buckets: Int32s,
    pool: Int32s,
) -> tuple[_Rows, int, Int32s]:
    """Places that up to sixteen sources reach, with the distances at each; how many; and the pool.

    `row_of`, far everywhere, tells in between the rows of places: -1, -2, ...
    """
    _, first, arcs, down_first, down_arcs, levels = folded
    climbed, n_climbed = _climb(folded, seed_first, seeds, sources, limit, row_of)
    into_core = _into_core(climbed, n_climbed, levels[1])
    used, pool = _flood(first, arcs, into_core, limit, bits, row_of, buckets, pool)
    held, n_core, n_rows, fresh, head = _rows(climbed, n_climbed, used, pool, limit, levels, row_of)
    _settle(held, n_core, fresh, first, arcs, row_of)
    # Nothing hangs on what was taken out first.
    for level in range(max(1, len(head) - 1)):
        held, n_rows = _push(level, held, n_rows, down_first, down_arcs, limit, levels, head, row_of)
    for j in range(n_rows):
        row_of[np.uint32(held[0][j])] = np.int32(limit + 1)
    return held, n_rows, pool


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
        held, n_rows, pool = _swept(
            folded, seed_first, seeds, some, np.int32(limit), np.uint32(bits), distance, head, pool
        )
        names = held[0][:n_rows]
        for j in range(n_rows):
            names[j] = number[np.uint32(names[j])]
        answers, filled = _handed_out(held[3], names, limit, count[i : i + LANES], answers, filled)
    return count, answers[:filled], pool


@_compiled
def reach_doors(
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
        held, n_rows, pool = _swept(
            folded, seed_first, seeds, some, np.int32(limit), np.uint32(bits), distance, head, pool
        )
        doors, at_doors = _at_doors(held[0][:n_rows], held[3], some, limit, way_first, ways, short_first, shorts, best)
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
