"""How a search is run: by which engine, in which blocks, on how many threads.

Sources are taken in the order in which they lie in memory, sixty-four at a time, and each thread keeps its own scratch
arrays from block to block. Where sources are many and what they reach overlaps, sixteen are searched as one
(`xsgeo.search.lanes`), else one by one (`xsgeo.search.kernels`); a few trials tell which. The answers are the same to
the bit.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from xsgeo.search.graph import Doors, Graph, Int32s, Ints, Pairs, first_of

if TYPE_CHECKING:
    from types import ModuleType

Engine = Literal["auto", "numba", "scipy"]

_BLOCK = 64
_SMALL_JOB = 200_000_000
_MOST_BUCKETS = 1 << 16
LANES_PAY = 64
"""From how many sources on it pays to look whether sixteen can be searched as one."""
_TRIALS = 4
# Sixteen at once cost as much as six one by one.
_OVERLAP = 6


def numba_is_there() -> bool:
    """Whether the compiled engine can be had.

    Examples
    --------
    >>> kernels_for("scipy", 10) is None or numba_is_there()
    True
    """
    return "numba" in sys.modules or importlib.util.find_spec("numba") is not None


def kernels_for(engine: Engine, work: int) -> ModuleType | None:
    """The compiled kernels, or None to run plain."""
    if engine not in ("auto", "numba", "scipy"):
        msg = f"engine must be auto, numba or scipy, got {engine!r}"
        raise ValueError(msg)
    loaded = "xsgeo.search.kernels" in sys.modules
    if engine == "scipy" or (engine == "auto" and not loaded and (work < _SMALL_JOB or not numba_is_there())):
        return None
    from xsgeo.search import kernels

    return kernels


def buckets(graph: Graph, limit_ms: int, *, wider: int = 0) -> tuple[int, Int32s]:
    """Binary logarithm of the bucket width, and empty buckets for every sum that can turn up."""
    bits = graph.bits + wider
    while (limit_ms + graph.longest_ms) >> bits >= _MOST_BUCKETS:
        bits += 1
    return bits, np.full(((limit_ms + graph.longest_ms) >> bits) + 1, -1, dtype=np.int32)


def _along_layout(graph: Graph, sources: Doors) -> Ints:
    """Sources in the order in which their first nodes lie in memory."""
    place = np.zeros(len(sources), dtype=np.int64)
    joined = np.flatnonzero(np.diff(sources.first))
    place[joined] = graph.rank[sources.node[sources.first[joined]]]
    return np.argsort(place, kind="stable")


_Run = Callable[[Ints, list[Any]], tuple[Ints, Pairs]]


def blocks_by_kernel(
    kernels: ModuleType,
    graph: Graph,
    sources: Doors,
    *,
    limit_ms: int,
    targets: Doors | None,
    short: Pairs | None,
    n_threads: int | None,
) -> Iterator[tuple[Ints, Pairs]]:
    """Yield blocks of sources and what each reaches, as `xsgeo.search.within_blocks` does."""
    order = _along_layout(graph, sources)
    seeds = np.stack([graph.rank[sources.node], sources.ms.astype(np.int32)], axis=1)
    bits, _ = buckets(graph, limit_ms)

    def scratch() -> list[Any]:
        distance = np.full(graph.n_nodes, limit_ms + 1, dtype=np.int32)
        best = np.full(0 if targets is None else len(targets), limit_ms + 1, dtype=np.int32)
        return [np.empty((4096, 3), dtype=np.int32), 4096, distance, buckets(graph, limit_ms)[1], best]

    job = sources, seeds, limit_ms, bits
    folded = len(sources) >= LANES_PAY and _overlap(graph, job, order, scratch())
    loops = _loops(kernels, graph, folded=folded)
    hung = None
    if targets is not None:
        place = graph.contracted.place[graph.rank] if folded else graph.rank
        hung = _hung(place, sources, targets, short, limit_ms)

    def run(numbers: Ints, own: list[Any]) -> tuple[Ints, Pairs]:
        pool, size, distance, head, best = own
        searched = (sources.first, seeds, numbers, limit_ms, bits, distance, head, pool, size)
        if hung is None:
            count, found, own[0] = loops[0](*searched)
        else:
            count, found, own[0] = loops[1](*searched, *hung, best)
        # The next block starts with room for as many answers as this one had, and a little more.
        own[1] = len(found) + len(found) // 8 + 4096
        return numbers, Pairs(np.concatenate([[0], np.cumsum(count)]), found[:, 0], found[:, 1])

    yield from _threaded(run, scratch, [order[i : i + _BLOCK] for i in range(0, len(order), _BLOCK)], n_threads)


def _loops(kernels: ModuleType, graph: Graph, *, folded: bool) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The loops that answer for nodes and for doors, bound to the graph."""
    if not folded:
        nodes = partial(kernels.reach_nodes, graph.first, graph.arcs, graph.number)
        return nodes, partial(kernels.reach_doors, graph.first, graph.arcs)
    from xsgeo.search import lanes

    small = graph.contracted
    number = np.empty_like(graph.number)
    number[small.place] = graph.number
    one = small.place, small.first, small.arcs, small.down_first, small.down_arcs, small.levels
    return partial(lanes.reach_nodes, one, number), partial(lanes.reach_doors, one)


