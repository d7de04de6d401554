"""The inner loops of the searches, compiled by numba; imported only when a search is about to run compiled.

What makes them fast, in the order of what it gained when tried:

* **Whole milliseconds in 32 bits.** Sums are exact, so the answer does not depend on the order of the additions, two
  engines can be compared bit by bit, and a relaxation moves half the memory that floats would.
* **A bucket queue** whose buckets are about as wide as a typical arc is long. Inside one bucket a node may be settled
  too early and again when a better way turns up (label-correcting), which costs a few repeats and saves the heap.
  Stale entries are known by a distance that is no longer the node's.
* **Pushing without a branch.** Whether a relaxation improves a node is a coin toss that the processor guesses wrong
  half of the time. `_flood` therefore always writes the queue entry and advances past it only if it counts.
* **No list of touched nodes.** The entries of the queue are kept; the last one of each node carries its distance, so
  one pass over them gives the answers and clears the distances. Work and memory follow what was reached, not the
  network.
* **Nodes in Hilbert order and arcs as (end, ms) side by side**, which the caller arranges: what is near on the map is
  near in memory.

The one search from all venues at once (`spread`) sweeps the whole network, which the processor's cache does not hold.
It therefore goes tile by tile: a tile is a run of nodes, which lie together on the map, and is read into the cache in
one go before it is searched; ways that lead into another tile wait for that one's turn, and tiles are searched until
nothing waits. Where sources are many, few ways lead far. The label of a node is ``ms << 32 | number``: of two venues
equally far the lesser number wins, by the same comparison and whatever the order of rows or tiles. With a step of 1
the lower half counts arcs instead, and the shortest way with the fewest arcs has no circles, even where arcs cost
nothing.

Indices are unsigned because numba then omits the test for negative ones. The loops release the GIL, hold no state and
raise nothing: whoever calls them has checked the input.
"""

# Compiled functions take arrays one by one.
# ruff: noqa: PLR0917

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
_Function = TypeVar("_Function", bound=Callable[..., Any])

_32 = np.int64(32)


def _compiled(function: _Function) -> _Function:
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


@_compiled
def _flood(
    first: Int32s,
    arcs: Int32s,
    seeds: Int32s,
    limit: np.int32,
    bits: np.uint32,
    distance: Int32s,
    head: Int32s,
    pool: Int32s,
) -> tuple[np.uint32, Int32s]:
    """Search from the seeds (node, ms) to the limit; distances and queue entries (node, ms, next) stay behind."""
    used = np.uint32(0)
    if len(pool) < len(seeds):
        pool = np.empty((2 * len(seeds), 3), np.int32)
    for i in range(len(seeds)):
        node, ms = np.uint32(seeds[i, 0]), seeds[i, 1]
        if ms < distance[node]:
            distance[node] = ms
            bucket = np.uint32(ms) >> bits
            pool[used, 0], pool[used, 1], pool[used, 2] = node, ms, head[bucket]
            head[bucket] = used
            used += np.uint32(1)
    for here in range((np.uint32(limit) >> bits) + np.uint32(1)):
        entry = head[here]
        while entry >= 0:
            at = np.uint32(entry)
            head[here] = pool[at, 2]
            node, ms = np.uint32(pool[at, 0]), pool[at, 1]
            if ms == distance[node]:
                begin, end = np.uint32(first[node]), np.uint32(first[node + np.uint32(1)])
                if used + (end - begin) >= len(pool):
                    grown = np.empty((2 * len(pool) + np.int64(end - begin), 3), np.int32)
                    grown[:used] = pool[:used]
                    pool = grown
                for k in range(begin, end):
                    neighbour, total = np.uint32(arcs[k, 0]), np.int32(ms + arcs[k, 1])
                    before = distance[neighbour]
                    better = total < before
                    distance[neighbour] = total if better else before
                    bucket = np.uint32(total) >> bits
                    top = head[bucket]
                    pool[used, 0], pool[used, 1], pool[used, 2] = neighbour, total, top
                    head[bucket] = np.int32(used) if better else top
                    used += np.uint32(better)
            entry = head[here]
    return used, pool


