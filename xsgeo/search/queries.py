"""The questions: who is within the cut-off of what, what is nearest, what are the k nearest, and by which way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from xsgeo.search import plain
from xsgeo.search.graph import Doors, Graph, Ints, Pairs, at_nodes, build_graph, check_doors, checked_limit, whole
from xsgeo.search.running import LANES_PAY, Engine, blocks_by_kernel, buckets, kernels_for, numba_is_there

if TYPE_CHECKING:
    from types import ModuleType

# A search from all sources at once goes by tiles of so many nodes (as a power of two), which a processor's second
# cache holds; unless a source has the more nodes to itself, and its ways would lead through tile after tile.
_TILE, _NO_TILES = 13, 31
_NODES_A_SOURCE = 8192
# Without tiles it is spread over the map: wider buckets keep it longer in one place.
_SWEEP_BITS = 2


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
    limit_ms = checked_limit(graph, limit_ms, targets)
    for given in (sources, targets):
        check_doors(given, graph)
    kernels = kernels_for(engine, len(sources) * graph.n_nodes)
    if kernels is None:
        yield from plain.blocks(graph, sources, limit_ms=limit_ms, targets=targets, shortcuts=shortcuts, make=Pairs)
        return
    yield from blocks_by_kernel(
        kernels, graph, sources, limit_ms=limit_ms, targets=targets, short=shortcuts, n_threads=n_threads
    )


def nearest(
    graph: Graph,
    sources: Doors,
    *,
    limit_ms: int | None = None,
    targets: Doors | None = None,
    shortcuts: Pairs | None = None,
    engine: Engine = "auto",
) -> tuple[Ints, Ints]:
    """Say which source is nearest to each target, and how far: `k_nearest` with one column, which is left out.

    Parameters
    ----------
    graph, sources, limit_ms, targets, shortcuts, engine
        As for `k_nearest`.

    Returns
    -------
    ms, source
        Of each target (each node when None); -1 where no source is within the limit.

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
    graph, sources, targets, shortcuts, engine
        As for `within`.
    k
        How many.
    limit_ms
        Longest way; as far as can be counted when None.

    Returns
    -------
    ms, source
        One row a target (a node when None), k columns; -1 where fewer are within the limit. Sorted by ms, then source:
        of sources equally far, the one with the lesser number is nearer.

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
    limit_ms = checked_limit(graph, graph.greatest_limit_ms if limit_ms is None else limit_ms)
    for given in (sources, targets):
        check_doors(given, graph)
    kernels = kernels_for(engine, len(sources) * graph.n_nodes)
    if kernels is None:
        found = plain.blocks(graph, sources, limit_ms=limit_ms, targets=targets, shortcuts=shortcuts, make=Pairs)
        n_targets = graph.n_nodes if targets is None else len(targets)
        return _halves(plain.least_labels(found, n_targets, k))
    labels = _labels(kernels, graph, sources, k, limit_ms)
    if targets is None and k == 1:
        ms, source = np.empty((2, graph.n_nodes), dtype=np.int64)
        kernels.told_apart(labels[:, 0], graph.rank, limit_ms, ms, source)
        return ms[:, None], source[:, None]
    labels[labels >= (limit_ms + 1) << 32] = -1
    if targets is None:
        return _halves(labels[graph.rank])
    return _halves(_labels_at_doors(labels, graph, targets, shortcuts, limit_ms))


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
    limit_ms = checked_limit(graph, graph.greatest_limit_ms if limit_ms is None else limit_ms)
    check_doors(source, graph)
    label = _step_labels(graph, source, limit_ms, kernels_for(engine, graph.n_nodes))
    before = _predecessors(graph, label)
    ways = []
    for target in whole(targets, "targets"):
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
    many = at_nodes(np.zeros(LANES_PAY, dtype=np.int64))
    within(graph, many, limit_ms=1, n_threads=1, engine="numba")
    within(graph, many, limit_ms=1, targets=ends, n_threads=1, engine="numba")
    k_nearest(graph, ends, 1, engine="numba")
    k_nearest(graph, ends, 2, engine="numba")
    from xsgeo.search import lines

    corner = np.array([[0.0, 0.0], [1.0, 1.0]])
    grid = lines.build_grid(corner, np.zeros(2, dtype=np.int64), np.zeros(1, dtype=np.int64))
    lines.nearest_line(grid, corner[:, 0], corner[:, 1], np.zeros(2, dtype=np.int64), tie=0.0, n_threads=1)
    lines.lower_squares(np.ones((1, 1)), corner.reshape(1, 4), x0=0.0, y0=0.0, cell=1.0, reach=1.0)
    return True


# --- labels ------------------------------------------------------------------------------------------------------


def _labels(kernels: ModuleType, graph: Graph, sources: Doors, k: int, limit_ms: int) -> Ints:
    """The k least ``ms << 32 | source`` at each place, sorted, or more than the limit."""
    source = np.repeat(np.arange(len(sources)), np.diff(sources.first))
    seeds = np.stack([graph.rank[sources.node].astype(np.int64), sources.ms << 32 | source], axis=1)
    seeds = seeds[np.argsort(seeds[:, 0], kind="stable")]
    if k > 1:
        bits, head = buckets(graph, limit_ms, wider=_SWEEP_BITS)
        return np.asarray(kernels.spread_several(graph.first, graph.arcs, seeds, limit_ms, bits, k, head))
    return _spread(kernels, graph, seeds, limit_ms, step=0)[:, None]


def _spread(kernels: ModuleType, graph: Graph, seeds: Ints, limit_ms: int, *, step: int) -> Ints:
    tiled = graph.n_nodes <= _NODES_A_SOURCE * len(seeds)
    bits, head = buckets(graph, limit_ms, wider=0 if tiled else _SWEEP_BITS)
    # numpy asks the system for large pages, which numba does not.
    label = np.full(graph.n_nodes, (limit_ms + 1) << 32, dtype=np.int64)
    tile = _TILE if tiled else _NO_TILES
    kernels.spread(graph.first, graph.arcs, seeds, limit_ms, bits, step, tile, head.astype(np.int64), label)
    return label


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


def _halves(labels: Ints) -> tuple[Ints, Ints]:
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
    label = _spread(kernels, graph, seeds, limit_ms, step=1)
    label[label >= (limit_ms + 1) << 32] = -1
    return label


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
