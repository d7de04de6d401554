"""Bounded searches on a directed graph: arrays in, arrays out; neither frames nor files nor geometry.

The four questions of access planning are answered here, each by one function: who is within the cut-off of what
(`within`, or `within_blocks` where the answers need not all be held at once), what is nearest (`nearest`), what are the
k nearest (`k_nearest`), and by which way (`paths`). Memory grows with the answers and not with nodes times sources.

**Whole milliseconds.** Every arc, leg and limit is an integer number of milliseconds, so sums are exact, equal on every
machine and for every number of threads, and two engines either agree to the bit or one of them is wrong. What is
rounded is each arc, once, by at most half a millisecond: a way of n arcs is within n/2 ms of the sum of unrounded
times. A walker does 1.3 mm in a millisecond; no survey is as exact.

**Doors.** Sources and targets are rarely nodes: a point on a street is some way from both ends. A door is therefore a
list of (node, ms), the ways between it and the nodes around. What two doors have between them that touches no node
(both on one street, both in one building) goes in as shortcuts.

**Two engines, one answer.** The compiled engine is numba's (`xsgeo.search.kernels`); the plain one is scipy's
Dijkstra on the same integers (`xsgeo.search.plain`). Tests hold them equal to the bit, so which one runs is a matter
of time alone: left to itself a small job runs plain as long as the compiled engine is not loaded, because loading
takes about a second. `warm_up` compiles and loads; setting up does it once, and what was compiled is kept on the
disk.

Traps kept out: parallel arcs count by their least (scipy would add them up), loops are dropped, arcs of 0 ms stay;
of two sources equally far the one with the lesser number is nearest, whatever the order of rows or threads.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xsgeo.search import plain

if TYPE_CHECKING:
    from types import ModuleType

Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Engine = Literal["auto", "numba", "scipy"]

_BLOCK = 64
_SMALL_JOB = 200_000_000
_MOST_BUCKETS = 1 << 16
_MOST_MS = 2**31 - 2
_HILBERT_ORDER = 16
# A search from all sources at once is spread over the map: wider buckets keep it longer in one place.
_SWEEP_BITS = 2


@dataclass(frozen=True, eq=False, repr=False)
class Graph:
    """Arcs laid out for searching, by `build_graph`.

    Attributes
    ----------
    rank, number
        Place of each of the caller's nodes within the layout, and the caller's node at each place.
    first, arcs
        ``arcs[first[i] : first[i + 1]]`` are the arcs that leave place ``i``, as (place of the end, ms).
    longest_ms
        The longest arc.
    bits
        Binary logarithm of the width of a queue bucket in ms.
    """

    rank: Int32s
    number: Int32s
    first: Int32s
    arcs: Int32s
    longest_ms: int
    bits: int

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.rank)

    @property
    def greatest_limit_ms(self) -> int:
        """The farthest a search may go, so that no sum leaves 32 bits."""
        return _MOST_MS - self.longest_ms

    def __repr__(self) -> str:
        """One line that says what is held."""
        return f"<Graph: nodes {self.n_nodes:,}, arcs {len(self.arcs):,}, longest {self.longest_ms:,} ms>"


@dataclass(frozen=True, eq=False, repr=False)
class Doors:
    """Where searches start or end: door ``i`` is ``ms[k]`` from ``node[k]`` for each k in `first[i] : first[i + 1]`."""

    first: Ints
    node: Ints
    ms: Ints

    def __len__(self) -> int:
        """Number of doors."""
        return len(self.first) - 1


@dataclass(frozen=True, eq=False, repr=False)
class Pairs:
    """What each source reaches: `target` and `ms` of source ``i`` stand in ``first[i] : first[i + 1]``."""

    first: Ints
    target: Int32s
    ms: Int32s

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.target)

    def by_target(self, n_targets: int) -> tuple[Ints, Ints, Ints]:
        """The pairs sorted by target, then source: source, target, ms."""
        order, per_target = plain.transposed(self.first, self.target, n_targets)
        source = np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))
        return source[order], np.repeat(np.arange(n_targets), per_target), self.ms[order].astype(np.int64)


def build_graph(
    start: ArrayLike,
    end: ArrayLike,
    ms: ArrayLike,
    n_nodes: int,
    *,
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
) -> Graph:
    """Lay arcs out for searching.

    Parameters
    ----------
    start, end
        Nodes of each arc, numbered from 0. Of parallel arcs the least counts; loops are dropped.
    ms
        Whole milliseconds of each arc, 0 or more.
    n_nodes
        Number of nodes; some may have no arc.
    x, y
        Where the nodes are, in any unit. Nodes near each other are then kept near in memory; answers are the same.

    Returns
    -------
    Graph
        The layout.

    Raises
    ------
    ValueError
        When an arc names no node, or its ms are negative, not whole, or above 12 days.

    Examples
    --------
    >>> build_graph([0, 0, 1], [1, 1, 2], [4000, 3000, 0], 3)
    <Graph: nodes 3, arcs 2, longest 3,000 ms>
    """
    start, end, ms = (_whole(values, name) for values, name in ((start, "start"), (end, "end"), (ms, "ms")))
    for name, values, bound in (("start", start, n_nodes), ("end", end, n_nodes), ("ms", ms, _MOST_MS // 2)):
        if len(values) and (values.min() < 0 or values.max() >= bound):
            msg = f"{name} must be from 0 to below {bound:,}, got {values.min():,} to {values.max():,}"
            raise ValueError(msg)
    rank, number = _layout(n_nodes, x, y)
    first, ends, least = plain.least_arcs(rank[start], rank[end], ms, n_nodes)
    positive = least[least > 0]
    typical = float(np.median(positive)) if len(positive) else 1.0
    return Graph(
        rank=rank,
        number=number,
        first=first.astype(np.int32),
        arcs=np.stack([ends, least], axis=1).astype(np.int32),
        longest_ms=int(least.max(initial=0)),
        bits=max(0, round(np.log2(typical))),
    )


def at_nodes(nodes: ArrayLike) -> Doors:
    """Doors that are the nodes themselves.

    Examples
    --------
    >>> len(at_nodes([5, 7]))
    2
    """
    node = _whole(nodes, "nodes")
    return Doors(first=np.arange(len(node) + 1), node=node, ms=np.zeros(len(node), dtype=np.int64))


def doors(door: ArrayLike, node: ArrayLike, ms: ArrayLike, n_doors: int) -> Doors:
    """Doors from their ways, given in any order: ``ms[k]`` between ``door[k]`` and ``node[k]``.

    Examples
    --------
    >>> doors([1, 0, 1], [7, 5, 6], [100, 0, 50], 2).node.tolist()
    [5, 6, 7]
    """
    door, node, ms = _whole(door, "door"), _whole(node, "node"), _whole(ms, "ms")
    order = np.lexsort((ms, node, door))
    return Doors(first=_first(door, n_doors), node=node[order], ms=ms[order])


def shortcuts(source: ArrayLike, target: ArrayLike, ms: ArrayLike, n_sources: int) -> Pairs:
    """Ways from source doors to target doors that touch no node, given in any order.

    Examples
    --------
    >>> shortcuts([2, 0], [4, 9], [250, 0], 3).first.tolist()
    [0, 1, 1, 2]
    """
    source, target, ms = _whole(source, "source"), _whole(target, "target"), _whole(ms, "ms")
    order = np.lexsort((ms, target, source))
    return Pairs(_first(source, n_sources), target[order].astype(np.int32), ms[order].astype(np.int32))


def within(
    graph: Graph,
    sources: Doors,
    *,
    limit_ms: int,
    targets: Doors | None = None,
    shortcuts: Pairs | None = None,
    n_threads: int | None = None,
    engine: Engine = "auto",
) -> Pairs:
    """Say which targets each source reaches within the limit, and in how many ms.

    Parameters
    ----------
    graph
        From `build_graph`.
    sources
        Where each search starts.
    limit_ms
        Longest way, which is still within.
    targets
        What is looked for; every node when None.
    shortcuts
        Ways from sources to targets beside the graph, from `shortcuts`; only with `targets`.
    n_threads
        Threads of the compiled engine; as many as there are processors when None. The answer does not depend on it.
    engine
        ``numba``, ``scipy``, or ``auto``: whichever will have answered first.

    Returns
    -------
    Pairs
        Sources in the caller's order, the targets of each in the order of their numbers.

    Raises
    ------
    ValueError
        When the limit is negative or above `Graph.greatest_limit_ms`, or a door names no node.

    Examples
    --------
    >>> graph = build_graph([0, 1], [1, 2], [5000, 7000], 3)
    >>> pairs = within(graph, at_nodes([0, 1]), limit_ms=7000)
    >>> pairs.first.tolist(), pairs.target.tolist(), pairs.ms.tolist()
    ([0, 2, 4], [0, 1, 1, 2], [0, 5000, 0, 7000])
    """
    blocks = list(
        within_blocks(
            graph,
            sources,
            limit_ms=limit_ms,
            targets=targets,
            shortcuts=shortcuts,
            n_threads=n_threads,
            engine=engine,
        )
    )
    return _joined(blocks, len(sources))


def within_blocks(
    graph: Graph,
    sources: Doors,
    *,
    limit_ms: int,
    targets: Doors | None = None,
    shortcuts: Pairs | None = None,
    n_threads: int | None = None,
    engine: Engine = "auto",
) -> Iterator[tuple[Ints, Pairs]]:
    """As `within`, some hundred sources at a time, for sums over more pairs than memory holds.

    Parameters
    ----------
    graph, sources, limit_ms, targets, shortcuts, n_threads, engine
        As for `within`.

    Yields
    ------
    sources, pairs
        Numbers of the sources of the block, and what each reaches, in no particular order. Which sources make a block,
        and the order of the blocks, depend on where the sources are and on nothing else.

    Examples
    --------
    How many nodes each source reaches:

    >>> graph = build_graph([0, 1], [1, 2], [5000, 7000], 3)
    >>> for numbers, pairs in within_blocks(graph, at_nodes([0, 2]), limit_ms=7000):
    ...     print(numbers, np.diff(pairs.first))
    [0 1] [2 1]
    """
    limit_ms = _checked_limit(graph, limit_ms)
    for given in (sources, targets):
        _check_doors(given, graph)
    kernels = _engine(engine, len(sources) * graph.n_nodes)
    if kernels is None:
        yield from plain.blocks(graph, sources, limit_ms=limit_ms, targets=targets, shortcuts=shortcuts, make=Pairs)
        return
    run, scratch = _runner(kernels, graph, sources, limit_ms=limit_ms, targets=targets, short=shortcuts)
    order = _along_layout(graph, sources)
    yield from _threaded(run, scratch, [order[i : i + _BLOCK] for i in range(0, len(order), _BLOCK)], n_threads)


def nearest(
    graph: Graph,
    sources: Doors,
    *,
    limit_ms: int | None = None,
    targets: Doors | None = None,
    shortcuts: Pairs | None = None,
    engine: Engine = "auto",
) -> tuple[Ints, Ints]:
    """Say which source is nearest to each target, and how far.

    Parameters
    ----------
    graph, sources, targets, shortcuts, engine
        As for `within`.
    limit_ms
        Longest way; as far as can be counted when None.

    Returns
    -------
    ms, source
        Of each target (each node when None); -1 where no source is within the limit. Of sources equally far, the one
        with the least number.

    Examples
    --------
    >>> graph = build_graph([0, 1, 2, 3], [1, 2, 1, 2], [5000, 7000, 7000, 1000], 5)
    >>> nearest(graph, at_nodes([0, 3]))
    (array([   0, 5000, 1000,    0,   -1]), array([ 0,  0,  1,  1, -1]))
    """
    ms, source = k_nearest(graph, sources, 1, limit_ms=limit_ms, targets=targets, shortcuts=shortcuts, engine=engine)
    return ms[:, 0], source[:, 0]


def k_nearest(
    graph: Graph,
    sources: Doors,
    k: int,
    *,
    limit_ms: int | None = None,
    targets: Doors | None = None,
    shortcuts: Pairs | None = None,
    engine: Engine = "auto",
) -> tuple[Ints, Ints]:
    """Say which k sources are nearest to each target, and how far, the nearest first.

    Parameters
    ----------
    graph, sources, limit_ms, targets, shortcuts, engine
        As for `nearest`.
    k
        How many.

    Returns
    -------
    ms, source
        One row a target (a node when None), k columns; -1 where fewer are within the limit. Sorted by ms, then source.

    Raises
    ------
    ValueError
        As `within`, and when k is below 1.

    Examples
    --------
    >>> graph = build_graph([0, 1, 2], [1, 2, 1], [5000, 7000, 7000], 3)
    >>> ms, source = k_nearest(graph, at_nodes([0, 2]), 2)
    >>> ms.tolist(), source.tolist()
    ([[0, -1], [5000, 7000], [0, 12000]], [[0, -1], [0, 1], [1, 0]])
    """
    if k < 1:
        msg = f"k must be 1 or more, got {k}"
        raise ValueError(msg)
    limit_ms = _checked_limit(graph, graph.greatest_limit_ms if limit_ms is None else limit_ms)
    for given in (sources, targets):
        _check_doors(given, graph)
    kernels = _engine(engine, len(sources) * graph.n_nodes)
    if kernels is None:
        found = plain.blocks(graph, sources, limit_ms=limit_ms, targets=targets, shortcuts=shortcuts, make=Pairs)
        n_targets = graph.n_nodes if targets is None else len(targets)
        return _unpacked(plain.least_labels(found, n_targets, k))
    source = np.repeat(np.arange(len(sources)), np.diff(sources.first))
    seeds = np.stack([graph.rank[sources.node].astype(np.int64), sources.ms << 32 | source], axis=1)
    seeds = seeds[np.argsort(seeds[:, 0], kind="stable")]
    bits, head = _buckets(graph, limit_ms, wider=_SWEEP_BITS)
    if k == 1:
        labels = kernels.spread(graph.first, graph.arcs, seeds, limit_ms, bits, 0, head)[:, None]
    else:
        labels = kernels.spread_several(graph.first, graph.arcs, seeds, limit_ms, bits, k, head)
    labels[labels >= (limit_ms + 1) << 32] = -1
    if targets is None:
        return _unpacked(labels[graph.rank])
    return _unpacked(_labels_at_doors(labels, graph, targets, shortcuts, limit_ms))


def paths(
    graph: Graph,
    source: Doors,
    targets: ArrayLike,
    *,
    limit_ms: int | None = None,
    engine: Engine = "auto",
) -> list[Ints]:
    """Trace the shortest way from a source to each of some nodes.

    Parameters
    ----------
    graph
        From `build_graph`.
    source
        One door.
    targets
        Nodes.
    limit_ms
        Longest way; as far as can be counted when None.
    engine
        As for `within`.

    Returns
    -------
    list of arrays
        The nodes of each way from first to last, empty where there is none. Of ways equally long the one with fewest
        arcs is taken, then the one whose nodes, read from the end, have the least numbers.

    Examples
    --------
    >>> graph = build_graph([0, 1, 0], [1, 2, 2], [5000, 7000, 12000], 4)
    >>> [way.tolist() for way in paths(graph, at_nodes([0]), [2, 1, 3])]
    [[0, 2], [0, 1], []]
    """
    limit_ms = _checked_limit(graph, graph.greatest_limit_ms if limit_ms is None else limit_ms)
    _check_doors(source, graph)
    label = _step_labels(graph, source, limit_ms, _engine(engine, graph.n_nodes))
    before = _predecessors(graph, label)
    ways = []
    for target in _whole(targets, "targets"):
        way = [int(graph.rank[target])] if label[graph.rank[target]] >= 0 else []
        while way and before[way[-1]] >= 0:
            way.append(int(before[way[-1]]))
        ways.append(graph.number[np.array(way[::-1], dtype=np.int64)].astype(np.int64))
    return ways


def warm_up() -> bool:
    """Compile the compiled engine or load what was compiled before; say whether it is there.

    Setting up calls this once, so that no planner waits for a compiler. It takes some ten seconds the first time and
    about one later. False means that numba is not installed, and that searches run plain.

    Examples
    --------
    >>> warm_up() in (True, False)
    True
    """
    if not numba_is_there():
        return False
    graph = build_graph([0, 1], [1, 0], [1, 1], 2)
    ends = at_nodes([0])
    within(graph, ends, limit_ms=1, n_threads=1, engine="numba")
    within(graph, ends, limit_ms=1, targets=ends, n_threads=1, engine="numba")
    k_nearest(graph, ends, 1, engine="numba")
    k_nearest(graph, ends, 2, engine="numba")
    from xsgeo.search import lines

    corner = np.array([[0.0, 0.0], [1.0, 1.0]])
    grid = lines.build_grid(corner, np.zeros(2, dtype=np.int64), np.zeros(1, dtype=np.int64))
    lines.nearest_line(grid, corner[:, 0], corner[:, 1], np.zeros(2, dtype=np.int64), tie=0.0, n_threads=1)
    return True


# --- engines -----------------------------------------------------------------------------------------------------


def numba_is_there() -> bool:
    """Whether the compiled engine can be had."""
    return "numba" in sys.modules or importlib.util.find_spec("numba") is not None


def _engine(engine: Engine, work: int) -> ModuleType | None:
    """The compiled kernels, or None to run plain."""
    if engine not in ("auto", "numba", "scipy"):
        msg = f"engine must be auto, numba or scipy, got {engine!r}"
        raise ValueError(msg)
    loaded = "xsgeo.search.kernels" in sys.modules
    if engine == "scipy" or (engine == "auto" and not loaded and (work < _SMALL_JOB or not numba_is_there())):
        return None
    from xsgeo.search import kernels

    return kernels


def _buckets(graph: Graph, limit_ms: int, *, wider: int = 0) -> tuple[int, Int32s]:
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


def _runner(
    kernels: ModuleType,
    graph: Graph,
    sources: Doors,
    *,
    limit_ms: int,
    targets: Doors | None,
    short: Pairs | None,
) -> tuple[_Run, Callable[[], list[Any]]]:
    """What one thread does with a block of sources, and the arrays it needs for itself."""
    seeds = np.stack([graph.rank[sources.node], sources.ms.astype(np.int32)], axis=1)
    bits, _ = _buckets(graph, limit_ms)
    hung = None if targets is None else _hung(graph, sources, targets, short)

    def scratch() -> list[Any]:
        distance = np.full(graph.n_nodes, limit_ms + 1, dtype=np.int32)
        best = np.full(0 if targets is None else len(targets), limit_ms + 1, dtype=np.int32)
        return [np.empty((4096, 3), dtype=np.int32), 4096, distance, _buckets(graph, limit_ms)[1], best]

    def run(numbers: Ints, own: list[Any]) -> tuple[Ints, Pairs]:
        pool, size, distance, head, best = own
        searched = (sources.first, seeds, numbers, limit_ms, bits, distance, head, pool, size)
        if hung is None:
            count, found, own[0] = kernels.reach_nodes(graph.first, graph.arcs, graph.number, *searched)
        else:
            count, found, own[0] = kernels.reach_doors(graph.first, graph.arcs, *searched, *hung, best)
        # The next block starts with room for as many answers as this one had, and a little more.
        own[1] = len(found) + len(found) // 8 + 4096
        return numbers, Pairs(np.concatenate([[0], np.cumsum(count)]), found[:, 0], found[:, 1])

    return run, scratch


def _hung(graph: Graph, sources: Doors, targets: Doors, short: Pairs | None) -> tuple[Ints, Int32s, Ints, Int32s]:
    """The doors that hang on each node, as (door, ms), and the shortcuts of each source."""
    place = graph.rank[targets.node]
    order = np.argsort(place, kind="stable")
    door = np.repeat(np.arange(len(targets)), np.diff(targets.first))
    ways = np.stack([door[order], targets.ms[order]], axis=1).astype(np.int32)
    if short is None:
        return _first(place, graph.n_nodes), ways, np.zeros(len(sources) + 1, np.int64), np.empty((0, 2), np.int32)
    return _first(place, graph.n_nodes), ways, short.first, np.stack([short.target, short.ms], axis=1)


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


# --- laying out --------------------------------------------------------------------------------------------------


def _whole(values: ArrayLike, name: str) -> Ints:
    given = np.asarray(values)
    if given.size and given.dtype.kind not in "iu":
        msg = f"{name} must be whole numbers, got {given.dtype}"
        raise ValueError(msg)
    return given.astype(np.int64)


def _first(owner: NDArray[Any], n: int) -> Ints:
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=n))]).astype(np.int64)


def _layout(n_nodes: int, x: ArrayLike | None, y: ArrayLike | None) -> tuple[Int32s, Int32s]:
    """Rank of each node along a Hilbert curve through their places, and the node of each rank."""
    if x is None or y is None or not n_nodes:
        number = np.arange(n_nodes, dtype=np.int32)
    else:
        number = np.argsort(_along_hilbert(np.asarray(x, float), np.asarray(y, float)), kind="stable").astype(np.int32)
    rank = np.empty(n_nodes, dtype=np.int32)
    rank[number] = np.arange(n_nodes, dtype=np.int32)
    return rank, number


def _along_hilbert(x: NDArray[np.float64], y: NDArray[np.float64]) -> Ints:
    """How far along a Hilbert curve each point lies (Hilbert 1891; the loop over bits is Lam and Shapiro's)."""
    side = max(np.ptp(x), np.ptp(y)) or 1.0
    step = ((1 << _HILBERT_ORDER) - 1) / side
    i, j = ((x - x.min()) * step).astype(np.int64), ((y - y.min()) * step).astype(np.int64)
    along = np.zeros(len(x), dtype=np.int64)
    for half in (1 << bit for bit in reversed(range(_HILBERT_ORDER))):
        east, north = (i & half) > 0, (j & half) > 0
        along += half * half * ((3 * east) ^ north)
        i, j = i & (half - 1), j & (half - 1)
        mirrored = east & ~north
        i, j = np.where(mirrored, half - 1 - i, i), np.where(mirrored, half - 1 - j, j)
        i, j = np.where(north, i, j), np.where(north, j, i)
    return along


# --- checking ----------------------------------------------------------------------------------------------------


def _checked_limit(graph: Graph, limit_ms: int) -> int:
    if not 0 <= limit_ms <= graph.greatest_limit_ms:
        msg = f"limit_ms must be from 0 to {graph.greatest_limit_ms:,} on this graph, got {limit_ms:,}"
        raise ValueError(msg)
    return int(limit_ms)


def _check_doors(given: Doors | None, graph: Graph) -> None:
    if given is None or not len(given.node):
        return
    if given.node.min() < 0 or given.node.max() >= graph.n_nodes:
        msg = f"doors must be at nodes from 0 to below {graph.n_nodes:,}"
        raise ValueError(msg)
    if given.ms.min() < 0 or given.ms.max() > _MOST_MS // 2:
        msg = f"the ways of doors must be from 0 to {_MOST_MS // 2:,} ms, got {given.ms.min():,} to {given.ms.max():,}"
        raise ValueError(msg)


# --- answers -----------------------------------------------------------------------------------------------------


def _joined(blocks: list[tuple[Ints, Pairs]], n_sources: int) -> Pairs:
    """The blocks as one, sources in the caller's order and targets in theirs."""
    count = np.zeros(n_sources, dtype=np.int64)
    for numbers, pairs in blocks:
        count[numbers] = np.diff(pairs.first)
    first = np.concatenate([[0], np.cumsum(count)])
    target, ms = np.empty(first[-1], dtype=np.int32), np.empty(first[-1], dtype=np.int32)
    for numbers, pairs in blocks:
        both = pairs.target.astype(np.int64) << 32 | pairs.ms
        for i, (begin, end) in zip(numbers, pairwise(pairs.first), strict=True):
            one = np.sort(both[begin:end])
            target[first[i] : first[i + 1]] = one >> 32
            ms[first[i] : first[i + 1]] = one & 0xFFFFFFFF
    return Pairs(first, target, ms)


def _unpacked(labels: Ints) -> tuple[Ints, Ints]:
    return labels >> 32, np.where(labels < 0, -1, labels & 0xFFFFFFFF)


def _labels_at_doors(labels: Ints, graph: Graph, targets: Doors, short: Pairs | None, limit_ms: int) -> Ints:
    """The k least labels of each door, from those of its nodes and from shortcuts."""
    k = labels.shape[1]
    door = np.repeat(np.repeat(np.arange(len(targets)), np.diff(targets.first)), k)
    at_node = labels[graph.rank[targets.node]]
    label = np.where(at_node < 0, -1, at_node + (targets.ms[:, None] << 32)).ravel()
    if short is not None:
        source = np.repeat(np.arange(len(short.first) - 1), np.diff(short.first))
        door = np.concatenate([door, short.target])
        label = np.concatenate([label, short.ms.astype(np.int64) << 32 | source])
    known = (label >= 0) & (label >> 32 <= limit_ms)
    return plain.least_of_each(door[known], label[known], len(targets), k)


def _step_labels(graph: Graph, source: Doors, limit_ms: int, kernels: ModuleType | None) -> Ints:
    """``ms << 32 | arcs`` of the shortest way with the fewest arcs from the source to each place; -1 beyond reach."""
    if kernels is None:
        return plain.step_labels(graph, source, limit_ms)
    seeds = np.stack([graph.rank[source.node].astype(np.int64), source.ms << 32], axis=1)
    bits, head = _buckets(graph, limit_ms)
    label = kernels.spread(graph.first, graph.arcs, seeds, limit_ms, bits, 1, head)
    label[label >= (limit_ms + 1) << 32] = -1
    return np.asarray(label)


def _predecessors(graph: Graph, label: Ints) -> Ints:
    """The place before each place on its shortest way; -1 where the way begins or there is none."""
    start = np.repeat(np.arange(graph.n_nodes), np.diff(graph.first))
    end, ms = graph.arcs[:, 0].astype(np.int64), graph.arcs[:, 1].astype(np.int64)
    tight = (label[start] >= 0) & (label[start] + (ms << 32) + 1 == label[end])
    start, end = start[tight], end[tight]
    order = np.lexsort((graph.number[start], end))
    ends, chosen = np.unique(end[order], return_index=True)
    before = np.full(graph.n_nodes, -1, dtype=np.int64)
    before[ends] = start[order][chosen]
    return before