@_compiled
def _more_room(answers: Int32s, filled: int, wanted: int) -> Int32s:
    grown = np.empty((2 * len(answers) + wanted, 2), np.int32)
    grown[:filled] = answers[:filled]
    return grown


@_compiled
def reach_nodes(
    first: Int32s,
    arcs: Int32s,
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
    """For each source, how many nodes it reaches; then the nodes (by the caller's `number`) and their ms; the pool."""
    count = np.zeros(len(sources), np.int64)
    answers = np.empty((size, 2), np.int32)
    filled = 0
    far = np.int32(limit + 1)
    for i in range(len(sources)):
        begin, end = seed_first[sources[i]], seed_first[sources[i] + 1]
        used, pool = _flood(first, arcs, seeds[begin:end], np.int32(limit), np.uint32(bits), distance, head, pool)
        before = filled
        if filled + int(used) > len(answers):
            answers = _more_room(answers, filled, int(used))
        for j in range(used):
            node, ms = np.uint32(pool[j, 0]), pool[j, 1]
            if distance[node] == ms:
                answers[filled, 0], answers[filled, 1] = number[node], ms
                filled += 1
                distance[node] = far
        count[i] = filled - before
    return count, answers[:filled], pool


@_compiled
def reach_doors(
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
    size: int,
    way_first: Int64s,
    ways: Int32s,
    short_first: Int64s,
    shorts: Int32s,
    best: Int32s,
) -> tuple[Int64s, Int32s, Int32s]:
    """As `reach_nodes`, for doors that hang on nodes: `ways` (door, ms) by node, and `shorts` (door, ms) by source."""
    count = np.zeros(len(sources), np.int64)
    answers = np.empty((size, 2), np.int32)
    filled = 0
    far = np.int32(limit + 1)
    for i in range(len(sources)):
        source = sources[i]
        begin, end = seed_first[source], seed_first[source + 1]
        used, pool = _flood(first, arcs, seeds[begin:end], np.int32(limit), np.uint32(bits), distance, head, pool)
        before = filled
        for j in range(used):
            node, ms = np.uint32(pool[j, 0]), pool[j, 1]
            if distance[node] == ms:
                distance[node] = far
                n_ways = way_first[node + 1] - way_first[node]
                if filled + n_ways >= len(answers):
                    answers = _more_room(answers, filled, n_ways)
                for k in range(way_first[node], way_first[node + 1]):
                    door, total = np.uint32(ways[k, 0]), np.int32(ms + ways[k, 1])
                    if total < best[door]:
                        answers[filled, 0] = door
                        filled += best[door] == far
                        best[door] = total
        n_shorts = short_first[source + 1] - short_first[source]
        if filled + n_shorts >= len(answers):
            answers = _more_room(answers, filled, n_shorts)
        for k in range(short_first[source], short_first[source + 1]):
            door, total = np.uint32(shorts[k, 0]), shorts[k, 1]
            if total < best[door]:
                answers[filled, 0] = door
                filled += best[door] == far
                best[door] = total
        for j in range(before, filled):
            door = np.uint32(answers[j, 0])
            answers[j, 1] = best[door]
            best[door] = far
        count[i] = filled - before
    return count, answers[:filled], pool


@_compiled
def _grown(pool: Int64s, wanted: int) -> Int64s:
    larger = np.empty((2 * len(pool) + wanted, 3), np.int64)
    larger[: len(pool)] = pool
    return larger


@_compiled
def _fetched(first: Int32s, arcs: Int32s, label: Int64s, begin: int, end: int) -> np.int64:
    """Read what a part of the network stands in, in the order in which it stands there."""
    total = np.int64(0)
    for k in range(np.uint32(first[begin]), np.uint32(first[end]), 8):
        total += arcs[k, 0]
    for k in range(np.uint32(begin), np.uint32(end), 8):
        total += label[k] + first[k]
    return total


@_compiled
def _queued(entry: np.int64, pool: Int64s, shift: np.int64, head: Int64s) -> tuple[np.uint32, np.uint32]:
    """Put a list of entries into their buckets; the lowest and the highest of these."""
    lowest, highest = np.uint32(len(head)), np.uint32(0)
    while entry >= 0:
        bucket, after = np.uint32(pool[entry, 1] >> shift), pool[entry, 2]
        pool[entry, 2] = head[bucket]
        head[bucket] = entry
        lowest, highest = min(lowest, bucket), max(highest, bucket)
        entry = after
    return lowest, highest


@_compiled
def _spread_in_tile(
    first: Int32s,
    arcs: Int32s,
    own: np.uint32,
    tile: np.uint32,
    shift: np.int64,
    step: int,
    head: Int64s,
    label: Int64s,
    waiting: Int64s,
    pool: Int64s,
    used: np.uint64,
    free: np.int64,
) -> tuple[Int64s, np.uint64, np.int64, bool]:
    """Search one tile from what waits there; the pool, its used and its free entries, and whether ways led out."""
    here, highest = _queued(waiting[own], pool, shift, head)
    waiting[own] = -1
    left = False
    while here <= highest:
        entry = head[here]
        if entry < 0:
            here += np.uint32(1)
            continue
        at = np.uint32(entry)
        node, key = np.uint32(pool[at, 0]), pool[at, 1]
        head[here] = pool[at, 2]
        pool[at, 2], free = free, np.int64(at)
        if key != label[node]:
            continue
        begin, end = np.uint32(first[node]), np.uint32(first[node + np.uint32(1)])
        if used + (end - begin) >= len(pool):
            pool = _grown(pool, int(end - begin))
        for k in range(begin, end):
            neighbour, total = np.uint32(arcs[k, 0]), key + (np.int64(arcs[k, 1]) << _32) + step
            if total < label[neighbour]:
                label[neighbour] = total
                if free >= 0:
                    to = np.uint32(free)
                    free = pool[to, 2]
                else:
                    to = np.uint32(used)
                    used += np.uint64(1)
                pool[to, 0], pool[to, 1] = neighbour, total
                if neighbour >> tile == own:
                    bucket = np.uint32(total >> shift)
                    pool[to, 2] = head[bucket]
                    head[bucket] = to
                    highest = max(highest, bucket)
                else:
                    pool[to, 2] = waiting[neighbour >> tile]
                    waiting[neighbour >> tile] = to
                    left = True
    return pool, used, free, left


@_compiled
def spread(
    first: Int32s,
    arcs: Int32s,
    seeds: Int64s,
    limit: int,
    bits: int,
    step: int,
    tile: int,
    head: Int64s,
    label: Int64s,
) -> np.int64:
    """Lower the label of each node to the least from seeds (node, label); an arc adds its ms, and `step` below.

    Tiles are runs of ``2 ** tile`` nodes. What leads out of a tile waits until it is that tile's turn. The number
    that comes back says nothing; it keeps the compiler from leaving out what only reads.
    """
    tile_shift, n_nodes = np.uint32(tile), len(first) - 1
    waiting = np.full((n_nodes >> tile) + 1, -1, np.int64)
    pool = np.empty((len(seeds) + 1024, 3), np.int64)
    used, free, fetched = np.uint64(0), np.int64(-1), np.int64(0)
    for i in range(len(seeds)):
        node, key = np.uint32(seeds[i, 0]), seeds[i, 1]
        if key < label[node]:
            label[node] = key
            pool[used, 0], pool[used, 1], pool[used, 2] = node, key, waiting[node >> tile_shift]
            waiting[node >> tile_shift] = used
            used += np.uint64(1)
    n_rounds, again = 0, True
    while again:
        n_rounds, again = n_rounds + 1, False
        for own in range(np.uint32(len(waiting))):
            if waiting[own] >= 0:
                # Later rounds touch little of a tile.
                if n_rounds == 1:
                    fetched += _fetched(first, arcs, label, own << tile, min(n_nodes, (own + 1) << tile))
                pool, used, free, left = _spread_in_tile(
                    first,
                    arcs,
                    np.uint32(own),
                    tile_shift,
                    _32 + np.int64(bits),
                    step,
                    head,
                    label,
                    waiting,
                    pool,
                    used,
                    free,
                )
                again |= left
    return fetched


@_compiled
def told_apart(labels: Int64s, rank: Int32s, limit: int, ms: Int64s, source: Int64s) -> None:
    """Both halves of the label of each node, in the order of `rank`; -1 beyond the limit."""
    far = np.int64(limit + 1) << _32
    for i in range(len(rank)):
        label = labels[np.uint32(rank[i])]
        known = label < far
        ms[i] = label >> _32 if known else -1
        source[i] = label & np.int64(0xFFFFFFFF) if known else -1


@_compiled
def _admit(labels: Int64s, node: np.uint32, label: np.int64) -> bool:
    """Put a label among the node's sorted labels, one a source; say whether it was among the best."""
    k = labels.shape[1]
    if label >= labels[node, k - 1]:
        return False
    source = label & np.int64(0xFFFFFFFF)
    at = k - 1
    for j in range(k):
        known = labels[node, j]
        if known & np.int64(0xFFFFFFFF) == source:
            if known <= label:
                return False
            at = j
            break
    while at > 0 and labels[node, at - 1] > label:
        labels[node, at] = labels[node, at - 1]
        at -= 1
    labels[node, at] = label
    return True


@_compiled
def spread_several(first: Int32s, arcs: Int32s, seeds: Int64s, limit: int, bits: int, k: int, head: Int32s) -> Int64s:
    """The `k` least labels of each node, of different sources each, sorted; as `spread` with a step of 0."""
    far = np.int64(limit + 1) << _32
    labels = np.full((len(first) - 1, k), far, np.int64)
    pool = np.empty((len(seeds) + 1024, 3), np.int64)
    used, free = np.uint32(0), np.int64(-1)
    shift = _32 + np.int64(bits)
    for i in range(len(seeds)):
        node, key = np.uint32(seeds[i, 0]), seeds[i, 1]
        if _admit(labels, node, key):
            bucket = np.uint32(key >> shift)
            pool[used, 0], pool[used, 1], pool[used, 2] = node, key, head[bucket]
            head[bucket] = used
            used += np.uint32(1)
    for here in range((np.uint32(limit) >> np.uint32(bits)) + np.uint32(1)):
        entry = head[here]
        while entry >= 0:
            at = np.uint32(entry)
            node, key = np.uint32(pool[at, 0]), pool[at, 1]
            head[here] = pool[at, 2]
            pool[at, 2], free = free, np.int64(at)
            current = False
            for j in range(k):
                current |= labels[node, j] == key
            if current:
                begin, end = np.uint32(first[node]), np.uint32(first[node + np.uint32(1)])
                if used + (end - begin) >= len(pool):
                    pool = _grown(pool, int(end - begin))
                for m in range(begin, end):
                    neighbour, total = np.uint32(arcs[m, 0]), key + (np.int64(arcs[m, 1]) << _32)
                    if _admit(labels, neighbour, total):
                        if free >= 0:
                            to = np.uint32(free)
                            free = pool[to, 2]
                        else:
                            to = used
                            used += np.uint32(1)
                        bucket = np.uint32(total >> shift)
                        pool[to, 0], pool[to, 1], pool[to, 2] = neighbour, total, head[bucket]
                        head[bucket] = to
            entry = head[here]
    return labels