def _overlap(graph: Graph, job: tuple[Doors, Int32s, int, int], order: Ints, own: list[Any]) -> bool:
    """Whether what neighbouring sources reach is mostly the same."""
    from xsgeo.search import lanes
    from xsgeo.search.rows import LANES

    sources, seeds, limit_ms, bits = job
    one, together = 0, 0
    for begin in np.linspace(0, max(0, len(order) - LANES), _TRIALS).astype(np.int64):
        some = order[begin : begin + LANES]
        more, all_of_them, own[0] = lanes.overlap(
            graph.first, graph.arcs, sources.first, seeds, some, limit_ms, bits, own[2], own[3], own[0]
        )
        one, together = one + more, together + all_of_them
    return together < LANES / _OVERLAP * one


def _hung(
    rank: Int32s, sources: Doors, targets: Doors, short: Pairs | None, limit_ms: int
) -> tuple[Ints, Int32s, Ints, Int32s]:
    """The doors that hang on each place, as (door, ms), and the shortcuts of each source."""
    near = targets.ms <= limit_ms
    place = rank[targets.node[near]]
    order = np.argsort(place, kind="stable")
    door = np.repeat(np.arange(len(targets)), np.diff(targets.first))[near]
    ways = np.stack([door[order], targets.ms[near][order]], axis=1).astype(np.int32)
    if short is None:
        return first_of(place, len(rank)), ways, np.zeros(len(sources) + 1, np.int64), np.empty((0, 2), np.int32)
    return first_of(place, len(rank)), ways, short.first, np.stack([short.target, short.ms], axis=1)


def _threaded(
    run: _Run, scratch: Callable[[], list[Any]], blocks: list[Ints], n_threads: int | None
) -> Iterator[tuple[Ints, Pairs]]:
    """Run blocks on threads and yield them in order, never more than a few ahead of the reader."""
    n_threads = min(n_threads or os.cpu_count() or 1, len(blocks))
    if n_threads <= 1:
        own = scratch()
        for block in blocks:
            yield run(block, own)
        return
    idle: SimpleQueue[list[Any]] = SimpleQueue()
    for _ in range(n_threads):
        idle.put(scratch())

    def job(block: Ints) -> tuple[Ints, Pairs]:
        own = idle.get()
        try:
            return run(block, own)
        finally:
            idle.put(own)

    ahead: deque[Future[tuple[Ints, Pairs]]] = deque()
    with ThreadPoolExecutor(n_threads) as pool:
        try:
            for block in blocks:
                ahead.append(pool.submit(job, block))
                if len(ahead) > 2 * n_threads:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()
